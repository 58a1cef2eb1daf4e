"""Which articles belong to which edition: each to one morning page, none to no page. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from desk.daily import Edition
from index.clock import ZONE, local
from index.model import Article, ArticleId, SourceId

MORNING: Final = time(6)
AFTERNOON: Final = time(16, 30)
LATE: Final = timedelta(days=2)
"""So long after it appeared an article that was found only now is still news; older ones come with a new source.
Not those that their source could not be read for (`Period.heard`)."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What one edition tells of: articles placed from `since` to `until`, and those placed before that were collected
    from `opens` to `closes`, after the page before was put together. At `closes` this one is.

    `heard` is when sources last answered before `opens`. What appeared after that could not be found sooner, however
    long ago it was. `waited` are articles that waited for a review or a ruling when the page before was put together.
    """

    since: datetime
    until: datetime
    opens: datetime
    closes: datetime
    heard: Mapping[SourceId, datetime] = field(default_factory=dict)
    waited: Collection[ArticleId] = frozenset()

    def holds(self, article: Article) -> bool:
        return self.since <= article.when < self.until or self.is_late(article)

    def is_late(self, article: Article) -> bool:
        if article.id in self.waited:
            return article.when < self.since
        news_since = self.since - LATE
        if article.source_id in self.heard:
            news_since = min(news_since, self.heard[article.source_id])
        return news_since <= article.when < self.since and self.opens <= article.collected < self.closes


def period(day: date, edition: Edition, ready: time) -> Period:
    """`ready` is when the morning page is put together; not before its period has ended."""
    morning, before = _at(day, MORNING), _at(day - ONE_DAY, MORNING)
    closes = max(morning, _at(day, ready))
    if edition is Edition.AFTERNOON:
        return Period(since=morning, until=_at(day, AFTERNOON), opens=closes, closes=_at(day, AFTERNOON))
    return Period(since=before, until=morning, opens=max(before, _at(day - ONE_DAY, ready)), closes=closes)


def due(now: datetime, ready: time) -> list[tuple[date, Edition]]:
    """The editions of the last day that can be put together at a moment, oldest first: what was missed longer ago is
    nobody's morning paper any more."""
    today = local(now).date()
    editions = [(day, edition) for day in (today - ONE_DAY, today) for edition in Edition]
    return [(day, edition) for day, edition in editions if now - ONE_DAY < period(day, edition, ready).closes <= now]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE)
