"""Flagged stories become cases, once, and cases follow their stories."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.account import CONSOLE
from index.archive import Archive
from index.case import MACHINE, Act, CaseCard, Dismissal, Priority, SignState, TrackState
from index.casebook_queue import Tab
from index.model import (
    Channel,
    FlagKind,
    Harm,
    HarmJudged,
    Ruling,
    RulingField,
    SourceId,
    Standing,
    Story,
    StoryId,
    Track,
)
from index.source import Source
from tests.office import HA, MINH, NOW, PROVINCE, Office, article, flag, joined, later, review, story

pytestmark = pytest.mark.usefixtures("every_casebook")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def card_of(office: Office, name: str) -> CaseCard:
    case = office.case_of(name)
    with office.casebook.read(PROVINCE) as book:
        return book.cases.cards([case.id])[case.id]


# --- opening ------------------------------------------------------------------------------------------------------


def test_a_flagged_story_opens_one_case_however_often_it_is_taken_in(office: Office) -> None:
    office.publish("vo-dap", [FlagKind.UNVERIFIED, FlagKind.CRITICISM])
    assert [office.take_in(), office.take_in()] == [1, 0]
    case = office.case_of("vo-dap")
    assert case.id == "VV-2026-0001"
    assert {track: record.state for track, record in case.tracks.items()} == {
        Track.VERIFY: TrackState.NEW,
        Track.ANSWER: TrackState.NEW,
    }
    assert [(line.by, line.action) for line in case.history] == [(MACHINE, Act.OPENED)]


def test_a_story_without_signs_opens_nothing(office: Office) -> None:
    office.publish("khanh-thanh")
    assert office.take_in() == 0


def test_an_undecided_story_waits_in_the_tab_of_places_alone(office: Office) -> None:
    office.publish("hoa-binh", [FlagKind.INCIDENT], standing=Standing.UNDECIDED)
    office.take_in()
    assert card_of(office, "hoa-binh").undecided
    counts = office.desk.triage.counts(HA)
    assert (counts[Tab.PLACES], counts[Tab.INFORM]) == (1, 0)


def test_an_undecided_story_that_turns_out_to_be_ours_moves_to_its_track(office: Office) -> None:
    office.publish("hoa-binh", [FlagKind.INCIDENT], standing=Standing.UNDECIDED)
    office.take_in()
    office.publish("hoa-binh", [FlagKind.INCIDENT], standing=Standing.OURS)
    office.take_in()
    counts = office.desk.triage.counts(HA)
    assert (counts[Tab.PLACES], counts[Tab.INFORM]) == (0, 1)


def test_a_story_that_is_not_ours_opens_nothing_whatever_it_shows(office: Office) -> None:
    office.publish("noi-khac", [FlagKind.INCIDENT], standing=Standing.NOT_OURS)
    assert office.take_in() == 0


def test_more_stories_than_a_batch_are_all_taken_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.intake.BATCH", 2)
    for number in range(5):
        office.publish(f"s{number}", [FlagKind.HEADLINE])
    assert office.take_in() == 5
    office.publish("s5", [FlagKind.HEADLINE])
    assert office.take_in() == 1


# --- following ----------------------------------------------------------------------------------------------------


def test_reprints_refresh_the_card_and_tell_no_officer_that_somebody_was_faster(office: Office) -> None:
    seen = office.opened("vo-dap")
    copies = [article(f"copy-{n}", source_id=SourceId(f"trang-{n}"), collected=later(minutes=n)) for n in range(1, 6)]
    first = article("vo-dap-1")
    office.publish("vo-dap", [FlagKind.UNVERIFIED], articles=[first, *copies], reprints=[[first, *copies]])
    office.take_in()
    assert office.case_of("vo-dap") == seen
    assert card_of(office, "vo-dap").reprints == 5
    office.desk.triage.confirm(seen.id, Track.VERIFY, by=HA, at=NOW, revision=seen.revision)


def test_a_new_kind_of_sign_is_met_as_a_change_that_an_officer_must_see_first(office: Office) -> None:
    seen = office.opened("vo-dap")
    office.publish("vo-dap", [FlagKind.UNVERIFIED, FlagKind.CONFLICT])
    office.take_in()
    case = office.case_of("vo-dap")
    assert case.revision == seen.revision + 1
    assert (case.history[-1].action, dict(case.history[-1].params)) == (Act.SIGNS, {"shown": "conflict"})


def test_a_sign_that_is_dropped_is_withdrawn_and_closes_nothing(office: Office) -> None:
    office.opened("vo-dap")
    office.publish("vo-dap")
    office.take_in()
    case = office.case_of("vo-dap")
    assert [sign.state for sign in case.signs] == [SignState.WITHDRAWN]
    assert case.tracks[Track.VERIFY].state is TrackState.NEW


def test_signs_of_a_story_that_turns_out_to_be_elsewhere_are_withdrawn(office: Office) -> None:
    office.opened("vo-dap")
    office.publish("vo-dap", [FlagKind.UNVERIFIED, FlagKind.CONFLICT], standing=Standing.NOT_OURS)
    office.take_in()
    assert [(sign.kind, sign.state) for sign in office.case_of("vo-dap").signs] == [
        (FlagKind.UNVERIFIED, SignState.WITHDRAWN)
    ]


def test_what_was_dismissed_stays_dismissed_when_the_story_goes_on(office: Office) -> None:
    seen = office.opened("vo-dap")
    decided = office.desk.triage.dismiss(
        seen.id, Track.VERIFY, Dismissal.OPINION, by=HA, at=NOW, revision=seen.revision
    )
    office.publish("vo-dap", [FlagKind.UNVERIFIED], articles=[article("vo-dap-1"), article("vo-dap-2")])
    office.take_in()
    assert office.case_of("vo-dap") == decided


def test_a_new_kind_of_sign_reopens_what_was_dismissed(office: Office) -> None:
    seen = office.opened("vo-dap")
    office.desk.triage.dismiss(seen.id, Track.VERIFY, Dismissal.OPINION, by=HA, at=NOW, revision=seen.revision)
    office.publish("vo-dap", [FlagKind.UNVERIFIED, FlagKind.HEADLINE])
    office.take_in()
    assert office.case_of("vo-dap").tracks[Track.VERIFY].state is TrackState.NEW


# --- stories that were joined -------------------------------------------------------------------------------------


def forwarded(office: Office, gone: Story, survivor: Story) -> None:
    office.archive.record([], [joined(gone, survivor)])


def test_the_case_of_a_joined_story_goes_on_as_the_survivors(office: Office) -> None:
    office.opened("vo-dap")
    survivor = office.publish("lu-quet")
    forwarded(office, story("vo-dap", [article("vo-dap-1")]), survivor)
    office.take_in()
    case = office.case_of("lu-quet")
    assert case.id == "VV-2026-0001"
    assert case.history[-1].action is Act.MOVED


def test_two_cases_of_joined_stories_become_one_and_say_so(office: Office) -> None:
    gone = office.opened("vo-dap", FlagKind.UNVERIFIED)
    office.desk.triage.confirm(gone.id, Track.VERIFY, by=HA, at=NOW, revision=gone.revision)
    survivor = office.publish("lu-quet", [FlagKind.INCIDENT])
    office.take_in()
    forwarded(office, story("vo-dap", [article("vo-dap-1")]), survivor)
    office.take_in(later(minutes=1))
    office.take_in(later(minutes=2))

    case = office.case_of("lu-quet")
    assert {track: record.state for track, record in case.tracks.items()} == {
        Track.INFORM: TrackState.NEW,
        Track.VERIFY: TrackState.VERIFYING,
    }
    assert (case.owner, case.history[-1].action, case.history[-1].params) == (HA.name, Act.JOINED, {"case": gone.id})
    view = office.desk.stories.of_case(gone.id, by=MINH)
    assert view.case == case
    assert view.merged_from == gone.id
    assert office.desk.triage.counts(HA)[Tab.MINE] == 1


def test_the_work_of_a_case_goes_on_where_its_survivor_was_joined_too(office: Office) -> None:
    first, second = office.opened("a", FlagKind.UNVERIFIED), office.opened("b", FlagKind.CRITICISM)
    third = office.opened("c", FlagKind.INCIDENT)
    stories = {name: office.archive.story(StoryId(name)) for name in "abc"}
    office.desk.rulings.join(second.id, third.id, by=HA, at=NOW, revision=0, into_revision=0)
    forwarded(office, stories["a"], stories["b"])
    office.take_in(later(minutes=1))
    assert set(office.case_of("c").tracks) == {Track.VERIFY, Track.ANSWER, Track.INFORM}
    assert office.desk.stories.case(first.id, by=HA) == office.case_of("c")


# --- rulings ------------------------------------------------------------------------------------------------------


def test_a_ruling_that_the_archive_missed_is_applied_at_the_next_intake(office: Office) -> None:
    office.opened("vo-dap")
    ruling = Ruling(
        by=HA.name,
        at=NOW,
        province=PROVINCE,
        field=RulingField.ABOUT,
        value=Standing.NOT_OURS,
        story_id=StoryId("vo-dap"),
    )
    with office.casebook.write(PROVINCE) as book:
        book.rulings.add(ruling)
    office.take_in()
    assert list(office.archive.rulings(PROVINCE)) == [ruling]


def test_a_ruling_on_a_story_that_is_gone_stops_nothing(office: Office) -> None:
    with office.casebook.write(PROVINCE) as book:
        book.rulings.add(
            Ruling(
                by=HA.name, at=NOW, province=PROVINCE, field=RulingField.TOPIC, value="gov", story_id=StoryId("gone")
            )
        )
    office.publish("vo-dap", [FlagKind.UNVERIFIED])
    assert office.take_in() == 1


def test_another_archive_is_followed_from_its_beginning(office: Office, tmp_path: Path) -> None:
    seen = office.opened("vo-dap")
    office.archive.close()
    for file in tmp_path.glob("archive.db*"):
        file.unlink()
    rebuilt = Office(tmp_path)
    rebuilt.publish("vo-dap", [FlagKind.UNVERIFIED])
    rebuilt.publish("lu-quet", [FlagKind.INCIDENT])
    assert rebuilt.take_in() == 1
    assert rebuilt.case_of("vo-dap") == seen
    rebuilt.close()


# --- the card -----------------------------------------------------------------------------------------------------


def source(name: str, called: str, channel: Channel) -> Source:
    return Source(id=SourceId(name), name=called, channel=channel, collector="feed", url=f"https://{name}.example/rss")


def test_a_card_says_why_the_case_stands_where_it_does(office: Office) -> None:
    bao = source("bao", "Báo tỉnh", Channel.PRESS)
    dien_dan = source("xu-tuyen", "Diễn đàn Xứ Tuyên", Channel.FORUM)
    office.desk.sources.declare([bao, dien_dan], by=CONSOLE, at=NOW)
    rumour = article("r", source_id=dien_dan.id, channel=Channel.FORUM, title="Vỡ đập rồi bà con ơi", published=NOW)
    report = article("p", source_id=bao.id, title="Xôn xao tin vỡ đập", published=later(minutes=50))
    copy = article("c", source_id=SourceId("trang-24"), published=later(minutes=58))
    office.publish(
        "vo-dap",
        [FlagKind.UNVERIFIED],
        articles=[rumour, report, copy],
        reprints=[[report, copy]],
        harm=HarmJudged(harm=Harm.LIFE, evidence=flag(FlagKind.INCIDENT, rumour).evidence[0]),
    )
    office.take_in()
    card = card_of(office, "vo-dap")
    assert card.title == "Xôn xao tin vỡ đập"
    assert (card.first_source, card.channel, card.first_seen) == ("Diễn đàn Xứ Tuyên", Channel.FORUM, NOW)
    assert (card.outlets, card.reprints, card.places) == (2, 1, ("Thượng Lâm",))
    assert (card.factors.harm, card.factors.per_hour, card.weight) == (Harm.LIFE, 3.0, 12.0)
    assert card.priority is Priority.URGENT
    (sign,) = card.signs
    assert sign.sentence[sign.start : sign.end] == "đập đã vỡ"
    assert sign.sentence == "Nghe nói đập đã vỡ, nước về trong đêm."


def test_a_quote_that_was_edited_away_is_shown_by_itself(office: Office) -> None:
    office.opened("vo-dap")
    first = office.archive.article(article("vo-dap-1").id)
    office.archive.add([article("vo-dap-1", text="Đập an toàn.", collected=later(hours=1))])
    newest = office.archive.article(first.id)
    office.archive.record([review(newest)], [story("vo-dap", [first], [FlagKind.UNVERIFIED])])
    office.take_in()
    (sign,) = card_of(office, "vo-dap").signs
    assert sign.sentence[sign.start : sign.end] == sign.sentence == "đập đã vỡ"


# --- killed on the way --------------------------------------------------------------------------------------------


class Dying:
    """An archive whose process is killed at the n-th thing it is asked."""

    def __init__(self, archive: Archive, after: int) -> None:
        self._archive, self._left = archive, after

    def __getattr__(self, name: str) -> object:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._archive, name)


@pytest.mark.parametrize("asked", [2, 5])
def test_a_killed_intake_is_made_again_to_the_same_end(office: Office, tmp_path: Path, asked: int) -> None:
    for number in range(5):
        office.publish(f"s{number}", [FlagKind.HEADLINE])
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from desk import intake
        from tests.office import NOW, PROVINCE, Office
        from tests.test_intake import Dying
        intake.BATCH = 2
        office = Office(Path(sys.argv[1]))
        intake.take_in(Dying(office.archive, int(sys.argv[2])), office.casebook, PROVINCE, NOW)
    """)
    done = subprocess.run([sys.executable, "-c", program, tmp_path, str(asked)], check=False)
    assert done.returncode == -signal.SIGKILL
    office.take_in()
    with office.casebook.read(PROVINCE) as book:
        stories = book.cases.stories()
        opened = [line for line in book.audit.entries() if line.action is Act.OPENED]
    assert stories == {f"s{number}" for number in range(5)}
    assert len(opened) == 5
