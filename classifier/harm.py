"""What is at stake if a text is true: life, order and property, reputation, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked, weight
from classifier.reasons import ReasonCode
from index.model import Finding, Harm, HarmJudged, Reason

_LEVELS: Final = ((Harm.LIFE, "harm.life"), (Harm.ORDER, "harm.order"), (Harm.REPUTATION, "harm.reputation"))
_LEAST: Final = 3.0
"""What the cues of a level must weigh together."""
_FURTHER_DOWN: Final = 0.25
_HEADLINE: Final = 1.5


class HarmSignal:
    name: Final = "harm"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name)}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, value=judge(marked)) for marked in articles]


def judge(marked: Marked) -> HarmJudged:
    """The highest level whose cues weigh enough."""
    for level, group in _LEVELS:
        hits = list(marked.found(group))
        if sum(map(_weight, hits)) >= _LEAST:
            hit = max(hits, key=_weight)
            reason = Reason(code=ReasonCode.HARM_WORDS, params={"cue": hit.cue.words})
            return HarmJudged(harm=level, evidence=marked.quoted(hit, reason, whole_sentence=False))
    return HarmJudged(harm=Harm.NONE)


def _weight(hit: Hit) -> float:
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN)
