"""A small real office for tests of the desk: an archive, a casebook, a desk, and what happens in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from config.naming import foreign_private_names, private_names
from config.paging import editions
from desk.desk import Desk
from desk.intake import take_in
from desk.routing import Agency
from index.account import Officer, Role
from index.attachments import Attachments
from index.case import Case
from index.casebook import Casebook
from index.model import (
    Article,
    ArticleId,
    Channel,
    Evidence,
    Field,
    Flag,
    FlagKind,
    Harm,
    HarmJudged,
    OfficerName,
    Place,
    ProvinceId,
    Reason,
    Review,
    SourceId,
    Standing,
    Story,
    StoryId,
    Topic,
    TopicJudged,
)
from index.sqlite import SqliteArchive
from index.store import Folder
from index.tables import metadata
from index.text import content_hash
from tests.postgres import place_of

PROVINCE = ProvinceId("tuyen-quang")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
TEXT = "Sáng nay nhiều người hỏi nhau. Nghe nói đập đã vỡ, nước về trong đêm. Chưa ai xác nhận."
QUOTE = "đập đã vỡ"

HA = Officer(name=OfficerName("ha"), display_name="Lê Thu Hà", roles=frozenset({Role.MONITOR}))
MINH = Officer(name=OfficerName("minh"), display_name="Trần Minh", roles=frozenset({Role.MONITOR}))
LEADER = Officer(name=OfficerName("binh"), display_name="Nguyễn Bình", roles=frozenset({Role.LEADER}))
ADMIN = Officer(name=OfficerName("an"), display_name="Phạm An", roles=frozenset({Role.ADMIN}))

AGENCIES = (
    Agency(id="so-nn-mt", name="Sở Nông nghiệp và Môi trường", topics=(Topic.ENVIRONMENT, Topic.DISASTER)),
    Agency(id="xa-thuong-lam", name="UBND xã Thượng Lâm", topics=(Topic.ENVIRONMENT,), places=("Thượng Lâm",)),
)


def later(**passed: float) -> datetime:
    return NOW + timedelta(**passed)


def article(name: str, **given: object) -> Article:
    values: dict[str, object] = {
        "id": ArticleId(name),
        "source_id": SourceId("bao-tinh"),
        "channel": Channel.PRESS,
        "url": f"https://bao.example/{name}",
        "title": f"Xôn xao tin vỡ đập, bài {name}",
        "text": TEXT,
        "language": "vi",
        "collected": NOW,
    }
    values |= given
    values["content_hash"] = content_hash(str(values["title"]), str(values["text"]))
    return Article(**values)  # type: ignore[arg-type]


def flag(kind: FlagKind, of: Article) -> Flag:
    evidence = Evidence(
        article_id=of.id,
        version=of.version,
        field=Field.TEXT,
        quote=QUOTE,
        start=of.text.index(QUOTE),
        reason=Reason(code="hearsay"),
    )
    return Flag(kind=kind, score=0.6, signal="test", version="1", evidence=(evidence,))


def review(of: Article, kinds: Collection[FlagKind] = (), **given: object) -> Review:
    values: dict[str, object] = {
        "article_id": of.id,
        "version": of.version,
        "province": PROVINCE,
        "about": 0.9,
        "standing": Standing.OURS,
        "places": (Place(name="Thượng Lâm", unit="xã", as_written="Thượng Lâm", area="", rule="unit"),),
        "topic": TopicJudged(topic=Topic.OTHER),
        "harm": HarmJudged(harm=Harm.NONE),
        "flags": tuple(flag(kind, of) for kind in FlagKind if kind in kinds),
        "signals": {"test": "1"},
    }
    values |= given
    return Review(**values)  # type: ignore[arg-type]


def story(name: str, articles: Sequence[Article], kinds: Collection[FlagKind] = (), **given: object) -> Story:
    values: dict[str, object] = {
        "id": StoryId(name),
        "province": PROVINCE,
        "articles": tuple(one.id for one in articles),
        "flags": tuple(flag(kind, articles[0]) for kind in FlagKind if kind in kinds),
        "first_seen": min(one.when for one in articles),
    }
    values |= given
    return Story(**values)  # type: ignore[arg-type]


@cache
def _empty_casebook() -> bytes:
    """The file of a new casebook: its tables are made once for all tests."""
    with TemporaryDirectory() as folder:
        Casebook.open(Path(folder) / "casebook.db").close()
        return (Path(folder) / "casebook.db").read_bytes()


class Office:
    """An office in a folder; opened again on the same folder it is the same office."""

    def __init__(self, home: Path) -> None:
        self.home = home
        place = place_of(home)
        if isinstance(place, Path) and not place.exists():
            place.write_bytes(_empty_casebook())
        self.archive = SqliteArchive(home / "archive.db")
        self.casebook = Casebook.open(place)
        self.desk = Desk(
            archive=self.archive,
            casebook=self.casebook,
            province=PROVINCE,
            agencies=AGENCIES,
            attachments=Attachments(Folder(home / "attachments")),
            summaries=editions(
                self.archive, self.casebook, PROVINCE, AGENCIES, folder=home / "reports", ready=time(6, 45)
            ),
            names=private_names(PROVINCE),
            foreign_names=foreign_private_names(PROVINCE),
        )

    def publish(
        self,
        name: str,
        kinds: Collection[FlagKind] = (),
        *,
        articles: Sequence[Article] = (),
        reprints: Sequence[Sequence[Article]] = (),
        **reviewed: object,
    ) -> Story:
        """Articles come in, are reviewed, and form the story `name`, as crawler and classifier would leave it."""
        articles = articles or (article(f"{name}-1"),)
        self.archive.add(articles)
        newest = self.archive.articles([one.id for one in articles])
        groups = tuple(tuple(copy.id for copy in group) for group in reprints)
        told = story(name, newest, kinds, reprints=groups)
        self.archive.record([review(one, kinds, **reviewed) for one in newest], [told])
        return told

    def take_in(self, now: datetime = NOW) -> int:
        return take_in(self.archive, self.casebook, PROVINCE, now)

    def case_of(self, name: str) -> Case:
        with self.casebook.read(PROVINCE) as book:
            case = book.cases.of_story(StoryId(name))
        assert case is not None, f"no case for the story {name}"
        return case

    def opened(self, name: str, *kinds: FlagKind, **reviewed: object) -> Case:
        """The case that a story with these signs brings."""
        self.publish(name, kinds or (FlagKind.UNVERIFIED,), **reviewed)  # type: ignore[arg-type]
        self.take_in()
        return self.case_of(name)

    def kept(self) -> bytes:
        """The bytes of the casebook: of its file and journal, or of every row of its database."""
        if files := sorted(self.home.glob("casebook.db*")):
            return b"".join(file.read_bytes() for file in files)
        with self.casebook.transaction(writes=False) as connection:
            rows = [row for table in metadata.sorted_tables for row in connection.execute(table.select())]
        return "\n".join(map(str, rows)).encode()

    def close(self) -> None:
        self.archive.close()
        self.casebook.close()


def joined(gone: Story, survivor: Story) -> Story:
    """A story as the archive keeps it after the classifier has joined it into another."""
    return replace(gone, articles=(), reprints=(), flags=(), forward=survivor.id)
