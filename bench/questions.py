"""What people ask of an archive of recombined news: the same questions of everyone that holds the same news."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bench.recombined import PROVINCE, News
from index.archive import Archive, Facet, Query, Sort
from index.model import Tone
from index.text import exact_words, fold

ASKED: Final = 40
"""Different questions of each kind."""
EVERYTHING: Final = Query(province=PROVINCE, limit=20)
FACETS: Final = tuple(facet for facet in Facet if facet is not Facet.STORY)
"""What the search page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Questions of one kind. `counted`: asked with what all their matches are made of, as the search page does."""

    queries: Sequence[Query]
    counted: bool = False

    def ask(self, archive: Archive, query: Query) -> int:
        """How many matches a question has, after one page of them."""
        if self.counted:
            archive.facets(query, FACETS)
        return archive.find(query).total


def kinds(news: News, archive: Archive) -> dict[str, Kind]:
    """By name. The archive says which places there are to be asked for."""
    chance = random.Random(4)
    pairs = [fold(" ".join(_together(news, chance, 2))) for _ in range(ASKED)]
    quoted = [f'"{" ".join(_together(news, chance, chance.choice((2, 3, 4))))}"' for _ in range(ASKED)]
    marked = [" ".join(_together(news, chance, chance.choice((2, 3)))) for _ in range(ASKED)]
    places = list(archive.facets(EVERYTHING, (Facet.PLACE,))[Facet.PLACE].counts)
    filters = [replace(EVERYTHING, place=chance.choice(places), tone=chance.choice(tuple(Tone))) for _ in range(ASKED)]
    return {
        "first page": Kind(queries=[EVERYTHING] * ASKED),
        "first page and counts": Kind(queries=[EVERYTHING] * ASKED, counted=True),
        "two syllables without marks": Kind(queries=_containing(pairs)),
        "two syllables and counts": Kind(queries=_containing(pairs), counted=True),
        "syllables with marks": Kind(queries=_containing(marked)),
        "exact phrase": Kind(queries=_containing(quoted)),
        "most relevant": Kind(queries=[replace(query, sort=Sort.RELEVANCE) for query in _containing(marked)]),
        "place and tone": Kind(queries=filters),
        "place, tone and counts": Kind(queries=filters, counted=True),
    }


def _containing(texts: Sequence[str]) -> Sequence[Query]:
    return [replace(EVERYTHING, text=text) for text in texts]


def _together(news: News, chance: random.Random, count: int) -> Sequence[str]:
    """Syllables that stand together in some sentence, as people look for what they have read."""
    while True:
        words = exact_words(chance.choice(news.sentences)).split()
        start = chance.randrange(max(len(words) - count, 1))
        found = words[start : start + count]
        if len(found) == count and all(word.isalpha() and "đ" not in word for word in found):
            return found
