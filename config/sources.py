"""Files of sources, as offices write and exchange them (INTERFACE: `kiemtin sources import FILE`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from config import values
from config.values import Read, Wrong
from index.errors import ConfigError
from index.model import Channel, SourceId
from index.source import Consent, Selectors, Source

_READ: Final[dict[str, Read]] = {
    "id": values.slug,
    "name": values.text,
    "collector": values.slug,
    "url": values.web_address,
    "channel": values.one_of(*Channel),
    "tier": values.whole(1, 3),
    "language": values.slug,
    "every": values.duration,
    "full_text": values.truth,
    "official": values.truth,
    "licence_type": values.text,
    "scope": values.text,
    "enabled": values.truth,
}
_REQUIRED: Final = ("id", "name", "collector", "url", "channel")
_SELECTORS: Final = tuple(f.name for f in fields(Selectors))
_KEYS: Final = (*_READ, "select", "robots", "checked")


def load(file: Path, collectors: Collection[str]) -> Sequence[Source]:
    """The sources a file lists, in its order. Raises `ConfigError` for the first thing that is wrong."""
    try:
        return read(file.read_text(encoding="utf-8"), str(file), collectors)
    except OSError as error:
        raise ConfigError(file=str(file), key="", found=error.strerror or "", allowed="YAML") from error
    except UnicodeDecodeError as error:
        raise ConfigError(file=str(file), key="", found=str(error), allowed="UTF-8") from error


def read(content: str, file: str, collectors: Collection[str]) -> Sequence[Source]:
    """`load` from the file's content; `collectors` are the names that a source may give."""
    try:
        rows = yaml.load(content, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError(file=file, key="", found=values.yaml_fault(error), allowed="YAML") from error
    if not isinstance(rows, list):
        raise ConfigError(file=file, key="", found=type(rows).__name__, allowed="- id: …")
    sources: dict[SourceId, Source] = {}
    for number, row in enumerate(rows, start=1):
        source = _source(row, number, file, collectors)
        if source.id in sources:
            raise ConfigError(file=file, key=f"[{number}].id", found=source.id, allowed="[a-z0-9-], unique")
        sources[source.id] = source
    return tuple(sources.values())


def _source(row: object, number: int, file: str, collectors: Collection[str]) -> Source:
    where = f"[{number}]"
    if not isinstance(row, dict):
        raise ConfigError(file=file, key=where, found=str(row), allowed="id, name, collector, url, channel, …")
    if isinstance(row.get("id"), str):
        where = f"[{number}] {row['id']}"
    for key in row:
        if key not in _KEYS:
            raise ConfigError(file=file, key=f"{where}.{key}", found=str(key), allowed=", ".join(_KEYS))
    for key in _REQUIRED:
        if key not in row:
            raise ConfigError(file=file, key=f"{where}.{key}", found="", allowed=", ".join(_REQUIRED))
    checks = _READ | {"collector": values.one_of(*sorted(collectors))}
    said: dict[str, Any] = {}
    for key, raw in row.items():
        try:
            said |= _value(key, raw, checks)
        except Wrong as wrong:
            raise ConfigError(
                file=file, key=f"{where}.{key}", found=values.as_found(raw), allowed=wrong.allowed
            ) from wrong
    if not said["url"] and said.get("enabled", True):
        raise ConfigError(file=file, key=f"{where}.url", found="", allowed="http(s)://host[:port]; enabled: false")
    return Source(**said | {"channel": Channel(said["channel"]), "id": SourceId(said["id"])})


def _value(key: str, raw: object, checks: Mapping[str, Read]) -> dict[str, object]:
    match key:
        case "url" if raw == "":
            # Listed although its address is not known; it is never read.
            return {"url": ""}
        case "select":
            return {"select": _select(raw)}
        case "robots":
            return {"consent": None if raw == "obey" else _consent(raw)}
        case "checked":
            if raw is not None and not isinstance(raw, date):
                raise Wrong("2026-11-22")
            return {"checked": raw}
        case _:
            return {key: checks[key](raw)}


def _select(raw: object) -> Selectors:
    allowed = "{" + ", ".join(f"{name}: css" for name in _SELECTORS) + "}"
    if not isinstance(raw, dict) or not all(k in _SELECTORS and isinstance(v, str) for k, v in raw.items()):
        raise Wrong(allowed)
    return Selectors(**raw)


def _consent(raw: object) -> Consent:
    if not isinstance(raw, dict) or set(raw) != {"consent", "date", "by"} or not isinstance(raw["date"], date):
        raise Wrong("obey | {consent: …, date: 2026-11-22, by: …}")
    return Consent(document=str(raw["consent"]), date=raw["date"], by=str(raw["by"]))


def written(sources: Sequence[Source]) -> str:
    """The file that lists these sources; defaults are left out. `read` gives them back."""
    return yaml.safe_dump([_row(source) for source in sources], allow_unicode=True, sort_keys=False, width=120)


def _row(source: Source) -> dict[str, object]:
    row: dict[str, object] = {key: getattr(source, key) for key in _REQUIRED} | {
        f.name: getattr(source, f.name)
        for f in fields(Source)
        if f.name in _READ and f.name not in _REQUIRED and getattr(source, f.name) != f.default
    }
    row["id"], row["channel"] = str(source.id), source.channel.value
    if source.every is not None:
        row["every"] = values.written(source.every)
    if source.select != Selectors():
        row["select"] = {name: css for name in _SELECTORS if (css := getattr(source.select, name)) is not None}
    if source.consent is not None:
        row["robots"] = {"consent": source.consent.document, "date": source.consent.date, "by": source.consent.by}
    if source.checked is not None:
        row["checked"] = source.checked
    return row
