"""The whole archive searched by an officer, what they keep of it, and the case opened from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.search import LONGEST_NAME, Advice
from index.archive import Facet
from index.case import MACHINE, Act, Dismissal, TrackState
from index.casebook_audit import Deed
from index.casebook_queue import Tab
from index.errors import ArticleNotFound, Forbidden, SearchRefused
from index.model import ArticleId, Channel, FlagKind, ProvinceId, SourceId, Standing, StoryId, Track
from index.question import Filter, Question
from index.source import Source
from tests.office import ADMIN, HA, LEADER, MINH, NOW, PROVINCE, Office, article, later, review, story

pytestmark = pytest.mark.usefixtures("every_casebook")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def ids(office: Office, question: Question) -> list[str]:
    return [found.article.id for found in office.desk.search.find(question, by=HA).found]


# --- what is found ------------------------------------------------------------------------------------------------


def test_words_are_found_with_and_without_their_marks_exact_ones_first(office: Office) -> None:
    office.publish(
        "bai-rac",
        articles=[
            article("dung", title="Mùi hôi từ bãi rác", published=later(hours=-2)),
            article("khac", title="Bài rác rưởi", published=later(hours=-1)),
        ],
    )
    found = office.desk.search.find(Question(text="bãi rác"), by=HA).found
    assert [(one.article.id, one.exact) for one in found] == [("dung", True), ("khac", False)]
    assert [one.article.title[slice(*one.title_marks[0])] for one in found] == ["bãi rác", "Bài rác"]
    assert ids(office, Question(text="bai rac")) == ["khac", "dung"]


def test_a_phrase_stands_together(office: Office) -> None:
    office.publish("bai-rac", articles=[article("gan", text="Có bãi rác ở xã."), article("xa", text="Rác ở bãi biển.")])
    assert set(ids(office, Question(text="bai rac"))) == {"gan", "xa"}
    assert ids(office, Question(text="“bai rac”")) == ids(office, Question(text='"bãi rác"')) == ["gan"]


def test_what_is_found_comes_with_its_outlet_its_story_and_its_case(office: Office) -> None:
    source = Source(
        id=SourceId("bao-tinh"), name="Báo tỉnh", channel=Channel.PRESS, collector="feed", url="https://bao.example"
    )
    office.desk.sources.add(source, by=ADMIN, at=NOW)
    case = office.opened("vo-dap")
    (found,) = office.desk.search.find(Question(text="vo dap"), by=LEADER).found
    assert (found.outlet, found.story, found.case) == ("Báo tỉnh", "vo-dap", case)
    assert found.review is not None
    assert "đập đã vỡ" in str(found.excerpt)


def test_what_is_in_no_story_is_found_too(office: Office) -> None:
    office.archive.add([article("cho", title="Chợ phiên")])
    (found,) = office.desk.search.find(Question(text="cho phien"), by=HA).found
    assert (found.story, found.case, found.review) == (None, None, None)


def test_pages_follow_each_other_and_a_page_nobody_gave_begins_anew(office: Office) -> None:
    office.publish("vo-dap", articles=[article(f"a{n}", published=later(hours=n)) for n in range(5)])
    search = office.desk.search
    first = search.find(Question(text="dap"), by=HA, limit=2)
    second = search.find(Question(text="dap"), by=HA, limit=2, after=first.next)
    last = search.find(Question(text="dap"), by=HA, limit=2, after=second.next)
    pages = [[found.article.id for found in answer.found] for answer in (first, second, last)]
    assert pages == [["a4", "a3"], ["a2", "a1"], ["a0"]]
    assert (first.total, last.next) == (5, None)
    assert search.find(Question(text="dap"), by=HA, limit=2, after="<script>") == first


def test_a_time_is_narrowed_to(office: Office) -> None:
    office.publish("vo-dap", articles=[article(f"a{n}", published=later(days=n)) for n in range(4)])
    assert ids(office, Question(since=later(days=1), until=later(days=3))) == ["a2", "a1"]


def test_the_state_of_any_track_of_the_case_is_narrowed_to(office: Office) -> None:
    both = office.opened("ca-hai", FlagKind.UNVERIFIED, FlagKind.CRITICISM)
    waiting = office.opened("cho")
    office.publish("khong-ho-so")
    office.desk.triage.take(both.id, Track.ANSWER, by=HA, at=NOW, revision=both.revision)
    office.desk.triage.dismiss(waiting.id, Track.VERIFY, Dismissal.OPINION, by=HA, at=NOW, revision=waiting.revision)
    assert ids(office, Question(state=TrackState.NEW)) == ["ca-hai-1"]
    assert ids(office, Question(state=TrackState.VERIFYING)) == ["ca-hai-1"]
    assert ids(office, Question(state=TrackState.DISMISSED)) == ["cho-1"]
    assert ids(office, Question(state=TrackState.CLOSED)) == []


def test_a_joined_story_is_in_the_state_of_the_case_that_goes_on(office: Office) -> None:
    gone, survivor = office.opened("mot"), office.opened("hai")
    taken = office.desk.triage.take(survivor.id, Track.VERIFY, by=HA, at=NOW, revision=survivor.revision)
    office.desk.rulings.join(gone.id, taken.id, by=HA, at=NOW, revision=gone.revision, into_revision=taken.revision)
    assert set(ids(office, Question(state=TrackState.VERIFYING))) == {"mot-1", "hai-1"}
    assert ids(office, Question(state=TrackState.NEW)) == []


def test_nothing_of_another_province_is_told(office: Office) -> None:
    other = ProvinceId("lang-son")
    shared = article("chung", title="Đập ở hai tỉnh")
    office.archive.add([shared])
    office.archive.record([review(shared, province=other)], [story("xa", [shared], province=other)])
    (found,) = office.desk.search.find(Question(text="dap"), by=HA).found
    assert (found.review, found.story) == (None, None)


def test_an_administrator_searches_nothing(office: Office) -> None:
    for ask in (office.desk.search.find, office.desk.search.facets, office.desk.search.advice):
        with pytest.raises(Forbidden):
            ask(Question(), by=ADMIN)
    with pytest.raises(Forbidden):
        office.desk.search.saved(by=ADMIN)


def test_facets_count_all_that_is_found_and_follow_the_state(office: Office) -> None:
    office.opened("vo-dap")
    office.publish("cho", articles=[article("cho", channel=Channel.FORUM)])
    counted = office.desk.search.facets(Question(), [Facet.CHANNEL], by=LEADER)
    assert counted[Facet.CHANNEL].counts == {Channel.FORUM: 1, Channel.PRESS: 1}
    narrowed = office.desk.search.facets(Question(state=TrackState.NEW), [Facet.CHANNEL], by=LEADER)
    assert narrowed[Facet.CHANNEL].counts == {Channel.PRESS: 1}


# --- nothing found ------------------------------------------------------------------------------------------------


def test_the_filter_that_hides_most_is_named_and_since_when_there_are_articles(office: Office) -> None:
    office.publish("vo-dap", articles=[article("a", published=NOW - timedelta(days=240))])
    question = Question(text="dap", since=NOW, channel=Channel.PRESS)
    assert office.desk.search.advice(question, by=HA) == Advice(drop=Filter.TIME, since=date(2026, 3, 1))


def test_no_filter_is_blamed_where_none_helps(office: Office) -> None:
    office.publish("vo-dap")
    question = Question(text="thủy điện", since=NOW)
    assert office.desk.search.advice(question, by=HA) == Advice(drop=None, since=date(2026, 11, 1))


def test_an_empty_archive_says_so(office: Office) -> None:
    assert office.desk.search.advice(Question(text="đập"), by=HA) == Advice(drop=None, since=None)


# --- what an officer keeps ----------------------------------------------------------------------------------------


def test_a_search_is_kept_for_its_officer(office: Office) -> None:
    question = Question(text="bãi rác", place="Nhữ Khê")
    saved = office.desk.search.save("  Bãi rác\nNhữ Khê ", question, by=LEADER, at=NOW)
    assert (saved.name, saved.question) == ("Bãi rác Nhữ Khê", question)
    assert office.desk.search.saved(by=LEADER) == (saved,)
    assert office.desk.search.saved(by=HA) == ()
    office.desk.search.forget(saved.name, by=LEADER, at=NOW)
    assert office.desk.search.saved(by=LEADER) == ()


@pytest.mark.parametrize("name", ["", " \n ", "a" * (LONGEST_NAME + 1)])
def test_a_search_without_a_usable_name_is_refused(office: Office, name: str) -> None:
    with pytest.raises(SearchRefused):
        office.desk.search.save(name, Question(), by=HA, at=NOW)
    assert office.desk.search.saved(by=HA) == ()


# --- a case opened from what was found ----------------------------------------------------------------------------


def test_a_story_in_which_the_machine_saw_nothing_gets_a_case_in_the_queue(office: Office) -> None:
    office.publish("khanh-thanh")
    assert office.take_in() == 0
    case = office.desk.opening.open(ArticleId("khanh-thanh-1"), by=HA, at=NOW)
    assert case is not None
    assert case.tracks[Track.VERIFY].state is TrackState.NEW
    (line,) = case.history
    assert (line.by, line.action) == (HA.name, Act.OPENED)
    (item,) = office.desk.triage.queue(MINH, Tab.VERIFY).items
    assert (item.case, item.card.title) == (case, "Xôn xao tin vỡ đập, bài khanh-thanh-1")
    with office.casebook.read(PROVINCE) as book:
        assert [(entry.by, entry.action) for entry in book.audit.entries(subject=f"case:{case.id}")] == [
            (HA.name, Act.OPENED)
        ]


def test_intake_follows_a_case_that_a_person_opened(office: Office) -> None:
    told = office.publish("khanh-thanh")
    case = office.desk.opening.open(ArticleId("khanh-thanh-1"), by=HA, at=NOW)
    assert case is not None
    assert office.take_in() == 0
    assert office.case_of("khanh-thanh") == case
    newest = office.archive.articles(told.articles)
    office.archive.record(
        [review(newest[0], [FlagKind.CRITICISM])], [story("khanh-thanh", newest, [FlagKind.CRITICISM])]
    )
    assert office.take_in() == 0
    assert set(office.case_of("khanh-thanh").tracks) == {Track.VERIFY, Track.ANSWER}


def test_a_story_with_a_case_keeps_it(office: Office) -> None:
    case = office.opened("vo-dap")
    assert office.desk.opening.open(ArticleId("vo-dap-1"), by=HA, at=NOW) == case
    assert case.history[0].by == MACHINE


def test_two_officers_open_one_case(office: Office) -> None:
    office.publish("khanh-thanh")
    first = office.desk.opening.open(ArticleId("khanh-thanh-1"), by=HA, at=NOW)
    assert office.desk.opening.open(ArticleId("khanh-thanh-1"), by=MINH, at=later(minutes=1)) == first


def test_what_was_not_taken_for_the_province_s_is_from_now_on_and_comes_with_the_next_review(office: Office) -> None:
    missed = article("bo-sot")
    office.archive.add([missed])
    office.archive.record([review(missed, standing=Standing.NOT_OURS, places=())])
    assert office.desk.opening.open(missed.id, by=HA, at=NOW) is None
    assert office.desk.opening.open(missed.id, by=MINH, at=NOW) is None
    held = office.archive.review(missed.id, PROVINCE)
    assert held is not None
    assert held.standing is Standing.OURS
    office.archive.record([review(missed)], [story("bo-sot", [missed])])
    assert office.take_in() == 1
    assert office.case_of("bo-sot").tracks[Track.VERIFY].state is TrackState.NEW
    with office.casebook.read(PROVINCE) as book:
        brought = [entry for entry in book.audit.entries() if entry.action is Deed.TIP_ADDED]
    assert [entry.by for entry in brought] == [HA.name]


def test_a_leader_opens_nothing_and_nothing_is_opened_for_what_is_not_there(office: Office) -> None:
    office.publish("khanh-thanh")
    with pytest.raises(Forbidden):
        office.desk.opening.open(ArticleId("khanh-thanh-1"), by=LEADER, at=NOW)
    with pytest.raises(ArticleNotFound):
        office.desk.opening.open(ArticleId("khong-co"), by=HA, at=NOW)
    with office.casebook.read(PROVINCE) as book:
        assert book.cases.of_story(StoryId("khanh-thanh")) is None
        assert book.audit.entries() == ()
