"""One thing that the web may answer, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.source import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """`faults`: its numbers in docs/faults.md. `kept`: how many entries are kept or followed; `notes`: what is said of
    the rest; or `error`: the code of why nothing is. `heavy` ones take seconds to read."""

    name: str
    faults: tuple[int, ...]
    body: bytes
    kept: int = 0
    notes: Mapping[Note, int] = field(default_factory=dict)
    error: str | None = None
    content_type: str = "application/rss+xml; charset=utf-8"
    heavy: bool = False
