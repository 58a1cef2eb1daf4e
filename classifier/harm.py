"""What is at stake if a text is true: life, order and property, reputation, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked, weight
from classifier.reasons import ReasonCode
from index.model import Finding, Harm, HarmJudged, Reason

LIFE: Final = "harm.life"
ORDER: Final = "harm.order"
_REPUTATION: Final = "harm.reputation"
_LEVELS: Final = ((Harm.LIFE, LIFE, 3.0), (Harm.ORDER, ORDER, 3.0), (Harm.REPUTATION, _REPUTATION, 3.0))
"""Level, its cues, and how much they must weigh together."""
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
    for level, group, least in _LEVELS:
        hits = list(marked.found(group))
        if sum(map(_weight, hits)) >= least:
            hit = strongest(hits)
            reason = Reason(code=ReasonCode.HARM_WORDS, params={"cue": hit.cue.words})
            return HarmJudged(harm=level, evidence=marked.quoted(hit, reason, whole_sentence=False))
    return HarmJudged(harm=Harm.NONE)


def strongest(hits: Sequence[Hit]) -> Hit:
    """The hit that says most; the earlier of two that say as much."""
    return max(hits, key=_weight)


def _weight(hit: Hit) -> float:
    return weight(hit, headline=_HEADLINE, further_down=_FURTHER_DOWN)
