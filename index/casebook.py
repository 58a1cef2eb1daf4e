"""The casebook: what people write, in one transaction at a time.

    with casebook.write(province) as book:
        case = book.cases.get(case_id)
        book.cases.keep(replace(case, agency="so-y-te"), was=case, entry=entry)

A `Book` sees one province only. Whatever it writes leaves an audit entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from index.casebook_audit import AuditLog
from index.casebook_cases import Cases
from index.casebook_files import Files
from index.casebook_mends import Mends
from index.casebook_postgres import Database, PostgresDatabase, Soundness
from index.casebook_queue import Queue
from index.casebook_register import Register
from index.casebook_rulings import Rulings
from index.casebook_searches import Searches
from index.casebook_sqlite import SqliteFile
from index.casebook_staff import Staff
from index.casebook_tips import Tips
from index.errors import CasebookError, CasebookRefused, SchemaNewer
from index.model import ProvinceId
from index.sqlite_copy import keep_beside

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


class Store(Protocol):
    """Where a casebook lies."""

    name: str
    engine: Engine

    def options(self, *, writes: bool, unhurried: bool) -> Mapping[str, Any]: ...
    def ours(self, error: DBAPIError) -> CasebookError: ...
    def cause(self, error: DBAPIError) -> DBAPIError | None: ...


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
    """Shared by all threads of a process; several processes may have one file open, several machines one database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._engine = store.engine

    @classmethod
    def at(cls, place: Path | Database) -> Casebook:
        """A file or a database as it is; of its tables nothing is known."""
        return cls(SqliteFile(place) if isinstance(place, Path) else PostgresDatabase(place))

    @classmethod
    def open(cls, place: Path | Database, *, must_exist: bool = False) -> Casebook:
        """Open a file or a database and bring its tables up to date; make them where there are none.

        Raises `SchemaNewer` if a newer program has written it, `CasebookError` if it cannot be opened; with
        `must_exist` also where there are none.
        """
        casebook = cls.at(place)
        try:
            with casebook.transaction(writes=False) as connection:
                found = _revision(connection)
            if found is None and must_exist:
                raise CasebookRefused(place=casebook.name, problem="empty")
            if found != _scripts().get_current_head():
                with casebook.transaction(writes=True, unhurried=True) as connection:
                    casebook.bring_up_to_date(connection)
        except BaseException:
            casebook.close()
            raise
        return casebook

    def bring_up_to_date(self, connection: Connection) -> None:
        """Make the tables, or change them to what they are today, as a part of a transaction that writes."""
        scripts = _scripts()
        found = _revision(connection)
        if found == scripts.get_current_head():
            return  # another process was faster
        if found is None and inspect(connection).get_table_names():
            raise CasebookRefused(place=self.name, problem="foreign")
        if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaNewer(place=self.name, found=found, known=str(scripts.get_current_head()))
        if found is not None and isinstance(self._store, SqliteFile):
            keep_beside(Path(self.name), str(scripts.get_current_head()))
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        upgrade(config, "head")

    @property
    def name(self) -> str:
        """Its file, or the address of its database."""
        return self._store.name

    @contextmanager
    def read(self, province: ProvinceId) -> Iterator[Book]:
        """One consistent view, for reading."""
        with self.transaction(writes=False) as connection:
            yield Book(connection, province)

    @contextmanager
    def write(self, province: ProvinceId) -> Iterator[Book]:
        """All of it is kept when the block ends, or none of it if it raises. Writers wait for each other."""
        with self.transaction(writes=True) as connection:
            yield Book(connection, province)

    @contextmanager
    def transaction(self, *, writes: bool, unhurried: bool = False) -> Iterator[Connection]:
        """The tables themselves, of all provinces; `unhurried` for what may take minutes."""
        options = self._store.options(writes=writes, unhurried=unhurried)
        with self._our_errors(), self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until no other machine that works on the same database is inside; a file has one machine."""
        store = self._store
        with self._our_errors(), store.alone(name) if isinstance(store, PostgresDatabase) else nullcontext():
            yield

    def soundness(self) -> Soundness | None:
        """How the database's server keeps its word; None for a file."""
        if not isinstance(self._store, PostgresDatabase):
            return None
        with self.transaction(writes=False) as connection:
            return self._store.soundness(connection)

    def others(self) -> int:
        """How many connections of other processes the database has; a file knows of none."""
        if not isinstance(self._store, PostgresDatabase):
            return 0
        with self.transaction(writes=False) as connection:
            return self._store.others(connection)

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._store.ours(error) from self._store.cause(error)
        except PoolTimeout as error:
            raise CasebookError(problem="busy", file=self.name) from error

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
