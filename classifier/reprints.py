"""Copies of a text: the same words under another headline, cut short, or lightly edited.

Candidates come from MinHash; what decides is the share of three-syllable runs the two texts have in common, counted
exactly. Copies are looked for among the texts of two weeks.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import rensa

from classifier.words import Words
from index.model import ArticleId

WINDOW: Final = timedelta(days=14)
_RUN: Final = 3
_FEWEST: Final = 8
"""Runs below which a text is too short to be called a copy of another."""
_ALIKE: Final = 0.5
"""Share of all runs of two texts that both have (Jaccard)."""
_CONTAINED: Final = 0.8
"""Share of the shorter text's runs that the longer has: an excerpt."""
_PERMUTATIONS: Final = 128
_BANDS: Final = 32
_SEED: Final = 1

Runs = frozenset[int]


def runs(text: Words) -> Runs:
    """Every run of three syllables, as a number; marks and case do not count."""
    keys = [key for key in text.keys if key[0].isalnum()]
    return frozenset(zlib.crc32(" ".join(keys[i : i + _RUN]).encode()) for i in range(len(keys) - _RUN + 1))


def is_copy(one: Runs, other: Runs) -> bool:
    """Does one text repeat the other, wholly or as an excerpt?"""
    if min(len(one), len(other)) < _FEWEST:
        return False
    both = len(one & other)
    return both >= _ALIKE * len(one | other) or both >= _CONTAINED * min(len(one), len(other))


class Copies:
    """Texts of the last weeks, and which of them a new one repeats."""

    def __init__(self) -> None:
        self._index = rensa.RMinHashLSH(_ALIKE, _PERMUTATIONS, _BANDS)
        self._texts: dict[ArticleId, tuple[Runs, datetime]] = {}
        self._numbers: dict[int, ArticleId] = {}
        self._number_of: dict[ArticleId, int] = {}

    def add(self, article: ArticleId, text: Runs, when: datetime) -> None:
        """Keep a text; the same article again replaces it."""
        self.remove(article)
        number = len(self._numbers)
        self._numbers[number] = article
        self._number_of[article] = number
        self._texts[article] = (text, when)
        if text:
            self._index.insert(number, _signature(text))

    def remove(self, article: ArticleId) -> None:
        if article in self._texts:
            del self._texts[article]
            self._index.remove(self._number_of.pop(article))

    def of(self, text: Runs, when: datetime, near: Iterable[ArticleId]) -> Iterator[ArticleId]:
        """The kept texts that this one repeats or that repeat it. `near`: articles to compare besides those that are
        alike as a whole, since an excerpt is not."""
        alike = (self._numbers[number] for number in self._index.query(_signature(text))) if text else ()
        for article in dict.fromkeys((*alike, *near)):
            if article in self._texts:
                other, then = self._texts[article]
                if abs(when - then) <= WINDOW and is_copy(text, other):
                    yield article


def _signature(text: Runs) -> rensa.RMinHash:
    signature = rensa.RMinHash(_PERMUTATIONS, _SEED)
    signature.update([str(run) for run in sorted(text)])
    return signature


def joined(
    groups: Iterable[frozenset[ArticleId]], when: Mapping[ArticleId, datetime]
) -> Iterator[tuple[ArticleId, ...]]:
    """Groups that share an article made one, each with its first article in front."""
    merged: list[set[ArticleId]] = []
    for found in groups:
        own = set(found)
        for other in [m for m in merged if m & own]:
            own |= other
            merged.remove(other)
        merged.append(own)
    for group in sorted(merged, key=lambda g: min((when[a], a) for a in g)):
        yield tuple(sorted(group, key=lambda a: (when[a], a)))
