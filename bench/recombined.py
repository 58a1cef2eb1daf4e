"""News that nobody wrote: sentences of the development data put together anew, with the reviews and stories of them.

As many articles as are wanted, the same ones every time; the first thousand of a million are the thousand of another
run. They are placed a thousand a day, half of them are the province's, and a story holds what came within a day.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from config import gazetteer
from index.model import (
    Article,
    Channel,
    Evidence,
    Field,
    Flag,
    FlagKind,
    Place,
    ProvinceId,
    PublishedFrom,
    Reason,
    Review,
    SourceId,
    Standing,
    Story,
    StoryId,
    ToneScores,
    Topic,
    TopicJudged,
)
from index.text import clean, content_hash, one_line
from index.url import article_id

PROVINCE: Final = ProvinceId("tuyen-quang")
_FILES: Final = {"articles": "body", "pool": "text", "mixed": "text"}
_FIRST: Final = datetime(2024, 1, 1, tzinfo=UTC)
_APART: Final = timedelta(days=1) / 1000
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?…])\s+(?=\w)|\n+")
_RUN: Final = 5
"""Sentences that follow each other in an article as they did where they were taken from."""
_SOURCES: Final = 120
_SIGNALS: Final = {"topic": "1", "harm": "1", "tone": "1", "criticism": "1", "incident": "1", "headline": "1"}
_STANDINGS: Final = {Standing.OURS: 50, Standing.UNDECIDED: 5, Standing.NOT_OURS: 45}
_CHANNELS: Final = {Channel.PRESS: 70, Channel.PORTAL: 12, Channel.FORUM: 8, Channel.BROADCAST: 6, Channel.VIDEO: 4}
_LANGUAGES: Final = {"vi": 96, "en": 3, "zh": 1}
_TONES: Final[Mapping[tuple[float, float, float], int]] = {
    (0.7, 0.2, 0.1): 25,
    (0.1, 0.8, 0.1): 50,
    (0.1, 0.2, 0.7): 25,
}
_SIGNS: Final[Mapping[FlagKind | None, int]] = {
    None: 88,
    FlagKind.CRITICISM: 5,
    FlagKind.INCIDENT: 4,
    FlagKind.UNVERIFIED: 2,
    FlagKind.HEADLINE: 1,
}

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles that arrive together, and what is recorded of them."""

    articles: Sequence[Article]
    reviews: Sequence[Review]
    stories: Sequence[Story]


class News:
    def __init__(self, folder: Path, *, seed: int = 4) -> None:
        """`folder` holds the development data about news."""
        self._seed = seed
        self._titles: list[str] = []
        self._lengths: list[int] = []
        self.sentences: list[str] = []
        for name, body in _FILES.items():
            with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as rows:
                for row in map(json.loads, rows):
                    text = clean(row[body])
                    if title := one_line(row["title"]):
                        self._titles.append(title)
                    self._lengths.append(len(text))
                    self.sentences += filter(None, _SENTENCE_ENDS.split(text))
        self._places = gazetteer.unit_names(PROVINCE)

    def batches(self, count: int, size: int, *, first: int = 0) -> Iterator[Batch]:
        """Those of the first `count` articles; `first`, a multiple of `size`, leaves out what comes before."""
        for start in range(first, count, size):
            chance = random.Random(f"{self._seed}:{start}")
            articles = [self._article(number) for number in range(start, min(start + size, count))]
            reviews = [self._review(chance, article) for article in articles]
            ours = [a for a, r in zip(articles, reviews, strict=True) if r.standing is not Standing.NOT_OURS]
            yield Batch(articles=articles, reviews=reviews, stories=list(_stories(chance, ours)))

    def _article(self, number: int) -> Article:
        chance = random.Random(f"{self._seed}-{number}")
        title, text = chance.choice(self._titles), self._text(chance)
        source = _common_first(chance, _SOURCES)
        url = f"https://bao-{source}.example/bai-{number}"
        placed = _FIRST + number * _APART
        return Article(
            id=article_id(url),
            source_id=SourceId(f"bao-{source}"),
            channel=_drawn(chance, _CHANNELS),
            url=url,
            title=title,
            text=text,
            language=_drawn(chance, _LANGUAGES),
            collected=placed + timedelta(minutes=chance.randint(1, 30)),
            published=placed,
            published_from=PublishedFrom.FEED,
            content_hash=content_hash(title, text),
            snapshot=content_hash(url, ""),
        )

    def _text(self, chance: random.Random) -> str:
        """As long as some article of the data."""
        left, sentences = chance.choice(self._lengths), list[str]()
        while left > 0:
            start = chance.randrange(len(self.sentences) - _RUN)
            run = self.sentences[start : start + _RUN]
            sentences += run
            left -= sum(map(len, run))
        return "\n".join(sentences)

    def _review(self, chance: random.Random, of: Article) -> Review:
        names = {self._places[_common_first(chance, len(self._places))] for _ in range(chance.choice((1, 1, 2, 3)))}
        negative, neutral, positive = _drawn(chance, _TONES)
        sign = _drawn(chance, _SIGNS)
        return Review(
            article_id=of.id,
            version=1,
            province=PROVINCE,
            about=0.9,
            standing=_drawn(chance, _STANDINGS),
            places=tuple(
                Place(name=name, unit="xã", as_written=name, area="Hà Giang", rule="name") for name in sorted(names)
            ),
            topic=TopicJudged(topic=tuple(Topic)[_common_first(chance, len(Topic))], evidence=_quote(of)),
            tone=ToneScores(negative=negative, neutral=neutral, positive=positive),
            flags=() if sign is None else (_flag(sign, _quote(of)),),
            signals=_SIGNALS,
        )


def _stories(chance: random.Random, articles: Sequence[Article]) -> Iterator[Story]:
    """One to six articles each; in some, two of them disagree."""
    start = 0
    while start < len(articles):
        members = articles[start : start + chance.choice((1, 1, 1, 2, 2, 3, 6))]
        start += len(members)
        disagree = len(members) > 1 and chance.random() < 0.1
        yield Story(
            id=StoryId(f"story-{members[0].id}"),
            province=PROVINCE,
            articles=tuple(member.id for member in members),
            flags=(_flag(FlagKind.CONFLICT, _quote(members[0], _quote(members[1]))),) if disagree else (),
            first_seen=members[0].when,
        )


def _quote(of: Article, against: Evidence | None = None) -> Evidence:
    return Evidence(
        article_id=of.id,
        version=1,
        field=Field.TITLE,
        quote=of.title,
        start=0,
        reason=Reason(code="cue", params={"cue": of.title[:20]}),
        against=against,
    )


def _flag(kind: FlagKind, evidence: Evidence) -> Flag:
    return Flag(kind=kind, score=0.8, signal=kind.value, version="1", evidence=(evidence,))


def _common_first(chance: random.Random, count: int) -> int:
    """One of so many, the first the most common, as it is with names in news."""
    return min(int(count ** chance.random()) - 1, count - 1)


def _drawn(chance: random.Random, weights: Mapping[Drawn, int]) -> Drawn:
    return chance.choices(tuple(weights), tuple(weights.values()))[0]
