"""The way between two that speak over TCP, as it is when it fails: hung up on, silent, or broken off amid an answer."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import count
from types import TracebackType
from typing import Final, Self

_AT_ONCE: Final = 65_536
_AT_ONCE_GONE: Final = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing resets the connection."""


class Does(StrEnum):
    """What a wire does with what is said. RESETS hangs up, SWALLOWS takes it and never says that it went nowhere."""

    PASSES = "passes"
    RESETS = "resets"
    SWALLOWS = "swallows"


class Wire:
    """Leads to the first of `ports` that answers, beginning with another one each time, as a balancer does.

    `does` is what it does with everything; `answers` what becomes of the next answers to requests whose first line
    holds `marked`: the server has done what it was asked, and of the answer half arrives, or nothing. `cut` counts.
    """

    def __init__(self, ports: Sequence[int], marked: bytes = b"/_bulk") -> None:
        self.answers: deque[Does] = deque()
        self.cut: Counter[Does] = Counter()
        self._ports = ports
        self._marked = marked
        self._does = Does.PASSES
        self._turn = count()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def does(self) -> Does:
        return self._does

    @does.setter
    def does(self, does: Does) -> None:
        """Begins at once, also for what is under way."""
        self._does = does
        if does is not Does.PASSES:
            self.cut[does] += 1
        if does is Does.RESETS:
            self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            for end in self._open:
                _reset(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: nobody listens any more
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        if self.does is Does.RESETS:
            _reset(client)
            client.close()
            return
        server = self._reached()
        if server is None:
            client.close()
            return
        with self._lock:
            self._open |= {client, server}
        asked = _Asked()
        back = threading.Thread(target=self._answer, args=(server, client, asked), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            for said in _said(client):
                asked.heard(said, self._marked)
                if self.does is not Does.SWALLOWS:
                    server.sendall(said)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)
        back.join()
        with self._lock:
            self._open -= {client, server}
        client.close()
        server.close()

    def _answer(self, server: socket.socket, client: socket.socket, asked: _Asked) -> None:
        silent = False
        with contextlib.suppress(OSError):
            for said in _said(server):
                if self.does is Does.SWALLOWS or silent:
                    continue
                becomes = self._becomes(asked)
                silent = becomes is Does.SWALLOWS
                if becomes is Does.RESETS:
                    client.sendall(said[: len(said) // 2])
                    _reset(client)
                    break
                if not silent:
                    client.sendall(said)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _becomes(self, asked: _Asked) -> Does:
        with self._lock:
            if not (self.answers and asked.marked):
                return Does.PASSES
            becomes = self.answers.popleft()
        self.cut[becomes] += 1
        return becomes

    def _reached(self) -> socket.socket | None:
        first = next(self._turn)
        for number in range(len(self._ports)):
            port = self._ports[(first + number) % len(self._ports)]
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", port), timeout=5)
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._hang_up()


class _Asked:
    """What was asked last over a connection."""

    def __init__(self) -> None:
        self.marked = False

    def heard(self, said: bytes, mark: bytes) -> None:
        line, _, _ = said.partition(b"\r\n")
        if line.endswith(b"HTTP/1.1"):
            self.marked = mark in line


def _said(by: socket.socket) -> Iterator[bytes]:
    by.settimeout(None)
    while said := by.recv(_AT_ONCE):
        yield said


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE_GONE)
        end.shutdown(socket.SHUT_RDWR)
