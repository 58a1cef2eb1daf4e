"""The form for a source that the profile does not have; what it reads is checked by the next round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import messages as m
from dashboard import session, words
from dashboard.office import Office
from index.casebook_register import Registered
from index.model import Channel, SourceId
from index.source import Source
from index.text import fold, one_line
from index.url import canonical_url

_READABLE: Final = tuple(channel for channel in Channel if channel is not Channel.PUBLIC)
_TIERS: Final = (1, 2, 3)


def render(office: Office, entries: Sequence[Registered]) -> None:
    with st.expander(m.ADD_SOURCE), st.form("add-source", border=False):
        st.text_input(m.SOURCE_NAME, key="new-source-name", max_chars=120)
        st.text_input(m.SOURCE_ADDRESS, key="new-source-url", max_chars=2000)
        left, middle, right = st.columns(3)
        left.selectbox(m.SOURCE_COLLECTOR, office.collectors, key="new-source-collector")
        middle.selectbox(m.FILTER_CHANNEL, _READABLE, format_func=words.CHANNELS.__getitem__, key="new-source-channel")
        right.selectbox(m.SOURCE_TIER, _TIERS, index=1, format_func=m.TIERS.__getitem__, key="new-source-tier")
        st.form_submit_button(m.ADD_SOURCE_NOW, on_click=_add, args=(office, {entry.source.id for entry in entries}))


def _add(office: Office, taken: set[SourceId]) -> None:
    name = one_line(st.session_state["new-source-name"])
    url = canonical_url(st.session_state["new-source-url"])
    if not name or url is None:
        session.tell(m.SOURCE_INCOMPLETE, failed=True)
        return
    source = Source(
        id=_free_id(name, taken),
        name=name,
        channel=Channel(st.session_state["new-source-channel"]),
        collector=st.session_state["new-source-collector"],
        url=url,
        tier=st.session_state["new-source-tier"],
    )
    if session.act(lambda by, at: office.desk.sources.add(source, by=by, at=at)) is not None:
        session.tell(m.SOURCE_ADDED.format(name=name))


def _free_id(name: str, taken: set[SourceId]) -> SourceId:
    """The name in letters an id may have, with a number behind it if there is such a source already."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "nguon"
    number = 1
    while SourceId(plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    return SourceId(plain if number == 1 else f"{plain}-{number}")
