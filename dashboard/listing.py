"""A page of the queue as it was drawn: it changes by what the officer does, never by itself.

New stories wait outside until they are asked for, so nothing moves under a finger that is about to press a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import streamlit as st

from desk.triage import PAGE, Seen
from index.case import Act, Case, TrackState
from index.casebook_queue import Filters, QueueItem, QueuePage, Tab
from index.model import CaseId, OfficerName, RulingField
from index.workflow import IN_WORK

_HELD: Final = "listing"
_PLACING: Final = frozenset({RulingField.ABOUT, RulingField.PLACE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is drawn: the items of page `number` (the first is 1), the one the pane shows, those selected for all.

    A `stale` one is read again before it is drawn. `officer` is whose session this is.
    """

    officer: OfficerName
    tab: Tab
    filters: Filters
    number: int
    drawn: datetime
    items: tuple[QueueItem, ...]
    total: int
    chosen: CaseId | None
    selected: frozenset[CaseId] = frozenset()
    stale: bool = False

    @property
    def item(self) -> QueueItem | None:
        return next((item for item in self.items if item.case.id == self.chosen), None)

    @property
    def at(self) -> int:
        """Position of the chosen item in the page, from 0; -1 where none is chosen."""
        return next((i for i, item in enumerate(self.items) if item.case.id == self.chosen), -1)

    @property
    def first(self) -> int:
        """Position of the page's first item in the tab, from 1."""
        return (self.number - 1) * PAGE + 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    def around(self, case_id: CaseId) -> tuple[QueueItem | None, QueueItem | None]:
        """What stands before and after a case; after one that has left the page, what was chosen in its place."""
        ids = [item.case.id for item in self.items]
        if case_id not in ids:
            return None, self.item
        at = ids.index(case_id)
        return (self.items[at - 1] if at else None), (self.items[at + 1] if at + 1 < len(ids) else None)

    def choose(self, case_id: CaseId) -> Listing:
        return replace(self, chosen=case_id)

    def step(self, by: int) -> Listing:
        """The next or an earlier item, staying within the page."""
        if not self.items:
            return self
        to = min(max(self.at + by, 0), len(self.items) - 1)
        return self.choose(self.items[to].case.id)

    def toggle(self, case_id: CaseId) -> Listing:
        return replace(self, selected=self.selected ^ {case_id})

    def seen(self) -> tuple[Seen, ...]:
        """The selected cases as they were drawn, in order."""
        return tuple(
            Seen(case_id=item.case.id, revision=item.case.revision)
            for item in self.items
            if item.case.id in self.selected
        )

    def after(self, changed: Iterable[Case]) -> Listing:
        """With cases as an act left them: those that wait here no longer are gone, the next one is chosen."""
        listing = self
        for case in changed:
            listing = listing._with(case) if waits(case, self) else listing._without(case.id)
        return listing

    def _with(self, case: Case) -> Listing:
        items = (replace(item, case=case) if item.case.id == case.id else item for item in self.items)
        return replace(self, items=tuple(items))

    def _without(self, case_id: CaseId) -> Listing:
        left = tuple(item for item in self.items if item.case.id != case_id)
        if len(left) == len(self.items):
            return self
        chosen = self.chosen
        if chosen == case_id:
            chosen = left[min(self.at, len(left) - 1)].case.id if left else None
        return replace(self, items=left, total=self.total - 1, chosen=chosen, selected=self.selected - {case_id})


def listed(
    page: QueuePage,
    *,
    officer: OfficerName,
    tab: Tab,
    filters: Filters,
    number: int,
    drawn: datetime,
    before: Listing | None,
) -> Listing:
    """A page newly read. What was chosen before stays chosen if it is still here, else what took its place."""
    same = before is not None and (before.tab, before.filters, before.number) == (tab, filters, number)
    kept = before if same else None
    ids = [item.case.id for item in page.items]
    chosen = kept.chosen if kept is not None else None
    if chosen not in ids:
        at = max(kept.at, 0) if kept is not None else 0
        chosen = ids[min(at, len(ids) - 1)] if ids else None
    return Listing(
        officer=officer,
        tab=tab,
        filters=filters,
        number=number,
        drawn=drawn,
        items=page.items,
        total=page.total,
        chosen=chosen,
        selected=kept.selected & frozenset(ids) if kept is not None else frozenset(),
    )


def waits(case: Case, listing: Listing) -> bool:
    """Does a case, as it now is, still belong on this page?"""
    if case.merged_into is not None:
        return False
    states = {record.state for record in case.tracks.values()}
    match listing.tab:
        case Tab.PLACES:
            return not _place_was_ruled(case)
        case Tab.MINE:
            wanted = IN_WORK if listing.filters.state is None else {listing.filters.state}
            return case.owner == listing.officer and not states.isdisjoint(wanted)
        case tab:
            track = tab.track
            wanted_state = listing.filters.state or TrackState.NEW
            return track is not None and track in case.tracks and case.tracks[track].state is wanted_state


def _place_was_ruled(case: Case) -> bool:
    last = case.history[-1] if case.history else None
    return last is not None and last.action is Act.RULED and last.params.get("field") in _PLACING


def held() -> Listing | None:
    """The page of the queue that this session last drew."""
    listing = st.session_state.get(_HELD)
    return listing if isinstance(listing, Listing) else None


def hold(listing: Listing) -> None:
    st.session_state[_HELD] = listing


def read_again(chosen: CaseId | None = None) -> None:
    """Have the page read before it is next drawn, with another case chosen if it stands there."""
    listing = held()
    if listing is not None:
        hold(replace(listing, stale=True, chosen=chosen or listing.chosen))
