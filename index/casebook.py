"""The casebook: what people write, in one transaction at a time.

    with casebook.write(province) as book:
        case = book.cases.get(case_id)
        book.cases.keep(replace(case, agency="so-y-te"), was=case, entry=entry)

A `Book` sees one province only. Whatever it writes leaves an audit entry in the same transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from index.casebook_audit import AuditLog
from index.casebook_cases import Cases
from index.casebook_files import Files
from index.casebook_mends import Mends
from index.casebook_queue import Queue
from index.casebook_register import Register
from index.casebook_rulings import Rulings
from index.casebook_searches import Searches
from index.casebook_staff import Staff
from index.casebook_tips import Tips
from index.errors import CasebookDamaged, CasebookError, SchemaNewer
from index.journal import write_ahead
from index.model import ProvinceId

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_BUSY_MS: Final = 10_000


class Book:
    """The casebook within one transaction, as one province sees it."""

    def __init__(self, connection: Connection, province: ProvinceId) -> None:
        self.audit = AuditLog(connection, province)
        self.cases = Cases(connection, province, self.audit)
        self.queue = Queue(connection, province, self.cases)
        self.rulings = Rulings(connection, province, self.audit)
        self.register = Register(connection, self.audit)
        self.staff = Staff(connection, province, self.audit)
        self.files = Files(connection, province, self.audit)
        self.tips = Tips(connection, province, self.audit)
        self.searches = Searches(connection, province, self.audit)
        self.mends = Mends(connection, province, self.audit)


class Casebook:
    """Shared by all threads of a process; several processes may have the same file open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, place: Path | str) -> Casebook:
        """Open a file, or a database by its SQLAlchemy address, and bring its tables up to date.

        Raises `SchemaNewer` if a newer program has written it, `CasebookError` if it cannot be opened.
        """
        try:
            engine = _engine(_url(place))
        except ArgumentError as error:
            raise CasebookError(problem="address") from error
        casebook = cls(engine)
        try:
            with casebook._transaction(writes=True) as connection:
                _migrate(connection)
        except BaseException:
            engine.dispose()
            raise
        return casebook

    @contextmanager
    def read(self, province: ProvinceId) -> Iterator[Book]:
        """One consistent view, for reading."""
        with self._transaction(writes=False) as connection:
            yield Book(connection, province)

    @contextmanager
    def write(self, province: ProvinceId) -> Iterator[Book]:
        """All of it is kept when the block ends, or none of it if it raises. Writers wait for each other."""
        with self._transaction(writes=True) as connection:
            yield Book(connection, province)

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise self._ours(error) from error
        except PoolTimeout as error:
            raise CasebookError(problem="busy") from error

    def _ours(self, error: DBAPIError) -> CasebookError:
        file = self._engine.url.database or ""
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return CasebookDamaged(file=file, why=str(error.orig))
        return CasebookError(problem=type(error).__name__, detail=str(error.orig), file=file)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _url(place: Path | str) -> URL:
    if isinstance(place, str) and "://" in place:
        return make_url(place)
    return URL.create("sqlite", database=str(place))


def _engine(url: URL) -> Engine:
    # What officers wrote must not reach a log by way of a failed statement's parameters.
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of when a transaction begins commits in the middle of table changes; ours is in `begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    write_ahead(cursor.execute, _BUSY_MS / 1000)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can lose its turn half-way; writers take it at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(connection).get_current_revision()
    if found == scripts.get_current_head():
        return
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaNewer(found=found, known=str(scripts.get_current_head()))
    upgrade(config, "head")
