"""A small office made of invented news: every kind of sign, every tab, every way a source can be.

No outlet, person or happening here is a real one. Times lie before `now`, so that a page always has a today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any, Final, cast

from argon2 import PasswordHasher

from config.naming import foreign_private_names, private_names
from config.paging import editions
from desk.accounts import Accounts
from desk.desk import Desk
from desk.intake import take_in
from desk.routing import Agency
from index.account import CONSOLE, Role
from index.archive import Archive
from index.attachments import Attachments
from index.casebook import Casebook
from index.errors import ArchiveUnavailable
from index.model import (
    Article,
    Channel,
    Evidence,
    Field,
    Flag,
    FlagKind,
    Harm,
    HarmJudged,
    Label,
    Place,
    ProvinceId,
    PublishedFrom,
    Reason,
    Review,
    SourceId,
    Standing,
    Story,
    StoryId,
    Tone,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.source import Reading, ReadingOutcome, Source, Tally
from index.sqlite import SqliteArchive
from index.store import Folder
from index.text import content_hash
from index.url import article_id, unaddressed_id

PROVINCE: Final = ProvinceId("tuyen-quang")
PROVINCE_NAME: Final = "Tuyên Quang"
PLACES: Final = ("Bản Lầu", "Khe Sương", "Núi Đôi", "Suối Vàng", "Thượng Khê")
HASHER: Final = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
AWAY: Final = "archive-is-away"
SLOW: Final = "archive-is-slow"
PASSWORD: Final = "suong-mu-ban-lau"
ACCOUNTS: Final = {
    "ha": ("Lê Thu Hà", Role.MONITOR),
    "minh": ("Trần Minh", Role.MONITOR),
    "lanhdao": ("Nguyễn Văn Lãnh", Role.LEADER),
    "quantri": ("Phạm Quản Trị", Role.ADMIN),
}
AGENCIES: Final = (
    Agency(id="so-nnmt", name="Sở Nông nghiệp và Môi trường", topics=(Topic.ENVIRONMENT, Topic.DISASTER)),
    Agency(id="so-y-te", name="Sở Y tế", topics=(Topic.HEALTH,)),
    Agency(id="so-gddt", name="Sở Giáo dục và Đào tạo", topics=(Topic.EDUCATION,)),
    Agency(id="cong-an", name="Công an tỉnh", topics=(Topic.CRIME,)),
)
SOURCES: Final = tuple(
    Source(
        id=SourceId(source_id),
        name=name,
        channel=channel,
        collector="feed",
        url=f"https://{source_id}.example/rss",
        every=timedelta(minutes=minutes),
        tier=tier,
        official=channel is Channel.PORTAL,
    )
    for source_id, name, channel, minutes, tier in (
        ("bao-suong", "Báo Sương Núi", Channel.PRESS, 5, 1),
        ("bao-song-xanh", "Báo Sông Xanh", Channel.PRESS, 15, 1),
        ("tap-chi-que", "Tạp chí Miền Quê", Channel.PRESS, 60, 3),
        ("trang-24", "Trang tổng hợp 24", Channel.PRESS, 15, 2),
        ("dien-dan", "Diễn đàn Xứ Sương", Channel.FORUM, 15, 2),
        ("cong-tinh", "Cổng thông tin điện tử tỉnh", Channel.PORTAL, 30, 1),
        ("dai-tinh", "Đài Phát thanh tỉnh", Channel.BROADCAST, 30, 2),
        ("kenh-video", "Kênh video Đường Rừng", Channel.VIDEO, 60, 3),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An article to be published `hours` before now; None: without a known time."""

    source: str
    hours: float | None
    title: str
    text: str
    labels: frozenset[Label] = frozenset()
    copy: bool = False
    edited: str | None = None
    """What the text became in a second version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A sign: the quote in which of the story's articles, why, how sure; and the other article's quote it rests on."""

    kind: FlagKind
    article: int
    quote: str
    code: str
    cue: str = ""
    score: float = 0.7
    against: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    id: str
    articles: tuple[Written, ...]
    signs: tuple[Shown, ...]
    place: str = "Thượng Khê"
    topic: Topic = Topic.OTHER
    harm: Harm = Harm.NONE
    tone: Tone = Tone.NEUTRAL
    standing: Standing = Standing.OURS
    further: tuple[str, ...] = field(default=())


_DAM: Final = (
    "Từ tối qua, nhiều tài khoản chia sẻ tin đập Thượng Khê đã vỡ, nước về trong đêm. Chưa có cơ quan nào xác nhận "
    "thông tin này.\nNgười dân hai bên suối đã chuyển đồ lên cao. Theo lời kể của một số người, hàng nghìn hộ đang "
    "chạy lũ ngay trong đêm.\nĐến sáng nay mưa đã ngớt, nước suối vẫn đục và chảy xiết."
)
TOLD: Final = (
    Told(
        id="dap",
        place="Thượng Khê",
        topic=Topic.DISASTER,
        harm=Harm.LIFE,
        articles=(
            Written(source="dien-dan", hours=7.5, title="Nghe nói đập Thượng Khê vỡ rồi bà con ơi", text=_DAM),
            Written(
                source="trang-24",
                hours=6.0,
                title="Lan truyền tin “vỡ đập” ở xã Thượng Khê sau mưa lớn",
                text="Hàng nghìn hộ chạy lũ ngay trong đêm sau tin đập Thượng Khê đã vỡ.\n" + _DAM,
                edited="Hàng trăm hộ được vận động tạm lánh sau tin đập Thượng Khê đã vỡ.\n" + _DAM,
            ),
            Written(
                source="bao-suong",
                hours=5.5,
                title="Lan truyền tin “vỡ đập” ở xã Thượng Khê sau mưa lớn",
                text="Hàng nghìn hộ chạy lũ ngay trong đêm sau tin đập Thượng Khê đã vỡ.\n" + _DAM,
                copy=True,
            ),
            Written(
                source="cong-tinh",
                hours=3.0,
                title="Đập Thượng Khê an toàn, không hộ nào phải di dời",
                text="Kiểm tra lúc 10 giờ cho thấy đập Thượng Khê vận hành bình thường; không hộ nào phải di dời. Tin "
                "đập đã vỡ là không đúng. Đề nghị người dân theo dõi thông báo chính thức.",
                labels=frozenset({Label.CORRECTION}),
            ),
            Written(source="kenh-video", hours=None, title="Video nước đục ở Thượng Khê", text="Nước suối đục ngầu."),
        ),
        signs=(
            Shown(
                kind=FlagKind.INCIDENT,
                article=0,
                quote="đập Thượng Khê đã vỡ",
                code="harm_to_life",
                cue="vỡ",
                score=0.9,
            ),
            Shown(
                kind=FlagKind.UNVERIFIED,
                article=0,
                quote="đập Thượng Khê đã vỡ, nước về trong đêm",
                code="said_unconfirmed",
                cue="Chưa có cơ quan nào xác nhận",
            ),
            Shown(
                kind=FlagKind.CONFLICT,
                article=1,
                quote="Hàng nghìn hộ",
                code="figures_differ",
                score=0.86,
                against=(3, "không hộ nào phải di dời"),
            ),
        ),
    ),
    Told(
        id="di-doi",
        place="Núi Đôi",
        topic=Topic.DISASTER,
        harm=Harm.ORDER,
        articles=(
            Written(
                source="bao-song-xanh",
                hours=8.2,
                title="Hai báo nêu khác nhau số hộ phải di dời ở xã Núi Đôi",
                text="Sau trận lũ quét, toàn xã có 137 hộ phải di dời khẩn cấp. Chính quyền đã huy động lực lượng giúp "
                "dân dựng lều tạm.",
            ),
            Written(
                source="bao-suong",
                hours=7.9,
                title="Núi Đôi dựng lều cho các hộ mất nhà",
                text="Theo thống kê ban đầu, 73 hộ phải di dời đến nơi an toàn, chưa ghi nhận thiệt hại về người.",
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.CONFLICT,
                article=0,
                quote="137 hộ",
                code="figures_differ",
                score=0.9,
                against=(1, "73 hộ"),
            ),
            Shown(kind=FlagKind.INCIDENT, article=0, quote="lũ quét", code="harm_to_order", cue="lũ quét", score=0.8),
        ),
    ),
    Told(
        id="bai-rac",
        place="Khe Sương",
        topic=Topic.ENVIRONMENT,
        harm=Harm.ORDER,
        articles=(
            Written(
                source="bao-song-xanh",
                hours=26,
                title="Người dân Khe Sương khốn khổ vì mùi hôi từ bãi rác",
                text="Nhiều hộ dân thôn Lũng phản ánh bãi rác tạm bốc mùi suốt ba tháng. Bà con đã gửi đơn kiến nghị "
                "đến xã nhưng chưa có câu trả lời.",
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.CRITICISM,
                article=0,
                quote="Bà con đã gửi đơn kiến nghị",
                code="complaint",
                cue="đơn kiến nghị",
                score=0.93,
            ),
        ),
    ),
    Told(
        id="tieu-de",
        place="Suối Vàng",
        topic=Topic.CULTURE,
        harm=Harm.REPUTATION,
        articles=(
            Written(
                source="trang-24",
                hours=2.1,
                title="Thảm họa ở lễ hội Suối Vàng khiến du khách tháo chạy",
                text="Chiều nay, một cơn mưa rào làm đoàn khách phải vào nhà văn hóa trú tạm khoảng hai mươi phút. Lễ "
                "hội tiếp tục ngay sau đó.",
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.HEADLINE,
                article=0,
                quote="Thảm họa",
                code="headline_not_borne_out",
                cue="Thảm họa",
                score=0.75,
            ),
        ),
    ),
    Told(
        id="ngo-doc",
        place="Bản Lầu",
        topic=Topic.HEALTH,
        harm=Harm.LIFE,
        articles=(
            Written(
                source="bao-suong",
                hours=4.4,
                title="12 học sinh Bản Lầu nhập viện sau bữa trưa",
                text="Mười hai học sinh Trường Tiểu học Bản Lầu nhập viện với biểu hiện nghi ngộ độc. Sở Y "
                "tế đang lấy mẫu xét nghiệm; các em đã ổn định.",
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.INCIDENT, article=0, quote="nhập viện", code="harm_to_life", cue="nhập viện", score=0.88
            ),
        ),
    ),
    Told(
        id="dau-do",
        standing=Standing.UNDECIDED,
        topic=Topic.ACCIDENT,
        harm=Harm.LIFE,
        place="Núi Đôi",
        further=("Suối Vàng",),
        articles=(
            Written(
                source="tap-chi-que",
                hours=12.0,
                title="Xe khách lao xuống vực ở đèo Núi Đôi",
                text="Chiếc xe khách mất phanh, lao xuống vực sâu chừng 20 mét. Không rõ đèo Núi Đôi thuộc xã nào của "
                "tỉnh hay của tỉnh bên.",
            ),
        ),
        signs=(
            Shown(kind=FlagKind.INCIDENT, article=0, quote="lao xuống vực", code="harm_to_life", cue="vực", score=0.7),
        ),
    ),
    Told(
        id="nghi-van",
        place="Khe Sương",
        topic=Topic.CRIME,
        harm=Harm.REPUTATION,
        articles=(
            Written(
                source="dien-dan",
                hours=20,
                title="Nghi vấn rút ruột đường vào Khe Sương",
                text="Một người giấu tên cho rằng con đường mới bị rút ruột. Bài không dẫn cơ quan nào.",
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.UNVERIFIED,
                article=0,
                quote="Một người giấu tên cho rằng",
                code="nameless_source",
                cue="người giấu tên",
                score=0.55,
            ),
        ),
    ),
)


LATE: Final = replace(TOLD[-1], id="nghi-van-moi")
"""A story that comes while the screen is open."""


def fill(home: Path, now: datetime, told: Sequence[Told] = TOLD, *, more: int = 0) -> None:
    """Make the office's two books in a folder. `more` adds as many small stories, for pages and counts."""
    extra = tuple(_small(number) for number in range(more))
    (home / "attachments").mkdir(parents=True, exist_ok=True)
    with SqliteArchive(home / "archive.db") as archive, Casebook.open(home / "casebook.db") as casebook:
        with casebook.write(PROVINCE) as book:
            book.register.declare(SOURCES, by=CONSOLE.name, at=now)
        for story in (*told, *extra):
            _tell(archive, story, now)
        _read_sources(archive, now)
        take_in(archive, casebook, PROVINCE, now)
        accounts = Accounts(casebook, PROVINCE, HASHER)
        for name, (display_name, role) in ACCOUNTS.items():
            accounts.add_account(name, display_name, frozenset({role}), PASSWORD, by=CONSOLE, at=now)


def add(home: Path, story: Told, now: datetime) -> None:
    """One more story comes in, as the service would bring it."""
    with SqliteArchive(home / "archive.db") as archive, Casebook.open(home / "casebook.db") as casebook:
        _tell(archive, story, now)
        take_in(archive, casebook, PROVINCE, now)


def go_on(home: Path, told: Sequence[Told], now: datetime) -> None:
    """Time passes: sources are read on, stories come in."""
    with SqliteArchive(home / "archive.db") as archive, Casebook.open(home / "casebook.db") as casebook:
        for story in told:
            _tell(archive, story, now)
        _read_sources(archive, now)
        take_in(archive, casebook, PROVINCE, now)


def casebook(home: Path) -> Casebook:
    return Casebook.open(home / "casebook.db")


def rename_sources(home: Path, names: Sequence[str]) -> None:
    """Call the sources what one would not want to be called."""
    renamed = [replace(source, name=names[at % len(names)]) for at, source in enumerate(SOURCES)]
    with casebook(home) as book_of_all, book_of_all.write(PROVINCE) as book:
        book.register.declare(renamed, by=CONSOLE.name, at=datetime.now(UTC))


class Fickle:
    """The archive as a server that can be away or slow: it answers nothing while the file `AWAY` lies in the home, and
    is still searching while `SLOW` does."""

    def __init__(self, archive: Archive, home: Path) -> None:
        self._archive = archive
        self._away = home / AWAY
        self._slow = home / SLOW

    def __getattr__(self, name: str) -> Any:
        while name in {"find", "facets"} and self._slow.exists():
            sleep(0.05)
        if self._away.exists():
            raise ArchiveUnavailable(file="archive.db", why="away")
        return getattr(self._archive, name)


def open_desk(home: Path) -> tuple[Desk, Archive]:
    """The desk over these books, with passwords that are quickly checked."""
    archive = cast(Archive, Fickle(SqliteArchive(home / "archive.db"), home))
    book_of_all = casebook(home)
    desk = Desk(
        archive=archive,
        casebook=book_of_all,
        province=PROVINCE,
        agencies=AGENCIES,
        attachments=Attachments(Folder(home / "attachments")),
        summaries=editions(archive, book_of_all, PROVINCE, AGENCIES, folder=home / "reports", ready=time(6, 45)),
        names=private_names(PROVINCE),
        foreign_names=foreign_private_names(PROVINCE),
    )
    desk.accounts = Accounts(book_of_all, PROVINCE, HASHER)
    return desk, archive


def _small(number: int) -> Told:
    text = f"Ban quản lý chợ số {number} thông báo tạm nghỉ. Chưa có cơ quan nào xác nhận lý do."
    return Told(
        id=f"cho-{number}",
        place=PLACES[number % len(PLACES)],
        topic=Topic.ECONOMY,
        harm=Harm.REPUTATION,
        articles=(
            Written(
                source="bao-suong", hours=30 + number / 10, title=f"Chợ số {number} tạm nghỉ, tiểu thương lo", text=text
            ),
        ),
        signs=(
            Shown(
                kind=FlagKind.UNVERIFIED,
                article=0,
                quote="Chưa có cơ quan nào xác nhận",
                code="said_unconfirmed",
                cue="Chưa có cơ quan nào xác nhận",
                score=0.5 + number % 5 / 10,
            ),
        ),
    )


def _tell(archive: Archive, story: Told, now: datetime) -> None:
    articles = [_article(story.id, number, written, now) for number, written in enumerate(story.articles)]
    archive.add(articles)
    edited = [
        replace(article, text=written.edited, content_hash=content_hash(article.title, written.edited))
        for article, written in zip(articles, story.articles, strict=True)
        if written.edited is not None
    ]
    archive.add([replace(article, collected=article.collected + timedelta(hours=1)) for article in edited])
    newest = list(archive.articles([article.id for article in articles]))
    flags = tuple(_flag(sign, articles) for sign in story.signs)
    reviews = [
        Review(
            article_id=article.id,
            version=article.version,
            province=PROVINCE,
            about=0.5 if story.standing is Standing.UNDECIDED else 0.95,
            standing=story.standing,
            places=tuple(
                Place(name=name, unit="xã", as_written=name, area=PROVINCE_NAME, rule="name")
                for name in (story.place, *story.further)
            ),
            topic=TopicJudged(topic=story.topic),
            harm=HarmJudged(harm=story.harm),
            tone=_scores(story.tone),
            labels=written.labels,
            flags=tuple(flag for flag in flags if flag.evidence[0].article_id == article.id),
            signals={"invented": "1"},
        )
        for article, written in zip(newest, story.articles, strict=True)
    ]
    placed = sorted(articles, key=lambda article: article.when)
    copies = [article.id for article, written in zip(articles, story.articles, strict=True) if written.copy]
    first = [article.id for article in placed if article.title in {a.title for a in articles if a.id in copies}]
    archive.record(
        reviews,
        [
            Story(
                id=StoryId(story.id),
                province=PROVINCE,
                articles=tuple(article.id for article in placed),
                reprints=(tuple(dict.fromkeys([*first, *copies])),) if copies else (),
                flags=flags,
                first_seen=placed[0].when,
            )
        ],
    )


def _scores(tone: Tone) -> ToneScores:
    return ToneScores(**{one.value: float(one is tone) for one in Tone})


def _article(story: str, number: int, written: Written, now: datetime) -> Article:
    published = None if written.hours is None else now - timedelta(hours=written.hours)
    url = f"https://{written.source}.example/{story}-{number}.html"
    return Article(
        id=article_id(url),
        source_id=SourceId(written.source),
        channel=next(source.channel for source in SOURCES if source.id == written.source),
        url=url,
        title=written.title,
        text=written.text,
        language="vi",
        collected=(published or now - timedelta(hours=1)) + timedelta(minutes=12),
        published=published,
        published_from=PublishedFrom.PAGE if published else PublishedFrom.NONE,
        byline="Phóng viên Mai",
        content_hash=content_hash(written.title, written.text),
        snapshot=unaddressed_id(written.source, written.title, story, published) * 2,
    )


def _flag(sign: Shown, articles: Sequence[Article]) -> Flag:
    against = sign.against and _evidence(articles[sign.against[0]], sign.against[1], Reason(code=sign.code))
    params = {"cue": sign.cue} if sign.against is None else {"ours": sign.quote, "theirs": sign.against[1], "what": ""}
    evidence = _evidence(articles[sign.article], sign.quote, Reason(code=sign.code, params=params))
    return Flag(
        kind=sign.kind,
        score=sign.score,
        signal="invented",
        version="1",
        evidence=(replace(evidence, against=against or None),),
    )


def _evidence(article: Article, quote: str, reason: Reason) -> Evidence:
    where = Field.TEXT if quote in article.text else Field.TITLE
    text = article.text if where is Field.TEXT else article.title
    return Evidence(article_id=article.id, version=1, field=where, quote=quote, start=text.index(quote), reason=reason)


def _read_sources(archive: Archive, now: datetime) -> None:
    """Sources in every condition: well, failing, silent against its habit, quota used up, never read."""

    def read(source: str, outcome: ReadingOutcome, minutes: Sequence[int], *, new: int = 0, error: str = "") -> None:
        for ago in minutes:
            at = now - timedelta(minutes=ago)
            archive.save_reading(_reading(SourceId(source), at, outcome, new=new, error=error or None))

    for well in ("bao-suong", "bao-song-xanh", "trang-24", "cong-tinh"):
        read(well, ReadingOutcome.NEW, range(19_200, 100, -360), new=4)
        read(well, ReadingOutcome.UNCHANGED, range(19_020, 100, -360))
        read(well, ReadingOutcome.NEW, [3], new=3)
    read("dien-dan", ReadingOutcome.NEW, range(18_000, 150, -240), new=3)
    read("dien-dan", ReadingOutcome.FAILED, [110, 65, 20], error="timed_out")
    read("dai-tinh", ReadingOutcome.NEW, range(19_800, 1_860, -240), new=1)
    read("dai-tinh", ReadingOutcome.UNCHANGED, range(1_800, 10, -120))
    read("kenh-video", ReadingOutcome.NEW, [40], new=2)
    read("kenh-video", ReadingOutcome.LIMITED, [9], error="limited")


def _reading(
    source: SourceId, at: datetime, outcome: ReadingOutcome, *, new: int = 0, error: str | None = None
) -> Reading:
    return Reading(
        source_id=source,
        at=at,
        outcome=outcome,
        tally=Tally(new=new, seen=20),
        error=error,
        detail="read timeout after 30 s" if error == "timed_out" else "",
        seconds=1.2,
    )
