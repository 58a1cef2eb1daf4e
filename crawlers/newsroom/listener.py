"""One address of the newsroom: HTTP/1.1 on a port of this machine, and what may go wrong on the wire."""

from __future__ import annotations

import gzip
import logging
import socket
import socketserver
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Final, Protocol
from urllib.parse import urlsplit

from crawlers.newsroom.access import AccessLog
from crawlers.newsroom.site import Answer
from index.errors import PortRefused

HOST: Final = "127.0.0.1"
_IDLE_SECONDS: Final = 30
_WORTH_PACKING: Final = 500
_log = logging.getLogger(__name__)


class Fault(Enum):
    """How an answer breaks off."""

    HALF = auto()
    """Half of the body that was promised, and the connection is closed."""
    NOTHING = auto()
    """The connection is closed without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    answer: Answer
    fault: Fault | None = None


class Headers(Protocol):
    def get(self, name: str) -> str | None: ...


Respond = Callable[[str, Headers], Reply]
"""From the path asked for, without its query, and the request's headers."""


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Holds its port from the beginning; whoever owns it calls `handle_request` when the port has a caller."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    timeout = 0

    def __init__(self, port: int, access: AccessLog) -> None:
        """Port 0 is a free one. Raises `PortRefused`."""
        self.access = access
        self.respond: Respond | None = None
        self._callers: set[socket.socket] = set()
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise PortRefused(port=str(port), why=getattr(error, "strerror", None) or str(error)) from error

    @property
    def authority(self) -> str:
        return f"{HOST}:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, object]:
        caller, address = super().get_request()
        self._callers.add(caller)
        return caller, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        self._callers.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Give the port back and hang up on everybody."""
        super().server_close()
        for caller in tuple(self._callers):
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        if isinstance(sys.exception(), ConnectionError | TimeoutError):
            _log.debug("a caller of %s went away", self.authority)
        else:
            _log.exception("a request to %s failed", self.authority)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = _IDLE_SECONDS
    server: Listener

    def do_GET(self) -> None:
        assert self.server.respond is not None
        with self.server.access.request(self.command, self.path, self.headers.get("User-Agent", "")):
            reply = self.server.respond(urlsplit(self.path).path, self.headers)
        # Outside: whoever has the whole answer may ask again before this thread gets any further.
        self._send(reply)

    do_HEAD = do_GET  # noqa: N815  the base class looks for this name

    def _send(self, reply: Reply) -> None:
        if reply.fault is Fault.NOTHING:
            self.close_connection = True
            return
        answer = reply.answer
        body = answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", f"{answer.content_type}; charset=utf-8")
            self.send_header("Vary", "Accept-Encoding")
            if len(body) >= _WORTH_PACKING and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.fault is Fault.HALF:
            self.close_connection = True
            body = body[: len(body) // 2]
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is that of the base class
        _log.debug(format, *args)
