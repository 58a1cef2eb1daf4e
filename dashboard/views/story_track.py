"""One track of a case: where it stands, and only the steps that lead on from there.

A conclusion is written with its reasoning; one that says the news is wrong needs a document, and says so.
"""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import acts, rows, say, session, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.views.story_open import Open, button
from desk.accounts import Action, may
from index.case import Act, Conclusion, Entry, Grounds, Handling, Result, TrackState
from index.model import Track
from index.tip import Attachment
from index.workflow import NEEDS_GROUNDS

_ASKED: Final = {TrackState.CONCLUDED: m.HANDLE, TrackState.HANDLING: m.RESULT}
_UPLOADS: Final = ["png", "jpg", "jpeg", "pdf", "docx"]


def render(opened: Open, track: Track) -> None:
    title = w.block("caption", w.escaped(f"{m.CONCLUSION} · {words.TRACKS[track]}"))
    st.html(title + _standing(opened, track))
    if not opened.decides:
        return
    state = opened.case.tracks[track].state
    if state is TrackState.VERIFYING:
        _conclude(opened.office, opened.target(track), keys=track is opened.leading and not opened.is_asking)
    elif state in _ASKED:
        st.html(w.block("small", _ASKED[state]))
    with _buttons(f"steps-{track}"):
        _steps(opened, track, state)


def _steps(opened: Open, track: Track, state: TrackState) -> None:
    """The buttons of the steps that lead on from a state, and of the one that leads back."""
    office, target = opened.office, opened.target(track)
    match state:
        case TrackState.NEW:
            button(m.TAKE, f"take-{track}", "N" if track is opened.leading else None, acts.take, office, target)
            _assign(opened, target)
        case TrackState.VERIFYING:
            button(m.RELEASE, f"release-{track}", None, acts.release, office, target)
            _assign(opened, target)
        case TrackState.CONCLUDED:
            for handling in Handling:
                button(words.HANDLINGS[handling], f"{track}-{handling}", None, acts.handle, office, target, handling)
            button(m.WITHDRAW_CONCLUSION, f"withdraw-{track}", None, acts.withdraw, office, target)
        case TrackState.HANDLING:
            for result in Result:
                button(words.RESULTS[result], f"{track}-{result}", None, acts.close, office, target, result)
            button(m.WITHDRAW, f"withdraw-{track}", None, acts.withdraw, office, target)
        case TrackState.CLOSED | TrackState.DISMISSED:
            button(m.WITHDRAW, f"withdraw-{track}", None, acts.withdraw, office, target)


# --- what was concluded -------------------------------------------------------------------------------------------


def _standing(opened: Open, track: Track) -> str:
    """The words of the person who concluded, with their name; nothing of the machine's stands here."""
    case, files = opened.case, opened.view.attachments
    record = case.tracks[track]
    if record.conclusion is None or record.grounds is None:
        return w.block("small", w.escaped(rows.track_state(case, track)))
    said = next((line for line in reversed(case.history) if line.action is Act.CONCLUDED and _is_on(line, track)), None)
    by = f" · {opened.name(said.by)} {say.clock(said.at, opened.now)}" if said is not None else ""
    named = (files[document].name if document in files else document for document in record.grounds.documents)
    outcome = w.dotted(
        w.escaped(words.HANDLINGS[record.handling]) if record.handling else "",
        w.escaped(words.RESULTS[record.result]) if record.result else "",
    )
    return w.block(
        "person",
        w.block("strong", w.escaped(words.CONCLUSIONS[record.conclusion]), w.span("small", by)),
        w.block("text", w.escaped(record.grounds.reasoning)),
        w.block("small", w.escaped(m.GROUNDS.format(documents=", ".join(named)))) if record.grounds.documents else "",
        w.block("small", outcome) if outcome else "",
    )


def _is_on(line: Entry, track: Track) -> bool:
    return line.params.get("track") == track


# --- concluding ---------------------------------------------------------------------------------------------------


def _conclude(office: Office, target: acts.Target, *, keys: bool) -> None:
    """Grounds first, then the verdict: the ones that say the news is wrong wait for a document."""
    key = f"{target.seen.case_id}-{target.track}"
    st.text_area(m.REASONING, key=f"reasoning-{key}", height=68, max_chars=1000)
    st.text_area(m.DOCUMENTS, key=f"documents-{key}", height=68, max_chars=2000)
    for attachment in _attached(key):
        st.html(w.block("small", w.escaped(m.ATTACHED.format(name=attachment.name))))
    with st.popover(m.ATTACH):
        st.file_uploader(
            m.ATTACH,
            type=_UPLOADS,
            key=f"upload-{key}",
            on_change=_attach,
            args=(office, key),
            label_visibility="collapsed",
        )
    documents = _documents(key)
    with _buttons(f"conclude-{target.track}"):
        for number, conclusion in enumerate(Conclusion, start=1):
            button(
                words.CONCLUSIONS[conclusion],
                f"conclude-{conclusion}-{key}",
                str(number) if keys else None,
                _write,
                office,
                target,
                conclusion,
                disabled=conclusion in NEEDS_GROUNDS and not documents,
            )
    if not documents:
        st.html(w.block("small", m.NEEDS_DOCUMENT))


def _attach(office: Office, key: str) -> None:
    uploaded = st.session_state.get(f"upload-{key}")
    if uploaded is None:
        return
    kept = session.act(lambda by, at: office.desk.files.add(uploaded.getvalue(), uploaded.name, by=by, at=at))
    if kept is not None:
        st.session_state[f"attached-{key}"] = (*(one for one in _attached(key) if one.sha256 != kept.sha256), kept)


def _write(office: Office, target: acts.Target, conclusion: Conclusion) -> None:
    key = f"{target.seen.case_id}-{target.track}"
    grounds = Grounds(reasoning=st.session_state[f"reasoning-{key}"].strip(), documents=_documents(key))
    acts.conclude(office, target, conclusion, grounds)


def _attached(key: str) -> tuple[Attachment, ...]:
    attached: tuple[Attachment, ...] = st.session_state.get(f"attached-{key}", ())
    return attached


def _documents(key: str) -> tuple[str, ...]:
    """What the conclusion rests on: the documents that were named, a line each, and the files that were uploaded."""
    typed: str = st.session_state.get(f"documents-{key}", "")
    named = (line.strip() for line in typed.splitlines() if line.strip())
    return (*named, *(attachment.sha256 for attachment in _attached(key)))


# --- giving the track to somebody ---------------------------------------------------------------------------------


def _assign(opened: Open, target: acts.Target) -> None:
    able = {
        account.name: account.display_name
        for account in opened.office.desk.accounts.colleagues(by=opened.officer)
        if not account.disabled and may(account, Action.DECIDE)
    }
    key = f"assign-{target.seen.case_id}-{target.track}"

    def give() -> None:
        to = st.session_state[key]
        if to is not None:
            acts.assign(opened.office, target, to, able[to])

    st.selectbox(
        m.ASSIGN,
        list(able),
        index=None,
        format_func=lambda name: w.label(able[name]),
        placeholder=m.ASSIGN,
        key=key,
        on_change=give,
        label_visibility="collapsed",
        width=220,
    )


def _buttons(key: str) -> DeltaGenerator:
    return st.container(key=key, horizontal=True, gap="small", vertical_alignment="center")
