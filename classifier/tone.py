"""Tone towards the province, from words of success and of trouble. It never says whether a text is accurate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked, weight
from index.model import Finding, ToneScores

_HEADLINE: Final = 1.5
_FURTHER_DOWN: Final = 0.3
_SCALE: Final = 0.35
_NEUTRAL: Final = 1.2
"""What a text without such words weighs towards neutral."""


class ToneSignal:
    name: Final = "tone"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name)}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, value=judge(marked)) for marked in articles]


def judge(marked: Marked) -> ToneScores:
    positive = sum(_weight(hit) for hit in marked.found("tone.positive"))
    negative = sum(_weight(hit) for hit in marked.found("tone.negative"))
    powers = [math.exp(_SCALE * negative), math.exp(_NEUTRAL), math.exp(_SCALE * positive)]
    total = sum(powers)
    return ToneScores(negative=powers[0] / total, neutral=powers[1] / total, positive=powers[2] / total)


def _weight(hit: Hit) -> float:
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN)
