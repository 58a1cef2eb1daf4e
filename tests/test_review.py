"""From pending articles to reviews and stories: safe to repeat, and nothing a person ruled is contradicted."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classifier.classifier import Classifier, Signal
from classifier.criticism import CriticismSignal
from classifier.marked import Marked
from classifier.review import Caution, ReviewTally, examine_ahead, review_pending
from classifier.unverified import UnverifiedSignal
from config import knowledge
from index.errors import SignalError
from index.model import (
    Article,
    ArticleId,
    Field,
    Finding,
    FlagKind,
    OfficerName,
    ProvinceId,
    Review,
    Ruling,
    RulingField,
    Standing,
    Story,
    StoryId,
    Topic,
)
from index.shared_errors import Superseded
from index.sqlite import SqliteArchive
from tests.classified import NOON, written

HOME = ProvinceId("tuyen-quang")
NOW = NOON + timedelta(days=1)
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
ELSEWHERE = written("Cà Mau: dân kêu cứu", "Người dân Cà Mau phản ánh tình trạng sạt lở.", key="elsewhere")
ALL = (RUMOUR, COPY, DENIAL, ELSEWHERE)


class Broken:
    """A signal that cannot answer about one article, until it is mended."""

    name = "broken"
    version = "1"

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.mended = False

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        if not self.mended and any(marked.article.id == RUMOUR.id for marked in articles):
            raise self.error
        return [Finding(signal=self.name, version=self.version) for _ in articles]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SqliteArchive]:
    with SqliteArchive(tmp_path / "archive.db") as opened:
        yield opened


def run(archive: SqliteArchive, *articles: Article, classifier: Classifier | None = None) -> ReviewTally:
    archive.add(articles)
    return review_pending(archive, classifier or knowledge.classifier(HOME), now=NOW, sources={})


def review(archive: SqliteArchive, article: Article) -> Review:
    found = archive.review(article.id, HOME)
    assert found is not None
    return found


def story(archive: SqliteArchive, article: Article) -> Story:
    found = archive.story_of(article.id, HOME)
    assert found is not None
    return archive.story(found)


def rule(field: RulingField, value: str | None, *, article: Article | None = None, of: Story | None = None) -> Ruling:
    return Ruling(
        by=OfficerName("lan"),
        at=NOW,
        province=HOME,
        field=field,
        value=value,
        article_id=article.id if article else None,
        story_id=of.id if of else None,
    )


def with_signals(*signals: Signal) -> Classifier:
    words = knowledge.lexicon()
    return Classifier(
        HOME, lexicon=words, places=knowledge.placing("tuyen-quang"), signals=(*signals, CriticismSignal(words))
    )


def test_articles_become_reviews_and_a_story(archive: SqliteArchive) -> None:
    assert run(archive, *ALL) == ReviewTally(reviewed=4, flagged=2, stories=1, unexamined=0)
    told = story(archive, RUMOUR)
    assert told.articles == ("rumour", "copy", "denial")
    assert told.reprints == (("rumour", "copy"),)
    assert [flag.kind for flag in told.flags] == [FlagKind.UNVERIFIED]


def test_a_storys_flag_quotes_originals_and_a_copys_own_headline_only(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    (flag,) = story(archive, RUMOUR).flags
    assert {(e.article_id, e.field) for e in flag.evidence} == {("rumour", Field.TITLE), ("rumour", Field.TEXT)}
    assert any(e.article_id == "copy" for f in review(archive, COPY).flags for e in f.evidence)


def test_doing_it_again_changes_nothing(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    before = story(archive, RUMOUR)
    assert run(archive, *ALL) == ReviewTally()
    assert story(archive, RUMOUR) == before


def test_what_is_not_ours_opens_no_work_and_joins_no_story(archive: SqliteArchive) -> None:
    run(archive, ELSEWHERE)
    found = review(archive, ELSEWHERE)
    assert (found.standing, found.flags) == (Standing.NOT_OURS, ())
    assert archive.story_of(ELSEWHERE.id, HOME) is None


def test_articles_that_come_one_by_one_join_their_story(archive: SqliteArchive) -> None:
    for article in (DENIAL, COPY, RUMOUR):
        run(archive, article)
    assert story(archive, RUMOUR).articles == ("rumour", "copy", "denial")


def test_a_sign_that_a_new_version_drops_leaves_the_story(archive: SqliteArchive) -> None:
    run(archive, RUMOUR)
    text = "Đập nước tại xã Thượng Lâm, tỉnh Tuyên Quang an toàn sau mưa, theo UBND xã."
    mended = replace(written("Đập Thượng Lâm an toàn", text, key="rumour"), collected=NOW)
    run(archive, mended)
    assert story(archive, RUMOUR).flags == ()
    assert review(archive, RUMOUR).version == 2


@pytest.mark.parametrize("error", [SignalError(signal="broken"), KeyError(RUMOUR.title), ValueError(RUMOUR.text)])
def test_a_signal_that_fails_costs_its_own_answer_only(
    archive: SqliteArchive, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    broken = Broken(error)
    classifier = with_signals(broken, UnverifiedSignal(knowledge.lexicon()))
    with caplog.at_level(logging.WARNING):
        assert run(archive, *ALL, classifier=classifier).unexamined == 1
    assert review(archive, RUMOUR).unexamined == ("broken",)
    assert review(archive, RUMOUR).flags
    assert review(archive, COPY).unexamined == ()
    assert "broken failed on" in caplog.text
    assert "rumour" in caplog.text
    assert RUMOUR.title not in caplog.text
    assert RUMOUR.text not in caplog.text
    broken.mended = True
    assert run(archive, classifier=classifier) == ReviewTally(reviewed=1, flagged=1, stories=1)
    assert review(archive, RUMOUR).unexamined == ()


def test_a_new_version_of_a_signal_reviews_again(archive: SqliteArchive) -> None:
    broken = Broken(SignalError(signal="broken"))
    broken.mended = True
    run(archive, *ALL, classifier=with_signals(broken))
    broken.version = "2"
    assert run(archive, classifier=with_signals(broken)).reviewed == 4


# --- what people ruled


def test_rulings_on_an_article_hold(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    archive.apply(rule(RulingField.ABOUT, Standing.NOT_OURS, article=DENIAL))
    archive.apply(rule(RulingField.TOPIC, Topic.GOV, article=RUMOUR))
    archive.apply(rule(RulingField.PLACE, "Lâm Bình", article=RUMOUR))
    run(archive)
    assert review(archive, DENIAL).standing is Standing.NOT_OURS
    assert archive.story_of(DENIAL.id, HOME) is None
    assert review(archive, RUMOUR).topic.topic is Topic.GOV
    assert [place.name for place in review(archive, RUMOUR).places] == ["Lâm Bình"]


def test_a_ruling_that_it_is_ours_brings_its_signs_and_a_story(archive: SqliteArchive) -> None:
    run(archive, ELSEWHERE)
    archive.apply(rule(RulingField.ABOUT, Standing.OURS, article=ELSEWHERE))
    run(archive)
    assert {flag.kind for flag in story(archive, ELSEWHERE).flags} == {FlagKind.CRITICISM, FlagKind.INCIDENT}
    assert not review(archive, ELSEWHERE).labels


def test_a_ruling_on_a_story_reaches_its_articles(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    archive.apply(rule(RulingField.ABOUT, Standing.NOT_OURS, of=story(archive, RUMOUR)))
    run(archive)
    assert {review(archive, article).standing for article in (RUMOUR, COPY, DENIAL)} == {Standing.NOT_OURS}


def test_an_article_moved_by_a_person_stays_where_it_was_put(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    archive.apply(rule(RulingField.STORY, StoryId("apart"), article=DENIAL))
    run(archive)
    later = written("Thêm tin về đập Thượng Lâm", RUMOUR.text + " Nước đã rút.", key="later", after=timedelta(hours=5))
    run(archive, later)
    assert story(archive, DENIAL).id == "apart"
    assert ArticleId("later") in story(archive, RUMOUR).articles


def test_two_provinces_review_one_article_apart(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    other = knowledge.classifier("lang-son")
    review_pending(archive, other, now=NOW, sources={})
    theirs = archive.review(RUMOUR.id, other.province)
    assert theirs is not None
    assert (theirs.standing, theirs.flags) == (Standing.NOT_OURS, ())
    assert review(archive, RUMOUR).flags
    assert list(archive.stories(other.province)) == []


# --- what others make ahead


def everything(archive: SqliteArchive) -> tuple[list[Story], list[Review]]:
    return sorted(archive.stories(HOME), key=lambda one: one.id), [review(archive, article) for article in ALL]


def test_what_is_examined_ahead_keeps_its_place_as_other_batches_would_make_other_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.review._BATCH", 10)
    monkeypatch.setattr("classifier.review._AHEAD", 15)
    classifier = knowledge.classifier(HOME)
    many = [written(f"Tin {number}", "Một việc ở Cà Mau.", key=f"k{number}") for number in range(45)]

    def batches(file: str, *, examined: bool) -> list[list[ArticleId]]:
        found: list[list[ArticleId]] = []
        with SqliteArchive(tmp_path / file) as archive:

            def ahead(now: Sequence[ArticleId], soon: Sequence[ArticleId]) -> None:
                found.append(list(now))
                if examined:
                    examine_ahead(archive, classifier, soon)

            archive.add(many)
            review_pending(archive, classifier, now=NOW, sources={}, ahead=ahead)
        return found

    assert batches("together.db", examined=True) == batches("alone.db", examined=False)


def test_what_others_examined_is_grouped_as_if_it_were_examined_here(
    archive: SqliteArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = knowledge.classifier(HOME)
    run(archive, *ALL)
    with SqliteArchive(tmp_path / "shared.db") as shared:
        shared.add(ALL)
        assert examine_ahead(shared, classifier, [article.id for article in ALL]).reviewed == len(ALL)
        assert not list(shared.stories(HOME))
        assert len(shared.pending(HOME, classifier.versions, since=NOON, limit=10)) == len(ALL), "they wait for a story"
        monkeypatch.setattr(classifier, "review", lambda articles, _: [pytest.fail("made elsewhere") for _ in articles])
        assert run(shared, classifier=classifier).reviewed == len(ALL)
        monkeypatch.undo()
        assert everything(shared) == everything(archive)
        assert run(shared) == ReviewTally()


def test_what_is_reviewed_is_not_examined_again(archive: SqliteArchive) -> None:
    run(archive, *ALL)
    before = everything(archive)
    assert examine_ahead(archive, knowledge.classifier(HOME), [article.id for article in ALL]) == ReviewTally()
    assert everything(archive) == before


def test_a_text_that_is_set_aside_is_not_examined_and_one_that_is_to_be_alone_is(archive: SqliteArchive) -> None:
    looked_at: list[int] = []
    archive.add(ALL)
    caution = Caution(
        alone=((RUMOUR.id, 1),), aside=((COPY.id, 1),), about_to=lambda texts: looked_at.append(len(texts))
    )
    examine_ahead(archive, knowledge.classifier(HOME), [article.id for article in ALL], caution=caution)
    assert looked_at == [1, 0] * 3
    assert archive.review(COPY.id, HOME) is None


def test_the_others_are_told_of_the_batch_and_of_what_comes_behind(archive: SqliteArchive) -> None:
    told: list[tuple[int, int]] = []
    many = [written(f"Tin {number}", "Một việc ở Cà Mau.", key=f"k{number}") for number in range(230)]
    archive.add(many)
    review_pending(
        archive,
        knowledge.classifier(HOME),
        now=NOW,
        sources={},
        ahead=lambda now, soon: told.append((len(now), len(soon))),
    )
    assert told == [(200, 30), (30, 0)]


def test_one_who_was_superseded_records_no_story(archive: SqliteArchive) -> None:
    archive.add(ALL)

    def another_begins(_now: Sequence[ArticleId], _soon: Sequence[ArticleId]) -> None:
        archive.lead(HOME)

    with pytest.raises(Superseded):
        review_pending(archive, knowledge.classifier(HOME), now=NOW, sources={}, ahead=another_begins)
    assert not list(archive.stories(HOME))
    run(archive)
    assert len(story(archive, RUMOUR).articles) == 3
