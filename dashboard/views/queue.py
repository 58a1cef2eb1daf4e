"""Hàng chờ: the flagged stories of a tab, most urgent first, decided by one key each.

The tab, its page and its filters stand in the address. The page as drawn is held for the session (`dashboard.listing`);
it is read again when the whole page runs, and after somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import streamlit as st

from dashboard import acts, coverage, navigation, rows, session, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.listing import Listing, held, hold, listed, read_again
from dashboard.office import Office
from dashboard.views import queue_pane
from desk.accounts import Action, may
from index.account import Officer
from index.case import Priority, TrackState
from index.casebook_queue import Filters, QueueItem, Tab
from index.model import CaseId, Channel, FlagKind, OfficerName

PATH: Final = navigation.QUEUE
TITLE: Final = m.QUEUE
NEEDS: Final = Action.READ

_POLL_S: Final = 30
TAB: Final = "muc"
_PAGE: Final = "trang"
_STATE: Final = "tinh-trang"
_KIND: Final = "dau-hieu"
_CHANNEL: Final = "kenh"
_PRIORITY: Final = "muc-do"
_PLACE: Final = "dia-ban"
_WORDS: Final = "tim"
_LONGEST_NUMBER: Final = 5
_LONGEST: Final = 100
"""Of the words looked for; the address may say anything."""
_CHOICES: Final[Mapping[str, tuple[type[StrEnum], str, Mapping[Any, str]]]] = {
    _STATE: (TrackState, m.FILTER_STATE, words.STATES),
    _KIND: (FlagKind, m.FILTER_KIND, words.FLAGS),
    _CHANNEL: (Channel, m.FILTER_CHANNEL, words.CHANNELS),
    _PRIORITY: (Priority, m.FILTER_PRIORITY, words.PRIORITIES),
}
_Choice = TypeVar("_Choice", bound=StrEnum)


def render(office: Office, officer: Officer, now: datetime) -> None:
    acts.ask_nothing()
    coverage.line(office, officer, now)
    hold(_read(office, officer, now))
    _newcomers(office)
    _board(office)


# --- what the address asks for ---------------------------------------------------------------------------------------


def _read(office: Office, officer: Officer, now: datetime) -> Listing:
    before, filters, wanted = held(), _filters(), st.query_params.get(TAB, "")
    tab = Tab(wanted) if wanted in set(Tab) else Tab.INFORM
    number = _page_number()
    navigation.remember(PATH)
    page = office.desk.triage.queue(officer, tab, filters, page=number)
    if not page.items and page.total:
        number = 1
        page = office.desk.triage.queue(officer, tab, filters, page=number)
    return listed(page, officer=officer.name, tab=tab, filters=filters, number=number, drawn=now, before=before)


def _page_number() -> int:
    wanted = st.query_params.get(_PAGE, "1")
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) <= _LONGEST_NUMBER else 1


def _filters() -> Filters:
    return Filters(
        state=_wanted(TrackState, _STATE),
        kind=_wanted(FlagKind, _KIND),
        channel=_wanted(Channel, _CHANNEL),
        priority=_wanted(Priority, _PRIORITY),
        place=st.query_params.get(_PLACE) or None,
        words=st.query_params.get(_WORDS, "")[:_LONGEST],
    )


def _wanted(choices: type[_Choice], name: str) -> _Choice | None:
    wanted = st.query_params.get(name, "")
    return choices(wanted) if wanted in set(choices) else None


def _show(name: str, value: str | None) -> None:
    """Another tab, page or filter: into the address, and read anew from its first page."""
    if name != _PAGE:
        st.query_params.pop(_PAGE, None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    read_again()
    session.forget()


# --- drawing ------------------------------------------------------------------------------------------------------


@st.fragment(run_every=_POLL_S)
def _newcomers(office: Office) -> None:
    """What came since the page was drawn stands above it and waits to be asked for."""
    officer = session.still_here(acted=False)
    listing = held()
    count = office.desk.triage.opened_since(officer, listing.tab, listing.drawn) if listing is not None else 0
    if count and st.button(m.NEWCOMERS.format(n=count), key="reload"):
        st.rerun()


@st.fragment
def _board(office: Office) -> None:
    officer = session.still_here()
    now = session.now()
    listing = held()
    if listing is None or listing.stale:
        listing = _read(office, officer, now)
        hold(listing)
    _tabs(office, officer, listing)
    if navigation.is_phone():
        _rows(office, officer, now, listing)
        return
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _rows(office, officer, now, listing)
    with right, st.container(key="pane"):
        queue_pane.render(office, officer, now, listing)


def _tabs(office: Office, officer: Officer, listing: Listing) -> None:
    counts = office.desk.triage.counts(officer)
    with st.container(key="tabs", horizontal=True, vertical_alignment="center"):
        for tab in Tab:
            st.button(
                f"{words.TABS[tab]} {counts[tab]}",
                key=f"tab-{tab}{'-on' if tab is listing.tab else ''}",
                type="tertiary",
                on_click=_show,
                args=(TAB, tab.value),
            )
        with st.popover(m.FILTER, key="filter"):
            _choose_filters(office, listing.filters)
        if may(officer, Action.DECIDE) and st.button(m.ADD_TIP, key="add", type="tertiary"):
            navigation.go(navigation.TIP)


def _choose_filters(office: Office, filters: Filters) -> None:
    for name, (choices, title, meaning) in _CHOICES.items():
        _choose(name, title, {choice.value: str(meaning[choice]) for choice in choices})
    _choose(_PLACE, m.FILTER_PLACE, {place: w.label(place) for place in office.places})
    st.text_input(
        m.FILTER_WORDS,
        value=filters.words,
        key=f"filter-{_WORDS}",
        max_chars=_LONGEST,
        on_change=lambda: _show(_WORDS, st.session_state[f"filter-{_WORDS}"]),
    )


def _choose(name: str, title: str, options: Mapping[str, str]) -> None:
    wanted, values = st.query_params.get(name, ""), list(options)
    st.selectbox(
        title,
        values,
        index=values.index(wanted) if wanted in options else None,
        format_func=options.__getitem__,
        placeholder=m.FILTER_ANY,
        key=f"filter-{name}",
        on_change=lambda: _show(name, st.session_state[f"filter-{name}"]),
    )


def _rows(office: Office, officer: Officer, now: datetime, listing: Listing) -> None:
    if not listing.items:
        coverage.empty(office, officer, now, filtered=listing.filters != Filters())
        return
    names = {**office.names(officer), officer.name: m.MINE}
    with st.container(key=f"list-{listing.tab}-{listing.number}", gap=None):
        for position, item in enumerate(listing.items, start=listing.first):
            with st.container(key=f"row-{item.case.id}", gap=None):
                _row(office, now, listing, item, names)
                _button_over(item, position)
    if listing.pages > 1:
        _pager(listing)


def _row(office: Office, now: datetime, listing: Listing, item: QueueItem, names: Mapping[OfficerName, str]) -> None:
    drawn = replace(listing, chosen=None) if navigation.is_phone() else listing
    owner = item.case.owner and names.get(item.case.owner, item.case.owner)
    st.html(rows.row(item, drawn, now, agency=office.agency(item.case.agency), owner=owner))


def _button_over(item: QueueItem, position: int) -> None:
    """The button that lies over a whole line: it chooses the line; on a phone it opens the story."""
    case_id, label = item.case.id, m.CHOOSE_ROW.format(n=position)
    if not navigation.is_phone():
        st.button(label, key=f"choose-{case_id}", on_click=_choose_row, args=(case_id,))
    elif st.button(label, key=f"open-{case_id}"):
        navigation.go(navigation.STORY, story=item.case.story)


def _choose_row(case_id: CaseId) -> None:
    listing = held()
    if listing is not None:
        hold(listing.choose(case_id))


def _pager(listing: Listing) -> None:
    last = listing.first + len(listing.items) - 1
    with st.container(key="pager", horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(w.span("small", m.RANGE.format(first=listing.first, last=last, total=listing.total)))
        for label, number in ((m.EARLIER_PAGE, listing.number - 1), (m.NEXT_PAGE, listing.number + 1)):
            st.button(
                label,
                key=f"page-{number}",
                disabled=not 1 <= number <= listing.pages,
                on_click=_show,
                args=(_PAGE, str(number)),
            )
