"""Articles about the same happening, and copies of one text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from classifier.reprints import Copies, is_copy, runs
from classifier.stories import Profiles, Rarity, Stories, profile
from classifier.words import cut
from index.model import Article, ArticleId, Place, ProvinceId, Story, StoryId
from tests.classified import NOON, written

HOME = ProvinceId("tuyen-quang")
FLOOD = (
    "Khoảng 2 giờ sáng nay, lũ quét kèm sạt lở đất xảy ra tại thôn Nậm Tráng, xã Hồ Thầu. Bốn ngôi nhà bị vùi lấp, "
    "một người tử vong, ba người mất tích. Lực lượng tại chỗ tìm kiếm suốt đêm, đường vào thôn sạt lở ba điểm, máy "
    "xúc chưa vào được. Xã đã đưa 42 hộ ở sườn dốc đến trường học và nhà văn hóa."
)
FACTORY = (
    "Công ty Hanbit khởi công nhà máy linh kiện điện tử 85 triệu USD tại Khu công nghiệp Long Bình An. Nhà máy dự kiến "
    "chạy thử sau 14 tháng, tạo việc làm cho 2.400 lao động, trong đó 80% là người địa phương."
)


def story(articles: Sequence[Article], held: Sequence[Story] = (), pinned: Sequence[str] = ()) -> list[Story]:
    profiles = {article.id: profile(article, ()) for article in articles}
    grouped = Stories(HOME, held, {}, Rarity(profiles.values()), [ArticleId(a) for a in pinned])
    for article in articles:
        grouped.add(profiles[article.id])
    return grouped.changed()


def members(stories: Sequence[Story]) -> set[frozenset[str]]:
    return {frozenset(one.articles) for one in stories if one.articles}


def flood(key: str, title: str, hours: float, text: str = FLOOD) -> Article:
    return written(title, text, key=key, after=timedelta(hours=hours))


# --- copies


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (FLOOD, True),
        (FLOOD.upper(), True),
        (FLOOD.replace("suốt đêm", "cả đêm").replace("42 hộ", "bốn mươi hai hộ"), True),
        (" ".join(FLOOD.split()[:20]), True),
        (FACTORY, False),
        ("Lũ quét tại thôn Nậm Tráng", False),
    ],
    ids=["verbatim", "capitals", "edited", "excerpt", "another", "too short"],
)
def test_is_copy(text: str, copy: bool) -> None:
    assert is_copy(runs(cut(FLOOD)), runs(cut(text))) is copy


def test_copies_are_found_within_two_weeks() -> None:
    kept = Copies()
    kept.add(ArticleId("a"), runs(cut(FLOOD)), NOON)
    again = runs(cut(FLOOD.replace("suốt đêm", "cả đêm")))
    assert list(kept.of(again, NOON + timedelta(days=13), ())) == ["a"]
    assert list(kept.of(again, NOON + timedelta(days=15), ())) == []
    kept.remove(ArticleId("a"))
    assert list(kept.of(again, NOON, ())) == []


def test_an_excerpt_is_found_among_the_articles_near_it() -> None:
    kept = Copies()
    kept.add(ArticleId("a"), runs(cut(FLOOD)), NOON)
    assert list(kept.of(runs(cut(" ".join(FLOOD.split()[:16]))), NOON, [ArticleId("a")])) == ["a"]


# --- stories

FIRST = flood("a", "Lũ quét ở Hồ Thầu, một người tử vong", 0)
COPY = flood("b", "Một người tử vong vì lũ lúc 2 giờ sáng", 2)
NEXT_DAY = flood(
    "c", "Tìm thấy thêm nạn nhân vụ lũ quét ở Hồ Thầu", 20, "Nạn nhân thứ hai của lũ quét tại thôn Nậm Tráng."
)
OTHER = written("Khởi công nhà máy 85 triệu USD", FACTORY, key="d", after=timedelta(hours=1))


def test_the_same_happening_is_one_story_with_its_copies_folded() -> None:
    stories = story([FIRST, COPY, NEXT_DAY, OTHER])
    assert members(stories) == {frozenset("abc"), frozenset("d")}
    (told,) = [one for one in stories if "a" in one.articles]
    assert told.articles == ("a", "b", "c")
    assert told.reprints == (("a", "b"),)
    assert told.first_seen == NOON


def test_arrival_in_any_order_gives_the_same_stories() -> None:
    arriving = [FIRST, COPY, NEXT_DAY, OTHER]
    for seed in range(8):
        random.Random(seed).shuffle(arriving)
        stories = story(arriving)
        assert members(stories) == {frozenset("abc"), frozenset("d")}
        assert [one.reprints for one in stories if "a" in one.articles] == [(("a", "b"),)]


def test_a_like_event_a_week_later_is_another_story() -> None:
    later = flood("z", "Lũ quét ở Hồ Thầu, một người tử vong", 24 * 8, "Trận lũ quét mới tại xã Hồ Thầu rạng sáng nay.")
    assert members(story([FIRST, later])) == {frozenset("a"), frozenset("z")}


def test_a_storys_id_does_not_change_when_it_grows() -> None:
    (held,) = story([FIRST])
    known = {FIRST.id: profile(FIRST, ())}
    grown = Stories(HOME, [held], known, Rarity(known.values()))
    grown.add(profile(COPY, ()))
    (now,) = grown.changed()
    assert (now.id, now.articles) == (held.id, ("a", "b"))


def test_a_new_version_stays_in_its_story() -> None:
    (held,) = story([FIRST])
    grown = Stories(HOME, [held], {FIRST.id: profile(FIRST, ())}, Rarity(()))
    grown.add(profile(flood("a", "Bản sửa nói chuyện khác hẳn", 0, FACTORY), ()))
    (now,) = grown.changed()
    assert (now.id, now.articles) == (held.id, ("a",))


def test_an_article_that_is_not_ours_after_all_leaves_its_story() -> None:
    held = story([FIRST, COPY])
    profiles = {a.id: profile(a, ()) for a in (FIRST, COPY)}
    grouped = Stories(HOME, held, profiles, Rarity(profiles.values()))
    grouped.remove(COPY.id)
    (now,) = grouped.changed()
    assert (now.articles, now.reprints) == (("a",), ())


def test_stories_that_turn_out_to_be_one_are_joined_into_the_older() -> None:
    lone = [one for article in (FIRST, NEXT_DAY) for one in story([article])]
    profiles = {a.id: profile(a, ()) for a in (FIRST, NEXT_DAY)}
    grouped = Stories(HOME, lone, profiles, Rarity(profiles.values()))
    bridge = flood("m", "Lũ quét ở Hồ Thầu: tìm thấy thêm nạn nhân", 10, FLOOD + " Nạn nhân thứ hai được tìm thấy.")
    grouped.add(profile(bridge, ()))
    survivor, lost = grouped.changed()
    assert (survivor.id, set(survivor.articles)) == (lone[0].id, {"a", "c", "m"})
    assert (lost.id, lost.forward, lost.articles) == (lone[1].id, lone[0].id, ())


def test_what_people_set_apart_is_not_joined_again() -> None:
    lone = [one for article in (FIRST, NEXT_DAY) for one in story([article])]
    profiles = {a.id: profile(a, ()) for a in (FIRST, NEXT_DAY)}
    grouped = Stories(HOME, lone, profiles, Rarity(profiles.values()), pinned=[ArticleId("c")])
    grouped.add(profile(flood("m", "Lũ quét ở Hồ Thầu: tìm thấy thêm nạn nhân", 10), ()))
    assert all(one.forward is None for one in grouped.changed())


def test_a_story_that_people_spoke_of_is_not_joined() -> None:
    lone = [one for article in (FIRST, NEXT_DAY) for one in story([article])]
    profiles = {a.id: profile(a, ()) for a in (FIRST, NEXT_DAY)}
    grouped = Stories(HOME, lone, profiles, Rarity(profiles.values()), ruled=[lone[1].id])
    grouped.add(profile(flood("m", "Lũ quét ở Hồ Thầu: tìm thấy thêm nạn nhân", 10), ()))
    assert all(one.forward is None for one in grouped.changed())


def test_a_new_story_takes_the_id_of_no_other() -> None:
    (known,) = story([FIRST])
    grouped = Stories(HOME, (), {}, Rarity(()), taken=lambda story: story == known.id)
    assert grouped.add(profile(FIRST, ())) != known.id


def test_a_story_that_lost_its_only_article_is_taken_up_again() -> None:
    held = story([FIRST])
    grouped = Stories(HOME, held, {}, Rarity(()))
    grouped.remove(FIRST.id)
    assert grouped.add(profile(FIRST, ())) == held[0].id


def test_an_article_that_is_held_in_another_story_now_leaves_the_one_it_was_in() -> None:
    (held,) = story([FIRST, COPY])
    profiles = {a.id: profile(a, ()) for a in (FIRST, COPY)}
    grouped = Stories(HOME, [held], profiles, Rarity(profiles.values()), pinned=[COPY.id])
    grouped.hold(replace(held, id=StoryId("apart"), articles=(COPY.id,), reprints=()), profiles)
    grouped.add(profiles[FIRST.id])
    now = {one.id: one.articles for one in grouped.changed()}
    assert (now[held.id], grouped.of(COPY.id)) == (("a",), "apart")


def test_profiles_are_made_once_for_the_same_words_and_places() -> None:
    here = Place(name="Hồ Thầu", unit="xã", as_written="Hồ Thầu", area="Hà Giang", rule="unit")
    profiles = Profiles()
    made = profiles.of(FIRST, ())
    assert profiles.window([FIRST, NEXT_DAY], {})[FIRST.id] is made
    assert profiles.of(FIRST, ()) is made
    assert profiles.of(FIRST, (here,)) == profile(FIRST, (here,))
    assert profiles.of(flood("a", "Bản sửa", 0), ()).pairs != made.pairs


def test_profiles_that_are_no_longer_wanted_are_forgotten() -> None:
    profiles = Profiles()
    made = profiles.of(FIRST, ())
    assert set(profiles.window([NEXT_DAY], {})) == {NEXT_DAY.id}
    assert profiles.of(FIRST, ()) is not made


def test_a_place_that_both_are_about_says_more_than_words() -> None:
    here = Place(name="Hồ Thầu", unit="xã", as_written="Hồ Thầu", area="Hà Giang", rule="unit")
    with_place = profile(FIRST, (here,))
    assert with_place.pairs["@Hồ Thầu"] > max(profile(FIRST, ()).pairs.values())
    assert "hồ thầu" not in with_place.pairs
