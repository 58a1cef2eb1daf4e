"""Tells whether a name stands with an office of the state or the Party, which its holder is named with. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from desk.person_words import PersonWords
from desk.syllables import Phrases, Syllables, key

_LONGEST_OFFICE: Final = 14
_LONGEST_FIRM: Final = 8
_FAR_RELATION: Final = 4
"""Syllables between a relation and the small word that leads on to an office: "Con trai 17 tuổi của …"."""
_AFTER_NAME: Final = re.compile(r"\s*[,(:–—-]\s*")


class Offices:
    def __init__(self, words: PersonWords) -> None:
        self._offices = Phrases(words.offices)
        self._heads = Phrases(words.heads)
        self._bodies = Phrases(words.bodies, capitals=True)
        self._former = Phrases(words.former)
        self._relations = Phrases(words.relations)
        self._unrelated = Phrases(words.unrelated)
        self._things = Phrases(words.things)
        self._firms = Phrases(words.firms)
        self._of = frozenset(map(key, words.of))
        self._agency = frozenset(map(key, words.agency_words))
        self._links = frozenset(map(key, words.links))

    def starting(self, line: Syllables, i: int) -> int:
        """How many syllables an office or a body has that begins here."""
        return max(phrases.starting(line, i) for phrases in (self._offices, self._heads, self._bodies))

    def is_held(self, line: Syllables, i: int) -> bool:
        """Is an office named right before?"""
        return line.follows(i) and line.tokens[i].key not in self._agency and bool(self._offices.ending(line, i - 1))

    def before(self, line: Syllables, begin: int, taken: Collection[int]) -> bool | None:
        """Does somebody hold the office that leads up to the name, of which all between them is a part: Chủ tịch UBND
        xã Ninh Lai …? False where they have left it or only belong to who holds it, None where there is none."""
        body = False
        for k in range(begin - 1, max(-1, begin - 1 - _LONGEST_OFFICE), -1):
            if k in taken or not line.is_close(k + 1) or self._firms.ending(line, k):
                return None
            body = body or bool(self._bodies.ending(line, k))
            length = self._offices.ending(line, k) or (self._heads.ending(line, k) if body else 0)
            if length:
                return not self._is_anothers(line, k - length + 1)
            token = line.tokens[k]
            linked = token.key in self._links and k + 1 < begin and line.tokens[k + 1].key in self._agency
            if not (token.key in self._agency or line.is_name_like(k) or token.text.isupper() or linked):
                return None
        return None

    def after(self, line: Syllables, last: int) -> bool:
        """Does an office follow the name, behind a comma or the like?"""
        following = last + 1
        if following >= len(line.tokens) or not _AFTER_NAME.fullmatch(line.between(following)):
            return False
        if self._offices.starting(line, following):
            return True
        head = self._heads.starting(line, following)
        if not head or (following + head < len(line.tokens) and self._firms.starting(line, following + head)):
            return False
        reach = range(following + head, min(following + head + 3, len(line.tokens)))
        return any(self._bodies.starting(line, k) for k in reach)

    def firms_head(self, line: Syllables, i: int) -> bool:
        """Is the firm whose name begins here named with who heads it: Giám đốc Công ty TNHH …?"""
        firm = False
        k = i - 1
        while k >= max(0, i - _LONGEST_FIRM) and line.follows(k + 1):
            if self._heads.ending(line, k):
                return firm
            length = self._firms.ending(line, k)
            firm = firm or bool(length)
            length = length or self._things.ending(line, k)
            if not length and not line.tokens[k].text[0].isupper():
                return False
            k -= length or 1
        return False

    def _is_anothers(self, line: Syllables, i: int) -> bool:
        """Is the office that begins here somebody's who has left it, or is a relation's of the person named?"""
        if i and self._former.ending(line, i - 1):
            return True
        led = i
        while led and line.follows(led) and line.tokens[led - 1].key in self._of:
            led -= 1
        reach = _FAR_RELATION if led < i else 0
        for k in range(led - 1, max(-1, led - 2 - reach), -1):
            if not line.follows(k + 1):
                return False
            if self._relations.ending(line, k) > self._unrelated.ending(line, k):
                return True
        return False
