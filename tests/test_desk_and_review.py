"""What an officer says goes round through review and intake, and comes back as it was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from classifier.classifier import Classifier
from classifier.marked import Marked
from classifier.review import ReviewTally, review_pending
from classifier.stories import REMEMBERED
from config import knowledge
from index.case import Case, Dismissal, SignState, TrackState
from index.model import Article, ArticleId, FlagKind, Review, RulingField, Standing, Story, Topic, Track
from index.text import content_hash
from tests.classified import NOON, written
from tests.office import HA, PROVINCE, Office

pytestmark = pytest.mark.usefixtures("every_casebook")

NOW = NOON + timedelta(days=1)
SOON = NOW + timedelta(minutes=5)
OLD = NOW + REMEMBERED + timedelta(days=6)
"""A time at which what is held of NOW is no longer of the last two weeks."""
RUMOUR = written(
    "Rộ tin vỡ đập ở Thượng Lâm, Tuyên Quang",
    "Mạng xã hội lan truyền thông tin đập nước tại xã Thượng Lâm, tỉnh Tuyên Quang đã vỡ lúc 3 giờ sáng, nước về trong "
    "đêm. Chưa có xác nhận của cơ quan chức năng về thiệt hại tại các thôn ven suối của xã.",
    key="rumour",
)
COPY = written("NÓNG: vỡ đập trong đêm", RUMOUR.text, key="copy", source="trang-tong-hop", after=timedelta(hours=1))
DENIAL = written(
    "Sở bác bỏ thông tin vỡ đập ở Thượng Lâm",
    "Sở Nông nghiệp và Môi trường tỉnh Tuyên Quang khẳng định đập tại xã Thượng Lâm an toàn, tin vỡ đập là tin giả.",
    key="denial",
    after=timedelta(hours=3),
)
LATE_COPY = written("Vỡ đập thật không?", RUMOUR.text, key="late-copy", source="trang-khac", after=timedelta(hours=5))
ANOTHER = written(
    "Người dân Na Hang kêu cứu vì thiếu nước sạch",
    "Người dân xã Na Hang, tỉnh Tuyên Quang phản ánh nhiều tháng không có nước sạch, bức xúc vì chưa ai trả lời.",
    key="another",
    after=timedelta(hours=2),
)
ALL = (RUMOUR, COPY, DENIAL)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return knowledge.classifier(PROVINCE)


class Round:
    """An office with a real classifier: what comes in is reviewed, and what is flagged becomes a case."""

    def __init__(self, office: Office, classifier: Classifier) -> None:
        self.office = office
        self.archive = office.archive
        self._classifier = classifier

    def go(self, *articles: Article, now: datetime = NOW, everything: bool = False) -> ReviewTally:
        self.archive.add(articles)
        tally = review_pending(self.archive, self._classifier, now=now, sources={}, everything=everything)
        self.office.take_in(now)
        return tally

    def story(self, article: Article) -> Story:
        found = self.archive.story_of(article.id, PROVINCE)
        assert found is not None
        return self.archive.story(found)

    def case(self, article: Article) -> Case:
        return self.office.case_of(self.story(article).id)

    def cases(self) -> int:
        with self.office.casebook.read(PROVINCE) as book:
            return len(book.cases.of_stories(list(book.cases.stories())))

    def standings(self, *articles: Article) -> set[Standing]:
        reviews = self.archive.reviews([article.id for article in articles], PROVINCE)
        return {reviews[article.id].standing for article in articles}

    def places(self, article: Article) -> list[str]:
        return [place.name for place in self.archive.reviews([article.id], PROVINCE)[article.id].places]

    def not_about_us(self, article: Article, at: datetime = NOW) -> Case:
        case = self.case(article)
        return self.office.desk.triage.dismiss(
            case.id, Track.VERIFY, Dismissal.NOT_OURS, by=HA, at=at, revision=case.revision
        )


@pytest.fixture
def round_(tmp_path: Path, classifier: Classifier) -> Iterator[Round]:
    office = Office(tmp_path)
    yield Round(office, classifier)
    office.close()


def edited(article: Article, now: datetime) -> Article:
    """Its next version, which says more."""
    title = f"{article.title} (cập nhật)"
    return replace(article, title=title, collected=now, content_hash=content_hash(title, article.text))


# --- not about us


def test_a_story_ruled_not_ours_keeps_its_articles_and_shows_no_sign(round_: Round) -> None:
    round_.go(*ALL)
    told = round_.story(RUMOUR)
    round_.not_about_us(RUMOUR)
    round_.go(now=SOON)
    assert replace(told, flags=()) == round_.story(RUMOUR)
    assert round_.standings(*ALL) == {Standing.NOT_OURS}
    assert all(not one.flags for one in round_.archive.reviews([a.id for a in ALL], PROVINCE).values())


def test_not_ours_taken_back_after_the_review_brings_the_signs_again(round_: Round) -> None:
    round_.go(*ALL)
    told = round_.story(RUMOUR)
    case = round_.not_about_us(RUMOUR)
    round_.go(now=SOON)
    round_.office.desk.rulings.undo(case.id, by=HA, at=SOON, revision=round_.case(RUMOUR).revision)
    round_.go(now=SOON)
    assert round_.story(RUMOUR) == told
    assert round_.standings(*ALL) == {Standing.OURS}
    again = round_.case(RUMOUR)
    assert [(sign.kind, sign.state) for sign in again.signs] == [(FlagKind.UNVERIFIED, SignState.OPEN)]
    assert again.tracks[Track.VERIFY].state is TrackState.NEW


@pytest.mark.parametrize("article", ALL, ids=lambda article: article.id)
def test_a_new_version_of_what_is_not_ours_opens_no_second_case(round_: Round, article: Article) -> None:
    round_.go(*ALL)
    round_.not_about_us(RUMOUR)
    round_.go(now=SOON)
    round_.go(edited(article, SOON), now=SOON)
    assert round_.standings(*ALL) == {Standing.NOT_OURS}
    assert (round_.cases(), round_.story(article).flags) == (1, ())


def test_a_copy_of_what_is_not_ours_is_not_ours_and_shows_no_sign(round_: Round) -> None:
    round_.go(*ALL)
    round_.not_about_us(RUMOUR)
    round_.go(LATE_COPY, now=SOON)
    assert LATE_COPY.id in round_.story(RUMOUR).articles
    found = round_.archive.reviews([LATE_COPY.id], PROVINCE)[LATE_COPY.id]
    assert (found.standing, found.flags) == (Standing.NOT_OURS, ())
    assert (round_.cases(), round_.story(RUMOUR).flags) == (1, ())


def test_what_is_taken_back_while_a_review_runs_is_heeded_by_it(round_: Round) -> None:
    round_.go(*ALL)
    told = round_.story(RUMOUR)
    case = round_.not_about_us(RUMOUR)

    def undo() -> None:
        round_.office.desk.rulings.undo(case.id, by=HA, at=SOON, revision=case.revision)

    tally = Round(round_.office, _interrupted(undo)).go(now=SOON)
    assert tally.reviewed == 3
    assert round_.story(RUMOUR).articles == told.articles
    assert round_.standings(*ALL) == {Standing.OURS}
    assert [flag.kind for flag in round_.story(RUMOUR).flags] == [FlagKind.UNVERIFIED]


def test_what_is_ruled_on_another_story_meanwhile_repeats_nothing(round_: Round) -> None:
    round_.go(*ALL)
    others = [
        written(f"Tin {number}", "Một việc ở Cà Mau.", key=f"k{number}", after=SOON - NOW) for number in range(210)
    ]

    def rule() -> None:
        round_.not_about_us(RUMOUR)

    finding = _interrupted(rule)
    looked_at: list[int] = []
    look = finding.review

    def counted(
        articles: Sequence[Article], ruled: Mapping[ArticleId, Standing] | None = None
    ) -> list[tuple[Marked, Review]]:
        looked_at.append(len(articles))
        return look(articles, ruled)

    finding.review = counted  # type: ignore[method-assign]
    tally = Round(round_.office, finding).go(*others, now=SOON)
    assert [count for count in looked_at if count] == [200, 10 + len(ALL)]
    assert tally.reviewed == 210 + len(ALL)
    assert round_.standings(*ALL) == {Standing.NOT_OURS}


def _interrupted(by: Callable[[], None]) -> Classifier:
    """A classifier that finds what it always finds; something happens after it has looked for the first time."""
    finding = knowledge.classifier(PROVINCE)
    happening = [by]
    look = finding.review

    def review(
        articles: Sequence[Article], ruled: Mapping[ArticleId, Standing] | None = None
    ) -> list[tuple[Marked, Review]]:
        found = look(articles, ruled)
        while happening:
            happening.pop()()
        return found

    finding.review = review  # type: ignore[method-assign]
    return finding


def test_what_the_machine_finds_not_ours_leaves_its_story(round_: Round) -> None:
    round_.go(*ALL)
    words = ("Cà Mau: sạt lở ven biển", "Người dân Cà Mau phản ánh tình trạng sạt lở ven biển.")
    round_.go(replace(written(*words, key="denial"), collected=SOON), now=SOON)
    assert round_.story(RUMOUR).articles == ("rumour", "copy")
    assert round_.archive.story_of(DENIAL.id, PROVINCE) is None


# --- what is older than two weeks


def test_a_ruling_on_an_old_case_leaves_its_story_whole(round_: Round) -> None:
    round_.go(COPY)
    round_.go(RUMOUR, DENIAL)
    told, case = round_.story(RUMOUR), round_.case(RUMOUR)
    round_.office.desk.rulings.topic(case.id, Topic.DISASTER, by=HA, at=OLD, revision=case.revision)
    round_.go(now=OLD)
    assert round_.story(RUMOUR).articles == told.articles
    assert round_.case(RUMOUR).id == case.id
    assert round_.cases() == 1


@pytest.mark.parametrize("article", ALL, ids=lambda article: article.id)
def test_an_edit_of_an_old_article_leaves_its_story_whole(round_: Round, article: Article) -> None:
    round_.go(*ALL)
    told = round_.story(RUMOUR)
    round_.go(edited(article, OLD), now=OLD)
    assert round_.story(article).id == told.id
    assert set(round_.story(article).articles) == set(told.articles)
    assert round_.cases() == 1


def test_reviewing_whatever_is_held_leaves_old_stories_whole(round_: Round) -> None:
    round_.go(COPY, ANOTHER)
    round_.go(RUMOUR, DENIAL)
    told = [(story.id, story.articles) for story in map(round_.story, (*ALL, ANOTHER))]
    renewed = Round(round_.office, _with_a_newer_signal())
    assert renewed.go(now=OLD, everything=True).reviewed == 4
    assert [(story.id, story.articles) for story in map(round_.story, (*ALL, ANOTHER))] == told


def _with_a_newer_signal() -> Classifier:
    class Newer(Classifier):
        @property
        def versions(self) -> dict[str, str]:
            return {**super().versions, "criticism": "newer"}

    words = knowledge.lexicon()
    return Newer(PROVINCE, lexicon=words, places=knowledge.placing(PROVINCE), signals=())


def test_a_new_story_takes_no_id_from_an_old_one_whose_first_article_was_split_off(round_: Round) -> None:
    round_.go(*ALL)
    told, case = round_.story(RUMOUR), round_.case(RUMOUR)
    first = next(article for article in ALL if article.id == told.articles[0])
    round_.office.desk.rulings.split(case.id, first.id, by=HA, at=NOW, revision=case.revision)
    (apart,) = [r for r in round_.archive.rulings(PROVINCE) if r.field is RulingField.STORY]
    round_.go(now=NOW)
    round_.archive.apply(replace(apart, value=None, at=OLD))
    round_.go(edited(first, OLD), now=OLD)
    assert set(told.articles[1:]) <= set(round_.archive.story(told.id).articles)


# --- what was said before a join


def test_a_ruling_made_before_a_join_speaks_for_the_survivor(round_: Round) -> None:
    round_.go(*ALL, ANOTHER)
    ruled, other = round_.case(ANOTHER), round_.case(RUMOUR)
    assert ruled.id != other.id
    ruled = round_.office.desk.rulings.place(ruled.id, "Sơn Vĩ", by=HA, at=NOW, revision=ruled.revision)
    round_.office.desk.rulings.join(
        ruled.id, other.id, by=HA, at=SOON, revision=ruled.revision, into_revision=other.revision
    )
    round_.go(now=SOON)
    assert set(round_.story(RUMOUR).articles) == {"rumour", "copy", "denial", "another"}
    assert [round_.places(article) for article in (*ALL, ANOTHER)] == [["Sơn Vĩ"]] * 4


def test_what_was_said_of_the_survivor_goes_before_what_was_said_of_a_joined_story(round_: Round) -> None:
    round_.go(*ALL, ANOTHER)
    gone, kept = round_.case(ANOTHER), round_.case(RUMOUR)
    kept = round_.office.desk.rulings.place(kept.id, "Đà Vị", by=HA, at=NOW, revision=kept.revision)
    gone = round_.office.desk.rulings.place(gone.id, "Sơn Vĩ", by=HA, at=SOON, revision=gone.revision)
    round_.office.desk.rulings.join(
        gone.id, kept.id, by=HA, at=SOON, revision=gone.revision, into_revision=kept.revision
    )
    round_.go(now=SOON)
    assert [round_.places(article) for article in (RUMOUR, ANOTHER)] == [["Đà Vị"]] * 2


@pytest.mark.parametrize("ruled", [True, False])
def test_a_story_that_people_spoke_of_is_joined_into_no_other(round_: Round, ruled: bool) -> None:
    bridge = written(
        f"{RUMOUR.title}: {ANOTHER.title}",
        f"{RUMOUR.text[:150]} {ANOTHER.text}",
        key="bridge",
        after=timedelta(hours=4),
    )
    round_.go(RUMOUR, ANOTHER)
    if ruled:
        case = round_.case(ANOTHER)
        round_.office.desk.rulings.topic(case.id, Topic.ENVIRONMENT, by=HA, at=NOW, revision=case.revision)
    assert round_.story(RUMOUR).id != round_.story(ANOTHER).id
    round_.go(bridge, now=SOON)
    assert (round_.story(RUMOUR).id == round_.story(ANOTHER).id) is not ruled


# --- nothing to do


def test_with_nothing_pending_nothing_else_is_read(
    round_: Round, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_.go(*ALL)
    asked: list[str] = []
    for name in ("stories", "articles", "reviews", "rulings"):
        monkeypatch.setattr(round_.archive, name, lambda *_, name=name, **__: asked.append(name))
    assert review_pending(round_.archive, classifier, now=NOW, sources={}) == ReviewTally()
    assert asked == []
