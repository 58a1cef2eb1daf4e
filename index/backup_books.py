"""The books of a home as a backup knows them: how each is copied, what it holds and names, how it is brought up to
date. A book that lies elsewhere gets the same three functions, and its place in `BOOKS`."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index import migrations, outbox_file, schema, soundness
from index.backup_file import ARCHIVE, CASEBOOK, OUTBOX, BookName, BookState
from index.casebook import Casebook
from index.errors import ArchiveDamaged, CasebookDamaged, FileMissing, SchemaNewer, StoreError
from index.sqlite import SqliteArchive
from index.sqlite_copy import Tell, copy

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""How SQLite says that a file is not what was written, or has other tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A book that was copied: its state, and the files that it names, by their SHA-256."""

    state: BookState
    snapshots: frozenset[str] = frozenset()
    attachments: frozenset[str] = frozenset()


Copy = Callable[[Path, Tell], Held]
"""Copies a book that others may be writing into a folder. Raises `FileMissing`, and the book's own error of damage;
`sqlite3.Error` and `OSError` where the folder does not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """`read` says what lies in a folder, and raises where that is not sound; `of` is the file that is then named.
    `versions` are those of its tables that this program knows, the present one last; `upgrade` brings it there."""

    read: Callable[[Path, Path], Held]
    versions: Callable[[], tuple[str, ...]]
    upgrade: Callable[[Path], None]

    def refuse_newer(self, state: BookState, file: Path) -> None:
        """Raises `SchemaNewer` for a state that this program does not know."""
        known = self.versions()
        if state.schema not in known:
            raise SchemaNewer(file=str(file), found=state.schema, known=known[-1])


# --- the archive --------------------------------------------------------------------------------------------------


def copy_archive(file: Path, folder: Path, tell: Tell) -> Held:
    """The `Copy` of the embedded archive."""
    with _damage(ArchiveDamaged, file):
        _copy(file, folder / ARCHIVE, tell)
    return read_archive(folder, file)


def read_archive(folder: Path, of: Path) -> Held:
    with _damage(ArchiveDamaged, of), _sound(folder / ARCHIVE, ArchiveDamaged, of) as connection:
        counts = _counts(
            connection,
            articles="articles WHERE held",
            versions="versions",
            stories="stories WHERE forward IS NULL",
        )
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        named = connection.execute("SELECT DISTINCT snapshot FROM versions WHERE snapshot IS NOT NULL")
        snapshots = frozenset(sha256 for (sha256,) in named)
    return Held(state=BookState(schema=str(version), counts=counts), snapshots=snapshots)


# --- what waits for the archive -----------------------------------------------------------------------------------


def copy_outbox(file: Path, folder: Path, tell: Tell) -> Held:
    """The `Copy` of an outbox."""
    with _damage(ArchiveDamaged, file):
        _copy(file, folder / OUTBOX, tell)
    return read_outbox(folder, file)


def read_outbox(folder: Path, of: Path) -> Held:
    with _damage(ArchiveDamaged, of), _sound(folder / OUTBOX, ArchiveDamaged, of) as connection:
        counts = _counts(connection, waiting="waiting")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        snapshots = outbox_file.snapshots(connection)
    return Held(state=BookState(schema=str(version), counts=counts), snapshots=snapshots)


# --- the casebook -------------------------------------------------------------------------------------------------


def copy_casebook(file: Path, folder: Path, tell: Tell) -> Held:
    """The `Copy` of a casebook in a file."""
    with _damage(CasebookDamaged, file):
        _copy(file, folder / CASEBOOK, tell)
    return read_casebook(folder, file)


def read_casebook(folder: Path, of: Path) -> Held:
    with _damage(CasebookDamaged, of), _sound(folder / CASEBOOK, CasebookDamaged, of) as connection:
        counts = _counts(connection, cases="cases", accounts="accounts", audit="audit")
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        named = connection.execute("SELECT DISTINCT sha256 FROM attachments")
        attachments = frozenset(sha256 for (sha256,) in named)
    return Held(state=BookState(schema=version, counts=counts), attachments=attachments)


BOOKS: Final[Mapping[BookName, Book]] = {
    BookName.ARCHIVE: Book(
        read=read_archive,
        versions=lambda: tuple(str(version) for version in range(1, schema.VERSION + 1)),
        upgrade=lambda folder: SqliteArchive(folder / ARCHIVE).close(),
    ),
    BookName.OUTBOX: Book(
        read=read_outbox,
        versions=lambda: tuple(str(version) for version in range(1, outbox_file.VERSION + 1)),
        upgrade=lambda folder: outbox_file.OutboxFile(folder / OUTBOX).close(),
    ),
    BookName.CASEBOOK: Book(
        read=read_casebook,
        versions=migrations.versions,
        upgrade=lambda folder: Casebook.open(folder / CASEBOOK).close(),
    ),
}


# --- all of them --------------------------------------------------------------------------------------------------


def _copy(file: Path, target: Path, tell: Tell) -> None:
    if not file.exists():
        raise FileMissing(file=str(file))
    copy(file, target, tell)


@contextmanager
def _damage(damaged: type[StoreError], file: Path) -> Iterator[None]:
    """What SQLite says of a file that is not sound, as the book's error that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise
        raise damaged(file=str(file), why=str(error)) from error


@contextmanager
def _sound(copied: Path, damaged: type[StoreError], of: Path) -> Iterator[sqlite3.Connection]:
    if faults := soundness.faults(copied, seconds=math.inf):
        raise damaged(file=str(of), why=faults[0])
    with closing(sqlite3.connect(f"{copied.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def _counts(connection: sqlite3.Connection, **tables: str) -> Mapping[str, int]:
    return {
        name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  literals of this module
        for name, table in tables.items()
    }
