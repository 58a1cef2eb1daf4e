"""The written week, crawled over HTTP by the real crawler, reviewed and taken in: every story as its script says.

Read twice, on the evening of day 2 and after day 7, so that an article that is corrected between is met in both forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from classifier.review import review_pending
from config import knowledge, wiring
from crawlers.engine import FetchSettings
from crawlers.newsroom.server import Newsroom
from crawlers.newsroom.week import Week, Written
from crawlers.round import RoundSettings, run_round
from crawlers.schedule import Tiers
from desk.intake import take_in
from index.case import TrackState
from index.casebook import Casebook
from index.clock import ZONE
from index.errors import ArticleNotFound
from index.model import Article, ArticleId, Evidence, Field, FlagKind, Label, ProvinceId, Review, Standing, Story
from index.snapshots import Snapshots
from index.sqlite import SqliteArchive
from index.store import Folder
from index.url import article_id, canonical_url

PROVINCE = ProvinceId("tuyen-quang")
START = datetime(2026, 11, 23, 0, 0, tzinfo=ZONE)
"""Midnight before day 7."""
EVENING_OF_DAY_2 = START - timedelta(days=4, hours=2)
AFTER_DAY_7 = START + timedelta(days=1)
EXPECTED = yaml.safe_load((Path(__file__).parent / "fixtures" / "week.yaml").read_text(encoding="utf-8"))
STORIES = {story["id"]: story for story in EXPECTED["stories"]}
TRAPS = {trap["article"]: trap for trap in EXPECTED["traps"]}
# Signs that no rule raises yet; they come with trained models.
LATER = frozenset({"offensive"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the crawl left, asked by the ids of the script."""

    archive: SqliteArchive
    casebook: Casebook
    snapshots: Snapshots
    ids: Mapping[str, ArticleId]
    written: Mapping[str, Written]

    def article(self, name: str) -> Article:
        return self.archive.article(self.ids[name])

    def review(self, name: str) -> Review:
        review = self.archive.review(self.ids[name], PROVINCE)
        assert review is not None, f"{name} was not reviewed"
        return review

    def story(self, name: str) -> Story | None:
        story_id = self.archive.story_of(self.ids[name], PROVINCE)
        return self.archive.story(story_id) if story_id else None

    def evidence(self, name: str) -> Iterator[tuple[FlagKind, Evidence]]:
        """Every sign on an article: its own, and those its story shows on it."""
        story = self.story(name)
        for flag in (*self.review(name).flags, *(story.flags if story else ())):
            for evidence in flag.evidence:
                for span in (evidence, evidence.against):
                    if span is not None and span.article_id == self.ids[name]:
                        yield flag.kind, span

    def tracks(self, name: str) -> set[str]:
        """The open tracks of the case of an article's story."""
        story = self.story(name)
        if story is None:
            return set()
        with self.casebook.read(PROVINCE) as book:
            case = book.cases.of_story(story.id)
        return {track for track, record in case.tracks.items() if record.state is TrackState.NEW} if case else set()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("home")
    now = EVENING_OF_DAY_2

    def clock() -> datetime:
        return now

    room = Newsroom.week(wiring.NEWSROOM, start=START, speed=1.0, port=0, clock=clock, pause=timedelta(milliseconds=50))
    snapshots = Snapshots(Folder(home / "snapshots"))
    with room, SqliteArchive(home / "archive.db") as archive, Casebook.open(home / "casebook.db") as casebook:
        for moment in (EVENING_OF_DAY_2, AFTER_DAY_7):
            now = moment
            _read_everything(room, archive, snapshots, clock)
            review_pending(archive, knowledge.classifier(PROVINCE), now=now, sources={s.id: s for s in room.sources()})
            take_in(archive, casebook, PROVINCE, now)
        assert isinstance(room.edition, Week)
        written = {article.id: article for article in room.edition.script.articles}
        ids = {name: _id(room.address(article.outlet) + article.path) for name, article in written.items()}
        yield Office(archive=archive, casebook=casebook, snapshots=snapshots, ids=ids, written=written)


def _id(url: str) -> ArticleId:
    canonical = canonical_url(url)
    assert canonical is not None
    return article_id(canonical)


def _read_everything(
    room: Newsroom, archive: SqliteArchive, snapshots: Snapshots, clock: Callable[[], datetime]
) -> None:
    """Rounds until the outlet that breaks has answered too."""
    minute = timedelta(minutes=1)
    settings = RoundSettings(
        fetch=FetchSettings(user_agent="KiemTin/test", delay=0.0, timeout=10.0, allow_hosts=room.allow_hosts()),
        tiers=Tiers(tier1=minute, tier2=minute, tier3=minute),
    )
    waiting = list(room.sources())
    for _ in range(4):
        outcomes = run_round(
            waiting,
            archive=archive,
            collectors=wiring.every_collector(),
            settings=settings,
            clock=clock,
            keeper=snapshots,
        )
        failed = {outcome.source_id for outcome in outcomes if outcome.error}
        waiting = [source for source in waiting if source.id in failed]
        if not waiting:
            return
    pytest.fail(f"could not be read: {[source.id for source in waiting]}")


def text_of(article: Article, field: Field) -> str:
    return article.title if field is Field.TITLE else article.text


def overlaps(article: Article, evidence: Evidence, quote: str) -> bool:
    """Does the evidence share characters with a quote of the article?"""
    text = text_of(article, evidence.field)
    start = text.find(quote)
    return start >= 0 and start < evidence.start + len(evidence.quote) and evidence.start < start + len(quote)


def refused_kinds(expected: object) -> set[FlagKind]:
    return set(FlagKind) if expected == "all" else {FlagKind(kind) for kind in expected}  # type: ignore[attr-defined]


def each(key: str) -> list[Any]:
    return [
        pytest.param(story["id"], entry, id=f"{story['id']}-{number}")
        for story in STORIES.values()
        for number, entry in enumerate(story.get(key, []))
    ]


def test_every_article_is_stored_once_and_with_its_words(office: Office) -> None:
    missing = []
    for name, article_id_ in office.ids.items():
        try:
            office.archive.article(article_id_)
        except ArticleNotFound:
            missing.append(name)
    assert missing == []
    assert len(list(office.archive.stored(PROVINCE))) == len(office.ids)


def test_the_corrected_article_is_one_with_two_versions(office: Office) -> None:
    first, second = office.archive.versions(office.ids["dinh-chinh-1"])
    assert first.content_hash != second.content_hash
    assert (first.version, second.version) == (1, 2)
    assert first.published == second.published


def test_every_page_is_kept_as_it_was_captured(office: Office) -> None:
    article = office.article("lu-quet-1")
    assert article.snapshot is not None
    assert article.title.encode() in office.snapshots.read(article.snapshot).body


@pytest.mark.parametrize(("story", "group"), each("groups"))
def test_articles_of_a_happening_are_one_story(office: Office, story: str, group: list[str]) -> None:
    found = {name: office.archive.story_of(office.ids[name], PROVINCE) for name in group}
    if STORIES[story]["about"]:
        assert None not in found.values(), found
    assert len(set(found.values())) == 1, found


def test_different_happenings_are_different_stories(office: Office) -> None:
    owner: dict[str, str] = {}
    for story in STORIES.values():
        for name in story["groups"][0] if story["about"] else []:
            story_id = office.archive.story_of(office.ids[name], PROVINCE)
            assert owner.setdefault(str(story_id), story["id"]) == story["id"], name


@pytest.mark.parametrize(("story", "group"), [p for p in each("reprints") if STORIES[str(p.values[0])]["about"]])
def test_copies_are_folded_under_their_origin(office: Office, story: str, group: list[str]) -> None:
    shown = office.story(group[0])
    assert shown is not None
    copies = next((set(known) for known in shown.reprints if office.ids[group[0]] in known), set())
    assert {office.ids[name] for name in group} <= copies
    first = next(known for known in shown.reprints if office.ids[group[0]] in known)[0]
    assert first == office.ids[group[0]]


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_is_about_the_province_or_it_is_not(office: Office, story: dict[str, Any]) -> None:
    wanted = Standing.OURS if story["about"] else Standing.NOT_OURS
    found = {name: office.review(name).standing for group in story["groups"] for name in group}
    assert set(found.values()) == {wanted}, found


@pytest.mark.parametrize("story", [s for s in STORIES.values() if s.get("place")], ids=lambda s: s["id"])
def test_a_story_is_placed_in_its_commune(office: Office, story: dict[str, Any]) -> None:
    places = {place.name for name in story["groups"][0] for place in office.review(name).places}
    assert story["place"] in places


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_case_is_opened_on_the_right_tracks(office: Office, story: dict[str, Any]) -> None:
    opened = set().union(*(office.tracks(name) for group in story["groups"] for name in group))
    assert opened == set(story["tracks"])


@pytest.mark.parametrize(("story", "flag"), each("flags"))
def test_a_sign_is_raised_with_its_words(office: Office, story: str, flag: dict[str, str]) -> None:
    spans = [span for kind, span in office.evidence(flag["article"]) if kind == flag["kind"]]
    article = office.article(flag["article"])
    assert any(overlaps(article, span, flag["quote"]) for span in spans), [span.quote for span in spans]


@pytest.mark.parametrize(("story", "entry"), each("not_flagged"))
def test_what_is_no_sign_is_not_raised(office: Office, story: str, entry: dict[str, Any]) -> None:
    raised = {kind for kind, _ in office.evidence(entry["article"])}
    assert not raised & refused_kinds(entry["kinds"])


@pytest.mark.parametrize(("story", "entry"), each("labels"))
def test_what_protects_a_text_is_seen(office: Office, story: str, entry: dict[str, str]) -> None:
    assert Label(entry["label"]) in office.review(entry["article"]).labels


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_a_trap_is_walked_past(office: Office, trap: dict[str, Any]) -> None:
    review = office.review(trap["article"])
    if "about" in trap:
        assert review.standing is (Standing.OURS if trap["about"] else Standing.NOT_OURS), review.about
    if "place" in trap:
        assert trap["place"] in {place.name for place in review.places}
    raised = {kind for kind, _ in office.evidence(trap["article"])}
    assert not raised & refused_kinds(trap.get("not_flagged", []))
    assert {FlagKind(kind) for kind in trap.get("flags", []) if kind not in LATER} <= raised


def test_every_quote_stands_where_it_is_said_to_stand(office: Office) -> None:
    for name in office.ids:
        for kind, span in office.evidence(name):
            versions = {article.version: article for article in office.archive.versions(span.article_id)}
            text = text_of(versions[span.version], span.field)
            assert text[span.start : span.start + len(span.quote)] == span.quote, (name, kind)
