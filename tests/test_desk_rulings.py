"""What an officer says about the archive holds at once, outlives later reviews, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.rulings import Rulings
from desk.triage import Seen
from index.archive import Archive
from index.case import Act, Case, Dismissal, TrackState
from index.casebook_queue import Tab
from index.errors import ArchiveUnavailable, Conflict, Forbidden, IllegalMove
from index.model import ArticleId, FlagKind, RulingField, Standing, Topic, Track
from tests.office import HA, LEADER, MINH, NOW, PROVINCE, Office, article, later, review, story

pytestmark = pytest.mark.usefixtures("every_casebook")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def case(office: Office) -> Case:
    return office.opened("vo-dap", FlagKind.UNVERIFIED, FlagKind.CRITICISM)


def standing(office: Office, name: str) -> Standing:
    found = office.archive.review(ArticleId(name), PROVINCE)
    assert found is not None
    return found.standing


def reviewed_again(office: Office, name: str = "vo-dap") -> None:
    """The classifier comes round once more and finds what it always found."""
    first = office.archive.article(ArticleId(f"{name}-1"))
    office.archive.record([review(first, [FlagKind.UNVERIFIED])], [story(name, [first], [FlagKind.UNVERIFIED])])
    office.take_in(later(hours=1))


def test_not_ours_holds_in_the_archive_and_dismisses_what_nobody_concluded(office: Office, case: Case) -> None:
    ruled = office.desk.rulings.about(case.id, Standing.NOT_OURS, by=HA, at=NOW, revision=case.revision)
    assert standing(office, "vo-dap-1") is Standing.NOT_OURS
    assert {record.state for record in ruled.tracks.values()} == {TrackState.DISMISSED}
    assert {sign.dismissal for sign in ruled.signs} == {Dismissal.NOT_OURS}
    assert (ruled.history[-1].action, ruled.history[-1].params["value"]) == (Act.RULED, "not_ours")


def test_dismissing_as_not_ours_is_the_same_ruling(office: Office, case: Case) -> None:
    office.desk.triage.dismiss(case.id, Track.VERIFY, Dismissal.NOT_OURS, by=HA, at=NOW, revision=case.revision)
    assert standing(office, "vo-dap-1") is Standing.NOT_OURS
    assert sum(office.desk.triage.counts(HA).values()) == 0


def test_what_a_person_ruled_survives_every_later_review(office: Office, case: Case) -> None:
    ruled = office.desk.rulings.about(case.id, Standing.NOT_OURS, by=HA, at=NOW, revision=case.revision)
    reviewed_again(office)
    assert standing(office, "vo-dap-1") is Standing.NOT_OURS
    assert office.case_of("vo-dap").tracks == ruled.tracks


def test_a_place_makes_the_story_ours_and_takes_it_out_of_the_tab_of_places(office: Office) -> None:
    office.publish("hoa-binh", [FlagKind.INCIDENT], standing=Standing.UNDECIDED, places=())
    office.take_in()
    case = office.case_of("hoa-binh")
    office.desk.rulings.place(case.id, "Đà Vị", by=HA, at=NOW, revision=case.revision)
    counts = office.desk.triage.counts(HA)
    assert (counts[Tab.PLACES], counts[Tab.INFORM]) == (0, 1)
    office.take_in()
    (item,) = office.desk.triage.queue(HA, Tab.INFORM).items
    assert item.card.places == ("Đà Vị",)


def test_a_topic_holds(office: Office, case: Case) -> None:
    office.desk.rulings.topic(case.id, Topic.DISASTER, by=HA, at=NOW, revision=case.revision)
    reviewed_again(office)
    found = office.archive.review(ArticleId("vo-dap-1"), PROVINCE)
    assert found is not None
    assert found.topic.topic is Topic.DISASTER


def test_undo_takes_the_ruling_back_with_all_that_followed_from_it(office: Office, case: Case) -> None:
    ruled = office.desk.rulings.about(case.id, Standing.NOT_OURS, by=HA, at=NOW, revision=case.revision)
    undone = office.desk.triage.undo(case.id, by=HA, at=later(minutes=1), revision=ruled.revision)
    assert (undone.tracks, undone.signs) == (case.tracks, case.signs)
    reviewed_again(office)
    assert standing(office, "vo-dap-1") is Standing.OURS


def test_undo_puts_back_what_another_had_ruled_before(office: Office, case: Case) -> None:
    theirs = office.desk.rulings.topic(case.id, Topic.CRIME, by=MINH, at=NOW, revision=case.revision)
    mine = office.desk.rulings.topic(case.id, Topic.HEALTH, by=HA, at=later(minutes=1), revision=theirs.revision)
    office.desk.triage.undo(case.id, by=HA, at=later(minutes=2), revision=mine.revision)
    with office.casebook.read(PROVINCE) as book:
        (ruling,) = book.rulings.in_force().values()
    assert (ruling.field, ruling.value) == (RulingField.TOPIC, Topic.CRIME)


def test_undoing_one_of_many_takes_back_its_own_ruling_alone(office: Office) -> None:
    cases = [office.opened(name) for name in ("vo-dap", "lu-quet")]
    seen = [Seen(case_id=case.id, revision=case.revision) for case in cases]
    done = office.desk.triage.dismiss_many(seen, Track.VERIFY, Dismissal.NOT_OURS, by=HA, at=NOW).done
    office.desk.triage.undo(done[0].id, by=HA, at=later(minutes=1), revision=done[0].revision)
    with office.casebook.read(PROVINCE) as book:
        in_force = {ruling.story_id: ruling.value for ruling in book.rulings.in_force().values()}
    assert in_force == {"vo-dap": None, "lu-quet": Standing.NOT_OURS}


def test_a_place_without_a_name_is_refused_before_anything_is_written(office: Office, case: Case) -> None:
    with pytest.raises(IllegalMove):
        office.desk.rulings.place(case.id, " ", by=HA, at=NOW, revision=case.revision)
    assert office.case_of("vo-dap") == case


def test_the_same_ruling_on_the_same_revision_is_made_once(office: Office, case: Case) -> None:
    for minute in range(2):
        office.desk.rulings.topic(case.id, Topic.CRIME, by=HA, at=later(minutes=minute), revision=case.revision)
    with office.casebook.read(PROVINCE) as book:
        assert len(book.rulings.of_story(case.story)) == 1


class Away:
    """An archive that cannot be reached."""

    def apply(self, ruling: object) -> None:
        raise ArchiveUnavailable


def test_a_ruling_stands_while_the_archive_is_away_and_reaches_it_later(office: Office, case: Case) -> None:
    away: Archive = Away()  # type: ignore[assignment]
    Rulings(away, office.casebook, PROVINCE).topic(case.id, Topic.CRIME, by=HA, at=NOW, revision=case.revision)
    assert office.archive.rulings(PROVINCE) == ()
    office.take_in()
    (ruling,) = office.archive.rulings(PROVINCE)
    assert ruling.value == Topic.CRIME


# --- joining and splitting ----------------------------------------------------------------------------------------


def test_joining_two_stories_makes_one_case_at_once_and_intake_agrees(office: Office, case: Case) -> None:
    other = office.opened("lu-quet", FlagKind.INCIDENT)
    kept = office.desk.rulings.join(
        case.id, other.id, by=HA, at=NOW, revision=case.revision, into_revision=other.revision
    )
    assert set(kept.tracks) == {Track.INFORM, Track.VERIFY, Track.ANSWER}
    assert office.archive.story(case.story).id == other.story
    office.take_in()
    assert office.case_of("lu-quet") == kept
    view = office.desk.stories.of_story(case.story, by=HA)
    assert (view.case, view.merged_from) == (kept, case.id)
    assert len(view.articles) == 2


def test_joining_twice_is_one_join(office: Office, case: Case) -> None:
    other = office.opened("lu-quet", FlagKind.INCIDENT)
    kept = [
        office.desk.rulings.join(
            case.id, other.id, by=HA, at=later(seconds=n), revision=case.revision, into_revision=other.revision
        )
        for n in range(2)
    ]
    assert kept[0] == kept[1]


def test_a_case_that_was_joined_takes_no_further_acts(office: Office, case: Case) -> None:
    other = office.opened("lu-quet", FlagKind.INCIDENT)
    office.desk.rulings.join(case.id, other.id, by=HA, at=NOW, revision=case.revision, into_revision=other.revision)
    with pytest.raises(Conflict):
        office.desk.triage.take(case.id, Track.VERIFY, by=MINH, at=NOW, revision=case.revision)
    with pytest.raises(IllegalMove) as refused:
        office.desk.triage.take(case.id, Track.VERIFY, by=MINH, at=NOW, revision=case.revision + 1)
    assert refused.value.params["merged_into"] == other.id


def test_joining_rests_on_both_revisions(office: Office, case: Case) -> None:
    other = office.opened("lu-quet", FlagKind.INCIDENT)
    office.desk.triage.take(other.id, Track.INFORM, by=MINH, at=NOW, revision=other.revision)
    with pytest.raises(Conflict):
        office.desk.rulings.join(case.id, other.id, by=HA, at=NOW, revision=case.revision, into_revision=other.revision)
    assert office.case_of("vo-dap") == case


def test_an_article_is_split_off_into_a_story_of_its_own(office: Office) -> None:
    pair = [article("a"), article("b", collected=later(minutes=1))]
    case = office.opened("vo-dap", FlagKind.UNVERIFIED, articles=pair)
    for second in range(2):
        office.desk.rulings.split(case.id, pair[1].id, by=HA, at=later(seconds=second), revision=case.revision)
    apart = office.archive.story_of(pair[1].id, PROVINCE)
    assert apart not in (None, case.story)
    assert office.archive.story(case.story).articles == (pair[0].id,)
    assert [line.action for line in office.case_of("vo-dap").history] == [Act.OPENED, Act.SPLIT]


def test_the_only_article_of_a_story_or_one_of_another_is_not_split_off(office: Office, case: Case) -> None:
    for name in ("vo-dap-1", "bai-khac"):
        with pytest.raises(IllegalMove):
            office.desk.rulings.split(case.id, ArticleId(name), by=HA, at=NOW, revision=case.revision)
    assert office.case_of("vo-dap") == case


def test_a_leader_rules_nothing(office: Office, case: Case) -> None:
    rulings, revision = office.desk.rulings, case.revision
    with pytest.raises(Forbidden):
        rulings.about(case.id, Standing.NOT_OURS, by=LEADER, at=NOW, revision=revision)
    with pytest.raises(Forbidden):
        rulings.place(case.id, "Đà Vị", by=LEADER, at=NOW, revision=revision)
    with pytest.raises(Forbidden):
        rulings.join(case.id, case.id, by=LEADER, at=NOW, revision=revision, into_revision=revision)
    with pytest.raises(Forbidden):
        rulings.split(case.id, ArticleId("vo-dap-1"), by=LEADER, at=NOW, revision=revision)
    assert office.case_of("vo-dap") == case
