"""How much of the sources the screen rests on: a line at the head, and what an empty queue means.

Counted at most once a minute for everybody: it holds no personal data and nothing that a role may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from dashboard import messages as m
from dashboard import navigation, say
from dashboard import widgets as w
from dashboard.office import Office
from desk.accounts import Action, may
from index.account import Officer
from index.errors import ArchiveError
from index.health import Condition, health
from index.model import SourceId

_RECENT: Final = timedelta(hours=26)
"""Longer than any source rests, so that the last reading of each is among those looked at."""
_LOST: Final = frozenset({Condition.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of the enabled sources: how many there are, how many answered last, when, and since when others do not."""

    sources: int
    answering: int
    lost: int
    last_read: datetime | None
    lost_since: datetime | None


def coverage(office: Office, officer: Officer, now: datetime) -> Coverage | None:
    """None while the archive cannot be asked."""
    enabled = tuple(entry.source.id for entry in office.desk.sources.enabled(by=officer))
    try:
        return _counted(enabled, now.replace(second=0, microsecond=0), office)
    except ArchiveError:
        return None


@st.cache_data(ttl=timedelta(minutes=2), show_spinner=False)
def _counted(sources: tuple[SourceId, ...], minute: datetime, _office: Office) -> Coverage:
    states = [health(_office.archive.readings(source, since=minute - _RECENT)) for source in sources]
    lost = [state for state in states if state.condition in _LOST]
    return Coverage(
        sources=len(sources),
        answering=sum(state.condition not in (*_LOST, Condition.UNREAD) for state in states),
        lost=len(lost),
        last_read=max((state.last_read for state in states if state.last_read), default=None),
        lost_since=min((state.failing_since for state in lost if state.failing_since), default=None),
    )


def line(office: Office, officer: Officer, now: datetime) -> None:
    """At the head of a page: how many sources were read up to when, and the way to those that were not."""
    known = coverage(office, officer, now)
    with st.container(key="coverage", horizontal=True, vertical_alignment="center"):
        if known is None:
            st.html(w.block("small", w.span("amber", m.ARCHIVE_AWAY)))
            return
        st.html(w.block("small", w.escaped(read_until(known, now))))
        if known.lost and may(officer, Action.READ_SOURCES):
            if st.button(m.SOURCES_LOST.format(n=known.lost), key="lost", type="tertiary"):
                navigation.go(navigation.SOURCES)
        elif known.lost:
            st.html(w.block("small", w.escaped(m.SOURCES_LOST.format(n=known.lost))))


def read_until(known: Coverage, now: datetime) -> str:
    if known.sources == 0:
        return m.NO_SOURCES
    if known.last_read is None:
        return m.NOT_READ_YET.format(sources=known.sources)
    return m.READ_UNTIL.format(read=known.answering, sources=known.sources, at=say.clock(known.last_read, now))


def empty(office: Office, officer: Officer, now: datetime, *, filtered: bool) -> None:
    """What an empty tab means: nothing left to do, nothing read, or a filter that lets nothing through."""
    known = coverage(office, officer, now)
    if filtered:
        words = m.EMPTY_FILTERED
    elif known is None:
        words = m.EMPTY_ARCHIVE_AWAY
    elif known.lost_since is not None:
        words = m.EMPTY_BUT_LOST.format(n=known.lost, since=say.clock(known.lost_since, now))
    elif known.last_read is None:
        words = m.EMPTY_NOT_READ
    else:
        words = m.EMPTY_DONE.format(at=say.clock(known.last_read, now), read=known.answering, sources=known.sources)
    st.html(w.block("empty", w.escaped(words)))
