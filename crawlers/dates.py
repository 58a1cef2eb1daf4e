"""Publication times as outlets write them: in feeds, in the markup, in lines for readers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from index.clock import ZONE

EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
"""No outlet published on the web before; such a time (1970 above all) is a machine's default, not a date."""

_NUMBERED: Final = r"(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})"
_YEAR_FIRST: Final = r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})"
_CHINESE: Final = r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
_ISO_SPACED: Final = re.compile(r"^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s+([+-]\d{2}:?\d{2})$")
_ZONE: Final = re.compile(
    r"^[\s(\[,|-]*(?:(?:GMT|UTC)\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?"
    r"|(?P<sign2>[+-])(?P<hours2>\d{2}):?(?P<minutes2>\d{2})(?!\d)|(?P<utc>GMT|UTC|Z)\b)",
    re.IGNORECASE,
)
_RFC_822: Final = re.compile(
    r"(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{2}:?\d{2}|UTC?|GMT|Z|[A-Z]{1,2}[SD]?T))?",
    re.IGNORECASE,
)
_RFC_OFFSET: Final = re.compile(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d{2}))?\s*$", re.IGNORECASE)
_WIDEST_OFFSET: Final = timedelta(hours=14)
_NOON: Final = 12
_REACH: Final = 40
"""Characters around a date within which a time of day belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """The words of written dates, lower-case: before a month's number, before a year, between hour and minutes, names
    of months, before and after noon. Numbered dates need none of them."""

    month: frozenset[str] = frozenset()
    year: frozenset[str] = frozenset()
    hour: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    forenoon: frozenset[str] = frozenset()
    afternoon: frozenset[str] = frozenset()


class Dates:
    """Reads times with one language's words. A time without a zone is one of Asia/Ho_Chi_Minh; answers are UTC."""

    def __init__(self, words: DateWords) -> None:
        self._words = words
        halves = _either(words.forenoon | words.afternoon)
        self._time = re.compile(
            rf"(?<![\d:])(?P<hour>\d{{1,2}})\s?(?::|h|{_either(words.hour)})\s?(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?"
            rf"(?!\d)(?:\s?(?P<half>{halves})\b)?",
            re.IGNORECASE,
        )
        named = _either(words.months)
        patterns = [
            _YEAR_FIRST,
            _NUMBERED,
            _CHINESE,
            rf"(?P<day>\d{{1,2}})\s+(?:{_either(words.month)})\s+(?P<month>\d{{1,2}}),?\s+(?:(?:{_either(words.year)})\s+)?"
            r"(?P<year>\d{4})",
            rf"(?P<day>\d{{1,2}})\s+(?P<name>{named})\.?,?\s+(?P<year>\d{{4}})",
            rf"(?P<name>{named})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        ]
        self._dates = [re.compile(rf"(?<![\d/.\-]){pattern}(?!\d)", re.IGNORECASE) for pattern in patterns]

    def stated(self, value: str) -> datetime | None:
        """A time from a field made for it (feed, meta, attribute): ISO 8601, RFC 822, or as `written`."""
        value = " ".join(value.split())
        moment = _iso(value) or _rfc822(value)
        return _utc(moment) if moment else self.written(value)

    def written(self, line: str) -> datetime | None:
        """The first date in a line for readers ("Thứ bảy, 22/11/2025, 14:05 (GMT+7)"), with the time of day beside it.

        Day before month, always. A date alone is the start of its day.
        """
        found = [match for pattern in self._dates if (match := pattern.search(line))]
        for match in sorted(found, key=lambda match: match.start()):
            moment = self._moment(match, line)
            if moment:
                return _utc(moment)
        return None

    def _moment(self, date: re.Match[str], line: str) -> datetime | None:
        parts = date.groupdict()
        month = self._words.months[parts["name"].lower()] if parts.get("name") else int(parts["month"])
        hour, minute, second, zone = self._time_beside(date, line)
        try:
            return datetime(int(parts["year"]), month, int(parts["day"]), hour, minute, second, tzinfo=zone)
        except ValueError:
            return None

    def _time_beside(self, date: re.Match[str], line: str) -> tuple[int, int, int, tzinfo]:
        """Time of day after the date, else the nearest before it, else its start; with the zone that follows."""
        after = line[date.end() : date.end() + _REACH]
        before = line[max(0, date.start() - _REACH) : date.start()]
        time = self._time.search(after)
        rest = after[time.end() :] if time else after
        if time is None:
            time = next(iter(reversed(list(self._time.finditer(before)))), None)
        zone = _zone(rest) or (_zone(before[time.end() :]) if time and time.string is before else None) or ZONE
        if time is None:
            return 0, 0, 0, zone
        hour = int(time["hour"])
        half = (time["half"] or "").lower()
        if half in self._words.afternoon and hour < _NOON:
            hour += _NOON
        elif half in self._words.forenoon and hour == _NOON:
            hour = 0
        return hour, int(time["minute"]), int(time["second"] or 0), zone


def is_plausible(moment: datetime) -> bool:
    """Can an article on the web have this publication time? (That it lies ahead is judged where the clock is.)"""
    return moment >= EARLIEST


def _either(words: frozenset[str] | Mapping[str, int]) -> str:
    """Any of the words, longest first; matches nothing if there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _iso(value: str) -> datetime | None:
    # Vietnamnet writes "2026-03-07T08:52:11.000 +07:00" (2026-03), which fromisoformat refuses for its space.
    spaced = _ISO_SPACED.match(value)
    try:
        return datetime.fromisoformat(spaced[1] + spaced[2] if spaced else value)
    except ValueError:
        return None


def _rfc822(value: str) -> datetime | None:
    # Tuổi Trẻ's feeds write "GMT+7" where RFC 822 wants "+0700" (2025-11).
    value = _RFC_OFFSET.sub(lambda m: f"{m[1]}{int(m[2]):02}{m[3] or '00'}", value)
    # The library reads past what it does not know: "2:05 PM" would be five past two in the morning.
    if not _RFC_822.fullmatch(value):
        return None
    try:
        return parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None


def _zone(text: str) -> timezone | None:
    """The zone that a text begins with; a bare number with a sign is one only as ±HH:MM."""
    match = _ZONE.match(text)
    if not match:
        return None
    if match["utc"]:
        return UTC
    offset = timedelta(
        hours=int(match["hours"] or match["hours2"]), minutes=int(match["minutes"] or match["minutes2"] or 0)
    )
    if offset > _WIDEST_OFFSET:
        return None
    return timezone(offset if (match["sign"] or match["sign2"]) == "+" else -offset)


def _utc(moment: datetime) -> datetime | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONE)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
