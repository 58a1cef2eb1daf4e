"""The profile of a province: its names, its sources, the agencies that answer for it.

A province with a folder in `config/province/` brings its own; every other is set up from the national lists.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from config import sources
from config.typed import read_yaml
from index.errors import ConfigError
from index.model import ProvinceId, Topic
from index.source import Source

FOLDER: Final = Path(__file__).parent / "province"
NATIONAL: Final = FOLDER / "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province as it is since 1/7/2025; `former` are the names of the provinces it came from, its own among them."""

    id: ProvinceId
    name: str
    kind: str
    code: str
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency that can be asked, and the topics it is proposed for."""

    id: str
    name: str
    topics: tuple[Topic, ...] = ()


@cache
def provinces() -> Sequence[Province]:
    return read_yaml(NATIONAL / "provinces.yaml", tuple[Province, ...])


def province(province_id: str) -> Province:
    """Raises `ConfigError` naming the ids that exist."""
    for candidate in provinces():
        if candidate.id == province_id:
            return candidate
    raise ConfigError(
        file=str(NATIONAL / "provinces.yaml"),
        key="province",
        found=province_id,
        allowed=", ".join(sorted(p.id for p in provinces())),
    )


def agencies(province_id: ProvinceId) -> Sequence[AgencyRow]:
    own = FOLDER / province_id / "agencies.yaml"
    return read_yaml(own if own.exists() else NATIONAL / "agencies.yaml", tuple[AgencyRow, ...])


def profile_sources(province_id: ProvinceId, collectors: Collection[str]) -> Sequence[Source]:
    """The province's own sources, then the national ones; an id of its own stands before the nation's."""
    own = FOLDER / province_id / "sources.yaml"
    listed = {source.id: source for source in sources.load(NATIONAL / "sources.yaml", collectors)}
    if not own.exists():
        return tuple(listed.values())
    first = {source.id: source for source in sources.load(own, collectors)}
    return tuple((first | {k: v for k, v in listed.items() if k not in first}).values())
