"""The work on a story: what the machine points at, what a person concludes, and who did what.

Signs and conclusions share no look: a sign is a dashed chip beside its quote, a conclusion a line of a named person.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from dashboard import acts, articles, say, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.views import story_track, story_whereabouts
from dashboard.views.story_open import UNDECIDED, Open, button
from dashboard.widgets import Span
from index.account import Officer
from index.case import MACHINE, Dismissal, Sign, SignState
from index.model import Evidence, Flag, Track

_EVIDENCE: Final = 3
_LONGEST_NOTE: Final = 2000
_SUFFIX: Final = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}


def decide(opened: Open) -> None:
    """Signs, then conclusions: what has to be decided."""
    st.html(w.block("caption", m.SIGNS) if opened.case.signs else w.block("small", m.NO_SIGNS))
    for sign in opened.case.signs:
        _sign(opened, sign)
    for track in Track:
        if track in opened.case.tracks:
            story_track.render(opened, track)


def record(opened: Open) -> None:
    """What else is said of the story, and what was done so far."""
    if opened.decides:
        story_whereabouts.render(opened)
    _tips(opened)
    _files(opened)
    _history(opened)
    if opened.decides:
        _note(opened)


# --- signs --------------------------------------------------------------------------------------------------------


def _sign(opened: Open, sign: Sign) -> None:
    view, kind = opened.view, sign.kind
    flag = next((flag for flag in view.story.flags if flag.kind is kind), None)
    number = articles.numbered(view)[kind]
    quotes = "".join(_quote(opened, number, evidence) for evidence in (flag.evidence if flag else ())[:_EVIDENCE])
    why = w.dotted(w.span("sign", say.sign(kind)), *_why(flag), _state(opened, sign))
    st.html(w.block("why", quotes, w.block("small", why), _machine(flag)))
    if opened.decides and sign.state is SignState.OPEN and opened.case.tracks[kind.track].state in UNDECIDED:
        _decide(opened, sign)


def _decide(opened: Open, sign: Sign) -> None:
    """X and B act on one sign here: the first that is open."""
    kind, kinds = sign.kind, frozenset({sign.kind})
    first = sign == next(one for one in opened.case.signs if one.state is SignState.OPEN)
    target = opened.target(kind.track)
    with st.container(key=f"sign-{kind}", horizontal=True, gap="small"):
        if acts.asked() != opened.question(kind):
            button(m.CONFIRM, f"confirm-{kind}", "X" if first else None, acts.confirm, opened.office, target, kinds)
            button(m.DISMISS, f"dismiss-{kind}", "B" if first else None, acts.ask, opened.question(kind))
            return
        for number, why in enumerate(Dismissal, start=1):
            key = f"dismiss-{kind}-{why}"
            button(words.DISMISSALS[why], key, str(number), acts.dismiss, opened.office, target, why, kinds)
        button(m.CANCEL, f"cancel-{kind}", None, acts.ask_nothing)


def _quote(opened: Open, number: int, evidence: Evidence) -> str:
    sides = [evidence, *([evidence.against] if evidence.against else [])]
    return w.block("quote", " ↔ ".join(_side(opened, number, side) for side in sides))


def _side(opened: Open, number: int, side: Evidence) -> str:
    """Quoted words with the outlet that wrote them, and the version where a later one no longer has them."""
    quote = w.marked(side.quote, [Span(start=0, end=len(side.quote), number=number)])
    shown = next((one for one in articles.every(opened.view) if one.article.id == side.article_id), None)
    if shown is None:
        return quote
    gone = "" if articles.stands_in(side, shown.article) else f" · {m.IN_VERSION.format(n=side.version)}"
    return f"{quote} {w.span('small', shown.outlet + gone)}"


def _why(flag: Flag | None) -> Sequence[str]:
    if flag is None:
        return ()
    reasons = dict.fromkeys(say.reason(evidence.reason) for evidence in flag.evidence[:_EVIDENCE])
    return (*map(w.escaped, reasons), w.span("sure", m.CONFIDENCE.format(word=say.confidence(flag.score))))


def _state(opened: Open, sign: Sign) -> str:
    """What became of the sign, and by whom."""
    if sign.state is SignState.OPEN:
        return ""
    state = words.SIGN_STATES[sign.state]
    if sign.dismissal is not None:
        state = m.DISMISSED_AS.format(reason=words.DISMISSALS[sign.dismissal])
    if sign.by is None or sign.at is None:
        return w.span("strong", state)
    at = say.clock(sign.at, opened.now)
    return w.span("strong", m.SIGN_DECIDED.format(state=state, by=opened.name(sign.by), at=at))


def _machine(flag: Flag | None) -> str:
    if flag is None:
        return ""
    line = m.MACHINE_SIGNAL.format(signal=flag.signal, version=flag.version, score=f"{flag.score:.2f}")
    return f"<details><summary>{m.MACHINE_DETAILS}</summary>{w.block('small', w.escaped(line))}</details>"


# --- brought in by hand, history, notes ---------------------------------------------------------------------------


def _tips(opened: Open) -> None:
    """Who brought something in; who told them is shown only when asked for, which is written down."""
    for tip in opened.view.tips:
        line = m.TIP_OF.format(
            by=opened.name(tip.by), at=say.clock(tip.at, opened.now), channel=words.CHANNELS[tip.channel]
        )
        st.html(w.block("small", w.dotted(w.escaped(line), w.escaped(tip.outlet))))
        if opened.decides and st.button(m.TIP_REPORTER, key=f"reporter-{tip.id}", help=m.TIP_REPORTER_NOTE):
            told = opened.office.desk.by_hand.reporter(tip.id, by=opened.officer, at=opened.now)
            st.html(w.block("notice", w.dotted(w.escaped(told.name), w.escaped(told.contact)) or m.TIP_REPORTER_NONE))


def _files(opened: Open) -> None:
    for number, (sha256, attachment) in enumerate(opened.view.attachments.items(), start=1):
        st.html(w.block("small", w.dotted(w.escaped(attachment.name), w.span("mono", sha256))))
        st.download_button(
            m.DOWNLOAD.format(n=number),
            data=partial(_read, opened.office, opened.officer, sha256),
            file_name=f"{sha256[:12]}{_SUFFIX.get(attachment.media_type, '')}",
            mime=attachment.media_type,
            on_click="ignore",
            key=f"file-{sha256}",
        )


def _read(office: Office, officer: Officer, sha256: str) -> bytes:
    return office.desk.files.read(sha256, by=officer)[1]


def _history(opened: Open) -> None:
    lines = "".join(
        w.block(
            "line",
            w.dotted(
                w.escaped(say.clock(line.at, opened.now)),
                w.span("strong", m.BY_MACHINE if line.by == MACHINE else opened.name(line.by)),
                w.escaped(say.act(line, opened.names, opened.office.agency)),
            ),
            w.block("text", w.escaped(line.note)) if line.note else "",
        )
        for line in reversed(opened.case.history)
    )
    st.html(w.block("caption", m.HISTORY) + w.block("small", lines))


def _note(opened: Open) -> None:
    key = f"note-{opened.case.id}"

    def keep() -> None:
        if acts.comment(opened.office, opened.seen, st.session_state[key]):
            st.session_state[key] = ""

    st.text_area(m.NOTE, key=key, height=80, max_chars=_LONGEST_NOTE)
    st.button(m.SAVE, key="keep-note", on_click=keep)
