"""Any file of articles as an edition: its lines dealt out to a number of outlets, each with an address of its own."""

from __future__ import annotations

import gzip
import logging
import math
import re
import shutil
import tempfile
import threading
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from crawlers.newsroom.outlet import Boilerplate, Layout, Outlet, Piece, address
from crawlers.newsroom.week import read_yaml
from index import clock
from index.errors import NewsroomFileUnreadable
from index.model import Channel

PER_SITEMAP: Final = 500
_DATE_LENGTH: Final = len("2026-11-24")
_NUMBER: Final = re.compile(r"-(?:post)?([0-9]{1,12})\.html?$")
_log = logging.getLogger(__name__)


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the file; other keys are left alone. The text is the first of body, text and summary that has words."""

    title: str = ""
    body: str | None = None
    text: str | None = None
    summary: str | None = None
    published: str | None = None
    publisher: str | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        words = next((text for text in (self.body, self.text, self.summary) if text and text.strip()), "")
        return tuple(" ".join(line.split()) for line in words.splitlines() if line.strip())


_decoder: Final = msgspec.json.Decoder(_Line)


class _Cast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the outlets of a replay are dressed."""

    name: str
    label: str
    section: str
    licence_type: str
    layouts: tuple[Layout, ...]
    boilerplate: Boilerplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A line that cannot be served; lines count from 1."""

    line: int
    why: str


class Replay:
    """A JSONL file, plain or gzipped, served as `count` outlets: line after line to one after the other.

    Holds where each line begins, not the lines. A line's address follows from its number and title, so the same file
    gives the same addresses. All of it is published from the beginning; `published` is an ISO date or time (without a
    zone that of Viet Nam), anything else is no date. `folder` is the newsroom's, for `replay.yaml`.
    """

    def __init__(self, file: Path, *, folder: Path, count: int) -> None:
        """Raises `NewsroomFileUnreadable`, also for a file without a single line that can be served."""
        self.outlets: Sequence[Outlet] = _outlets(read_yaml(folder / "replay.yaml", _Cast), count)
        self._file = _unpacked(file)
        self._reading = threading.Lock()
        self._starts, self.skipped = _scan(self._file)
        for skipped in self.skipped:
            _log.warning("%s line %d skipped: %s", file, skipped.line, skipped.why)
        unserved = {skipped.line for skipped in self.skipped}
        self._dealt = {
            outlet.id: [line for line in range(turn + 1, len(self._starts) + 1, count) if line not in unserved]
            for turn, outlet in enumerate(self.outlets)
        }
        if not len(self):
            self.close()
            raise NewsroomFileUnreadable(file=str(file), why="no line with a title and a text")

    def __len__(self) -> int:
        """Lines that are served."""
        return sum(map(len, self._dealt.values()))

    def newest(self, outlet: Outlet, now: datetime, *, limit: int) -> Sequence[Piece]:  # noqa: ARG002
        """The last lines of the file."""
        return [self._piece(outlet, line) for line in reversed(self._dealt[outlet.id][-limit:])]

    def piece(self, outlet: Outlet, path: str, now: datetime) -> Piece | None:  # noqa: ARG002
        found = _NUMBER.search(path)
        if found is None or not _holds(self._dealt[outlet.id], line := int(found.group(1))):
            return None
        piece = self._piece(outlet, line)
        return piece if piece.path == path else None

    def chapters(self, outlet: Outlet, now: datetime) -> Sequence[datetime | None]:  # noqa: ARG002
        return (None,) * max(1, math.ceil(len(self._dealt[outlet.id]) / PER_SITEMAP))

    def chapter(self, outlet: Outlet, number: int, now: datetime) -> Sequence[Piece]:  # noqa: ARG002
        lines = self._dealt[outlet.id][(number - 1) * PER_SITEMAP : number * PER_SITEMAP]
        return [self._piece(outlet, line) for line in lines]

    def close(self) -> None:
        self._file.close()

    def _piece(self, outlet: Outlet, line: int) -> Piece:
        with self._reading:
            self._file.seek(self._starts[line - 1])
            raw = self._file.readline()
        told = _decoder.decode(raw)
        section = next(iter(outlet.sections))
        title = " ".join(told.title.split())
        when = _when(told.published)
        return Piece(
            path=address(outlet.layout, section, title, line),
            section=section,
            title=title,
            lead="",
            body=told.paragraphs,
            published=when,
            changed=when if isinstance(when, datetime) else None,
            via=told.publisher,
        )


def _outlets(cast: _Cast, count: int) -> tuple[Outlet, ...]:
    return tuple(
        Outlet(
            id=f"replay-{number}",
            name=cast.name.format(number=number),
            kind="national",
            channel=Channel.PRESS,
            language="vi",
            tier=1,
            licence_type=cast.licence_type,
            official=False,
            collector="sitemap",
            layout=cast.layouts[(number - 1) % len(cast.layouts)],
            sections={cast.section: cast.label},
            boilerplate=cast.boilerplate,
        )
        for number in range(1, count + 1)
    )


def _unpacked(file: Path) -> BinaryIO:
    """The file open at its beginning; a gzipped one is unpacked into a temporary file, to be read from any place."""
    try:
        if file.suffix != ".gz":
            return file.open("rb")
        with gzip.open(file) as packed:
            unpacked = tempfile.TemporaryFile()  # noqa: SIM115  the edition closes it
            shutil.copyfileobj(packed, unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise NewsroomFileUnreadable(file=str(file), why=" ".join(str(error).split())) from error
    unpacked.seek(0)
    return unpacked


def _scan(file: BinaryIO) -> tuple[array[int], tuple[Skipped, ...]]:
    """Where every line begins, and which cannot be served, a blank one among them."""
    starts = array("Q")
    skipped = []
    position = 0
    for number, raw in enumerate(file, start=1):
        starts.append(position)
        position += len(raw)
        if why := _fault(raw):
            skipped.append(Skipped(line=number, why=why))
    return starts, tuple(skipped)


def _fault(raw: bytes) -> str | None:
    try:
        told = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return str(error)
    if not told.title.strip():
        return "no title"
    return None if told.paragraphs else "no text"


def _when(published: str | None) -> datetime | date | None:
    try:
        if published is None or len(published) == _DATE_LENGTH:
            return date.fromisoformat(published) if published else None
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _holds(ordered: Sequence[int], wanted: int) -> bool:
    place = bisect_left(ordered, wanted)
    return place < len(ordered) and ordered[place] == wanted
