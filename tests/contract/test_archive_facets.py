"""What every archive says the matches of a query are made of: held against a count by hand."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from index.archive import Archive, Counted, Facet, Query, Retention, Sort
from index.clock import local
from index.model import (
    Article,
    ArticleId,
    Channel,
    Evidence,
    Field,
    Flag,
    FlagKind,
    Place,
    Reason,
    Review,
    RulingField,
    SourceId,
    Standing,
    Story,
    StoryId,
    Tone,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.text import exact_words, fold
from tests.contract.nouns import NOON, OURS, THEIRS, article, dated, flag, minutes, review, ruling, story

PLACES: Final = ("Mèo Vạc", "Đồng Văn", "Na | Hang", "Nà Hang")
WORDS: Final = ("lũ", "lu", "quét", "quet", "mưa", "đê", "de")
TONES: Final = {
    Tone.NEGATIVE: ToneScores(negative=0.8, neutral=0.1, positive=0.1),
    Tone.NEUTRAL: ToneScores(negative=0.1, neutral=0.8, positive=0.1),
    Tone.POSITIVE: ToneScores(negative=0.1, neutral=0.1, positive=0.8),
}


def place(name: str) -> Place:
    return Place(name=name, unit="xã", as_written=name, area="Hà Giang", rule="name")


def conflict(one: Article, other: Article) -> Flag:
    """A sign that only a story can raise: two articles that disagree."""

    def quote(of: Article, against: Evidence | None = None) -> Evidence:
        return Evidence(
            article_id=of.id,
            version=of.version,
            field=Field.TITLE,
            quote=of.title,
            start=0,
            reason=Reason(code="figures_differ"),
            against=against,
        )

    return Flag(kind=FlagKind.CONFLICT, score=0.7, signal="conflict", version="1", evidence=(quote(one, quote(other)),))


# --- a week of articles, and what a count by hand makes of them ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An article with all that was recorded of it."""

    article: Article
    review: Review | None
    flags: frozenset[FlagKind]
    story: StoryId | None

    def values(self, facet: Facet) -> Iterable[str]:
        ours = self.review if self.review is not None and self.review.standing is not Standing.NOT_OURS else None
        values: dict[Facet, Iterable[str]] = {
            Facet.SOURCE: [self.article.source_id],
            Facet.CHANNEL: [self.article.channel],
            Facet.LANGUAGE: [self.article.language],
            Facet.MONTH: [f"{local(self.article.when):%Y-%m}"],
            Facet.FLAG: self.flags,
            Facet.PLACE: {found.name for found in ours.places} if ours else (),
            Facet.TONE: [ours.tone.tone] if ours else (),
            Facet.TOPIC: [ours.topic.topic] if ours else (),
            Facet.STORY: [self.story] if self.story else (),
        }
        return values[facet]

    def matches(self, query: Query) -> bool:
        words = fold(exact_words(f"{self.article.title} {self.article.text}")).split()
        asked = {
            Facet.SOURCE: query.source,
            Facet.CHANNEL: query.channel,
            Facet.LANGUAGE: query.language,
            Facet.FLAG: query.flag,
            Facet.PLACE: query.place,
            Facet.TONE: query.tone,
            Facet.TOPIC: query.topic,
        }
        return (
            all(word in words for word in fold(query.text).split())
            and all(value is None or value in self.values(facet) for facet, value in asked.items())
            and (query.since is None or query.since <= self.article.when)
            and (query.until is None or self.article.when < query.until)
            and (query.stories is None or self.story in query.stories)
        )


def written(archive: Archive, count: int = 80) -> list[Written]:
    """Articles of four months, the newest first: half of them reviewed, some in stories, some of which quote them."""
    chance = random.Random(11)
    articles = [_article(chance, number) for number in range(count)]
    archive.add(articles)
    reviews = {of.id: _review(chance, of) for of in articles if chance.random() < 0.7}
    told = [_story(chance, f"s{number}", articles[number : number + 3]) for number in range(0, count // 2, 4)]
    archive.record(list(reviews.values()), told)
    quoted = {of.id: {FlagKind.CONFLICT} for one in told if one.flags for of in articles if of.id in one.articles[:2]}
    stories = {name: one.id for one in told for name in one.articles}
    return [
        Written(
            article=of,
            review=reviews.get(of.id),
            flags=frozenset(_own_flags(reviews.get(of.id)) | quoted.get(of.id, set())),
            story=stories.get(of.id),
        )
        for of in sorted(articles, key=lambda of: of.when, reverse=True)
    ]


def _article(chance: random.Random, number: int) -> Article:
    title = " ".join(chance.choices(WORDS, k=3))
    made = article(
        f"bai-{number}",
        title=title,
        source_id=SourceId(chance.choice(("bao", "dai", "dien-dan"))),
        channel=chance.choice((Channel.PRESS, Channel.BROADCAST, Channel.FORUM)),
        language=chance.choice(("vi", "vi", "en")),
    )
    # Around the end of a month in Viet Nam, which is not the end of one in Greenwich.
    month_ends = datetime(2026, chance.randint(1, 4), 1, tzinfo=UTC) - timedelta(hours=7)
    return dated(made, month_ends + timedelta(minutes=chance.choice((-1, 0, 1)) * number, seconds=number))


def _review(chance: random.Random, of: Article) -> Review:
    kinds = chance.sample((FlagKind.CRITICISM, FlagKind.INCIDENT, FlagKind.CONFLICT), k=chance.randint(0, 2))
    return review(
        of,
        standing=chance.choice((Standing.OURS, Standing.OURS, Standing.UNDECIDED, Standing.NOT_OURS)),
        places=tuple(map(place, chance.sample(PLACES, k=chance.randint(0, 3)))),
        tone=TONES[chance.choice(tuple(Tone))],
        topic=TopicJudged(topic=chance.choice((Topic.DISASTER, Topic.GOV, Topic.CRIME))),
        flags=tuple(flag(of, kind) for kind in kinds),
    )


def _story(chance: random.Random, name: str, members: list[Article]) -> Story:
    told = story(name, *members)
    by_id = {of.id: of for of in members}
    first, second = (by_id[name] for name in told.articles[:2])
    return replace(told, flags=(conflict(first, second),)) if chance.random() < 0.6 else told


def _own_flags(found: Review | None) -> set[FlagKind]:
    if found is None or found.standing is Standing.NOT_OURS:
        return set()
    return {raised.kind for raised in found.flags}


def by_hand(found: Iterable[Written], facet: Facet) -> dict[str, int]:
    return dict(Counter(str(value) for one in found for value in one.values(facet)))


def queries() -> Iterator[Query]:
    """Every filter alone, with words, and with the next one."""
    filters: list[dict[str, object]] = [
        {},
        {"source": SourceId("dai")},
        {"channel": Channel.FORUM},
        {"language": "en"},
        {"place": "Na | Hang"},
        {"tone": Tone.NEGATIVE},
        {"topic": Topic.DISASTER},
        {"flag": FlagKind.CONFLICT},
        {"flag": FlagKind.INCIDENT},
        {"since": datetime(2026, 2, 1, tzinfo=UTC), "until": datetime(2026, 3, 1, tzinfo=UTC)},
        {"stories": frozenset({StoryId("s0"), StoryId("s8"), StoryId("nowhere")})},
        {"flag": FlagKind.CRITICISM},
    ]
    for one, other in itertools.pairwise(filters):
        yield Query(province=OURS, **one)  # type: ignore[arg-type]
        yield Query(province=OURS, text="lu", **one)  # type: ignore[arg-type]
        yield Query(province=OURS, **{**one, **other})  # type: ignore[arg-type]


def test_counts_are_exact_whatever_is_asked(archive: Archive) -> None:
    all_written = written(archive)
    for query in queries():
        found = [one for one in all_written if one.matches(query)]
        hits = archive.find(replace(query, limit=100))
        assert {hit.article.id for hit in hits.hits} == {one.article.id for one in found}, query
        counted = archive.facets(query)
        assert set(counted) == set(Facet)
        for facet, answer in counted.items():
            assert answer.counts == by_hand(found, facet), (query, facet)
            assert answer.of == hits.total == len(found)


def test_beyond_so_many_matches_the_newest_are_counted_and_the_answer_says_so(opened: Callable[..., Archive]) -> None:
    with opened() as archive:
        all_written = written(archive)
    with opened(counted=20) as archive:
        few, many = Query(province=OURS, text="lu quet mua"), Query(province=OURS, text="lu")
        for query, of in ((few, 6), (many, 20), (Query(province=OURS), 20)):
            found = [one for one in all_written if one.matches(query)][:20]
            assert len(found) == of
            for facet, answer in archive.facets(query).items():
                assert (answer.counts, answer.of) == (by_hand(found, facet), of), (query, facet)
        assert archive.find(many).total > 20


def test_of_one_time_those_are_counted_that_are_found_first(opened: Callable[..., Archive]) -> None:
    with opened(counted=4) as archive:
        newer = dated(article("newer"), NOON + timedelta(minutes=1))
        together = [dated(article(f"bai-{number}", source_id=SourceId(f"nguon-{number}")), NOON) for number in range(6)]
        archive.add([newer, *together])
        first = [hit.article.source_id for hit in archive.find(Query(province=OURS, limit=4)).hits]
        assert len(set(first)) == 4
        assert archive.facets(Query(province=OURS))[Facet.SOURCE] == Counted(
            counts=dict.fromkeys(sorted(first), 1), of=4
        )


# --- the answer -----------------------------------------------------------------------------------------------------


def test_the_largest_stands_first_and_the_latest_month(archive: Archive) -> None:
    sources = ("bao", "dai", "dai", "a")
    days = (NOON, NOON - timedelta(days=40), NOON - timedelta(days=40), NOON - timedelta(days=80))
    archive.add(
        [
            dated(article(f"bai-{number}", source_id=SourceId(source)), day)
            for number, (source, day) in enumerate(zip(sources, days, strict=True))
        ]
    )
    counted = archive.facets(Query(province=OURS))
    assert list(counted[Facet.SOURCE].counts.items()) == [("dai", 2), ("a", 1), ("bao", 1)]
    assert list(counted[Facet.MONTH].counts.items()) == [("2026-03", 1), ("2026-01", 2), ("2025-12", 1)]


def test_only_what_is_wanted_is_counted(archive: Archive) -> None:
    archive.add([article()])
    query = Query(province=OURS)
    assert set(archive.facets(query, (Facet.PLACE, Facet.MONTH))) == {Facet.PLACE, Facet.MONTH}
    assert archive.facets(query, ()) == {}


def test_a_page_does_not_narrow_what_is_counted(archive: Archive) -> None:
    archive.add([article(f"bai-{number}", collected=NOON + minutes(number)) for number in range(5)])
    page = Query(province=OURS, text="lũ quét", limit=2, sort=Sort.RELEVANCE)
    second = replace(page, after=archive.find(page).next)
    assert archive.facets(second) == archive.facets(page)
    assert archive.facets(second)[Facet.SOURCE] == Counted(counts={"bao": 5}, of=5)


def test_nothing_found_is_nothing_counted(archive: Archive) -> None:
    archive.add([article()])
    for text in ("hạn", "*?!"):
        assert archive.facets(Query(province=OURS, text=text)) == {facet: Counted(counts={}, of=0) for facet in Facet}


def test_another_province_has_its_own_counts(archive: Archive) -> None:
    held = article()
    archive.add([held])
    archive.record(
        [
            review(held, places=(place("Mèo Vạc"),)),
            review(held, province=THEIRS, places=(place("Việt Trì"),)),
        ]
    )
    counts = {of: archive.facets(Query(province=of))[Facet.PLACE].counts for of in (OURS, THEIRS)}
    assert counts == {OURS: {"Mèo Vạc": 1}, THEIRS: {"Việt Trì": 1}}


# --- the signs of stories -------------------------------------------------------------------------------------------


def conflicting(archive: Archive) -> tuple[Article, Article, Article]:
    """Three articles of one story, of which its flag quotes the first two."""
    one, other, third = (article(name, collected=NOON - minutes(each)) for each, name in enumerate(("a", "b", "c")))
    archive.add([one, other, third])
    archive.record([review(one), review(third)], [story("s", one, other, third, flags=(conflict(one, other),))])
    return one, other, third


def found(archive: Archive, **filters: object) -> list[ArticleId]:
    hits = archive.find(Query(province=OURS, **filters)).hits  # type: ignore[arg-type]
    return [hit.article.id for hit in hits]


def in_conflict(archive: Archive) -> list[ArticleId]:
    """With and without words, and as they are counted, it is one answer."""
    ids = found(archive, flag=FlagKind.CONFLICT)
    assert found(archive, flag=FlagKind.CONFLICT, text="lũ") == ids
    counted = archive.facets(Query(province=OURS), (Facet.FLAG,))[Facet.FLAG]
    assert counted.counts.get(FlagKind.CONFLICT, 0) == len(ids)
    return ids


def test_a_flag_of_a_story_finds_the_articles_that_it_quotes(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    assert in_conflict(archive) == [one.id, other.id]
    assert archive.find(Query(province=THEIRS, flag=FlagKind.CONFLICT)).total == 0


def test_a_flag_of_article_and_story_is_one(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    archive.record([review(one, flags=(flag(one, FlagKind.CONFLICT),))])
    assert in_conflict(archive) == [one.id, other.id]


def test_a_review_of_an_article_leaves_the_flag_of_its_story(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    archive.record([review(one), review(other)])
    assert in_conflict(archive) == [one.id, other.id]


def test_a_flag_that_its_story_drops_is_found_no_more(archive: Archive) -> None:
    one, other, third = conflicting(archive)
    archive.record([], [story("s", one, other, third, flags=(conflict(other, third),))])
    assert in_conflict(archive) == [other.id, third.id]
    archive.record([], [story("s", one, other, third)])
    assert in_conflict(archive) == []


def test_an_article_moved_to_another_story_leaves_the_flag_behind(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    archive.apply(ruling(one, RulingField.STORY, "elsewhere"))
    assert in_conflict(archive) == [other.id]


def test_a_joined_story_brings_its_flag_and_takes_it_back(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    far = article("xa", collected=NOON + minutes(9))
    archive.add([far])
    survivor = story("survivor", far)
    archive.record([], [survivor])
    joining = archive.story(StoryId("s"))
    archive.apply(ruling(joining, RulingField.STORY, survivor.id))
    assert in_conflict(archive) == [one.id, other.id]
    archive.record([], [replace(archive.story(survivor.id), flags=())])
    assert in_conflict(archive) == []
    archive.apply(ruling(joining, RulingField.STORY, None, after=1))
    assert in_conflict(archive) == [one.id, other.id]


def test_an_article_whose_time_changes_keeps_the_flag_of_its_story(archive: Archive) -> None:
    one, other, _ = conflicting(archive)
    archive.add([dated(replace(one, collected=NOON + minutes(1)), NOON - timedelta(days=2))])
    assert in_conflict(archive) == [other.id, one.id]


def test_what_is_purged_takes_its_flag_along(archive: Archive) -> None:
    one, *_ = conflicting(archive)
    archive.purge(Retention(unmatched=NOON, matched=NOON, readings=NOON))
    assert in_conflict(archive) == []
    assert found(archive, stories=frozenset({StoryId("s")})) == [one.id]


# --- stories as a filter --------------------------------------------------------------------------------------------


def test_only_articles_of_the_stories_asked_for_are_let_through(archive: Archive) -> None:
    one, other, third = (article(name, collected=NOON - minutes(each)) for each, name in enumerate(("a", "b", "c")))
    archive.add([one, other, third])
    archive.record([], [story("s1", one), story("s2", other), story("s3", third, province=THEIRS)])
    asked = frozenset(map(StoryId, ("s1", "s3", "never")))
    for text in ("", "lũ"):
        assert found(archive, text=text, stories=asked) == [one.id]
        assert found(archive, text=text, stories=frozenset()) == []
        assert found(archive, text=text, stories=None) == [one.id, other.id, third.id]


def test_thousands_of_stories_may_be_asked_for(archive: Archive) -> None:
    one, other = article("a"), article("b", collected=NOON - minutes(1))
    archive.add([one, other])
    archive.record([], [story("s1", one), story("s2", other)])
    many = frozenset(StoryId(f"s{number}") for number in range(2, 20_000))
    assert found(archive, stories=many) == found(archive, stories=many, text="lũ") == [other.id]


def test_a_joined_story_has_no_articles_of_its_own(archive: Archive) -> None:
    one, other = article("a"), article("b", collected=NOON - minutes(1))
    archive.add([one, other])
    first, second = story("s1", one), story("s2", other)
    archive.record([], [first, second])
    archive.apply(ruling(first, RulingField.STORY, second.id))
    assert found(archive, stories=frozenset({first.id})) == []
    assert found(archive, stories=frozenset({second.id})) == [one.id, other.id]
