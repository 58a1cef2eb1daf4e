"""A server that could not be reached is left alone for a moment: who asks meanwhile is told so at once.

Without, a page that asks ten questions of a server behind a dead network waits ten times for the time to run out.
"""

from __future__ import annotations

import time
from typing import Any, Final

from elastic_transport import ConnectionError as Unreached
from elastic_transport import ConnectionTimeout, Transport, TransportApiResponse

SHORTEST: Final = 5.0
"""Seconds; at least as long as it took to find out."""


class Rest:
    """Shared by the clients of one server, in all threads."""

    def __init__(self) -> None:
        self._until = 0.0
        self._why: Unreached | ConnectionTimeout | None = None

    def heed(self) -> None:
        """Raises what was found, as long as the server is left alone."""
        if self._why is not None and time.monotonic() < self._until:
            raise type(self._why)(self._why.message, errors=self._why.errors)

    def begin(self, why: Unreached | ConnectionTimeout, *, took: float) -> None:
        self._why = why
        self._until = time.monotonic() + max(took, SHORTEST)


class RestingTransport(Transport):
    rest: Rest | None = None

    def perform_request(self, *asked: Any, **more: Any) -> TransportApiResponse:
        if self.rest is None:
            return super().perform_request(*asked, **more)
        self.rest.heed()
        started = time.monotonic()
        try:
            return super().perform_request(*asked, **more)
        except (Unreached, ConnectionTimeout) as error:
            self.rest.begin(error, took=time.monotonic() - started)
            raise
