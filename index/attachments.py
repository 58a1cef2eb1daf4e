"""What people upload, kept under the SHA-256 of its bytes. What a file is, its bytes say, never its name."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Final

from index.errors import AttachmentNotFound, AttachmentRefused
from index.store import Store

MAX_BYTES: Final = 20 * 1024 * 1024
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# What an office's evidence comes as. Nothing that a browser would run is kept: no HTML, no SVG.
_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)


class Attachments:
    """A store of files named by their hash."""

    def __init__(self, store: Store, max_bytes: int = MAX_BYTES) -> None:
        self._store = store
        self._max_bytes = max_bytes

    def put(self, data: bytes) -> tuple[str, str]:
        """Keep a file; its SHA-256 and its media type. The same bytes again are the same file.

        Raises `AttachmentRefused` for one that is empty, too large, or of a type that is not kept, and `StoreError`
        where it cannot be written.
        """
        if not data:
            raise AttachmentRefused(problem="empty")
        if len(data) > self._max_bytes:
            raise AttachmentRefused(problem="too_large", size=str(len(data)), allowed=str(self._max_bytes))
        media_type = media_type_of(data)
        if media_type is None:
            raise AttachmentRefused(problem="type")
        sha256 = hashlib.sha256(data).hexdigest()
        self._store.put(sha256, data)
        return sha256, media_type

    def read(self, sha256: str) -> bytes:
        """Raises `AttachmentNotFound`."""
        data = self._store.get(sha256) if _SHA256.fullmatch(sha256) else None
        if data is None:
            raise AttachmentNotFound(sha256=sha256)
        return data


def media_type_of(data: bytes) -> str | None:
    """The media type that the bytes show, None for one that is not kept."""
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"PK\x03\x04") and _is_docx(data):
        return _DOCX
    return None


def _is_docx(data: bytes) -> bool:
    """A word document without macros: a zip that names its parts as one. Nothing is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except zipfile.BadZipFile:
        return False
    return {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names
