"""Pages as they were captured: one WARC file for each, named by the SHA-256 of the page's bytes.

A file is `YYYY/MM/DD/<sha256>.warc.gz`, by the day of capture in UTC, written beside and renamed into place: it is
whole or not there. The same bytes on the same day are one file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Final, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date, iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from index.errors import SnapshotDamaged, SnapshotNotFound
from index.store import Store

SUFFIX: Final = ".warc.gz"
_SHA256: Final = re.compile("[0-9a-f]{64}")
DAYS: Final = "[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]"
_DAY: Final = re.compile(r"\d{4}/\d\d/\d\d/", re.ASCII)
_OF_THE_TRANSFER: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_AS_SENT: Final = "x-archive-orig-"
"""What a header of the transfer is called once the body is kept without its encoding (the custom of web archives)."""


class Captured(Protocol):
    """A page as it came: `url` is where redirects ended, `body` has no encoding of the transfer any more."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page as it was kept. Headers that spoke of the transfer have `x-archive-orig-` before their name."""

    sha256: str
    captured: datetime
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Snapshots:
    """A store of captured pages; several processes may keep pages in it at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, page: Captured, captured: datetime) -> str:
        """Keep a page, durably, before returning; the SHA-256 of its bytes.

        Raises `StoreError` where it cannot be written, and `ValueError` for a naive time.
        """
        if captured.tzinfo is None:
            raise ValueError("naive time")
        captured = captured.astimezone(UTC)
        sha256 = hashlib.sha256(page.body).hexdigest()
        self._store.put(f"{_folder_of(captured)}{sha256}{SUFFIX}", _warc(page, captured, sha256))
        return sha256

    def read(self, sha256: str) -> Snapshot:
        """The page as first captured, its bytes checked against their name.

        Raises `SnapshotNotFound`, and `SnapshotDamaged` where they are not what was kept.
        """
        if _SHA256.fullmatch(sha256):
            for day in self._days():
                if (found := self._read(f"{day}{sha256}{SUFFIX}")) is not None:
                    return found
        raise SnapshotNotFound(sha256=sha256)

    def walk(self) -> Iterator[str]:
        """The SHA-256 of every page kept, each once."""
        yield from dict.fromkeys(_sha256_of(name) for day in self._days() for name in self._pages(day))

    def purge(self, named: Container[str], *, before: date, dry_run: bool = False) -> int:
        """Remove the pages of before a day (UTC) that are not `named`; how many that are.

        A page is kept before its article: what was captured today may be named by no article yet.
        """
        count = 0
        for day in self._days():
            if day >= _folder_of(before):
                break
            unused = [name for name in self._pages(day) if _sha256_of(name) not in named]
            count += len(unused)
            if not dry_run:
                for name in unused:
                    self._store.remove(name)
        return count

    def newest(self, day: date, count: int) -> Sequence[Snapshot]:
        """The pages captured last on a day (UTC), latest first; what is damaged is left out."""
        held = sorted(self._store.files(_folder_of(day)), key=lambda held: held.written, reverse=True)
        pages = []
        for name in [held.name for held in held if _is_page(held.name)][:count]:
            with suppress(SnapshotDamaged):
                if (page := self._read(name)) is not None:  # it may be purged meanwhile
                    pages.append(page)
        return pages

    def _days(self) -> Iterator[str]:
        """The folders of the days on which pages were captured, the earliest first."""
        for year in self._store.folders():
            for month in self._store.folders(year):
                yield from (day for day in self._store.folders(month) if _DAY.fullmatch(day))

    def _pages(self, day: str) -> list[str]:
        return [held.name for held in self._store.files(day) if _is_page(held.name)]

    def _read(self, name: str) -> Snapshot | None:
        data = self._store.get(name)
        return None if data is None else _parsed(data, _sha256_of(name), f"{self._store.place}/{name}")


def _folder_of(day: date) -> str:
    return f"{day:%Y/%m/%d}/"


def _sha256_of(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(SUFFIX)


def _is_page(name: str) -> bool:
    return name.endswith(SUFFIX) and _SHA256.fullmatch(_sha256_of(name)) is not None


# --- one file -----------------------------------------------------------------------------------------------------


def _warc(page: Captured, captured: datetime, sha256: str) -> bytes:
    """A WARC 1.1 file with the response. What was sent is not known any more, and nothing is made up for it."""
    as_sent = [
        (f"{_AS_SENT}{name}" if name.lower() in _OF_THE_TRANSFER else name, " ".join(value.splitlines()))
        for name, value in page.headers.items()
    ]
    http = StatusAndHeaders(
        f"{page.status} {_phrase(page.status)}".strip(),
        [*as_sent, ("content-length", str(len(page.body)))],
        protocol="HTTP/1.1",
    )
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=http,
            warc_headers_dict={
                "WARC-Date": datetime_to_iso_date(captured.replace(tzinfo=None), use_micros=True),
                "WARC-Payload-Digest": f"sha256:{sha256}",
            },
        )
    )
    return file.getvalue()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _parsed(data: bytes, sha256: str, path: str) -> Snapshot:
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(gzip.decompress(data)))))
        http = record.http_headers
        found = Snapshot(
            sha256=sha256,
            captured=iso_date_to_datetime(record.rec_headers["WARC-Date"]).replace(tzinfo=UTC),
            url=record.rec_headers["WARC-Target-URI"],
            status=int(http.get_statuscode()),
            headers={name: value for name, value in http.headers if name != "content-length"},
            body=record.content_stream().read(),
        )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SnapshotDamaged(path=path) from error
    except (ArchiveLoadFailed, StopIteration, ValueError, AttributeError, TypeError) as error:
        # warcio takes for granted what every WARC has, and stumbles where a forged one lacks it.
        raise SnapshotDamaged(path=path) from error
    if hashlib.sha256(found.body).hexdigest() != sha256:
        raise SnapshotDamaged(path=path)
    return found
