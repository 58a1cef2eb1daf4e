"""What an officer takes from a search: the search itself under a name, or what it found as a file."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import messages as m
from dashboard import say, session, words
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.views import search_filters
from desk.accounts import Action, may
from desk.exports import MOST, Exported, Layout
from desk.search import LONGEST_NAME
from index.account import Officer
from index.clock import local
from index.question import Question

# --- kept under a name --------------------------------------------------------------------------------------------


def saved(office: Office, officer: Officer, question: Question) -> None:
    with st.popover(m.SAVE_SEARCH, key="saved"):
        with st.form("save-search", border=False, clear_on_submit=True):
            st.text_input(m.SEARCH_NAME, key="search-name", max_chars=LONGEST_NAME)
            st.form_submit_button(m.SAVE, on_click=_save, args=(office, question))
        kept = office.desk.search.saved(by=officer)
        if kept:
            st.html(w.block("caption", m.SAVED_SEARCHES))
        for search in kept:
            with st.container(key=f"kept-{search.name}", horizontal=True, vertical_alignment="center"):
                st.button(
                    w.label(search.name) or m.NO_NAME,
                    key=f"saved-{search.name}",
                    type="tertiary",
                    on_click=search_filters.show,
                    args=(search.question,),
                )
                st.button(
                    "×",
                    key=f"forget-{search.name}",
                    help=m.FORGET_SEARCH,
                    type="tertiary",
                    on_click=_forget,
                    args=(office, search.name),
                )


def _save(office: Office, question: Question) -> None:
    name = st.session_state["search-name"]
    kept = session.act(lambda by, at: office.desk.search.save(name, question, by=by, at=at))
    if kept is not None:
        session.tell(m.SEARCH_SAVED.format(name=kept.name))


def _forget(office: Office, name: str) -> None:
    session.act(lambda by, at: office.desk.search.forget(name, by=by, at=at))


# --- taken out as a file ------------------------------------------------------------------------------------------


def export(office: Office, officer: Officer, question: Question, total: int, now: datetime) -> None:
    """The file is made when it is asked for, by who is signed in then."""
    if not may(officer, Action.EXPORT):
        return
    held = session.token() or ""

    def made() -> bytes:
        at = session.now()
        by = office.desk.accounts.officer(held, at=at)
        return office.desk.exports.articles(question, _layout(), by=by, at=at)

    most = say.number(MOST)
    st.download_button(
        m.EXPORT,
        data=made,
        file_name=f"tim-kiem-{local(now):%Y%m%d-%H%M}.csv",
        mime="text/csv",
        on_click="ignore",
        key="export",
        help=m.EXPORT_CUT.format(most=most, total=say.number(total)) if total > MOST else m.EXPORT_HELP,
    )
    if total > MOST:
        st.html(w.block("small", w.escaped(m.EXPORT_MOST.format(most=most))))


def _layout() -> Layout:
    return Layout(
        header=m.EXPORT_COLUMNS,
        cells=_cells,
        cut=lambda total: m.EXPORT_CUT.format(most=say.number(MOST), total=say.number(total)),
    )


def _cells(one: Exported) -> tuple[str, ...]:
    """In the order of `messages.EXPORT_COLUMNS`."""
    review = one.review
    return (
        say.moment(one.published) if one.published else "",
        say.moment(one.collected),
        one.outlet,
        words.CHANNELS[one.channel],
        one.title,
        one.excerpt,
        "; ".join(place.name for place in review.places) if review else "",
        words.TOPICS[review.topic.topic] if review else "",
        words.TONE_NAMES[review.tone.tone] if review else "",
        "; ".join(say.sign(flag.kind) for flag in review.flags) if review else "",
        one.case or "",
        words.LANGUAGES.get(one.language, one.language),
        one.address,
    )
