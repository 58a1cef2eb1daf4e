"""A casebook in a SQLite file: its connections, its transactions, its errors in the house's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import CasebookDamaged, CasebookError
from index.journal import write_ahead

_BUSY_MS: Final = 10_000


class SqliteFile:
    """Several processes and threads may have the same file open."""

    def __init__(self, file: Path) -> None:
        self.name = str(file)
        # What officers wrote must not reach a log by way of a failed statement's parameters.
        self.engine: Engine = create_engine(URL.create("sqlite", database=self.name), hide_parameters=True)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)

    def options(self, *, writes: bool, unhurried: bool) -> Mapping[str, Any]:  # noqa: ARG002  a file knows no hurry
        """What a connection is told of the transaction that it is for."""
        return {"writes": writes}

    def ours(self, error: DBAPIError) -> CasebookError:
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return CasebookDamaged(file=self.name, why=str(error.orig))
        return CasebookError(problem=type(error).__name__, detail=str(error.orig), file=self.name)

    def cause(self, error: DBAPIError) -> DBAPIError | None:
        """The error to show beside ours. SQLite's names columns, never what was to be written in them."""
        return error


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of when a transaction begins commits in the middle of table changes; ours is in `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    write_ahead(cursor.execute, _BUSY_MS / 1000)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later can lose its turn half-way; writers take it at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
