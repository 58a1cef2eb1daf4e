"""A question to the archive as the address of the search page says it, and back: a link opens the same page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from index.archive import Sort
from index.case import TrackState
from index.clock import local, start_of_day
from index.model import Channel, FlagKind, SourceId, Tone, Topic
from index.question import Filter, Question
from index.text import one_line

TEXT: Final = "tim"
FIRST: Final = "tu"
LAST: Final = "den"
SORT: Final = "thu-tu"
AFTER: Final = "sau"
NAMES: Final[Mapping[Filter, str]] = {
    Filter.SOURCE: "nguon",
    Filter.CHANNEL: "kenh",
    Filter.PLACE: "dia-ban",
    Filter.TONE: "sac-thai",
    Filter.TOPIC: "chu-de",
    Filter.FLAG: "dau-hieu",
    Filter.STATE: "tinh-trang",
    Filter.LANGUAGE: "ngon-ngu",
}
"""Of every filter that takes one value; time takes `FIRST` and `LAST`, days of the office, both included."""
LONGEST: Final = 200
"""Of any value; the address may say anything."""
_YEARS: Final = range(1990, 2100)
_DAY: Final = timedelta(days=1)
_Choice = TypeVar("_Choice", bound=StrEnum)


def question(address: Mapping[str, str]) -> Question:
    """What the address asks for; what it cannot mean is left out."""

    def text(name: str) -> str:
        return one_line(address.get(name, ""))[:LONGEST]

    def choice(choices: type[_Choice], one: Filter) -> _Choice | None:
        wanted = address.get(NAMES[one], "")
        return choices(wanted) if wanted in set(choices) else None

    first, last = _day(address.get(FIRST, "")), _day(address.get(LAST, ""))
    source = text(NAMES[Filter.SOURCE])
    return Question(
        text=text(TEXT),
        since=start_of_day(first) if first else None,
        until=start_of_day(last + _DAY) if last else None,
        source=SourceId(source) if source else None,
        channel=choice(Channel, Filter.CHANNEL),
        place=text(NAMES[Filter.PLACE]) or None,
        tone=choice(Tone, Filter.TONE),
        topic=choice(Topic, Filter.TOPIC),
        flag=choice(FlagKind, Filter.FLAG),
        state=choice(TrackState, Filter.STATE),
        language=text(NAMES[Filter.LANGUAGE]) or None,
        sort=Sort.RELEVANCE if address.get(SORT) == Sort.RELEVANCE else Sort.NEWEST,
    )


def address(of: Question) -> dict[str, str]:
    """The address of the first page of what a question finds."""
    first, last = days(of)
    values = {
        TEXT: of.text,
        FIRST: first and first.isoformat(),
        LAST: last and last.isoformat(),
        **{name: getattr(of, one) for one, name in NAMES.items()},
        SORT: of.sort if of.sort is not Sort.NEWEST else None,
    }
    return {name: str(value) for name, value in values.items() if value}


def days(of: Question) -> tuple[date | None, date | None]:
    """The first and the last day that a question lets through."""
    first = local(of.since).date() if of.since else None
    last = (local(of.until) - timedelta(microseconds=1)).date() if of.until else None
    return first, last


def month(name: str) -> tuple[date, date]:
    """The first and the last day of a month (`2026-11`)."""
    first = date.fromisoformat(f"{name}-01")
    return first, (first + 31 * _DAY).replace(day=1) - _DAY


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
