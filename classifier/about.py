"""How a text names a territory, as features: each a fact that can be shown, between 0 and a small number."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from classifier.atlas import Level, Territory
from classifier.cues import Hit
from classifier.mention import Before, Mention, Rule
from classifier.words import Words
from index.model import Field

_LEAD: Final = 60
"""Tokens of the text that count as its lead."""
_LIST: Final = 5
"""Provinces in one sentence that make it a list."""
_BRACKET_REACH: Final = 12
_SHORTEST_SIGNATURE: Final = 3
_HARM: Final = ("harm.life", "harm.order")
_SPORT: Final = "context.sport"
_BULLETIN: Final = "context.bulletin"
_NATION: Final = "context.nation"
_DASHES: Final = frozenset("-–")


@dataclass(frozen=True)
class Scene:
    """A text, the places it names and the territory asked about. Not slotted: its facts are computed once."""

    title: Words
    text: Words
    mentions: tuple[Mention, ...]
    hits: Mapping[str, tuple[Hit, ...]]
    territory: Territory
    foreign: int
    """How often other countries are named."""

    def words(self, mention: Mention) -> Words:
        return self.title if mention.field is Field.TITLE else self.text

    @cached_property
    def settled(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.rule is not Rule.OPEN)

    @cached_property
    def home(self) -> tuple[Mention, ...]:
        return tuple(m for m in self.settled if all(self.territory.holds(place) for place in m.places))

    @cached_property
    def away(self) -> tuple[Mention, ...]:
        return tuple(m for m in self.settled if not any(self.territory.holds(place) for place in m.places))

    @cached_property
    def telling(self) -> tuple[Mention, ...]:
        """Mentions of home that say something about it: neither somebody's origin nor one name of a list."""
        return tuple(m for m in self.home if not self.is_origin(m) and not self.is_listed(m))

    @cached_property
    def away_counts(self) -> Counter[str]:
        return Counter(m.places[0].area or m.places[0].province for m in self.away if not self.is_origin(m))

    @cached_property
    def harmed(self) -> frozenset[int]:
        """Sentences of the text in which somebody or something comes to harm."""
        return frozenset(
            self.text.sentence_of[hit.first]
            for group in _HARM
            for hit in self.hits.get(group, ())
            if hit.field is Field.TEXT
        )

    def is_origin(self, mention: Mention) -> bool:
        """Does it say where a person is from, not where something happened?"""
        if Before.AGENCY in mention.said:
            return False
        if Before.ORIGIN in mention.said or self._signs(mention):
            return True
        return Before.AGE in mention.said and self._bracketed(mention)

    def is_listed(self, mention: Mention) -> bool:
        """One of many provinces of a sentence, and only named."""
        return not _is_child(self, mention) and self.companions(mention) >= _LIST

    def companions(self, mention: Mention) -> int:
        """Provinces that the sentence names."""
        return len(self._provinces_by_sentence[mention.field, mention.sentence])

    def is_route(self, mention: Mention) -> bool:
        words = self.words(mention)
        dashed = (mention.first > 0 and words.keys[mention.first - 1] in _DASHES) or (
            mention.first > 0 and mention.last + 1 < len(words) and words.keys[mention.last + 1] in _DASHES
        )
        return Before.ROUTE in mention.said or dashed

    @cached_property
    def _provinces_by_sentence(self) -> Mapping[tuple[Field, int], set[str]]:
        named: dict[tuple[Field, int], set[str]] = defaultdict(set)
        for mention in self.settled:
            place = mention.places[0]
            if place.level is Level.PROVINCE:
                named[mention.field, mention.sentence].add(place.area or place.province)
        return named

    def _signs(self, mention: Mention) -> bool:
        """Does it stand behind a reader's name: (Thu Hà, Phú Thọ)?"""
        words = self.words(mention)
        after = words.keys[mention.last + 1] if mention.last + 1 < len(words) else ""
        if after != ")" or mention.first < _SHORTEST_SIGNATURE or words.keys[mention.first - 1] != ",":
            return False
        name = mention.first - 2
        taken = any(m.field is mention.field and m.first <= name <= m.last for m in self.settled)
        return not taken and words.written(name)[0].isupper() and self._bracketed(mention)

    def _bracketed(self, mention: Mention) -> bool:
        words = self.words(mention)
        for token in range(mention.first - 1, max(-1, mention.first - 1 - _BRACKET_REACH), -1):
            if words.keys[token] in "()":
                return words.keys[token] == "("
        return False


def features(scene: Scene) -> Mapping[str, float]:
    """Every feature with its value; names are those of the table of weights."""
    return {name: float(value(scene)) for name, value in FEATURES.items()}


def _any(test: Callable[[Scene, Mention], bool]) -> Callable[[Scene], bool]:
    return lambda scene: any(test(scene, mention) for mention in scene.telling)


def _in_title(_: Scene, mention: Mention) -> bool:
    return mention.field is Field.TITLE


def _opens_title(scene: Scene, mention: Mention) -> bool:
    return _in_title(scene, mention) and mention.first <= 1


def _in_lead(_: Scene, mention: Mention) -> bool:
    return mention.field is Field.TEXT and mention.first < _LEAD


def _in_first_sentence(_: Scene, mention: Mention) -> bool:
    return mention.field is Field.TEXT and mention.sentence == 0


def _heads(scene: Scene, mention: Mention) -> bool:
    """A title that begins "Tuyên Quang:", a dateline."""
    words = scene.words(mention)
    after = words.keys[mention.last + 1] if mention.last + 1 < len(words) else ""
    return after == ":" if mention.field is Field.TITLE else mention.first <= 1 and after in ("-", "–", ")")


def _said(mark: Before) -> Callable[[Scene], bool]:
    return _any(lambda _, mention: mark in mention.said)


def _is_child(_: Scene, mention: Mention) -> bool:
    return all(place.level < Level.PROVINCE for place in mention.places)


def _beside_harm(scene: Scene, mention: Mention) -> bool:
    return mention.field is Field.TEXT and mention.sentence in scene.harmed


def _explicit(scene: Scene, mention: Mention) -> bool:
    return mention.unit is not None or _is_child(scene, mention)


def _namesake(scene: Scene) -> bool:
    """Only the bare name of the province, which is also a ward's in another province that the text names."""
    named = {place.province for mention in scene.away for place in mention.places}
    return bool(scene.telling) and not _any(_explicit)(scene) and any(m.namesakes & named for m in scene.telling)


def _share(scene: Scene) -> float:
    ours, others = len(scene.telling), sum(scene.away_counts.values())
    return ours / (ours + others) if ours else 0.0


def _outnumbered(scene: Scene) -> bool:
    return any(count > len(scene.telling) for count in scene.away_counts.values())


def _late(scene: Scene) -> bool:
    return bool(scene.telling) and not _any(_in_title)(scene) and not _any(_in_lead)(scene)


def _first_place(scene: Scene) -> bool:
    first = min((m.first for m in scene.settled if m.field is Field.TEXT), default=None)
    return any(m.field is Field.TEXT and m.first == first for m in scene.telling)


FEATURES: Final[Mapping[str, Callable[[Scene], float]]] = {
    "always": lambda _: 1.0,
    "not_named": lambda s: not s.home,
    "in_title": _any(_in_title),
    "opens_title": _any(_opens_title),
    "other_in_title": lambda s: any(m.field is Field.TITLE for m in s.away) and not _any(_in_title)(s),
    "in_lead": _any(_in_lead),
    "in_first_sentence": _any(_in_first_sentence),
    "first_place": _first_place,
    "heads": _any(_heads),
    "count": lambda s: math.log1p(len(s.telling)),
    "share": _share,
    "no_other": lambda s: bool(s.telling) and not s.away_counts,
    "outnumbered": _outnumbered,
    "other_provinces": lambda s: math.log1p(len(s.away_counts)),
    "unit": _any(lambda _, m: m.unit is Before.PROVINCE),
    "child": _any(_is_child),
    "agency": _said(Before.AGENCY),
    "located": _said(Before.LOCATED),
    "site": _said(Before.SITE),
    "someone": lambda s: bool(s.telling) and all(Before.SOMEONE in m.said for m in s.telling),
    "thing": _said(Before.THING),
    "with_others": lambda s: math.log1p(min((s.companions(m) for m in s.telling), default=0)),
    "route": lambda s: bool(s.telling) and all(s.is_route(m) for m in s.telling),
    "only_origin": lambda s: bool(s.home) and all(s.is_origin(m) for m in s.home),
    "origin": lambda s: any(s.is_origin(m) for m in s.home),
    "only_listed": lambda s: bool(s.home) and not s.telling and any(s.is_listed(m) for m in s.home),
    "late": _late,
    "late_alone": lambda s: _late(s) and not s.away_counts,
    "namesake": _namesake,
    "abroad": lambda s: math.log1p(s.foreign),
    "sport": lambda s: math.log1p(len(s.hits.get(_SPORT, ()))),
    "bulletin": lambda s: bool(s.telling) and any(hit.field is Field.TITLE for hit in s.hits.get(_BULLETIN, ())),
    "nation": lambda s: math.log1p(len(s.hits.get(_NATION, ()))),
    "beside_harm": _any(_beside_harm),
}
