"""A small HTTP server that answers like an Elasticsearch node as far as articles are added and read, and that can be
told to fail as one does: what a real node cannot be brought to on demand."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote

from tests.conftest import ROOT

Document = dict[str, Any]
_LAYOUT: Final = json.loads((ROOT / "index" / "mapping.json").read_text(encoding="utf-8"))["mappings"]
_NOTHING_TO_RENEW: Final = {
    "_index": "kiemtin-state", "_id": "found_by", "found": True, "_seq_no": 0, "_primary_term": 1,
    "_source": {"id": "found_by", "kind": "found_by", "record": {"version": 1_000}},
}  # fmt: skip
"""What an archive says whose articles were all written by this program, or a later one."""


class Refusal(Exception):
    """What the node answers instead of doing what it was asked."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(kind)
        self.status = status
        self.body = {"error": {"type": kind, "reason": kind}, "status": status}


class Silence(Exception):
    """The node does what it was asked, and the connection breaks before the answer."""


Fault = Callable[[list[tuple[str, Document, Document]]], None]
"""Looks at the operations of a bulk before they are done: raises, or returns to let them be done."""


class Node:
    """`faults` are what the next bulks meet, one each; `most` is the largest body that is taken."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Document]] = {"kiemtin-state": {"found_by": _NOTHING_TO_RENEW}}
        self.faults: deque[Fault] = deque()
        self.refused: dict[str, tuple[int, str]] = {}
        """Documents that a bulk does not take, by id: status and type of the error."""
        self.most = 1 << 30
        self._written = 0
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                node._answer(self)

            do_GET = do_PUT = do_POST  # noqa: N815  as the server calls them

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        index, _, what = unquote(handler.path.partition("?")[0]).strip("/").partition("/")
        try:
            status, said = 200, self._do(index, what, body)
        except Refusal as refusal:
            status, said = refusal.status, refusal.body
        except Silence:
            handler.close_connection = True
            return
        sent = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("X-Elastic-Product", "Elasticsearch")
        handler.send_header("Content-Type", handler.headers.get("Accept") or "application/json")
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)

    def _do(self, index: str, what: str, body: bytes) -> Document:
        match what:
            case "_mget":
                held = self.documents.get(index, {})
                wanted = json.loads(body)["ids"]
                return {"docs": [held.get(name, {"_index": index, "_id": name, "found": False}) for name in wanted]}
            case "_bulk":
                return self._bulk(index, body)
            case _ if index == "_alias":
                return {f"{what}-v1": {"aliases": {what: {}}}}
            case "" if not index:
                return {"version": {"number": "9.5.3"}}
            case "":
                return {
                    f"{name}-v1": {
                        "aliases": {name: {}},
                        "mappings": _LAYOUT[name.removeprefix("kiemtin-")],
                        "settings": {"index": {"number_of_shards": "1"}},
                    }
                    for name in index.split(",")
                }
            case _:
                raise Refusal(400, f"not played: {index}/{what}")

    def _bulk(self, index: str, body: bytes) -> Document:
        if len(body) > self.most:
            raise Refusal(413, "content_too_large")
        lines = iter([json.loads(line) for line in body.splitlines() if line])
        asked = [(*next(iter(action.items())), next(lines)) for action in lines]
        silent = False
        if self.faults:
            try:
                self.faults.popleft()(asked)
            except Silence:
                silent = True
        items = [{action: self._write(index, action, meta, source)} for action, meta, source in asked]
        if silent:
            raise Silence
        return {"errors": any("error" in next(iter(item.values())) for item in items), "items": items}

    def _write(self, index: str, action: str, meta: Document, source: Document) -> Document:
        name = meta["_id"]
        held = self.documents.setdefault(index, {})
        if name in self.refused:
            status, kind = self.refused[name]
            return {"_id": name, "status": status, "error": {"type": kind, "reason": kind}}
        stale = "if_seq_no" in meta and held.get(name, {}).get("_seq_no") != meta["if_seq_no"]
        if (action == "create" and name in held) or stale:
            return {"_id": name, "status": 409, "error": {"type": "version_conflict_engine_exception"}}
        self._written += 1
        held[name] = {
            "_index": index, "_id": name, "found": True, "_source": source, "_seq_no": self._written, "_primary_term": 1
        }  # fmt: skip
        return {"_index": index, "_id": name, "status": 201, "_seq_no": self._written, "_primary_term": 1}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
