"""Pages are read in processes of their own, beside the engine: one that crashes or hangs takes only itself along."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Protocol, Self

from crawlers import process
from crawlers.collector import AskKind, Collector, Page, Read
from index.errors import CollectError, NotKept, StoreError, Unreadable
from index.model import Found
from index.source import Source
from index.text import content_hash

PATIENCE: Final = 30.0
"""Seconds one page may take; real ones take a twentieth of one."""


class Keeper(Protocol):
    """Keeps a page's bytes and names them by their SHA-256; raises `StoreError` where it cannot. Must be picklable."""

    def keep(self, page: Page, captured: datetime) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A page to be read by the collector of its source. `held`: hash of the words already held of this article, whose
    page need not be kept a second time."""

    ticket: int
    page: Page
    source: Source
    captured: datetime
    held: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was on a page, up to the error if there was one; `snapshot` names the bytes kept."""

    ticket: int
    reads: tuple[Read, ...] = ()
    snapshot: str | None = None
    error: CollectError | None = None


class Readers:
    """As many processes as there are processors; results come in any order, one for each task."""

    def __init__(
        self,
        collectors: Mapping[str, Collector],
        keeper: Keeper | None,
        *,
        count: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._collectors = collectors
        self._patience = patience
        self._keeper = keeper
        self._count = count or os.cpu_count() or 1
        self._waiting: deque[Task] = deque()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        self._workers = [_Worker(self._collectors, self._keeper) for _ in range(self._count)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    @property
    def connections(self) -> list[Connection]:
        """What to wait on; `results` has something when one is ready, or when the patience with a page ends."""
        return [worker.connection for worker in self._workers]

    def submit(self, task: Task) -> None:
        self._waiting.append(task)
        self._hand_out()

    def results(self) -> Iterator[Result]:
        """Those that have come by now."""
        for place, worker in enumerate(self._workers):
            result = worker.result(self._patience)
            if result is None:
                continue
            if worker.broken:
                worker.stop()
                self._workers[place] = _Worker(self._collectors, self._keeper)
            yield result
        self._hand_out()

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._waiting and worker.task is None:
                worker.give(self._waiting.popleft())


class _Worker:
    """One process, with at most one task."""

    def __init__(self, collectors: Mapping[str, Collector], keeper: Keeper | None) -> None:
        self._process, self.connection = process.start("reader", _work, collectors, keeper)
        self.task: Task | None = None
        self.broken = False
        self._since = 0.0

    def give(self, task: Task) -> None:
        self.task = task
        self._since = time.monotonic()
        self.connection.send(task)

    def result(self, patience: float) -> Result | None:
        """The result of the task if there is one by now; a process that died or takes too long is `broken`."""
        if self.task is None:
            return None
        found = "crashed_reader"
        if self.connection.poll():
            try:
                result = self.connection.recv()
            except EOFError:
                self.broken = True
            else:
                assert isinstance(result, Result)
                self.task = None
                return result
        elif time.monotonic() - self._since > patience:
            self.broken = True
            found = "too_slow"
        if not self.broken:
            return None
        return Result(ticket=self.task.ticket, error=Unreadable(expected=self.task.source.collector, found=found))

    def stop(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()


def _work(connection: Connection, collectors: Mapping[str, Collector], keeper: Keeper | None) -> None:
    """A reader's process: runs until the pipe closes. Interrupts are for the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            return
        result = read(task, collectors[task.source.collector], keeper)
        with contextlib.suppress(OSError):  # the round may have ended meanwhile
            connection.send(result)


def read(task: Task, collector: Collector, keeper: Keeper | None) -> Result:
    """Read a page, and keep its bytes where they hold words that are not held yet."""
    reads: list[Read] = []
    try:
        reads.extend(collector.read(task.page, task.source))
    except CollectError as error:
        return Result(ticket=task.ticket, reads=tuple(reads), error=error)
    snapshot = None
    if keeper and task.page.ask.kind is AskKind.ARTICLE and any(_is_new(found, task.held) for found in reads):
        try:
            snapshot = keeper.keep(task.page, task.captured)
        except StoreError as error:
            # Nothing is made of a page that is not kept: as long as it is not held, it is met again.
            why = error.params.get("why", error.code)
            return Result(ticket=task.ticket, error=NotKept(url=task.page.url, why=why))
    return Result(ticket=task.ticket, reads=tuple(reads), snapshot=snapshot)


def _is_new(found: Read, held: str | None) -> bool:
    return isinstance(found, Found) and content_hash(found.title, found.text) != held
