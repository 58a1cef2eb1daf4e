"""What every archive forgets, and what it keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from index.archive import Archive, Retention
from index.errors import StoryNotFound
from index.model import Article, PublishedFrom, RulingField, SourceId, Standing, StoryId
from index.source import Reading, ReadingOutcome, Tally
from index.tip import BY_HAND
from tests.contract.nouns import NOON, OURS, SIGNALS, THEIRS, article, dated, flag, minutes, review, ruling, story

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)
NOTHING = {"article_text": 0, "snapshot_reference": 0, "reading": 0}


def retention(now: datetime, *kept: str) -> Retention:
    """Texts that are not ours for a month, all others for a year, readings for 400 days."""
    return Retention(
        unmatched=now - MONTH,
        matched=now - YEAR,
        readings=now - timedelta(days=400),
        kept=frozenset(StoryId(one) for one in kept),
    )


def purge(archive: Archive, after: timedelta, *kept: str) -> Mapping[str, int]:
    """Purge that long after noon: a trial first, which says the same and does nothing."""
    expected = archive.purge(retention(NOON + after, *kept), dry_run=True)
    removed = archive.purge(retention(NOON + after, *kept))
    assert removed == expected
    assert archive.purge(retention(NOON + after, *kept)) == NOTHING
    return removed


def held(name: str, **more: str) -> Article:
    return article(name, snapshot=f"{name:0>64}", byline="Nguyễn Văn A", **more)


def test_of_what_is_not_ours_id_hash_source_and_times_stay(archive: Archive) -> None:
    read = dated(held("xa"), NOON - minutes(5))
    archive.add([read])
    archive.record([review(read, standing=Standing.NOT_OURS)])
    assert purge(archive, MONTH) == NOTHING | {"snapshot_reference": 1}
    assert purge(archive, MONTH + minutes(1)) == NOTHING | {"article_text": 1}
    emptied = replace(read, title="", text="", url=None, byline=None, snapshot=None)
    assert archive.article(read.id) == emptied
    assert (emptied.content_hash, emptied.published_from) == (read.content_hash, PublishedFrom.PAGE)
    assert archive.review(read.id, OURS) is None
    assert archive.known([read.id])[read.id].collected == NOON
    assert archive.articles([read.id]) == ()
    assert list(archive.stored(OURS)) == []
    assert archive.pending(OURS, SIGNALS, since=None, limit=9) == ()


def test_what_is_purged_is_not_collected_again_but_a_new_text_is(archive: Archive) -> None:
    read = held("xa")
    archive.add([read])
    archive.record([review(read, standing=Standing.NOT_OURS)])
    purge(archive, YEAR)
    assert archive.add([replace(read, collected=NOON + YEAR)]) == Tally(seen=1)
    edited = held("xa", text="Nước đã rút.")
    assert archive.add([replace(edited, collected=NOON + YEAR)]) == Tally(updated=1)
    assert [found.article.text for found in archive.stored(OURS)] == ["Nước đã rút."]


@pytest.mark.parametrize("standing", [Standing.OURS, Standing.UNDECIDED, None], ids=str)
def test_what_is_ours_undecided_or_unreviewed_is_kept_for_longer(archive: Archive, standing: Standing | None) -> None:
    read = held("gan")
    archive.add([read])
    archive.record([review(read, standing=standing)] if standing else [])
    assert purge(archive, YEAR) == NOTHING
    assert archive.article(read.id) == read
    assert purge(archive, YEAR + minutes(1)) == NOTHING | {"article_text": 1, "snapshot_reference": 1}


def test_what_another_province_finds_its_own_or_has_yet_to_review_is_kept(archive: Archive) -> None:
    theirs, waiting = held("cua-ho"), held("cho")
    archive.add([theirs, waiting])
    archive.record([review(read, standing=Standing.NOT_OURS) for read in (theirs, waiting)])
    archive.record([review(theirs, province=THEIRS)])
    assert purge(archive, YEAR) == NOTHING


def test_every_version_is_emptied(archive: Archive) -> None:
    first, second = held("xa"), replace(held("xa", text="Nước đã rút."), collected=NOON + minutes(5), version=2)
    archive.add([first, second])
    archive.record([review(second, standing=Standing.NOT_OURS)])
    assert purge(archive, YEAR) == NOTHING | {"article_text": 1, "snapshot_reference": 2}
    assert {version.text for version in archive.versions(first.id)} == {""}


def test_the_articles_of_a_kept_story_stay_whatever_became_of_it(archive: Archive) -> None:
    told, joined, other = held("mot"), held("hai"), held("ba")
    archive.add([told, joined, other])
    archive.record(
        [review(read, standing=Standing.NOT_OURS) for read in (told, joined, other)],
        [story("kept", told), story("other", joined)],
    )
    archive.apply(ruling(story("kept"), RulingField.STORY, "other"))
    archive.record([review(read, standing=Standing.NOT_OURS) for read in (told, joined)])
    assert purge(archive, YEAR * 2, "kept") == NOTHING | {"article_text": 1, "snapshot_reference": 1}
    assert archive.articles([told.id, joined.id, other.id]) == (told, joined)


def test_a_story_forgets_what_it_quoted_and_goes_with_its_last_article(archive: Archive) -> None:
    old, young = held("cu"), replace(held("moi"), collected=NOON + timedelta(days=9))
    archive.add([old, young])
    archive.record(
        [review(old), review(young)],
        [story("s", old, young, reprints=((old.id, young.id),), flags=(flag(old),)), story("t", old, province=THEIRS)],
    )
    purge(archive, YEAR + minutes(1))
    left = archive.story(StoryId("s"))
    assert (left.articles, left.reprints, left.flags) == ((young.id,), (), ())
    with pytest.raises(StoryNotFound):
        archive.story(StoryId("t"))
    purge(archive, YEAR + MONTH)
    with pytest.raises(StoryNotFound):
        archive.story(StoryId("s"))
    assert list(archive.stories(OURS)) == []


def test_a_joined_story_forgets_too(archive: Archive) -> None:
    old, young = held("cu"), replace(held("moi"), collected=NOON + timedelta(days=9))
    archive.add([old, young])
    archive.record([review(old), review(young)], [story("s", old, flags=(flag(old),)), story("t", young)])
    archive.apply(ruling(story("s"), RulingField.STORY, "t"))
    purge(archive, YEAR + minutes(1))
    archive.apply(ruling(story("s"), RulingField.STORY, None, after=5))
    parted = archive.story(StoryId("s"))
    assert (parted.articles, parted.flags) == ((), ())


def test_readings_go_by_their_age(archive: Archive) -> None:
    days = (0, 399, 401)
    readings = [
        Reading(source_id=SourceId("bao"), at=NOON - timedelta(days=day), outcome=ReadingOutcome.UNCHANGED)
        for day in days
    ]
    for reading in readings:
        archive.save_reading(reading)
    assert purge(archive, timedelta()) == NOTHING | {"reading": 1}
    assert archive.readings(SourceId("bao"), since=NOON - YEAR * 2) == (readings[1], readings[0])


def test_snapshots_in_use_are_those_of_every_version_each_once(archive: Archive) -> None:
    shared = "ab" * 32
    archive.add(
        [
            article("mot", snapshot=shared),
            article("hai", snapshot=shared),
            article("hai", text="Nước đã rút.", collected=NOON + minutes(5), snapshot="cd" * 32),
            article("khong"),
        ]
    )
    assert sorted(archive.snapshots_in_use()) == [shared, "cd" * 32]


def test_a_purged_text_is_not_pending_whatever_is_ruled_on_it(archive: Archive) -> None:
    read = held("xa")
    archive.add([read])
    archive.record([review(read, standing=Standing.NOT_OURS)])
    purge(archive, MONTH + minutes(1))
    archive.apply(ruling(read, RulingField.ABOUT, Standing.OURS))
    assert archive.pending(OURS, SIGNALS, since=None, limit=9) == ()


def test_a_purged_text_that_a_person_brings_in_is_there_again(archive: Archive) -> None:
    read = held("xa")
    archive.add([read])
    archive.record([review(read, standing=Standing.NOT_OURS)])
    purge(archive, MONTH + minutes(1))
    later = NOON + MONTH + minutes(2)
    assert archive.add([replace(read, source_id=BY_HAND, collected=later)]) == Tally(updated=1)
    assert archive.article(read.id).text == read.text
    assert [one.id for one in archive.pending(OURS, SIGNALS, since=None, limit=9)] == [read.id]


def test_a_change_is_met_although_the_last_story_that_changed_was_purged(archive: Archive) -> None:
    kept, gone = article("con"), held("het")
    archive.add([kept, gone])
    archive.record([review(kept), review(gone)], [story("con", kept)])
    archive.record([review(gone, standing=Standing.NOT_OURS)], [story("het", gone)])
    _, mark = archive.changed_since(OURS, None, limit=9)
    purge(archive, MONTH + minutes(1), "con")
    archive.record([review(kept)], [story("con", kept, flags=(flag(kept),))])
    changed, _ = archive.changed_since(OURS, mark, limit=9)
    assert {one.id for one in changed if one.flags} == {StoryId("con")}


def test_a_trial_over_many_kept_stories_comes_to_an_end(archive: Archive) -> None:
    """Once it asked for every article and every story kept."""
    articles = [held(f"bai-{number}") for number in range(600)]
    archive.add(articles)
    archive.record([review(one) for one in articles], [story(f"vu-{n}", one) for n, one in enumerate(articles)])
    kept = [f"vu-{number}" for number in range(600)]
    assert archive.purge(retention(NOON + YEAR + minutes(1), *kept), dry_run=True) == NOTHING
