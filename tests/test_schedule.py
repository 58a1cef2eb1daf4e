"""When sources and articles are read: each at the pace of what it brings, none bothered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.schedule import (
    LONGEST,
    Validators,
    after,
    asked_to_rest,
    due,
    needs_full_read,
    retry_after,
    visit_again,
    worth_reading,
)
from index.errors import (
    AddressRefused,
    CollectError,
    Limited,
    NameUnresolved,
    NotKept,
    Refused,
    RobotsUnreadable,
    TimedOut,
    Unreachable,
    Unreadable,
)
from index.model import Extent, SourceId
from index.source import Checkpoint, Known, Outcome, Source, Tally
from tests.reading import TIERS, source

NOW = datetime(2025, 11, 22, 7, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def outcome(new: int = 0, error: CollectError | None = None) -> Outcome:
    return Outcome(source_id=SourceId("bao-song-lo"), tally=Tally(new=new), error=error)


def then(before: Checkpoint, said: Outcome, of: Source | None = None, rest: timedelta = timedelta()) -> Checkpoint:
    return after(of or source(tier=1), before, said, Validators(etag='"7"'), now=NOW, tiers=TIERS, rest=rest)


# --- which sources are due


def test_a_source_is_due_when_its_time_has_come_and_never_while_it_is_switched_off() -> None:
    late, soon, off, fresh = (
        source(id=SourceId(name), enabled=name != "off") for name in ("late", "soon", "off", "fresh")
    )
    checkpoints = {
        late.id: Checkpoint(next_due=NOW - MINUTE),
        soon.id: Checkpoint(next_due=NOW + MINUTE),
        off.id: Checkpoint(next_due=NOW - DAY),
    }
    assert due([soon, late, off, fresh], checkpoints, NOW) == [fresh, late]


def test_a_time_written_by_a_clock_that_ran_ahead_is_not_waited_for() -> None:
    ahead = {source().id: Checkpoint(next_due=NOW + timedelta(days=365))}
    assert due([source()], ahead, NOW) == [source()]


# --- how soon again


def test_a_busy_source_is_read_at_the_pace_of_its_tier() -> None:
    assert then(Checkpoint(), outcome(new=3)).next_due == NOW + TIERS.tier1
    assert then(Checkpoint(), outcome(new=3), source(tier=3)).next_due == NOW + TIERS.tier3


def test_a_quiet_source_is_read_less_and_less_often_but_not_seldom() -> None:
    checkpoint = Checkpoint()
    paces = []
    for _ in range(20):
        checkpoint = then(checkpoint, outcome())
        paces.append(checkpoint.pace)
    assert paces == sorted(paces, key=lambda pace: pace or timedelta())
    assert paces[0] is not None
    assert TIERS.tier1 < paces[0] < paces[5]  # type: ignore[operator]
    assert paces[-1] == TIERS.tier1 * 8


def test_a_source_that_brings_something_again_is_read_sooner_again() -> None:
    quiet = Checkpoint(pace=TIERS.tier1 * 8)
    assert then(quiet, outcome(new=1)).pace == TIERS.tier1 * 4


def test_a_declared_pace_is_kept_whatever_a_source_brings() -> None:
    declared = source(every=7 * MINUTE)
    assert then(Checkpoint(pace=HOUR), outcome(), declared).next_due == NOW + 7 * MINUTE
    assert then(Checkpoint(), outcome(new=9), declared).next_due == NOW + 7 * MINUTE


def test_failures_are_waited_out_longer_each_time_and_forgotten_with_success() -> None:
    first = then(Checkpoint(pace=TIERS.tier1), outcome(error=TimedOut(url="x")))
    second = then(first, outcome(error=TimedOut(url="x")))
    assert (first.failures, first.next_due) == (1, NOW + TIERS.tier1)
    assert (second.failures, second.next_due) == (2, NOW + TIERS.tier1 * 2)
    many = then(Checkpoint(failures=500), outcome(error=TimedOut(url="x")))
    assert many.next_due == NOW + TIERS.tier1 * 8
    assert then(second, outcome(new=1)).failures == 0


def test_a_failure_keeps_what_is_known_of_the_start_page() -> None:
    before = Checkpoint(etag='"old"', full_read=NOW - HOUR)
    failed = then(before, outcome(error=TimedOut(url="x")))
    assert (failed.etag, failed.full_read) == ('"old"', NOW - HOUR)
    assert then(before, outcome()).etag == '"7"'


def test_a_server_that_asks_to_be_left_alone_is_left_alone() -> None:
    assert then(Checkpoint(), outcome(new=5), rest=3 * HOUR).next_due == NOW + 3 * HOUR
    assert then(Checkpoint(), outcome(error=Refused(status="429")), rest=3 * HOUR).next_due == NOW + 3 * HOUR
    assert asked_to_rest(Refused(status="503", retry_after="120"), NOW) == 2 * MINUTE
    assert asked_to_rest(Limited(until=NOW + HOUR), NOW) == HOUR
    assert asked_to_rest(TimedOut(url="x"), NOW) == timedelta()


@settings(max_examples=80, deadline=None)
@given(
    pace=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=400)),
    failures=st.integers(0, 10_000),
    new=st.none() | st.integers(0, 50),
    tier=st.integers(1, 3),
    rest=st.timedeltas(timedelta(), LONGEST),
)
def test_no_source_is_read_in_a_hot_loop_or_forgotten(
    pace: timedelta | None, failures: int, new: int | None, tier: int, rest: timedelta
) -> None:
    said = outcome(error=TimedOut(url="x")) if new is None else outcome(new=new)
    next_due = then(Checkpoint(pace=pace, failures=failures), said, source(tier=tier), rest).next_due
    assert next_due is not None
    assert TIERS.of(source(tier=tier)) <= next_due - NOW <= LONGEST


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("120", 2 * MINUTE),
        (" 5 ", timedelta(seconds=5)),
        ("Sat, 22 Nov 2025 08:05:00 GMT", HOUR),
        ("Sat, 22 Nov 2025 06:05:00 GMT", timedelta()),
        ("99999999999999999999", LONGEST),
        ("Sat, 22 Nov 2035 08:05:00 GMT", LONGEST),
        ("-5", timedelta()),
        ("soon", timedelta()),
        ("", timedelta()),
    ],
)
@pytest.mark.fault(32)
def test_retry_after_is_read_as_seconds_or_a_date_and_kept_within_reason(value: str, rest: timedelta) -> None:
    assert retry_after(value, NOW) == rest


def test_once_a_day_a_source_is_read_without_asking_whether_it_changed() -> None:
    assert needs_full_read(Checkpoint(), NOW)
    assert needs_full_read(Checkpoint(full_read=NOW - DAY), NOW)
    assert not needs_full_read(Checkpoint(full_read=NOW - 23 * HOUR), NOW)
    assert needs_full_read(Checkpoint(full_read=NOW + 23 * HOUR), NOW), "the clock was set back"


# --- visits


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (TimedOut(), True),
        (Unreachable(), True),
        (NameUnresolved(), True),
        (NotKept(), True),
        (RobotsUnreadable(), True),
        (Refused(status="503"), True),
        (Refused(status="429"), True),
        (Refused(status="404"), False),
        (Refused(status="403"), False),
        (AddressRefused(), False),
        (Unreadable(expected="article", found="pdf"), False),
    ],
    ids=str,
)
def test_a_page_that_somebody_asked_for_is_tried_again_where_the_cause_may_pass(
    error: CollectError, again: bool
) -> None:
    assert (visit_again(error, 1, NOW) is not None) is again
    assert visit_again(error, 5, NOW) is None


def test_a_page_is_not_tried_sooner_than_its_server_asked() -> None:
    assert visit_again(Refused(status="503", retry_after="7200"), 1, NOW) == NOW + 2 * HOUR


# --- which articles


def known(collected: timedelta, read: timedelta, extent: Extent = Extent.PAGE) -> Known:
    return Known(version=1, collected=NOW - collected, read=NOW - read, extent=extent)


def test_an_article_never_read_is_read() -> None:
    assert worth_reading(None, None, NOW)


def test_an_article_that_its_source_says_changed_is_read_again() -> None:
    held = known(collected=2 * MINUTE, read=2 * MINUTE)
    assert worth_reading(held, NOW - MINUTE, NOW)
    assert not worth_reading(held, NOW - HOUR, NOW)
    assert not worth_reading(held, NOW + DAY, NOW), "a time ahead would ask for it in every round"


def test_an_article_is_read_again_at_growing_intervals_for_a_week() -> None:
    assert not worth_reading(known(collected=30 * MINUTE, read=30 * MINUTE), None, NOW)
    assert worth_reading(known(collected=HOUR, read=HOUR), None, NOW)
    assert not worth_reading(known(collected=10 * HOUR, read=4 * HOUR), None, NOW)
    assert worth_reading(known(collected=10 * HOUR, read=5 * HOUR), None, NOW)
    assert not worth_reading(known(collected=8 * DAY, read=5 * DAY), None, NOW)


def test_over_a_week_a_page_is_asked_for_a_handful_of_times() -> None:
    collected = read = NOW
    asked = 0
    for minutes in range(0, 7 * 24 * 60, 5):
        now = NOW + minutes * MINUTE
        if worth_reading(Known(version=1, collected=collected, read=read, extent=Extent.PAGE), None, now):
            asked += 1
            read = now
    assert asked == 8


def test_a_page_that_refused_is_tried_again_sooner() -> None:
    assert worth_reading(known(collected=20 * MINUTE, read=20 * MINUTE, extent=Extent.FEED), None, NOW)
    assert not worth_reading(known(collected=20 * MINUTE, read=20 * MINUTE), None, NOW)
