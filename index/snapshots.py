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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date, iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from index.errors import SnapshotDamaged, SnapshotNotFound, StoreError
from index.files import write_whole

SUFFIX: Final = ".warc.gz"
_SHA256: Final = re.compile("[0-9a-f]{64}")
DAYS: Final = "[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]"
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
    """A folder of captured pages; several processes may keep pages in it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, page: Captured, captured: datetime) -> str:
        """Keep a page, durably, before returning; the SHA-256 of its bytes.

        Raises `StoreError` where it cannot be written, and `ValueError` for a naive time.
        """
        if captured.tzinfo is None:
            raise ValueError("naive time")
        captured = captured.astimezone(UTC)
        sha256 = hashlib.sha256(page.body).hexdigest()
        target = self._folder / f"{captured:%Y/%m/%d}" / f"{sha256}{SUFFIX}"
        try:
            there = target.exists()
        except OSError as error:
            raise StoreError(path=str(target), why=str(error)) from error
        if not there:
            write_whole(target, _warc(page, captured, sha256))
        return sha256

    def read(self, sha256: str) -> Snapshot:
        """The page as first captured, its bytes checked against their name.

        Raises `SnapshotNotFound`, and `SnapshotDamaged` where they are not what was kept.
        """
        files = self._files(sha256)
        if not files:
            raise SnapshotNotFound(sha256=sha256)
        return _read(files[0], sha256)

    def remove(self, sha256: str) -> int:
        """Remove a page, whenever it was captured; how many files that were."""
        files = self._files(sha256)
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def walk(self, *, before: date | None = None) -> Iterator[str]:
        """The SHA-256 of every page kept, each once; of those captured before a day (UTC) only, if one is given.

        A page is kept before its article: what was captured today may be named by no article yet.
        """
        seen: set[str] = set()
        for folder in sorted(self._folder.glob(DAYS)):
            if before is not None and folder.relative_to(self._folder).parts >= tuple(f"{before:%Y/%m/%d}".split("/")):
                return
            for file in sorted(folder.glob(f"*{SUFFIX}")):
                sha256 = file.name.removesuffix(SUFFIX)
                if _SHA256.fullmatch(sha256) and sha256 not in seen:
                    seen.add(sha256)
                    yield sha256

    def newest(self, day: date, count: int) -> Sequence[Snapshot]:
        """The pages captured last on a day (UTC), latest first; what is damaged is left out."""
        files = sorted((self._folder / f"{day:%Y/%m/%d}").glob(f"*{SUFFIX}"), key=_written, reverse=True)
        pages = []
        for file in files[:count]:
            with suppress(SnapshotDamaged, OSError):  # it may be purged meanwhile
                pages.append(_read(file, file.name.removesuffix(SUFFIX)))
        return pages

    def _files(self, sha256: str) -> list[Path]:
        """The files of a page, the earliest first."""
        if not _SHA256.fullmatch(sha256):
            return []
        return sorted(self._folder.glob(f"{DAYS}/{sha256}{SUFFIX}"))


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


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(file: Path, sha256: str) -> Snapshot:
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(gzip.decompress(file.read_bytes())))))
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
        raise SnapshotDamaged(path=str(file)) from error
    except (ArchiveLoadFailed, StopIteration, ValueError, AttributeError, TypeError) as error:
        # warcio takes for granted what every WARC has, and stumbles where a forged one lacks it.
        raise SnapshotDamaged(path=str(file)) from error
    if hashlib.sha256(found.body).hexdigest() != sha256:
        raise SnapshotDamaged(path=str(file))
    return found
