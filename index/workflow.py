"""The legal moves of a case: tables and pure functions. Who may make them is the desk's business.

What holds whatever moves are made: a sign is open only on a track that is not dismissed, a conclusion stands on its
grounds, and nothing here closes a track but a person's own move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from index.case import (
    Case,
    Conclusion,
    Dismissal,
    Grounds,
    Handling,
    Result,
    Sign,
    SignState,
    TrackRecord,
    TrackState,
)
from index.errors import IllegalMove
from index.model import FlagKind, OfficerName, Track

MOVES: Final[dict[TrackState, frozenset[TrackState]]] = {
    TrackState.NEW: frozenset({TrackState.VERIFYING, TrackState.DISMISSED}),
    TrackState.VERIFYING: frozenset({TrackState.NEW, TrackState.CONCLUDED, TrackState.DISMISSED}),
    TrackState.CONCLUDED: frozenset({TrackState.HANDLING}),
    TrackState.HANDLING: frozenset({TrackState.CLOSED}),
    TrackState.CLOSED: frozenset(),
    TrackState.DISMISSED: frozenset(),
}
"""Steps forward; every one can be taken back by `step_back`. A handling of nothing closes at once."""

NEEDS_GROUNDS: Final = frozenset({Conclusion.FALSE, Conclusion.PARTLY})
"""Conclusions that a document must bear out."""

IN_WORK: Final = frozenset({TrackState.VERIFYING, TrackState.CONCLUDED, TrackState.HANDLING})
"""A track that somebody has taken and not finished."""

_UNDECIDED: Final = frozenset({TrackState.NEW, TrackState.VERIFYING})
_WAITING: Final = frozenset({TrackState.NEW, TrackState.DISMISSED})
_DECIDED: Final = frozenset({SignState.CONFIRMED, SignState.DISMISSED})
_SET_ASIDE: Final = frozenset({TrackState.DISMISSED, TrackState.CLOSED})
_SETTLED_BY: Final = {
    TrackState.DISMISSED: (SignState.DISMISSED,),
    TrackState.VERIFYING: (SignState.CONFIRMED,),
}
"""Which decisions about signs a step onto a track's state came with."""


# --- one track ----------------------------------------------------------------------------------------------------


def _move(record: TrackRecord, to: TrackState) -> None:
    if to not in MOVES[record.state]:
        raise IllegalMove(**{"from": record.state, "to": to})


def take(record: TrackRecord) -> TrackRecord:
    """A person begins to verify. Already verifying is no move and no error."""
    if record.state is TrackState.VERIFYING:
        return record
    _move(record, TrackState.VERIFYING)
    return TrackRecord(state=TrackState.VERIFYING)


def release(record: TrackRecord) -> TrackRecord:
    """Back to the queue, nothing concluded."""
    _move(record, TrackState.NEW)
    return TrackRecord()


def dismiss(record: TrackRecord, dismissal: Dismissal) -> TrackRecord:
    _move(record, TrackState.DISMISSED)
    return TrackRecord(state=TrackState.DISMISSED, dismissal=dismissal)


def conclude(record: TrackRecord, conclusion: Conclusion, grounds: Grounds) -> TrackRecord:
    """A person's verdict. Raises `IllegalMove` where it lacks its reasoning, or a document that `NEEDS_GROUNDS`."""
    _move(record, TrackState.CONCLUDED)
    if not grounds.reasoning.strip():
        raise IllegalMove(to=TrackState.CONCLUDED, missing="reasoning")
    if conclusion in NEEDS_GROUNDS and not any(document.strip() for document in grounds.documents):
        raise IllegalMove(to=TrackState.CONCLUDED, missing="document")
    return replace(record, state=TrackState.CONCLUDED, conclusion=conclusion, grounds=grounds)


def handle(record: TrackRecord, handling: Handling) -> TrackRecord:
    """What is to be done; nothing to be done closes the track at once."""
    _move(record, TrackState.HANDLING)
    to = TrackState.CLOSED if handling is Handling.NONE else TrackState.HANDLING
    return replace(record, state=to, handling=handling)


def close(record: TrackRecord, result: Result) -> TrackRecord:
    _move(record, TrackState.CLOSED)
    return replace(record, state=TrackState.CLOSED, result=result)


def step_back(record: TrackRecord) -> TrackRecord:
    """Take the last step back (rút lại); what it had set goes with it."""
    match record.state:
        case TrackState.DISMISSED | TrackState.CONCLUDED:
            return TrackRecord(state=TrackState.VERIFYING)
        case TrackState.HANDLING:
            return replace(record, state=TrackState.CONCLUDED, handling=None)
        case TrackState.CLOSED if record.result is None:
            return replace(record, state=TrackState.CONCLUDED, handling=None)
        case TrackState.CLOSED:
            return replace(record, state=TrackState.HANDLING, result=None)
        case TrackState.VERIFYING:
            return TrackRecord()
        case TrackState.NEW:
            raise IllegalMove(**{"from": record.state, "to": "step_back"})


# --- a case: its signs, tracks and owner together -----------------------------------------------------------------


def take_on(case: Case, track: Track, owner: OfficerName) -> Case:
    """Somebody begins to verify a track, or goes on with what another began."""
    return move(replace(case, owner=owner), track, take)


def confirm(case: Case, track: Track, kinds: frozenset[FlagKind], *, by: OfficerName, at: datetime) -> Case:
    """Confirm these signs of a track, all open ones if none are named, and take the track if nobody has."""
    record = _record(case, track)
    chosen = kinds or _in_state(case, track, SignState.OPEN)
    decided = _decided(case, track, chosen, SignState.CONFIRMED, by=by, at=at)
    return take_on(decided, track, by) if record.state is TrackState.NEW else decided


def set_aside(
    case: Case, track: Track, kinds: frozenset[FlagKind], dismissal: Dismissal, *, by: OfficerName, at: datetime
) -> Case:
    """Dismiss these signs of a track, and the track with its last; all signs and the track if none are named."""
    decided = _decided(case, track, kinds or _live(case, track), SignState.DISMISSED, by=by, at=at, dismissal=dismissal)
    record = _record(case, track)
    if kinds and (_live(decided, track) or record.state not in _UNDECIDED):
        return decided
    return move(decided, track, lambda record: dismiss(record, dismissal))


def move(case: Case, track: Track, step: Callable[[TrackRecord], TrackRecord]) -> Case:
    """The case after one of the steps above on a track."""
    return _owned(_with_track(case, track, step(_record(case, track))))


def withdraw(case: Case, track: Track, by: OfficerName) -> Case:
    """Take the last step of a track back; the signs that it had settled are open again."""
    reopened = _in_state(case, track, *_SETTLED_BY.get(_record(case, track).state, ()))
    signs = tuple(Sign(kind=sign.kind) if sign.kind in reopened else sign for sign in case.signs)
    return move(replace(case, signs=signs, owner=case.owner or by), track, step_back)


def meet(case: Case, shown: frozenset[FlagKind]) -> Case:
    """A case meets what the machine shows of its story now.

    A kind that nobody has decided, not met before or withdrawn since, is open, and opens its track or reopens it. A
    kind that a person decided changes nothing, however often it comes. A sign that the machine no longer shows is
    withdrawn if nobody has decided it; its track stays as it is.
    """
    met = {sign.kind: sign for sign in case.signs}
    tracks = dict(case.tracks)
    for kind in FlagKind:
        state = met[kind].state if kind in met else SignState.WITHDRAWN
        if kind in shown and state is SignState.WITHDRAWN:
            met[kind] = Sign(kind=kind)
            if kind.track not in tracks or tracks[kind.track].state in _SET_ASIDE:
                tracks[kind.track] = TrackRecord()
        elif kind not in shown and state is SignState.OPEN:
            met[kind] = replace(met[kind], state=SignState.WITHDRAWN)
    return replace(case, signs=_in_order(met), tracks=tracks)


def merge(survivor: Case, joined: Case) -> Case:
    """The survivor with the work of a case whose story was joined into its own.

    Of two signs of a kind the decided one stands, the survivor's before the other's. A track comes over where the
    survivor has none, where it was in work there and waits here, and where nothing is left to decide on it here.
    """
    signs = {sign.kind: sign for sign in joined.signs if sign.state is not SignState.WITHDRAWN}
    signs |= {s.kind: s for s in survivor.signs if s.kind not in signs or s.state in _DECIDED}
    merged = replace(
        survivor,
        signs=_in_order(signs),
        owner=survivor.owner or joined.owner,
        agency=survivor.agency or joined.agency,
    )
    tracks = dict(survivor.tracks)
    for track, there in joined.tracks.items():
        here = tracks.get(track)
        if (
            here is None
            or (here.state in _WAITING and there.state in IN_WORK)
            or (here.state is TrackState.NEW and not _live(merged, track))
        ):
            tracks[track] = there
        if tracks[track].state is TrackState.DISMISSED and _in_state(merged, track, SignState.OPEN):
            tracks[track] = TrackRecord()
    return replace(merged, tracks=tracks)


def _record(case: Case, track: Track) -> TrackRecord:
    if track not in case.tracks:
        raise IllegalMove(track=track, missing="track")
    return case.tracks[track]


def _with_track(case: Case, track: Track, record: TrackRecord) -> Case:
    return replace(case, tracks={**case.tracks, track: record})


def _owned(case: Case) -> Case:
    """Nobody owns a case of which every track waits or is set aside."""
    return replace(case, owner=None) if all(r.state in _WAITING for r in case.tracks.values()) else case


def _in_state(case: Case, track: Track, *states: SignState) -> frozenset[FlagKind]:
    return frozenset(sign.kind for sign in case.signs if sign.kind.track is track and sign.state in states)


def _live(case: Case, track: Track) -> frozenset[FlagKind]:
    """The signs that keep a track alive: nobody has set them aside."""
    return _in_state(case, track, SignState.OPEN, SignState.CONFIRMED)


def _decided(
    case: Case,
    track: Track,
    kinds: frozenset[FlagKind],
    state: SignState,
    *,
    by: OfficerName,
    at: datetime,
    dismissal: Dismissal | None = None,
) -> Case:
    """The case with these signs decided; a decision may change until its track is concluded."""
    changeable = _record(case, track).state in _UNDECIDED
    signs = {sign.kind: sign for sign in case.signs}
    for kind in kinds:
        sign = signs.get(kind)
        if sign is None or kind.track is not track or sign.state is SignState.WITHDRAWN:
            raise IllegalMove(sign=kind, missing="sign")
        if sign.state is not SignState.OPEN and not changeable:
            raise IllegalMove(sign=kind, **{"from": sign.state, "to": state})
        signs[kind] = Sign(kind=kind, state=state, by=by, at=at, dismissal=dismissal)
    return replace(case, signs=_in_order(signs))


def _in_order(signs: Mapping[FlagKind, Sign]) -> tuple[Sign, ...]:
    return tuple(signs[kind] for kind in FlagKind if kind in signs)
