"""One figure of the same thing, given differently by two articles of a story at about the same time.

A later count with more dead or fewer missing is an update, not a conflict; and without two spans there is no sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.figures import value
from classifier.marked import Marked
from classifier.reasons import ReasonCode
from index.model import Evidence, Field, Finding, Flag, FlagKind, Label, Reason, SourceId, Story
from index.source import Source

_GROUP: Final = "conflict."
_AS_OF: Final = "conflict.as_of"
_RISES: Final = "conflict.rises"
_FALLS: Final = "conflict.falls"
_SAME_TIME: Final = timedelta(hours=6)
_PROTECTED: Final = frozenset({Label.CORRECTION, Label.DRILL, Label.SATIRE, Label.OPINION})
_SCORE: Final = 0.8
_QUOTES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """A figure of one kind of thing in one article."""

    marked: Marked
    hit: Hit
    amount: float


class ConflictSignal:
    name: Final = "conflict"
    fewest: Final = 2

    def __init__(self, lexicon: Lexicon) -> None:
        self._numbers = lexicon.numbers
        self.version = f"1-{lexicon.digest(self.name, 'labels')}"

    def examine(  # the story itself is not asked: its originals say enough
        self,
        story: Story,  # noqa: ARG002
        articles: Sequence[Marked],
        sources: Mapping[SourceId, Source],
    ) -> Finding:
        told = [marked for marked in articles if not marked.labels & _PROTECTED]
        evidence = [
            sides
            for one, other in combinations(told, 2)
            if abs(one.article.when - other.article.when) <= _SAME_TIME
            for sides in self._differences(one, other, sources)
        ]
        if not evidence:
            return Finding(signal=self.name, version=self.version)
        quotes = tuple(side for sides in evidence for side in sides)
        flag = Flag(kind=FlagKind.CONFLICT, score=_SCORE, signal=self.name, version=self.version, evidence=quotes)
        return Finding(signal=self.name, version=self.version, flags=(flag,))

    def _differences(
        self, one: Marked, other: Marked, sources: Mapping[SourceId, Source]
    ) -> Iterator[tuple[Evidence, ...]]:
        ours, theirs = self._counts(one), self._counts(other)
        for group in ours.keys() & theirs.keys():
            mine, yours = ours[group], theirs[group]
            if {count.amount for count in mine} & {count.amount for count in yours}:
                continue
            if len({count.amount for count in mine}) > 1 or len({count.amount for count in yours}) > 1:
                continue  # a text that gives two figures speaks of two things
            first, second = sorted((mine, yours), key=lambda counts: counts[0].marked.article.when)
            if not self._is_update(group, first[0], second[0]):
                yield _sides(first, second, sources)
                yield _sides(second, first, sources)

    def _counts(self, marked: Marked) -> Mapping[str, list[_Count]]:
        """By kind of thing; figures of the text before those of the headline."""
        counts: dict[str, list[_Count]] = {}
        for group, hits in marked.hits.items():
            if not group.startswith(_GROUP) or group == _AS_OF:
                continue
            for hit in sorted(hits, key=lambda h: h.field is Field.TITLE):
                amount = self._exact(marked.words(hit.field).keys[hit.first : hit.last + 1])
                if amount is not None and not hit.negated:
                    counts.setdefault(group, []).append(_Count(marked=marked, hit=hit, amount=amount))
        return counts

    def _exact(self, keys: Sequence[str]) -> float | None:
        """The figure, unless it says "about" or "more than": that contradicts nothing near it."""
        about = any(self._numbers.get(key) == 0 for key in keys)
        return None if about else value(keys, self._numbers)

    def _is_update(self, group: str, first: _Count, second: _Count) -> bool:
        hours = self._as_of(first.marked), self._as_of(second.marked)
        if None not in hours and hours[0] == hours[1]:
            return False
        if group.startswith(_RISES):
            return second.amount > first.amount
        return group.startswith(_FALLS) and second.amount < first.amount

    def _as_of(self, marked: Marked) -> float | None:
        """The hour until which a text says it counted."""
        hit = marked.first(_AS_OF)
        return value(marked.words(hit.field).keys[hit.first : hit.last + 1], self._numbers) if hit else None


def _sides(
    counts: Sequence[_Count], against: Sequence[_Count], sources: Mapping[SourceId, Source]
) -> tuple[Evidence, ...]:
    """Where one text gives its figure, each time against the other's first."""
    other = _quote(against[0], counts[0], sources)
    return tuple(replace(_quote(count, against[0], sources), against=other) for count in counts[:_QUOTES])


def _quote(count: _Count, against: _Count, sources: Mapping[SourceId, Source]) -> Evidence:
    reason = Reason(
        code=ReasonCode.FIGURES_DIFFER,
        params={
            "ours": f"{count.amount:g}",
            "theirs": f"{against.amount:g}",
            "outlet": _outlet(count, sources),
            "other": _outlet(against, sources),
        },
    )
    return count.marked.quoted(count.hit, reason)


def _outlet(count: _Count, sources: Mapping[SourceId, Source]) -> str:
    source = sources.get(count.marked.article.source_id)
    return source.name if source else count.marked.article.source_id
