"""Days begin in Hà Nội, wherever a clock stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clock import is_future, local, start_of_day

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_wall_clock_is_seven_hours_ahead_of_utc() -> None:
    assert local(NOON).isoformat() == "2026-03-02T19:00:00+07:00"
    assert local(datetime(2026, 3, 2, 17, 0, tzinfo=UTC)).date() == date(2026, 3, 3)


def test_a_naive_time_has_no_wall_clock() -> None:
    with pytest.raises(ValueError, match="naive"):
        local(NOON.replace(tzinfo=None))


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_lies_in_its_day_and_in_no_other(moment: datetime) -> None:
    day = local(moment).date()
    assert start_of_day(day) <= moment < start_of_day(day + timedelta(days=1))


@pytest.mark.parametrize(("ahead", "future"), [(-60, False), (0, False), (10, False), (11, True), (60 * 24, True)])
def test_a_time_is_of_the_future_beyond_what_clocks_differ_by(ahead: int, future: bool) -> None:
    assert is_future(NOON + timedelta(minutes=ahead), NOON) is future
