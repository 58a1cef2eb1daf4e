"""What keys and buttons do: a call to the desk, and the sentence for what came of it.

Every function here is a callback: it writes and draws nothing. A refusal is told in words, and the page is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import streamlit as st

from dashboard import messages as m
from dashboard import say, session, words
from dashboard.listing import held, hold, read_again
from dashboard.office import Office
from desk.rulings import UNDOABLE
from desk.triage import Many, Seen, each
from index.account import Officer
from index.case import Case, Conclusion, Dismissal, Grounds, Handling, Result
from index.model import ArticleId, CaseId, FlagKind, OfficerName, Standing, Topic, Track

_UNDOABLE: Final = "undoable"
_ASKING: Final = "asking"
_ALL: Final[frozenset[FlagKind]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a key was drawn for: a case as it was seen, one of its tracks, and its headline for the sentence."""

    seen: Seen
    track: Track
    title: str


def open_case(office: Office, article_id: ArticleId) -> None:
    """Open a case where the machine saw nothing to look at."""
    opened = session.act(lambda by, at: (office.desk.opening.open(article_id, by=by, at=at),))
    if opened is not None:
        (case,) = opened
        session.tell(m.CASE_OPENED.format(case=case.id) if case is not None else m.CASE_COMES)


# --- on one case --------------------------------------------------------------------------------------------------


def confirm(office: Office, target: Target, kinds: frozenset[FlagKind] = _ALL) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.confirm(
            seen.case_id, target.track, by=by, at=at, revision=seen.revision, kinds=kinds
        ),
        m.CONFIRMED.format(title=target.title),
    )


def dismiss(office: Office, target: Target, dismissal: Dismissal, kinds: frozenset[FlagKind] = _ALL) -> None:
    """Set signs aside. That the story is not about the province is said of the story, so that it is learned from."""
    if dismissal is Dismissal.NOT_OURS:
        not_ours(office, target.seen, target.title)
        return
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.dismiss(
            seen.case_id, target.track, dismissal, by=by, at=at, revision=seen.revision, kinds=kinds
        ),
        m.DISMISSED.format(title=target.title, reason=words.DISMISSALS[dismissal]),
    )


def take(office: Office, target: Target) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.take(seen.case_id, target.track, by=by, at=at, revision=seen.revision),
        m.TAKEN.format(title=target.title),
    )


def release(office: Office, target: Target) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.release(seen.case_id, target.track, by=by, at=at, revision=seen.revision),
        m.RELEASED.format(title=target.title),
    )


def route(office: Office, seen: Seen, agency: str) -> None:
    _one(
        lambda by, at: office.desk.triage.route(seen.case_id, agency, by=by, at=at, revision=seen.revision),
        m.ROUTED.format(agency=office.agency(agency)),
    )


def place(office: Office, seen: Seen, name: str) -> None:
    _one(
        lambda by, at: office.desk.rulings.place(seen.case_id, name, by=by, at=at, revision=seen.revision),
        m.PLACED.format(place=name),
    )


def not_ours(office: Office, seen: Seen, title: str) -> None:
    _one(
        lambda by, at: office.desk.rulings.about(seen.case_id, Standing.NOT_OURS, by=by, at=at, revision=seen.revision),
        m.RULED_NOT_OURS.format(title=title),
    )


def topic(office: Office, seen: Seen, of: Topic) -> None:
    _one(
        lambda by, at: office.desk.rulings.topic(seen.case_id, of, by=by, at=at, revision=seen.revision),
        m.TOPIC_DONE.format(topic=words.TOPICS[of]),
    )


def assign(office: Office, target: Target, to: OfficerName, name: str) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.assign(seen.case_id, target.track, to, by=by, at=at, revision=seen.revision),
        m.ASSIGNED_DONE.format(name=name),
    )


def conclude(office: Office, target: Target, conclusion: Conclusion, grounds: Grounds) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.conclude(
            seen.case_id, target.track, conclusion, grounds, by=by, at=at, revision=seen.revision
        ),
        m.CONCLUDED_DONE.format(conclusion=words.CONCLUSIONS[conclusion]),
    )


def handle(office: Office, target: Target, handling: Handling) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.handle(
            seen.case_id, target.track, handling, by=by, at=at, revision=seen.revision
        ),
        m.HANDLED_DONE.format(handling=words.HANDLINGS[handling]),
    )


def close(office: Office, target: Target, result: Result) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.close(
            seen.case_id, target.track, result, by=by, at=at, revision=seen.revision
        ),
        m.CLOSED_DONE.format(result=words.RESULTS[result]),
    )


def withdraw(office: Office, target: Target) -> None:
    seen = target.seen
    _one(
        lambda by, at: office.desk.triage.withdraw(seen.case_id, target.track, by=by, at=at, revision=seen.revision),
        m.WITHDRAWN_DONE,
    )


def comment(office: Office, seen: Seen, note: str) -> bool:
    return _one(
        lambda by, at: office.desk.triage.comment(seen.case_id, note, by=by, at=at, revision=seen.revision),
        m.NOTED,
    )


def split(office: Office, seen: Seen, article: ArticleId) -> None:
    _one(
        lambda by, at: office.desk.rulings.split(seen.case_id, article, by=by, at=at, revision=seen.revision),
        m.SPLIT_DONE,
    )


def join(office: Office, seen: Seen, into: Seen) -> None:
    _one(
        lambda by, at: office.desk.rulings.join(
            seen.case_id, into.case_id, by=by, at=at, revision=seen.revision, into_revision=into.revision
        ),
        m.JOIN_DONE.format(case=into.case_id),
    )


# --- on those selected --------------------------------------------------------------------------------------------


def take_many(office: Office, seen: Sequence[Seen], track: Track) -> None:
    _many(lambda by, at: office.desk.triage.take_many(seen, track, by=by, at=at))


def dismiss_many(office: Office, seen: Sequence[Seen], track: Track | None, dismissal: Dismissal) -> None:
    if dismissal is Dismissal.NOT_OURS or track is None:
        not_ours_many(office, seen)
    else:
        _many(lambda by, at: office.desk.triage.dismiss_many(seen, track, dismissal, by=by, at=at))


def route_many(office: Office, seen: Sequence[Seen], agency: str) -> None:
    _many(lambda by, at: office.desk.triage.route_many(seen, agency, by=by, at=at))


def not_ours_many(office: Office, seen: Sequence[Seen]) -> None:
    def rule(by: Officer, at: datetime) -> Many:
        about = office.desk.rulings.about
        return each(seen, lambda one: about(one.case_id, Standing.NOT_OURS, by=by, at=at, revision=one.revision))

    _many(rule)


# --- taking back --------------------------------------------------------------------------------------------------


def can_undo() -> bool:
    return bool(st.session_state.get(_UNDOABLE))


def undo(office: Office) -> None:
    """Take back the last decision of this session, on every case it was made on."""
    made: tuple[Seen, ...] = st.session_state.pop(_UNDOABLE, ())
    undone: list[CaseId] = []
    for seen in made:
        case = session.act(partial(_undo, office, seen))
        if case is not None:
            undone.append(case.id)
    if len(undone) == len(made):
        session.tell(m.UNDONE)
    read_again(undone[0] if undone else None)


def _undo(office: Office, seen: Seen, by: Officer, at: datetime) -> Case:
    return office.desk.triage.undo(seen.case_id, by=by, at=at, revision=seen.revision)


# --- asking first -------------------------------------------------------------------------------------------------


def ask(what: str) -> None:
    st.session_state[_ASKING] = what


def asked() -> str | None:
    what = st.session_state.get(_ASKING)
    return what if isinstance(what, str) else None


def ask_nothing() -> None:
    st.session_state.pop(_ASKING, None)


# --- how ----------------------------------------------------------------------------------------------------------


def _one(do: Callable[[Officer, datetime], Case], sentence: str) -> bool:
    """Whether it was done."""
    case = session.act(do)
    ask_nothing()
    if case is None:
        read_again()
        return False
    _keep([case])
    session.tell(sentence)
    return True


def _many(do: Callable[[Officer, datetime], Many]) -> None:
    many = session.act(do)
    if many is not None:
        _keep(many.done)
        if many.refused:
            why = say.error(next(iter(many.refused.values())), session.now())
            session.tell(m.DONE_SOME.format(n=len(many.done), refused=len(many.refused), why=why), failed=True)
        else:
            session.tell(m.DONE_MANY.format(n=len(many.done)))
    if many is None or many.refused:
        read_again()
    ask_nothing()


def _keep(cases: Iterable[Case]) -> None:
    kept = tuple(cases)
    st.session_state[_UNDOABLE] = tuple(
        Seen(case_id=case.id, revision=case.revision) for case in kept if case.history[-1].action in UNDOABLE
    )
    listing = held()
    if listing is not None:
        hold(listing.after(kept))
