"""Where the words that were looked for stand in a text, and the part of it that shows them best. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.text import fold, phrases, small, standing

ROOM: Final = 220
"""Characters that an excerpt has; more only where one phrase alone is longer."""
_SPACE: Final = re.compile(r"\s")

Span = tuple[int, int]
"""The first character and the one behind the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A part of a text on one line. `marks` are where the words stand in it, in order; `start` is where it was cut."""

    text: str
    start: int
    marks: tuple[Span, ...]
    before: bool
    """Was something left out in front?"""
    after: bool

    def __str__(self) -> str:
        return f"{'… ' if self.before else ''}{self.text}{' …' if self.after else ''}"


def marks(text: str, looked_for: str) -> tuple[Span, ...]:
    """Where the words of a search stand in a text in NFC, in order; they may overlap.

    Where all of them stand together only that is marked. What stands there with its marks is marked with them alone.
    """
    return tuple((start, end) for start, end, _ in _places(text, looked_for))


def excerpt(text: str, looked_for: str, room: int = ROOM) -> Excerpt:
    """The part of a text in NFC in which most of the phrases of a search stand, the first of equals; cut at spaces.

    Where none of them stands, the beginning.
    """
    places = _places(text, looked_for)
    start, end = _cut(text, *(_fullest(places, room) if places else (0, 0)), room)
    return Excerpt(
        text=_SPACE.sub(" ", text[start:end]),
        start=start,
        marks=tuple((first - start, last - start) for first, last, _ in places if start <= first and last <= end),
        before=bool(text[:start].strip()),
        after=bool(text[end:].strip()),
    )


# --- where the words stand ----------------------------------------------------------------------------------------


def _places(text: str, looked_for: str) -> list[tuple[int, int, int]]:
    """Beginning, end and number of every phrase that stands in the text, in order."""
    wanted = phrases(looked_for)
    if not wanted:
        return []
    exact, folded = small(text), fold(text)

    def places(phrase: str, number: int) -> Iterator[tuple[int, int, int]]:
        found = list(standing(phrase).finditer(exact)) or standing(fold(phrase)).finditer(folded)
        return ((*one.span(), number) for one in found)

    together = list(places(" ".join(wanted), 0))
    return together or sorted(place for number, phrase in enumerate(wanted) for place in places(phrase, number))


# --- what is cut out ----------------------------------------------------------------------------------------------


def _fullest(places: Sequence[tuple[int, int, int]], room: int) -> Span:
    """The shortest stretch, if possible within `room`, that holds most different phrases: the first of those."""
    best, most = places[0][:2], 0
    held: Counter[int] = Counter()
    behind = 0
    for start, end, number in places:
        held[number] += 1
        while places[behind][0] < start and (held[places[behind][2]] > 1 or end - places[behind][0] > room):
            held[places[behind][2]] -= 1
            behind += 1
        if (different := len(+held)) > most:
            best, most = (places[behind][0], end), different
    return best


def _cut(text: str, first: int, last: int, room: int) -> Span:
    """A stretch of `room` characters that holds `first` to `last`, a third of what is to spare in front."""
    start = max(0, first - max(0, room - (last - first)) // 3)
    end = min(len(text), max(last, start + room))
    start = max(0, min(start, end - room))
    if start > 0 and not text[start - 1].isspace():
        start = next((space.end() for space in _SPACE.finditer(text, start, first)), start)
    if end < len(text) and not text[end].isspace():
        end = next((at for at in range(end - 1, last - 1, -1) if text[at].isspace()), end)
    return start, end
