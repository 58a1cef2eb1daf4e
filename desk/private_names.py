"""Finds words that may name a private person in a Vietnamese text, and puts others in their place. Pure.

It leans to one side: a name that is shown is worse than one that was withheld and an officer puts back. Names of
officials with their office, of places, streets, schools and firms stand. All words it goes by come in as `PersonWords`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from desk.syllables import Phrases, Syllables, key, keys

LONGEST_NAME: Final = 5
"""Syllables in a name."""
_WHOLE: Final = 2
"""A family name and a given one; a third syllable makes sure of a family name that is also a word."""
_LONGEST_OFFICE: Final = 14
_CLAUSE_END: Final = re.compile(r"(?:^|[.!?…:;,(\n\"“‘'–—-])[\s\"“‘'(]*$")
_AFTER_NAME: Final = re.compile(r"\s*[,(:–—-]\s*")
_REST: Final = re.compile(r"\.|(?:-\w+)+")
"""What belongs to a name behind its last syllable: the dot of an initial, the rest of Lip-Bu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """The words of `config/lexicon/persons.yaml`, which says what each list is."""

    surnames: Collection[str]
    rare_surnames: Collection[str]
    honorifics: Mapping[str, str]
    people: Collection[str]
    offices: Collection[str]
    heads: Collection[str]
    bodies: Collection[str]
    agency_words: Collection[str]
    links: Collection[str]
    former: Collection[str]
    things: Collection[str]
    standing: Collection[str]
    age: Collection[str]
    origin: Collection[str]
    instead: str
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who an article names: the given names of private persons and of officials, by which it calls them again."""

    private: frozenset[tuple[str, ...]] = frozenset()
    official: frozenset[tuple[str, ...]] = frozenset()


NOBODY: Final = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Words that name somebody: the characters `start` to `end`, with the word that calls them so.

    `instead` is what to say in their place.
    """

    start: int
    end: int
    instead: str


class _Mention(NamedTuple):
    """Tokens `first` to `last` name somebody, `begin` is where the honorific before them begins."""

    begin: int
    first: int
    last: int
    official: bool
    instead: str | None


class PrivateNames:
    """Built once for a province; `places` are names of places, which are nobody's where they stand alone."""

    def __init__(self, words: PersonWords, places: Collection[str]) -> None:
        self._words = words
        self._surnames = frozenset(map(key, words.surnames))
        self._rare = frozenset(map(key, words.rare_surnames))
        self._agency = frozenset(map(key, words.agency_words))
        self._links = frozenset(map(key, words.links))
        self._honorifics = Phrases(words.honorifics)
        self._instead = {keys(word): instead for word, instead in words.honorifics.items()}
        self._people = Phrases(words.people)
        self._offices = Phrases(words.offices)
        self._heads = Phrases(words.heads)
        self._bodies = Phrases(words.bodies, capitals=True)
        self._former = Phrases(words.former)
        self._things = Phrases(words.things)
        self._standing = Phrases([*words.standing, *places], capitals=True)
        years, origins = (
            "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(listed, key=len, reverse=True))
            for listed in (words.age, words.origin)
        )
        self._age = re.compile(rf"\s*[,(–-]?\s*(?:\d{{1,3}}\s*(?:{years})|(?:{origins}))(?!\w)", re.IGNORECASE)

    def known(self, text: str) -> Known:
        """Who a whole article names, so that its headline can be read with it."""
        line = Syllables(text)
        private: set[tuple[str, ...]] = set()
        official: set[tuple[str, ...]] = set()
        for mention in self._mentions(line):
            (official if mention.official else private).update(self._given(line, mention))
        return Known(private=frozenset(private), official=frozenset(official - private))

    def find(self, text: str, known: Known = NOBODY) -> tuple[Name, ...]:
        """The words that may name a private person, in order; none overlap."""
        line = Syllables(text)
        mentions = [m for m in self._mentions(line) if not m.official]
        private = known.private.union(*(self._given(line, m) for m in mentions)) if mentions else known.private
        mentions = [m for m in mentions if not self._is_official_again(line, m, known.official - private)]
        mentions += self._again(line, mentions, private)
        return tuple(self._name(line, mention) for mention in sorted(mentions))

    def withhold(self, text: str, known: Known = NOBODY) -> tuple[str, bool]:
        """The text without these words, and whether there were any."""
        names = self.find(text, known)
        for name in reversed(names):
            before = text[: name.start] if name.instead else text[: name.start].rstrip(" ")
            text = before + name.instead + text[name.end :]
        return text, bool(names)

    # --- finding

    def _mentions(self, line: Syllables) -> Iterator[_Mention]:
        taken: set[int] = set()
        i = 0
        while i < len(line.tokens):
            length = self._standing_at(line, i)
            if length:
                i += length
                continue
            mention = self._mention(line, i, taken)
            if mention is None:
                i = self._past_thing(line, i)
                continue
            yield mention
            taken.update(range(mention.first, mention.last + 1))
            i = mention.last + 1

    def _mention(self, line: Syllables, i: int, taken: set[int]) -> _Mention | None:
        if not line.is_name_like(i):
            return None
        called = self._called(line, i)
        role = self._people.ending(line, i - 1) if line.follows(i) else 0
        begin = i - called
        office = self._office_before(line, begin, taken)
        thing = self._thing(line, i) > max(called, role) and office is None
        if thing or (self._begins_other(line, i) and not (called and line.initials(i))):
            return None
        held = line.follows(i) and line.tokens[i].key not in self._agency and self._offices.ending(line, i - 1)
        last = self._last(line, i, called=bool(called or role or held))
        if last is None:
            return None
        official = office or (office is None and self._office_after(line, last))
        return _Mention(begin, i, last, official, self._said_instead(line, i, called, role))

    def _last(self, line: Syllables, i: int, *, called: bool) -> int | None:
        """Where the name that begins at `i` ends; None if none begins there."""
        initials = line.initials(i)
        if initials > 1 or (initials and called):
            return i + initials - 1
        last = i
        while last + 1 < len(line.tokens) and line.goes_on(last + 1):
            if last - i >= LONGEST_NAME - 1 or self._ends_before(line, last + 1):
                break
            if last - i >= _WHOLE and self._standing_at(line, last + 1) >= _WHOLE:
                break
            last += 1
        syllables = last - i + 1
        age = self._age.match(line.text, line.tokens[last].end)
        if called or (age and (syllables >= _WHOLE or not age.group().startswith(" "))):
            return last
        first = line.keys(i, i)
        rare = first[0] in self._rare
        if (not rare and first[0] not in self._surnames) or syllables < (_WHOLE + rare):
            return None
        # "Hồ Na Hang" is a lake, "Từ Hà Nội" no name at all.
        is_word = (rare or self._things.holds(first)) and self._standing_at(line, i + 1)
        return None if is_word else last

    def _called(self, line: Syllables, i: int) -> int:
        """How many syllables of an honorific stand right before; a capital one within a sentence is part of a name."""
        length = self._honorifics.ending(line, i - 1) if line.follows(i) else 0
        if length and line.tokens[i - length].text[0].isupper() and not line.begins_sentence(i - length):
            return 0
        return length

    def _standing_at(self, line: Syllables, i: int) -> int:
        """How many syllables a place or another known name has that begins here and is nobody's."""
        length = self._standing.starting(line, i)
        if not length:
            return 0
        following = i + length
        goes_on = (
            following < len(line.tokens)
            and line.is_joined(following)
            and line.is_name_like(following)
            and line.tokens[following].key not in self._surnames
            and not self._begins_other(line, following)
            and not self._standing.starting(line, following)
        )
        named = self._called(line, i) > (self._people.ending(line, i - 1) if i else 0)
        return 0 if goes_on or named else length

    def _begins_other(self, line: Syllables, i: int) -> bool:
        """Does a street, a body or an office begin here, as in "Trường THPT", "Sở Y tế"?"""
        followed = i + 1 < len(line.tokens) and line.is_joined(i + 1)
        if line.tokens[i].key in self._surnames | self._rare and not (followed and self._surname_at(line, i + 1)):
            return False
        others = (self._things, self._bodies, self._offices, self._heads, self._people)
        return any(phrases.starting(line, i) for phrases in others)

    def _ends_before(self, line: Syllables, i: int) -> bool:
        """Does a name end where another word begins? One capital syllable (Trường, Kiệt) may be the name's own."""
        return any(
            phrases.starting(line, i) > 1 or (phrases.starting(line, i) and line.tokens[i].text.isupper())
            for phrases in (self._things, self._bodies, self._offices, self._heads)
        )

    def _surname_at(self, line: Syllables, i: int) -> bool:
        return line.is_name_like(i) and line.tokens[i].key in self._surnames

    def _thing(self, line: Syllables, i: int) -> int:
        """How many syllables right before say that a street, a firm or a house is named here; its number may follow."""
        if not line.follows(i):
            return 0
        length = self._things.ending(line, i - 1)
        if not length and line.tokens[i - 1].text[0].isdigit() and line.is_joined(i - 1):
            length = self._things.ending(line, i - 2)
        return length

    def _past_thing(self, line: Syllables, i: int) -> int:
        """Past this token, and past the whole name of a street or a firm."""
        return 1 + (line.run(i) if self._thing(line, i) else i)

    # --- officials

    def _office_before(self, line: Syllables, begin: int, taken: set[int]) -> bool | None:
        """Does somebody hold the office that leads up to the name, of which all between them is a part: Chủ tịch UBND
        xã Ninh Lai …? False where they have left it, None where there is none."""
        body = False
        for k in range(begin - 1, max(-1, begin - 1 - _LONGEST_OFFICE), -1):
            if k in taken or not line.is_close(k + 1):
                return None
            body = body or bool(self._bodies.ending(line, k))
            length = self._offices.ending(line, k) or (self._heads.ending(line, k) if body else 0)
            if length:
                return not (k >= length and self._former.ending(line, k - length))
            token = line.tokens[k]
            linked = token.key in self._links and k + 1 < begin and line.tokens[k + 1].key in self._agency
            if not (token.key in self._agency or line.is_name_like(k) or token.text.isupper() or linked):
                return None
        return None

    def _office_after(self, line: Syllables, last: int) -> bool:
        following = last + 1
        if following >= len(line.tokens) or not _AFTER_NAME.fullmatch(line.between(following)):
            return False
        if self._offices.starting(line, following):
            return True
        head = self._heads.starting(line, following)
        reach = range(following + head, min(following + head + 3, len(line.tokens)))
        return bool(head) and any(self._bodies.starting(line, k) for k in reach)

    # --- persons met again

    def _given(self, line: Syllables, mention: _Mention) -> Iterator[tuple[str, ...]]:
        """By what somebody with a whole name is called again: the last syllable or the last two."""
        called = line.keys(mention.first, mention.last)
        if len(called) < _WHOLE or len(called[-1]) == 1:
            return
        if len(called) > _WHOLE:
            yield called[-2:]
        if not self._honorifics.holds(called[-1:]) and not self._standing.holds(called[-1:]):
            yield called[-1:]

    def _is_official_again(self, line: Syllables, mention: _Mention, official: Collection[tuple[str, ...]]) -> bool:
        called = line.keys(mention.first, mention.last)
        return called in official or (len(called) > _WHOLE and called[-2:] in official)

    def _again(
        self, line: Syllables, mentions: Sequence[_Mention], private: Collection[tuple[str, ...]]
    ) -> Iterator[_Mention]:
        """Given names that stand alone."""
        taken = {token for mention in mentions for token in range(mention.first, mention.last + 1)}
        i = 0
        while i < len(line.tokens):
            last = line.run(i)
            if line.is_name_like(i) and not taken & {i, last} and line.keys(i, last) in private:
                yield _Mention(i, i, last, official=False, instead=None)
            i = last + 1

    # --- what is said in their place

    def _said_instead(self, line: Syllables, i: int, called: int, role: int) -> str | None:
        if called >= role and called:
            return self._instead[line.keys(i - called, i - 1)]
        return "" if role else None

    def _name(self, line: Syllables, mention: _Mention) -> Name:
        start = line.tokens[mention.begin].start
        end = line.tokens[mention.last].end
        rest = _REST.match(line.text, end)
        if rest and (rest.group() != "." or len(line.tokens[mention.last].text) == 1):
            end = rest.end()
        instead = mention.instead
        if instead is None:
            opens = _CLAUSE_END.search(line.text[:start])
            instead = self._words.instead if opens else self._words.withheld
        if line.begins_sentence(mention.begin):
            instead = instead[:1].upper() + instead[1:]
        return Name(start=start, end=end, instead=instead)
