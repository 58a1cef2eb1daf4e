"""Nguồn: is every source alive, and why not. The ill ones stand first; silent, failed and used-up never look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import archive_state, navigation, notice, say, session, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.source_states import SourceState, states
from dashboard.views import source_form
from desk.accounts import Action, may
from index.account import Officer
from index.casebook_register import Registered
from index.errors import ArchiveError
from index.health import Condition
from index.model import SourceId
from index.source import ReadingOutcome
from index.text import fold

PATH: Final = navigation.SOURCES
TITLE: Final = m.SOURCES
NEEDS: Final = Action.READ_SOURCES

_PAGE: Final = 25
_ILL_FIRST: Final = (Condition.FAILED, Condition.SILENT, Condition.LIMITED, Condition.UNREAD, Condition.WELL)
_COUNTED: Final = (Condition.WELL, Condition.SILENT, Condition.FAILED, Condition.LIMITED, Condition.UNREAD)
_ICONS: Final[Mapping[Condition, str]] = {
    Condition.FAILED: "✕",
    Condition.SILENT: "◐",
    Condition.LIMITED: "◇",
    Condition.UNREAD: "○",
    Condition.WELL: "●",
}
_LOOKS: Final[Mapping[Condition, str]] = {Condition.FAILED: "red", Condition.SILENT: "amber"}
_DAYS: Final[Mapping[ReadingOutcome | None, str]] = {
    ReadingOutcome.NEW: "■",
    ReadingOutcome.UNCHANGED: "□",
    ReadingOutcome.LIMITED: "◇",
    ReadingOutcome.FAILED: "✕",
    None: "·",
}


def render(office: Office, officer: Officer, now: datetime) -> None:
    entries = office.desk.sources.list(by=officer)
    changes = may(officer, Action.CHANGE_SOURCES)
    notice.draw(office)
    if not entries:
        st.html(w.block("empty", m.SOURCES_EMPTY))
        if changes:
            source_form.render(office, entries)
        return
    known = _known(office, entries, now)
    archive_state.line(office, now, away=known is None)
    st.html(w.block("headline", w.escaped(_summary(entries, known or {}))))
    if changes:
        source_form.render(office, entries)
    shown = _wanted(entries, known or {})
    number = _page_number(len(shown))
    for entry in shown[number * _PAGE : (number + 1) * _PAGE]:
        _row(office, now, entry, (known or {}).get(entry.source.id), changes=changes)
    st.html(w.block("small", m.STRIP_LEGEND))
    if len(shown) > _PAGE:
        _pager(number, len(shown))


def _known(office: Office, entries: Sequence[Registered], now: datetime) -> Mapping[SourceId, SourceState] | None:
    """None while the archive cannot be asked. Counting the readings of a month may take a moment."""
    waiting = st.empty()
    with waiting:
        st.skeleton(height=240)
    try:
        return states(office, [entry.source.id for entry in entries], now)
    except ArchiveError:
        return None
    finally:
        waiting.empty()


def _summary(entries: Sequence[Registered], known: Mapping[SourceId, SourceState]) -> str:
    enabled = [entry for entry in entries if entry.source.enabled]
    counts = Counter(known[entry.source.id].health.condition for entry in enabled if entry.source.id in known)
    parts = [f"{counts[condition]} {words.CONDITIONS[condition]}" for condition in _COUNTED if counts[condition]]
    if len(enabled) < len(entries):
        parts.append(m.SOURCES_OFF.format(n=len(entries) - len(enabled)))
    return m.SOURCES_SUMMARY.format(n=len(entries), parts=" · ".join(parts))


# --- which are shown ----------------------------------------------------------------------------------------------


def _wanted(entries: Sequence[Registered], known: Mapping[SourceId, SourceState]) -> list[Registered]:
    """Those whose name holds the words and whose condition was chosen, the ill ones first, switched off ones last."""
    with st.popover(m.FILTER):
        typed = fold(st.text_input(m.SOURCES_FIND, key="source-words", max_chars=100)).split()
        chosen = st.selectbox(
            m.FILTER_STATE,
            list(_ILL_FIRST),
            index=None,
            format_func=lambda condition: words.CONDITIONS[condition],
            placeholder=m.FILTER_ANY,
            key="source-condition",
        )

    def condition(entry: Registered) -> Condition:
        state = known.get(entry.source.id)
        return state.health.condition if state is not None else Condition.UNREAD

    found = [
        entry
        for entry in entries
        if all(word in fold(f"{entry.source.name} {entry.source.id}") for word in typed)
        and (chosen is None or condition(entry) is chosen)
    ]
    return sorted(
        found,
        key=lambda entry: (not entry.source.enabled, _ILL_FIRST.index(condition(entry)), fold(entry.source.name)),
    )


def _page_number(total: int) -> int:
    last = max(0, (total - 1) // _PAGE)
    return min(int(st.session_state.get("source-page", 0)), last)


def _pager(number: int, total: int) -> None:
    first, last = number * _PAGE + 1, min((number + 1) * _PAGE, total)
    with st.container(key="pager", horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(w.span("small", m.RANGE.format(first=first, last=last, total=total)))
        for label, to in ((m.EARLIER_PAGE, number - 1), (m.NEXT_PAGE, number + 1)):
            there = 0 <= to * _PAGE < total
            st.button(label, key=f"source-page-{to}", disabled=not there, on_click=_turn, args=(to,))


def _turn(to: int) -> None:
    st.session_state["source-page"] = to


# --- one source ---------------------------------------------------------------------------------------------------


def _row(office: Office, now: datetime, entry: Registered, state: SourceState | None, *, changes: bool) -> None:
    source = entry.source
    with st.container(key=f"source-{source.id}", horizontal=True, vertical_alignment="center"):
        st.html(_line(entry, state, now))
        if changes:
            st.button(
                m.SWITCH_OFF if source.enabled else m.SWITCH_ON,
                key=f"switch-{source.id}-{entry.revision}",
                type="tertiary",
                on_click=_switch,
                args=(office, entry),
            )


def _line(entry: Registered, state: SourceState | None, now: datetime) -> str:
    source = entry.source
    condition = state.health.condition if state is not None else Condition.UNREAD
    if source.enabled:
        name = w.span(_LOOKS.get(condition, "strong"), _ICONS[condition])
        standing = _standing(state, now) if state is not None else ""
    else:
        name, standing = w.span("soft", "–"), w.span("soft", m.SOURCE_OFF)
    facts = w.dotted(
        w.escaped(words.CHANNELS[source.channel]),
        w.escaped(m.EVERY.format(span=say.span(source.every)) if source.every else m.TIER.format(tier=source.tier)),
        w.escaped(m.SOURCE_CHECKED.format(day=f"{source.checked:%d/%m/%Y}") if source.checked else m.SOURCE_UNCHECKED),
        w.escaped(m.CONSENT.format(document=source.consent.document, by=source.consent.by)) if source.consent else "",
        w.escaped(m.CHANGED_BY_HAND) if entry.changed else "",
        w.link(source.url, m.SOURCE_LINK),
    )
    return w.block(
        "source",
        w.block("title", name, " ", w.escaped(source.name), f'<span class="kt-standing">{standing}</span>'),
        w.block("small", _strip(state) if state is not None else "", facts),
        w.block("small", _notes(state.notes)) if state is not None and state.notes else "",
    )


def _standing(state: SourceState, now: datetime) -> str:
    """What the condition means here: since when, against which habit, why."""
    health = state.health
    read = m.SOURCE_READ.format(at=say.clock(health.last_read, now)) if health.last_read else ""
    match health.condition:
        case Condition.FAILED:
            since = say.clock(health.failing_since, now) if health.failing_since else ""
            why = say.reading_error(health.error or "", health.detail)
            return w.dotted(w.span("red", m.SOURCE_FAILED.format(since=since)), w.escaped(why))
        case Condition.SILENT if health.silent_for is not None and health.habit is not None:
            silent = m.SOURCE_SILENT.format(span=say.span(health.silent_for), habit=say.span(health.habit))
            return w.dotted(w.span("amber", silent), w.escaped(read))
        case Condition.LIMITED:
            return w.dotted(w.span("strong", m.SOURCE_LIMITED), w.escaped(read))
        case Condition.UNREAD:
            return w.span("soft", words.CONDITIONS[Condition.UNREAD])
        case _:
            return w.dotted(w.escaped(read), w.escaped(m.SOURCE_BROUGHT.format(n=state.brought)))


def _strip(state: SourceState) -> str:
    """Fourteen days in fourteen signs that differ in shape, not only in colour."""
    days = (
        f'<span title="{day:%d/%m}: {words.READINGS[outcome] if outcome else m.NO_READING}"'
        f' class="kt-day{" kt-red" if outcome is ReadingOutcome.FAILED else ""}">{_DAYS[outcome]}</span>'
        for day, outcome in state.strip
    )
    return f'<span class="kt-strip">{"".join(days)}</span>'


def _notes(notes: Mapping[str, int]) -> str:
    return w.dotted(*(w.escaped(m.NOTE_COUNT.format(n=count, what=say.note(code))) for code, count in notes.items()))


def _switch(office: Office, entry: Registered) -> None:
    source, on = entry.source, not entry.source.enabled
    kept = session.act(lambda by, at: office.desk.sources.enable(source.id, on, by=by, at=at, revision=entry.revision))
    if kept is not None:
        session.tell((m.SWITCHED_ON if on else m.SWITCHED_OFF).format(name=source.name))
