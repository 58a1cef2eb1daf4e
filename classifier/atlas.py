"""Every place name of the country and what it may refer to: today's units, those they came from, landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from classifier.words import Phrases
from index.text import fold, modern_tone


class Level(IntEnum):
    """How large a place is; a larger one may stand as the parent of a smaller."""

    LANDMARK = 0
    COMMUNE = 1
    DISTRICT = 2
    PROVINCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Referent:
    """One place that a name may mean. `kind` is what it is called with its name (xã, huyện); `unit` and `unit_kind` are
    what is there today: the present commune, the former district as an area, the province. `area` and `district` are
    the former ones; `area` is empty for a province merged from several. `former`: a commune that is no more."""

    level: Level
    name: str
    kind: str
    unit: str
    unit_kind: str
    province: str
    area: str
    district: str = ""
    former: bool = False

    def lies_in(self, other: Referent) -> bool:
        """Could this place be named with the other as its parent: "Thượng Lâm, Lâm Bình", "Việt Trì, Phú Thọ"?"""
        if self.level >= other.level:
            return False
        if other.level is Level.PROVINCE:
            return other.name in (self.area, self.province)
        if other.level is Level.DISTRICT:
            return self.area == other.area and self.district == other.name
        return self.province == other.province and self.unit == other.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """What else a name may be. `instead`: longer phrases that are not the place; `elsewhere`: words that, in the same
    sentence, say so; `alone` False: it counts only with its unit or parent, or where the text names its province."""

    name: str
    instead: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """What a text is asked to be about: a present province, or only the part that was a former one."""

    name: str
    province: str
    area: str | None = None

    def holds(self, place: Referent) -> bool:
        if place.province != self.province:
            return False
        return self.area is None or place.area == self.area


Names = Phrases[Referent | None]
"""Place names; None stands for a longer phrase that holds a name and is no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """The names of the country, as they are written with marks and as foreign papers write them."""

    marked: Names
    folded: Names
    traps: Mapping[str, Trap]


def draw(places: Iterable[Referent], traps: Iterable[Trap]) -> Atlas:
    """An atlas of these places and traps.

    A unit named by a figure ("Quận 11") or one syllable is found only with its kind before it.
    """
    traps = tuple(traps)
    entries: list[tuple[str, Referent | None]] = [(phrase, None) for trap in traps for phrase in trap.instead]
    entries += [(_entry(place), place) for place in places]
    return Atlas(
        marked=Phrases(entries),
        folded=Phrases(((fold(phrase), place) for phrase, place in entries), folded=True),
        traps={modern_tone(trap.name): trap for trap in traps},
    )


def _entry(place: Referent) -> str:
    plain = place.level in (Level.PROVINCE, Level.LANDMARK) or " " in place.name
    return place.name if plain else f"{place.kind} {place.name}"
