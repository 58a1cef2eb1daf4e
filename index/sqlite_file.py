"""A SQLite file of the archive's room: made whole or not at all, its connections, its transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.errors import ArchiveDamaged, ArchiveError, ArchiveUnavailable, SchemaNewer
from index.journal import write_ahead
from index.sqlite_copy import keep_beside

PATIENCE: Final = 30.0
"""Seconds that one writer waits for another before it gives up."""
_PRAGMAS: Final = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -32000",  # KiB
    "wal_autocheckpoint = 16000",  # pages, as much as the journal keeps: a batch of 500 articles writes some 1,500
    "journal_size_limit = 67108864",
)
_LATER: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)
"""Result codes after which asking again may work."""
_NO_TEXT: Final = "Could not decode to UTF-8"
"""How Python's driver, without a code, begins to say that what it finds is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The statements that make a file, the number of this state of them (from 1), and what brings an earlier one here,
    inside a transaction."""

    tables: str
    version: int
    upgrade: Callable[[sqlite3.Connection], None]


class SqliteFile:
    """One SQLite file. Several processes and threads may use it at once; a connection is not carried across a fork.

    Connections are lent to one caller at a time and kept for the next. Readers never wait for a writer; writers wait
    for each other.
    """

    def __init__(self, path: Path, layout: Layout, *, patience: float = PATIENCE) -> None:
        """Make the file or open it, brought up to date; what it was before is kept beside it.

        Raises `SchemaNewer` for a file of a later version of the program, `UpgradeRefused` where it cannot be kept,
        `ArchiveDamaged` for one that is none of ours, be it empty: it is left as it is.
        """
        self._path = path
        self._layout = layout
        self._patience = patience
        self._idle: deque[sqlite3.Connection] = deque()
        if not path.exists():
            _make(path, layout)
        elif not path.stat().st_size:
            raise ArchiveDamaged(file=str(path), why="empty")
        with self.reading() as connection:
            version = _version(connection)
        if version > layout.version:
            raise SchemaNewer(file=str(path), found=str(version), known=str(layout.version))
        if version == 0:
            raise ArchiveDamaged(file=str(path), why="no archive")
        if version < layout.version:
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        with self.writing() as connection:
            if _version(connection) == self._layout.version:
                return  # another process was faster
            keep_beside(self._path, str(self._layout.version))
            self._layout.upgrade(connection)
            connection.execute(f"PRAGMA user_version = {self._layout.version}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the file for as long as the block lasts."""
        with self._lent("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of the block, on disk when it ends, or nothing of it."""
        with self._lent("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _lent(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._take()
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
        except sqlite3.Error as error:
            ours = _ours(error, self._path)
            if ours is None:
                raise
            raise ours from error

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=self._patience, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            write_ahead(connection.execute, self._patience)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close what is not lent just now."""
        while self._idle:
            self._idle.pop().close()


def _make(path: Path, layout: Layout) -> None:
    """Make the file beside its place and link it there: it is whole or not there, and the first of several is kept."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        os.close(descriptor)
        try:
            _fill(Path(name), layout)
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(name)
        finally:
            for left in path.parent.glob(f"{Path(name).name}*"):
                left.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ArchiveUnavailable(file=str(path), why=str(error)) from error
    except sqlite3.Error as error:
        raise _ours(error, path) or error from error


def _fill(file: Path, layout: Layout) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _statements(layout.tables):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {layout.version}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _ours(error: sqlite3.Error, path: Path) -> ArchiveError | None:
    """The house's error for SQLite's; None for a statement that is wrong in itself: that is a fault of ours."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _LATER:
        return ArchiveUnavailable(file=str(path), why=str(error))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith(_NO_TEXT):
        return ArchiveDamaged(file=str(path), why=str(error))
    return None
