"""Small real HTTP servers on loopback for the tests of the crawler."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a path answers: `delay` seconds before, `cut` sends only so many bytes of the body that was promised, `drip`
    waits so many seconds after each byte of it, `chunked` promises no length and `promised` another one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    cut: int | None = None
    drip: float = 0.0
    chunked: bool = False
    promised: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came in; `at` is on the monotonic clock."""

    path: str
    headers: Mapping[str, str]
    at: float


Answer = Reply | Callable[[Request], Reply]


def _pieces(reply: Reply) -> Iterator[bytes]:
    body = reply.body if reply.cut is None else reply.body[: reply.cut]
    size = 1 if reply.drip else 65_536
    for start in range(0, len(body), size):
        yield body[start : start + size]


class Outlet:
    """A server that plays one outlet: `paths` are its answers, everything else is 404; `requests` is what was asked,
    `most_at_once` how many were under way together."""

    def __init__(self, paths: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.paths: dict[str, Answer] = dict(paths or {})
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._at_once = 0
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outlet._answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """Say nothing of those who hang up."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        """As it stands in `allow_hosts`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(path=handler.path, headers=headers, at=time.monotonic())
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        answer = self.paths.get(handler.path, Reply(status=404))
        reply = answer(request) if callable(answer) else answer
        time.sleep(reply.delay)
        self._at_once -= 1
        handler.send_response(reply.status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **reply.headers}.items():
            handler.send_header(name, value)
        if reply.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", str(len(reply.body) if reply.promised is None else reply.promised))
        handler.end_headers()
        with contextlib.suppress(ConnectionError):  # the crawler hangs up on what it does not want
            for piece in _pieces(reply):
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
                time.sleep(reply.drip)
            if reply.chunked:
                handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection |= reply.cut is not None or reply.promised is not None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
