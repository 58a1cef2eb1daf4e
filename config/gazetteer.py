"""The places of the country as values: units with those they came from, other names, landmarks, traps of names.

`province/national/units.json` lists all communes, its NOTICE says how; `places.yaml` of a province adds what the list
lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from classifier.atlas import Atlas, Level, Referent, Territory, Trap, draw
from classifier.mention import Before
from classifier.mentions import Grammar, Reader
from config import profile
from config.typed import read_yaml
from index.errors import ConfigError
from index.model import ProvinceId
from index.text import fold, modern_tone

_UNITS: Final = profile.NATIONAL / "units.json"
_GEOGRAPHY: Final = Path(__file__).parent / "lexicon" / "geography.yaml"
_ADDED: Final = sorted(profile.FOLDER.glob("*/places.yaml"))
FILES: Final = (_UNITS, _GEOGRAPHY, *_ADDED)
"""Everything that is known of places."""
_PARTS: Final = re.compile("[a-z0-9]+")


class Province(msgspec.Struct):
    """A province as units.json writes it."""

    name: str
    kind: str
    former: list[str]
    districts: list[str]
    units: list[list[str]]


class _Name(msgspec.Struct, forbid_unknown_fields=True):
    """Another name, or a landmark: `of` the present unit or province it lies in, `area` the former province."""

    name: str
    of: str
    area: str = ""


class _Trap(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    instead: list[str] = []
    elsewhere: list[str] = []
    alone: bool = True


class _Places(msgspec.Struct, forbid_unknown_fields=True):
    aliases: list[_Name] = []
    landmarks: list[_Name] = []
    traps: list[_Trap] = []
    abroad: list[str] = []


class _Geography(msgspec.Struct, forbid_unknown_fields=True):
    map_since: date
    kinds: dict[str, str]
    area: str
    landmark: str
    before: dict[Before, list[str]]
    after: dict[Before, list[str]]
    family_names: list[str]
    links: list[str]


@cache
def reader() -> Reader:
    """What finds places in texts; one for all provinces."""
    return Reader(atlas(), grammar())


def territory(name: str) -> tuple[ProvinceId, Territory]:
    """What a province's id or name asks for: an id or a present name all of it, a former name that part only.

    Raises `ConfigError` naming what is allowed.
    """
    asked = _slug(name)
    for province in profile.provinces():
        if asked == province.id:
            return province.id, Territory(name=province.name, province=province.name)
    for province in profile.provinces():
        for area in province.former:
            if asked == _slug(area):
                return province.id, Territory(name=area, province=province.name, area=area)
    allowed = ", ".join(province.name for province in profile.provinces())
    raise ConfigError(file=str(_UNITS), key="province", found=name, allowed=allowed)


def unit_names(province_id: ProvinceId) -> Sequence[str]:
    """Short names of a province's present units, in the order of its alphabet."""
    name = profile.province(province_id).name
    (units,) = (province.units for province in provinces() if province.name == name)
    return sorted({unit for _, unit, *_ in units}, key=fold)


def place_names(province_id: ProvinceId) -> Sequence[str]:
    """What a place of a province can be called: its present units, itself, and its former provinces and districts."""
    name = profile.province(province_id).name
    (province,) = (province for province in provinces() if province.name == name)
    districts = (_district(row)[1] for row in province.districts)
    return sorted({*unit_names(province_id), name, *province.former, *districts}, key=fold)


@cache
def wide() -> frozenset[str]:
    """Names of all provinces and districts, former ones too."""
    districts = (_district(row)[1] for province in provinces() for row in province.districts)
    return frozenset({name for province in provinces() for name in (province.name, *province.former)}.union(districts))


@cache
def provinces() -> Sequence[Province]:
    return msgspec.json.decode(_UNITS.read_bytes(), type=list[Province])


@cache
def geography() -> _Geography:
    return read_yaml(_GEOGRAPHY, _Geography)


@cache
def grammar() -> Grammar:
    words = geography()
    return Grammar(
        before=words.before,
        after=words.after,
        family_names=words.family_names,
        links=words.links,
        abroad=read_yaml(profile.NATIONAL / "places.yaml", _Places).abroad,
        kinds=words.kinds,
        map_since=words.map_since,
    )


@cache
def atlas() -> Atlas:
    """All places of the country: today's units with those they came from, and what the province files add."""
    units = [place for province in provinces() for place in _units(province)]
    named = list(units)
    traps: list[Trap] = []
    for file in _ADDED:
        named += names(file, units)
        traps += [
            Trap(name=t.name, instead=tuple(t.instead), elsewhere=tuple(t.elsewhere), alone=t.alone)
            for t in read_yaml(file, _Places).traps
        ]
    return draw(dict.fromkeys(named), traps)


def names(file: Path, units: Sequence[Referent]) -> Iterator[Referent]:
    """Other names of units and provinces, and landmarks, of one file. Raises `ConfigError` for a unit not there."""
    listed = read_yaml(file, _Places)
    own = {province.id: province.name for province in profile.provinces()}.get(ProvinceId(file.parent.name))
    targets = {
        place.name: place
        for place in reversed(units)
        if not place.former and place.level is not Level.DISTRICT and place.province == (own or place.province)
    }
    for landmark, group in ((False, listed.aliases), (True, listed.landmarks)):
        for name in group:
            target = targets.get(modern_tone(name.of))
            if target is None:
                raise ConfigError(file=str(file), key=name.name, found=name.of, allowed="a present unit or province")
            yield replace(
                target,
                name=modern_tone(name.name),
                level=Level.LANDMARK if landmark else target.level,
                kind=geography().landmark if landmark else target.kind,
                area=name.area or target.area,
                district="",
            )


def _units(province: Province) -> Iterator[Referent]:
    """See national/NOTICE for the letters: a unit, then those it came from, `~` where only a part did."""
    kinds = geography().kinds
    for area in province.former:
        yield Referent(
            level=Level.PROVINCE,
            name=area,
            kind=kinds[province.kind],
            unit=province.name,
            unit_kind=kinds[province.kind],
            province=province.name,
            area="" if area == province.name and len(province.former) > 1 else area,
        )
    districts = [_district(row) for row in province.districts]
    for kind, name, area in districts:
        yield Referent(
            level=Level.DISTRICT,
            name=name,
            kind=kinds[kind],
            unit=name,
            unit_kind=geography().area,
            province=province.name,
            area=area,
            district=name,
        )
    for kind, name, *sources in province.units:
        for former in sources:
            old, _, number = former.lstrip("~").rpartition("@")
            _, district, area = districts[int(number)]
            unit = Referent(
                level=Level.COMMUNE,
                name=name,
                kind=kinds[kind],
                unit=name,
                unit_kind=kinds[kind],
                province=province.name,
                area=area,
                district=district,
            )
            yield unit
            old_kind, _, old_name = old.partition(" ")
            if old_name and old_name != name:
                yield replace(unit, name=old_name, kind=kinds[old_kind], former=True)


def _district(row: str) -> tuple[str, str, str]:
    """Kind, name and former province of "h Gia Lâm@Hà Nội"."""
    kind, _, rest = row.partition(" ")
    name, _, area = rest.partition("@")
    return kind, name, area


def _slug(name: str) -> str:
    """A name folded and hyphenated, as ids are."""
    return "-".join(_PARTS.findall(fold(name)))
