"""Everything about one happening on one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.case import Conclusion, Grounds
from index.errors import CaseNotFound, StoryNotFound
from index.model import CaseId, FlagKind, SourceId, StoryId, Topic, TopicJudged, Track
from tests.office import HA, NOW, Office, article, later
from tests.test_attachments import PNG

pytestmark = pytest.mark.usefixtures("every_casebook")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def test_originals_stand_in_order_of_time_with_their_reprints_folded(office: Office) -> None:
    first = article("forum", published=NOW, source_id=SourceId("xu-tuyen"))
    report = article("bao", published=later(hours=1))
    copies = [article(f"copy-{n}", published=later(hours=2, minutes=-n)) for n in range(3)]
    case = office.opened("vo-dap", articles=[first, report, *copies], reprints=[[report, *copies]])
    view = office.desk.stories.of_case(case.id, by=HA)
    assert [shown.article.id for shown in view.articles] == ["forum", "bao"]
    assert [copy.article.id for copy in view.articles[1].reprints] == ["copy-2", "copy-1", "copy-0"]
    assert view.articles[0].outlet == "xu-tuyen"
    assert view.story.flags
    assert view.card is not None


def test_without_the_archive_a_case_is_shown_as_the_casebook_holds_it(office: Office) -> None:
    case = office.opened("vo-dap")
    kept = office.desk.triage.confirm(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    office.archive.close()
    (office.home / "archive.db").write_bytes(b"")
    by_case = office.desk.stories.without_archive(case_id=case.id, by=HA)
    assert by_case is not None
    assert by_case.away
    assert by_case.case == kept
    assert by_case.card is not None
    assert (by_case.articles, by_case.story.id) == ((), StoryId("vo-dap"))
    assert office.desk.stories.without_archive(story_id=StoryId("vo-dap"), by=HA) == by_case
    assert office.desk.stories.without_archive(story_id=StoryId("không"), by=HA) is None
    with pytest.raises(CaseNotFound):
        office.desk.stories.without_archive(case_id=CaseId("VV-0"), by=HA)


def test_an_edited_article_shows_all_its_versions(office: Office) -> None:
    case = office.opened("vo-dap")
    office.archive.add([article("vo-dap-1", text="Đập an toàn.", collected=later(hours=1))])
    (shown,) = office.desk.stories.of_case(case.id, by=HA).articles
    assert [version.version for version in shown.versions] == [1, 2]
    assert shown.article == shown.versions[-1]
    assert shown.undated


def test_the_agency_for_topic_and_place_is_proposed(office: Office) -> None:
    case = office.opened("bai-rac", FlagKind.CRITICISM, topic=TopicJudged(topic=Topic.ENVIRONMENT))
    proposed = office.desk.stories.of_case(case.id, by=HA).proposed
    assert proposed is not None
    assert proposed.id == "xa-thuong-lam"


def test_the_documents_of_a_conclusion_are_shown_with_their_names(office: Office) -> None:
    case = office.opened("vo-dap")
    file = office.desk.files.add(PNG, "biên bản.png", by=HA, at=NOW)
    taken = office.desk.triage.take(case.id, Track.VERIFY, by=HA, at=NOW, revision=case.revision)
    grounds = Grounds(reasoning="Theo biên bản.", documents=(file.sha256, "BC 318/BC-UBND"))
    office.desk.triage.conclude(
        case.id, Track.VERIFY, Conclusion.FALSE, grounds, by=HA, at=NOW, revision=taken.revision
    )
    assert office.desk.stories.of_case(case.id, by=HA).attachments == {file.sha256: file}


def test_a_story_nobody_has_a_case_for_is_shown_all_the_same(office: Office) -> None:
    office.publish("khanh-thanh")
    view = office.desk.stories.of_story(StoryId("khanh-thanh"), by=HA)
    assert (view.case, view.card, len(view.articles)) == (None, None, 1)


def test_what_is_not_there_is_said_not_to_be(office: Office) -> None:
    with pytest.raises(CaseNotFound):
        office.desk.stories.of_case(CaseId("VV-2026-9999"), by=HA)
    with pytest.raises(StoryNotFound):
        office.desk.stories.of_story(StoryId("khong-co"), by=HA)
