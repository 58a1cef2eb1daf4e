"""Thêm tin tay: what no crawler may see. An address to be visited, or a text; who told it is kept apart."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import Final

import streamlit as st

from dashboard import messages as m
from dashboard import navigation, notice, say, session, words
from dashboard import widgets as w
from dashboard.office import Office
from desk.accounts import Action
from desk.by_hand import LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE, Circumstances
from index.account import Officer
from index.clock import ZONE, local
from index.errors import ArchiveError
from index.model import Channel, Track
from index.source import Visit
from index.tip import Attachment, Reporter, Tip, TipId

PATH: Final = navigation.TIP
TITLE: Final = m.TIP
NEEDS: Final = Action.DECIDE

_UPLOADS: Final = ["png", "jpg", "jpeg", "pdf"]
_SHOWN: Final = timedelta(days=7)
_SUBMISSION: Final = "tip-submission"
_FIELDS: Final = ("tip-url", "tip-title", "tip-text", "tip-outlet", "tip-by", "tip-contact")


def render(office: Office, officer: Officer, now: datetime) -> None:  # noqa: ARG001  whoever may come here may add
    if st.button(m.BACK_TO_QUEUE, key="back", type="tertiary"):
        navigation.go(navigation.QUEUE, **navigation.address(navigation.QUEUE))
    st.html(w.block("headline", m.TIP) + w.block("small", m.TIP_WHAT))
    notice.draw(office)
    st.session_state.setdefault(_SUBMISSION, secrets.token_hex(16))
    with st.form("tip", border=False), st.container(key="tip-form"):
        st.text_input(m.TIP_URL, key="tip-url", max_chars=2000)
        st.html(w.block("small", m.TIP_OR_TEXT))
        st.text_input(m.TIP_TITLE, key="tip-title", max_chars=LONGEST_TITLE)
        st.text_area(m.TIP_TEXT, key="tip-text", height=140, max_chars=LONGEST_TEXT)
        left, right = st.columns(2)
        left.selectbox(m.FILTER_CHANNEL, list(Channel), format_func=words.CHANNELS.__getitem__, key="tip-channel")
        right.text_input(m.TIP_OUTLET, key="tip-outlet", max_chars=LONGEST_NAME)
        left, right = st.columns(2)
        left.date_input(m.TIP_DAY, value=local(now).date(), format="DD/MM/YYYY", key="tip-day")
        right.time_input(m.TIP_TIME, value=None, key="tip-time")
        st.selectbox(
            m.TIP_TRACK,
            list(Track),
            index=None,
            format_func=words.TRACKS.__getitem__,
            placeholder=m.TIP_TRACK_NONE,
            key="tip-track",
        )
        left, right = st.columns(2)
        left.text_input(m.TIP_BY, key="tip-by", max_chars=LONGEST_NAME)
        right.text_input(m.TIP_CONTACT, key="tip-contact", type="password", max_chars=LONGEST_NAME)
        st.html(w.block("small", m.TIP_CONTACT_NOTE))
        st.file_uploader(m.TIP_SCREENSHOT, type=_UPLOADS, key=_file_key(), help=m.TIP_FILE_HELP)
        st.form_submit_button(m.TIP_ADD, type="primary", on_click=_add, args=(office,))
    _visits(office, now)


def _add(office: Office) -> None:
    """Keep the form; the same form sent twice is one tip, and what was typed stays until it was kept."""
    form = st.session_state
    url, text = form["tip-url"].strip(), form["tip-text"].strip()
    if bool(url) == bool(text):
        session.tell(m.TIP_ONE_OF, failed=True)
        return
    attached = _attached(office)
    if attached is None:
        return
    happened = _happened(form["tip-day"], form["tip-time"], session.now())
    told = Circumstances(
        submission=TipId(form[_SUBMISSION]),
        channel=Channel(form["tip-channel"]),
        outlet=form["tip-outlet"],
        happened=happened,
        reporter=Reporter(name=form["tip-by"].strip(), contact=form["tip-contact"].strip()),
        track=Track(form["tip-track"]) if form["tip-track"] else None,
        attachments=tuple(attachment.sha256 for attachment in attached),
    )

    def keep(by: Officer, at: datetime) -> Tip:
        if url:
            return office.desk.by_hand.add_address(url, told, by=by, at=at)
        return office.desk.by_hand.add_text(form["tip-title"], text, told, by=by, at=at)

    if session.act(keep) is None:
        return
    session.tell(m.TIP_ADDRESS_KEPT if url else m.TIP_TEXT_KEPT)
    form[_SUBMISSION] = secrets.token_hex(16)
    for field in _FIELDS:
        form[field] = ""


def _happened(day: date, hour: time | None, now: datetime) -> datetime | None:
    """Without an hour: the beginning of an earlier day, nothing of today."""
    if hour is None and day == local(now).date():
        return None
    return datetime.combine(day, hour or time.min, tzinfo=ZONE)


def _file_key() -> str:
    """Of this submission alone: nothing else empties an uploader, and one citizen's file must not go with the next."""
    return f"tip-file-{st.session_state[_SUBMISSION]}"


def _attached(office: Office) -> tuple[Attachment, ...] | None:
    """The uploaded file as it is kept; None if it was refused."""
    uploaded = st.session_state[_file_key()]
    if uploaded is None:
        return ()
    kept = session.act(lambda by, at: office.desk.files.add(uploaded.getvalue(), uploaded.name, by=by, at=at))
    return None if kept is None else (kept,)


def _visits(office: Office, now: datetime) -> None:
    """What became of the addresses that were asked for lately."""
    try:
        visits = office.archive.visits(since=now - _SHOWN)
    except ArchiveError:
        st.html(w.block("warning", m.ARCHIVE_AWAY))
        return
    if visits:
        lines = "".join(w.block("line", _visit(visit, now)) for visit in visits)
        st.html(w.block("caption", m.VISITS) + w.block("small", lines))


def _visit(visit: Visit, now: datetime) -> str:
    cause = words.PAGE_ERRORS.get(visit.outcome or "", "")
    if visit.outcome is None:
        state = w.span("soft", m.VISIT_WAITING)
    elif visit.done is None:
        state = w.span("soft", w.escaped(m.VISIT_AGAIN.format(why=cause, at=say.clock(visit.not_before, now))))
    elif visit.outcome in words.ERRORS and visit.attempts > 1:
        state = w.span("red", w.escaped(m.VISIT_GIVEN_UP.format(n=visit.attempts, why=cause)))
    elif visit.outcome in words.ERRORS:
        state = w.span("red", w.escaped(say.reading_error(visit.outcome, visit.detail)))
    else:
        state = w.span("strong", m.VISIT_READ.format(at=say.clock(visit.done, now)))
    return w.dotted(w.escaped(say.clock(visit.requested, now)), w.escaped(visit.url), state)
