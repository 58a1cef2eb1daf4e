"""A backup of a home that is in use: what goes into it, in which order, and how it becomes a file.

The casebook is copied first, the archive after it, and the files last. What names something was written after it: a
case after its story, an article after its page. So each copy has what the ones before it name, if nobody purges
meanwhile. What is delivered from the outbox while it goes on is in both, or in the archive's copy, and never in none.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from index import backup_file
from index.backup_books import Copy, Held
from index.backup_file import ARCHIVE, CASEBOOK, MANNERS, OUTBOX, SETTINGS, BookName, Elsewhere, Manifest, Packing
from index.errors import BackupError
from index.files import BESIDE, sync_folder
from index.snapshots import DAYS, SUFFIX
from index.sqlite_copy import Tell, silent, why
from index.store import Store

SETTLED: Final = timedelta(minutes=1)
"""What was collected so long ago is stored, or its storing has failed: rounds store every two seconds, and wait half a
minute for another writer."""
_ORDER: Final = (BookName.CASEBOOK, BookName.OUTBOX, BookName.ARCHIVE)
_FOLDERS: Final = ("reports", "exports", "models")
_STAGE: Final = f"{BESIDE}backup-"
_UNNAMED: Final = "whole"
_ABANDONED: Final = 86_400.0
"""Seconds after which what was left beside a backup is nobody's any more."""
_NOT_THE_OFFICES: Final = (".*", "*.lock", "*-wal", "*-shm", "backup.json", "logs")
"""What in a home need not be told as left out: locks, journals, notes and logs of this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What of a home goes into a backup.

    `folders` are those of the captured pages and of the uploads. Where one is in `elsewhere`, what lies in it waits for
    that store, which has the rest: its files are counted, and looked for, but not fetched. `books` has a way to copy
    each book but those in `without`, which says where they are kept. `settings` is the text of the settings as they
    shall be restored, `secrets` are files by the name that they get below `secrets/`. The rest is as the `Manifest` has
    it.
    """

    home: Path
    folders: Mapping[str, Path]
    elsewhere: Mapping[str, Store]
    books: Mapping[BookName, Copy]
    without: Mapping[BookName, str]
    settings: bytes
    secrets: Mapping[str, Path]
    by_hand: tuple[str, ...]
    program: str
    province: str
    signals: Mapping[str, str]


def make(contents: Contents, target: Path, *, now: datetime, replace: bool = False, tell: Tell = silent) -> Manifest:
    """Write a backup, whole or not at all, its owner's alone, and read it back before it gets its name.

    Raises `BackupError` where it cannot be written, or is there already and shall not be replaced; `FileMissing`,
    `ArchiveDamaged`, `CasebookDamaged` for a book that is not sound: its backup might push out the last good one.
    """
    try:
        _refuse_taken(target, replace)
        sweep(target.parent)
        stage = Path(tempfile.mkdtemp(dir=target.parent, prefix=_STAGE))
        try:
            manifest = _write(contents, stage, now, tell)
            _refuse_taken(target, replace)
            (stage / _UNNAMED).replace(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(file=str(target), why=why(error)) from error
    return manifest


def weigh(contents: Contents) -> int:
    """About how many bytes `make` will tell of: the books are copied and packed, the rest is packed, all is read back
    from the file, in which the books are a third of what they were."""
    books = [path for name in (CASEBOOK, OUTBOX, ARCHIVE) if (path := contents.home / name).exists()]
    files = [path for _, path in _files(contents)]
    return sum(path.stat().st_size for path in books) * 7 // 3 + 2 * sum(path.stat().st_size for path in files)


def left_out(contents: Contents) -> list[str]:
    """What lies in a home and is not of it, or has a name that a backup does not take."""
    known = {SETTINGS, CASEBOOK, ARCHIVE, OUTBOX, MANNERS, *backup_file.FOLDERS}
    top = [
        path
        for path in contents.home.iterdir()
        if path.name not in known and not any(path.match(pattern) for pattern in _NOT_THE_OFFICES)
    ]
    inner = [
        path
        for folder in _FOLDERS
        for path in (contents.home / folder).rglob("*")
        if path.is_file() and not backup_file.is_safe(path.relative_to(contents.home).as_posix())
    ]
    told = (path for path in (*top, *inner) if path not in contents.folders.values())
    return sorted(path.relative_to(contents.home).as_posix() for path in told)


def missing(names: Collection[str], books: Collection[Held]) -> list[str]:
    """The members that books name and that are not among `names`. A snapshot may lie in any day's folder."""
    snapshots = {Path(name).name.removesuffix(SUFFIX) for name in names if name.startswith("snapshots/")}
    attachments = {Path(name).name for name in names if name.startswith("attachments/")}
    return sorted(
        [
            *(f"snapshots/{sha256}" for book in books for sha256 in book.snapshots - snapshots),
            *(f"attachments/{sha256}" for book in books for sha256 in book.attachments - attachments),
        ]
    )


def sweep(folder: Path) -> None:
    """Remove what backups that were killed left in a folder a day ago or longer."""
    for stage in folder.glob(f"{_STAGE}*"):
        with contextlib.suppress(OSError):  # it came to its end meanwhile, or is another user's
            touched = max(path.stat().st_mtime for path in (stage, *stage.iterdir()))
            if touched < time.time() - _ABANDONED:
                shutil.rmtree(stage)


def _refuse_taken(target: Path, replace: bool) -> None:
    if target.exists() and not replace:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _write(contents: Contents, stage: Path, now: datetime, tell: Tell) -> Manifest:
    folder = stage / "books"
    folder.mkdir()
    books = {name: contents.books[name](folder, tell) for name in _ORDER if name in contents.books}
    with os.fdopen(os.open(stage / _UNNAMED, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        packing = Packing(file, tell)
        packing.add(SETTINGS, BytesIO(contents.settings), len(contents.settings))
        for name, path in (*_below(folder, ""), *_files(contents)):
            _pack(packing, name, path)
        members = tuple(packing.members)
        # After what waits for it was packed: a file that has left its folder meanwhile is there.
        elsewhere = {name: list(store.files()) for name, store in contents.elsewhere.items()}
        there = [f"{folder}/{held.name}" for folder, files in elsewhere.items() for held in files]
        manifest = Manifest(
            program=contents.program,
            province=contents.province,
            moment=now - SETTLED,
            books={name: book.state for name, book in books.items()},
            without=contents.without,
            signals=contents.signals,
            missing=tuple(missing([*there, *(member.name for member in members)], books.values())),
            by_hand=contents.by_hand,
            members=members,
            elsewhere={
                name: Elsewhere(
                    place=contents.elsewhere[name].place, count=len(files), size=sum(held.size for held in files)
                )
                for name, files in elsewhere.items()
            },
        )
        packing.seal(manifest)
        file.flush()
        os.fsync(file.fileno())
    return backup_file.read(stage / _UNNAMED, tell)


def _pack(packing: Packing, name: str, path: Path) -> None:
    try:
        content = path.open("rb")
    except FileNotFoundError:
        return  # taken away by hand since the folder was listed; where a book names it, it is told as missing
    with content:
        packing.add(name, content, os.fstat(content.fileno()).st_size)


def _files(contents: Contents) -> Iterator[tuple[str, Path]]:
    """The files of a home beside its books, each under the name that it has in a backup."""
    pages = contents.folders["snapshots"]
    for path in sorted(pages.glob(f"{DAYS}/*{SUFFIX}")):
        yield f"snapshots/{path.relative_to(pages).as_posix()}", path
    yield from _below(contents.folders["attachments"], "attachments/")
    for folder in _FOLDERS:
        yield from _below(contents.home / folder, f"{folder}/")
    for name, path in contents.secrets.items():
        yield f"secrets/{name}", path
    if (manners := contents.home / MANNERS).is_file():
        yield MANNERS, manners


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        inner = f"{name}{path.relative_to(folder).as_posix()}"
        if backup_file.is_safe(inner) and path.is_file():
            yield inner, path
