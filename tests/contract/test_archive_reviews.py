"""What every archive does with reviews and stories: what is pending, what is kept, what has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from index.archive import Archive, Query
from index.errors import ArticleNotFound, MarkUnknown, StoryNotFound
from index.model import (
    Article,
    ArticleId,
    FlagKind,
    Harm,
    HarmJudged,
    Label,
    Mark,
    Place,
    ProvinceId,
    RulingField,
    Standing,
    StoryId,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.shared_errors import Superseded
from tests.contract.nouns import NOON, OURS, SIGNALS, THEIRS, article, dated, flag, minutes, review, ruling, story


def waiting(
    archive: Archive, province: ProvinceId = OURS, *, since: float | None = None, limit: int = 100, **signals: str
) -> list[ArticleId]:
    from_when = None if since is None else NOON + minutes(since)
    return [a.id for a in archive.pending(province, signals or SIGNALS, since=from_when, limit=limit)]


def several(count: int) -> list[Article]:
    return [article(f"bai-{number}", collected=NOON + minutes(number)) for number in range(count)]


# --- pending ------------------------------------------------------------------------------------------------------


def test_what_arrives_is_pending_oldest_first_until_it_is_reviewed(archive: Archive) -> None:
    first, second, third = several(3)
    archive.add([first, second])
    assert waiting(archive) == [first.id, second.id]
    archive.add([third])
    archive.record([review(first)])
    assert waiting(archive) == [second.id, third.id]
    assert waiting(archive, limit=1) == [second.id]


def test_a_new_version_is_pending_again_whole(archive: Archive) -> None:
    archive.add([article()])
    archive.record([review(article())])
    edited = article(text="Nước đã rút.", collected=NOON + minutes(5))
    archive.add([edited])
    assert archive.pending(OURS, SIGNALS, since=None, limit=5) == (replace(edited, version=2),)


def test_a_new_version_of_a_signal_makes_pending_what_is_young_enough(archive: Archive) -> None:
    old, young = several(2)
    archive.add([old, young])
    archive.record([review(old), review(young)])
    assert waiting(archive) == []
    assert waiting(archive, since=1, topic="2", harm="1") == [young.id]
    assert waiting(archive, topic="2", harm="1") == [old.id, young.id]
    archive.record([review(old, signals={"topic": "2", "harm": "1"})])
    assert waiting(archive, topic="2", harm="1") == [young.id]


def test_a_signal_more_or_less_makes_pending_too(archive: Archive) -> None:
    archive.add([article()])
    archive.record([review(article())])
    assert waiting(archive, topic="1") == waiting(archive, topic="1", harm="1", tone="1") == [article().id]


def test_what_a_signal_could_not_examine_stays_pending_behind_what_is_new(archive: Archive) -> None:
    first, second, third = several(3)
    archive.add([first, second])
    archive.record([review(held, signals={"topic": "1"}, unexamined=("harm",)) for held in (first, second)])
    archive.add([third])
    assert waiting(archive) == [third.id, first.id, second.id]
    archive.record([review(first, signals={"topic": "1"}, unexamined=("harm",)), review(third)])
    assert waiting(archive) == [second.id, first.id]
    assert waiting(archive, since=1) == [second.id]
    archive.record([review(second), review(first)])
    assert waiting(archive) == []


def test_unreviewed_articles_are_pending_however_old(archive: Archive) -> None:
    old = article(collected=NOON - timedelta(days=400))
    archive.add([old])
    assert waiting(archive, since=0) == [old.id]


def test_a_ruling_makes_its_article_pending(archive: Archive) -> None:
    archive.add([article()])
    archive.record([review(article())])
    said = ruling(article(), RulingField.TOPIC, Topic.DISASTER)
    archive.apply(said)
    assert waiting(archive) == [article().id]
    archive.record([review(article())])
    archive.apply(said)
    assert waiting(archive) == []


def test_a_province_that_comes_later_finds_everything_pending(archive: Archive) -> None:
    first, second = several(2)
    archive.add([first])
    archive.record([review(first)])
    archive.add([second])
    assert waiting(archive, THEIRS) == [first.id, second.id]
    archive.record([review(second, province=THEIRS)])
    assert (waiting(archive, THEIRS), waiting(archive)) == ([first.id], [second.id])


# --- reviews ------------------------------------------------------------------------------------------------------


def test_a_review_comes_back_as_it_was_recorded(archive: Archive) -> None:
    held = article()
    whole = review(
        held,
        about=0.123456789,
        standing=Standing.UNDECIDED,
        places=(Place(name="Mèo Vạc", unit="xã", as_written="Mèo Vạc", area="Hà Giang", rule="name"),),
        topic=TopicJudged(topic=Topic.DISASTER, evidence=flag(held).evidence[0]),
        harm=HarmJudged(harm=Harm.LIFE, evidence=flag(held).evidence[0]),
        tone=ToneScores(negative=0.7, neutral=0.2, positive=0.1),
        labels=frozenset({Label.SATIRE, Label.CORRECTION}),
        flags=(flag(held), flag(held, FlagKind.CONFLICT)),
        unexamined=("headline",),
    )
    archive.add([held])
    archive.record([review(held)])
    archive.record([whole])
    assert archive.review(held.id, OURS) == whole
    assert archive.reviews([held.id, ArticleId("never-seen")], OURS) == {held.id: whole}


def test_two_provinces_review_one_article_and_neither_sees_the_others_signs(archive: Archive) -> None:
    held = article()
    ours = review(held, flags=(flag(held),))
    theirs = review(held, province=THEIRS, flags=(flag(held, FlagKind.INCIDENT),))
    archive.add([held])
    archive.record([ours], [story("ours", held)])
    assert archive.review(held.id, THEIRS) is None
    assert next(archive.stored(THEIRS)).story_id is None
    archive.record([theirs], [story("theirs", held, province=THEIRS)])
    archive.apply(ruling(held, RulingField.ABOUT, Standing.NOT_OURS, province=THEIRS))
    assert archive.review(held.id, OURS) == ours
    assert [archive.story_of(held.id, province) for province in (OURS, THEIRS)] == ["ours", "theirs"]
    assert [told.id for told in archive.stories(OURS)] == ["ours"]
    assert [told.id for told in archive.changed_since(OURS, None, limit=9)[0]] == ["ours"]
    assert archive.rulings(OURS) == ()
    assert archive.find(Query(province=OURS, flag=FlagKind.INCIDENT)).total == 0
    assert archive.find(Query(province=OURS, flag=FlagKind.CRITICISM)).total == 1


def test_a_review_of_a_version_that_is_no_longer_the_newest_is_dropped(archive: Archive) -> None:
    archive.add([article(), article(text="Nước đã rút.", collected=NOON + minutes(5))])
    archive.record([review(article(), version=1)])
    assert archive.review(article().id, OURS) is None
    assert waiting(archive) == [article().id]


def test_an_old_review_stands_until_the_new_version_has_its_own(archive: Archive) -> None:
    archive.add([article()])
    archive.record([review(article())])
    archive.add([dated(article(collected=NOON + minutes(5)), NOON - minutes(90))])
    assert archive.review(article().id, OURS) == review(article())


def test_reviews_and_stories_are_kept_together_or_not_at_all(archive: Archive) -> None:
    held, unknown = article(), article("never-added")
    archive.add([held])
    for reviews, stories in (([review(held), review(unknown)], []), ([review(held)], [story("s", held, unknown)])):
        with pytest.raises(ArticleNotFound):
            archive.record(reviews, stories)
        assert archive.review(held.id, OURS) is None
        assert list(archive.stories(OURS)) == []


# --- stories ------------------------------------------------------------------------------------------------------


def test_a_story_comes_back_as_it_was_recorded(archive: Archive) -> None:
    first, second, third = several(3)
    told = story("s", first, second, third, reprints=((first.id, third.id),), flags=(flag(second),))
    archive.add([first, second, third])
    archive.record([], [told])
    archive.record([], [told])
    assert archive.story(told.id) == told
    assert list(archive.stories(OURS)) == [told]
    assert archive.story_of(second.id, OURS) == told.id
    everybody = [first.id, second.id, third.id]
    assert archive.stories_of(everybody, OURS) == dict.fromkeys(told.articles, told.id)
    assert archive.stories_of(everybody, THEIRS) == {}


def test_asking_for_a_story_that_is_not_there_says_so(archive: Archive) -> None:
    archive.add([article()])
    assert archive.story_of(article().id, OURS) is None
    assert archive.stories_of([article().id, ArticleId("never-seen")], OURS) == {}
    with pytest.raises(StoryNotFound):
        archive.story(StoryId("never-told"))
    with pytest.raises(ArticleNotFound):
        archive.story_of(ArticleId("never-seen"), OURS)


def test_an_article_leaves_its_story_for_the_one_recorded_last(archive: Archive) -> None:
    first, second = several(2)
    archive.add([first, second])
    archive.record([], [story("a", first, second, reprints=((first.id, second.id),))])
    archive.record([], [story("b", second)])
    assert archive.story(StoryId("a")) == story("a", first)
    assert archive.story_of(second.id, OURS) == "b"


def test_stories_come_latest_first_from_a_time_on(archive: Archive) -> None:
    articles = several(4)
    archive.add(articles)
    archive.record([], [story("old", articles[0]), story("new", articles[3]), story("long", articles[1], articles[2])])
    assert [told.id for told in archive.stories(OURS)] == ["new", "long", "old"]
    assert [told.id for told in archive.stories(OURS, since=articles[2].when)] == ["new", "long"]


def test_a_story_moves_with_the_time_of_its_articles(archive: Archive) -> None:
    first, second = several(2)
    archive.add([first, second])
    archive.record([], [story("a", first), story("b", second)])
    archive.add([dated(replace(second, collected=NOON + minutes(9)), NOON - timedelta(days=2))])
    assert [told.id for told in archive.stories(OURS)] == ["a", "b"]
    assert [told.id for told in archive.stories(OURS, since=NOON)] == ["a"]


# --- what has changed ---------------------------------------------------------------------------------------------


def changes(archive: Archive, mark: Mark | None, limit: int = 100) -> tuple[list[str], Mark]:
    told, following = archive.changed_since(OURS, mark, limit=limit)
    return [one.id for one in told], following


def test_a_mark_leads_from_change_to_change_and_none_is_lost(archive: Archive) -> None:
    articles = several(7)
    archive.add(articles)
    archive.record([], [story(f"s{number}", held) for number, held in enumerate(articles)])
    read: list[str] = []
    told, mark = changes(archive, None, limit=3)
    while len(told) == 3:
        read += told
        told, mark = changes(archive, mark, limit=3)
    read += told
    assert list(dict.fromkeys(read)) == [f"s{number}" for number in range(7)]


def test_a_story_changes_with_every_record_and_ruling_flags_or_none(archive: Archive) -> None:
    first, second = several(2)
    archive.add([first, second])
    archive.record([review(first)], [story("a", first, flags=(flag(first),)), story("b", second)])
    _, mark = changes(archive, None)
    archive.record([review(first)], [story("a", first)])
    told, after = changes(archive, mark)
    assert "a" in told
    assert archive.story(StoryId("a")).flags == ()
    archive.apply(ruling(second, RulingField.TOPIC, Topic.CRIME))
    assert "b" in changes(archive, after)[0]


def test_a_mark_may_be_used_twice_and_by_several_readers(archive: Archive) -> None:
    held = article()
    archive.add([held])
    archive.record([], [story("a", held)])
    _, mark = changes(archive, None)
    archive.record([], [story("b", held)])
    assert set(changes(archive, mark)[0]) >= {"a", "b"}
    assert changes(archive, mark) == changes(archive, mark)


@pytest.mark.parametrize("mark", ["", "1", "other:1", "other:x", "é"])
def test_a_mark_of_somewhere_else_is_refused(archive: Archive, mark: str) -> None:
    with pytest.raises(MarkUnknown):
        archive.changed_since(OURS, Mark(mark), limit=1)


def test_every_change_is_read_while_others_write(archive: Archive) -> None:
    articles = several(12)
    archive.add(articles)
    met: set[str] = set()
    mark: Mark | None = None
    for number, held in enumerate(articles):
        archive.record([], [story(f"s{number}", held), story("again", articles[0])])
        told, mark = changes(archive, mark, limit=1)
        met |= set(told)
    while told:
        told, mark = changes(archive, mark, limit=1)
        met |= set(told)
    assert met == {"again"} | {f"s{number}" for number in range(12)}


# --- who groups


def test_whoever_leads_last_records_and_those_before_do_not(archive: Archive) -> None:
    of = article()
    archive.add([of])
    first, theirs = archive.lead(OURS), archive.lead(THEIRS)
    archive.record([review(of)], [story("vu", of)], leader=first)
    second = archive.lead(OURS)
    assert second > first
    with pytest.raises(Superseded):
        archive.record([], [story("khac", of)], leader=first)
    with pytest.raises(Superseded):
        archive.record([review(of, about=0.1)], leader=first)
    assert [held.id for held in archive.stories(OURS)] == ["vu"]
    assert archive.review(of.id, OURS) == review(of)
    archive.record([review(of, about=0.8)], [story("vu", of)], leader=second)
    archive.record([review(of, province=THEIRS)], leader=theirs)
    archive.record([review(of)])
    assert archive.review(of.id, OURS) == review(of), "one who groups nothing needs no number"
