"""A text as syllables, and phrases found among them: Vietnamese writes a word as one or several. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from index.text import modern_tone

_SYLLABLE: Final = re.compile(r"[^\W_]+")
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?…\n])[\s\"“‘'(]*$")
_WITHIN: Final = re.compile(r" |[ ]?[\"'“”‘’][ ]?")
"""What may stand between two syllables of a phrase, or between a word and the name it belongs to."""
_DASH: Final = re.compile(r"\s*[-–—]\s*")
_LONGEST_ABBREVIATION: Final = 3
_MOSTLY: Final = 0.7
_BEHIND: Final = 40
"""Characters before a syllable that tell whether it begins a sentence."""


class Token(NamedTuple):
    """One syllable: its characters `start` to `end`, as written, and as it is compared."""

    start: int
    end: int
    text: str
    key: str


class Syllables:
    """A text as tokens, with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [Token(m.start(), m.end(), m.group(), key(m.group())) for m in _SYLLABLE.finditer(text)]
        self._gaps = ["", *(text[left.end : right.start] for left, right in pairwise(self.tokens))]
        self._follows = [False, *(self._belongs(i) for i in range(1, len(self.tokens)))]

    def _belongs(self, i: int) -> bool:
        before, gap = self.tokens[i - 1].text, self._gaps[i]
        if gap.startswith("."):
            # "TP. Tuyên Quang", "TS.BS"; a longer word before a dot ends a sentence.
            return len(gap.rstrip(" ")) == 1 and len(before) <= _LONGEST_ABBREVIATION and before[0].isupper()
        return _WITHIN.fullmatch(gap) is not None

    @cached_property
    def _shouts(self) -> bool:
        letters = [letter for letter in self.text if letter.isalpha()]
        return sum(map(str.isupper, letters)) > _MOSTLY * len(letters)

    def between(self, i: int) -> str:
        return self._gaps[i]

    def is_joined(self, i: int) -> bool:
        return self._gaps[i] == " "

    def follows(self, i: int) -> bool:
        """Does this token belong to the words before it?"""
        return self._follows[i]

    def is_close(self, i: int) -> bool:
        """… or is no more than a dash or a comma between them?"""
        return self._follows[i] or self._gaps[i] == ", " or _DASH.fullmatch(self._gaps[i]) is not None

    def is_name_like(self, i: int) -> bool:
        """A capital and small letters; capitals alone in a text that has small letters too."""
        text = self.tokens[i].text
        if not text[0].isupper():
            return False
        if len(text) == 1 or text[1:].islower():
            return True
        return text.isalpha() and text.isupper() and (self._shouts or self._beside_capitals(i))

    def _beside_capitals(self, i: int) -> bool:
        """Is a capital word beside another one, as in a name that is set in capitals?"""
        return any(
            0 <= k < len(self.tokens) and self.tokens[k].text.isupper() and self.is_joined(max(k, i))
            for k in (i - 1, i + 1)
        )

    def goes_on(self, i: int) -> bool:
        """Does a name that has begun before go on here: Al-Herbish?"""
        return (self.is_joined(i) or self._gaps[i] == "-") and self.is_name_like(i)

    def initials(self, i: int) -> int:
        """How many single capital letters with dots between them begin here: N.V.A."""
        count = 0
        while (
            i + count < len(self.tokens)
            and len(self.tokens[i + count].text) == 1
            and self.tokens[i + count].text.isupper()
            and (count == 0 or self.between(i + count) == ".")
        ):
            count += 1
        return count

    def keys(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(token.key for token in self.tokens[first : last + 1])

    def run(self, i: int) -> int:
        """Where the run of capital words ends that holds this one."""
        if self.is_name_like(i):
            while i + 1 < len(self.tokens) and self.is_joined(i + 1) and self.is_name_like(i + 1):
                i += 1
        return i

    def begins_sentence(self, i: int) -> bool:
        start = self.tokens[i].start
        return _SENTENCE_END.search(self.text, max(0, start - _BEHIND), start) is not None


class Phrases:
    """A list of phrases, found by whole syllables; `capitals`: only with the capitals they are written with."""

    def __init__(self, phrases: Iterable[str], *, capitals: bool = False) -> None:
        self._capitals = capitals
        self._written = {keys(phrase): _SYLLABLE.findall(phrase) for phrase in phrases}
        # The lengths of the phrases that begin or end with a syllable, longest first.
        self._by_first: dict[str, dict[int, None]] = {}
        self._by_last: dict[str, dict[int, None]] = {}
        for length in sorted({len(written) for written in self._written}, reverse=True):
            for written in self._written:
                if len(written) == length:
                    for lengths, end in ((self._by_first, written[0]), (self._by_last, written[-1])):
                        lengths.setdefault(end, {})[length] = None

    def holds(self, keys: tuple[str, ...]) -> bool:
        return keys in self._written

    def starting(self, line: Syllables, i: int) -> int:
        """The length of the longest phrase that begins here, 0 if none."""
        lengths = self._by_first.get(line.tokens[i].key, ())
        left = len(line.tokens) - i
        return next((length for length in lengths if length <= left and self._is_at(line, i, length)), 0)

    def ending(self, line: Syllables, i: int) -> int:
        """The length of the longest phrase that ends here."""
        lengths = self._by_last.get(line.tokens[i].key, ())
        return next((length for length in lengths if length <= i + 1 and self._is_at(line, i - length + 1, length)), 0)

    def _is_at(self, line: Syllables, i: int, length: int) -> bool:
        phrase = self._written.get(line.keys(i, i + length - 1))
        if phrase is None or not all(map(line.follows, range(i + 1, i + length))):
            return False
        return not self._capitals or all(
            token.text[0].isupper() or not word[0].isupper()
            for token, word in zip(line.tokens[i : i + length], phrase, strict=True)
        )


def key(syllable: str) -> str:
    return modern_tone(syllable.lower())


def keys(phrase: str) -> tuple[str, ...]:
    return tuple(map(key, _SYLLABLE.findall(phrase)))
