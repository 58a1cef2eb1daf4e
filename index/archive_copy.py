"""An archive carried over into another: everything it holds, of all provinces, and nothing else.

Both sides are read in the same order, and what one lacks or has otherwise is written; so a copy that was cut off goes
on where it was, and one that is finished finds nothing to do. At the end both are read again, and count and SHA-256 of
every part must agree. Until then the other side is no archive that anybody opens; whoever writes into the source
meanwhile makes the copy differ, and is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from index.errors import ArchiveRefused
from index.model import Ruling
from index.record import Record

Tell = Callable[[int], None]
"""Is told how many entries were looked at since the last time."""
_AT_ONCE: Final = 200


class Part(StrEnum):
    """What an archive holds, in the order in which it is carried: stories rest on articles, all on the provinces."""

    PROVINCES = "provinces"
    ARTICLES = "articles"
    STORIES = "stories"
    RULINGS = "rulings"
    READINGS = "readings"
    VISITS = "visits"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that an archive holds, as JSON that is the same in every archive; `key` orders the entries of a part.

    PROVINCES have an empty document; ARTICLES one of `Carried`; the others one of the type that they are called by.
    """

    key: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An article with its versions, its reviews and its places in stories; `read` is when it was last met, in
    milliseconds since 1970."""

    record: Record
    read: int


class Source(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def identity(self) -> str:
        """Tells this archive from every other."""
        ...

    def count(self, part: Part) -> int: ...

    def entries(self, part: Part) -> Iterator[Entry]:
        """In the order of their keys. What is written while they are taken may be among them or not."""
        ...


class Target(Source, Protocol):
    def begin(self, identity: str) -> bool:
        """Take up a copy of the archive with this identity, or go on with it. False where an archive is there, which
        may be read and not written."""
        ...

    def put(self, part: Part, entries: Sequence[Entry]) -> None:
        """Write these, whatever was there under their keys."""
        ...

    def remove(self, part: Part, keys: Sequence[str]) -> None: ...

    def settle(self) -> None:
        """Put in order what follows from all that was written."""
        ...

    def finish(self) -> None:
        """From now on this is an archive."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a part holds: how many entries, and the SHA-256 of them all in order."""

    entries: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What both archives hold now, and how many entries this call wrote or removed; `anew` False where the other one
    was such an archive already."""

    parts: Mapping[Part, Content]
    written: int
    anew: bool

    @property
    def entries(self) -> int:
        return sum(content.entries for content in self.parts.values())


def weigh(source: Source) -> int:
    """How many entries a copy looks at: all of them twice."""
    return 2 * sum(source.count(part) for part in Part)


def copy(source: Source, target: Target, tell: Tell) -> Copied:
    """Raises `ArchiveRefused` where the target holds another archive (`not_empty`), or does not hold what the source
    does after all was written (`changed`): then the copy may be called again."""
    if not target.begin(source.identity):
        parts, differing = _compared(source, target, tell)
        if differing is not None:
            raise ArchiveRefused(place=target.name, problem="not_empty", what=differing)
        return Copied(parts=parts, written=0, anew=False)
    written = sum(_carry(part, source, target, tell) for part in Part)
    target.settle()
    parts, differing = _compared(source, target, tell)
    if differing is not None:
        raise ArchiveRefused(place=target.name, problem="changed", what=differing)
    target.finish()
    return Copied(parts=parts, written=written, anew=True)


def _carry(part: Part, source: Source, target: Target, tell: Tell) -> int:
    """Make a part of the target what it is in the source; how many entries that took."""
    changed: list[Entry] = []
    gone: list[str] = []
    count = 0

    def write() -> None:
        nonlocal count
        if changed:
            target.put(part, changed)
        if gone:
            target.remove(part, gone)
        count += len(changed) + len(gone)
        changed.clear()
        gone.clear()

    for wanted, there in _side_by_side(source.entries(part), target.entries(part)):
        if there is not None and wanted is None:
            gone.append(there.key)
        elif wanted is not None and (there is None or there.document != wanted.document):
            changed.append(wanted)
        if len(changed) + len(gone) >= _AT_ONCE:
            write()
        if wanted is not None:
            tell(1)
    write()
    return count


def _side_by_side(one: Iterator[Entry], other: Iterator[Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    """What both have under each key."""
    left, right = next(one, None), next(other, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.key < right.key):
            yield left, None
            left = next(one, None)
        elif left is None or right.key < left.key:
            yield None, right
            right = next(other, None)
        else:
            yield left, right
            left, right = next(one, None), next(other, None)


def _compared(source: Source, target: Source, tell: Tell) -> tuple[Mapping[Part, Content], Part | None]:
    """What the source holds, and the first part of which the target does not hold the same."""
    found = {}
    for part in Part:
        found[part] = _content(source.entries(part), tell)
        if _content(target.entries(part), lambda _: None) != found[part]:
            return found, part
    return found, None


def _content(entries: Iterator[Entry], tell: Tell) -> Content:
    digest, count = hashlib.sha256(), 0
    for entry in entries:
        digest.update(f"{entry.key}\n{entry.document}\n".encode())
        count += 1
        tell(1)
    return Content(entries=count, sha256=digest.hexdigest())


def reading_key(source_id: str, at: int) -> str:
    """By source, then by time in milliseconds."""
    return f"{source_id}\0{at:015}"


def ruling_key(ruling: Ruling) -> str:
    """By province, subject and field."""
    subject = f"article:{ruling.article_id}" if ruling.article_id is not None else f"story:{ruling.story_id}"
    return f"{ruling.province}\0{subject}\0{ruling.field}"
