"""The searches that officers keep: each their own, each change written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.archive import Sort
from index.case import TrackState
from index.casebook import Casebook
from index.casebook_audit import Deed
from index.model import Channel, FlagKind, OfficerName, ProvinceId, SourceId, Tone, Topic
from index.question import Filter, Question, SavedSearch
from tests.postgres import place_of

HERE, ELSEWHERE = ProvinceId("tuyen-quang"), ProvinceId("lang-son")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
HA, MINH = OfficerName("ha"), OfficerName("minh")
EVERYTHING = Question(
    text="“bãi rác” nhu khe",
    since=NOW - timedelta(days=30),
    until=NOW,
    source=SourceId("bao-tinh"),
    channel=Channel.PRESS,
    place="Nhữ Khê",
    tone=Tone.NEGATIVE,
    topic=Topic.ENVIRONMENT,
    flag=FlagKind.CRITICISM,
    state=TrackState.NEW,
    language="vi",
    sort=Sort.RELEVANCE,
)


@pytest.fixture
def casebook(every_casebook: None, tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(place_of(tmp_path)) as casebook:
        yield casebook


def search(name: str, question: Question = EVERYTHING, *, minutes: int = 0) -> SavedSearch:
    return SavedSearch(name=name, question=question, saved=NOW + timedelta(minutes=minutes))


def test_a_search_comes_back_as_it_was_saved_to_its_officer_alone(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.searches.save(search("bãi rác"), by=HA)
        book.searches.save(search("đập", Question(text="đập"), minutes=1), by=HA)
    with casebook.read(HERE) as book:
        assert book.searches.of(HA) == (search("đập", Question(text="đập"), minutes=1), search("bãi rác"))
        assert book.searches.of(MINH) == ()
    with casebook.read(ELSEWHERE) as book:
        assert book.searches.of(HA) == ()


def test_a_name_is_used_once_by_each_officer(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.searches.save(search("bãi rác"), by=HA)
        book.searches.save(search("bãi rác"), by=MINH)
        book.searches.save(search("bãi rác", Question(), minutes=1), by=HA)
    with casebook.read(HERE) as book:
        assert book.searches.of(HA) == (search("bãi rác", Question(), minutes=1),)
        assert book.searches.of(MINH) == (search("bãi rác"),)


def test_a_search_is_forgotten_by_its_officer_alone(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.searches.save(search("bãi rác"), by=HA)
        book.searches.forget("bãi rác", by=MINH, at=NOW)
        assert len(book.searches.of(HA)) == 1
        book.searches.forget("bãi rác", by=HA, at=NOW)
        assert book.searches.of(HA) == ()
        assert [(entry.by, entry.action) for entry in book.audit.entries()] == [
            (HA, Deed.SEARCH_FORGOTTEN),
            (HA, Deed.SEARCH_SAVED),
        ]


def test_an_export_is_written_down_with_what_was_asked_and_how_much_was_taken(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        book.searches.exported(Question(text="bãi rác", place="Nhữ Khê", since=NOW), 128, by=HA, at=NOW)
        (entry,) = book.audit.entries()
    assert (entry.by, entry.at, entry.action) == (HA, NOW, Deed.ARTICLES_EXPORTED)
    assert entry.params == {
        "text": "bãi rác",
        "place": "Nhữ Khê",
        "since": "2026-11-24T01:00:00Z",
        "sort": "newest",
        "count": "128",
    }


def test_a_question_knows_what_narrows_it() -> None:
    assert EVERYTHING.filters == tuple(Filter)
    assert Question(text="đập", since=NOW).filters == (Filter.TIME,)
    open_question = EVERYTHING
    for one in Filter:
        open_question = open_question.without(one)
    assert open_question == Question(text=EVERYTHING.text, sort=EVERYTHING.sort)
