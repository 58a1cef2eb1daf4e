"""Settles which place a name means.

The rules, first that decides: a parent named beside it; the kind of unit, where only one province has it; a name that
is settled elsewhere in the text; a place of the same province in the text; today's map for texts of today. What no
rule settles stays open and is evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from classifier.atlas import Level, Referent, Trap
from classifier.mention import Before, Mention, Rule
from classifier.words import Words
from index.model import Field

_WIDEST_LINK: Final = 5
"""Tokens between a place and its parent."""
_OPENING: Final = "("
_BARE: Final = ((Level.PROVINCE, Rule.PROVINCE), (Level.LANDMARK, Rule.LANDMARK), (Level.DISTRICT, Rule.DISTRICT))
"""Levels whose names count without a word for what they are; communes need one, their names are common words."""


def settled(
    mentions: Sequence[Mention],
    fields: Mapping[Field, Words],
    *,
    links: Collection[str],
    traps: Mapping[str, Trap],
    today: bool,
) -> tuple[Mention, ...]:
    """The mentions of a text, each with the places that are left. `links`: words between a place and its parent;
    `today`: the text was written since the map is as it is."""
    with_parents = [m for where, words in fields.items() for m in _with_parents(mentions, where, words, links)]
    alone = [_by_itself(mention, traps.get(mention.places[0].name)) for mention in with_parents]
    return tuple(_with_others(alone, today=today))


def _with_parents(mentions: Sequence[Mention], where: Field, words: Words, links: Collection[str]) -> Sequence[Mention]:
    """From right to left, so that a district settled by its province settles its commune."""
    mine = [mention for mention in mentions if mention.field is where]
    for left, right in reversed(list(pairwise(range(len(mine))))):
        between = words.keys[mine[left].last + 1 : mine[right].first]
        if 0 < len(between) <= _WIDEST_LINK and all(key in links for key in between):
            mine[left], mine[right] = _narrowed(mine[left], mine[right], opening=between[0] == _OPENING)
    return mine


def _narrowed(child: Mention, parent: Mention, *, opening: bool) -> tuple[Mention, Mention]:
    """Both with only the places that fit, where one can lie in the other."""
    listed = child.unit is None and any(place.level is Level.PROVINCE for place in child.places)
    if listed and not opening and all(place.level is Level.PROVINCE for place in parent.places):
        return child, parent  # "Phú Thọ, Lạng Sơn" is a list, not a ward of a city
    inside = tuple(place for place in child.places if any(place.lies_in(p) for p in parent.places))
    if not inside:
        return child, parent
    around = tuple(place for place in parent.places if any(p.lies_in(place) for p in inside))
    return replace(child, places=inside, rule=Rule.PARENT), replace(parent, places=around)


def _by_itself(mention: Mention, trap: Trap | None) -> Mention:
    """Settled by its own words, where they are enough."""
    if mention.rule is not Rule.OPEN:
        return mention
    if mention.unit is not None:
        return replace(mention, rule=Rule.UNIT) if _one_province(mention.places) else mention
    for level, rule in _BARE:
        places = tuple(place for place in mention.places if place.level is level)
        if _one_province(places) and (trap is None or trap.alone or level is Level.PROVINCE):
            return _chosen(mention, places, rule)
    return mention


def _with_others(mentions: Sequence[Mention], *, today: bool) -> Iterator[Mention]:
    """Open ones settled by those that are settled."""
    known: dict[str, tuple[Referent, ...]] = {}
    provinces: set[str] = set()
    for mention in mentions:
        if mention.rule is not Rule.OPEN:
            known.setdefault(mention.places[0].name, mention.places)
            provinces |= {place.province for place in mention.places}
    for mention in mentions:
        present = tuple(place for place in mention.places if not place.former)
        beside = tuple(place for place in present if place.province in provinces)
        if mention.rule is not Rule.OPEN:
            yield mention
        elif (again := known.get(mention.places[0].name)) is not None:
            yield replace(mention, places=again, rule=Rule.AGAIN)
        elif _one_province(beside):
            yield _chosen(mention, beside, Rule.COMPANY)
        elif today and mention.unit is Before.COMMUNE and _one_province(present):
            yield _chosen(mention, present, Rule.TODAY)
        else:
            yield mention


def _chosen(mention: Mention, places: tuple[Referent, ...], rule: Rule) -> Mention:
    others = {place.province for place in mention.places} - {place.province for place in places}
    return replace(mention, places=places, rule=rule, namesakes=frozenset(others))


def _one_province(places: Sequence[Referent]) -> bool:
    return len({place.province for place in places}) == 1
