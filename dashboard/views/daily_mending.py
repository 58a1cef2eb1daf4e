"""What people do on the daily page: a leader says something on a case, an officer mends the page before it is read.

Everything is asked inline, under its line. What is typed belongs to the line as it was drawn: its revision stands in
the keys of the fields, so that words meant for an older line are never written over a newer one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import acts, session
from dashboard import daily_words as d
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.views.daily_open import Sheet
from desk.daily import Daily, Line, NewsGroup, Section
from desk.editions import LONGEST_TEXT, LONGEST_TITLE
from desk.triage import Seen
from index.account import Officer
from index.clock import ZONE, local

_LONGEST_REMARK: Final = 2000
_HEIGHT: Final = 90
_END_OF_DAY: Final = time(23, 59)
_WORDS: Final = ("title", "summary")
_NOTE: Final = ("known", "unknown", "proposal")
_PLACES: Final = {
    (section, group): f"{d.SECTIONS[section]} – {d.GROUPS[group]}" if group else d.SECTIONS[section]
    for section in Section
    for group in (NewsGroup if section is Section.NEWS else (None,))
}
"""Where a line can stand: there is no place outside the page."""


def tools(sheet: Sheet, line: Line) -> None:
    """What may be done with a line: a button, or what it has asked."""
    if not sheet.mends and not sheet.remarks(line):
        return
    question = f"daily {line.story}"
    if acts.asked() != question:
        with _row(f"tools-{line.story}"):
            label = d.EDIT if sheet.mends else d.REMARK
            st.button(label, key=f"ask-{line.story}", type="tertiary", on_click=_ask, args=(question,))
        return
    with st.container(key=f"panel-{line.story}", border=True):
        if sheet.mends:
            _edit(sheet, line)
        else:
            _remark(sheet, line)


def _ask(question: str) -> None:
    session.forget()
    acts.ask(question)


def read_over(sheet: Sheet) -> None:
    if sheet.mends and sheet.page.read_over_by is None:
        st.button(d.MARK_READ_OVER, key="read-over", on_click=_mark_read_over, args=(sheet,))


def _mark_read_over(sheet: Sheet) -> None:
    page = sheet.page
    _do(
        lambda by, at: sheet.office.desk.summaries.read_over(page, by=by, at=at, revision=page.revision),
        d.MARKED_READ_OVER,
    )


# --- a leader -----------------------------------------------------------------------------------------------------


def _remark(sheet: Sheet, line: Line) -> None:
    """A note on the case, for whoever works on it."""
    if line.case is None:
        return
    case = sheet.office.desk.stories.case(line.case, by=sheet.officer)
    seen, key = Seen(case_id=case.id, revision=case.revision), f"remark-{case.id}-{case.revision}"
    st.text_area(d.REMARK_LABEL, key=key, max_chars=_LONGEST_REMARK, height=_HEIGHT)
    with _row(f"send-{line.story}"):
        st.button(d.REMARK_SEND, key=f"send-{case.id}", type="primary", on_click=_send, args=(sheet, seen, key))
        _cancel(line)


def _send(sheet: Sheet, seen: Seen, key: str) -> None:
    if acts.comment(sheet.office, seen, st.session_state[key].strip()):
        session.tell(d.REMARKED)


# --- an officer: what a line says ---------------------------------------------------------------------------------


def _edit(sheet: Sheet, line: Line) -> None:
    st.text_input(d.TITLE, value=line.title, key=_key(line, "title"), max_chars=LONGEST_TITLE)
    _area(d.SUMMARY, line.summary, _key(line, "summary"))
    _names_left(sheet, line, _WORDS)
    _save(d.SAVE_WORDS, _rewrite, sheet, line)
    if line.section is Section.DIRECT:
        _edit_note(sheet, line)
    _edit_place(sheet, line)
    with _row(f"order-{line.story}"):
        _order(sheet, line)
        _cancel(line)


def _rewrite(sheet: Sheet, line: Line) -> None:
    title, summary = (_typed(line, name) for name in _WORDS)
    confirmed = _confirmed(line, _WORDS)
    _do(
        lambda by, at: sheet.office.desk.summaries.rewrite(
            sheet.page,
            line.story,
            title=title,
            summary=summary,
            by=by,
            at=at,
            revision=line.revision,
            confirmed=confirmed,
        ),
        d.LINE_SAVED,
    )


def _edit_note(sheet: Sheet, line: Line) -> None:
    """What is known, what is not, what is proposed and until when: an officer's words and an officer's date."""
    _area(d.KNOWN_LABEL, line.known, _key(line, "known"))
    _area(d.UNKNOWN_LABEL, line.unknown, _key(line, "unknown"))
    _area(d.PROPOSAL_LABEL, line.proposal, _key(line, "proposal"))
    until = local(line.due) if line.due is not None else None
    left, right = st.columns(2)
    left.date_input(d.DUE_DAY, value=until.date() if until else None, format="DD/MM/YYYY", key=_key(line, "day"))
    right.time_input(d.DUE_TIME, value=until.time() if until else None, key=_key(line, "time"))
    _names_left(sheet, line, _NOTE)
    _save(d.SAVE_NOTE, _note, sheet, line)


def _note(sheet: Sheet, line: Line) -> None:
    known, unknown, proposal = (_typed(line, name) for name in _NOTE)
    due = _due(st.session_state[_key(line, "day")], st.session_state[_key(line, "time")])
    confirmed = _confirmed(line, _NOTE)
    _do(
        lambda by, at: sheet.office.desk.summaries.note(
            sheet.page,
            line.story,
            known=known,
            unknown=unknown,
            proposal=proposal,
            due=due,
            by=by,
            at=at,
            revision=line.revision,
            confirmed=confirmed,
        ),
        d.LINE_SAVED,
    )


def _due(day: date | None, hour: time | None) -> datetime | None:
    """Without an hour the end of the day; without a day there is no deadline."""
    return None if day is None else datetime.combine(day, hour or _END_OF_DAY, tzinfo=ZONE)


# --- an officer: where it stands ----------------------------------------------------------------------------------


def _edit_place(sheet: Sheet, line: Line) -> None:
    places = [place for place in _PLACES if place != (line.section, line.group)]
    st.selectbox(
        d.MOVE_TO,
        places,
        index=None,
        format_func=_PLACES.__getitem__,
        placeholder=d.MOVE_CHOOSE,
        key=_key(line, "place"),
    )
    st.text_input(d.MOVE_WHY, key=_key(line, "because"), max_chars=LONGEST_TITLE)
    _names_left(sheet, line, ("because",))
    _save(d.MOVE, _move, sheet, line)


def _move(sheet: Sheet, line: Line) -> None:
    place: tuple[Section, NewsGroup | None] | None = st.session_state[_key(line, "place")]
    if place is None:
        session.tell(d.MOVE_NOWHERE, failed=True)
        return
    section, group = place
    because, confirmed = _typed(line, "because"), _confirmed(line, ("because",))
    _do(
        lambda by, at: sheet.office.desk.summaries.move(
            sheet.page,
            line.story,
            section,
            group=group,
            because=because,
            by=by,
            at=at,
            revision=line.revision,
            confirmed=confirmed,
        ),
        d.MOVED.format(section=_PLACES[place]),
    )


def _order(sheet: Sheet, line: Line) -> None:
    """One place up or down among the lines that stand together."""
    together = [one.story for one in sheet.page.lines[line.section] if one.group is line.group]
    if line.story not in together:
        return
    at = together.index(line.story)
    for label, to in ((d.UP, at - 1), (d.DOWN, at + 1)):
        disabled = not 0 <= to < len(together)
        st.button(label, key=f"{label}-{line.story}", disabled=disabled, on_click=_put, args=(sheet, line, to))


def _put(sheet: Sheet, line: Line, to: int) -> None:
    page = sheet.page
    together = [one.story for one in page.lines[line.section] if one.group is line.group and one.story != line.story]
    order = [*together[:to], line.story, *together[to:]]
    _do(
        lambda by, at: sheet.office.desk.summaries.order(
            page, line.section, order, by=by, at=at, revision=page.revision
        ),
        d.ORDERED,
    )


# --- how ----------------------------------------------------------------------------------------------------------


def _do(do: Callable[[Officer, datetime], Daily], sentence: str) -> None:
    """Write, and say so. What was refused stays open, with what was typed."""
    if session.act(do) is not None:
        acts.ask_nothing()
        session.tell(sentence)


def _names_left(sheet: Sheet, line: Line, fields: tuple[str, ...]) -> None:
    """Names that an officer's words may still hold; a person says that they may stand."""
    names = sheet.office.desk.summaries.names_in(*(_typed(line, field) for field in fields))
    if names:
        st.html(w.block("small", w.span("amber", d.NAMES_LEFT), w.escaped(", ".join(names))))
        st.checkbox(d.NAMES_MAY_STAND, key=_key(line, f"confirmed-{fields[0]}"))


def _confirmed(line: Line, fields: tuple[str, ...]) -> bool:
    return bool(st.session_state.get(_key(line, f"confirmed-{fields[0]}")))


def _key(line: Line, field: str) -> str:
    return f"{field}-{line.story}-{line.revision}"


def _typed(line: Line, field: str) -> str:
    return str(st.session_state[_key(line, field)]).strip()


def _area(label: str, text: str, key: str) -> None:
    st.text_area(label, value=text, key=key, max_chars=LONGEST_TEXT, height=_HEIGHT)


def _save(label: str, do: Callable[[Sheet, Line], None], sheet: Sheet, line: Line) -> None:
    st.button(label, key=f"{label}-{line.story}", on_click=do, args=(sheet, line))


def _cancel(line: Line) -> None:
    st.button(m.CANCEL, key=f"cancel-{line.story}", on_click=acts.ask_nothing)


def _row(key: str) -> DeltaGenerator:
    return st.container(key=key, horizontal=True, vertical_alignment="center")
