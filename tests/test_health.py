"""A quiet source, a dead source and a used-up quota never look alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from index.health import FEWEST_GAPS, Condition, health
from index.model import SourceId
from index.source import Reading, ReadingOutcome, Tally

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SOURCE = SourceId("bao-a")


def reading(ago: timedelta, outcome: ReadingOutcome, error: str | None = None) -> Reading:
    new = 3 if outcome is ReadingOutcome.NEW else 0
    return Reading(source_id=SOURCE, at=NOW - ago, outcome=outcome, tally=Tally(new=new), error=error)


def every_two_hours(until: timedelta, count: int = 60) -> list[Reading]:
    return [reading(until + timedelta(hours=2 * n), ReadingOutcome.NEW) for n in reversed(range(count))]


def test_a_source_that_was_never_read_says_so() -> None:
    assert health([]).condition is Condition.UNREAD


def test_a_source_is_silent_only_against_its_own_habit() -> None:
    usual = every_two_hours(timedelta(hours=3))
    assert health(usual).condition is Condition.WELL
    quiet = [*every_two_hours(timedelta(hours=31)), reading(timedelta(0), ReadingOutcome.UNCHANGED)]
    found = health(quiet)
    assert (found.condition, found.silent_for, found.habit) == (
        Condition.SILENT, timedelta(hours=31), timedelta(hours=2)
    )  # fmt: skip


def test_a_weekly_source_is_not_silent_after_two_days() -> None:
    weekly = [reading(timedelta(days=2 + 7 * n), ReadingOutcome.NEW) for n in reversed(range(12))]
    assert health(weekly).condition is Condition.WELL


def hourly(days: int, until: datetime, *, brings: bool = True) -> list[Reading]:
    """Read every hour; brings something between 6 and 22 o'clock."""
    times = [until - timedelta(hours=hours) for hours in reversed(range(days * 24 + 1))]
    brought = {True: ReadingOutcome.NEW, False: ReadingOutcome.UNCHANGED}
    return [reading(NOW - at, brought[brings and 6 <= at.hour < 22]) for at in times]


def test_a_night_as_every_night_is_no_silence() -> None:
    assert health(hourly(14, NOW.replace(hour=5))).condition is Condition.WELL


def test_time_in_which_a_source_could_not_be_read_is_not_silence() -> None:
    last = NOW - timedelta(days=2)
    unread = [reading(timedelta(hours=hours), ReadingOutcome.FAILED, "timed_out") for hours in reversed(range(47))]
    found = health([*hourly(14, last), *unread])
    assert found.condition is Condition.FAILED
    assert found.silent_for == timedelta(0)


def test_what_a_source_did_this_morning_is_no_habit() -> None:
    assert health(every_two_hours(timedelta(hours=1), count=20)).habit is None


def test_silence_is_unknown_before_a_habit_is() -> None:
    few = every_two_hours(timedelta(days=3), count=FEWEST_GAPS)
    found = health([*few, reading(timedelta(0), ReadingOutcome.UNCHANGED)])
    assert (found.condition, found.silent_for, found.habit) == (Condition.WELL, None, None)


def test_a_failing_source_says_since_when_and_why() -> None:
    failing = [
        *every_two_hours(timedelta(hours=9)),
        reading(timedelta(hours=2), ReadingOutcome.FAILED, "timed_out"),
        reading(timedelta(hours=1), ReadingOutcome.FAILED, "refused"),
    ]
    found = health(failing)
    assert (found.condition, found.failures, found.error) == (Condition.FAILED, 2, "refused")
    assert found.failing_since == NOW - timedelta(hours=2)
    assert found.last_success == NOW - timedelta(hours=9)


def test_a_used_up_quota_is_no_failure() -> None:
    limited = health([reading(timedelta(hours=1), ReadingOutcome.LIMITED, "limited")])
    assert (limited.condition, limited.failures) == (Condition.LIMITED, 0)


def test_one_good_reading_ends_a_failure() -> None:
    mended = [reading(timedelta(hours=2), ReadingOutcome.FAILED, "refused"),
              reading(timedelta(hours=1), ReadingOutcome.UNCHANGED)]  # fmt: skip
    found = health(mended)
    assert (found.condition, found.failures, found.failing_since) == (Condition.WELL, 0, None)


@given(st.lists(st.sampled_from(list(ReadingOutcome)), min_size=1, max_size=40))
def test_only_the_last_reading_makes_a_source_failed(outcomes: list[ReadingOutcome]) -> None:
    readings = [reading(timedelta(hours=len(outcomes) - n), outcome) for n, outcome in enumerate(outcomes)]
    assert (health(readings).condition is Condition.FAILED) == (outcomes[-1] is ReadingOutcome.FAILED)
