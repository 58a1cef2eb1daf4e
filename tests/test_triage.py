"""The queue, and what an officer decides: once, on what they saw, with a trace, and not over another's head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.triage import PAGE, Seen
from index.account import Account, Officer
from index.case import (
    MACHINE,
    Act,
    Case,
    CaseCard,
    Conclusion,
    Dismissal,
    Entry,
    Factors,
    Grounds,
    Handling,
    Priority,
    Result,
    Sign,
    SignState,
    TrackRecord,
    TrackState,
)
from index.casebook_queue import Filters, Tab
from index.errors import Conflict, Forbidden, IllegalMove
from index.model import CaseId, Channel, FlagKind, Harm, StoryId, Track
from tests.office import ADMIN, HA, LEADER, MINH, NOW, PROVINCE, Office, later

pytestmark = pytest.mark.usefixtures("every_casebook")

GROUNDS = Grounds(reasoning="Xã báo cáo 73 hộ.", documents=("BC 318/BC-UBND",))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def case(office: Office) -> Case:
    return office.opened("vo-dap", FlagKind.UNVERIFIED, FlagKind.HEADLINE)


def fill(office: Office, count: int, **given: Any) -> list[CaseId]:
    """Cases with cards of falling weight, straight into the casebook."""
    ids = []
    with office.casebook.write(PROVINCE) as book:
        for number in range(count):
            blank = Case(
                id=CaseId(""),
                province=PROVINCE,
                story=StoryId(f"s{number}"),
                opened=later(minutes=number),
                tracks={Track.VERIFY: TrackRecord()},
                signs=(Sign(kind=FlagKind.UNVERIFIED),),
            )
            case = book.cases.open(blank, Entry(by=MACHINE, at=NOW, action=Act.OPENED))
            card = CaseCard(
                case_id=case.id,
                province=PROVINCE,
                story=case.story,
                title=f"Tin số {number} ở Đà Vị",
                outlets=1,
                reprints=0,
                first_seen=NOW,
                first_source="Báo tỉnh",
                channel=Channel.PRESS,
                last_change=NOW,
                weight=float(count - number),
                factors=Factors(harm=Harm.NONE, outlets=1, per_hour=1.0, spread=1.0),
            )
            book.cases.keep_card(replace(card, **given))
            ids.append(case.id)
    return ids


# --- the queue ----------------------------------------------------------------------------------------------------


def test_the_queue_shows_a_page_at_a_time_the_weightiest_first(office: Office) -> None:
    ids = fill(office, PAGE + 3)
    pages = [office.desk.triage.queue(HA, Tab.VERIFY, page=number) for number in (1, 2, 3)]
    assert [item.case.id for page in pages for item in page.items] == ids
    assert [len(page.items) for page in pages] == [PAGE, 3, 0]
    assert {page.total for page in pages} == {PAGE + 3}


def test_every_track_has_its_tab_and_every_tab_its_count(office: Office) -> None:
    office.opened("vo-dap", FlagKind.UNVERIFIED, FlagKind.INCIDENT)
    office.opened("bai-rac", FlagKind.CRITICISM)
    assert office.desk.triage.counts(HA) == {
        Tab.INFORM: 1, Tab.VERIFY: 1, Tab.ANSWER: 1, Tab.PLACES: 0, Tab.MINE: 0,
    }  # fmt: skip
    (item,) = office.desk.triage.queue(HA, Tab.ANSWER).items
    assert item.case.story == "bai-rac"


def test_criticism_is_never_in_the_tab_of_what_must_be_verified(office: Office) -> None:
    office.opened("bai-rac", FlagKind.CRITICISM)
    assert office.desk.triage.queue(HA, Tab.VERIFY).total == 0


def test_a_confirmed_case_leaves_the_tab_for_the_officers_own(office: Office, case: Case) -> None:
    office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    assert office.desk.triage.queue(HA, Tab.VERIFY).total == 0
    assert [item.case.id for item in office.desk.triage.queue(HA, Tab.MINE).items] == [case.id]
    assert office.desk.triage.queue(MINH, Tab.MINE).total == 0
    taken = office.desk.triage.queue(MINH, Tab.VERIFY, Filters(state=TrackState.VERIFYING))
    assert taken.total == 1


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(words="tin số ĐÀ VỊ"), 2),
        (Filters(words="da vi"), 2),
        (Filters(words="100%"), 0),
        (Filters(words="vỡ đập"), 0),
        (Filters(kind=FlagKind.UNVERIFIED), 2),
        (Filters(kind=FlagKind.HEADLINE), 0),
        (Filters(place="Đà Vị"), 2),
        (Filters(place="Thượng Lâm"), 0),
        (Filters(channel=Channel.PRESS), 2),
        (Filters(channel=Channel.FORUM), 0),
        (Filters(priority=Priority.URGENT), 0),
        (Filters(priority=Priority.LOW, channel=Channel.PRESS, place="Đà Vị"), 2),
        (Filters(state=TrackState.DISMISSED), 0),
    ],
    ids=str,
)
def test_a_tab_is_narrowed_by_what_is_asked_for(office: Office, filters: Filters, found: int) -> None:
    fill(office, 2, places=("Đà Vị",))
    assert office.desk.triage.queue(HA, Tab.VERIFY, filters).total == found


def test_what_came_after_the_page_was_drawn_is_counted_not_shown(office: Office) -> None:
    fill(office, 3)
    assert office.desk.triage.opened_since(HA, Tab.VERIFY, later(seconds=30)) == 2


# --- decisions ----------------------------------------------------------------------------------------------------


def test_confirming_twice_on_the_same_revision_is_one_decision(office: Office, case: Case) -> None:
    first = office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    again = office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=later(seconds=1), revision=case.revision)
    assert again == first
    assert first.revision == case.revision + 1


def test_a_late_second_press_after_an_undo_repeats_nothing(office: Office, case: Case) -> None:
    confirmed = office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    undone = office.desk.triage.undo(case.id, by=HA, at=NOW, revision=confirmed.revision)
    late = office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    assert late == undone


def test_the_second_officer_is_told_who_was_faster_and_when(office: Office, case: Case) -> None:
    office.desk.triage.take(case.id, Track.VERIFY, by=MINH, at=NOW, revision=case.revision)
    with pytest.raises(Conflict) as refused:
        office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=later(minutes=2), revision=case.revision)
    assert (refused.value.by, refused.value.at) == ("minh", NOW)
    assert office.case_of("vo-dap").owner == "minh"


def test_two_officers_pressing_at_once_never_overwrite_each_other(office: Office) -> None:
    cases = [office.opened(f"s{number}") for number in range(6)]
    presses = [(case, officer) for case in cases for officer in (HA, MINH)]

    def press(asked: tuple[Case, Officer]) -> bool:
        case, officer = asked
        try:
            office.desk.triage.confirm(case.id, Track.VERIFY, by=officer, at=NOW, revision=case.revision)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = dict(zip(((c.id, o.name) for c, o in presses), pool.map(press, presses), strict=True))
    for case in cases:
        winners = [name for (case_id, name), did in won.items() if did and case_id == case.id]
        assert [office.case_of(case.story).owner] == winners


def test_one_sign_is_dismissed_and_the_other_goes_on(office: Office, case: Case) -> None:
    decided = office.desk.triage.dismiss(
        case.id,
        Track.VERIFY,
        Dismissal.QUOTED_RIGHTLY,
        by=HA,
        at=NOW,
        revision=case.revision,
        kinds=frozenset({FlagKind.HEADLINE}),
    )
    assert {sign.kind: sign.state for sign in decided.signs} == {
        FlagKind.UNVERIFIED: SignState.OPEN,
        FlagKind.HEADLINE: SignState.DISMISSED,
    }
    assert decided.tracks[Track.VERIFY].state is TrackState.NEW


def test_a_case_goes_from_the_queue_to_its_result(office: Office, case: Case) -> None:
    triage = office.desk.triage
    case = triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    case = triage.conclude(
        case.id, Track.VERIFY, Conclusion.PARTLY, GROUNDS, by=HA, at=later(minutes=1), revision=case.revision
    )
    case = triage.handle(case.id, Track.VERIFY, Handling.CORRECT, by=HA, at=later(minutes=2), revision=case.revision)
    case = triage.close(case.id, Track.VERIFY, Result.CORRECTED, by=HA, at=later(minutes=3), revision=case.revision)
    assert [line.action for line in case.history] == [
        Act.OPENED, Act.TAKEN, Act.CONCLUDED, Act.HANDLED, Act.CLOSED,
    ]  # fmt: skip
    assert case.history[2].note == GROUNDS.reasoning
    assert case.tracks[Track.VERIFY].grounds == GROUNDS
    assert office.case_of("vo-dap") == case
    assert triage.counts(HA)[Tab.MINE] == 0


def test_a_conclusion_without_its_document_is_refused_and_leaves_no_trace(office: Office, case: Case) -> None:
    taken = office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    with pytest.raises(IllegalMove) as refused:
        office.desk.triage.conclude(
            case.id,
            Track.VERIFY,
            Conclusion.FALSE,
            replace(GROUNDS, documents=()),
            by=HA,
            at=NOW,
            revision=taken.revision,
        )
    assert refused.value.params["missing"] == "document"
    assert office.case_of("vo-dap") == taken


def test_a_conclusion_can_be_withdrawn_by_a_colleague(office: Office, case: Case) -> None:
    taken = office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    concluded = office.desk.triage.conclude(
        case.id, Track.VERIFY, Conclusion.TRUE, GROUNDS, by=HA, at=NOW, revision=taken.revision
    )
    back = office.desk.triage.withdraw(case.id, Track.VERIFY, by=MINH, at=NOW, revision=concluded.revision)
    assert back.tracks[Track.VERIFY] == TrackRecord(state=TrackState.VERIFYING)
    assert [line.action for line in back.history[-2:]] == [Act.CONCLUDED, Act.WITHDRAWN]


def test_taking_what_one_already_has_leaves_no_trace(office: Office, case: Case) -> None:
    taken = office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    assert office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=taken.revision) == taken


def test_a_released_case_waits_for_anybody_again(office: Office, case: Case) -> None:
    taken = office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    released = office.desk.triage.release(case.id, Track.VERIFY, by=HA, at=NOW, revision=taken.revision)
    assert (released.owner, released.tracks[Track.VERIFY].state) == (None, TrackState.NEW)


def test_a_case_is_assigned_to_an_officer_who_may_decide(office: Office, case: Case) -> None:
    with office.casebook.write(PROVINCE) as book:
        for officer in (MINH, LEADER):
            account = Account(name=officer.name, display_name=officer.display_name, roles=officer.roles)
            book.staff.add(account, "hash", by=ADMIN.name, at=NOW)
    assigned = office.desk.triage.assign(case.id, Track.VERIFY, MINH.name, by=HA, at=NOW, revision=case.revision)
    assert (assigned.owner, assigned.tracks[Track.VERIFY].state) == ("minh", TrackState.VERIFYING)
    for nobody in (LEADER.name, ADMIN.name):
        with pytest.raises(IllegalMove):
            office.desk.triage.assign(case.id, Track.VERIFY, nobody, by=HA, at=NOW, revision=assigned.revision)


def test_a_note_is_kept_even_if_somebody_was_faster(office: Office, case: Case) -> None:
    office.desk.triage.take(case.id, Track.VERIFY, by=MINH, at=NOW, revision=case.revision)
    for _ in range(2):
        noted = office.desk.triage.comment(case.id, " Đã gọi xã. ", by=HA, at=later(minutes=1), revision=case.revision)
    assert [(line.by, line.action, line.note) for line in noted.history[1:]] == [
        ("minh", Act.TAKEN, ""),
        ("ha", Act.COMMENTED, "Đã gọi xã."),
    ]
    with pytest.raises(IllegalMove):
        office.desk.triage.comment(case.id, "  ", by=HA, at=NOW, revision=noted.revision)


def test_the_responsible_agency_is_recorded_on_the_case(office: Office, case: Case) -> None:
    routed = office.desk.triage.route(case.id, "so-nn-mt", by=HA, at=NOW, revision=case.revision)
    assert (routed.agency, routed.history[-1].params) == ("so-nn-mt", {"agency": "so-nn-mt"})
    with pytest.raises(IllegalMove):
        office.desk.triage.route(case.id, "so-khong-co", by=HA, at=NOW, revision=routed.revision)


# --- taking back --------------------------------------------------------------------------------------------------


def test_undo_puts_back_exactly_what_the_last_decision_changed(office: Office, case: Case) -> None:
    triage = office.desk.triage
    acts: list[Callable[[int], Case]] = [
        lambda r: triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=r),
        lambda r: triage.dismiss(case.id, Track.VERIFY, Dismissal.OTHER, by=HA, at=NOW, revision=r),
        lambda r: triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=r),
        lambda r: triage.route(case.id, "so-nn-mt", by=HA, at=NOW, revision=r),
    ]
    for act in acts:
        before = office.case_of("vo-dap")
        after = act(before.revision)
        undone = triage.undo(case.id, by=HA, at=NOW, revision=after.revision)
        assert replace(undone, history=(), revision=0) == replace(before, history=(), revision=0)
        assert undone.history[:-1] == after.history
        assert triage.undo(case.id, by=HA, at=NOW, revision=after.revision) == undone


def test_undo_reaches_over_notes_but_not_over_another_officers_decision(office: Office, case: Case) -> None:
    triage = office.desk.triage
    taken = triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    noted = triage.comment(case.id, "Đã gọi xã.", by=MINH, at=NOW, revision=taken.revision)
    back = triage.undo(case.id, by=HA, at=NOW, revision=noted.revision)
    assert back.tracks[Track.VERIFY].state is TrackState.NEW
    theirs = triage.take(case.id, Track.VERIFY, by=MINH, at=NOW, revision=back.revision)
    with pytest.raises(Conflict) as refused:
        triage.undo(case.id, by=HA, at=NOW, revision=theirs.revision)
    assert refused.value.by == "minh"


def test_there_is_nothing_to_undo_on_a_case_nobody_decided(office: Office, case: Case) -> None:
    with pytest.raises(Conflict):
        office.desk.triage.undo(case.id, by=HA, at=NOW, revision=case.revision)


# --- many at once -------------------------------------------------------------------------------------------------


def test_an_act_on_many_is_made_where_it_can_be_and_says_where_it_was_not(office: Office) -> None:
    one, two, three = (office.opened(f"s{number}") for number in range(3))
    office.desk.triage.take(two.id, Track.VERIFY, by=MINH, at=NOW, revision=two.revision)
    seen = [Seen(case_id=case.id, revision=case.revision) for case in (one, two, three)]
    many = office.desk.triage.dismiss_many(seen, Track.VERIFY, Dismissal.OPINION, by=HA, at=NOW)
    assert [case.id for case in many.done] == [one.id, three.id]
    assert isinstance(many.refused[two.id], Conflict)
    assert [line.action for line in many.done[0].history] == [Act.OPENED, Act.DISMISSED]


# --- who may ------------------------------------------------------------------------------------------------------


def test_a_leader_reads_and_decides_nothing(office: Office, case: Case) -> None:
    assert office.desk.triage.queue(LEADER, Tab.VERIFY).total == 1
    assert office.desk.stories.of_case(case.id, by=LEADER).case == case
    triage, revision = office.desk.triage, case.revision
    acts: list[Callable[[], object]] = [
        lambda: triage.take(case.id, Track.VERIFY, by=LEADER, at=NOW, revision=revision),
        lambda: triage.release(case.id, Track.VERIFY, by=LEADER, at=NOW, revision=revision),
        lambda: triage.assign(case.id, Track.VERIFY, HA.name, by=LEADER, at=NOW, revision=revision),
        lambda: triage.confirm(case.id, Track.VERIFY, by=LEADER, at=NOW, revision=revision),
        lambda: triage.dismiss(case.id, Track.VERIFY, Dismissal.OTHER, by=LEADER, at=NOW, revision=revision),
        lambda: triage.dismiss(case.id, Track.VERIFY, Dismissal.NOT_OURS, by=LEADER, at=NOW, revision=revision),
        lambda: triage.conclude(case.id, Track.VERIFY, Conclusion.TRUE, GROUNDS, by=LEADER, at=NOW, revision=revision),
        lambda: triage.handle(case.id, Track.VERIFY, Handling.NONE, by=LEADER, at=NOW, revision=revision),
        lambda: triage.close(case.id, Track.VERIFY, Result.ANSWERED, by=LEADER, at=NOW, revision=revision),
        lambda: triage.withdraw(case.id, Track.VERIFY, by=LEADER, at=NOW, revision=revision),
        lambda: triage.undo(case.id, by=LEADER, at=NOW, revision=revision),
        lambda: triage.route(case.id, "so-nn-mt", by=LEADER, at=NOW, revision=revision),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert office.case_of("vo-dap") == case


def test_a_leader_may_say_something_and_moves_nothing_by_it(office: Office, case: Case) -> None:
    after = office.desk.triage.comment(case.id, "Báo cáo trước 10 giờ.", by=LEADER, at=NOW, revision=case.revision)
    said = after.history[-1]
    assert (said.by, said.action, said.note) == (LEADER.name, Act.COMMENTED, "Báo cáo trước 10 giờ.")
    assert (after.tracks, after.signs, after.owner) == (case.tracks, case.signs, case.owner)
    with pytest.raises(Forbidden):
        office.desk.triage.comment(case.id, "Ghi chú", by=ADMIN, at=NOW, revision=after.revision)


def test_an_administrator_does_not_read_cases(office: Office, case: Case) -> None:
    questions: list[Callable[[], object]] = [
        lambda: office.desk.triage.queue(ADMIN, Tab.VERIFY),
        lambda: office.desk.triage.counts(ADMIN),
        lambda: office.desk.stories.of_case(case.id, by=ADMIN),
    ]
    for ask in questions:
        with pytest.raises(Forbidden):
            ask()


# --- what is written down -----------------------------------------------------------------------------------------


def test_every_decision_is_in_the_audit_log_without_a_word_of_anybody(office: Office, case: Case) -> None:
    triage = office.desk.triage
    case = triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    case = triage.conclude(case.id, Track.VERIFY, Conclusion.PARTLY, GROUNDS, by=HA, at=NOW, revision=case.revision)
    case = triage.comment(case.id, "Chị Hoa, 0900 000 000", by=HA, at=NOW, revision=case.revision)
    with office.casebook.read(PROVINCE) as book:
        entries = book.audit.entries(subject=f"case:{case.id}")
    assert [entry.action for entry in entries] == [Act.COMMENTED, Act.CONCLUDED, Act.CONFIRMED, Act.OPENED]
    words = " ".join(value for entry in entries for value in entry.params.values())
    assert not any(said in words for said in ("73 hộ", "Hoa", "0900", "đập", "BC 318"))
