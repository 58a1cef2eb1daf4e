"""What an officer says about the story itself: who answers for it, where and what it is, what it belongs to."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import acts, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.views.story_open import Open
from desk.triage import Seen
from index.errors import CaseNotFound
from index.model import CaseId, Topic

_LONGEST_ID: Final = 20


def render(opened: Open) -> None:
    _agency(opened)
    with st.expander(m.PLACE_AND_TOPIC):
        _place(opened)
        _topic(opened)
        if not opened.view.away:
            _join(opened)
            _split(opened)


def _agency(opened: Open) -> None:
    """The agency that topic and place propose stands first."""
    office, view, case, seen = opened.office, opened.view, opened.case, opened.seen
    names = {agency.id: w.label(agency.name) for agency in office.desk.agencies}
    proposed = view.proposed.id if view.proposed is not None else None
    key = f"agency-{case.id}"
    order = [*([proposed] if proposed else []), *(agency for agency in names if agency != proposed)]
    st.selectbox(
        m.ROUTE_WHERE,
        order,
        index=order.index(case.agency) if case.agency in order else None,
        format_func=names.__getitem__,
        placeholder=m.PROPOSED.format(agency=names[proposed]) if proposed else m.CHOOSE_AGENCY,
        key=key,
        on_change=lambda: acts.route(office, seen, st.session_state[key]) if st.session_state[key] else None,
    )


def _place(opened: Open) -> None:
    office, case, seen = opened.office, opened.case, opened.seen
    title = opened.view.card.title if opened.view.card is not None else case.id
    key = f"place-{case.id}"
    st.selectbox(
        m.WHERE,
        list(office.places),
        index=None,
        format_func=w.label,
        placeholder=m.WHERE_CHOOSE,
        key=key,
        on_change=lambda: acts.place(office, seen, st.session_state[key]) if st.session_state[key] else None,
    )
    st.button(m.NOT_OURS, key=f"not-ours-{case.id}", on_click=acts.not_ours, args=(office, seen, title))


def _topic(opened: Open) -> None:
    office, case, seen = opened.office, opened.case, opened.seen
    key = f"topic-{case.id}"
    st.selectbox(
        m.TOPIC,
        list(Topic),
        index=None,
        format_func=words.TOPICS.__getitem__,
        placeholder=m.TOPIC_CHOOSE,
        key=key,
        on_change=lambda: acts.topic(office, seen, st.session_state[key]) if st.session_state[key] else None,
    )


def _join(opened: Open) -> None:
    """By the code of the other case; its headline is shown before anything is joined."""
    office, case, seen = opened.office, opened.case, opened.seen
    typed = st.text_input(m.JOIN_ID, key=f"join-{case.id}", max_chars=_LONGEST_ID).strip().upper()
    if not typed or typed == case.id:
        return
    try:
        other = office.desk.stories.of_case(CaseId(typed), by=opened.officer)
    except CaseNotFound:
        st.html(w.block("small", m.JOIN_UNKNOWN))
        return
    if other.case is None or other.card is None:
        return
    st.html(w.block("small", w.escaped(m.JOIN_INTO.format(title=other.card.title))))
    into = Seen(case_id=other.case.id, revision=other.case.revision)
    st.button(m.JOIN, key=f"join-now-{case.id}", on_click=acts.join, args=(office, seen, into))


def _split(opened: Open) -> None:
    """One choice for all articles: a button at each makes a large story slow to open."""
    office, view, case, seen = opened.office, opened.view, opened.case, opened.seen
    if len(view.story.articles) == 1:
        return
    named = {of.article.id: f"{w.label(of.outlet)}: {w.label(of.article.title)}" for of in view.articles}
    key = f"split-{case.id}"
    st.selectbox(
        m.SPLIT,
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=m.SPLIT_CHOOSE,
        key=key,
        on_change=lambda: acts.split(office, seen, st.session_state[key]) if st.session_state[key] else None,
    )
