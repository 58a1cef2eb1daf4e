"""How a source is doing, from the readings it has had. Quiet, dead and used-up are three different things. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from index.source import Reading, ReadingOutcome

WINDOW: Final = timedelta(days=30)
"""How far back a habit is looked for."""
FEWEST_GAPS: Final = 8
"""A habit is known once a source has brought something new this often."""
SHORTEST_SPAN: Final = timedelta(days=3)
"""… and over at least so long; what a source did this morning is no habit."""
UNUSUAL: Final = 2.0
"""Silent against its habit: this many times longer without anything new than nineteen in twenty of its gaps."""
SHORTEST_SILENCE: Final = timedelta(hours=12)
"""A night without news is none, even of a source that brings some every hour of the day."""

LONGEST_PAUSE: Final = timedelta(days=30)
"""An office's service rests no longer than this; its machine's clock may be wrong instead."""


class Condition(StrEnum):
    UNREAD = "unread"
    WELL = "well"
    SILENT = "silent"
    LIMITED = "limited"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source now. `habit` is the gap that nineteen in twenty of its gaps stay under; None while it is not known.

    `silent_for` is the time from when it last brought something new to when it was last heard, None while the habit is
    not known: time in which it could not be read is not silence. `failures` counts the readings that failed since the
    last one that did not, `failing_since` is the first of them.
    """

    condition: Condition
    last_read: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    detail: str = ""
    habit: timedelta | None = None
    silent_for: timedelta | None = None


def health(readings: Sequence[Reading]) -> Health:
    """The health of a source whose readings, oldest first, are given."""
    if not readings:
        return Health(condition=Condition.UNREAD)
    last = readings[-1]
    failed = _failed_at_the_end(readings)
    successes = [r.at for r in readings if r.outcome in (ReadingOutcome.NEW, ReadingOutcome.UNCHANGED)]
    news = [r.at for r in readings if r.tally.new]
    habit = _habit(news)
    silent_for = successes[-1] - news[-1] if habit is not None else None
    return Health(
        condition=_condition(last, silent_for, habit),
        last_read=last.at,
        last_success=successes[-1] if successes else None,
        last_new=news[-1] if news else None,
        failures=len(failed),
        failing_since=failed[0].at if failed else None,
        error=last.error,
        detail=last.detail,
        habit=habit,
        silent_for=silent_for,
    )


def pause(readings: Sequence[datetime], now: datetime) -> tuple[datetime, datetime] | None:
    """The last `LONGEST_PAUSE` or more in which nothing was read at all, if readings have not gone on as long since.

    Readings ahead of now are of a clock that has since been set back, and say nothing.
    """
    spans = [
        span
        for span in pairwise([*sorted(at for at in readings if at <= now), now])
        if span[1] - span[0] > LONGEST_PAUSE
    ]
    return spans[-1] if spans and now - spans[-1][1] < LONGEST_PAUSE else None


def _condition(last: Reading, silent_for: timedelta | None, habit: timedelta | None) -> Condition:
    if last.outcome is ReadingOutcome.FAILED:
        return Condition.FAILED
    if last.outcome is ReadingOutcome.LIMITED:
        return Condition.LIMITED
    if silent_for is not None and habit is not None and silent_for > max(habit * UNUSUAL, SHORTEST_SILENCE):
        return Condition.SILENT
    return Condition.WELL


def _failed_at_the_end(readings: Sequence[Reading]) -> Sequence[Reading]:
    start = len(readings)
    while start and readings[start - 1].outcome is ReadingOutcome.FAILED:
        start -= 1
    return readings[start:]


def _habit(news: Sequence[datetime]) -> timedelta | None:
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(news)]
    if len(gaps) < FEWEST_GAPS or news[-1] - news[0] < SHORTEST_SPAN:
        return None
    return timedelta(seconds=statistics.quantiles(gaps, n=20)[-1])
