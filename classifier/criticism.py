"""Complaints, petitions and criticism of those in office: work to answer, never a doubt about the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked, weight
from classifier.reasons import ReasonCode
from index.model import Finding, Flag, FlagKind, Label

_COMPLAINT: Final = "criticism.complaint"
_PEOPLE: Final = "criticism.people"
_PROTECTED: Final = frozenset({Label.OPINION, Label.SATIRE, Label.DRILL})
_LEAST: Final = 3.0
_SURE: Final = 9.0
_HEADLINE: Final = 1.5
_FURTHER_DOWN: Final = 0.4
_WITH_VOICE: Final = 1.5
_QUOTES: Final = 4


class CriticismSignal:
    name: Final = "criticism"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name, 'labels')}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, flags=tuple(self._flags(m))) for m in articles]

    def _flags(self, marked: Marked) -> Iterator[Flag]:
        if marked.labels & _PROTECTED:
            return
        hits = list(marked.found(_COMPLAINT))
        weights = {hit: _weight(marked, hit) for hit in hits}
        total = sum(weights.values())
        if total < _LEAST:
            return
        strongest = sorted(hits, key=lambda hit: -weights[hit])
        yield Flag(
            kind=FlagKind.CRITICISM,
            score=min(0.95, 0.5 + 0.45 * (total - _LEAST) / (_SURE - _LEAST)),
            signal=self.name,
            version=self.version,
            evidence=marked.sentences_of(strongest, ReasonCode.COMPLAINT, most=_QUOTES),
        )


def _weight(marked: Marked, hit: Hit) -> float:
    """More where the sentence also says whose complaint it is."""
    begin, end = marked.sentence(hit)
    voiced = any(h.field is hit.field and begin <= h.first <= end for h in marked.hits.get(_PEOPLE, ()))
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN) * (_WITH_VOICE if voiced else 1.0)
