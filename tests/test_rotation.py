"""Which backups stay, and when the next is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from config import rotation
from config.rotation import Rotation, is_due, moment_of, name_of, surplus
from config.values import Wrong, written
from index.clock import ZONE

NIGHT = datetime(2026, 11, 25, 1, 30, tzinfo=ZONE)
DAY = timedelta(days=1)


def nights(count: int) -> list[datetime]:
    return [NIGHT - DAY * number for number in range(count)]


@pytest.mark.parametrize(
    ("said", "days", "weeks"), [("7d 8w", 7, 8), ("7d", 7, 0), ("30d, 52w", 30, 52), ("1d 0w", 1, 0)]
)
def test_a_rotation_is_read_as_it_is_written(said: str, days: int, weeks: int) -> None:
    read = rotation.read(said)
    assert read == Rotation(days=days, weeks=weeks)
    assert rotation.read(written(read)) == read


@pytest.mark.parametrize("said", ["0d 8w", "7", "8w", "7d 8m", "", "-1d", 7, None, ["7d"]])
def test_a_rotation_that_would_keep_nothing_or_says_nothing_is_refused(said: object) -> None:
    with pytest.raises(Wrong):
        rotation.read(said)


def test_the_last_days_and_the_newest_of_the_last_weeks_stay() -> None:
    made = nights(60)
    stay = sorted(set(made) - surplus(made, Rotation(days=3, weeks=3)), reverse=True)
    # 25/11/2026 is a Wednesday; the weeks before it end on Sundays.
    assert [moment.day for moment in stay] == [25, 24, 23, 22, 15]


def test_of_one_day_the_newest_stays() -> None:
    made = [NIGHT, NIGHT + timedelta(hours=2), NIGHT + timedelta(hours=1)]
    assert surplus(made, Rotation(days=7, weeks=8)) == {made[0], made[2]}


def test_a_month_without_backups_makes_none_of_the_old_ones_too_old() -> None:
    made = [NIGHT, *(night - DAY * 30 for night in nights(3))]
    assert surplus(made, Rotation(days=7, weeks=0)) == set()


@given(st.lists(st.integers(0, 90), min_size=1, max_size=40), st.integers(1, 9), st.integers(0, 9))
@examples(max_examples=60)
def test_the_newest_always_stays(ages: list[int], days: int, weeks: int) -> None:
    made = {NIGHT - timedelta(hours=7) * age for age in ages}
    gone = surplus(made, Rotation(days=days, weeks=weeks))
    assert max(made) not in gone
    assert gone < made
    assert len(made - gone) <= days + weeks
    assert surplus(made - gone, Rotation(days=days, weeks=weeks)) == set()


def test_a_name_says_its_province_and_moment() -> None:
    assert name_of("tuyen-quang", NIGHT) == "kiemtin-tuyen-quang-20261125-013000.tar.gz"
    assert moment_of(name_of("tuyen-quang", NIGHT), "tuyen-quang") == NIGHT


@pytest.mark.parametrize(
    "name",
    [
        "kiemtin-phu-tho-20261125-013000.tar.gz",
        "kiemtin-tuyen-quang-20261125-013000.tar",
        "kiemtin-tuyen-quang-20261325-013000.tar.gz",
        "kiemtin-tuyen-quang-2026125-13000.tar.gz",
        "kiemtin-tuyen-quang-giu-lai.tar.gz",
        "copy of kiemtin-tuyen-quang-20261125-013000.tar.gz",
    ],
)
def test_a_name_of_somebody_else_is_none_of_ours(name: str) -> None:
    assert moment_of(name, "tuyen-quang") is None


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NIGHT, True),
        (NIGHT - DAY, NIGHT - timedelta(minutes=1), False),
        (NIGHT - DAY, NIGHT, True),
        (NIGHT, NIGHT + timedelta(hours=20), False),
        (NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=5), True),
        (NIGHT + DAY * 300, NIGHT, True),
    ],
    ids=["none", "not yet", "now", "made today", "missed in the night", "made by a wrong clock"],
)
def test_a_backup_is_due_once_a_day(last: datetime | None, now: datetime, due: bool) -> None:
    assert is_due([last] if last else [], time(1, 30), now) is due
