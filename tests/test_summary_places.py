"""The daily page where cases go on: several tracks, joined stories, late reviews, sources that were away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.daily import Attention, Daily, Edition, NewsGroup, Section
from desk.summary_places import MOST_DIRECT
from index.case import Act, Conclusion, Grounds
from index.model import ArticleId, Channel, FlagKind, Harm, SourceId, Standing, StoryId, Topic, Track
from index.source import Reading, ReadingOutcome, Source
from tests.office import HA, PROVINCE, Office, joined, review, story
from tests.test_summary import DAY, READY, SINCE, UNTIL, dated, harm, page_of, stories, tell, the_line


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def concluded(office: Office, name: str) -> None:
    """A doubt of before the period that an officer found to be right an hour into it."""
    tell(office, name, FlagKind.UNVERIFIED, articles=(dated(name, -30),))
    office.take_in(SINCE - timedelta(hours=5))
    act = {"by": HA, "at": SINCE + timedelta(hours=1)}
    case = office.desk.triage.take(office.case_of(name).id, Track.VERIFY, revision=0, **act)  # type: ignore[arg-type]
    grounds = Grounds(reasoning="Đúng.")
    office.desk.triage.conclude(
        case.id,
        Track.VERIFY,
        Conclusion.TRUE,
        grounds,
        revision=case.revision,
        **act,  # type: ignore[arg-type]
    )


def test_what_ended_on_one_track_hides_nothing_new_on_another(office: Office) -> None:
    concluded(office, "cu")
    both = (FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    tell(office, "cu", *both, articles=(dated("cu", -30), dated("phan-anh", 12)))
    line = the_line(page_of(office), "cu")
    assert (line.section, line.track, line.originals) == (Section.CRITICISM, Track.ANSWER, 1)


def test_a_result_stands_among_the_results_where_the_period_brought_nothing_on_another_track(office: Office) -> None:
    both = (FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    concluded(office, "cu")
    tell(office, "cu", *both, articles=(dated("cu", -30),))
    line = the_line(page_of(office), "cu")
    assert (line.section, line.outcome, line.track) == (Section.RESULTS, Act.CONCLUDED, Track.VERIFY)


def test_cases_at_work_that_are_too_many_for_the_leader_stand_in_their_own_sections(office: Office) -> None:
    names = [f"k{number}" for number in range(MOST_DIRECT + 2)]
    for name in names:
        tell(office, name, FlagKind.INCIDENT, topic=Topic.DISASTER, articles=(dated(name, -60),), harm=harm(Harm.LIFE))
    office.take_in(SINCE - timedelta(hours=10))
    for name in names:
        case = office.case_of(name)
        office.desk.triage.take(case.id, Track.INFORM, by=HA, at=SINCE - timedelta(hours=9), revision=case.revision)
    page = page_of(office)
    assert len(page.lines[Section.DIRECT]) == MOST_DIRECT
    assert [line.group for line in page.lines[Section.NEWS]] == [NewsGroup.DISASTER] * 2
    assert sorted(stories(page, Section.DIRECT) + stories(page, Section.NEWS)) == names


@pytest.fixture
def page_before(office: Office) -> Daily:
    """The page of the day before: two complaints, in which nobody has seen yet that they tell of the same."""
    for name, hours in (("mot", -20), ("hai", -18)):
        tell(office, name, FlagKind.CRITICISM, articles=(dated(name, hours),))
    office.take_in(SINCE - timedelta(hours=10))
    return office.desk.summaries.make(DAY - timedelta(days=1), Edition.MORNING, now=READY - timedelta(days=1))


def join(office: Office) -> None:
    """What is told as "mot" goes on as "hai"."""
    articles = [office.archive.article(ArticleId(name)) for name in ("mot", "hai")]
    survivor = story("hai", articles, (FlagKind.CRITICISM,))
    gone = joined(story("mot", articles[:1]), survivor)
    office.archive.record([review(one, (FlagKind.CRITICISM,)) for one in articles], [survivor, gone])


def test_a_deadline_is_looked_after_when_its_story_is_joined_into_another(office: Office, page_before: Daily) -> None:
    note(office, page_before, proposal="Kiểm tra ngay", due=SINCE + timedelta(hours=2))
    join(office)
    line = the_line(page_of(office), "hai")
    assert (line.section, line.attention, line.proposal) == (Section.DIRECT, Attention.OVERDUE, "Kiểm tra ngay")


def test_officers_words_of_an_article_hold_when_its_story_is_joined_into_another(
    office: Office, page_before: Daily
) -> None:
    note(office, page_before, proposal="", due=SINCE + timedelta(hours=2))
    rewrite = office.desk.summaries.rewrite
    at = READY - timedelta(days=1)
    rewrite(page_before, StoryId("hai"), title="Bài hai", summary="", by=HA, at=at, revision=0)
    rewrite(page_before, StoryId("mot"), title="Bài một", summary="", by=HA, at=at, revision=1)
    join(office)
    assert the_line(page_of(office), "hai").title == "Bài một"


def note(office: Office, page: Daily, *, proposal: str, due: datetime) -> None:
    office.desk.summaries.note(
        page,
        StoryId("mot"),
        known="",
        unknown="",
        proposal=proposal,
        due=due,
        by=HA,
        at=READY - timedelta(days=1),
        revision=0,
    )


def test_a_page_made_after_its_hour_knows_no_case_that_came_later(office: Office) -> None:
    late, now = UNTIL + timedelta(hours=4), UNTIL + timedelta(hours=6)
    tell(office, "trua", FlagKind.INCIDENT, articles=(dated("trua", 28),), harm=harm(Harm.LIFE))
    office.take_in(late)
    morning = office.desk.summaries.make(DAY, Edition.MORNING, now=now)
    afternoon = office.desk.summaries.make(DAY, Edition.AFTERNOON, now=UNTIL + timedelta(hours=11))
    assert (stories(morning, Section.DIRECT), stories(afternoon, Section.DIRECT)) == ([], ["trua"])


def declare(office: Office, name: str, at: datetime) -> None:
    url = f"https://{name}.example/"
    declared = Source(id=SourceId(name), name=name.title(), channel=Channel.PRESS, collector="feed", url=url)
    with office.casebook.write(PROVINCE) as book:
        book.register.declare([declared], by=HA.name, at=at)


def read(office: Office, name: str, hours: Sequence[int], outcome: ReadingOutcome = ReadingOutcome.UNCHANGED) -> None:
    for hour in hours:
        at = SINCE + timedelta(hours=hour)
        office.archive.save_reading(Reading(source_id=SourceId(name), at=at, outcome=outcome))


def test_a_new_source_makes_no_outage_of_the_days_before_it(office: Office) -> None:
    declare(office, "bao-cu", SINCE - timedelta(days=30))
    read(office, "bao-cu", range(-24 * 14, 25, 6))
    declare(office, "bao-moi", SINCE + timedelta(hours=10))
    read(office, "bao-moi", (11, 24))
    volume = {one.day: (one.lost, one.sources) for one in page_of(office).volume}
    assert volume.pop(DAY) == (0, 2)
    assert volume.pop(DAY - timedelta(days=1)) == (0, 2)
    assert set(volume.values()) == {(0, 1)}


def test_the_days_before_the_first_source_were_not_watched(office: Office) -> None:
    declare(office, "bao-moi", SINCE + timedelta(hours=10))
    read(office, "bao-moi", (11, 24))
    volume = {one.day: (one.lost, one.sources) for one in page_of(office).volume}
    assert [volume.pop(DAY - timedelta(days=back)) for back in (1, 0)] == [(0, 1), (0, 1)]
    assert set(volume.values()) == {(0, 0)}


def test_what_an_outage_kept_back_stands_on_the_next_page_however_long_it_lasted(office: Office) -> None:
    for name in ("bao-hong", "bao-moi"):
        declare(office, name, SINCE - timedelta(days=30))
    read(office, "bao-hong", (-24 * 9, -24 * 5))
    read(office, "bao-hong", (-24 * 4, -24), ReadingOutcome.FAILED)
    for name in ("bao-hong", "bao-moi"):
        read(office, name, (5,), ReadingOutcome.NEW)
        for days in (6, 4):
            given = {"source_id": SourceId(name), "collected": SINCE + timedelta(hours=5)}
            tell(office, f"{name}-{days}", articles=(dated(f"{name}-{days}", -24 * days, **given),))
    page = page_of(office)
    assert stories(page, Section.NEWS) == ["bao-hong-4"]
    assert (page.counts.new, page.counts.late) == (1, 1)


@pytest.mark.parametrize("before", [None, Standing.UNDECIDED])
def test_what_was_reviewed_or_ruled_ours_after_the_page_stands_on_the_next(
    office: Office, before: Standing | None
) -> None:
    office.archive.add([dated("cho", 20)])
    articles = office.archive.articles([ArticleId("cho")])
    if before is not None:
        office.archive.record([review(articles[0], standing=before)], [story("cho", articles)])
    assert stories(page_of(office), Section.NEWS) == []
    office.archive.record([review(articles[0])], [story("cho", articles)])
    told = []
    for days in (1, 2):
        later = READY + timedelta(days=days)
        page = office.desk.summaries.make(DAY + timedelta(days=days), Edition.MORNING, now=later)
        told.append((stories(page, Section.NEWS), page.counts.late))
    assert told == [(["cho"], 1), ([], 0)]


def test_what_goes_on_waiting_is_not_forgotten(office: Office) -> None:
    office.archive.add([dated("cho", 20)])
    page_of(office)
    for days in (1, 3):
        office.desk.summaries.make(DAY + timedelta(days=days), Edition.MORNING, now=READY + timedelta(days=days))
    articles = office.archive.articles([ArticleId("cho")])
    office.archive.record([review(articles[0])], [story("cho", articles)])
    page = office.desk.summaries.make(DAY + timedelta(days=4), Edition.MORNING, now=READY + timedelta(days=4))
    assert stories(page, Section.NEWS) == ["cho"]
