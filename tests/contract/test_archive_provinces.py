"""Several provinces on one archive: they share the articles, and see nothing of what the others made of them."""

from __future__ import annotations

import pytest

from index.archive import Archive, Facet, Query
from index.model import FlagKind, RulingField, Standing, Topic, TopicJudged
from tests.contract.nouns import NOON, OURS, SIGNALS, THEIRS, article, flag, minutes, review, ruling, story

A, B, C = (article(name, collected=NOON + minutes(number)) for number, name in enumerate("abc"))
DISASTER = TopicJudged(topic=Topic.DISASTER)


@pytest.fixture
def shared(archive: Archive) -> Archive:
    """Ours has reviewed A and B and told a story of them, with a sign; theirs has done nothing yet."""
    archive.add([A, B, C])
    flagged = flag(A, FlagKind.CRITICISM)
    archive.record(
        [review(A, flags=(flagged,), topic=DISASTER), review(B)],
        [story("ours", A, B, flags=(flagged,), reprints=((A.id, B.id),))],
    )
    archive.apply(ruling(B, RulingField.TOPIC, Topic.HEALTH))
    return archive


def waiting(archive: Archive, province: str) -> set[str]:
    return {one.id for one in archive.pending(province, SIGNALS, since=None, limit=9)}  # type: ignore[arg-type]


def test_what_one_has_reviewed_waits_for_the_other(shared: Archive) -> None:
    assert waiting(shared, THEIRS) == {A.id, B.id, C.id}
    shared.record([review(one, province=THEIRS) for one in (A, B, C)])
    assert waiting(shared, THEIRS) == set()
    assert waiting(shared, OURS) == {B.id, C.id}


def test_no_review_story_ruling_or_change_of_one_is_shown_to_the_other(shared: Archive) -> None:
    assert shared.reviews([A.id, B.id], THEIRS) == {}
    assert [held.review for held in shared.stored(THEIRS)] == [None] * 3
    assert [held.story_id for held in shared.stored(THEIRS)] == [None] * 3
    assert shared.story_of(A.id, THEIRS) is None
    assert list(shared.stories(THEIRS)) == []
    assert shared.changed_since(THEIRS, None, limit=9)[0] == ()
    assert shared.rulings(THEIRS) == ()


def test_a_search_knows_only_what_its_province_found(shared: Archive) -> None:
    for narrowed in (
        {"flag": FlagKind.CRITICISM},
        {"topic": Topic.DISASTER},
        {"topic": Topic.HEALTH},
        {"stories": frozenset({"ours"})},
    ):
        assert shared.find(Query(province=OURS, **narrowed)).total > 0
        assert shared.find(Query(province=THEIRS, **narrowed)).total == 0
    assert shared.find(Query(province=THEIRS)).total == 3
    counted = shared.facets(Query(province=THEIRS))
    assert {facet for facet, found in counted.items() if found.counts} == {
        Facet.SOURCE,
        Facet.CHANNEL,
        Facet.LANGUAGE,
        Facet.MONTH,
    }


def test_what_one_does_to_its_stories_leaves_those_of_the_other(shared: Archive) -> None:
    shared.record([review(A, province=THEIRS)], [story("theirs", A, C, province=THEIRS)])
    shared.apply(ruling(A, RulingField.ABOUT, Standing.NOT_OURS, province=THEIRS, after=1))
    shared.apply(ruling(C, RulingField.STORY, "their other", province=THEIRS, after=2))
    assert shared.review(A.id, OURS) == review(A, flags=(flag(A, FlagKind.CRITICISM),), topic=DISASTER)
    assert [told.id for told in shared.stories(OURS)] == ["ours"]
    assert set(shared.story(story("ours").id).articles) == {A.id, B.id}
    assert (shared.story_of(C.id, OURS), shared.story_of(C.id, THEIRS)) == (None, "their other")
    assert [said.province for said in shared.rulings(OURS)] == [OURS]


def test_each_follows_its_own_changes(shared: Archive) -> None:
    _, mark = shared.changed_since(OURS, None, limit=9)
    _, theirs = shared.changed_since(THEIRS, None, limit=9)
    shared.record([], [story("theirs", A, province=THEIRS)])
    assert shared.changed_since(OURS, mark, limit=9)[0] == ()
    assert [told.id for told in shared.changed_since(THEIRS, theirs, limit=9)[0]] == ["theirs"]
