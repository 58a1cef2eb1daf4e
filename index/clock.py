"""Time as an office counts it: Asia/Ho_Chi_Minh, in which the days begin."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def local(moment: datetime) -> datetime:
    """The same moment on the office's wall clock. Raises `ValueError` for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("naive time")
    return moment.astimezone(ZONE)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)


def is_future(moment: datetime, now: datetime) -> bool:
    """Is a stated publication time ahead of now, beyond what clocks of servers differ by?"""
    return moment - now > timedelta(minutes=10)
