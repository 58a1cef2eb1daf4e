"""What a collector is: it says what to ask for and reads what came. Pure; the engine fetches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from index.model import Found
from index.source import Checkpoint, Note, Source


class AskKind(StrEnum):
    """A LIST names articles and is always asked; an ARTICLE's page only when it may bring something new."""

    LIST = "list"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One page to fetch.

    `carry` is what the source already said about the article: it fills what the page leaves out, and is kept alone if
    the page refuses. `changed` is when the source says that the page last changed.
    """

    url: str
    kind: AskKind = AskKind.LIST
    etag: str | None = None
    last_modified: str | None = None
    carry: Found | None = None
    changed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came: `url` is where redirects ended, header names are lower-case, `body` is decompressed.

    `whole` is False for a list whose transfer broke off; an article that did is an error.
    """

    ask: Ask
    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = True

    @property
    def media_type(self) -> str:
        """The declared type without parameters, lower-case; empty where none was declared."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the header declares."""
        _, found, rest = self.headers.get("content-type", "").lower().partition("charset=")
        return rest.partition(";")[0].strip(" \"'") or None if found else None


Read = Ask | Found | Note
"""What reading a page gives: more to fetch, an article, or why something on it was set aside."""


class Collector(Protocol):
    """One way of reading sources. Must be picklable: pages are read in processes of their own."""

    def start(self, source: Source, since: Checkpoint) -> Iterable[Ask]:
        """What to fetch first; asks that repeat `since`'s validators may be answered with nothing new."""
        ...

    def read(self, page: Page, source: Source) -> Iterable[Read]:
        """What the page holds, in its own order. Raises `CollectError` when it is not what the collector reads."""
        ...
