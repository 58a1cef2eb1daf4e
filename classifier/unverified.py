"""The text says itself that nobody has confirmed it, or rests on what is passed around. Hedging alone is good style and
never a sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked
from classifier.reasons import ReasonCode
from index.model import Finding, Flag, FlagKind, Label

_PROTECTED: Final = frozenset({Label.CORRECTION, Label.DRILL, Label.SATIRE})
_QUOTES: Final = 3
_ANSWERED_FOR: Final = "unverified.answered_for"
_UNCONFIRMED: Final = ("unverified.said_unconfirmed", ReasonCode.SAID_UNCONFIRMED, 0.8)
_UNANSWERED: Final = (
    ("unverified.passed_around", ReasonCode.PASSED_AROUND, 0.7),
    ("unverified.nameless", ReasonCode.NAMELESS_SOURCE, 0.6),
    ("unverified.suspected", ReasonCode.ONLY_HEDGED, 0.55),
)
"""These count only where no agency or official answers for what is told."""


class UnverifiedSignal:
    name: Final = "unverified"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name, 'labels')}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, flags=tuple(self._flags(m))) for m in articles]

    def _flags(self, marked: Marked) -> Iterator[Flag]:
        if marked.labels & _PROTECTED:
            return
        found = list(_signs(marked))
        if found:
            yield Flag(
                kind=FlagKind.UNVERIFIED,
                score=max(score for _, _, score in found),
                signal=self.name,
                version=self.version,
                evidence=tuple(
                    quote for hits, code, _ in found for quote in marked.sentences_of(hits, code, most=_QUOTES)
                ),
            )


def _signs(marked: Marked) -> Iterator[tuple[list[Hit], ReasonCode, float]]:
    answered = marked.first(_ANSWERED_FOR) is not None
    for group, code, score in (_UNCONFIRMED,) if answered else (_UNCONFIRMED, *_UNANSWERED):
        hits = list(marked.found(group))
        if hits:
            yield hits, code, score
