"""A headline that its text does not bear out: a strong word and nothing grave in the text, or a lure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from classifier.cues import Hit, Lexicon
from classifier.marked import Marked
from classifier.reasons import ReasonCode
from index.model import Field, Finding, Flag, FlagKind, Label, Reason

_SENSATIONAL: Final = "headline.sensational"
_LOADED: Final = "headline.loaded"
_LURE: Final = "headline.lure"
_GRAVE: Final = "headline.grave"
_SLIGHT: Final = "headline.slight"
_PROTECTED: Final = frozenset({Label.OPINION, Label.SATIRE, Label.CORRECTION})
_STRONG: Final = 3.0
_SHORT: Final = 60
"""Tokens below which a text says too little to bear anything out: the sign is a weak one."""


class HeadlineSignal:
    name: Final = "headline"

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"1-{lexicon.digest(self.name, 'labels')}"

    def examine(self, articles: Sequence[Marked]) -> Sequence[Finding]:
        return [Finding(signal=self.name, version=self.version, flags=tuple(self._flags(m))) for m in articles]

    def _flags(self, marked: Marked) -> Iterator[Flag]:
        if marked.labels & _PROTECTED:
            return
        sign = _sign(marked)
        if sign is not None:
            hit, code, score = sign
            yield Flag(
                kind=FlagKind.HEADLINE,
                score=score,
                signal=self.name,
                version=self.version,
                evidence=(marked.quoted(hit, Reason(code=code, params={"cue": hit.cue.words})),),
            )


def _sign(marked: Marked) -> tuple[Hit, ReasonCode, float] | None:
    promised = [hit for hit in marked.found(_SENSATIONAL, _LOADED) if hit.field is Field.TITLE]
    strong = [hit for hit in promised if hit.cue.weight >= _STRONG]
    if strong:
        if any(hit.field is Field.TEXT for hit in marked.hits.get(_SLIGHT, ())):
            return strong[0], ReasonCode.HEADLINE_TAKEN_BACK, 0.85
        if not _borne_out(marked):
            return strong[0], ReasonCode.HEADLINE_NOT_BORNE_OUT, 0.65 if len(marked.text) >= _SHORT else 0.5
    lures = [hit for hit in marked.found(_LURE) if hit.field is Field.TITLE]
    if lures:
        return lures[0], ReasonCode.HEADLINE_LURES, 0.6
    return None


def _borne_out(marked: Marked) -> bool:
    """Does the text tell of something grave, or use the headline's words itself?"""
    return any(hit.field is Field.TEXT for hit in marked.found(_GRAVE))
