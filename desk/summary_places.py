"""Which story stands in which section of the page, and why. Pure; tone is no part of it.

I: open cases that are overdue by the date an officer stated, urgent, or of high priority and new or in work; at most
seven while only high ones are left, which then stand in their own section. VII: cases of before the period with a step
towards a result in it, and those that came to their end at once; not while the period brought something of which
another track of the case is still to be worked on. IV and V: what asks for an answer, or for verifying,
and what was found wrong. VI: what foreign outlets alone tell. III: everything else, five a group: those with the most
at stake, told by most outlets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.daily import Attention, NewsGroup, Section
from desk.mending import due
from desk.summary_period import Period
from desk.summary_stories import Told
from index.case import Act, Case, CaseCard, Priority, SignState, TrackState
from index.mend import Mend
from index.model import Flag, FlagKind, StoryId, Topic, Track
from index.workflow import NEEDS_GROUNDS

MOST_DIRECT: Final = 7
MOST_NEWS: Final = 5
MOST_FURTHER: Final = 15
RESULTS: Final = frozenset({Act.CONCLUDED, Act.HANDLED, Act.CLOSED, Act.WITHDRAWN})
"""What leads towards a result of a case, or takes one back."""
_FINISHED: Final = frozenset({TrackState.CLOSED, TrackState.DISMISSED})
_LIVE: Final = frozenset({SignState.OPEN, SignState.CONFIRMED})
_PRESSING: Final = (Track.VERIFY, Track.ANSWER, Track.INFORM)
_GROUPS: Final = {
    Topic.GOV: NewsGroup.POLITICS,
    Topic.ECONOMY: NewsGroup.ECONOMY,
    Topic.CRIME: NewsGroup.SECURITY,
    Topic.ACCIDENT: NewsGroup.DISASTER,
    Topic.DISASTER: NewsGroup.DISASTER,
}
_ATTENTION: Final = {Priority.URGENT: Attention.URGENT, Priority.HIGH: Attention.HIGH}
_ATTENTIONS: Final = tuple(Attention)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story that may get a line: what the period brought of it, its case, and what an officer noted of it.

    `told` is None where the period brought nothing; `earlier` is what was told of it before, None where the archive has
    lost that.
    """

    story: StoryId
    told: Told | None = None
    earlier: Told | None = None
    case: Case | None = None
    card: CaseCard | None = None
    note: Mend | None = None

    def is_live(self, track: Track) -> bool:
        """Is there something to do on a track? A story too new for a case is judged by its signs."""
        if self.case is None:
            return any(flag.kind.track is track for flag in self.flags)
        record = self.case.tracks.get(track)
        if record is None or record.state in _FINISHED:
            return False
        return record.state is not TrackState.NEW or any(sign.track is track for sign in self.signs)

    @property
    def flags(self) -> tuple[Flag, ...]:
        return self.told.story.flags if self.told else ()

    @property
    def signs(self) -> tuple[FlagKind, ...]:
        """Those that nobody has set aside."""
        if self.case is None:
            return tuple(kind for kind in FlagKind if kind in {flag.kind for flag in self.flags})
        return tuple(sign.kind for sign in self.case.signs if sign.state in _LIVE)

    @property
    def live(self) -> Track | None:
        return next((track for track in _PRESSING if self.is_live(track)), None)

    def is_live_beside(self, track: Track) -> bool:
        """Is there something to do on any other track?"""
        return any(self.is_live(other) for other in _PRESSING if other is not track)

    @property
    def tells(self) -> Told | None:
        """What a line of it rests on."""
        return self.told or self.earlier

    @property
    def weight(self) -> float:
        return self.card.weight if self.card else 0.0

    @property
    def refuted(self) -> Track | None:
        """The track on which a person found the story wrong, wholly or in part: it is not told as news again."""
        tracks = self.case.tracks if self.case else {}
        return next((track for track, record in tracks.items() if record.conclusion in NEEDS_GROUNDS), None)

    def attention(self, at: datetime) -> Attention | None:
        """Why a leader should look at it today: nobody has kept its deadline, or much is at stake."""
        if self.case is None or self.live is None:
            return None
        deadline = due(self.note) if self.note else None
        if deadline is not None and deadline < at:
            return Attention.OVERDUE
        return _ATTENTION.get(self.card.priority) if self.card else None

    def is_waited_for(self, period: Period, at: datetime) -> bool:
        """Does it stand on the page even if the period brought nothing of it?"""
        return self.attention(at) is not None or self.outcome(period) is not None

    def outcome(self, period: Period) -> tuple[Act, Track] | None:
        """What was last done towards a result within the period, on which track; for a case of before it, or one that
        came to its end at once."""
        if self.case is None or (self.case.opened >= period.since and self.live):
            return None
        acts = RESULTS | {Act.UNDONE}
        done = [e for e in self.case.history if e.action in acts and period.since <= e.at < period.until]
        if not done or done[-1].action is Act.UNDONE:
            return None
        return done[-1].action, Track(done[-1].params["track"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A story in its section. `track` is the one that the line speaks of."""

    telling: Telling
    section: Section
    group: NewsGroup | None = None
    attention: Attention | None = None
    outcome: Act | None = None
    track: Track | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The page before it is told. `left_out` counts what a group of NEWS has beyond its first, `further` holds the next
    of them."""

    lines: Mapping[Section, Sequence[Placed]]
    further: Mapping[NewsGroup, Sequence[Placed]]
    left_out: Mapping[NewsGroup, int]

    @property
    def every(self) -> Sequence[Placed]:
        return [one for some in (*self.lines.values(), *self.further.values()) for one in some]


def arrange(tellings: Sequence[Telling], period: Period, at: datetime) -> Arranged:
    """Each story once: those of which the period brought something, and those that somebody waits for."""
    direct = _direct(tellings, at)
    for_a_leader = {one.telling.story for one in direct}
    placed: dict[Section, list[Placed]] = defaultdict(list)
    for telling in tellings:
        if telling.story not in for_a_leader:
            one = _place(telling, period)
            placed[one.section].append(one)
    groups = {
        group: sorted((one for one in placed[Section.NEWS] if one.group is group), key=_rank) for group in NewsGroup
    }
    return Arranged(
        lines={
            Section.DIRECT: direct,
            Section.NEWS: [one for group in NewsGroup for one in groups[group][:MOST_NEWS]],
            Section.CRITICISM: sorted(placed[Section.CRITICISM], key=_by_weight),
            Section.VERIFY: sorted(placed[Section.VERIFY], key=_by_weight),
            Section.FOREIGN: sorted(placed[Section.FOREIGN], key=_rank),
            Section.RESULTS: sorted(placed[Section.RESULTS], key=_by_weight),
        },
        further={group: some[MOST_NEWS : MOST_NEWS + MOST_FURTHER] for group, some in groups.items()},
        left_out={group: max(0, len(some) - MOST_NEWS) for group, some in groups.items()},
    )


def _direct(tellings: Sequence[Telling], at: datetime) -> list[Placed]:
    waiting = [
        Placed(telling=telling, section=Section.DIRECT, attention=attention, track=telling.live)
        for telling in tellings
        if (attention := telling.attention(at)) is not None
    ]
    waiting.sort(key=lambda one: (_ATTENTIONS.index(one.attention or Attention.HIGH), -one.telling.weight))
    return [one for number, one in enumerate(waiting) if number < MOST_DIRECT or one.attention is not Attention.HIGH]


def _place(telling: Telling, period: Period) -> Placed:
    outcome = telling.outcome(period)
    if outcome is not None:
        act, on = outcome
        # What ended on one track hides nothing that is new on another.
        if telling.told is None or not telling.is_live_beside(on):
            return Placed(telling=telling, section=Section.RESULTS, outcome=act, track=on)
    section, track = _section(telling)
    group = _group(telling) if section is Section.NEWS else None
    return Placed(telling=telling, section=section, group=group, track=track)


def _section(telling: Telling) -> tuple[Section, Track | None]:
    if telling.is_live(Track.ANSWER):
        # A complaint whose facts are in doubt is still a complaint.
        return Section.CRITICISM, Track.ANSWER
    if telling.is_live(Track.VERIFY):
        return Section.VERIFY, Track.VERIFY
    if telling.refuted:
        return Section.VERIFY, telling.refuted
    informs = Track.INFORM if telling.is_live(Track.INFORM) else None
    return Section.FOREIGN if telling.tells and telling.tells.is_foreign else Section.NEWS, informs


def _group(telling: Telling) -> NewsGroup:
    topic = telling.tells.lead.topic if telling.tells else Topic.OTHER
    return _GROUPS.get(topic, NewsGroup.CULTURE)


def _rank(one: Placed) -> tuple[float, ...]:
    return one.telling.tells.rank if one.telling.tells else ()


def _by_weight(one: Placed) -> tuple[float, ...]:
    return (-one.telling.weight, *_rank(one))
