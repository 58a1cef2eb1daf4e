"""What people ask of the archive, as pages, commands and the casebook pass it on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from index.archive import Sort
from index.case import TrackState
from index.model import Channel, FlagKind, SourceId, Tone, Topic


class Filter(StrEnum):
    """By what a question can be narrowed."""

    TIME = "time"
    SOURCE = "source"
    CHANNEL = "channel"
    PLACE = "place"
    TONE = "tone"
    TOPIC = "topic"
    FLAG = "flag"
    STATE = "state"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to look for; `text`, times and filters mean what they mean in `Query`.

    `state` lets the articles of those stories through whose case has any track in that state.
    """

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    source: SourceId | None = None
    channel: Channel | None = None
    place: str | None = None
    tone: Tone | None = None
    topic: Topic | None = None
    flag: FlagKind | None = None
    state: TrackState | None = None
    language: str | None = None
    sort: Sort = Sort.NEWEST

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Those that narrow this question."""
        return tuple(one for one in Filter if self.without(one) != self)

    def without(self, one: Filter) -> Question:
        """The same question, not narrowed by this."""
        nothing: dict[str, Any] = dict.fromkeys(("since", "until") if one is Filter.TIME else (one.value,))
        return replace(self, **nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A question that an officer keeps under a name of their own."""

    name: str
    question: Question
    saved: datetime
