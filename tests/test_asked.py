"""What is in the address is what is asked, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import asked
from index.archive import Sort
from index.case import TrackState
from index.clock import start_of_day
from index.model import Channel, FlagKind, SourceId, Tone, Topic
from index.question import Filter, Question
from index.text import one_line
from tests.hostile import HOSTILE

FULL = Question(
    text="“bãi rác” nhu khe",
    since=start_of_day(date(2026, 11, 1)),
    until=start_of_day(date(2026, 12, 1)),
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


def test_a_link_opens_the_same_page() -> None:
    address = asked.address(FULL)
    assert asked.question(address) == FULL
    assert (address["tu"], address["den"]) == ("2026-11-01", "2026-11-30")
    assert asked.address(Question()) == {}


def test_every_filter_can_stand_in_an_address() -> None:
    assert set(asked.NAMES) | {Filter.TIME} == set(Filter)
    assert set(asked.question(asked.address(FULL)).filters) == set(Filter)


def test_days_are_those_of_the_office_and_the_last_is_included() -> None:
    question = asked.question({"tu": "2026-11-22", "den": "2026-11-22"})
    assert question.since == datetime(2026, 11, 21, 17, tzinfo=UTC)
    assert question.until == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert asked.days(question) == (date(2026, 11, 22), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_has_its_days(name: str, first: date, last: date) -> None:
    assert asked.month(name) == (first, last)


@pytest.mark.parametrize("said", [*HOSTILE, "", "9999-12-31", "0001-01-01", "2026-13-01", "hôm qua"], ids=ascii)
def test_what_an_address_cannot_mean_is_left_out(said: str) -> None:
    names = [asked.FIRST, asked.LAST, asked.SORT, *(asked.NAMES[one] for one in _CODED)]
    assert asked.question(dict.fromkeys(names, said)) == Question()


_CODED = (Filter.CHANNEL, Filter.TONE, Filter.TOPIC, Filter.FLAG, Filter.STATE)


@given(address=st.dictionaries(st.sampled_from([*asked.NAMES.values(), "tim", "tu", "den"]), st.text(max_size=20)))
def test_whatever_stands_in_an_address_is_one_question(address: dict[str, str]) -> None:
    question = asked.question(address)
    assert asked.question(asked.address(question)) == question
    assert question.text == one_line(address.get("tim", ""))
