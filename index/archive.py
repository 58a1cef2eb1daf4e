"""The archive: what machines write and everybody reads.

One protocol, kept by `index.sqlite` and `index.elastic` and held to by one contract suite. Every write is safe to
repeat: ids follow from content, so what was written twice is there once. Articles are shared by all provinces; reviews
and stories carry their province, and no method mixes two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Final, Protocol, Self

from index.model import (
    Article,
    ArticleId,
    Channel,
    FlagKind,
    Mark,
    ProvinceId,
    Review,
    Ruling,
    SourceId,
    Story,
    StoryId,
    Tone,
    Topic,
)
from index.source import Checkpoint, Known, Reading, Tally, Visit

COUNTED: Final = 10_000
"""Facets are exact up to so many matches; beyond, they are counted on the newest of these."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


class Facet(StrEnum):
    """By what the matches of a query can be counted; MONTH is the calendar month in Viet Nam (`2026-11`)."""

    SOURCE = "source"
    CHANNEL = "channel"
    PLACE = "place"
    TONE = "tone"
    TOPIC = "topic"
    FLAG = "flag"
    LANGUAGE = "language"
    MONTH = "month"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for. `text` is words (all of them, with or without marks) and "phrases"; empty finds everything.

    Nothing in `text` is an operator (`index.text.phrases` splits it); a text without any word finds nothing. `after` is
    the `next` of an earlier answer. Filters that are None do not filter; `since` is included, `until` not, both on the
    time an article is placed at, to the millisecond. `place`, `tone`, `topic` and `flag` are those of the province's
    reviews; a review that is NOT_OURS has none. `flag` also finds the articles that a story's flag quotes. `stories`
    lets only articles of these stories of the province through; an empty set finds nothing.
    """

    province: ProvinceId
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    source: SourceId | None = None
    channel: Channel | None = None
    place: str | None = None
    tone: Tone | None = None
    topic: Topic | None = None
    flag: FlagKind | None = None
    language: str | None = None
    stories: frozenset[StoryId] | None = None
    sort: Sort = Sort.NEWEST
    limit: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article found. `exact`: the words stand in it as they were typed, marks included. `score` compares hits of one
    answer by RELEVANCE; by NEWEST it is 0."""

    article: Article
    exact: bool
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of an answer, exact matches first; `total` is exact, `next` None on the last page."""

    total: int
    hits: tuple[Hit, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The matches of a query by one facet: `counts` largest first (MONTH: latest first), values without a match left
    out. `of` is how many matches were counted, the newest ones: less than the total means that the counts are partial.
    An article can count for several places and flags, and for none."""

    counts: Mapping[str, int]
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An article's newest version with what one province's machine and people made of it."""

    article: Article
    review: Review | None = None
    story_id: StoryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What must go: unmatched texts collected before `unmatched`, all others before `matched`, readings before
    `readings`; never an article of a story in `kept`."""

    unmatched: datetime
    matched: datetime
    readings: datetime
    kept: frozenset[StoryId] = field(default_factory=frozenset)


class CrawlerArchive(Protocol):
    """What crawlers need of an `Archive`; its docstrings hold."""

    def add(self, articles: Sequence[Article]) -> Tally: ...

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]: ...

    def article(self, article_id: ArticleId) -> Article: ...

    def checkpoint(self, source_id: SourceId) -> Checkpoint: ...

    def save_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None: ...

    def save_reading(self, reading: Reading) -> None: ...

    def request(self, visit: Visit) -> None: ...

    def visits_due(self, now: datetime) -> Sequence[Visit]: ...


class Archive(Protocol):
    """Any method may raise `ArchiveError`; `ArchiveUnavailable` where asking again later may work."""

    # --- articles

    def add(self, articles: Sequence[Article]) -> Tally:
        """Keep what is new, durably, before returning.

        An id never seen is kept as version 1. A known id with other words (`content_hash`) or with another, known
        publication time becomes the next version, and so does a page read where only the feed was held; the given
        `version` is not looked at. Read without a time, the known time stands. What the feed alone says
        (`Extent.FEED`) never replaces a page that was read. What was kept before, the same words collected at the same
        time, is not kept again, whatever came between. Everything else is `seen` and only moves the time of reading.
        Source and channel stay those of the first version, and times of one minute are one. Once purged, the same
        words come back only by hand. Raises `ValueError` for a time without a zone.
        """
        ...

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
        """What is remembered of those among `ids` that are held (purged texts too)."""
        ...

    def article(self, article_id: ArticleId) -> Article:
        """The newest version; once purged without words and address. Raises `ArticleNotFound`."""
        ...

    def articles(self, ids: Sequence[ArticleId]) -> Sequence[Article]:
        """The newest versions of those that are held, in the order asked; purged ones are left out."""
        ...

    def versions(self, article_id: ArticleId) -> Sequence[Article]:
        """All versions, oldest first. Raises `ArticleNotFound`."""
        ...

    def stored(
        self,
        province: ProvinceId,
        *,
        source: SourceId | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Reviewed]:
        """Newest version of every article not purged, latest collected first; `since` is on `collected`, included."""
        ...

    # --- reviews and stories

    def pending(
        self,
        province: ProvinceId,
        signals: Mapping[str, str],
        *,
        since: datetime | None,
        limit: int,
    ) -> Sequence[Article]:
        """Newest versions that this province has to review, at most `limit`.

        First those without a review of their newest version or ruled on after it, oldest arrival first. Then, of what
        was collected at or after `since` (None: whenever), those whose review ran other signals or other versions of
        them, oldest first, and those whose review left one unexamined, by turns: while a signal is out, asking until
        nothing is pending does not end.
        """
        ...

    def lead(self, province: ProvinceId) -> int:
        """Begin to group the articles of a province: the number to record stories with, greater than all before."""
        ...

    def record(self, reviews: Sequence[Review], stories: Sequence[Story] = (), *, leader: int | None = None) -> None:
        """Keep reviews and the stories they changed, together.

        With the number that `lead` gave nothing is kept once another leads: raises `Superseded`.

        Where a ruling is in force it is the ruling that is kept (standing, place, topic), whatever the review says; one
        on the article goes before one on its story. An article that a person put into a story stays there, whatever
        the given stories say; what is recorded for a story joined into another goes to the survivor. An article is in
        one story of a province: the one recorded last. A review of a version that is no longer the newest is dropped:
        the article is still pending. Raises `ArticleNotFound`, and keeps nothing, where a review or story names an
        article that is not held.
        """
        ...

    def review(self, article_id: ArticleId, province: ProvinceId) -> Review | None: ...

    def reviews(self, ids: Sequence[ArticleId], province: ProvinceId) -> Mapping[ArticleId, Review]: ...

    def story(self, story_id: StoryId) -> Story:
        """The story, or the survivor it was joined into. Raises `StoryNotFound`."""
        ...

    def story_of(self, article_id: ArticleId, province: ProvinceId) -> StoryId | None:
        """Raises `ArticleNotFound`."""
        ...

    def stories_of(self, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, StoryId]:
        """The stories of those among `ids` that are in one."""
        ...

    def stories(self, province: ProvinceId, *, since: datetime | None = None) -> Iterator[Story]:
        """Stories with an article placed at or after `since`, latest first; forwarded ones are left out."""
        ...

    def changed_since(self, province: ProvinceId, mark: Mark | None, *, limit: int) -> tuple[Sequence[Story], Mark]:
        """Stories recorded, ruled on or forwarded after `mark` (None: all), in order of change, and the next mark.

        Stories with and without flags: a sign that was dropped must reach its case too. The answer may repeat some of
        the last one; fewer than `limit` means that there are no more. Raises `MarkUnknown`.
        """
        ...

    def apply(self, ruling: Ruling) -> None:
        """Make a person's ruling hold for reviews, stories and search at once, and mark its articles pending.

        A STORY ruling on a story joins it into `value`; on an article, moves the article to the story `value`, which
        is made if it does not exist. The flags of the stories are set right by the review that follows, for which every
        article of the stories concerned is pending. Taken back (`value` None), a joined story has its articles again,
        and everything else is as the next review finds it. A ruling older than the one held on the same subject and
        field changes nothing. Raises `ArticleNotFound`, `StoryNotFound`, and `ValueError` for a value that the field
        cannot have.
        """
        ...

    def rulings(self, province: ProvinceId) -> Sequence[Ruling]:
        """The rulings in force, oldest first; one on a story that was joined speaks of the survivor."""
        ...

    # --- search

    def find(self, query: Query) -> Hits:
        """One page, exact matches before those found only without marks. Raises `MarkUnknown` for an `after` that no
        answer gave.

        NEWEST orders each of the two by time; RELEVANCE puts the best of the newest 3,000 of each in front, and the
        rest by time behind.
        """
        ...

    def facets(self, query: Query, wanted: Collection[Facet] = tuple(Facet)) -> Mapping[Facet, Counted]:
        """What the matches of the whole query are made of, whatever its `sort`, `limit` and `after`.

        Exact up to `COUNTED` matches; beyond, counted on the newest of them.
        """
        ...

    # --- how sources are read

    def checkpoint(self, source_id: SourceId) -> Checkpoint:
        """Where the reading stands; a new `Checkpoint()` for a source never read."""
        ...

    def save_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None: ...

    def save_reading(self, reading: Reading) -> None: ...

    def readings(self, source_id: SourceId, *, since: datetime) -> Sequence[Reading]:
        """Oldest first."""
        ...

    def request(self, visit: Visit) -> None:
        """Keep a visit; the same id again replaces it (that is how its outcome is saved)."""
        ...

    def visits_due(self, now: datetime) -> Sequence[Visit]:
        """Visits not done whose time has come, oldest request first."""
        ...

    def visits(self, *, since: datetime) -> Sequence[Visit]:
        """Visits requested at or after `since`, newest first."""
        ...

    # --- keeping house

    def purge(self, retention: Retention, *, dry_run: bool = False) -> Mapping[str, int]:
        """Remove what `retention` says and count it, by kind (`article_text`, `snapshot_reference`, `reading`).

        Of a purged article id, hash, source and times stay, so that it is not collected again; its reviews, and what
        stories quote from it, go with its words, and a story left without articles goes too. Unmatched is what was
        reviewed and is NOT_OURS to every province; its snapshots are let go of at once, whatever its age.
        """
        ...

    def snapshots_in_use(self) -> Iterator[str]:
        """SHA-256 of every snapshot that an article still names."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
