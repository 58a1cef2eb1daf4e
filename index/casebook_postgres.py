"""A casebook in a PostgreSQL database: its connections, its transactions, its errors in the house's words.

Writers wait for each other here as they do in a file: each takes one lock of the database before it reads anything, and
what it then reads (READ COMMITTED) nobody else can change until it ends. A serializable transaction would instead fail
half-way and have to be made again, and half of what the desk does in one cannot be asked of an officer twice. Readers
wait for nobody; each sees one state (REPEATABLE READ), as of its first statement.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from index.errors import CasebookError, CasebookRefused, CasebookUnavailable

APPLICATION: Final = "kiemtin"
"""What the server calls our connections."""
_WRITER: Final = 0x6B69656D74696E  # the bytes of our name: other programs' locks have other numbers
_PATIENCE: Final = {
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",  # the lock of a machine that is gone is free again after this
}
_UNHURRIED: Final = {**dict.fromkeys(_PATIENCE, "0"), "lock_timeout": "10min"}
_NETWORK: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database, `postgresql://host:port/name`, who asks it, and the authority that signed its server's certificate.

    Without that authority the connection is encrypted where the server can, and nobody vouches for the server.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """How a server keeps what it acknowledged, and how it is reached."""

    version: str
    now: datetime
    durable: bool
    encrypted: bool
    vouched_for: bool


class PostgresDatabase:
    """Any number of machines may work on the same database."""

    def __init__(self, database: Database) -> None:
        """Raises `CasebookRefused` where the driver or the file of the authority is missing; asks nobody yet."""
        self.name = database.address
        self._vouched_for = database.ca_file is not None
        if database.ca_file is not None and not database.ca_file.is_file():
            raise CasebookRefused(place=self.name, problem="ca_file", why=str(database.ca_file))
        url = make_url(database.address).set(
            drivername="postgresql+psycopg", username=database.user or None, password=database.password or None
        )
        self._who = {"user": database.user, "database": url.database or ""}
        settings = {**_PATIENCE, "synchronous_commit": "on", "timezone": "UTC"}
        try:
            # What officers wrote must not reach a log by way of a failed statement's parameters.
            self.engine: Engine = create_engine(
                url,
                hide_parameters=True,
                pool_pre_ping=True,
                connect_args={
                    **_NETWORK,
                    **_authority(database.ca_file),
                    "application_name": APPLICATION,
                    "client_encoding": "utf8",
                    "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
                },
            )
        except ModuleNotFoundError as error:
            raise CasebookRefused(place=self.name, problem="driver", why=str(error)) from error
        event.listen(self.engine, "do_connect", _connect)
        event.listen(self.engine, "connect", self._examine)
        event.listen(self.engine, "checkin", _be_impatient)
        event.listen(self.engine, "begin", _begin)

    def options(self, *, writes: bool, unhurried: bool) -> Mapping[str, Any]:
        """What a connection is told of the transaction that it is for."""
        return {
            "writes": writes,
            "unhurried": unhurried,
            "isolation_level": "READ COMMITTED" if writes else "REPEATABLE READ",
            "postgresql_readonly": not writes,
        }

    def _examine(self, connection: Any, _entry: ConnectionPoolEntry) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise CasebookRefused(place=self.name, problem="encoding", why=encoding or "")

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until no other connection is inside this name. The server lets go of the lock of one that is gone."""
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _be_patient(connection)
            connection.detach()  # it ends with the lock, and with what is set here
            for setting, value in dict.fromkeys(_PATIENCE, "0").items():
                connection.execute(text(f"SET {setting} = {value}"))
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
            yield
            try:
                connection.execute(text("SELECT 1"))
            except DBAPIError as error:
                _log.warning("the lock %s was lost before its work was done: %s", name, self.ours(error))

    def others(self, connection: Connection) -> int:
        """How many connections of ours the database has beside this one."""
        asked = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = :ours AND pid <> pg_backend_pid()"
        )
        return int(connection.scalar(text(asked), {"ours": APPLICATION}) or 0)

    def soundness(self, connection: Connection) -> Soundness:
        def shown(name: str) -> str:
            return str(connection.scalar(text(f"SHOW {name}")))

        encrypted = bool(connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")))
        return Soundness(
            version=shown("server_version"),
            now=connection.execute(text("SELECT clock_timestamp()")).scalar_one(),
            durable=(shown("fsync"), shown("full_page_writes")) == ("on", "on"),
            encrypted=encrypted,
            vouched_for=encrypted and self._vouched_for,
        )

    def ours(self, error: DBAPIError) -> CasebookError:
        """The house's error for the driver's, with the first line of what the server says: the others repeat a row."""
        problem, why = _problem(error)
        if problem is None:
            return CasebookError(problem=type(error).__name__, detail=why, file=self.name)
        kind = CasebookUnavailable if problem in _LATER else CasebookRefused
        return kind(place=self.name, problem=problem, why=why, **self._who)

    def cause(self, error: DBAPIError) -> DBAPIError | None:
        """The error to show beside ours: none where the driver's repeats what was to be written."""
        state = getattr(error.orig, "sqlstate", None) or ""
        return None if state.startswith(_ABOUT_VALUES) else error


_LATER: Final = frozenset(
    {"unreachable", "lost", "starting", "busy", "slow", "crowded", "disk_full", "disk", "read_only"}
)
"""Problems after which asking again may work."""
# By the beginning of the code that the server gives (PostgreSQL, appendix A).
_BY_STATE: Final = {
    "08": "lost",
    "25P03": "lost",  # a transaction that did nothing for too long
    "57P0": "lost",
    "57014": "slow",
    "40": "busy",
    "55P03": "busy",
    "53300": "crowded",
    "53100": "disk_full",
    "58": "disk",
    "25006": "read_only",
    "28": "password",
    "3D000": "no_database",
    "3F000": "permission",  # no schema in which the user may make a table
    "42501": "permission",
    "42P07": "foreign",
    "XX00": "damaged",
}
# A connection that was not made has no code, only words; a server that speaks another language is `unreachable`, and
# its words are shown. What says more stands first.
_BY_WORDS: Final = {
    "root certificate file": "ca_file",
    "certificate": "certificate",
    "does not support SSL": "no_tls",
    'password authentication failed|no password supplied|role ".*" does not exist|not permitted to log in': "password",
    "pg_hba.conf": "not_admitted",
    'database ".*" does not exist': "no_database",
    "permission denied for database": "permission",
    "too many (clients|connections)|connection slots": "crowded",
    "starting up|shutting down|recovery|not yet accepting": "starting",
    "invalid response to SSL|expected authentication request": "not_postgres",
}
_REPEATED: Final = re.compile(r'connection failed: |connection to server at ".*?", port \d+ failed: |FATAL:\s*')


_ABOUT_VALUES: Final = ("22", "23")
"""How codes begin that say of a value that it cannot be, or cannot be there."""


def _problem(error: DBAPIError) -> tuple[str | None, str]:
    """What is wrong, if it is something that has a name, and the server's word for it."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        why = str(error.orig.diag.message_primary)  # type: ignore[union-attr]
        return next((problem for beginning, problem in _BY_STATE.items() if state.startswith(beginning)), None), why
    said = str(error.orig)
    why = _REPEATED.sub("", said).strip().partition("\n")[0]
    if error.connection_invalidated:
        return "lost", why
    named = next((problem for words, problem in _BY_WORDS.items() if re.search(words, said)), None)
    return named or ("unreachable" if isinstance(error, OperationalError) else None), why


def _authority(ca_file: Path | None) -> Mapping[str, str]:
    if ca_file is None:
        return {"sslmode": "prefer"}
    return {"sslmode": "verify-full", "sslrootcert": str(ca_file)}


def _connect(_dialect: object, _entry: object, arguments: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    from index.casebook_connection import Impatient  # noqa: PLC0415  most offices have no such driver

    return Impatient.connect(*arguments, **settings)


def _be_patient(connection: Connection) -> None:
    connection.connection.driver_connection.waits_for_ever = True  # type: ignore[union-attr]


def _be_impatient(connection: Any, _entry: ConnectionPoolEntry) -> None:
    if connection is not None:
        connection.waits_for_ever = False


def _begin(connection: Connection) -> None:
    # The first statement of a writer, before anything is read.
    options = connection.get_execution_options()
    if options.get("unhurried"):
        _be_patient(connection)
        for setting, value in _UNHURRIED.items():
            connection.exec_driver_sql(f"SET LOCAL {setting} = '{value}'")
    if options.get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
