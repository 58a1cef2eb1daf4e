"""The log of an office: JSON lines in its folder, rotated, for all of its processes together.

    {"time": "2026-11-25T01:30:00.123+00:00", "level": "warning", "part": "service", "process": 4711,
     "logger": "config.service", "said": "job collect failed: archive_unavailable: …"}

No words of articles and no secrets stand in it. Of an error that is not the house's own only its kind and its places in
the program are kept: what it says may repeat the text over which it came up.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import msgspec

from config.settings import SECRETS, Settings, value_of
from index.errors import KiemTinError

FILE: Final = "kiemtin.jsonl"
MOST_BYTES: Final = 10 * 1024**2
KEPT: Final = 9
"""Files besides the one that is written: an office's log takes a hundred megabytes at most."""
LONGEST: Final = 2_000
"""Characters of one message."""
HIDDEN: Final = "***"
_ROOMS: Final = ("config", "crawlers", "classifier", "dashboard", "desk", "index")
_PERSONAL: Final = frozenset({"names"})
"""Parameters of errors that name people of whom an article tells."""
_SHORTEST_SECRET: Final = 4
_PATTERNS: Final = (
    (re.compile(r"(?<=//)[^/?#\s'\"]*@"), f"{HIDDEN}@"),  # user-info of an address
    (
        re.compile(r"(?i)([?&][\w-]*(?:key|token|password|passwd|secret|sig|signature|auth)=)[^&#\s'\"]+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(basic|bearer|apikey)\s+[\w+/=.~-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"Preview of field's value: '.*", re.DOTALL), f"Preview of field's value: {HIDDEN}"),  # Elasticsearch
)


class Part(StrEnum):
    """Which of an office's processes speaks."""

    SERVICE = "service"
    REVIEW = "review"
    SCREEN = "dashboard"
    WORKER = "worker"


@contextmanager
def kept(settings: Settings, part: Part) -> Iterator[Path]:
    """Keep what this process logs, from INFO on for the house's own rooms and from WARNING on for others; the file.

    What goes to standard error besides is as before, without secrets.
    """
    secrets = tuple(value_of(settings, key) for key in SECRETS)
    file = settings.home / "logs" / FILE
    file.parent.mkdir(exist_ok=True)
    handler = _Shared(file, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(Lines(part, secrets))
    root, rooms = logging.getLogger(), [logging.getLogger(room) for room in _ROOMS]
    before = [(room, room.level) for room in rooms]
    others = [(other, other.level, other.formatter) for other in root.handlers]
    for other in root.handlers:
        other.setLevel(max(other.level, root.level))
        other.setFormatter(Plain(secrets, other.formatter))
    for room in rooms:
        room.setLevel(min(root.level, logging.INFO))
    root.addHandler(handler)
    try:
        yield file
    finally:
        root.removeHandler(handler)
        handler.close()
        for room, level in before:
            room.setLevel(level)
        for other, level, formatter in others:
            other.setLevel(level)
            other.setFormatter(formatter)


def hide(said: str, secrets: Collection[str] = ()) -> str:
    """A message without what opens a door: secrets of the settings, and what looks like one in an address or header."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            said = said.replace(secret, HIDDEN)
    for pattern, instead in _PATTERNS:
        said = pattern.sub(instead, said)
    return said


class Lines(logging.Formatter):
    def __init__(self, part: Part, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._part = part
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": self._part,
            "process": record.process,
            "logger": record.name,
            "said": hide(_said(record)[:LONGEST], self._secrets),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = hide(str(_without_words(error)), self._secrets)
            line["at"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
        return msgspec.json.encode(line).decode()


class Plain(logging.Formatter):
    """As another formatter writes it, without what `hide` hides."""

    def __init__(self, secrets: Collection[str], other: logging.Formatter | None) -> None:
        super().__init__()
        self._secrets = secrets
        self._other = other or logging.Formatter(logging.BASIC_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        return hide(self._other.format(record), self._secrets)


def _said(record: logging.LogRecord) -> str:
    """The message, with errors in it as they may be told."""
    arguments: Any = record.args
    if isinstance(arguments, Mapping):
        arguments = {name: _without_words(value) for name, value in arguments.items()}
    elif arguments:
        arguments = tuple(_without_words(value) for value in arguments)
    return str(record.msg) % arguments if arguments else str(_without_words(record.msg))


def _without_words(value: object) -> object:
    if isinstance(value, KiemTinError):
        said = (f"{name}={HIDDEN if name in _PERSONAL else param}" for name, param in value.params.items())
        return f"{value.code}: {', '.join(said)}"
    if isinstance(value, OSError):
        return f"{type(value).__name__}: {value.strerror or ''}"
    return type(value).__name__ if isinstance(value, BaseException) else value


class _Shared(RotatingFileHandler):
    """A file that several processes write: one at a time, and each finds out that another has begun a new one."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            with Path(f"{self.baseFilename}.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._follow()
                super().emit(record)
        except OSError:
            self.handleError(record)

    def _follow(self) -> None:
        stream: TextIOWrapper | None = self.stream
        if stream is None:
            return
        try:
            there = Path(self.baseFilename).stat()
        except FileNotFoundError:
            there = None
        if there is None or not os.path.samestat(there, os.fstat(stream.fileno())):
            stream.close()
            self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()
