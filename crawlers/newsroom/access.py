"""How an outlet was read: what a test asks to know whether a crawler was polite."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`began` is in seconds of a clock that only counts on."""

    began: float
    method: str
    path: str
    agent: str


class AccessLog:
    """The requests of one outlet, kept in memory as long as the newsroom is open."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._requests: list[Request] = []
        self._open = 0
        self._most = 0

    @contextmanager
    def request(self, method: str, path: str, agent: str) -> Iterator[None]:
        """One request, from its first line until its answer is ready to be sent."""
        with self._writing:
            self._requests.append(Request(began=time.monotonic(), method=method, path=path, agent=agent))
            self._open += 1
            self._most = max(self._most, self._open)
        try:
            yield
        finally:
            with self._writing:
                self._open -= 1

    @property
    def requests(self) -> Sequence[Request]:
        """In order of arrival."""
        with self._writing:
            return tuple(self._requests)

    @property
    def simultaneous(self) -> int:
        """The most requests that were open at one time."""
        with self._writing:
            return self._most

    @property
    def smallest_gap(self) -> float | None:
        """Seconds between the beginnings of the two closest requests; None before the second one."""
        times = [request.began for request in self.requests]
        return min((later - sooner for sooner, later in pairwise(times)), default=None)
