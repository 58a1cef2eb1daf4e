"""What the supervisor of a service hears from it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ready, settings
from config.service import Service
from tests.saved import furnish


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A supervisor's socket, named in the environment as systemd names its own."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


def test_a_service_says_when_it_is_ready_that_it_lives_and_when_it_stops(
    supervisor: socket.socket, tmp_path: Path
) -> None:
    office, told = settings.load(furnish(tmp_path / "home"), environment={}), threading.Event()
    with Service(office, with_dashboard=False) as service:
        waiting = threading.Thread(target=service.wait, args=(told,))
        waiting.start()
        assert supervisor.recv(100) == b"READY=1"
        assert supervisor.recv(100) == b"WATCHDOG=1"
        told.set()
        waiting.join()
    heard = b""
    while heard != b"STOPPING=1":
        heard = supervisor.recv(100)


def test_without_a_supervisor_nothing_is_said() -> None:
    ready.tell(ready.READY, {})


def test_a_supervisor_in_the_abstract_namespace_hears_it_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0kiemtin-{os.getpid()}")
        listening.settimeout(10)
        ready.tell(ready.READY, {"NOTIFY_SOCKET": f"@kiemtin-{os.getpid()}"})
        assert listening.recv(100) == b"READY=1"


def test_a_supervisor_that_is_gone_does_not_end_the_service(tmp_path: Path) -> None:
    ready.tell(ready.ALIVE, {"NOTIFY_SOCKET": str(tmp_path / "gone")})
