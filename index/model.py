"""The nouns: frozen values that every room of the house speaks in.

Machines write articles, reviews and stories (the archive); people write cases and rulings (the casebook, see
`index.case`). All times are aware and UTC inside; all text is NFC. Enum values are stored and published:
they are never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, NewType

SourceId = NewType("SourceId", str)
ArticleId = NewType("ArticleId", str)
StoryId = NewType("StoryId", str)
ProvinceId = NewType("ProvinceId", str)
CaseId = NewType("CaseId", str)
OfficerName = NewType("OfficerName", str)
Mark = NewType("Mark", str)
"""An opaque position in the archive's order of change; only the archive that gave it may read it."""


class Channel(StrEnum):
    PRESS = "press"
    PORTAL = "portal"
    BROADCAST = "broadcast"
    PRINT = "print"
    FORUM = "forum"
    VIDEO = "video"
    SOCIAL = "social"
    FOREIGN = "foreign"
    PUBLIC = "public"


# --- articles -----------------------------------------------------------------------------------------------------


class PublishedFrom(StrEnum):
    """Where a publication time was read; NONE: nowhere, and `published` is None."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    URL = "url"
    HAND = "hand"
    """Stated by the person who brought the article in."""
    NONE = "none"


class Extent(StrEnum):
    """How much of an article is held: its PAGE, or only what the FEED said because the page could not be read."""

    PAGE = "page"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article as read from a source, before it has an id and a version."""

    url: str | None
    title: str
    text: str
    language: str | None = None
    published: datetime | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    byline: str | None = None
    extent: Extent = Extent.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of an article; shared by all provinces of a service. Versions count from 1, in order of arrival."""

    id: ArticleId
    source_id: SourceId
    channel: Channel
    url: str | None
    title: str
    text: str
    language: str
    collected: datetime
    published: datetime | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    byline: str | None = None
    extent: Extent = Extent.PAGE
    version: int = 1
    content_hash: str
    """SHA-256 of title and text (`index.text.content_hash`): equal hashes are equal words."""
    snapshot: str | None = None
    """SHA-256 of the page's bytes as captured; None where no bytes were kept."""

    @property
    def when(self) -> datetime:
        """The time an article is placed at in stories and charts: when published, else when collected."""
        return self.published or self.collected


class Field(StrEnum):
    """The part of an article that a quote was cut from."""

    TITLE = "title"
    TEXT = "text"


# --- signs --------------------------------------------------------------------------------------------------------


class Track(StrEnum):
    """What a story asks of the office: to verify it, to answer it, to inform the public."""

    VERIFY = "verify"
    ANSWER = "answer"
    INFORM = "inform"


class FlagKind(StrEnum):
    """What a machine may point at. A flag opens work on one track; it never concludes."""

    INACCURATE = "inaccurate"
    UNVERIFIED = "unverified"
    CONFLICT = "conflict"
    HEADLINE = "headline"
    OFFENSIVE = "offensive"
    HARMFUL_DETAIL = "harmful_detail"
    LICENCE = "licence"
    CRITICISM = "criticism"
    INCIDENT = "incident"

    @property
    def track(self) -> Track:
        return _OWN_TRACK.get(self, Track.VERIFY)


_OWN_TRACK: Final = {FlagKind.CRITICISM: Track.ANSWER, FlagKind.INCIDENT: Track.INFORM}


class Label(StrEnum):
    """What protects a text from being flagged by the words it repeats; a label opens nothing."""

    CORRECTION = "correction"
    OPINION = "opinion"
    SATIRE = "satire"
    DRILL = "drill"
    ORIGIN_ONLY = "origin_only"
    ELSEWHERE = "elsewhere"
    TRUE_NEGATIVE = "true_negative"


class Topic(StrEnum):
    GOV = "gov"
    CRIME = "crime"
    ACCIDENT = "accident"
    DISASTER = "disaster"
    ENVIRONMENT = "environment"
    ECONOMY = "economy"
    EDUCATION = "education"
    HEALTH = "health"
    CULTURE = "culture"
    OTHER = "other"


class Harm(IntEnum):
    """What is at stake if the text is true: 4 life and safety; 3 order, health, property; 1 reputation only; 0 none."""

    NONE = 0
    REPUTATION = 1
    ORDER = 3
    LIFE = 4


class Tone(StrEnum):
    """Tone towards the province; says nothing about accuracy."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a quote counts: a code whose words are in the dashboard's messages, and the values to put in them."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A quote from an article: `quote` stands at `start` (characters, NFC) of `field` in that version. Never empty."""

    article_id: ArticleId
    version: int
    field: Field
    quote: str
    start: int
    reason: Reason
    fact_id: str | None = None
    against: Evidence | None = None
    """The other span where a sign rests on two that disagree."""

    def __post_init__(self) -> None:
        if not self.quote.strip():
            raise ValueError("evidence without a quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A sign raised by one signal, shown with its reason; never a verdict. `score` is a probability in 0..1."""

    kind: FlagKind
    score: float
    signal: str
    version: str
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"flag {self.kind} without evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the province that a text is about.

    `name` is the present unit's short name and `unit` its kind (xã, phường, tỉnh; khu vực for a former district),
    `area` the former province it lay in, `rule` the rule that decided.
    """

    name: str
    unit: str
    as_written: str
    area: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicJudged:
    """A topic and the words it rests on; no words only for OTHER."""

    topic: Topic
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmJudged:
    """A level of harm and the words it rests on; no words only for NONE."""

    harm: Harm
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneScores:
    """Probabilities of the three tones; they sum to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def tone(self) -> Tone:
        scores = {Tone.NEGATIVE: self.negative, Tone.NEUTRAL: self.neutral, Tone.POSITIVE: self.positive}
        return max(scores, key=lambda tone: scores[tone])


# --- reviews ------------------------------------------------------------------------------------------------------


class Standing(StrEnum):
    """Is a text about the province? UNDECIDED goes to a person."""

    OURS = "ours"
    NOT_OURS = "not_ours"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One signal's answer about one article or story. `value` is set by the signals that place, sort or weigh."""

    signal: str
    version: str
    flags: tuple[Flag, ...] = ()
    labels: frozenset[Label] = frozenset()
    value: TopicJudged | HarmJudged | ToneScores | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What one province's classifier found in one version of an article.

    `about` is the probability that the text concerns the province, `standing` what follows from it or from a person's
    ruling. `signals` names every signal that ran, with its version; `unexamined` those that could not.
    """

    article_id: ArticleId
    version: int
    province: ProvinceId
    about: float
    standing: Standing
    places: tuple[Place, ...] = ()
    topic: TopicJudged = TopicJudged(topic=Topic.OTHER)
    harm: HarmJudged = HarmJudged(harm=Harm.NONE)
    tone: ToneScores = ToneScores(negative=0.0, neutral=1.0, positive=0.0)
    labels: frozenset[Label] = frozenset()
    flags: tuple[Flag, ...] = ()
    signals: Mapping[str, str] = field(default_factory=dict)
    unexamined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles of one province about the same happening.

    `articles` holds every member in order of time, `reprints` the groups of copies among them, each with its first
    copy in front. One flag a kind, with the evidence of all originals. A story joined into another keeps its id and
    `forward` names the survivor; it then holds no articles.
    """

    id: StoryId
    province: ProvinceId
    articles: tuple[ArticleId, ...]
    reprints: tuple[tuple[ArticleId, ...], ...] = ()
    flags: tuple[Flag, ...] = ()
    first_seen: datetime
    forward: StoryId | None = None


# --- what people say about the archive ----------------------------------------------------------------------------


class RulingField(StrEnum):
    """What a ruling settles. ABOUT: a `Standing`; PLACE: a present unit's name; TOPIC: a `Topic`; STORY: the id of the
    story an article or a whole story belongs to."""

    ABOUT = "about"
    PLACE = "place"
    TOPIC = "topic"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says about a story or an article, exactly one of the two; the latest on a subject and field holds.

    `value` None takes the earlier ruling back. No review contradicts a ruling in force.
    """

    by: OfficerName
    at: datetime
    province: ProvinceId
    field: RulingField
    value: str | None
    story_id: StoryId | None = None
    article_id: ArticleId | None = None

    def __post_init__(self) -> None:
        if (self.story_id is None) == (self.article_id is None):
            raise ValueError("a ruling is about a story or an article, one of the two")
