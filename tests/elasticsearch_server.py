"""An Elasticsearch of a test's own that may be killed: one node or several, free ports, a folder thrown away."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import CANNOT_BE_HAD
from tests.contract.conftest import quick_to_start, starter, wait_until_ready

_PORTS: Final = range(32_800, 59_000)
_APART: Final = 100
"""Between the port that a node answers on and the one on which nodes speak."""
_LOOK: Final = 0.05


@dataclass
class ElasticsearchServer:
    """`options` as `start` takes them. Nodes are counted from 1."""

    folder: Path
    nodes: int = 1
    options: tuple[str, ...] = ()
    port: int = 0
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_ports(self.nodes)

    @property
    def ports(self) -> list[int]:
        return [self.port + number for number in range(self.nodes)]

    @property
    def address(self) -> str:
        """Of the first node."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *only: str) -> None:
        """All nodes, and return once they have found each other."""
        command = [str(starter()), "--port", str(self.port), "--data", str(self.folder / "data")]
        log = self.folder / f"log-{len(self._started)}"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [*command, "--nodes", str(self.nodes), *self.options, *only],
                stdout=said,
                stderr=subprocess.STDOUT,
                env=quick_to_start(),
            )
        self._started.append(process)
        wait_until_ready(process, log)

    def start_again(self, node: int) -> None:
        """One that was killed, and return once it has found the others."""
        self.start("--only", str(node))

    def kill(self, node: int = 1) -> None:
        pid = int((self.folder / "data" / f"node-{node}" / "pid").read_text(encoding="ascii"))
        os.kill(pid, signal.SIGKILL)
        while any(process.poll() is None for process in self._started if process.pid == pid) or _lives(pid):
            time.sleep(_LOOK)

    def stop(self) -> None:
        for process in self._started:
            process.terminate()
        for process in self._started:
            process.wait()


def _lives(pid: int) -> bool:
    """Is there such a process, and not only what is left of it until its parent has looked?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _free_ports(nodes: int) -> int:
    """The first of as many in a row as there are nodes, which are free, and so are those on which they speak."""
    while True:
        first = random.choice(_PORTS)
        with ExitStack() as stack:
            try:
                for node in range(nodes):
                    for port in (first + node, first + node + _APART):
                        stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first


@contextmanager
def serving(folder: Path, *options: str, nodes: int = 1) -> Iterator[ElasticsearchServer]:
    """A running server; skips aloud where it cannot be had."""
    if not starter().is_file():
        pytest.skip(f"Elasticsearch {CANNOT_BE_HAD}: no {starter()} (set KIEMTIN_ES_START)")
    server = ElasticsearchServer(folder, nodes, options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
