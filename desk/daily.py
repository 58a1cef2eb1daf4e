"""The daily page as a value (DOMAIN §6.1): what leaders read at 7:30. `desk.summary` makes it.

One line is one story, however many papers carry it, and a story has one line on the page. A named person can move a
line to another section, put it in front of others and rewrite it; nobody can leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.case import Act, Conclusion, Priority, Result, TrackState
from index.model import ArticleId, CaseId, FlagKind, OfficerName, ProvinceId, SourceId, StoryId, Tone, Topic, Track


class Edition(StrEnum):
    """MORNING covers 6:00 of the day before to 6:00; AFTERNOON from then to 16:30, made only if something is new."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Section(StrEnum):
    """The sections that hold lines, in the order of the page; the overview (II) is figures."""

    DIRECT = "direct"
    NEWS = "news"
    CRITICISM = "criticism"
    VERIFY = "verify"
    FOREIGN = "foreign"
    RESULTS = "results"


class NewsGroup(StrEnum):
    """The groups of section III, in the order of the page."""

    POLITICS = "politics"
    ECONOMY = "economy"
    CULTURE = "culture"
    SECURITY = "security"
    DISASTER = "disaster"


class Attention(StrEnum):
    """Why a case waits for a leader's word today."""

    OVERDUE = "overdue"
    URGENT = "urgent"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One story as the page tells it.

    `title` and `summary` (at most two sentences) are safe to show: words that may name a private person are withheld,
    or an officer has rewritten them. `withheld` says that words were withheld and nobody has looked yet.
    `known`, `unknown`, `proposal` and `due` are an officer's (`noted_by`), for DIRECT: no deadline is ever guessed.
    `at` is when the article that the line tells of appeared, None where no time of publication is known. `originals`,
    `reprints` and `foreign` (those of the originals that are) count the articles of the period.
    """

    story: StoryId
    article: ArticleId | None
    """The article that the line tells of, and its version; None where the archive no longer holds the story."""
    version: int
    case: CaseId | None
    section: Section
    group: NewsGroup | None
    """Set in NEWS alone."""
    attention: Attention | None
    """Set in DIRECT, unless a person has moved the line there."""
    outcome: Act | None
    """Set in RESULTS: what was last done towards a result within the period."""
    title: str
    summary: str
    withheld: bool
    rewritten_by: OfficerName | None
    moved_by: OfficerName | None
    moved_because: str
    outlet: str
    at: datetime | None
    url: str | None
    originals: int
    reprints: int
    foreign: int
    places: tuple[str, ...]
    topic: Topic
    tone: Tone
    priority: Priority | None
    signs: tuple[FlagKind, ...]
    track: Track | None
    state: TrackState | None
    conclusion: Conclusion | None
    result: Result | None
    owner: OfficerName | None
    agency: str | None
    """The name of the agency that a person has routed the case to."""
    due: datetime | None
    known: str
    unknown: str
    proposal: str
    noted_by: OfficerName | None
    noted_at: datetime | None
    revision: int
    """How often people have changed this line; their next change names it."""

    @property
    def own_signs(self) -> tuple[FlagKind, ...]:
        """The signs of the track that the line speaks of: a complaint carries none of accuracy."""
        return tuple(kind for kind in self.signs if kind.track is self.track)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The figures of the overview. `new` are articles of the period, `originals` + `reprints`; tones and `foreign`
    count originals; `undated` are those among the new ones whose time of publication is not known, `late` those that
    appeared before the period and were found, or came to be told, after the page before.

    Not among the new ones: `undecided` (a person must say whether they are about the province) and `unreviewed`.
    """

    new: int
    originals: int
    reprints: int
    positive: int
    neutral: int
    issue: int
    foreign: int
    undated: int
    late: int
    undecided: int
    unreviewed: int
    sources_ok: int
    sources_failed: int

    @property
    def half_lost(self) -> bool:
        """Did half of the sources or more not answer? Then the page begins with that."""
        return self.sources_failed > 0 and self.sources_failed >= self.sources_ok


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLost:
    """An enabled source that could not be read when the page was made; `since` is None if it never could."""

    id: SourceId
    name: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVolume:
    """Originals of one calendar day by tone, and its reprints; `lost` of `sources` could not be read for a part of it.
    No sources: the office did not watch yet, and what is held of the day is what sources still showed later.

    A day without a reading and without an article has no data: its counts are None. 0 is known to be none.
    """

    day: date
    originals: Mapping[Tone, int] | None
    reprints: int | None
    lost: int
    sources: int

    @property
    def partial(self) -> bool:
        """May the day have brought more than is held?"""
        return self.lost > 0 or self.sources == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """One edition of one day. `lines` has every section, its lines in the order of the page.

    `left_out` counts the stories that a group of NEWS has beyond those it shows; `further` are the first of them, best
    first, which a person can bring in by moving them. `unfinished` counts the open cases of each track, on the page or
    not. `volume` are 14 days, the last one the day itself; `undated_volume` are the
    articles found in these days whose day is not known. `people` are the names of the officers that the page names.
    `read_over_by` marked the page as read over as it now stands: whoever changes it after that takes the mark off.
    """

    province: ProvinceId
    day: date
    edition: Edition
    since: datetime
    until: datetime
    made: datetime
    counts: Counts
    lost: tuple[SourceLost, ...]
    lines: Mapping[Section, tuple[Line, ...]]
    left_out: Mapping[NewsGroup, int]
    further: Mapping[NewsGroup, tuple[Line, ...]]
    unfinished: Mapping[Track, int]
    volume: tuple[DayVolume, ...]
    undated_volume: int
    people: Mapping[OfficerName, str]
    revision: int
    """How often people have changed this edition; a change of the whole page names it."""
    read_over_by: OfficerName | None = None
    read_over_at: datetime | None = None
    waiting: tuple[ArticleId, ...] = ()
    """Articles that would have been told, had anybody reviewed them, or said that they are about the province."""

    def in_direct(self, section: Section) -> Mapping[int, Line]:
        """The lines of DIRECT that a section is also about, by their numbers: a story has one line on the page."""
        numbered = enumerate(self.lines[Section.DIRECT], start=1)
        return {number: line for number, line in numbered if line.track and _SECTIONS.get(line.track) is section}


_SECTIONS = {Track.ANSWER: Section.CRITICISM, Track.VERIFY: Section.VERIFY}
"""Where the cases of a track stand."""
