"""What people said holds, in every archive, after any review."""

from __future__ import annotations

import pytest

from index.archive import Archive, Query
from index.errors import ArticleNotFound, StoryNotFound
from index.model import (
    Article,
    ArticleId,
    FlagKind,
    Place,
    RulingField,
    Standing,
    Story,
    StoryId,
    Topic,
    TopicJudged,
)
from tests.contract.nouns import NOON, OURS, SIGNALS, article, flag, minutes, review, ruling, story

A, B, C, D = (article(name, collected=NOON + minutes(number)) for number, name in enumerate("abcd"))
S, T = story("s", A, B), story("t", C, D)


@pytest.fixture
def told(archive: Archive) -> Archive:
    """Four articles in two stories, all reviewed."""
    archive.add([A, B, C, D])
    archive.record([review(held) for held in (A, B, C, D)], [S, T])
    return archive


def members(archive: Archive, told: Story) -> tuple[ArticleId, ...]:
    return archive.story(told.id).articles


def waiting(archive: Archive) -> set[ArticleId]:
    return {held.id for held in archive.pending(OURS, SIGNALS, since=None, limit=100)}


def ids(*articles: Article) -> tuple[ArticleId, ...]:
    return tuple(held.id for held in articles)


# --- about, place, topic ------------------------------------------------------------------------------------------


def test_a_ruling_holds_at_once_and_after_any_review(told: Archive) -> None:
    for field, value in (
        (RulingField.ABOUT, Standing.UNDECIDED),
        (RulingField.PLACE, "Mèo Vạc"),
        (RulingField.TOPIC, Topic.DISASTER),
    ):
        told.apply(ruling(A, field, value))

    def holds() -> bool:
        held = told.review(A.id, OURS)
        assert held is not None
        names = [place.name for place in held.places]
        return (held.standing, names, held.topic.topic) == (Standing.UNDECIDED, ["Mèo Vạc"], Topic.DISASTER)

    assert holds()
    assert told.find(Query(province=OURS, topic=Topic.DISASTER, place="Mèo Vạc")).total == 1
    told.record([review(A, topic=TopicJudged(topic=Topic.CRIME), signals={"topic": "9"})])
    assert holds()
    assert told.find(Query(province=OURS, topic=Topic.CRIME)).total == 0


def test_a_place_that_the_review_found_too_keeps_what_the_review_knows(told: Archive) -> None:
    found = Place(name="Mèo Vạc", unit="xã", as_written="Mèo Vạc", area="Hà Giang", rule="name")
    other = Place(name="Sơn Dương", unit="xã", as_written="Sơn Dương", area="Tuyên Quang", rule="name")
    told.apply(ruling(A, RulingField.PLACE, "Mèo Vạc"))
    told.record([review(A, places=(other, found))])
    held = told.review(A.id, OURS)
    assert held is not None
    assert held.places == (found,)


def test_a_ruling_before_the_first_review_holds_for_it(archive: Archive) -> None:
    archive.add([A])
    archive.apply(ruling(A, RulingField.ABOUT, Standing.NOT_OURS))
    archive.record([review(A)])
    held = archive.review(A.id, OURS)
    assert held is not None
    assert held.standing is Standing.NOT_OURS


def test_a_ruling_on_a_story_holds_for_its_articles_and_those_that_join_it(told: Archive) -> None:
    told.apply(ruling(S, RulingField.ABOUT, Standing.NOT_OURS))
    assert waiting(told) == {A.id, B.id}
    told.record([review(held) for held in (A, B, C)], [story("s", A, B, C)])
    assert {held.standing for held in told.reviews(ids(A, B, C), OURS).values()} == {Standing.NOT_OURS}
    assert told.find(Query(province=OURS, topic=Topic.OTHER)).total == 1


def test_a_ruling_on_an_article_goes_before_one_on_its_story(told: Archive) -> None:
    told.apply(ruling(A, RulingField.ABOUT, Standing.OURS))
    told.apply(ruling(S, RulingField.ABOUT, Standing.NOT_OURS, after=5))
    told.record([review(A), review(B)])
    standings = {key: held.standing for key, held in told.reviews(ids(A, B), OURS).items()}
    assert standings == {A.id: Standing.OURS, B.id: Standing.NOT_OURS}


def test_the_latest_ruling_holds_in_whatever_order_they_come(told: Archive) -> None:
    earlier, later = (
        ruling(A, RulingField.TOPIC, topic, after=after) for after, topic in enumerate((Topic.CRIME, Topic.HEALTH))
    )
    told.apply(later)
    told.apply(earlier)
    held = told.review(A.id, OURS)
    assert held is not None
    assert held.topic.topic is Topic.HEALTH
    assert told.rulings(OURS) == (later,)


def test_a_ruling_taken_back_leaves_the_word_to_the_next_review(told: Archive) -> None:
    told.apply(ruling(A, RulingField.ABOUT, Standing.NOT_OURS))
    told.record([review(A)])
    told.apply(ruling(A, RulingField.ABOUT, None, after=5))
    assert told.rulings(OURS) == ()
    assert waiting(told) == {A.id}
    told.record([review(A)])
    assert told.review(A.id, OURS) == review(A)


def test_rulings_in_force_come_oldest_first_each_once(told: Archive) -> None:
    first = ruling(S, RulingField.TOPIC, Topic.CRIME, after=1)
    second = ruling(A, RulingField.PLACE, "Mèo Vạc", after=2)
    third = ruling(A, RulingField.ABOUT, Standing.OURS, after=3)
    for said in (third, first, second, first):
        told.apply(said)
    assert told.rulings(OURS) == (first, second, third)


@pytest.mark.parametrize(
    ("field", "value"), [(RulingField.ABOUT, "maybe"), (RulingField.TOPIC, "weather"), (RulingField.PLACE, " ")]
)
def test_a_value_that_a_field_cannot_have_is_refused(told: Archive, field: RulingField, value: str) -> None:
    with pytest.raises(ValueError, match=r"maybe|weather|nothing"):
        told.apply(ruling(A, field, value))
    assert told.rulings(OURS) == ()


def test_a_ruling_on_what_is_not_there_is_refused(told: Archive) -> None:
    with pytest.raises(ArticleNotFound):
        told.apply(ruling(article("never-added"), RulingField.TOPIC, Topic.CRIME))
    for said in (
        ruling(story("never-told"), RulingField.TOPIC, Topic.CRIME),
        ruling(S, RulingField.STORY, "never-told"),
    ):
        with pytest.raises(StoryNotFound):
            told.apply(said)
    assert told.rulings(OURS) == ()


# --- joining ------------------------------------------------------------------------------------------------------


def test_a_joined_story_leaves_a_forwarding_id(told: Archive) -> None:
    _, mark = told.changed_since(OURS, None, limit=9)
    told.apply(ruling(S, RulingField.STORY, T.id))
    assert told.story(S.id) == told.story(T.id) == story("t", A, B, C, D)
    assert [told.story_of(held.id, OURS) for held in (A, D)] == [T.id, T.id]
    assert [one.id for one in told.stories(OURS)] == [T.id]
    changed = {one.id: one for one in told.changed_since(OURS, mark, limit=9)[0]}
    assert (changed[S.id].forward, changed[S.id].articles, changed[S.id].flags) == (T.id, (), ())
    assert changed[T.id].articles == ids(A, B, C, D)
    assert waiting(told) == set(ids(A, B, C, D))


def test_a_join_keeps_both_groups_of_reprints_and_every_kind_of_sign(told: Archive) -> None:
    ours, theirs = flag(A, FlagKind.CRITICISM), flag(C, FlagKind.CRITICISM)
    incident = flag(B, FlagKind.INCIDENT)
    told.record(
        [],
        [
            story("s", A, B, reprints=(ids(A, B),), flags=(ours, incident)),
            story("t", C, D, reprints=(ids(C, D),), flags=(theirs,)),
        ],
    )
    told.apply(ruling(S, RulingField.STORY, T.id))
    both = told.story(T.id)
    assert set(both.reprints) == {ids(A, B), ids(C, D)}
    assert both.flags == (theirs, incident)


def test_no_review_parts_what_a_person_joined(told: Archive) -> None:
    told.apply(ruling(S, RulingField.STORY, T.id))
    told.record([review(held) for held in (A, B, C, D)], [S, story("n", A), T])
    assert members(told, T) == ids(A, B, C, D)
    assert told.story_of(A.id, OURS) == T.id


def test_what_is_recorded_for_a_joined_story_goes_to_the_survivor(told: Archive) -> None:
    late = article("e", collected=NOON + minutes(9))
    told.add([late])
    told.apply(ruling(S, RulingField.STORY, T.id))
    told.record([review(late)], [story("s", A, B, late)])
    assert members(told, S) == ids(A, B, C, D, late)


def test_joining_twice_leads_to_the_last_survivor(told: Archive) -> None:
    late = article("e", collected=NOON + minutes(9))
    told.add([late])
    told.record([review(late)], [story("u", late)])
    told.apply(ruling(S, RulingField.STORY, T.id, after=1))
    told.apply(ruling(T, RulingField.STORY, "u", after=2))
    assert {told.story(one).id for one in (S.id, T.id, StoryId("u"))} == {"u"}
    assert members(told, S) == ids(A, B, C, D, late)


def test_joining_both_ways_round_ends_in_one_story(told: Archive) -> None:
    told.apply(ruling(S, RulingField.STORY, T.id, after=1))
    told.apply(ruling(T, RulingField.STORY, S.id, after=2))
    told.apply(ruling(T, RulingField.STORY, T.id, after=3))
    assert told.story(S.id) == told.story(T.id) == story("t", A, B, C, D)


def test_a_join_taken_back_gives_each_story_its_articles(told: Archive) -> None:
    told.apply(ruling(S, RulingField.STORY, T.id, after=1))
    told.record([review(held) for held in (A, B, C, D)], [story("t", A, B, C, D)])
    told.apply(ruling(S, RulingField.STORY, None, after=2))
    assert (members(told, S), members(told, T)) == (ids(A, B), ids(C, D))
    assert told.rulings(OURS) == ()
    assert waiting(told) == set(ids(A, B, C, D))
    told.record([], [story("t", B, C, D)])
    assert members(told, S) == ids(A)


def test_a_story_joined_elsewhere_leaves_its_first_survivor(told: Archive) -> None:
    late = article("e", collected=NOON + minutes(9))
    told.add([late])
    told.record([review(late)], [story("u", late)])
    told.apply(ruling(S, RulingField.STORY, T.id, after=1))
    told.apply(ruling(S, RulingField.STORY, "u", after=2))
    assert (members(told, T), members(told, S)) == (ids(C, D), ids(A, B, late))


def test_a_ruling_on_a_joined_story_speaks_of_the_survivor(told: Archive) -> None:
    told.apply(ruling(S, RulingField.STORY, T.id, after=1))
    told.apply(ruling(S, RulingField.ABOUT, Standing.NOT_OURS, after=2))
    assert {held.standing for held in told.reviews(ids(A, B, C, D), OURS).values()} == {Standing.NOT_OURS}
    assert [said.story_id for said in told.rulings(OURS)] == [S.id, T.id]


# --- moving -------------------------------------------------------------------------------------------------------


def test_an_article_moves_to_another_story_and_stays_there(told: Archive) -> None:
    told.apply(ruling(A, RulingField.STORY, T.id))
    assert (members(told, S), members(told, T)) == (ids(B), ids(A, C, D))
    assert waiting(told) == set(ids(A, B, C, D))
    told.record([review(held) for held in (A, B, C, D)], [S, T])
    assert (members(told, S), members(told, T)) == (ids(B), ids(A, C, D))
    assert waiting(told) == set()


def test_a_story_is_split_into_one_that_is_made_for_it(told: Archive) -> None:
    for held in (A, B):
        told.apply(ruling(held, RulingField.STORY, "made"))
    assert told.story(StoryId("made")) == story("made", A, B)
    assert members(told, S) == ()
    told.record([review(held) for held in (A, B)], [S])
    assert told.story(StoryId("made")) == story("made", A, B)
    assert [one.id for one in told.stories(OURS)] == [T.id, "made"]


def test_an_article_moved_and_taken_back_goes_where_the_next_review_puts_it(told: Archive) -> None:
    told.apply(ruling(A, RulingField.STORY, T.id))
    told.apply(ruling(A, RulingField.STORY, None, after=5))
    assert A.id in waiting(told)
    told.record([review(A)], [S, T])
    assert (members(told, S), members(told, T)) == (ids(A, B), ids(C, D))


def test_an_article_without_a_story_can_be_put_into_one(told: Archive) -> None:
    late = article("e", collected=NOON + minutes(9))
    told.add([late])
    told.apply(ruling(late, RulingField.STORY, S.id))
    assert members(told, S) == ids(A, B, late)
