"""What protects a text from the words it repeats: a denial, an opinion, satire, a drill. Labels open no work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifier.marked import Marked
from index.model import Field, Label

_CORRECTION: Final = "labels.correction"
_DRILL: Final = "labels.drill"
_OPINION: Final = "labels.opinion"
_SATIRE: Final = "labels.satire"
_STRONG: Final = 3.0
_LEAD: Final = 120
"""Tokens of a text in which it says what it is."""
_ENOUGH: Final = 2


def of(marked: Marked) -> frozenset[Label]:
    """The labels a text earns by its own words; those of places come with its whereabouts."""
    return frozenset(_labels(marked))


def _labels(marked: Marked) -> Iterator[Label]:
    if _says(marked, _CORRECTION):
        yield Label.CORRECTION
    if _says(marked, _DRILL):
        yield Label.DRILL
    if _says(marked, _SATIRE):
        yield Label.SATIRE
    if _is_opinion(marked):
        yield Label.OPINION


def _says(marked: Marked, group: str) -> bool:
    """In the headline or lead once, or further down at least twice."""
    strong = [hit for hit in marked.hits.get(group, ()) if hit.cue.weight >= _STRONG and not hit.negated]
    up_front = any(hit.field is Field.TITLE or hit.first < _LEAD for hit in strong)
    return up_front or len(strong) >= _ENOUGH


def _is_opinion(marked: Marked) -> bool:
    """Marked as such in the headline, or the writer speaks of himself more than once."""
    strong = [hit for hit in marked.found(_OPINION) if hit.cue.weight >= _STRONG]
    return any(hit.field is Field.TITLE for hit in strong) or len(strong) >= _ENOUGH
