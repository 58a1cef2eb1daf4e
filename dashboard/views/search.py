"""Tìm kiếm: the whole archive, with or without marks, narrowed by what the address says.

The search runs beside the script: what was found is drawn when it is there, the counts when they are, and a page that
keeps its officer waiting can be left for a narrower one.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import asked, navigation, notice, say
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.views import search_filters, search_hits, search_keep
from dashboard.views.search_filters import Choices
from desk.accounts import Action
from desk.search import Answer
from index.account import Officer
from index.archive import Counted, Facet, Sort
from index.clock import local, start_of_day
from index.errors import ArchiveError
from index.question import Filter, Question

PATH: Final = navigation.SEARCH
TITLE: Final = m.SEARCH
NEEDS: Final = Action.READ

_AT_ONCE: Final = 4
"""Searches at once, of all officers together; others wait for their turn."""
_SEARCHERS: Final = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="search")
_LOOK_S: Final = 0.2
_SLOW_S: Final = 5.0
_SKELETON: Final = 320
_LAST_DAYS: Final = timedelta(days=30)
_SORTS: Final = {Sort.NEWEST: m.SORT_NEWEST, Sort.RELEVANCE: m.SORT_RELEVANCE}
_Result = TypeVar("_Result")


def render(office: Office, officer: Officer, now: datetime) -> None:
    phone = navigation.is_phone()
    question, after = asked.question(st.query_params.to_dict()), st.query_params.get(asked.AFTER)
    navigation.remember(PATH)
    finding = _SEARCHERS.submit(office.desk.search.find, question, by=officer, after=after)
    counting = _SEARCHERS.submit(office.desk.search.facets, question, by=officer)
    known = search_filters.choices(office, officer)
    try:
        notice.draw(office)
        help_line = _words(question)
        with st.container(key="search-bar", horizontal=True, vertical_alignment="center"):
            counts = _filters(question, known, phone=phone)
            exporting = st.container(key="exporting", horizontal=True, horizontal_alignment="right")
            search_keep.saved(office, officer, question)
        search_filters.chips(question, known)
        beside, hits = (counts, st.container()) if phone else st.columns([1, 4], gap="medium")
        with hits:
            answer = _awaited("hits", finding, question, now)
            if answer is None:
                return
            if answer.total:
                _found(office, officer, question, answer, now)
            else:
                _nothing(office, officer, question, known)
        help_line.html(_help(m.FOUND.format(n=say.number(answer.total))))
        if answer.total:
            with exporting:
                search_keep.export(office, officer, question, answer.total, now)
            with beside:
                counted = _awaited("counts", counting, question, now)
                if counted is not None:
                    help_line.html(_help(_sum(answer.total, counted[Facet.STORY])))
                    with st.container(key="facets", gap=None):
                        search_filters.counts(question, counted, answer.total, known)
    finally:
        finding.cancel()
        counting.cancel()


# --- what is asked ------------------------------------------------------------------------------------------------


def _words(question: Question) -> DeltaGenerator:
    """The field and its button; the place of the line below, which says how to write and then how much was found."""
    key = f"search-text-{question.text}"
    with (
        st.form("search-form", border=False, enter_to_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            m.SEARCH_WORDS,
            value=question.text,
            placeholder=m.SEARCH_WORDS,
            key=key,
            max_chars=asked.LONGEST,
            label_visibility="collapsed",
        )
        st.form_submit_button(m.FIND, type="primary", on_click=lambda: _ask(question, st.session_state[key]))
    line = st.empty()
    line.html(_help(""))
    return line


def _ask(question: Question, text: str) -> None:
    search_filters.show(asked.question({**asked.address(question), asked.TEXT: text}))


def _help(found: str) -> str:
    return w.block("small kt-sides", w.span("help", m.SEARCH_HELP), w.span("strong", found))


def _sum(total: int, stories: Counted) -> str:
    """How many articles and stories there are; at least so many where not all were counted."""
    form = m.FOUND_STORIES if stories.of == total else m.FOUND_STORIES_AT_LEAST
    return form.format(n=say.number(total), stories=say.number(len(stories.counts)))


def _filters(question: Question, known: Choices, *, phone: bool) -> DeltaGenerator:
    """What narrows the search: side by side, or all in one on a phone. There the counts go where this says."""
    if not phone:
        search_filters.bar(question, known)
        return st.container()
    with st.popover(m.FILTER, key="filter"):
        for one in Filter:
            search_filters.choose(question, one, known)
        return st.container()


# --- what was found -----------------------------------------------------------------------------------------------


def _found(office: Office, officer: Officer, question: Question, answer: Answer, now: datetime) -> None:
    if question.text:
        key = f"sort-{question.sort}"
        st.segmented_control(
            m.SORTED,
            list(_SORTS),
            default=question.sort,
            format_func=_SORTS.__getitem__,
            key=key,
            label_visibility="collapsed",
            required=True,
            on_change=lambda: search_filters.show(replace(question, sort=st.session_state[key])),
        )
    search_hits.draw(office, officer, question, answer, now)


def _nothing(office: Office, officer: Officer, question: Question, known: Choices) -> None:
    """That nothing was found, what hides most, and since when there are articles."""
    advice = office.desk.search.advice(question, by=officer)
    if advice.since is None:
        st.html(w.block("empty", m.NOTHING_AT_ALL))
        return
    sentences = [m.NOTHING_FOUND, m.ARTICLES_SINCE.format(month=f"{advice.since:%m/%Y}")]
    if advice.drop is not None:
        sentences.insert(1, m.TRY_WITHOUT.format(filter=search_filters.said(question, advice.drop, known)))
    st.html(w.block("empty", w.escaped(" ".join(sentences))))
    if advice.drop is not None:
        with st.container(horizontal_alignment="center"):
            st.button(m.DROP_FILTER, key="drop", on_click=search_filters.show, args=(question.without(advice.drop),))


# --- waiting ------------------------------------------------------------------------------------------------------


def _awaited(what: str, work: Future[_Result], question: Question, now: datetime) -> _Result | None:
    """What the search answers; None where the archive is away, and then that is said. `what` names the work.

    After five seconds a narrower search is offered.
    """
    waiting = st.empty()
    started, offered = time.monotonic(), False
    if not wait([work], timeout=_LOOK_S).done:
        waiting.skeleton(height=_SKELETON)
    while not wait([work], timeout=_LOOK_S).done:
        # A look at the session is where Streamlit ends this run when something was pressed meanwhile.
        st.session_state.get(asked.TEXT)
        if not offered and time.monotonic() - started > _SLOW_S:
            offered = True
            with waiting.container():
                _offer_less(question, now, what)
    waiting.empty()
    try:
        return work.result()
    except ArchiveError:
        st.html(w.block("warning", m.SEARCH_AWAY))
        return None


def _offer_less(question: Question, now: datetime, what: str) -> None:
    st.html(w.block("notice", m.SEARCH_SLOW))
    since = start_of_day((local(now) - _LAST_DAYS).date())
    if question.since is None or question.since < since:
        less = replace(question, since=since, until=None)
        st.button(m.NARROW, key=f"narrow-{what}", help=m.NARROW_HELP, on_click=search_filters.show, args=(less,))
    st.skeleton(height=_SKELETON)
