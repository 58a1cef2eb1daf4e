"""Finds place names in a text. Longer phrases that only hold a name, streets, firms and persons are set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final

from classifier.atlas import Atlas, Level, Names, Referent
from classifier.mention import Before, Mention
from classifier.settling import settled
from classifier.words import Phrases, Words
from index.model import Field
from index.text import modern_tone

_UNITS: Final = (Before.PROVINCE, Before.CITY, Before.DISTRICT, Before.COMMUNE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Words around place names. `after`: as English puts the unit ("commune"); `former`: words for what was."""

    before: Mapping[Before, Sequence[str]]
    after: Mapping[Before, Sequence[str]]
    family_names: Sequence[str]
    links: Sequence[str]
    abroad: Sequence[str]
    kinds: Mapping[str, str]
    map_since: date
    """The first day of today's map of provinces and communes."""


_REACH: Final = 7
"""How many tokens before a name may say what it does there."""
_CLAUSE_ENDS: Final = frozenset(".;:!?")


class _Line:
    """A field of a text, and for each token the marks of the phrases that end there."""

    def __init__(self, field: Field, words: Words, phrases: Phrases[Before]) -> None:
        self.field = field
        self.words = words
        self.ends: dict[int, set[Before]] = defaultdict(set)
        for token in range(len(words)):
            for last, marks in phrases.at(words, token):
                self.ends[last].update(marks)

    def right_before(self, first: int) -> Set[Before]:
        return self.ends.get(first - 1, set()) if self.words.joined(first) else set()

    def said_before(self, first: int) -> Iterator[Before]:
        """What the words of the same clause say."""
        words = self.words
        for token in range(first - 1, max(-1, first - 1 - _REACH), -1):
            if words.keys[token] in _CLAUSE_ENDS or words.sentence_of[token] != words.sentence_of[first]:
                return
            yield from self.ends.get(token, set()) & _FAR


class Reader:
    """Finds mentions and settles them; built once, for all provinces."""

    def __init__(self, atlas: Atlas, grammar: Grammar) -> None:
        self._atlas = atlas
        self._before = Phrases([(word, mark) for mark, words in grammar.before.items() for word in words])
        self._after = Phrases([(word, mark) for mark, words in grammar.after.items() for word in words])
        self._families = frozenset(modern_tone(name).lower() for name in grammar.family_names)
        self._links = frozenset(modern_tone(word).lower() for word in grammar.links)
        self._cities = frozenset(kind for code, kind in grammar.kinds.items() if code in "ct")
        self._map_since = grammar.map_since
        self._abroad = Phrases([(name, True) for name in grammar.abroad])
        self._elsewhere = {
            name: Phrases([(word, True) for word in trap.elsewhere])
            for name, trap in atlas.traps.items()
            if trap.elsewhere
        }

    def read(self, fields: Mapping[Field, Words], *, on: date, folded: bool = False) -> tuple[Mention, ...]:
        """All mentions of a text of that day, title first. `folded`: it is written without marks."""
        names = self._atlas.folded if folded else self._atlas.marked
        found = [m for where, words in fields.items() for m in self._find(names, _Line(where, words, self._before))]
        return settled(found, fields, links=self._links, traps=self._atlas.traps, today=on >= self._map_since)

    def foreign_names(self, words: Words) -> int:
        """How often a text names other countries and their leaders."""
        return sum(
            self._abroad.longest_at(words, token) is not None and words.written(token)[0].isupper()
            for token in range(len(words))
        )

    # --- finding

    def _find(self, names: Names, line: _Line) -> Iterator[Mention]:
        words, token = line.words, 0
        while token < len(words):
            found = names.longest_at(words, token)
            if found is None or self._begins_longer(names, line, token, found[0]):
                token += 1
                continue
            last, values = found
            places = tuple(place for place in values if place is not None)
            # A longer phrase that is no place hides the name in it.
            mention = self._mention(line, token, last, places) if len(places) == len(values) else None
            if mention is not None:
                yield mention
            token = last + 1 if mention is not None or len(places) < len(values) else token + 1

    def _begins_longer(self, names: Names, line: _Line, token: int, last: int) -> bool:
        """Is it "xã Thuận", of which the second syllable begins "Thuận Hòa"?"""
        if last == token or not line.ends.get(token):
            return False
        following = names.longest_at(line.words, token + 1)
        return following is not None and following[0] > last

    def _mention(self, line: _Line, first: int, last: int, places: tuple[Referent, ...]) -> Mention | None:
        words = line.words
        if not _capitalised(words, first, last, places[0].name):
            return None
        before = line.right_before(first)
        # "Quận 11" is listed with its unit.
        listed: Set[Before] = line.ends.get(first, set()) if last > first else set()
        unit = _unit(listed) or _unit(before) or self._unit_after(words, last)
        if unit is not None:
            places = tuple(place for place in places if self._fits(place, unit))
        elif self._is_other(line, first, before, places):
            return None
        if not places:
            return None
        return Mention(
            field=line.field,
            first=first,
            last=last,
            sentence=words.sentence_of[first],
            places=places,
            unit=unit,
            said=frozenset(line.said_before(first)),
        )

    def _is_other(self, line: _Line, first: int, before: Set[Before], places: tuple[Referent, ...]) -> bool:
        """Without a unit before it: a street, a person, a firm, or one of the traps?"""
        if self._trapped(line.words, first, places[0].name):
            return True
        if all(place.level is Level.LANDMARK for place in places):
            return False
        return bool(before & _NO_NAME) or self._part_of_a_name(line.words, first)

    def _unit_after(self, words: Words, last: int) -> Before | None:
        if last + 1 >= len(words) or not words.joined(last + 1):
            return None
        found = self._after.longest_at(words, last + 1)
        return found[1][0] if found else None

    def _fits(self, place: Referent, unit: Before) -> bool:
        if unit is Before.CITY:
            return place.kind in self._cities
        return place.level is _LEVELS[unit]

    def _part_of_a_name(self, words: Words, first: int) -> bool:
        """Does a family or middle name stand right before: Nguyễn Hòa Bình?"""
        return (
            first > 0
            and words.joined(first)
            and words.written(first - 1)[0].isupper()
            and (words.keys[first - 1] in self._families)
        )

    def _trapped(self, words: Words, first: int, name: str) -> bool:
        hints = self._elsewhere.get(name)
        if hints is None:
            return False
        begin, end = words.sentences[words.sentence_of[first]]
        return any(hints.longest_at(words, token) is not None for token in range(begin, end + 1))


_NO_NAME: Final = frozenset({Before.NO_PLACE, Before.PERSON})
_LEVELS: Final = {
    Before.PROVINCE: Level.PROVINCE,
    Before.DISTRICT: Level.DISTRICT,
    Before.COMMUNE: Level.COMMUNE,
}
_FAR: Final = frozenset(
    {Before.LOCATED, Before.SITE, Before.SOMEONE, Before.AGENCY, Before.ORIGIN, Before.AGE, Before.ROUTE, Before.THING}
)


def _unit(marks: Set[Before]) -> Before | None:
    return next((mark for mark in _UNITS if mark in marks), None)


def _capitalised(words: Words, first: int, last: int, name: str) -> bool:
    """Has every syllable a capital that has one in the name? Figures, marks and Chinese have none."""
    syllables = name.split()[: last - first + 1]
    return not any(
        syllable[0].isupper() and words.written(last - back)[0].islower()
        for back, syllable in enumerate(reversed(syllables))
    )
