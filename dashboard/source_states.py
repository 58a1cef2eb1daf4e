"""How every source is doing, counted from its readings at most once in five minutes for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import streamlit as st

from dashboard.office import Office
from index.clock import local
from index.health import WINDOW, Health, health
from index.model import SourceId
from index.source import Reading, ReadingOutcome

DAYS: Final = 14
_KEPT: Final = timedelta(minutes=5)
# What a day is shown as: the best that happened on it, so that one failed reading does not paint a good day red.
_BEST_FIRST: Final = (
    ReadingOutcome.NEW,
    ReadingOutcome.UNCHANGED,
    ReadingOutcome.LIMITED,
    ReadingOutcome.FAILED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """`strip` has a value a day, oldest first, None for days without a reading; `brought` counts new articles since
    yesterday, `notes` what was set aside in the last reading."""

    health: Health
    strip: tuple[tuple[date, ReadingOutcome | None], ...]
    brought: int
    notes: Mapping[str, int]


def states(office: Office, sources: Sequence[SourceId], now: datetime) -> Mapping[SourceId, SourceState]:
    """Raises `ArchiveError`."""
    start = now - timedelta(seconds=now.timestamp() % _KEPT.total_seconds())
    return _counted(tuple(sources), start, office)


@st.cache_data(ttl=_KEPT * 2, show_spinner=False)
def _counted(sources: tuple[SourceId, ...], at: datetime, _office: Office) -> dict[SourceId, SourceState]:
    return {source: _state(_office.archive.readings(source, since=at - WINDOW), at) for source in sources}


def _state(readings: Sequence[Reading], now: datetime) -> SourceState:
    yesterday = now - timedelta(days=1)
    return SourceState(
        health=health(readings),
        strip=_strip(readings, now),
        brought=sum(reading.tally.new for reading in readings if reading.at >= yesterday),
        notes=dict(readings[-1].notes) if readings else {},
    )


def _strip(readings: Sequence[Reading], now: datetime) -> tuple[tuple[date, ReadingOutcome | None], ...]:
    today = local(now).date()
    outcomes: dict[date, set[ReadingOutcome]] = {}
    for reading in readings:
        outcomes.setdefault(local(reading.at).date(), set()).add(reading.outcome)
    days = (today - timedelta(days=ago) for ago in reversed(range(DAYS)))
    return tuple((day, next((o for o in _BEST_FIRST if o in outcomes.get(day, ())), None)) for day in days)
