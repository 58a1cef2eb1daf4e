"""A page of the queue as it was drawn: it moves by what the officer does, never by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.listing import Listing, listed, waits
from index.case import Act, Case, CaseCard, Entry, Factors, TrackRecord, TrackState
from index.casebook_queue import Filters, QueueItem, QueuePage, Tab
from index.model import CaseId, Channel, Harm, OfficerName, ProvinceId, RulingField, StoryId, Track

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HA = OfficerName("ha")
MINH = OfficerName("minh")


def item(name: str, state: TrackState = TrackState.NEW, owner: OfficerName | None = None) -> QueueItem:
    case = Case(
        id=CaseId(name),
        province=ProvinceId("tuyen-quang"),
        story=StoryId(name),
        opened=NOW,
        tracks={Track.VERIFY: TrackRecord(state=state)},
        owner=owner,
        revision=3,
    )
    card = CaseCard(
        case_id=case.id,
        province=case.province,
        story=case.story,
        title=name,
        outlets=1,
        reprints=0,
        first_seen=NOW,
        first_source="Báo Sương Núi",
        channel=Channel.PRESS,
        last_change=NOW,
        factors=Factors(harm=Harm.NONE, outlets=1, per_hour=1.0, spread=1.0),
    )
    return QueueItem(card=card, case=case)


def page(*names: str, tab: Tab = Tab.VERIFY, before: Listing | None = None, number: int = 1) -> Listing:
    items = tuple(item(name) for name in names)
    return listed(
        QueuePage(items=items, total=60),
        officer=HA,
        tab=tab,
        filters=Filters(),
        number=number,
        drawn=NOW,
        before=before,
    )


def ids(listing: Listing) -> str:
    return "".join(one.case.id for one in listing.items)


def moved(listing: Listing, name: str, state: TrackState, owner: OfficerName = HA) -> Listing:
    return listing.after([item(name, state, owner).case])


def test_the_first_is_chosen_and_steps_stay_within_the_page() -> None:
    listing = page("a", "b", "c")
    assert listing.chosen == "a"
    assert listing.step(-1).chosen == "a"
    assert listing.step(1).step(1).step(1).chosen == "c"


def test_what_was_decided_leaves_and_the_next_is_chosen() -> None:
    listing = moved(page("a", "b", "c").choose(CaseId("b")), "b", TrackState.VERIFYING)
    assert (ids(listing), listing.chosen, listing.total) == ("ac", "c", 59)


def test_after_the_last_the_one_before_is_chosen_and_then_none() -> None:
    listing = moved(page("a", "b").choose(CaseId("b")), "b", TrackState.DISMISSED)
    assert listing.chosen == "a"
    assert moved(listing, "a", TrackState.DISMISSED).chosen is None


def test_a_late_press_about_a_story_that_has_left_changes_nothing() -> None:
    listing = moved(page("a", "b", "c"), "a", TrackState.VERIFYING)
    assert moved(listing, "a", TrackState.VERIFYING) == listing


def test_from_a_story_one_goes_on_also_when_it_has_just_left_the_page() -> None:
    listing = page("a", "b", "c")
    assert [one and one.case.id for one in listing.around(CaseId("b"))] == ["a", "c"]
    assert [one and one.case.id for one in listing.around(CaseId("c"))] == ["b", None]
    left = moved(listing.choose(CaseId("b")), "b", TrackState.VERIFYING)
    assert [one and one.case.id for one in left.around(CaseId("b"))] == [None, "c"]


def test_what_stays_is_drawn_as_it_now_is() -> None:
    routed = replace(item("b").case, agency="so-y-te", revision=4)
    listing = page("a", "b").after([routed])
    assert [one.case.agency for one in listing.items] == [None, "so-y-te"]
    assert listing.chosen == "a"


def test_selected_cases_are_named_with_the_revision_that_was_seen() -> None:
    listing = page("a", "b", "c").toggle(CaseId("c")).toggle(CaseId("a"))
    assert [(seen.case_id, seen.revision) for seen in listing.seen()] == [("a", 3), ("c", 3)]
    assert listing.toggle(CaseId("a")).selected == {"c"}
    assert moved(listing, "c", TrackState.VERIFYING).selected == {"a"}


def test_read_again_the_chosen_story_stays_chosen_wherever_it_now_stands() -> None:
    before = page("a", "b", "c").choose(CaseId("b")).toggle(CaseId("c"))
    again = page("new", "a", "b", before=before)
    assert again.chosen == "b"
    assert again.selected == frozenset()


def test_read_again_without_it_what_took_its_place_is_chosen() -> None:
    before = page("a", "b", "c").choose(CaseId("b"))
    assert page("a", "c", "d", before=before).chosen == "c"
    assert page("a", before=before).chosen == "a"


def test_another_page_begins_at_its_first() -> None:
    before = page("a", "b").choose(CaseId("b"))
    other = page("x", "y", before=before, number=2)
    assert (other.chosen, other.first, other.pages) == ("x", 26, 3)


@pytest.mark.parametrize(
    ("tab", "state", "owner", "stays"),
    [
        (Tab.VERIFY, TrackState.NEW, None, True),
        (Tab.VERIFY, TrackState.VERIFYING, HA, False),
        (Tab.INFORM, TrackState.NEW, None, False),
        (Tab.MINE, TrackState.VERIFYING, HA, True),
        (Tab.MINE, TrackState.CONCLUDED, HA, True),
        (Tab.MINE, TrackState.VERIFYING, MINH, False),
        (Tab.MINE, TrackState.CLOSED, HA, False),
    ],
)
def test_a_tab_keeps_what_waits_in_it(tab: Tab, state: TrackState, owner: OfficerName | None, stays: bool) -> None:
    assert waits(item("a", state, owner).case, page(tab=tab)) is stays


def test_a_ruled_place_and_a_merged_case_wait_no_longer() -> None:
    ruled = Entry(by=HA, at=NOW, action=Act.RULED, params={"field": RulingField.PLACE, "value": "Núi Đôi"})
    case = item("a").case
    assert waits(case, page(tab=Tab.PLACES))
    assert not waits(replace(case, history=(ruled,)), page(tab=Tab.PLACES))
    assert not waits(replace(case, merged_into=CaseId("b")), page(tab=Tab.VERIFY))
