"""What the archive holds of a period: its stories, its figures, and the days before it. Reads a few stories at a time,
so that memory does not grow with the archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from desk.cards import EDITED
from desk.summary_period import Period
from index.archive import Archive
from index.clock import local, start_of_day
from index.model import (
    Article,
    ArticleId,
    Channel,
    Harm,
    ProvinceId,
    Review,
    SourceId,
    Standing,
    Story,
    StoryId,
    Tone,
    Topic,
)

DAYS: Final = 14
VIETNAMESE: Final = "vi"
_AT_ONCE: Final = 400
"""Articles in memory at once."""
_MOST_WAITING: Final = 1_000
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of the period that is about the province, without its words."""

    id: ArticleId
    source: SourceId
    when: datetime
    original: bool
    foreign: bool
    edited: bool
    tone: Tone
    topic: Topic
    harm: Harm


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story and its articles of the period, in order of time."""

    story: Story
    members: tuple[Member, ...]

    @property
    def originals(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.original)

    @property
    def lead(self) -> Member:
        """The article that tells it: the first original of the period, of an edited text where there is one."""
        originals = self.originals or self.members
        return next((member for member in originals if member.edited), originals[0])

    @property
    def is_foreign(self) -> bool:
        return all(member.foreign for member in self.originals or self.members)

    @property
    def rank(self) -> tuple[float, ...]:
        """Smaller stands first: what is at stake, how many outlets tell it, how many carry it on, what came last.

        Tone is no part of it.
        """
        outlets = len({member.source for member in self.originals})
        reprints = len(self.members) - len(self.originals)
        return (
            -max(member.harm for member in self.members),
            -outlets,
            -reprints,
            -self.members[-1].when.timestamp(),
        )


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The stories of a period and its figures. `waiting` are articles that nobody has said to be ours yet, `undecided`
    counts those of them that did not wait before. `volume` counts originals by day and tone, `copied` reprints by day.
    """

    told: dict[StoryId, Told] = field(default_factory=dict)
    late: int = 0
    undated: int = 0
    undecided: int = 0
    waiting: list[ArticleId] = field(default_factory=list)
    volume: dict[date, Counter[Tone]] = field(default_factory=lambda: defaultdict(Counter))
    copied: Counter[date] = field(default_factory=Counter)
    undated_volume: int = 0

    @property
    def members(self) -> Iterator[Member]:
        return (member for told in self.told.values() for member in told.members)


def gather(archive: Archive, province: ProvinceId, period: Period, day: date, *, now: datetime) -> Gathered:
    """One walk over the stories of the last 14 days."""
    found = Gathered()
    since = start_of_day(day - timedelta(days=DAYS - 1))
    for stories in _few(archive.stories(province, since=since)):
        reviews = archive.reviews([article for story in stories for article in story.articles], province)
        wanted = [article for article, review in reviews.items() if review.standing is not Standing.NOT_OURS]
        articles = {article.id: article for article in archive.articles(wanted)}
        for story in stories:
            _add(found, story, articles, reviews, period, since=since, until=min(now, start_of_day(day) + _A_DAY))
    return found


def told_of(archive: Archive, story: Story, province: ProvinceId) -> tuple[Member, ...]:
    """All articles of a story that are about the province, in order of time, whenever they appeared."""
    reviews = archive.reviews(story.articles, province)
    articles = archive.articles([article for article in story.articles if article in reviews])
    copies = _copies(story)
    members = [_member(article, reviews[article.id], copies) for article in articles if _ours(reviews[article.id])]
    return tuple(sorted(members, key=lambda member: (member.when, member.id)))


def unreviewed(archive: Archive, province: ProvinceId, period: Period, *, now: datetime) -> Sequence[ArticleId]:
    """The articles of the period that nobody has reviewed yet; a thousand at most."""
    # Nothing was collected after now: only what waits for its first review, or for one after a ruling, is listed.
    waiting = archive.pending(province, {}, since=now, limit=_MOST_WAITING)
    reviewed = archive.reviews([article.id for article in waiting], province)
    return [article.id for article in waiting if article.id not in reviewed and period.holds(article)]


def _few(stories: Iterable[Story]) -> Iterator[Sequence[Story]]:
    chunk: list[Story] = []
    size = 0
    for story in stories:
        chunk.append(story)
        size += len(story.articles)
        if size >= _AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _add(
    found: Gathered,
    story: Story,
    articles: Mapping[ArticleId, Article],
    reviews: Mapping[ArticleId, Review],
    period: Period,
    *,
    since: datetime,
    until: datetime,
) -> None:
    copies = _copies(story)
    new: list[Member] = []
    for article in (articles[one] for one in story.articles if one in articles):
        review = reviews[article.id]
        of_period = period.holds(article)
        if not _ours(review):
            if of_period:
                found.waiting.append(article.id)
                found.undecided += article.id not in period.waited
            continue
        member = _member(article, review, copies)
        if since <= article.when < until:
            _count(found, article, member)
        if of_period:
            new.append(member)
            found.late += period.is_late(article)
            found.undated += article.published is None
    if new:
        new.sort(key=lambda member: (member.when, member.id))
        found.told[story.id] = Told(story=story, members=tuple(new))


def _count(found: Gathered, article: Article, member: Member) -> None:
    day = local(member.when).date()
    if article.published is None:
        found.undated_volume += 1
    elif member.original:
        found.volume[day][member.tone] += 1
    else:
        found.copied[day] += 1


def _copies(story: Story) -> frozenset[ArticleId]:
    return frozenset(copy for group in story.reprints for copy in group[1:])


def _ours(review: Review) -> bool:
    return review.standing is Standing.OURS


def _member(article: Article, review: Review, copies: frozenset[ArticleId]) -> Member:
    return Member(
        id=article.id,
        source=article.source_id,
        when=article.when,
        original=article.id not in copies,
        foreign=article.channel is Channel.FOREIGN or article.language != VIETNAMESE,
        edited=article.channel in EDITED,
        tone=review.tone.tone,
        topic=review.topic.topic,
        harm=review.harm.harm,
    )
