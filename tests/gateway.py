"""A TLS gateway in front of an Elasticsearch server, as an office has one: it knows who may do what, and forwards.

What it refuses it refuses as a server with security does, status and body; a gateway's own refusals (413, 429, another
product) stand in `says`.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

KEY: Final = ("reader-of-news", "s3cr3t")
USER: Final = ("kiemtin", "mật khẩu")
READER: Final = ("only-reads", "s3cr3t")
_WRITES: Final = ("_bulk", "_doc", "_create", "_update")
_SENT_ON: Final = ("content-type", "x-elastic-product")


def api_key(login: tuple[str, str]) -> str:
    return base64.b64encode(":".join(login).encode()).decode()


_MAY_WRITE: Final = {f"ApiKey {api_key(KEY)}": True, f"Basic {api_key(USER)}": True, f"ApiKey {api_key(READER)}": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the gateway says instead of asking the server."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


class Gateway:
    """`most` is the largest body that is let through; each write takes one from `says`, if there is one, as its
    answer; `sizes` are those of the writes that came."""

    def __init__(self, server: str, certificate: Path) -> None:
        self.most = 1 << 30
        self.says: deque[Said] = deque()
        self.sizes: list[int] = []
        self._server_address = urlsplit(server).netloc
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                gateway._answer(self)

            do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815  as the server calls them

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: object) -> None:
                """Say nothing of those who do not trust the certificate, and hang up."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        said = self._own_words(handler, body)
        if said is None:
            said = self._forward(handler, body)
        handler.send_response(said.status)
        for name, value in said.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(said.body)))
        handler.end_headers()
        handler.wfile.write(said.body)

    def _own_words(self, handler: BaseHTTPRequestHandler, body: bytes) -> Said | None:
        may_write = _MAY_WRITE.get(handler.headers.get("Authorization", ""))
        if may_write is None:
            return _as_server(401, "security_exception", "unable to authenticate")
        path = handler.path.partition("?")[0]
        if not any(part in path.split("/") for part in _WRITES):
            return None
        if not may_write:
            return _as_server(403, "security_exception", "action [indices:data/write/bulk] is unauthorized for API key")
        self.sizes.append(len(body))
        if self.says:
            return self.says.popleft()
        if len(body) > self.most:
            return Said(status=413, body=b"<html>413 Request Entity Too Large</html>")
        return None

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> Said:
        connection = http.client.HTTPConnection(self._server_address, timeout=60)
        headers = {
            name: value
            for name, value in handler.headers.items()
            if name.lower() not in {"authorization", "host", "content-length", "connection", "accept-encoding"}
        }
        try:
            connection.request(handler.command, handler.path, body=body or None, headers=headers)
            answer = connection.getresponse()
            sent = {name: value for name, value in answer.getheaders() if name.lower() in _SENT_ON}
            return Said(status=answer.status, body=answer.read(), headers=sent)
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _as_server(status: int, kind: str, why: str) -> Said:
    """As Elasticsearch itself refuses."""
    body = {"error": {"type": kind, "reason": why}, "status": status}
    headers = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}
    return Said(status=status, body=json.dumps(body).encode(), headers=headers)


BUSY: Final = _as_server(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")
