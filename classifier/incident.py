"""Something that people must be informed of: harm to life, safety, order or health, real, now, in the province."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from classifier import harm
from classifier.cues import Lexicon
from classifier.marked import Marked, up_front
from classifier.reasons import ReasonCode
from index.model import Finding, Flag, FlagKind, Harm, Label, Standing

_NOT_REAL: Final = frozenset(
    {Label.CORRECTION, Label.DRILL, Label.SATIRE, Label.OPINION, Label.ORIGIN_ONLY, Label.ELSEWHERE}
)
_PAST: Final = ("labels.past", "labels.court")
_RUMOUR: Final = ("unverified.said_unconfirmed", "unverified.passed_around")
_HAPPENED: Final = "incident.happened"
_QUOTES: Final = 4


class IncidentSignal:
    name: Final = "incident"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name, 'harm', 'labels', 'unverified')}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, flags=tuple(self._flags(m))) for m in articles]

    def _flags(self, marked: Marked) -> Iterator[Flag]:
        if marked.whereabouts.standing is Standing.NOT_OURS or marked.labels & _NOT_REAL:
            return
        if _past(marked) or any(True for _ in marked.found(*_RUMOUR)):
            return
        level = harm.judge(marked).harm
        if level < Harm.ORDER:
            return
        hits = list(up_front(marked.found(_HAPPENED)))
        if not hits:
            return
        life = level is Harm.LIFE
        code = ReasonCode.HARM_TO_LIFE if life else ReasonCode.HARM_TO_ORDER
        yield Flag(
            kind=FlagKind.INCIDENT,
            score=0.85 if life else 0.65,
            signal=self.name,
            version=self.version,
            evidence=marked.sentences_of(hits, code, most=_QUOTES),
        )


def _past(marked: Marked) -> bool:
    """A court, an anniversary: what is told happened long ago."""
    return any(True for _ in up_front(marked.found(*_PAST)))
