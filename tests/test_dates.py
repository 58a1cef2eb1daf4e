"""Publication times as outlets write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.dates import Dates, DateWords, is_plausible
from tests.reading import WORDS

DATES = Dates(WORDS)
MOMENT = datetime(2025, 11, 22, 7, 5, tzinfo=UTC)  # 14:05 in Vietnam
MIDNIGHT = datetime(2025, 11, 21, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "Thứ bảy, 22/11/2025, 14:05 (GMT+7)",
        "22/11/2025 | 14:05",
        "14:05 22/11/2025",
        "14:05 | 22/11/2025",
        "22/11/2025 14:05 GMT+7",
        "22/11/2025 14:05 (GMT+07:00)",
        "Thứ Bảy, 22/11/2025 - 14:05",
        "Cập nhật lúc 14h05 ngày 22-11-2025",
        "Ngày 22 tháng 11 năm 2025, 14 giờ 05",
        "14:05 ngày 22 tháng 11, 2025",
        "22/11/2025 2:05:00 CH",
        "22.11.2025 14:05",
        "2025-11-22 14:05",
        "November 22, 2025 2:05 PM",
        "22 Nov 2025, 07:05 GMT",
        "2025年11月22日 14:05",
    ],
)
@pytest.mark.fault(15)
def test_lines_for_readers_are_read_in_vietnamese_time(line: str) -> None:
    assert DATES.written(line) == MOMENT


@pytest.mark.parametrize(
    "value",
    [
        "2025-11-22T14:05:00+07:00",
        "2025-11-22T07:05:00Z",
        "2025-11-22T14:05:00.000 +07:00",
        "2025-11-22 14:05",
        "Sat, 22 Nov 2025 14:05:00 +0700",
        "Sat, 22 Nov 2025 14:05:00 GMT+7",
        "Sat, 22 Nov 2025 07:05:00 GMT",
        "Sat, 22 Nov 2025 14:05:00",
        "Sat, 22 Nov 2025 14:05:00 ICT",
        "22 Nov 2025 2:05 PM",
        "November 22, 2025 2:05 PM",
        "22/11/2025 2:05 CH",
        " 22/11/2025\n14:05 ",
    ],
)
def test_fields_made_for_times_are_read_with_their_zone(value: str) -> None:
    assert DATES.stated(value) == MOMENT


def test_a_date_alone_is_the_start_of_its_day_in_vietnam() -> None:
    assert DATES.written("Đăng ngày 22/11/2025") == MIDNIGHT
    assert DATES.stated("2025-11-22") == MIDNIGHT


def test_what_follows_a_time_is_no_zone_unless_it_reads_like_one() -> None:
    assert DATES.written("22/11/2025 14:05 - 20 bình luận") == MOMENT
    assert DATES.written("22/11/2025 14:05 +0700") == MOMENT
    assert DATES.written("22/11/2025 14:05 (GMT+99)") == MOMENT


def test_noon_and_midnight_of_the_twelve_hour_clock() -> None:
    assert DATES.written("22/11/2025 12:05 CH") == datetime(2025, 11, 22, 5, 5, tzinfo=UTC)
    assert DATES.written("22/11/2025 12:05 SA") == datetime(2025, 11, 21, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    ["2 giờ trước", "99/99/2025", "31/02/2025", "22/11", "", "12345678901234567890", "11/22/2025", "25:61 sáng nay"],
)
@pytest.mark.fault(15)
def test_what_names_no_day_is_not_guessed(line: str) -> None:
    assert DATES.written(line) is None


def test_words_of_another_language_are_only_read_when_they_are_given() -> None:
    assert Dates(DateWords()).written("22 tháng 11 năm 2025") is None
    assert Dates(DateWords()).written("22/11/2025 14:05") == MOMENT


def test_an_impossible_zone_or_year_is_no_time() -> None:
    assert DATES.stated("9999-12-31T23:59:59-10:00") is None
    assert DATES.stated("Sat, 22 Nov 99999 14:05:00 +0700") is None


def test_a_machine_default_is_not_a_plausible_time() -> None:
    assert not is_plausible(datetime(1970, 1, 1, tzinfo=UTC))
    assert is_plausible(MOMENT)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789/.-: hGMTUC+()thángnăm年月日 AMPMCHSA,|Nov"), max_size=60))
def test_no_line_breaks_the_reading_of_times(line: str) -> None:
    for moment in (DATES.written(line), DATES.stated(line)):
        assert moment is None or moment.utcoffset() is not None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60_000_000))
def test_a_written_time_comes_back_as_it_was(minutes: int) -> None:
    moment = datetime(1995, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    assert DATES.written(moment.strftime("%d/%m/%Y %H:%M (GMT)")) == moment
