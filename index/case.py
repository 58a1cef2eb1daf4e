"""What people write: cases, what they decided about signs, and the cards the queue shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from index.model import CaseId, Channel, FlagKind, Harm, OfficerName, ProvinceId, StoryId, Track

MACHINE: Final = OfficerName("machine")
"""The actor of what intake writes."""


class TrackState(StrEnum):
    NEW = "new"
    VERIFYING = "verifying"
    CONCLUDED = "concluded"
    HANDLING = "handling"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Conclusion(StrEnum):
    TRUE = "true"
    PARTLY = "partly"
    FALSE = "false"
    UNDETERMINED = "undetermined"
    OPINION = "opinion"


class Handling(StrEnum):
    NONE = "none"
    RESOLVE = "resolve"
    INFORM = "inform"
    CORRECT = "correct"
    REFER = "refer"


class Result(StrEnum):
    CORRECTED = "corrected"
    AMENDED = "amended"
    ANSWERED = "answered"
    NO_REPLY = "no_reply"
    WITHDRAWN = "withdrawn"


class Dismissal(StrEnum):
    """Why a person set a sign aside."""

    NOT_OURS = "not_ours"
    OPINION = "opinion"
    CORRECTION = "correction"
    QUOTED_RIGHTLY = "quoted_rightly"
    OTHER = "other"


class SignState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    """The machine no longer shows it; only a sign that no person has decided is withdrawn."""


class Act(StrEnum):
    """What can happen to a case, as its history and the audit log name it."""

    OPENED = "opened"
    SIGNS = "signs"
    """The machine met a new kind of sign or no longer shows one that nobody has decided, or a tip asks for a track."""
    MOVED = "moved"
    """The story of the case went on under another id."""
    MERGED = "merged"
    TAKEN = "taken"
    RELEASED = "released"
    ASSIGNED = "assigned"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CONCLUDED = "concluded"
    HANDLED = "handled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    COMMENTED = "commented"
    ROUTED = "routed"
    RULED = "ruled"
    JOINED = "joined"
    SPLIT = "split"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One kind of flag on a case, and what became of it."""

    kind: FlagKind
    state: SignState = SignState.OPEN
    by: OfficerName | None = None
    at: datetime | None = None
    dismissal: Dismissal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a conclusion rests on: one sentence of reasoning and the documents it names."""

    reasoning: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """Where one track of a case stands."""

    state: TrackState = TrackState.NEW
    conclusion: Conclusion | None = None
    grounds: Grounds | None = None
    handling: Handling | None = None
    result: Result | None = None
    dismissal: Dismissal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a case's history: who did what, when. `params` are the values for its sentence: ids and codes.

    `note` holds an officer's own words. `revision` is the one that this line made.
    """

    by: OfficerName
    at: datetime
    action: Act
    params: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the office does about one story. A write names the `revision` that it read.

    The revision counts what changes the case itself: every act of a person, and a sign that the machine adds or takes
    back, so that nobody decides about signs they have not seen. Refreshing the card does not count.
    """

    id: CaseId
    province: ProvinceId
    story: StoryId
    opened: datetime
    tracks: Mapping[Track, TrackRecord]
    signs: tuple[Sign, ...] = ()
    owner: OfficerName | None = None
    agency: str | None = None
    """Id of the responsible agency (province profile), once a person has routed the case."""
    merged_into: CaseId | None = None
    """The case that goes on with this one's work, where their stories were joined; nothing is done here any more."""
    history: tuple[Entry, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSign:
    """A sign as the queue shows it: its kind, confidence 0..1 and the sentence with the quote marked by position."""

    kind: FlagKind
    score: float
    sentence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """Why a case has its priority: harm × spread × clock, each as the number that was multiplied."""

    harm: Harm
    outlets: int
    per_hour: float
    spread: float
    clock: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """What the queue shows of a case; refreshed by intake whenever its story changes, without touching the revision."""

    case_id: CaseId
    province: ProvinceId
    story: StoryId
    title: str
    outlets: int
    reprints: int
    first_seen: datetime
    first_source: str
    channel: Channel
    last_change: datetime
    places: tuple[str, ...] = ()
    undecided: bool = False
    """No article is known to be about the province: the case waits in the tab of places."""
    signs: tuple[CardSign, ...] = ()
    priority: Priority = Priority.LOW
    weight: float = 0.0
    factors: Factors
