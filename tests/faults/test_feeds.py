"""Feeds (1–18): read, or refused by name; what is set aside is counted, and no feed ends a round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.messages import ERRORS
from crawlers.collector import Ask, Read
from crawlers.engine import FetchSettings
from crawlers.feed import FeedCollector
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from dashboard import words
from index.errors import CollectError
from index.model import Article, Found, ProvinceId, SourceId
from index.source import Note, Outcome, Source
from index.sqlite import SqliteArchive
from tests.faults.corpus.feeds import FEEDS, item, rss
from tests.faults.corpus.specimen import Specimen
from tests.reading import TIERS, WORDS, list_page, source
from tests.servers import Outlet, Reply

NOW = datetime(2025, 11, 24, 5, 0, tzinfo=UTC)
COLLECTOR = FeedCollector(WORDS)
SET_ASIDE = (Note.ENTRY_DUPLICATE, Note.ENTRY_WITHOUT_LINK, Note.ENTRY_WITHOUT_TITLE)


def reads(body: bytes, content_type: str = "application/rss+xml") -> tuple[list[Read], CollectError | None]:
    found: list[Read] = []
    try:
        found.extend(COLLECTOR.read(list_page(body, content_type=content_type), source()))
    except CollectError as error:
        return found, error
    return found, None


def found_in(read: list[Read]) -> list[Found]:
    carried = [one.carry if isinstance(one, Ask) else one for one in read if not isinstance(one, Note)]
    return [one for one in carried if one is not None]


@pytest.mark.fault(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 21)
@pytest.mark.parametrize("specimen", FEEDS, ids=lambda one: one.name)
def test_a_feed_is_read_as_far_as_it_goes_and_the_rest_is_said(specimen: Specimen) -> None:
    read, error = reads(specimen.body, specimen.content_type)
    notes = Counter(one for one in read if isinstance(one, Note))
    kept = found_in(read)
    assert (len(kept), notes, error.code if error else None) == (specimen.kept, specimen.notes, specimen.error)
    for one in kept:
        assert "root:" not in one.title
        assert len(one.title) <= 500
        (one.title + one.text).encode()


# --- a whole round


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SqliteArchive]:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        yield archive


def a_round(archive: SqliteArchive, *sources: Source) -> dict[SourceId, Outcome]:
    fetch = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, timeout=20.0, allow_hosts=("127.0.0.1",))
    outcomes = run_round(
        sources,
        archive=archive,
        collectors=collectors(WORDS),
        settings=RoundSettings(fetch=fetch, tiers=TIERS, readers=1),
        clock=lambda: NOW,
    )
    return {outcome.source_id: outcome for outcome in outcomes}


def stored(archive: SqliteArchive) -> list[Article]:
    return [reviewed.article for reviewed in archive.stored(ProvinceId("tuyen-quang"))]


@pytest.mark.fault(1, 2, 3, 7, 8, 9, 13, 15, 16, 21)
def test_a_round_over_every_broken_feed_ends_and_says_what_became_of_each(archive: SqliteArchive) -> None:
    light = [specimen for specimen in FEEDS if not specimen.heavy]
    with Outlet() as server:
        server.paths |= {
            f"/{number}": Reply(body=one.body, headers={"Content-Type": one.content_type})
            for number, one in enumerate(light)
        }
        server.paths["/well"] = Reply(body=rss(item(777)))
        ids = {one.name: SourceId(f"nguon-{number}") for number, one in enumerate(light)}
        sources = [
            source(id=of, url=f"{server.url}/{number}", full_text=False) for number, of in enumerate(ids.values())
        ]
        outcomes = a_round(archive, *sources, source(id=SourceId("lanh"), url=f"{server.url}/well", full_text=False))
    assert outcomes[SourceId("lanh")].tally.new == 1
    assert set(outcomes) == {*ids.values(), SourceId("lanh")}
    for one in light:
        outcome = outcomes[ids[one.name]]
        assert (outcome.error.code if outcome.error else None) == one.error, one.name
        assert outcome.tally.new + outcome.tally.seen + outcome.tally.updated == one.kept, one.name
        if outcome.error:
            assert outcome.error.code in words.ERRORS
            assert outcome.error.code in ERRORS
        for note in outcome.notes:
            assert Note(note) in words.NOTES, "the Sources page has words for it"


@pytest.mark.fault(13, 14)
def test_one_guid_in_two_feeds_is_two_articles_and_one_address_is_one(archive: SqliteArchive) -> None:
    guid = "<guid isPermaLink='false'>tin-1</guid>"
    with Outlet() as server:
        server.paths |= {
            "/a": Reply(body=rss(item(1, title="Của báo A", more=guid))),
            "/b": Reply(body=rss(item(2, title="Của báo B", more=guid))),
            "/c": Reply(body=rss(item(1, title="Của báo A", more="<guid>khac</guid>"))),
        }
        sources = [source(id=SourceId(name), url=f"{server.url}/{name}", full_text=False) for name in ("a", "b", "c")]
        a_round(archive, *sources)
    assert sorted(article.title for article in stored(archive)) == ["Của báo A", "Của báo B"]


# --- any feed

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
LINKS = st.sampled_from(["/a", "/b?utm_source=x", "javascript:x", "", "//songlo.example/c", "http://[", "/d#e"]) | TEXTS
DATES = st.sampled_from(["", "hôm qua", "2025-11-22", "Sat, 22 Nov 2025 14:05:00 +0700", "9999-99-99"]) | TEXTS


@st.composite
def entries(draw: st.DrawFn) -> str:
    """An entry whose markup is sound and whose words are anything."""

    def safe(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")

    parts = [
        f"<title>{safe(draw(TEXTS))}</title>",
        f"<link>{safe(draw(LINKS))}</link>",
        f"<description><![CDATA[{draw(TEXTS).replace(']]>', '')}]]></description>",
        f"<pubDate>{safe(draw(DATES))}</pubDate>",
        f"<guid>{safe(draw(TEXTS))}</guid>",
    ]
    kept = [part for part in draw(st.permutations(parts)) if draw(st.booleans())]
    return f"<item>{''.join(kept)}</item>"


@pytest.mark.fault(7, 13, 15, 16, 21)
@settings(max_examples=50)
@given(st.lists(entries(), max_size=6))
def test_of_any_sound_feed_every_entry_is_kept_or_counted(items: list[str]) -> None:
    read, error = reads(rss(*items))
    assert error is None
    aside = sum(one in SET_ASIDE for one in read if isinstance(one, Note))
    named_by_first_words = sum(one is Note.ENTRY_WITHOUT_TITLE for one in read)
    assert len(found_in(read)) + aside in range(len(items), len(items) + named_by_first_words + 1)


@pytest.mark.fault(7, 21)
@settings(max_examples=50)
@given(
    st.sampled_from([one for one in FEEDS if not one.heavy and len(one.body) < 5_000]),
    st.integers(0, 5_000),
    st.binary(max_size=20),
    st.integers(0, 60),
)
def test_no_bytes_break_the_reading_of_a_feed(specimen: Specimen, at: int, noise: bytes, lost: int) -> None:
    read, error = reads(specimen.body[:at] + noise + specimen.body[at + lost :], specimen.content_type)
    assert error is None or error.code in words.ERRORS
    for one in found_in(read):
        (one.title + one.text).encode()
