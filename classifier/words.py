"""A text as the rules read it: cut into syllables and sentences, each at its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic, TypeVar

from index.text import fold, modern_tone

# A figure with its separators, a Chinese character, a syllable, or one mark of punctuation.
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+|[^\w\s]|_")
_STOPS: Final = frozenset(".!?…。！？")
_CLOSING: Final = frozenset("\"'”’»)")
_LONGEST_ABBREVIATION: Final = 3
NUMBER: Final = "#"
LONGEST_NUMBER: Final = 12
"""Words and figures of one number, written out in full."""
"""In a phrase: any figure, in digits or in words."""

T = TypeVar("T")


@dataclass(frozen=True)
class Words:
    """The syllables and marks of a text, in order. `keys` are what is compared: lower case, tone mark where today's
    spelling puts it, never without it; `spans` are positions in the text."""

    text: str
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.keys)

    def quote(self, first: int, last: int) -> str:
        """The text from one token to another, both included."""
        return self.text[self.spans[first][0] : self.spans[last][1]]

    def written(self, token: int) -> str:
        start, end = self.spans[token]
        return self.text[start:end]

    def joined(self, token: int) -> bool:
        """Does the token follow the one before with nothing or a single space between?"""
        return token > 0 and self.text[self.spans[token - 1][1] : self.spans[token][0]] in ("", " ")

    @cached_property
    def sentence_of(self) -> tuple[int, ...]:
        """For each token the number of its sentence, from 0. A line break ends one too."""
        numbers: list[int] = []
        number = 0
        for token in range(len(self.keys)):
            if token and self._begins_sentence(token):
                number += 1
            numbers.append(number)
        return tuple(numbers)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """First and last token of each sentence."""
        ends: dict[int, tuple[int, int]] = {}
        for token, number in enumerate(self.sentence_of):
            ends[number] = (ends.get(number, (token, token))[0], token)
        return tuple(ends.values())

    def _begins_sentence(self, token: int) -> bool:
        end, start = self.spans[token - 1][1], self.spans[token][0]
        if start > end and "\n" in self.text[end:start]:
            return True
        last = token - 1
        while last > 0 and self.keys[last] in _CLOSING:
            last -= 1
        if self.keys[last] not in _STOPS:
            return False
        if self.keys[last] != ".":
            return True
        return start > end and not self.text[start].islower() and not self._abbreviated(last)

    def _abbreviated(self, stop: int) -> bool:
        if stop == 0:
            return False
        word = self.written(stop - 1)
        return word.isupper() and len(word) <= _LONGEST_ABBREVIATION and not word.isdigit()


def cut(text: str, *, folded: bool = False) -> Words:
    """`folded`: compare without marks, for names as foreign papers write them."""
    lowered = _lower(text)
    compared = fold(text) if folded else modern_tone(lowered)
    if len(compared) != len(text):
        compared = lowered
    found = [match.span() for match in _TOKEN.finditer(text)]
    return Words(text=text, keys=tuple(compared[start:end] for start, end in found), spans=tuple(found))


def _lower(text: str) -> str:
    lowered = text.lower()
    # A few letters (İ) grow in lower case; positions must stay.
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Phrases(Generic[T]):
    """Many phrases looked for at once: a tree of syllables, so a text costs the same however many there are."""

    def __init__(
        self, entries: Iterable[tuple[str, T]], *, numbers: frozenset[str] = frozenset(), folded: bool = False
    ) -> None:
        self._numbers = numbers
        self._root: dict[str, _Node[T]] = {}
        for phrase, value in entries:
            branch = self._root
            node: _Node[T] | None = None
            for key in cut(phrase, folded=folded).keys:
                node = branch.setdefault(key, _Node())
                branch = node.branches
            if node is None:
                raise ValueError(f"a phrase without a word: {phrase!r}")
            node.values.append(value)
        self._may_begin_with_number = NUMBER in self._root

    def at(self, words: Words, token: int) -> Iterable[tuple[int, list[T]]]:
        """Phrases that begin at a token, shorter ones first, as (last token, values)."""
        key = words.keys[token]
        if key not in self._root and not (self._may_begin_with_number and self._is_number(key)):
            return ()  # at most tokens nothing begins
        return self._walk(words, token, self._root)

    def longest_at(self, words: Words, token: int) -> tuple[int, list[T]] | None:
        found = None
        for found in self.at(words, token):  # noqa: B007 - the last one is wanted
            pass
        return found

    def _walk(self, words: Words, token: int, branches: dict[str, _Node[T]]) -> Iterator[tuple[int, list[T]]]:
        while token < len(words.keys):
            key = words.keys[token]
            if NUMBER in branches and self._is_number(key):
                last = self._end_of_number(words, token)
                node = branches[NUMBER]
                if node.values:
                    yield last, node.values
                yield from self._walk(words, last + 1, node.branches)
            if key not in branches:
                return
            node = branches[key]
            if node.values:
                yield token, node.values
            branches = node.branches
            token += 1

    def _is_number(self, key: str) -> bool:
        return key in self._numbers or key[0].isdigit()

    def _end_of_number(self, words: Words, token: int) -> int:
        """Longer runs are tables, and looking for their end from every cell would take the square of their length."""
        end = min(token + LONGEST_NUMBER, len(words.keys))
        while token + 1 < end and self._is_number(words.keys[token + 1]):
            token += 1
        return token


class _Node(Generic[T]):
    __slots__ = ("branches", "values")

    def __init__(self) -> None:
        self.branches: dict[str, _Node[T]] = {}
        self.values: list[T] = []
