"""What a search found, line by line: the marked words first, then where, when and in which case."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import acts, asked, navigation, rows, say
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.widgets import Span
from desk.accounts import Action, may
from desk.search import Answer, Found
from index.account import Officer
from index.case import Case
from index.model import Track
from index.question import Question

_PLACES: Final = 2
_EARLIER: Final = "earlier pages of a search"


def draw(office: Office, officer: Officer, question: Question, answer: Answer, now: datetime) -> None:
    decides, exact = may(officer, Action.DECIDE), None
    for number, found in enumerate(answer.found, start=1):
        if question.text and found.exact is not exact:
            exact = found.exact
            st.html(w.block("caption", m.EXACT if exact else m.FOLDED))
        with st.container(key=f"hit-{found.article.id}", horizontal=True, vertical_alignment="center"):
            _hit(found, number, now)
            if decides and found.case is None:
                st.button(
                    m.OPEN_CASE,
                    key=f"case-{found.article.id}",
                    on_click=acts.open_case,
                    args=(office, found.article.id),
                )
    _pager(question, answer)


def _hit(found: Found, number: int, now: datetime) -> None:
    """The whole line opens the story, if there is one."""
    with st.container(key=f"row-{found.article.id}", gap=None):
        st.html(line(found, now))
        if found.story is not None and st.button(m.OPEN_HIT.format(n=number), key=f"open-{found.article.id}"):
            navigation.go(navigation.STORY, story=found.story)


def line(found: Found, now: datetime) -> str:
    article, part = found.article, found.excerpt
    before, after = "… " if part.before else "", " …" if part.after else ""
    places = found.review.places[:_PLACES] if found.review is not None else ()
    facts = w.dotted(
        w.escaped(found.outlet),
        w.escaped(say.clock(article.published, now) if article.published else m.NO_TIME),
        *(w.escaped(f"{place.unit} {place.name}".strip()) for place in places),
        _case(found.case) if found.case is not None else "",
        w.link(article.url, m.ORIGINAL_LINK),
    )
    return w.block(
        "hit",
        w.block("title", w.marked(article.title, [Span(start=start, end=end) for start, end in found.title_marks])),
        w.block("quote", before, w.marked(part.text, [Span(start=start, end=end) for start, end in part.marks]), after),
        w.block("meta", facts),
    )


def _case(case: Case) -> str:
    states = (rows.track_state(case, track) for track in Track if track in case.tracks)
    return w.span("strong", case.id) + " " + w.escaped(f"({', '.join(dict.fromkeys(states))})")


def _pager(question: Question, answer: Answer) -> None:
    """On to the next page, and back to the one it was turned from; from a link into the middle, to the first."""
    here = st.query_params.get(asked.AFTER)
    earlier: dict[tuple[Question, str | None], str | None] = st.session_state.setdefault(_EARLIER, {})
    if here is None and answer.next is None:
        return
    with st.container(key="pager", horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if (question, here) in earlier:
            st.button(m.EARLIER_PAGE, key="page-earlier", on_click=_turn, args=(earlier[question, here],))
        elif here is not None:
            st.button(m.FIRST_PAGE, key="page-first", on_click=_turn, args=(None,))
        if answer.next is not None:
            earlier[question, answer.next] = here
            st.button(m.NEXT_PAGE, key="page-next", on_click=_turn, args=(answer.next,))


def _turn(to: str | None) -> None:
    if to is None:
        st.query_params.pop(asked.AFTER, None)
    else:
        st.query_params[asked.AFTER] = to
