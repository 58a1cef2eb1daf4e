"""Which cases wait, in what order: the queue, read from the cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select, true

from index.case import Act, Case, CaseCard, Priority, TrackState
from index.casebook_cases import Cases
from index.model import CaseId, Channel, FlagKind, OfficerName, ProvinceId, Track
from index.tables import card_places, cards, cases, history, signs, tracks
from index.text import fold
from index.workflow import IN_WORK


class Tab(StrEnum):
    """The tabs of the queue: a track's cases, those whose place is undecided, and the officer's own."""

    INFORM = "inform"
    VERIFY = "verify"
    ANSWER = "answer"
    PLACES = "places"
    MINE = "mine"

    @property
    def track(self) -> Track | None:
        return _TRACKS.get(self)


_FINISHED: Final = frozenset({TrackState.CLOSED, TrackState.DISMISSED})
_TRACKS: Final = {Tab.INFORM: Track.INFORM, Tab.VERIFY: Track.VERIFY, Tab.ANSWER: Track.ANSWER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of a tab is shown; None does not filter. `state` is the track's (in tabs of a track; new unless said).

    `words` must all stand in the title, with or without marks.
    """

    state: TrackState | None = None
    kind: FlagKind | None = None
    place: str | None = None
    channel: Channel | None = None
    priority: Priority | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    card: CaseCard
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of a tab: its items, most urgent first, and how many there are on all pages."""

    items: tuple[QueueItem, ...]
    total: int


class Queue:
    def __init__(self, connection: Connection, province: ProvinceId, book_of_cases: Cases) -> None:
        self._connection = connection
        self._province = province
        self._cases = book_of_cases

    def page(self, tab: Tab, filters: Filters, *, officer: OfficerName, offset: int, limit: int) -> QueuePage:
        wanted = and_(self._in(tab, filters.state, officer), *_narrowed(filters))
        joined = cards.join(cases, cases.c.id == cards.c.case_id)
        total = self._connection.scalar(select(func.count()).select_from(joined).where(wanted)) or 0
        ids = self._connection.scalars(
            select(cards.c.case_id)
            .select_from(joined)
            .where(wanted)
            .order_by(cards.c.weight.desc(), cards.c.last_change.desc(), cards.c.case_id)
            .offset(offset)
            .limit(limit)
        ).all()
        found = self._cases.many([CaseId(case_id) for case_id in ids])
        shown = self._cases.cards(list(found))
        items = tuple(QueueItem(card=shown[case_id], case=found[case_id]) for case_id in found)
        return QueuePage(items=items, total=total)

    def counts(self, officer: OfficerName) -> Mapping[Tab, int]:
        """How many cases wait in each tab, unfiltered."""
        columns = [func.sum(case((self._in(tab, None, officer), 1), else_=0)) for tab in Tab]
        joined = cards.join(cases, cases.c.id == cards.c.case_id)
        row = self._connection.execute(
            select(*columns).select_from(joined).where(cards.c.province == self._province)
        ).one()
        return {tab: count or 0 for tab, count in zip(Tab, row, strict=True)}

    def opened_since(self, tab: Tab, since: datetime, officer: OfficerName) -> int:
        """How many of the cases waiting in a tab were opened after `since`."""
        joined = cards.join(cases, cases.c.id == cards.c.case_id)
        query = select(func.count()).select_from(joined).where(self._in(tab, None, officer), cases.c.opened > since)
        return self._connection.scalar(query) or 0

    def pressing(self, since: datetime, until: datetime) -> Sequence[CaseId]:
        """Cases of high priority, opened by `until`, that wait since lately, or that somebody works on; the most urgent
        first."""
        joined = cards.join(cases, cases.c.id == cards.c.case_id)
        unfinished = _has_track(tracks.c.state.in_([state for state in TrackState if state not in _FINISHED]))
        query = (
            select(cards.c.case_id)
            .select_from(joined)
            .where(
                cards.c.province == self._province,
                cases.c.merged_into.is_(None),
                cases.c.opened <= until,
                cards.c.undecided == false(),
                cards.c.priority.in_([Priority.URGENT, Priority.HIGH]),
                unfinished,
                or_(cards.c.last_change >= since, _has_track(tracks.c.state.in_(IN_WORK))),
            )
            .order_by(cards.c.weight.desc(), cards.c.last_change.desc(), cards.c.case_id)
        )
        return tuple(map(CaseId, self._connection.scalars(query)))

    def unfinished(self) -> Mapping[Track, int]:
        """How many cases have each track open, whoever works on it."""
        query = (
            select(tracks.c.track, func.count())
            .select_from(tracks.join(cases, cases.c.id == tracks.c.case_id))
            .where(
                cases.c.province == self._province,
                cases.c.merged_into.is_(None),
                tracks.c.state.not_in(_FINISHED),
            )
            .group_by(tracks.c.track)
        )
        counted = {Track(track): count for track, count in self._connection.execute(query)}
        return {track: counted.get(track, 0) for track in Track}

    def by_state(self) -> Mapping[tuple[Track, TrackState], int]:
        """How many cases have a track in each state that is not finished."""
        query = (
            select(tracks.c.track, tracks.c.state, func.count())
            .select_from(tracks.join(cases, cases.c.id == tracks.c.case_id))
            .where(
                cases.c.province == self._province,
                cases.c.merged_into.is_(None),
                tracks.c.state.not_in(_FINISHED),
            )
            .group_by(tracks.c.track, tracks.c.state)
        )
        counted = {(Track(track), TrackState(state)): count for track, state, count in self._connection.execute(query)}
        states = [state for state in TrackState if state not in _FINISHED]
        return {(track, state): counted.get((track, state), 0) for track in Track for state in states}

    def acted_on(self, acts: Collection[Act], since: datetime, until: datetime) -> Sequence[CaseId]:
        """Cases with one of these acts from `since` to `until`, latest first."""
        query = (
            select(history.c.case_id)
            .select_from(history.join(cases, cases.c.id == history.c.case_id))
            .where(
                cases.c.province == self._province,
                cases.c.merged_into.is_(None),
                history.c.action.in_(acts),
                history.c.at >= since,
                history.c.at < until,
            )
            .group_by(history.c.case_id)
            .order_by(func.max(history.c.at).desc(), history.c.case_id)
        )
        return tuple(map(CaseId, self._connection.scalars(query)))

    def _in(self, tab: Tab, state: TrackState | None, officer: OfficerName) -> ColumnElement[bool]:
        here = and_(cards.c.province == self._province, cases.c.merged_into.is_(None))
        if tab is Tab.PLACES:
            return and_(here, cards.c.undecided == true())
        if tab is Tab.MINE:
            states = IN_WORK if state is None else {state}
            return and_(here, cases.c.owner == officer, _has_track(tracks.c.state.in_(states)))
        return and_(
            here,
            cards.c.undecided == false(),
            _has_track(tracks.c.track == tab.track, tracks.c.state == (state or TrackState.NEW)),
        )


def _has_track(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(tracks.c.case_id).where(tracks.c.case_id == cases.c.id, *conditions).exists()


def _narrowed(filters: Filters) -> Sequence[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = [
        cards.c.folded_title.contains(word, autoescape=True) for word in fold(filters.words).split()
    ]
    if filters.kind is not None:
        narrowed.append(
            select(signs.c.case_id).where(signs.c.case_id == cases.c.id, signs.c.kind == filters.kind).exists()
        )
    if filters.place is not None:
        narrowed.append(
            select(card_places.c.case_id)
            .where(card_places.c.case_id == cases.c.id, card_places.c.place == filters.place)
            .exists()
        )
    if filters.channel is not None:
        narrowed.append(cards.c.channel == filters.channel)
    if filters.priority is not None:
        narrowed.append(cards.c.priority == filters.priority)
    return narrowed
