"""What the classifier knows: place names of the country, cue words, weights; read once from files into plain values."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import yaml

from classifier.atlas import Atlas, Level, Referent, Territory, Trap, draw
from classifier.classifier import Classifier
from classifier.conflict import ConflictSignal
from classifier.criticism import CriticismSignal
from classifier.cues import Cue, Lexicon
from classifier.harm import HarmSignal
from classifier.headline import HeadlineSignal
from classifier.incident import IncidentSignal
from classifier.mention import Before
from classifier.mentions import Grammar, Reader
from classifier.places import Places, Weights
from classifier.tone import ToneSignal
from classifier.topic import TopicSignal
from classifier.unverified import UnverifiedSignal
from index.errors import ConfigError
from index.model import ProvinceId
from index.text import fold, modern_tone

FOLDER: Final = Path(__file__).parent
_NATIONAL: Final = "national"
_UNITS: Final = FOLDER / "province" / _NATIONAL / "units.json"
_LEXICON: Final = FOLDER / "lexicon"
_NO_CUES: Final = frozenset({"about", "geography", "negation"})
_Value = TypeVar("_Value")


class _Province(msgspec.Struct):
    name: str
    kind: str
    former: list[str]
    districts: list[str]
    units: list[list[str]]


class _Name(msgspec.Struct, forbid_unknown_fields=True):
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
def geography() -> _Geography:
    return _read(FOLDER / "lexicon" / "geography.yaml", _Geography)


@cache
def grammar() -> Grammar:
    words = geography()
    return Grammar(
        before=words.before,
        after=words.after,
        family_names=words.family_names,
        links=words.links,
        abroad=_read(FOLDER / "province" / "national" / "places.yaml", _Places).abroad,
        kinds=words.kinds,
        map_since=words.map_since,
    )


@cache
def atlas() -> Atlas:
    """All places of the country: today's units with those they came from, and what the province files add."""
    places = [place for province in _provinces() for place in _units(province)]
    traps: list[Trap] = []
    for file in sorted((FOLDER / "province").glob("*/places.yaml")):
        listed = _read(file, _Places)
        places += _named(listed, file, places)
        traps += [
            Trap(name=t.name, instead=tuple(t.instead), elsewhere=tuple(t.elsewhere), alone=t.alone)
            for t in listed.traps
        ]
    return draw(dict.fromkeys(places), traps)


def _units(province: _Province) -> Iterator[Referent]:
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


def _named(listed: _Places, file: Path, places: Sequence[Referent]) -> Iterator[Referent]:
    """Other names of units and provinces, and landmarks. Raises `ConfigError` for a unit that does not exist."""
    own = None if file.parent.name == _NATIONAL else _province_of(file)
    targets = {
        place.name: place
        for place in reversed(places)
        if not place.former and place.level is not Level.DISTRICT and place.province == (own or place.province)
    }
    for landmark, names in ((False, listed.aliases), (True, listed.landmarks)):
        for named in names:
            target = targets.get(modern_tone(named.of))
            if target is None:
                raise ConfigError(file=str(file), key=named.name, found=named.of, allowed="a present unit or province")
            yield replace(
                target,
                name=modern_tone(named.name),
                level=Level.LANDMARK if landmark else target.level,
                kind=geography().landmark if landmark else target.kind,
                area=named.area or target.area,
                district="",
            )


def unit_names(province_id: ProvinceId) -> Sequence[str]:
    """Short names of a province's present units, in the order of its alphabet."""
    (units,) = (province.units for province in _provinces() if slug(province.name) == province_id)
    return sorted({name for _, name, *_ in units}, key=fold)


class _About(msgspec.Struct, forbid_unknown_fields=True):
    ours_from: float
    not_ours_below: float
    weights: dict[str, float]


@cache
def about_weights() -> Weights:
    """The table of features, as `tests/eval/fit_about.py` wrote it."""
    table = _read(_LEXICON / "about.yaml", _About)
    digest = hashlib.sha256(repr(sorted(table.weights.items())).encode()).hexdigest()[:8]
    return Weights(weights=table.weights, ours_from=table.ours_from, not_ours_below=table.not_ours_below, digest=digest)


@cache
def reader() -> Reader:
    return Reader(atlas(), grammar())


def placing(province: str) -> Places:
    """What places texts for a province, given by id or name."""
    return Places(reader(), territory(province)[1], about_weights())


@cache
def classifier(province: str) -> Classifier:
    """The classifier of a province, given by id or name. Raises `ConfigError` for one that does not exist."""
    words = lexicon()
    return Classifier(
        territory(province)[0],
        lexicon=words,
        places=placing(province),
        signals=(
            TopicSignal(words),
            HarmSignal(words),
            ToneSignal(words),
            IncidentSignal(words),
            UnverifiedSignal(words),
            HeadlineSignal(words),
            CriticismSignal(words),
        ),
        story_signals=(ConflictSignal(words),),
    )


class _Cues(msgspec.Struct, forbid_unknown_fields=True):
    groups: dict[str, dict[float, list[str]]]
    unless: dict[str, list[str]] = {}


class _Negation(msgspec.Struct, forbid_unknown_fields=True):
    negations: list[str]
    numbers: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """All cue words; a group is named by its file and its key: `harm.life`."""
    words = _read(_LEXICON / "negation.yaml", _Negation)
    cues = [cue for file in sorted(_LEXICON.glob("*.yaml")) if file.stem not in _NO_CUES for cue in _cues(file)]
    return Lexicon(cues, negations=words.negations, numbers=words.numbers)


def _cues(file: Path) -> Iterator[Cue]:
    listed = _read(file, _Cues)
    for group, by_weight in listed.groups.items():
        for weight, phrases in by_weight.items():
            for phrase in phrases:
                yield Cue(
                    group=f"{file.stem}.{group}",
                    words=phrase,
                    weight=float(weight),
                    unless=tuple(listed.unless.get(phrase, ())),
                )


def _province_of(file: Path) -> str:
    for province in _provinces():
        if slug(province.name) == file.parent.name:
            return province.name
    raise ConfigError(file=str(file), key="folder", found=file.parent.name, allowed="the id of a province")


def slug(name: str) -> ProvinceId:
    """The id of a province: its name folded and hyphenated."""
    return ProvinceId("-".join(fold(name).split()))


def territory(name: str) -> tuple[ProvinceId, Territory]:
    """What a province's id or name asks for: an id or a present name all of it, a former name that part only.

    Raises `ConfigError` naming what is allowed.
    """
    asked = modern_tone(unicodedata.normalize("NFC", name.strip()))
    for province in _provinces():
        if asked in (slug(province.name), province.name):
            return slug(province.name), Territory(name=province.name, province=province.name)
    for province in _provinces():
        for area in province.former:
            if asked in (slug(area), area):
                return slug(province.name), Territory(name=area, province=province.name, area=area)
    raise ConfigError(file=str(_UNITS), key="province", found=name, allowed=", ".join(p.name for p in _provinces()))


@cache
def _provinces() -> Sequence[_Province]:
    return msgspec.json.decode(_UNITS.read_bytes(), type=list[_Province])


def _district(row: str) -> tuple[str, str, str]:
    """Kind, name and former province of "h Gia Lâm@Hà Nội"."""
    kind, _, rest = row.partition(" ")
    name, _, area = rest.partition("@")
    return kind, name, area


def _read(file: Path, kind: type[_Value]) -> _Value:
    try:
        return msgspec.convert(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader), kind)
    except msgspec.ValidationError as error:
        said, _, key = str(error).partition(" - at ")
        raise ConfigError(file=str(file), key=key.strip("`"), found="", allowed=said) from error
