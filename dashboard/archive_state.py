"""How the archive is, where it lies on a server: told above the sources, as it is no fault of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import streamlit as st

from dashboard import messages as m
from dashboard import say
from dashboard import widgets as w
from dashboard.office import Office
from index.elastic_state import FULLEST, Colour, State
from index.errors import ArchiveError


def line(office: Office, now: datetime, *, away: bool) -> None:
    """`away`: it could not be asked just now, and is not asked again."""
    said = [m.ARCHIVE_AWAY] if away else [*_faults(now.replace(second=0, microsecond=0), office)]
    waiting = office.outbox()
    if waiting.since is not None:
        said.append(m.OUTBOX_WAITS.format(n=waiting.articles, at=say.clock(waiting.since, now)))
    if said:
        st.html(w.block("warning", w.escaped(" ".join(said))))


@st.cache_data(ttl=timedelta(minutes=2), show_spinner=False)
def _faults(minute: datetime, _office: Office) -> tuple[str, ...]:  # noqa: ARG001  asked once a minute for everybody
    try:
        state = _office.archive_server()
    except ArchiveError as error:
        return (say.error(error),)
    return tuple(_said(state)) if state is not None else ()


def _said(state: State) -> Iterator[str]:
    if state.colour is Colour.RED:
        yield m.ARCHIVE_RED
    if state.closed:
        yield m.ARCHIVE_READ_ONLY
    if state.fullest > FULLEST:
        yield m.ARCHIVE_FULL
