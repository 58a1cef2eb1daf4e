"""Which sources a page rests on: those that answer now, those that do not, and on which days one could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from desk.daily import SourceLost
from index.archive import Archive
from index.clock import local, start_of_day
from index.health import Condition, health
from index.model import SourceId
from index.source import Reading, ReadingOutcome, Source

UNHEARD: Final = timedelta(hours=26)
"""Longer than any source rests: one that was not read for so long is lost, whatever its last reading was."""
OUTAGE: Final = timedelta(hours=1)
"""A shorter failure loses nothing: feeds still hold what came meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The enabled sources at a moment. `count_on` counts those of each day, `lost_on` those of them that could not be
    read for a part of it; `read_on` are the days with a reading at all.

    A source counts from the day on which it was registered or read for the first time. `heard` is when each last
    answered before the time asked, within these days.
    """

    count: int
    lost: tuple[SourceLost, ...]
    count_on: Counter[date]
    lost_on: Counter[date]
    read_on: frozenset[date]
    heard: Mapping[SourceId, datetime]


def sources_at(
    archive: Archive,
    enabled: Sequence[Source],
    registered: Mapping[str, datetime],
    days: Sequence[date],
    *,
    before: datetime,
    now: datetime,
) -> Sources:
    """`registered` is when sources came into the register, by id; `before` is the time of `Sources.heard`."""
    lost: list[SourceLost] = []
    began: dict[SourceId, date] = {}
    days_lost: dict[SourceId, Sequence[date]] = {}
    read_on: set[date] = set()
    heard: dict[SourceId, datetime] = {}
    for source in enabled:
        readings = [one for one in archive.readings(source.id, since=start_of_day(days[0])) if one.at <= now]
        gone = _gone(source, readings, now)
        if gone is not None:
            lost.append(gone)
        read_on.update(local(one.at).date() for one in readings)
        answered = [one.at for one in readings if one.at < before and one.outcome is not ReadingOutcome.FAILED]
        if answered:
            heard[source.id] = answered[-1]
        began[source.id] = _began(readings, registered.get(source.id), days)
        days_lost[source.id] = list(_days_lost(readings, days, now))
    counted = {source: {day for day in days if day >= since} for source, since in began.items()}
    return Sources(
        count=len(enabled),
        lost=tuple(lost),
        count_on=Counter(day for some in counted.values() for day in some),
        lost_on=Counter(day for source, some in days_lost.items() for day in some if day in counted[source]),
        read_on=frozenset(read_on),
        heard=heard,
    )


def _began(readings: Sequence[Reading], registered: datetime | None, days: Sequence[date]) -> date:
    """The day from which a source counts."""
    known = [at for at in (registered, readings[0].at if readings else None) if at is not None]
    return local(min(known)).date() if known else days[0]


def _gone(source: Source, readings: Sequence[Reading], now: datetime) -> SourceLost | None:
    state = health(readings)
    if state.condition is Condition.UNREAD or state.last_read is None:
        return SourceLost(id=source.id, name=source.name, since=None)
    if state.condition is Condition.FAILED:
        return SourceLost(id=source.id, name=source.name, since=state.failing_since)
    if now - state.last_read > UNHEARD:
        return SourceLost(id=source.id, name=source.name, since=state.last_read)
    return None


def _days_lost(readings: Sequence[Reading], days: Sequence[date], now: datetime) -> Iterator[date]:
    """The days on which a source was not heard at all, or failed for long."""
    heard = {local(one.at).date() for one in readings if one.outcome is not ReadingOutcome.FAILED}
    failing = [(local(since).date(), local(until).date()) for since, until in _outages(readings, now)]
    for day in days:
        if day not in heard or any(first <= day <= last for first, last in failing):
            yield day


def _outages(readings: Sequence[Reading], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From the first failure to the next answer, where that took long."""
    since: datetime | None = None
    for one in readings:
        if one.outcome is ReadingOutcome.FAILED:
            since = since or one.at
            continue
        if since is not None and one.at - since >= OUTAGE:
            yield since, one.at
        since = None
    if since is not None and now - since >= OUTAGE:
        yield since, now
