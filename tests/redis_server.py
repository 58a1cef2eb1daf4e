"""A Redis of the tests' own: Debian's program, a free port on loopback, a folder that is thrown away."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

_PATIENCE: Final = 30.0


@dataclass
class RedisServer:
    """One server, which keeps nothing on the disk; `options` as in its file of settings."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None
        listening = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder))
        forgetful = ("--save", "", "--appendonly", "no")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([program, *listening, *forgetful, *self.options], stdout=log, stderr=log)
        end = time.monotonic() + _PATIENCE
        while not answers(self.port):
            if self._process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"Redis did not start: {(self.folder / 'log').read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(_PATIENCE)
            self._process = None


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(*options: str) -> Iterator[RedisServer]:
    """A running server; skips aloud where Redis is missing."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed (Debian: redis-server)")
    with tempfile.TemporaryDirectory(prefix="kiemtin-redis-") as folder:
        server = RedisServer(Path(folder), options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
