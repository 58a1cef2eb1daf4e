"""Finds words that may name a private person in a Vietnamese text, and puts others in their place. Pure.

It leans to one side: a name that is shown is worse than one that was withheld and an officer puts back. Names of
officials with their office, of places, streets, schools and firms stand. All words it goes by come in as `PersonWords`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from desk.offices import Offices
from desk.person_words import PersonWords
from desk.syllables import Phrases, Syllables, key, keys
from index.text import fold

LONGEST_NAME: Final = 5
"""Syllables in a name."""
_WHOLE: Final = 2
"""A family name and a given one; a third syllable makes sure of a family name that is also a word."""
LONGEST_READ: Final = 20_000
"""Characters of an article in which `known` looks for who it names."""
_BEHIND: Final = 40
"""Characters before a name that tell whether it opens a clause."""
_CLAUSE_END: Final = re.compile(r"(?:^|[.!?…:;,(\n\"“‘'–—-])[\s\"“‘'(]*$")
_SYLLABLE: Final = re.compile(r"[bcdghklmnpqrstvx]{0,3}[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")
"""A Vietnamese syllable without its marks."""
_REST: Final = re.compile(r"\.|(?:-\w+)+")
"""What belongs to a name behind its last syllable: the dot of an initial, the rest of Lip-Bu."""


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
    """Tokens `first` to `last` name somebody, `begin` is where the honorific before them begins.

    `plain`: called as nobody is for an office: as a child, by what they are, with their age. `beside`: named behind
    an office that they have left or that is a relation's, or whose holder is meant after all.
    """

    begin: int
    first: int
    last: int
    official: bool
    plain: bool
    beside: bool
    instead: str | None


class PrivateNames:
    """Built once for a province; `places` are names of places, which are nobody's where they stand alone."""

    def __init__(self, words: PersonWords, places: Collection[str]) -> None:
        self._words = words
        self._surnames = frozenset(map(key, words.surnames))
        self._rare = frozenset(map(key, words.rare_surnames))
        self._middle = frozenset(map(key, words.middle_names))
        self._honorifics = Phrases(words.honorifics)
        self._instead = {keys(word): instead for word, instead in words.honorifics.items()}
        self._official_honorifics = frozenset(map(keys, words.official_honorifics))
        self._people = Phrases(words.people)
        self._offices = Offices(words)
        self._things = Phrases(words.things)
        self._standing = Phrases([*words.standing, *places], capitals=True)
        years, origins = (
            "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(listed, key=len, reverse=True))
            for listed in (words.age, words.origin)
        )
        self._age = re.compile(rf"\s*[,(–-]?\s*(?:\d{{1,3}}\s*(?:{years})|(?:{origins}))(?!\w)", re.IGNORECASE)

    def known(self, text: str) -> Known:
        """Who an article names in its first `LONGEST_READ` characters, so that its headline can be read with it."""
        line = Syllables(text[:LONGEST_READ])
        mentions = list(self._mentions(line))
        official = frozenset(called for m in mentions if m.official for called in self._given(line, m))
        private = self._private(line, mentions, official)
        return Known(private=private, official=official - private)

    def find(self, text: str, known: Known = NOBODY) -> tuple[Name, ...]:
        """The words that may name a private person, in order; none overlap."""
        line = Syllables(text)
        mentions = list(self._mentions(line))
        private = known.private | self._private(line, mentions, known.official)
        official = known.official - private
        found = [m for m in mentions if not m.official and not self._is_official_again(line, m, official)]
        taken = {token for m in mentions if m.official for token in range(m.first, m.last + 1)}
        found += self._again(line, found, private, taken)
        return tuple(self._name(line, mention) for mention in sorted(found))

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
        if not line.is_name_like(i) or self._calls(line, i):
            return None
        called = self._called(line, i)
        role = self._people.ending(line, i - 1) if line.follows(i) else 0
        if role > called:
            # The "em" of "anh em" calls nobody.
            called = 0
        begin = i - called
        office = self._offices.before(line, begin, taken)
        thing = self._thing(line, i) > max(called, role) and office is None
        initial = line.initials(i) and (called or (role and not self._numbers(line, i)))
        if (thing and not self._is_firms_head(line, i)) or (self._begins_other(line, i) and not initial):
            return None
        last = self._last(line, i, called=bool(called or role or self._offices.is_held(line, i)))
        if last is None:
            return None
        official = office or (office is None and self._offices.after(line, last))
        honorific = line.keys(i - called, i - 1)
        plain = bool(role or (called and honorific not in self._official_honorifics) or self._aged(line, last))
        instead = self._instead[honorific] if called else "" if role else None
        return _Mention(begin, i, last, official, plain, office is False, instead)

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
        age = self._aged(line, last)
        if called or (age and (syllables >= _WHOLE or not age.group().startswith(" "))):
            return last
        first = line.keys(i, i)
        rare = first[0] in self._rare
        if (not rare and first[0] not in self._surnames) or syllables < (_WHOLE + rare):
            return None
        # "Hồ Na Hang" is a lake, "Từ Hà Nội" no name at all.
        is_word = (rare or self._things.holds(first)) and self._standing_at(line, i + 1)
        return None if is_word else last

    def _aged(self, line: Syllables, last: int) -> re.Match[str] | None:
        """The age, or where somebody lives, right behind a name and the dot of its last initial."""
        end = line.tokens[last].end
        dot = len(line.tokens[last].text) == 1 and line.text.startswith(".", end)
        return self._age.match(line.text, end + dot)

    def _numbers(self, line: Syllables, i: int) -> bool:
        """Does a place follow this initial: "H. Yên Sơn", "Q.7"?"""
        following = i + 1
        if following >= len(line.tokens) or not line.follows(following):
            return False
        return line.is_name_like(following) or line.tokens[following].text[0].isdigit()

    def _called(self, line: Syllables, i: int) -> int:
        """How many syllables of an honorific stand right before; a capital one within a sentence is part of a name."""
        length = self._honorifics.ending(line, i - 1) if line.follows(i) else 0
        if length and line.tokens[i - length].text[0].isupper() and not line.begins_sentence(i - length):
            return 0
        return length

    def _calls(self, line: Syllables, i: int) -> bool:
        """Does a sentence begin here with an honorific and a name?"""
        following = i + self._honorifics.starting(line, i)
        named = i < following < len(line.tokens) and line.is_joined(following) and line.is_name_like(following)
        return named and line.begins_sentence(i)

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
        others = (self._things, self._offices, self._people)
        return any(phrases.starting(line, i) for phrases in others)

    def _ends_before(self, line: Syllables, i: int) -> bool:
        """Does a name end where another word begins? One capital syllable (Trường, Kiệt) may be the name's own."""
        return any(
            phrases.starting(line, i) > 1 or (phrases.starting(line, i) and line.tokens[i].text.isupper())
            for phrases in (self._things, self._offices)
        )

    def _begins_word(self, line: Syllables, i: int) -> bool:
        """Does a word of several syllables begin here, as "Thành phố" where somebody is called Thành?"""
        return max(phrases.starting(line, i) for phrases in (self._things, self._offices, self._standing)) > 1

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
        """Past this token, and past the whole name of a street or a firm; not past who heads that firm."""
        if not self._thing(line, i):
            return i + 1
        last = line.run(i)
        if last - i > _WHOLE and self._offices.firms_head(line, i):
            return next((k for k in range(i + 1, last) if self._surname_at(line, k)), last + 1)
        return last + 1

    def _is_firms_head(self, line: Syllables, i: int) -> bool:
        """Does this name stand where a firm's would, and is who heads it: Chủ nhiệm HTX Bàn Văn …?"""
        middle = i + 1 < len(line.tokens) and line.is_joined(i + 1) and line.tokens[i + 1].key in self._middle
        return middle and self._surname_at(line, i) and self._offices.firms_head(line, i)

    # --- persons met again

    def _given(self, line: Syllables, mention: _Mention) -> Iterator[tuple[str, ...]]:
        """By what somebody is called again: the last syllable or the last two; an official by the whole name too.

        A single syllable is surely a name only where the words around it say so.
        """
        called = line.keys(mention.first, mention.last)
        if len(called[-1]) == 1 or (len(called) < _WHOLE and not self._is_given(mention, called[0])):
            return
        if mention.official:
            yield called
        if len(called) > _WHOLE:
            yield called[-2:]
        if not self._honorifics.holds(called[-1:]) and not self._standing.holds(called[-1:]):
            yield called[-1:]

    def _is_given(self, mention: _Mention, name: str) -> bool:
        """Is the one syllable by which a mention calls somebody a name? What they are may stand before a country."""
        return mention.plain and (mention.instead != "" or _SYLLABLE.fullmatch(fold(name)) is not None)

    def _private(
        self, line: Syllables, mentions: Iterable[_Mention], official: Collection[tuple[str, ...]]
    ) -> frozenset[tuple[str, ...]]:
        """By what the private persons among these are called again."""
        private = (
            m for m in mentions if not m.official and not (m.beside and self._is_official_again(line, m, official))
        )
        return frozenset(called for m in private for called in self._given(line, m))

    def _is_official_again(self, line: Syllables, mention: _Mention, official: Collection[tuple[str, ...]]) -> bool:
        return not mention.plain and line.keys(mention.first, mention.last) in official

    def _again(
        self,
        line: Syllables,
        mentions: Sequence[_Mention],
        private: Collection[tuple[str, ...]],
        officials: Collection[int],
    ) -> Iterator[_Mention]:
        """Given names that stand alone, and not where an official is named."""
        taken = {*officials} | {token for mention in mentions for token in range(mention.first, mention.last + 1)}
        i = 0
        while i < len(line.tokens):
            last = line.run(i)
            is_free = line.is_name_like(i) and not taken & {i, last}
            if is_free and line.keys(i, last) in private and not self._begins_word(line, i):
                yield _Mention(i, i, last, official=False, plain=True, beside=False, instead=None)
            i = last + 1

    # --- what is said in their place

    def _name(self, line: Syllables, mention: _Mention) -> Name:
        start = line.tokens[mention.begin].start
        end = line.tokens[mention.last].end
        rest = _REST.match(line.text, end)
        if rest and (rest.group() != "." or len(line.tokens[mention.last].text) == 1):
            end = rest.end()
        instead = mention.instead
        if instead is None:
            opens = _CLAUSE_END.search(line.text, max(0, start - _BEHIND), start)
            instead = self._words.instead if opens else self._words.withheld
        if line.begins_sentence(mention.begin):
            instead = instead[:1].upper() + instead[1:]
        return Name(start=start, end=end, instead=instead)
