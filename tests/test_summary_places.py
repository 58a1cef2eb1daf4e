"""The daily page where cases go on: several tracks, joined stories, late reviews, sources that were away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.daily import NewsGroup, Section
from desk.summary_places import MOST_DIRECT
from index.case import Act, Conclusion, Grounds
from index.model import FlagKind, Harm, Topic, Track
from tests.office import HA, Office
from tests.test_summary import SINCE, dated, harm, page_of, stories, tell, the_line


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
