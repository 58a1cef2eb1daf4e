"""What every archive does with articles and with how sources are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from index.archive import Archive
from index.errors import ArticleNotFound
from index.model import ArticleId, Channel, Extent, OfficerName, PublishedFrom, SourceId
from index.source import Checkpoint, Known, Reading, ReadingOutcome, Tally, Visit, VisitId, VisitReason
from tests.contract.nouns import NOON, OURS, article, dated, fed, minutes, review, story


def test_an_article_is_kept_once_however_often_it_is_added(archive: Archive) -> None:
    assert archive.add([article()]) == Tally(new=1)
    assert archive.add([article(), article()]) == Tally(seen=2)
    assert archive.versions(article().id) == (article(),)


def test_nothing_added_is_nothing_kept(archive: Archive) -> None:
    assert archive.add([]) == Tally()


def test_other_words_are_the_next_version_and_the_old_one_stays(archive: Archive) -> None:
    edited = article(text="Nước đã rút.", collected=NOON + minutes(60))
    archive.add([article()])
    assert archive.add([edited]) == Tally(updated=1)
    assert archive.versions(edited.id) == (article(), replace(edited, version=2))
    assert archive.article(edited.id) == replace(edited, version=2)


def test_the_version_an_article_claims_is_not_looked_at(archive: Archive) -> None:
    archive.add([article(version=7)])
    assert archive.article(article().id).version == 1


def test_first_undated_then_dated_then_dated_anew_is_one_article_with_its_versions(archive: Archive) -> None:
    undated = article()
    once = dated(article(collected=NOON + minutes(5)), NOON - minutes(90))
    again = dated(article(collected=NOON + minutes(9)), NOON - minutes(30))
    tallies = [archive.add([read]) for read in (undated, once, again)]
    assert tallies == [Tally(new=1), Tally(updated=1), Tally(updated=1)]
    assert archive.versions(undated.id) == (undated, replace(once, version=2), replace(again, version=3))
    assert [found.article.id for found in archive.stored(OURS)] == [undated.id]


def test_read_without_a_time_the_known_time_stands(archive: Archive) -> None:
    known = dated(article(), NOON - minutes(90))
    archive.add([known])
    assert archive.add([article(collected=NOON + minutes(5))]) == Tally(seen=1)
    archive.add([article(text="Nước đã rút.", collected=NOON + minutes(9))])
    newest = archive.article(known.id)
    assert (newest.version, newest.published, newest.published_from) == (2, known.published, PublishedFrom.PAGE)


def test_what_only_the_feed_says_never_replaces_a_page(archive: Archive) -> None:
    archive.add([article()])
    assert archive.add([dated(fed(article(text="Tóm tắt.", collected=NOON + minutes(5))), NOON)]) == Tally(seen=1)
    assert archive.article(article().id) == article()


def test_a_page_replaces_what_the_feed_said_even_in_the_same_words(archive: Archive) -> None:
    archive.add([fed(article())])
    page = article(collected=NOON + minutes(5), snapshot="ab" * 32)
    assert archive.add([page]) == Tally(updated=1)
    assert archive.article(page.id) == replace(page, version=2)


def test_what_is_delivered_again_after_something_newer_is_not_a_version(archive: Archive) -> None:
    first, second = article(), article(text="Nước đã rút.", collected=NOON + minutes(5))
    archive.add([first, second])
    assert archive.add([first, second]) == Tally(seen=2)
    assert len(archive.versions(first.id)) == 2


def test_words_taken_back_are_a_version_of_their_own(archive: Archive) -> None:
    archive.add([article(), article(text="Nước đã rút.", collected=NOON + minutes(5))])
    assert archive.add([article(collected=NOON + minutes(9))]) == Tally(updated=1)
    assert [version.text for version in archive.versions(article().id)] == [
        "Nước dâng cao.",
        "Nước đã rút.",
        "Nước dâng cao.",
    ]


def test_meeting_an_article_again_moves_the_time_of_reading_only(archive: Archive) -> None:
    later = NOON + minutes(30)
    archive.add([fed(article())])
    archive.add([fed(article(collected=later))])
    assert archive.known([article().id, ArticleId("never-seen")]) == {
        article().id: Known(version=1, collected=NOON, read=later, extent=Extent.FEED)
    }


def test_a_time_without_a_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="naive"):
        archive.add([article(collected=datetime(2026, 3, 2, 12, 0))])  # noqa: DTZ001
    assert archive.known([article().id]) == {}


def test_an_article_comes_back_as_it_went_in(archive: Archive) -> None:
    whole = article(
        channel=Channel.FOREIGN,
        title='Tin "<b>nóng</b>" 洪水',
        text="Dòng một\nDòng hai \\ ' %",
        byline="Nguyễn Văn A",
        language="zh",
        published=NOON - timedelta(days=400, microseconds=7),
        published_from=PublishedFrom.SITEMAP,
        snapshot="0f" * 32,
    )
    hand = article("hand", url=None, channel=Channel.PUBLIC)
    archive.add([whole, hand])
    assert archive.articles([hand.id, ArticleId("never-seen"), whole.id]) == (hand, whole)


def test_asking_for_an_article_that_is_not_there_says_so(archive: Archive) -> None:
    for ask in (archive.article, archive.versions):
        with pytest.raises(ArticleNotFound):
            ask(ArticleId("never-seen"))


def test_what_is_kept_is_there_for_the_next_who_opens_the_archive(opened: Callable[[], Archive]) -> None:
    with opened() as writing:
        writing.add([article()])
        writing.record([review(article())], [story("s", article())])
    with opened() as reading:
        assert reading.article(article().id) == article()
        assert reading.review(article().id, OURS) == review(article())
        assert reading.pending(OURS, review(article()).signals, since=None, limit=10) == ()


# --- stored -------------------------------------------------------------------------------------------------------


def test_stored_lists_the_latest_collected_first_with_what_we_made_of_them(archive: Archive) -> None:
    old, new = article("cu"), article("moi", collected=NOON + minutes(5))
    archive.add([new, old])
    archive.record([review(old)], [story("s", old)])
    listed = list(archive.stored(OURS))
    assert [(found.article, found.review, found.story_id) for found in listed] == [
        (new, None, None),
        (old, review(old), "s"),
    ]


def test_stored_filters_by_source_and_time_and_stops_at_its_limit(archive: Archive) -> None:
    articles = [
        article(str(count), collected=NOON + minutes(count), source_id=SourceId("ab"[count % 2])) for count in range(9)
    ]
    archive.add(articles)

    def times(**asked: object) -> list[float]:
        return [(found.article.collected - NOON) / minutes(1) for found in archive.stored(OURS, **asked)]  # type: ignore[arg-type]

    assert times(source=SourceId("b")) == [7, 5, 3, 1]
    assert times(since=NOON + minutes(6)) == [8, 7, 6]
    assert times(source=SourceId("a"), since=NOON + minutes(2), limit=2) == [8, 6]
    assert times(limit=0) == []


def test_stored_reads_long_lists_whole_while_more_arrives(archive: Archive) -> None:
    archive.add([article(str(count), collected=NOON + minutes(count // 4)) for count in range(1203)])
    listing = archive.stored(OURS)
    first = next(listing).article.id
    archive.add([article("later", collected=NOON + minutes(9999))])
    ids = [first, *(found.article.id for found in listing)]
    assert len(ids) == len(set(ids)) == 1203


# --- how sources are read -----------------------------------------------------------------------------------------


def test_a_checkpoint_is_new_until_it_is_saved(archive: Archive) -> None:
    feed = SourceId("bao")
    assert archive.checkpoint(feed) == Checkpoint()
    stands = Checkpoint(etag='W/"1"', body_hash="ab", newest=NOON, failures=2, pace=minutes(5), next_due=NOON)
    archive.save_checkpoint(feed, Checkpoint(etag="old"))
    archive.save_checkpoint(feed, stands)
    assert archive.checkpoint(feed) == stands
    assert archive.checkpoint(SourceId("khac")) == Checkpoint()


def test_readings_come_oldest_first_each_once(archive: Archive) -> None:
    def reading(after: float, outcome: ReadingOutcome = ReadingOutcome.NEW) -> Reading:
        return Reading(
            source_id=SourceId("bao"), at=NOON + minutes(after), outcome=outcome, tally=Tally(new=3), notes={"x": 1}
        )

    for after in (10, 0, 5, 5):
        archive.save_reading(reading(after))
    archive.save_reading(replace(reading(5), source_id=SourceId("khac")))
    assert archive.readings(SourceId("bao"), since=NOON + minutes(5)) == (reading(5), reading(10))


def test_a_visit_is_due_from_its_time_until_it_is_done(archive: Archive) -> None:
    def visit(name: str, *, asked: float, wait: float = 0) -> Visit:
        return Visit(
            id=VisitId(name),
            url=f"https://bao.example/{name}",
            why=VisitReason.BY_HAND,
            by=OfficerName("lan"),
            requested=NOON + minutes(asked),
            not_before=NOON + minutes(asked + wait),
        )

    early, late, waiting = visit("a", asked=0), visit("b", asked=1), visit("c", asked=2, wait=60)
    for asked in (late, early, waiting, early):
        archive.request(asked)
    assert archive.visits_due(NOON + minutes(5)) == (early, late)
    done = replace(early, done=NOON + minutes(6), outcome="read", article_id=article().id)
    archive.request(done)
    assert archive.visits_due(NOON + minutes(62)) == (late, waiting)
    assert archive.visits(since=NOON) == (waiting, late, done)
    assert archive.visits(since=NOON + minutes(1)) == (waiting, late)
