"""Sources, and how they are read: what is declared, where a reading stands, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType

from index.errors import CollectError, Limited
from index.model import ArticleId, Channel, Extent, OfficerName, SourceId

VisitId = NewType("VisitId", str)

# --- what is declared ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """An outlet's written permission to be read although its robots.txt says no; without one robots.txt is obeyed."""

    document: str
    date: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors of an outlet whose pages the generic extraction reads badly; None leaves a part to it."""

    link: str | None = None
    title: str | None = None
    body: str | None = None
    published: str | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is read regularly. `every` None means: by tier (1 most often … 3)."""

    id: SourceId
    name: str
    channel: Channel
    collector: str
    url: str
    every: timedelta | None = None
    tier: int = 2
    language: str = "vi"
    official: bool = False
    licence_type: str | None = None
    scope: str | None = None
    full_text: bool = True
    select: Selectors = Selectors()
    consent: Consent | None = None
    enabled: bool = True
    checked: date | None = None
    """When a person last read the source by hand and found it as declared; None is shown as never checked."""


# --- how sources were read ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Articles of one reading: never seen before, changed words or date, and met again unchanged."""

    new: int = 0
    updated: int = 0
    seen: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(new=self.new + other.new, updated=self.updated + other.updated, seen=self.seen + other.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive remembers of an article, enough to decide whether to fetch its page again.

    `collected` is of the newest version, `read` when the article was last met, changed or not.
    """

    version: int
    collected: datetime
    read: datetime
    extent: Extent


class Note(StrEnum):
    """Why something was set aside, or kept as less than it might be, while its source was read.

    Beside these, an `Outcome` counts the pages that failed under the code of their error.
    """

    ENTRY_WITHOUT_LINK = "entry_without_link"
    ENTRY_WITHOUT_TITLE = "entry_without_title"
    ENTRY_DUPLICATE = "entry_duplicate"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPLAUSIBLE = "date_implausible"
    DATE_AHEAD = "date_ahead"
    UNDATED = "undated"
    WORDS_CUT = "words_cut"
    LIST_CUT = "list_cut"
    LIST_DAMAGED = "list_damaged"
    KEPT_FROM_FEED = "kept_from_feed"
    LEFT_FOR_LATER = "left_for_later"
    SAME_ADDRESS = "same_address"


class ReadingOutcome(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    LIMITED = "limited"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one source's reading in a round ended: with a tally, or with the error that stopped it.

    `tally` counts what was stored before an error too; `notes` says what was set aside on the way, one code each
    (an entry without a link, a page that refused), with how often.
    """

    source_id: SourceId
    tally: Tally
    error: CollectError | None = None
    notes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def result(self) -> ReadingOutcome:
        """In one word; a quota that is used up is no failure."""
        if isinstance(self.error, Limited):
            return ReadingOutcome.LIMITED
        if self.error is not None:
            return ReadingOutcome.FAILED
        return ReadingOutcome.NEW if self.tally.new or self.tally.updated else ReadingOutcome.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line of a source's history, kept 400 days. `error` is a code of `index.errors`, `detail` its words."""

    source_id: SourceId
    at: datetime
    outcome: ReadingOutcome
    tally: Tally = Tally()
    error: str | None = None
    detail: str = ""
    notes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where the reading of a source stands. Moves only after what was read is stored."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """SHA-256 of the last start page's bytes: feeds lie about ETag."""
    full_read: datetime | None = None
    """When the source was last read without asking whether it had changed."""
    newest: datetime | None = None
    failures: int = 0
    pace: timedelta | None = None
    """The present interval, adapted to what the source brings; None before the first reading."""
    next_due: datetime | None = None


class VisitReason(StrEnum):
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page that the desk wants read; the next round fetches it like any source.

    `outcome` is "read" or the code of the error, whose words are in `detail`; None before the first attempt. One that
    failed for a reason that may pass is not done and is due again at `not_before`.
    """

    id: VisitId
    url: str
    why: VisitReason
    by: OfficerName
    requested: datetime
    not_before: datetime
    channel: Channel = Channel.PRESS
    source_name: str = ""
    done: datetime | None = None
    outcome: str | None = None
    article_id: ArticleId | None = None
    attempts: int = 0
    detail: str = ""
