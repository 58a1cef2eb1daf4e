"""The moves of a case: what is legal, what is refused, and what no sequence of moves can break."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import workflow
from index.case import (
    Case,
    Conclusion,
    Dismissal,
    Grounds,
    Handling,
    Result,
    SignState,
    TrackRecord,
    TrackState,
)
from index.errors import IllegalMove
from index.model import CaseId, FlagKind, OfficerName, StoryId, Track
from tests.office import NOW, PROVINCE

HA, MINH = OfficerName("ha"), OfficerName("minh")
SAID = Grounds(reasoning="Số liệu của xã là 73 hộ.")
PROVEN = replace(SAID, documents=("BC 318/BC-UBND",))


def a_case(*kinds: FlagKind) -> Case:
    blank = Case(id=CaseId("VV-2026-0001"), province=PROVINCE, story=StoryId("s"), opened=NOW, tracks={})
    return workflow.meet(blank, frozenset(kinds))


def state(case: Case, kind: FlagKind) -> SignState:
    return next(sign.state for sign in case.signs if sign.kind is kind)


def at(case: Case, track: Track = Track.VERIFY) -> TrackState:
    return case.tracks[track].state


def confirmed(case: Case, *kinds: FlagKind) -> Case:
    return workflow.confirm(case, Track.VERIFY, frozenset(kinds), by=HA, at=NOW)


def dismissed(case: Case, *kinds: FlagKind) -> Case:
    return workflow.set_aside(case, Track.VERIFY, frozenset(kinds), Dismissal.OPINION, by=HA, at=NOW)


# --- one track ----------------------------------------------------------------------------------------------------


def test_a_track_goes_from_new_to_closed_one_step_at_a_time() -> None:
    record = TrackRecord()
    record = workflow.take(record)
    record = workflow.conclude(record, Conclusion.FALSE, PROVEN)
    record = workflow.handle(record, Handling.CORRECT)
    record = workflow.close(record, Result.CORRECTED)
    assert record == TrackRecord(
        state=TrackState.CLOSED,
        conclusion=Conclusion.FALSE,
        grounds=PROVEN,
        handling=Handling.CORRECT,
        result=Result.CORRECTED,
    )


def test_every_step_can_be_taken_back_and_takes_along_what_it_had_set() -> None:
    made = [TrackRecord()]
    made.append(workflow.take(made[-1]))
    made.append(workflow.conclude(made[-1], Conclusion.TRUE, SAID))
    made.append(workflow.handle(made[-1], Handling.RESOLVE))
    made.append(workflow.close(made[-1], Result.ANSWERED))
    for earlier, later in itertools.pairwise(made):
        assert workflow.step_back(later) == earlier


def test_nothing_to_be_done_closes_a_track_at_once_and_can_be_taken_back() -> None:
    concluded = workflow.conclude(TrackRecord(state=TrackState.VERIFYING), Conclusion.OPINION, SAID)
    closed = workflow.handle(concluded, Handling.NONE)
    assert closed.state is TrackState.CLOSED
    assert workflow.step_back(closed) == concluded


@pytest.mark.parametrize("conclusion", [Conclusion.FALSE, Conclusion.PARTLY])
@pytest.mark.parametrize("documents", [(), ("",), (" ",)])
def test_false_and_partly_need_a_document(conclusion: Conclusion, documents: tuple[str, ...]) -> None:
    with pytest.raises(IllegalMove) as refused:
        workflow.conclude(workflow.take(TrackRecord()), conclusion, replace(SAID, documents=documents))
    assert refused.value.params["missing"] == "document"


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_no_conclusion_without_a_sentence_of_reasoning(conclusion: Conclusion) -> None:
    with pytest.raises(IllegalMove) as refused:
        workflow.conclude(workflow.take(TrackRecord()), conclusion, replace(PROVEN, reasoning="  "))
    assert refused.value.params["missing"] == "reasoning"


@pytest.mark.parametrize(
    ("move", "states"),
    [
        (workflow.take, {TrackState.NEW, TrackState.VERIFYING}),
        (workflow.release, {TrackState.VERIFYING}),
        (lambda record: workflow.dismiss(record, Dismissal.OTHER), {TrackState.NEW, TrackState.VERIFYING}),
        (lambda record: workflow.conclude(record, Conclusion.TRUE, SAID), {TrackState.VERIFYING}),
        (lambda record: workflow.handle(record, Handling.INFORM), {TrackState.CONCLUDED}),
        (lambda record: workflow.handle(record, Handling.NONE), {TrackState.CONCLUDED}),
        (lambda record: workflow.close(record, Result.ANSWERED), {TrackState.HANDLING}),
        (workflow.step_back, set(TrackState) - {TrackState.NEW}),
    ],
    ids=["take", "release", "dismiss", "conclude", "handle", "nothing to do", "close", "step back"],
)
def test_a_move_is_made_from_its_own_states_only(move, states) -> None:  # type: ignore[no-untyped-def]
    for before in TrackState:
        record = TrackRecord(state=before, handling=Handling.INFORM if before is TrackState.HANDLING else None)
        if before in states:
            move(record)
        else:
            with pytest.raises(IllegalMove):
                move(record)


# --- signs and tracks together ------------------------------------------------------------------------------------


def test_signs_open_the_tracks_they_belong_to() -> None:
    case = a_case(FlagKind.CRITICISM, FlagKind.UNVERIFIED, FlagKind.INCIDENT)
    assert set(case.tracks) == {Track.VERIFY, Track.ANSWER, Track.INFORM}


def test_criticism_alone_never_asks_whether_it_is_true() -> None:
    assert set(a_case(FlagKind.CRITICISM).tracks) == {Track.ANSWER}


def test_confirming_takes_the_track_and_decides_its_open_signs_alone() -> None:
    case = confirmed(a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE, FlagKind.CRITICISM))
    assert at(case) is TrackState.VERIFYING
    assert case.owner == HA
    assert state(case, FlagKind.UNVERIFIED) is state(case, FlagKind.HEADLINE) is SignState.CONFIRMED
    assert state(case, FlagKind.CRITICISM) is SignState.OPEN
    assert at(case, Track.ANSWER) is TrackState.NEW


def test_confirming_one_sign_leaves_the_other_open() -> None:
    case = confirmed(a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE), FlagKind.HEADLINE)
    assert state(case, FlagKind.UNVERIFIED) is SignState.OPEN


def test_a_track_is_dismissed_with_its_last_sign() -> None:
    case = dismissed(a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE), FlagKind.HEADLINE)
    assert at(case) is TrackState.NEW
    case = dismissed(case, FlagKind.UNVERIFIED)
    assert at(case) is TrackState.DISMISSED


def test_a_track_with_a_confirmed_sign_outlives_the_dismissal_of_another() -> None:
    case = dismissed(confirmed(a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE), FlagKind.UNVERIFIED), FlagKind.HEADLINE)
    assert at(case) is TrackState.VERIFYING


def test_an_officer_may_think_better_of_a_sign_until_the_track_is_concluded() -> None:
    case = dismissed(confirmed(a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE)), FlagKind.HEADLINE)
    assert state(case, FlagKind.HEADLINE) is SignState.DISMISSED
    concluded = workflow.move(case, Track.VERIFY, lambda r: workflow.conclude(r, Conclusion.TRUE, SAID))
    with pytest.raises(IllegalMove):
        confirmed(concluded, FlagKind.HEADLINE)


def test_a_sign_of_another_track_or_of_none_is_not_decided() -> None:
    case = a_case(FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    for kind in (FlagKind.CRITICISM, FlagKind.HEADLINE):
        with pytest.raises(IllegalMove):
            confirmed(case, kind)


def test_a_case_has_no_moves_on_a_track_it_does_not_have() -> None:
    with pytest.raises(IllegalMove):
        workflow.take_on(a_case(FlagKind.UNVERIFIED), Track.ANSWER, HA)


def test_withdrawing_a_dismissal_opens_its_signs_again() -> None:
    case = workflow.withdraw(dismissed(a_case(FlagKind.UNVERIFIED)), Track.VERIFY, MINH)
    assert (at(case), state(case, FlagKind.UNVERIFIED), case.owner) == (TrackState.VERIFYING, SignState.OPEN, MINH)


def test_withdrawing_back_to_the_queue_leaves_nobody_in_charge() -> None:
    case = workflow.withdraw(confirmed(a_case(FlagKind.UNVERIFIED)), Track.VERIFY, HA)
    assert (at(case), state(case, FlagKind.UNVERIFIED), case.owner) == (TrackState.NEW, SignState.OPEN, None)


# --- the machine meets a case -------------------------------------------------------------------------------------


def test_a_repeat_changes_nothing_whatever_became_of_the_sign() -> None:
    for case in (confirmed(a_case(FlagKind.UNVERIFIED)), dismissed(a_case(FlagKind.UNVERIFIED))):
        assert workflow.meet(case, frozenset({FlagKind.UNVERIFIED})) == case


def test_a_new_kind_of_sign_reopens_a_dismissed_track() -> None:
    case = workflow.meet(dismissed(a_case(FlagKind.UNVERIFIED)), frozenset({FlagKind.UNVERIFIED, FlagKind.CONFLICT}))
    assert at(case) is TrackState.NEW
    assert state(case, FlagKind.UNVERIFIED) is SignState.DISMISSED


def test_a_sign_the_machine_drops_is_withdrawn_if_nobody_decided_it_and_closes_nothing() -> None:
    case = workflow.meet(a_case(FlagKind.UNVERIFIED), frozenset())
    assert (at(case), state(case, FlagKind.UNVERIFIED)) == (TrackState.NEW, SignState.WITHDRAWN)
    decided = confirmed(a_case(FlagKind.UNVERIFIED))
    assert workflow.meet(decided, frozenset()) == decided


def test_a_sign_that_comes_back_undecided_is_not_left_on_a_dismissed_track() -> None:
    case = a_case(FlagKind.UNVERIFIED, FlagKind.HEADLINE)
    case = dismissed(workflow.meet(case, frozenset({FlagKind.UNVERIFIED})))
    assert at(case) is TrackState.DISMISSED
    case = workflow.meet(case, frozenset({FlagKind.UNVERIFIED, FlagKind.HEADLINE}))
    assert (at(case), state(case, FlagKind.HEADLINE)) == (TrackState.NEW, SignState.OPEN)


# --- two cases become one -----------------------------------------------------------------------------------------


def test_merging_keeps_the_work_of_both() -> None:
    working = confirmed(a_case(FlagKind.UNVERIFIED))
    merged = workflow.merge(a_case(FlagKind.UNVERIFIED, FlagKind.CRITICISM), working)
    assert at(merged) is TrackState.VERIFYING
    assert state(merged, FlagKind.UNVERIFIED) is SignState.CONFIRMED
    assert at(merged, Track.ANSWER) is TrackState.NEW
    assert merged.owner == HA


def test_merging_does_not_revive_what_a_person_dismissed() -> None:
    merged = workflow.merge(a_case(FlagKind.UNVERIFIED), dismissed(a_case(FlagKind.UNVERIFIED)))
    assert (at(merged), state(merged, FlagKind.UNVERIFIED)) == (TrackState.DISMISSED, SignState.DISMISSED)


def test_merging_opens_a_dismissed_track_for_a_sign_nobody_has_seen() -> None:
    merged = workflow.merge(dismissed(a_case(FlagKind.UNVERIFIED)), a_case(FlagKind.CONFLICT))
    assert (at(merged), state(merged, FlagKind.CONFLICT)) == (TrackState.NEW, SignState.OPEN)


# --- whatever is done ---------------------------------------------------------------------------------------------

KINDS = st.frozensets(st.sampled_from(FlagKind), max_size=4)
TRACKS = st.sampled_from(Track)
GROUNDS = st.builds(
    Grounds,
    reasoning=st.sampled_from(["", "Đã kiểm tra."]),
    documents=st.sampled_from([(), ("",), ("BC 318",)]),
)


@dataclass(frozen=True)
class Step:
    name: str
    told: tuple[Any, ...]
    do: Callable[..., Case] = field(repr=False)

    def __call__(self, case: Case) -> Case:
        return self.do(case, *self.told)


def steps(name: str, do: Callable[..., Case], *told: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(*told).map(lambda values: Step(name, values, do))


def moved(step: Callable[..., TrackRecord]) -> Callable[..., Case]:
    return lambda case, track, *told: workflow.move(case, track, lambda record: step(record, *told))


def merged_with(case: Case, kinds: frozenset[FlagKind], after: Callable[[Case], Case]) -> Case:
    return workflow.merge(case, after(a_case(FlagKind.UNVERIFIED, *kinds)))


ANY_STEP = st.one_of(
    steps("meet", workflow.meet, KINDS),
    steps("take", workflow.take_on, TRACKS, st.just(HA)),
    steps("release", moved(workflow.release), TRACKS),
    steps("confirm", partial(workflow.confirm, by=HA, at=NOW), TRACKS, KINDS),
    steps("dismiss", partial(workflow.set_aside, by=HA, at=NOW), TRACKS, KINDS, st.sampled_from(Dismissal)),
    steps("conclude", moved(workflow.conclude), TRACKS, st.sampled_from(Conclusion), GROUNDS),
    steps("handle", moved(workflow.handle), TRACKS, st.sampled_from(Handling)),
    steps("close", moved(workflow.close), TRACKS, st.sampled_from(Result)),
    steps("withdraw", workflow.withdraw, TRACKS, st.just(HA)),
    steps("merge", merged_with, KINDS, st.sampled_from([lambda case: case, confirmed, dismissed])),
)


@settings(max_examples=300, deadline=None)
@given(KINDS, st.lists(ANY_STEP, max_size=25))
def test_no_sequence_of_moves_breaks_a_rule(kinds: frozenset[FlagKind], told: list[Step]) -> None:
    case = a_case(*kinds)
    for step in told:
        before = case
        with suppress(IllegalMove):
            case = step(case)
        holds(case)
        if step.name == "meet":
            the_machine_decided_nothing(before, case)


def holds(case: Case) -> None:
    for sign in case.signs:
        assert sign.kind.track in case.tracks
        if sign.state is SignState.OPEN:
            assert at(case, sign.kind.track) is not TrackState.DISMISSED
        assert (sign.state in (SignState.CONFIRMED, SignState.DISMISSED)) == (sign.by is not None)
        assert (sign.state is SignState.DISMISSED) == (sign.dismissal is not None)
    for record in case.tracks.values():
        if record.conclusion in (Conclusion.FALSE, Conclusion.PARTLY):
            assert record.grounds is not None
            assert any(document.strip() for document in record.grounds.documents)
        settled = record.state in (TrackState.CONCLUDED, TrackState.HANDLING, TrackState.CLOSED)
        assert settled == (record.conclusion is not None)
        assert (record.state in (TrackState.HANDLING, TrackState.CLOSED)) == (record.handling is not None)
        assert (record.state is TrackState.DISMISSED) == (record.dismissal is not None)
    if any(record.state in workflow.IN_WORK for record in case.tracks.values()):
        assert case.owner is not None


def the_machine_decided_nothing(before: Case, after: Case) -> None:
    was = {sign.kind: sign for sign in before.signs}
    for sign in after.signs:
        if sign.kind in was and was[sign.kind].by is not None:
            assert sign == was[sign.kind]
        assert sign.by is None or sign == was.get(sign.kind)
    for track, record in after.tracks.items():
        if record != before.tracks.get(track):
            assert record == TrackRecord()
            opened = {s.kind for s in after.signs if s.state is SignState.OPEN and s.kind.track is track}
            known = {s.kind for s in before.signs if s.state is SignState.OPEN}
            assert opened - known
