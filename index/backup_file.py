"""The file of a backup: a tar that gzip packs, and a seal at its end that any other byte breaks.

    gzip  "kiemtin-backup.tar"    a tar entry for each member, in the manifest's order; where pages or uploads, which
    gzip …                        are packed already, begin or end, another one that takes them as they are, or not
    gzip                          the tar entry manifest.json, and the end of the tar
    gzip  the seal                empty; its comment says where the manifest begins, and the SHA-256 of all that
                                  stands before it

gzip reads members in a row as one, so that `tar -xzf` opens the file. Entries are plain ones of GNU tar, names longer
than 100 bytes included. Whoever changes this so that an older program would misread it raises `FORMAT`; the seal stays.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from index.documents import from_json, to_json
from index.errors import ArchiveError, BackupRefused
from index.sqlite_copy import Tell, silent

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
FOLDERS: Final = frozenset({"snapshots", "attachments", "reports", "exports", "models", "secrets"})
SETTINGS: Final = "kiemtin.yaml"
CASEBOOK: Final = "casebook.db"
ARCHIVE: Final = "archive.db"
OUTBOX: Final = "outbox.db"
MANNERS: Final = "manners.json"
FILES: Final = frozenset({SETTINGS, CASEBOOK, ARCHIVE, OUTBOX, MANNERS})

_NAME: Final = "kiemtin-backup.tar"
_HEAD: Final = re.compile(rb"\x1f\x8b\x08\x08.{6}" + re.escape(_NAME.encode()) + rb"\0", re.DOTALL)
_HEAD_LENGTH: Final = 10 + len(_NAME) + 1
_SEAL_HEAD: Final = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
_SEAL_END: Final = b"\0\x03\0" + bytes(8)  # end of the comment, nothing packed, its checksum and length
_SEAL: Final = re.compile(
    rb"(" + re.escape(_SEAL_HEAD) + rb"kiemtin-seal (\d{4}) (\d{20}) )([0-9a-f]{64})" + re.escape(_SEAL_END), re.DOTALL
)
_SEAL_LENGTH: Final = len(_SEAL_HEAD) + len("kiemtin-seal ") + 4 + 1 + 20 + 1 + 64 + len(_SEAL_END)
_LEVEL: Final = 1
"""Of gzip; 6 takes three times as long for files a seventh smaller."""
_AS_IT_IS: Final = 0
_PACKED: Final = ("snapshots/", "attachments/")
_BLOCK: Final = tarfile.BLOCKSIZE
_CHUNK: Final = 1 << 20
_LONGEST_NAME: Final = 4_096
_LARGEST_MANIFEST: Final = 1 << 29
_BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.HeaderError)


class BookName(StrEnum):
    """The two books of a home, and what waits for an archive on a server."""

    ARCHIVE = "archive"
    OUTBOX = "outbox"
    CASEBOOK = "casebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in a backup: where it lies in a home, its size in bytes, and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookState:
    """What a book held when it was copied: the version of its tables, and how many rows of what matters."""

    schema: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What lies in a store that a backup does not take along: where, how many files, how many bytes."""

    place: str
    count: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    `moment`: everything collected before it is in the archive's copy. `books` lacks the ones in `without`, each with
    where it is kept. `missing` are members that a book names and the home no longer had. `by_hand` is what is not in
    the backup and whoever restores must bring: keys of settings, and files. `signals` are the versions of the models
    and rules that were in use. `elsewhere` has, by the folder that they would have here, the files that are kept in a
    store of their own; what a book names and that store has is not `missing`.
    """

    format: int = FORMAT
    program: str
    province: str
    moment: datetime
    books: Mapping[BookName, BookState]
    without: Mapping[BookName, str]
    signals: Mapping[str, str]
    missing: tuple[str, ...]
    by_hand: tuple[str, ...]
    members: tuple[Member, ...]
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that the members take once they are laid out."""
        return sum(member.size for member in self.members)


# --- writing ------------------------------------------------------------------------------------------------------


class Packing:
    """Writes a backup into an open file, member by member; `seal` ends it."""

    def __init__(self, file: BinaryIO, tell: Tell = silent) -> None:
        self._out = _Hashed(file)
        self._tell = tell
        self._tar = self._section(_LEVEL, _NAME)
        self._level = _LEVEL
        self.members: list[Member] = []

    def add(self, name: str, content: BinaryIO, size: int) -> Member:
        """Pack so many bytes under a name. Raises `OSError` where there are fewer, `ValueError` for a name that
        `is_safe` refuses."""
        if not is_safe(name):
            raise ValueError(name)
        level = _AS_IT_IS if name.startswith(_PACKED) else _LEVEL
        if level != self._level:
            self._tar.close()
            self._tar, self._level = self._section(level), level
        self._tar.write(_entry(name, size))
        sha256, left = hashlib.sha256(), size
        while left:
            chunk = content.read(min(left, _CHUNK))
            if not chunk:
                raise OSError(errno.EIO, os.strerror(errno.EIO), name)
            sha256.update(chunk)
            self._tar.write(chunk)
            self._tell(len(chunk))
            left -= len(chunk)
        self._tar.write(_padding(size))
        member = Member(name=name, size=size, sha256=sha256.hexdigest())
        self.members.append(member)
        return member

    def seal(self, manifest: Manifest) -> None:
        self._tar.close()
        start = self._out.written
        document = to_json(manifest).encode()
        with self._section(_LEVEL) as section:
            section.write(_entry(MANIFEST, len(document)) + document + _padding(len(document)) + bytes(2 * _BLOCK))
        self._out.write(_SEAL_HEAD + f"kiemtin-seal {FORMAT:04} {start:020} ".encode())
        self._out.write(self._out.sha256.hexdigest().encode() + _SEAL_END)

    def _section(self, level: int, name: str = "") -> gzip.GzipFile:
        return gzip.GzipFile(name, "wb", compresslevel=level, fileobj=self._out, mtime=0)


class _Hashed:
    """A file that is written from its beginning to its end, with the hash of what was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.written = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self.sha256.update(data)
        self.written += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()


def _entry(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def is_safe(name: str) -> bool:
    """Is it the name of something of a home, which cannot lead out of it?"""
    folder, *path = name.split("/")
    if not path:
        return folder in FILES
    return folder in FOLDERS and all(
        part.isprintable() and "\\" not in part and not part.startswith(("..", ".new-")) and part not in ("", ".")
        for part in path
    )


# --- reading ------------------------------------------------------------------------------------------------------


def read(file: Path, tell: Tell = silent) -> Manifest:
    """What a backup says of itself, once every byte of the file has been looked at.

    Raises `BackupRefused` for a file that is no backup, is cut off or altered, or is of a later format; `OSError`.
    """
    with file.open("rb") as raw:
        seal = _seal(file, raw)
        sha256, left = hashlib.sha256(), file.stat().st_size - _SEAL_LENGTH
        raw.seek(0)
        while left:
            chunk = raw.read(min(left, _CHUNK))
            if not chunk:
                raise BackupRefused(file=str(file), problem="cut", what="")
            sha256.update(chunk)
            tell(len(chunk))
            left -= len(chunk)
        sha256.update(seal[1])
        if sha256.hexdigest() != seal[4].decode():
            raise BackupRefused(file=str(file), problem="altered", what="")
        raw.seek(int(seal[3]))
        return _manifest(file, raw)


def is_one(file: Path) -> bool:
    """Has a file the beginning and the end of a backup? Nothing between is looked at."""
    try:
        with file.open("rb") as raw:
            _seal(file, raw)
    except (BackupRefused, OSError):
        return False
    return True


def _seal(file: Path, raw: BinaryIO) -> re.Match[bytes]:
    if not _HEAD.fullmatch(raw.read(_HEAD_LENGTH)):
        raise BackupRefused(file=str(file), problem="foreign", what="")
    raw.seek(max(0, file.stat().st_size - _SEAL_LENGTH))
    seal = _SEAL.fullmatch(raw.read())
    if seal is None:
        raise BackupRefused(file=str(file), problem="cut", what="")
    if int(seal[2]) > FORMAT:
        raise BackupRefused(file=str(file), problem="newer", what=str(int(seal[2])))
    return seal


def _manifest(file: Path, raw: BinaryIO) -> Manifest:
    """The manifest, from where it begins. What does not fit together although the seal is whole was made so."""
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(raw.read(_LARGEST_MANIFEST), _LARGEST_MANIFEST)
        entry = tarfile.TarInfo.frombuf(unpacked[:_BLOCK], "utf-8", "strict")
        document = unpacked[_BLOCK : _BLOCK + entry.size].decode()
        manifest = from_json(document, Manifest)
    except (*_BROKEN, ArchiveError, UnicodeDecodeError) as error:
        raise BackupRefused(file=str(file), problem="forged", what=MANIFEST) from error
    names = [member.name for member in manifest.members]
    wrong = next((name for name in names if not is_safe(name)), None)
    whole = SETTINGS in names and len(set(names)) == len(names) and all(member.size >= 0 for member in manifest.members)
    if wrong is not None or not whole:
        raise BackupRefused(file=str(file), problem="forged", what=repr(wrong or MANIFEST))
    return manifest


def unpack(file: Path, manifest: Manifest, folder: Path, tell: Tell = silent) -> None:
    """Lay out every member in a folder, its owner's alone, each held to the manifest.

    Raises `BackupRefused` for an entry that is not the one that the manifest has next, be it a link, a device or of
    another size; `OSError` where it cannot be written.
    """
    with file.open("rb") as raw, gzip.GzipFile(fileobj=raw) as tar:
        for member in manifest.members:
            target = folder / member.name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                if _next_entry(tar) != (member.name, member.size) or _take(tar, member, target, tell) != member.sha256:
                    raise BackupRefused(file=str(file), problem="forged", what=member.name)
            except (*_BROKEN, UnicodeDecodeError) as error:
                raise BackupRefused(file=str(file), problem="forged", what=member.name) from error


def _take(tar: gzip.GzipFile, member: Member, target: Path, tell: Tell) -> str:
    """Lay out what an entry holds; its SHA-256."""
    sha256, left = hashlib.sha256(), member.size
    with target.open("xb") as out:
        target.chmod(0o600)
        while left:
            chunk = tar.read(min(left, _CHUNK))
            if not chunk:
                raise EOFError
            sha256.update(chunk)
            out.write(chunk)
            tell(len(chunk))
            left -= len(chunk)
    tar.read(-member.size % _BLOCK)
    return sha256.hexdigest()


def _next_entry(tar: gzip.GzipFile) -> tuple[str, int] | None:
    """Name and size of the entry that comes next; None unless it is a plain file. tarfile's own reader would take in
    extended headers of any length, and make links and devices."""
    entry = tarfile.TarInfo.frombuf(tar.read(_BLOCK), "utf-8", "surrogateescape")
    name = entry.name
    if entry.type == tarfile.GNUTYPE_LONGNAME and entry.size <= _LONGEST_NAME:
        name = tar.read(entry.size + -entry.size % _BLOCK)[: entry.size].rstrip(b"\0").decode()
        # Its own name is the beginning of the long one, and may end within a letter.
        entry = tarfile.TarInfo.frombuf(tar.read(_BLOCK), "utf-8", "surrogateescape")
    return (name, entry.size) if entry.type == tarfile.REGTYPE else None
