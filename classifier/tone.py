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
_NEUTRAL: Final = 3.0
"""What neutral weighs: trouble must weigh more than one strong cue."""
_PRAISE: Final = 2.0
"""What success has ahead: good news has fewer words that only it uses."""


class ToneSignal:
    name: Final = "tone"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name)}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, value=judge(marked)) for marked in articles]


def judge(marked: Marked) -> ToneScores:
    positive = sum(_weight(hit) for hit in marked.found("tone.positive"))
    negative = sum(_weight(hit) for hit in marked.found("tone.negative"))
    positive += _PRAISE if positive else 0.0
    powers = [math.exp(_SCALE * power) for power in (negative, _NEUTRAL, positive)]
    total = sum(powers)
    return ToneScores(negative=powers[0] / total, neutral=powers[1] / total, positive=powers[2] / total)


def _weight(hit: Hit) -> float:
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN)
