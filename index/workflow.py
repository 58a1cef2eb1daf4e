"""The legal moves of a case: tables and pure functions. Who may make them is the desk's business."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from index.case import (
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
from index.model import FlagKind, Track

MOVES: Final[dict[TrackState, frozenset[TrackState]]] = {
    TrackState.NEW: frozenset({TrackState.VERIFYING, TrackState.DISMISSED}),
    TrackState.VERIFYING: frozenset({TrackState.NEW, TrackState.CONCLUDED, TrackState.DISMISSED}),
    TrackState.CONCLUDED: frozenset({TrackState.VERIFYING, TrackState.HANDLING, TrackState.CLOSED}),
    TrackState.HANDLING: frozenset({TrackState.CONCLUDED, TrackState.CLOSED}),
    TrackState.CLOSED: frozenset({TrackState.HANDLING, TrackState.VERIFYING}),
    TrackState.DISMISSED: frozenset({TrackState.NEW, TrackState.VERIFYING}),
}
"""Forward steps, and for each the step that takes it back (rút lại)."""

NEEDS_GROUNDS: Final = frozenset({Conclusion.FALSE, Conclusion.PARTLY})
"""Conclusions that a document must bear out."""


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
    """Back to the queue, nothing decided."""
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
    if conclusion in NEEDS_GROUNDS and not grounds.documents:
        raise IllegalMove(to=TrackState.CONCLUDED, missing="document")
    return replace(record, state=TrackState.CONCLUDED, conclusion=conclusion, grounds=grounds)


def handle(record: TrackRecord, handling: Handling) -> TrackRecord:
    """What is to be done; nothing to be done closes the track at once."""
    to = TrackState.CLOSED if handling is Handling.NONE else TrackState.HANDLING
    _move(record, to)
    return replace(record, state=to, handling=handling)


def close(record: TrackRecord, result: Result) -> TrackRecord:
    _move(record, TrackState.CLOSED)
    if record.handling is None:
        raise IllegalMove(to=TrackState.CLOSED, missing="handling")
    return replace(record, state=TrackState.CLOSED, result=result)


def withdraw(record: TrackRecord) -> TrackRecord:
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
            raise IllegalMove(**{"from": record.state, "to": "withdraw"})


def tracks_of(kinds: frozenset[FlagKind]) -> frozenset[Track]:
    return frozenset(kind.track for kind in kinds)


def meet(
    signs: tuple[Sign, ...], tracks: dict[Track, TrackRecord], shown: frozenset[FlagKind]
) -> tuple[tuple[Sign, ...], dict[Track, TrackRecord]]:
    """A case meets what the machine shows of its story now.

    A kind not met before opens its track, or reopens it; a kind met before changes nothing, whatever became of it,
    except that a withdrawn one is open again. A sign the machine no longer shows is withdrawn if nobody has decided it.
    No track is ever closed here.
    """
    met = {sign.kind: sign for sign in signs}
    opened = dict(tracks)
    for kind in FlagKind:
        sign = met.get(kind)
        if kind in shown and sign is None:
            met[kind] = Sign(kind=kind)
            was = opened.get(kind.track)
            if was is None or was.state in (TrackState.DISMISSED, TrackState.CLOSED):
                opened[kind.track] = TrackRecord()
        elif kind in shown and sign is not None and sign.state is SignState.WITHDRAWN:
            met[kind] = Sign(kind=kind)
        elif kind not in shown and sign is not None and sign.state is SignState.OPEN:
            met[kind] = replace(sign, state=SignState.WITHDRAWN)
    return tuple(met.values()), opened
