"""A home to measure in, and newsrooms beside it: everything real, in processes of its own."""

from __future__ import annotations

import gzip
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import yaml

from bench.measure import ROOT
from config import settings as configured
from config import sources as files
from config import wiring
from index.account import CONSOLE
from index.casebook import Casebook
from index.model import ProvinceId
from index.source import Source
from index.sqlite import SqliteArchive

PROVINCE: Final = ProvinceId("tuyen-quang")
OUTLETS: Final = 8
HOST: Final = "127.0.0.1"
_PORTS: Final = range(20_000, 32_000, 100)
_IN_A_ROW: Final = 40
_PATIENCE: Final = 30.0


def kiemtin(*arguments: str) -> list[str]:
    """The command line of the product, as a command of the system."""
    return [sys.executable, "-m", "config.cli", *arguments]


@contextmanager
def running(command: Sequence[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process while the context is open; told to end, waited for, and killed if it does not."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def first_lines(file: Path, count: int) -> Iterator[Path]:
    """A file of the first lines of one, which may be packed."""
    opened = gzip.open if file.suffix == ".gz" else Path.open
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as some:
        with opened(file, "rb") as lines:
            some.writelines(islice(lines, count))
        some.flush()
        yield Path(some.name)


@contextmanager
def newsroom(*arguments: str) -> Iterator[Sequence[Source]]:
    """`kiemtin newsroom` on free ports; the sources that it plays."""
    with ExitStack() as stack:
        printed = stack.enter_context(tempfile.TemporaryFile("w+"))
        process = subprocess.Popen(
            kiemtin("newsroom", "--port", str(free_port()), *arguments),
            cwd=ROOT,
            stdout=printed,
            stderr=subprocess.PIPE,
            text=True,
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        assert process.stderr is not None
        said = process.stderr.readline()
        printed.seek(0)
        listed = printed.read()
        if not listed:
            raise RuntimeError(said + process.stderr.read())
        yield files.read(listed, "newsroom", wiring.every_collector())


def free_port() -> int:
    """The first of many free ports, for a newsroom takes as many as it has outlets. By chance, so that two who look at
    the same time hardly meet."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with ExitStack() as stack:
            try:
                for each in range(port, port + _IN_A_ROW):
                    probe = stack.enter_context(socket.socket())
                    probe.bind((HOST, each))
            except OSError:
                continue
            return port
    raise RuntimeError("no free ports")


def make(home: Path, sources: Sequence[Source], *, archive: str = "sqlite", **sections: Mapping[str, object]) -> None:
    """A home with both its books, which may read these sources; `sections` of its settings: `fetch={"delay": 0}`.

    Whatever `archive` the settings name, there is one in the file too.
    """
    wiring.make_folders(home)
    fetch = {"delay": 0, "allow_hosts": [HOST], **sections.pop("fetch", {})}
    document = {"province": str(PROVINCE), "archive": archive, "fetch": fetch, **sections}
    (home / configured.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    SqliteArchive(home / configured.ARCHIVE_FILE).close()
    with Casebook.open(home / configured.CASEBOOK_FILE) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare(sources, by=CONSOLE.name, at=wiring.clock())


def stored(home: Path) -> int:
    """How many articles its archive holds."""
    with closing(sqlite3.connect(home / configured.ARCHIVE_FILE)) as archive:
        (count,) = archive.execute("SELECT count(*) FROM articles WHERE held").fetchone()
    return int(count)


def until(so: Callable[[], bool], *, patience: float = _PATIENCE) -> None:
    """Wait until something is so. Raises `TimeoutError`."""
    deadline = time.monotonic() + patience
    while not so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)
