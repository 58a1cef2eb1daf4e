"""A PostgreSQL server of the tests' own: Debian's programs, a free port on loopback, a folder that is thrown away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

from index.casebook import Casebook
from index.casebook_postgres import Database
from tests.certificates import certificate

OWNER: Final = "kiemtin"
"""The role that the server admits without a password, from this machine."""
TEMPLATE: Final = "new_casebook"
"""A database with the tables of a casebook and nothing in them."""
OF_HOMES: Final = "home_"
PLACES: Final = "KIEMTIN_TEST_POSTGRES"
"""Names the server in which the casebooks of homes are to lie, where it is not their files (`place_of`)."""
_PATIENCE: Final = 60.0
_ADMITTED: Final = """
host all kiemtin all trust
host all all all scram-sha-256
"""


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class Server:
    """One server. It does not wait for the disk, unless `durable`."""

    folder: Path
    durable: bool = False
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        found = programs()
        assert found is not None
        self._programs = found
        self.port = self.port or _free_port()
        # PostgreSQL refuses to run as root; its package brings a user for it.
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
        self._own(self.folder)
        self._initialise()

    def _initialise(self) -> None:
        # Ordered as a language orders by default: whoever relies on the order of code points has to say so.
        language = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=vi")
        command = [f"{self._programs}/initdb", "--no-sync", "--auth=trust", f"--pgdata={self.data}", f"-U{OWNER}"]
        subprocess.run([*command, *language], check=True, stdout=subprocess.DEVNULL, cwd="/", **self._as)
        (self.data / "pg_hba.conf").write_text(_ADMITTED, encoding="utf-8")
        now = datetime.now(UTC)
        self.certificate = certificate(self.folder, "localhost", now - timedelta(days=1), now + timedelta(days=30))
        self.certificate.chmod(0o600)
        self._own(self.certificate)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": self.certificate,
            "ssl_key_file": self.certificate,
            "max_connections": 200,
            **({} if self.durable else {"fsync": "off", "full_page_writes": "off"}),
        }
        command = [f"{self._programs}/postgres", f"-D{self.data}", *(f"--{n}={value}" for n, value in options.items())]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._as)
        self._process = process
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL did not start: {(self.folder / 'log').read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection and stops, SIGQUIT stops as if the machine had lost its power."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)
            self._process = None

    def address(self, name: str, host: str = "127.0.0.1") -> str:
        return f"postgresql://{host}:{self.port}/{name}"

    def database(self, name: str) -> Database:
        return Database(address=self.address(name), user=OWNER)

    def make(self, name: str, template: str = "template1") -> Database:
        self.ask("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.database(name)

    def drop(self, name: str) -> None:
        self.ask("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def ask(self, statement: str, *names: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """One statement by the server's owner; `{}` are names."""
        return _ask(self.address(database), statement, *names)

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _own(self, path: Path) -> None:
        if self._as:
            shutil.chown(path, "postgres", "postgres")


def _is_root() -> bool:
    return os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(*, durable: bool = False) -> Iterator[Server]:
    """A running server; skips aloud where PostgreSQL is missing."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    # Not below pytest's own folder, which is its user's alone.
    with tempfile.TemporaryDirectory(prefix="kiemtin-postgres-") as folder:
        server = Server(Path(folder), durable=durable)
        server.start()
        Casebook.open(server.make(TEMPLATE)).close()
        try:
            yield server
        finally:
            server.stop()


def place_of(home: Path) -> Path | Database:
    """Where the casebook of a home lies: in its file, or in a database of the server that the tests run over."""
    server = os.environ.get(PLACES)
    if server is None:
        return home / "casebook.db"
    name = f"{OF_HOMES}{sha256(str(home).encode()).hexdigest()[:16]}"
    if not _ask(f"{server}/postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        _ask(f"{server}/postgres", "CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)
    return Database(address=f"{server}/{name}", user=OWNER)


def place_named(name: str) -> Path | Database:
    """A place as a program is given it on its command line."""
    return Database(address=name, user=OWNER) if "://" in name else Path(name)


def _ask(address: str, statement: str, *names: str) -> list[tuple[Any, ...]]:
    query = sql.SQL(statement).format(*map(sql.Identifier, names))
    with psycopg.connect(f"{address}?user={OWNER}", autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []
