"""Pages as they were captured: one WARC exchange a file, named by the SHA-256 of the page's bytes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.clock import local
from index.errors import SnapshotDamaged, SnapshotNotFound

_SUFFIX: Final = ".warc.gz"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
# Headers of the transfer, not of the page: the body is kept unpacked and whole.
_DROPPED: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection"})
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


class Captured(Protocol):
    """A page as it came: header names lower-case, the body unpacked."""

    @property
    def url(self) -> str: ...

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


class Snapshots:
    """A folder `YYYY/MM/DD/<sha256>.warc.gz` by the office's days. Any number of processes may write and read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, page: Captured, captured: datetime) -> str:
        """Keep a page durably and return the SHA-256 of its bytes. The same bytes of a day are written once.

        A file is written beside its place and renamed into it, so that whoever reads finds all of it or nothing.
        """
        sha256 = hashlib.sha256(page.body).hexdigest()
        folder = self._folder / local(captured).strftime("%Y/%m/%d")
        target = folder / f"{sha256}{_SUFFIX}"
        if target.exists():
            return sha256
        folder.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=folder, prefix=".", suffix=_SUFFIX)
        try:
            with os.fdopen(handle, "wb") as file:
                _write(file, page, captured)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _sync(folder)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The page's bytes. Raises `SnapshotNotFound`, or `SnapshotDamaged` where they are not those that were kept."""
        for file in self._files(sha256):
            body = _read(file)
            if hashlib.sha256(body).hexdigest() != sha256:
                raise SnapshotDamaged(sha256=sha256, path=str(file))
            return body
        raise SnapshotNotFound(sha256=sha256)

    def remove(self, sha256: str) -> None:
        """Remove every copy; a page that is not there is no error."""
        for file in self._files(sha256):
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                file.parent.rmdir()

    def walk(self) -> Iterator[str]:
        """SHA-256 of every page that is kept, each once."""
        seen: set[str] = set()
        for file in self._folder.glob(f"*/*/*/*{_SUFFIX}"):
            name = file.name.removesuffix(_SUFFIX)
            if _NAME.fullmatch(name) and name not in seen:
                seen.add(name)
                yield name

    def _files(self, sha256: str) -> list[Path]:
        return sorted(self._folder.glob(f"*/*/*/{sha256}{_SUFFIX}")) if _NAME.fullmatch(sha256) else []


def _write(file: object, page: Captured, captured: datetime) -> None:
    writer = WARCWriter(file, gzip=True)
    headers = [(name, value) for name, value in page.headers.items() if name not in _DROPPED]
    reason = _PHRASES.get(page.status, "")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(f"{page.status} {reason}", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": captured.astimezone().isoformat(timespec="seconds")},
    )
    writer.write_record(record)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                return bytes(record.content_stream().read())
    except (ArchiveLoadFailed, OSError, EOFError) as error:
        raise SnapshotDamaged(sha256=file.name.removesuffix(_SUFFIX), path=str(file)) from error
    raise SnapshotDamaged(sha256=file.name.removesuffix(_SUFFIX), path=str(file))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
