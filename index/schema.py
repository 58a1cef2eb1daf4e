"""The embedded archive's file: its tables, its connections, its transactions.

`articles.slot` is an article's place on the time line: the milliseconds of `Article.when`, and 15 bits that tell apart
what fell on the same one. It is the key of everything, the full-text tables' row ids included, so that newest first is
the order of rows and a span of time a range of them. An article whose time changes takes another slot; what hangs on
it follows by foreign key.

The full-text tables keep no text, only words. To take an article out they must be told the very words that went in:
whoever changes `index.text.exact_words` or `fold` raises `VERSION` and has them made anew (`index.sqlite_upgrade`).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from index.errors import ArchiveDamaged, ArchiveError, ArchiveUnavailable, SchemaNewer
from index.journal import write_ahead
from index.sqlite_copy import keep_beside
from index.sqlite_upgrade import from_version_1

VERSION: Final = 2

_TABLES: Final = """
CREATE TABLE identity (token TEXT NOT NULL);

CREATE TABLE articles (
    slot INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    collected INTEGER NOT NULL,
    read INTEGER NOT NULL,
    extent TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 1
);
-- `held` stands in it so that counting reads nothing else.
CREATE INDEX articles_collected ON articles (collected, slot, held) WHERE held;
CREATE INDEX articles_source ON articles (source_id, collected, slot) WHERE held;

CREATE TABLE versions (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    version INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    collected INTEGER NOT NULL,
    snapshot TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (slot, version)
);
CREATE INDEX versions_snapshot ON versions (snapshot) WHERE snapshot IS NOT NULL;

CREATE VIRTUAL TABLE exact USING fts5(title, text, content='', tokenize='ascii');
CREATE VIRTUAL TABLE folded USING fts5(title, text, content='', tokenize='ascii');

-- Provinces that have asked what is pending, and what each has still to review, oldest request first.
CREATE TABLE provinces (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE queue (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    UNIQUE (slot, province)
);
CREATE INDEX queue_province ON queue (province, number);

-- `signals` is one of signal_sets; the empty fingerprint stands for reviews that left a signal unexamined.
CREATE TABLE signal_sets (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE);
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    signals INTEGER NOT NULL REFERENCES signal_sets,
    collected INTEGER NOT NULL,
    standing TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (slot, province)
);
CREATE INDEX reviews_signals ON reviews (province, signals, collected);

-- What search filters by: of reviews that are not NOT_OURS place, tone, topic and flag; quoted is a flag of its story
-- that quotes the article.
CREATE TABLE traits (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (slot, province, kind, value)
) WITHOUT ROWID;
CREATE INDEX traits_value ON traits (province, kind, value, slot);

-- The last number that a change of a story had; it only rises, also where the story that had it is gone.
CREATE TABLE story_changes (
    province TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;
-- `changed` is of `story_changes`; `latest` is the slot of the latest article, NULL where there is none.
CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    province TEXT NOT NULL,
    forward TEXT,
    latest INTEGER,
    changed INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX stories_changed ON stories (province, changed);
CREATE INDEX stories_latest ON stories (province, latest) WHERE latest IS NOT NULL;
CREATE INDEX stories_forward ON stories (forward) WHERE forward IS NOT NULL;
-- `pinned`: a person put the article there, and no review takes it away.
CREATE TABLE members (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    story_id TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, province)
) WITHOUT ROWID;
CREATE INDEX members_story ON members (story_id);

-- One row a subject and field, the latest; taken back where the document's value is null.
CREATE TABLE rulings (
    province TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    at INTEGER NOT NULL,
    in_force INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (province, subject, field)
) WITHOUT ROWID;

CREATE TABLE checkpoints (source_id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE readings (
    source_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (source_id, at)
) WITHOUT ROWID;
CREATE INDEX readings_at ON readings (at);
CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    requested INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    done INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX visits_due ON visits (requested) WHERE NOT done;
CREATE INDEX visits_requested ON visits (requested);
"""

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


class ArchiveFile:
    """One SQLite file. Several processes and threads may use it at once; a connection is not carried across a fork.

    Connections are lent to one caller at a time and kept for the next. Readers never wait for a writer; writers wait
    for each other.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Make the file or open it, brought up to date; what it was before is kept beside it.

        Raises `SchemaNewer` for a file of a later version of the program, `UpgradeRefused` where it cannot be kept,
        `ArchiveDamaged` for one that is no archive, be it empty: it is left as it is.
        """
        self._path = path
        self._patience = patience
        self._idle: deque[sqlite3.Connection] = deque()
        if not path.exists():
            _make(path)
        elif not path.stat().st_size:
            raise ArchiveDamaged(file=str(path), why="empty")
        with self.reading() as connection:
            version = _version(connection)
        if version > VERSION:
            raise SchemaNewer(file=str(path), found=str(version), known=str(VERSION))
        if version == 0:
            raise ArchiveDamaged(file=str(path), why="no archive")
        if version < VERSION:
            self._bring_up_to_date()
        with self.reading() as connection:
            (self.identity,) = connection.execute("SELECT token FROM identity").fetchone()

    def _bring_up_to_date(self) -> None:
        with self.writing() as connection:
            if _version(connection) == VERSION:
                return  # another process was faster
            keep_beside(self._path, str(VERSION))
            from_version_1(connection)
            connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the archive for as long as the block lasts."""
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


def _make(path: Path) -> None:
    """Make the file beside its place and link it there: it is whole or not there, and the first of several is kept."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        os.close(descriptor)
        try:
            _fill(Path(name))
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


def _fill(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _statements(_TABLES):
            connection.execute(statement)
        connection.execute("INSERT INTO identity VALUES (?)", (secrets.token_hex(8),))
        connection.execute(f"PRAGMA user_version = {VERSION}")
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
