"""What protects a text from the words it repeats: a denial, an opinion, satire, a drill. Labels open no work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifier.marked import Marked, up_front, weight
from index.model import Channel, Label

_CORRECTION: Final = "labels.correction"
_CORRECTED: Final = "labels.corrected"
_DRILL: Final = "labels.drill"
_SATIRE: Final = "labels.satire"
_OPINION: Final = "labels.opinion"
_WRITER: Final = "labels.writer"
_HEADLINE: Final = 1.5
_ENOUGH: Final = 2.0
"""What the different cues of headline and lead must weigh together."""
_SHORT: Final = 60
"""Tokens up to which a text is a notice; in a longer one the writer speaks of himself more than once."""
_CONVERSATION: Final = frozenset({Channel.FORUM, Channel.SOCIAL, Channel.PUBLIC})
"""Where everybody writes of himself, about anything."""


def of(marked: Marked) -> frozenset[Label]:
    """The labels a text earns by its own words; those of places come with its whereabouts."""
    return frozenset(_labels(marked))


def _labels(marked: Marked) -> Iterator[Label]:
    if _says(marked, _CORRECTION) or marked.first(_CORRECTED) is not None:
        yield Label.CORRECTION
    if _says(marked, _DRILL):
        yield Label.DRILL
    if _says(marked, _SATIRE):
        yield Label.SATIRE
    if _is_opinion(marked):
        yield Label.OPINION


def _says(marked: Marked, group: str) -> bool:
    """Do headline and lead say what the text is? Each cue counts once, where it says most."""
    weights: dict[str, float] = {}
    for hit in up_front(marked.found(group)):
        if not marked.in_speech(hit):
            says = weight(hit, headline=_HEADLINE, further_down=0.0)
            weights[hit.cue.words] = max(weights.get(hit.cue.words, 0.0), says)
    return sum(weights.values()) >= _ENOUGH


def _is_opinion(marked: Marked) -> bool:
    """Does it say so, or does the writer speak of himself?"""
    if marked.article.channel in _CONVERSATION:
        return False
    if _says(marked, _OPINION):
        return True
    own = [hit for hit in up_front(marked.hits.get(_WRITER, ())) if not marked.in_speech(hit)]
    return len(own) >= (1 if len(marked.text) <= _SHORT else 2)
