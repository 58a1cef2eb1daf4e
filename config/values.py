"""How one value of a file or an environment variable is read, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import yaml

Read = Callable[[object], object]
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
_LONGEST: Final = timedelta(days=36_500)
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?")
_DATABASE: Final = re.compile(r"postgresql://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?/[\w.-]+", re.ASCII)
_REDIS: Final = re.compile(r"rediss?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?(/\d{1,2})?/?", re.ASCII)
_BUCKET: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[\w!*'()-][\w.!*'()-]*)*)/?", re.ASCII)
_LAST_PORT: Final = 65535
_LISTENING: Final = re.compile(r"[0-9A-Za-z._:-]+")
_USER_INFO: Final = re.compile(r"(?<=//)[^/?#]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of an S3-compatible store, and how the names in it begin: with nothing, or with what ends in a slash."""

    name: str
    prefix: str

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")


class Wrong(ValueError):
    """A value is not what its key allows; `allowed` says what is."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def text(raw: object) -> str:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise Wrong("text")
    return str(raw).strip()


def truth(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(raw, str) and raw.lower() in words:
        return words[raw.lower()]
    raise Wrong("true | false")


def number(low: float, high: float) -> Read:
    def read(raw: object) -> float:
        try:
            value = float(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else None
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise Wrong(f"{low:g} … {high:g}")
        return value

    return read


def whole(low: int, high: int) -> Read:
    def read(raw: object) -> int:
        try:
            value = int(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else None
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise Wrong(f"{low} … {high}")
        return value

    return read


def one_of(*words: str) -> Read:
    def read(raw: object) -> str:
        if raw not in words:
            raise Wrong(" | ".join(words))
        return str(raw)

    return read


def slug(raw: object) -> str:
    """An id: lower-case letters, digits and single hyphens."""
    if not isinstance(raw, str) or not _SLUG.fullmatch(raw.strip()):
        raise Wrong("[a-z0-9-]")
    return raw.strip()


def duration(raw: object) -> timedelta:
    """ "90s", "5m", "2h", "1d"; longer than nothing, and no longer than a calendar goes back."""
    found = _DURATION.fullmatch(raw.strip()) if isinstance(raw, str) else None
    seconds = float(found.group(1)) * _UNITS[found.group(2)] if found else 0.0
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise Wrong(f"90s | 5m | 2h | 1d … {_LONGEST.days}d")
    return timedelta(seconds=seconds)


def wall_time(raw: object) -> time:
    # YAML reads 06:45 as a sexagesimal number of minutes.
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 24 * 60:
        return time(raw // 60, raw % 60)
    try:
        return time.fromisoformat(raw) if isinstance(raw, str) else time.fromisoformat("")
    except ValueError:
        raise Wrong('"06:45"') from None


def hosts(raw: object) -> tuple[str, ...]:
    """A list, or one line with commas, of `host` or `host:port`."""
    entries = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(entries, list | tuple):
        raise Wrong("[host, host:port]")
    names = tuple(str(entry).strip() for entry in entries if str(entry).strip())
    for name in names:
        found = _HOST.fullmatch(name)
        if found is None or not 0 < int(found.group(2) or 1) <= _LAST_PORT:
            raise Wrong("[host, host:port]")
    return names


def web_address(raw: object) -> str:
    """An http(s) address without user-info; a password in an address would be written to logs."""
    allowed = "http(s)://host[:port]"
    if not isinstance(raw, str):
        raise Wrong(allowed)
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise Wrong(allowed) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Wrong(allowed)
    if "@" in parts.netloc:
        raise Wrong(allowed)
    return raw


def public_address(raw: object) -> str:
    """The address that links begin with, or nothing."""
    return "" if raw == "" else web_address(raw).rstrip("/")


def archive_address(raw: object) -> str:
    if raw == "sqlite":
        return "sqlite"
    try:
        return web_address(raw).rstrip("/")
    except Wrong as wrong:
        raise Wrong(f"sqlite | {wrong.allowed}; elasticsearch.user, elasticsearch.password_file") from None


def casebook_address(raw: object) -> str:
    """A database of a server, without user-info and without options: those are keys of their own."""
    if raw == "sqlite" or (isinstance(raw, str) and _DATABASE.fullmatch(raw) and _has_port(raw)):
        return str(raw)
    raise Wrong("sqlite | postgresql://host[:port]/database; postgresql.user, postgresql.password_file")


def redis_address(raw: object) -> str:
    """A server, and perhaps the number of one of its databases, without user-info; or nothing."""
    if raw == "" or (isinstance(raw, str) and _REDIS.fullmatch(raw) and _has_port(raw)):
        return str(raw)
    raise Wrong("redis://host[:port][/number] | rediss://host[:port][/number]; redis.user, redis.password_file")


def _has_port(address: str) -> bool:
    """Is the port one that there can be, or left out?"""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def folder(raw: object) -> str:
    """A folder of this machine; an address is not taken for a name."""
    name = text(raw)
    if not name or "://" in name:
        raise Wrong("PATH")
    return name


def folder_or_bucket(raw: object) -> Path | Bucket:
    """Where files are kept: a folder, or a bucket without user-info and without options."""
    allowed = "PATH | s3://bucket[/prefix]"
    if isinstance(raw, str) and (found := _BUCKET.fullmatch(raw.strip())):
        name, prefix = found.groups()
        return Bucket(name=name, prefix=f"{prefix[1:]}/" if prefix else "")
    try:
        return Path(folder(raw))
    except Wrong:
        raise Wrong(allowed) from None


def folder_or_none(raw: object) -> str:
    return "" if raw == "" else folder(raw)


def some_of(*words: str) -> Read:
    """Any of these, as a list or one line with commas."""

    def read(raw: object) -> tuple[str, ...]:
        said = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(said, list | tuple) or not {str(word).strip() for word in said} <= {*words, ""}:
            raise Wrong(f"[{', '.join(words)}]")
        return tuple(word for word in words if word in {str(one).strip() for one in said})

    return read


def listening_address(raw: object) -> str:
    """A name or number of this machine, without scheme or port."""
    name = text(raw)
    if not _LISTENING.fullmatch(name):
        raise Wrong("127.0.0.1 | host")
    return name


def header(raw: object) -> str:
    """What is sent in a header of every request: one line of ASCII, or nothing could be sent at all."""
    line = text(raw)
    if not line or not line.isascii() or not line.isprintable():
        raise Wrong("ASCII, one line")
    return line


def as_found(raw: object) -> str:
    """A refused value as a message may repeat it: without the user-info of an address."""
    return _USER_INFO.sub("***@", str(raw))


def written(value: object) -> str:
    """A value as `kiemtin config` shows it, in the form in which it may be set."""
    match value:
        case timedelta():
            seconds = int(value.total_seconds())
            unit = next(u for u in "dhms" if seconds % _UNITS[u] == 0)
            return f"{seconds // _UNITS[unit]}{unit}"
        case time():
            return value.strftime("%H:%M")
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def yaml_fault(error: Exception) -> str:
    """Where a YAML file cannot be read, in one line."""
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, yaml.MarkedYAMLError) and mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return str(error).splitlines()[0]
