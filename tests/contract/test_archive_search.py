"""What every archive finds, in which order, and what no query makes it do."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from index.archive import Archive, Hit, Hits, Query, Retention, Sort
from index.errors import MarkUnknown
from index.model import (
    Article,
    Channel,
    FlagKind,
    Place,
    RulingField,
    SourceId,
    Standing,
    StoryId,
    Tone,
    ToneScores,
    Topic,
)
from index.model import TopicJudged as Judged
from tests.contract.nouns import NOON, OURS, THEIRS, article, dated, flag, minutes, review, ruling, story


def find(archive: Archive, text: str = "", **filters: Any) -> Hits:
    return archive.find(Query(province=OURS, text=text, **filters))


def titles(archive: Archive, text: str = "", **filters: Any) -> list[str]:
    return [hit.article.title for hit in find(archive, text, **filters).hits]


def titled(*titles: str, text: str = "Tin trong ngày.") -> list[Article]:
    """Articles a minute apart, the first the newest."""
    return [
        article(f"bai-{number}", title=title, text=text, collected=NOON - minutes(number))
        for number, title in enumerate(titles)
    ]


# --- words --------------------------------------------------------------------------------------------------------


def test_what_is_typed_with_or_without_marks_is_found_the_exact_first(archive: Archive) -> None:
    archive.add(titled("Hạ giảng", "Ha giang", "Hà Giang mưa", "Hạ Giang", "Hà Nam"))
    marked, plain = find(archive, "hà giang"), find(archive, "HA GIANG")
    assert [(hit.article.title, hit.exact) for hit in marked.hits] == [
        ("Hà Giang mưa", True),
        ("Hạ giảng", False),
        ("Ha giang", False),
        ("Hạ Giang", False),
    ]
    assert [(hit.article.title, hit.exact) for hit in plain.hits] == [
        ("Ha giang", True),
        ("Hạ giảng", False),
        ("Hà Giang mưa", False),
        ("Hạ Giang", False),
    ]
    assert (marked.total, plain.total) == (4, 4)


def test_the_letter_d_with_a_stroke_folds_too(archive: Archive) -> None:
    archive.add(titled("Điều tra vụ sạt lở đê"))
    assert titles(archive, "dieu tra de") == titles(archive, "điều tra đê") == ["Điều tra vụ sạt lở đê"]


def test_decomposed_letters_and_old_tone_places_are_the_same_words(archive: Archive) -> None:
    archive.add(titled("Hòa Bình thủy điện"))
    for typed in ("hoà bình thuỷ điện", unicodedata.normalize("NFD", "hòa bình thủy điện")):
        assert [hit.exact for hit in find(archive, typed).hits] == [True]


def test_all_words_must_stand_in_an_article_in_title_or_text(archive: Archive) -> None:
    both = article(title="Lũ quét", text="Xã Mèo Vạc bị cô lập.")
    archive.add([both, article("khac", title="Lũ rút", text="Xã khác.")])
    assert titles(archive, "vạc lũ") == ["Lũ quét"]
    assert find(archive, "lũ hạn").total == 0


def test_words_in_quotes_stand_together_in_order(archive: Archive) -> None:
    archive.add(titled("Lũ quét về", "Quét sạch lũ", "Lũ chưa quét"))
    assert titles(archive, '"lũ quét"') == titles(archive, "“lũ quét”") == titles(archive, "lũ-quét") == ["Lũ quét về"]
    assert len(titles(archive, "lũ quét")) == 3


def test_a_phrase_does_not_reach_from_the_title_into_the_text(archive: Archive) -> None:
    archive.add([article(title="Mưa lũ", text="quét qua xã.")])
    assert find(archive, '"lũ quét"').total == 0
    assert find(archive, "lũ quét").total == 1


def test_chinese_is_found_by_its_characters(archive: Archive) -> None:
    archive.add(titled("越南河江省山洪暴发", "河内新闻"))
    assert titles(archive, "河江") == ["越南河江省山洪暴发"]


def test_only_the_newest_version_is_found(archive: Archive) -> None:
    archive.add([article(title="Vỡ đập"), article(title="Không vỡ đê", collected=NOON + minutes(5))])
    assert find(archive, "đập").total == 0
    assert titles(archive, "đê") == ["Không vỡ đê"]
    assert find(archive).total == 1


HOSTILE = (
    '"',
    '""',
    '"lũ',
    "*",
    "lũ*",
    "^lũ",
    "NEAR(lũ quét)",
    "NEAR(lũ quét, 5)",
    "lũ AND quét",
    "lũ OR",
    "NOT lũ",
    "title:lũ",
    "{title text}: lũ",
    "- text : lũ",
    "(lũ",
    "lũ)",
    "lũ + quét",
    "'; DROP TABLE articles; --",
    "lũ' OR '1'='1",
    "lũ\x00quét",
    "\\",
    "%",
    "_",
    "lũ~2 quét^3",
    "/lũ.*/",
    "_exists_:title",
    "\ud800",
    "lũ \u202equét",
    "a" * 100_000,
    "lũ " * 5_000,
    " ".join(f"từ{number}" for number in range(2_000)),
)


@pytest.mark.fault(41)
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_query_is_a_command(archive: Archive, text: str, sort: Sort) -> None:
    archive.add(titled("Lũ quét", "Hạn hán"))
    found = find(archive, text, sort=sort)
    assert found.total == len(found.hits) <= 1
    assert find(archive).total == 2


@pytest.mark.fault(41)
def test_operators_are_words(archive: Archive) -> None:
    archive.add(titled("Lũ AND quét", "Lũ quét"))
    assert titles(archive, "lũ AND quét") == ["Lũ AND quét"]
    assert titles(archive, "NOT") == titles(archive, "lũ*đá") == []
    assert len(titles(archive, "lũ*")) == 2


def test_a_query_without_any_word_finds_nothing(archive: Archive) -> None:
    archive.add(titled("Lũ quét"))
    assert (find(archive, "*?!").total, find(archive, "  ").total) == (0, 1)


# --- order and pages ----------------------------------------------------------------------------------------------


def all_pages(archive: Archive, query: Query) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        page = archive.find(query)
        hits += page.hits
        assert page.total == 41
        if page.next is None:
            return hits
        assert len(page.hits) == query.limit
        query = replace(query, after=page.next)


def forty_one() -> list[Article]:
    """Marked, unmarked and otherwise marked titles by turns, several at the same minute."""
    ways = ("Lũ quét", "Lu quet", "Lủ quẹt")
    return [
        article(f"bai-{number}", title=f"{ways[number % 3]} {number}", collected=NOON + minutes(number // 4))
        for number in range(41)
    ]


@pytest.mark.parametrize("limit", [1, 7, 20, 40])
@pytest.mark.parametrize("sort", Sort)
def test_pages_lead_through_everything_once_the_exact_first(archive: Archive, sort: Sort, limit: int) -> None:
    archive.add([*forty_one(), article("han", title="Hạn hán")])
    hits = all_pages(archive, Query(province=OURS, text="lũ quét", sort=sort, limit=limit))
    assert len({hit.article.id for hit in hits}) == len(hits) == 41
    assert [hit.exact for hit in hits] == [True] * 14 + [False] * 27
    if sort is Sort.NEWEST:
        for tier in (hits[:14], hits[14:]):
            times = [hit.article.when for hit in tier]
            assert times == sorted(times, reverse=True)


def test_pages_lead_through_the_whole_archive_newest_first(archive: Archive) -> None:
    archive.add(forty_one())
    hits = all_pages(archive, Query(province=OURS, limit=10))
    times = [hit.article.when for hit in hits]
    assert times == sorted(times, reverse=True)
    assert len({hit.article.id for hit in hits}) == 41


def test_what_arrives_meanwhile_shifts_no_page(archive: Archive) -> None:
    archive.add(titled("Lũ một", "Lũ hai", "Lũ ba"))
    first = find(archive, "lũ", limit=2)
    archive.add([article("moi", title="Lũ mới", collected=NOON + minutes(5))])
    assert titles(archive, "lũ", limit=2, after=first.next) == ["Lũ ba"]


def test_relevance_puts_what_is_about_it_before_what_mentions_it(archive: Archive) -> None:
    about = article("dung", title="Lũ quét ở xã", text="Lũ quét lúc rạng sáng.", collected=NOON - minutes(60))
    mention = article("nhac", title="Họp báo", text="Tin khác, dài hơn nhiều, có nhắc lũ và sau đó quét dọn đường phố.")
    archive.add([about, mention])
    assert titles(archive, "lũ quét", sort=Sort.RELEVANCE) == ["Lũ quét ở xã", "Họp báo"]
    scores = [hit.score for hit in find(archive, "lũ quét", sort=Sort.RELEVANCE).hits]
    assert scores[0] > scores[1] > 0
    assert titles(archive, "lũ quét", sort=Sort.NEWEST) == ["Họp báo", "Lũ quét ở xã"]


@pytest.mark.parametrize("after", ["x", "1", "9:1", "0:'; --", "-1:0", ""])
def test_a_page_that_no_answer_named_is_refused(archive: Archive, after: str) -> None:
    with pytest.raises(MarkUnknown):
        find(archive, "lũ", after=after)


@pytest.mark.parametrize("after", ["0:9999999999999999999", "0:-9999999999999999999", "0:9999999999999999999:a"])
@pytest.mark.parametrize("sort", Sort)
def test_a_page_behind_more_than_a_number_can_hold_is_refused(archive: Archive, sort: Sort, after: str) -> None:
    archive.add([article("mot", title="Lũ một")])
    with pytest.raises(MarkUnknown):
        find(archive, "lũ", sort=sort, after=after)


# --- filters ------------------------------------------------------------------------------------------------------


def test_filters_on_the_article(archive: Archive) -> None:
    press = dated(article("bao"), NOON - timedelta(days=3))
    forum = article("dien-dan", source_id=SourceId("dd"), channel=Channel.FORUM, language="en")
    archive.add([press, forum])

    def found(**filters: Any) -> list[str]:
        answers = {tuple(hit.article.source_id for hit in find(archive, text, **filters).hits) for text in ("", "lũ")}
        assert len(answers) == 1, "a filter lets through the same with and without words"
        return list(answers.pop())

    assert found() == ["dd", "bao"]
    assert found(source=SourceId("dd")) == found(channel=Channel.FORUM) == found(language="en") == ["dd"]
    assert found(since=press.when, until=NOON) == ["bao"]
    assert found(since=press.when + timedelta(milliseconds=1)) == ["dd"]
    assert found(source=SourceId("dd"), language="vi") == []


def test_filters_on_what_our_review_found(archive: Archive) -> None:
    calm, angry, other = titled("Lũ một", "Lũ hai", "Lũ ba")
    archive.add([calm, angry, other])
    village = Place(name="Mèo Vạc", unit="xã", as_written="Mèo Vạc", area="Hà Giang", rule="name")
    archive.record(
        [
            review(calm, places=(village,), topic=Judged(topic=Topic.DISASTER)),
            review(
                angry,
                topic=Judged(topic=Topic.DISASTER),
                tone=ToneScores(negative=0.8, neutral=0.1, positive=0.1),
                flags=(flag(angry, FlagKind.CRITICISM), flag(angry, FlagKind.INCIDENT)),
            ),
            review(other, standing=Standing.NOT_OURS, flags=(flag(other),), places=(village,)),
        ]
    )

    for text in ("", "lũ"):
        assert titles(archive, text, topic=Topic.DISASTER) == ["Lũ một", "Lũ hai"]
        assert titles(archive, text, place="Mèo Vạc") == ["Lũ một"]
        assert titles(archive, text, tone=Tone.NEGATIVE) == titles(archive, text, flag=FlagKind.CRITICISM) == ["Lũ hai"]
        assert titles(archive, text, tone=Tone.NEGATIVE, flag=FlagKind.INCIDENT, topic=Topic.DISASTER) == ["Lũ hai"]
        assert titles(archive, text, place="Mèo Vạc", flag=FlagKind.INCIDENT) == []
    assert archive.find(Query(province=THEIRS, topic=Topic.DISASTER)).total == 0


def test_a_filter_names_as_many_stories_as_an_office_can_have(archive: Archive) -> None:
    one, other = titled("Một", "Hai")
    archive.add([one, other])
    archive.record([], [story("s", one)])
    many = frozenset({StoryId("s"), *(StoryId(f"khac-{number}") for number in range(70_000))})
    assert titles(archive, stories=many) == ["Một"]


def test_a_filter_follows_the_next_review_and_the_next_ruling(archive: Archive) -> None:
    held = article()
    archive.add([held])
    archive.record([review(held, topic=Judged(topic=Topic.CRIME))])
    archive.record([review(held, topic=Judged(topic=Topic.HEALTH))])
    assert (find(archive, topic=Topic.CRIME).total, find(archive, topic=Topic.HEALTH).total) == (0, 1)
    archive.add([dated(article(collected=NOON + minutes(5)), NOON - timedelta(days=9))])
    assert find(archive, "lũ", topic=Topic.HEALTH, until=NOON - timedelta(days=8)).total == 1
    archive.apply(ruling(held, RulingField.ABOUT, Standing.NOT_OURS))
    assert find(archive, topic=Topic.HEALTH).total == 0


def test_what_is_purged_is_found_no_more(archive: Archive) -> None:
    archive.add(titled("Lũ một"))
    archive.purge(Retention(unmatched=NOON, matched=NOON + minutes(1), readings=NOON))
    assert (find(archive).total, find(archive, "lũ").total) == (0, 0)
