"""The worker `kiemtin worker`: Dramatiq actors that do what the jobs of the service do, on as many machines as wanted.

A message that was begun and not ended is another worker's once this one says nothing any more. What it names may have
been done by then: a source that is not due is not read, an article that is reviewed not reviewed again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self

import dramatiq

from config import ahead, keeping, outbox, sharing, wiring
from config.reviewer import Reviewer
from config.service import ROUND_BUDGET
from config.settings import Settings
from config.work import Queue, Work
from index.archive import CrawlerArchive
from index.errors import KiemTinError
from index.source import VisitId

_IDLE: Final = 500
"""Milliseconds between two looks into an empty queue."""
_PATIENCE: Final = 60_000
"""Milliseconds that work under way has to come to an end; it is told to, and does in seconds."""
_log = logging.getLogger(__name__)


class Worker:
    """Does what is handed out, one thing of each queue at a time, between entering and leaving the context."""

    def __init__(self, settings: Settings, queues: Collection[Queue]) -> None:
        """Raises `QueueUnavailable`, and what opening the books raises."""
        self._settings = settings
        self._stopping = threading.Event()
        broker = sharing.queues(settings).broker
        with ExitStack() as opened:
            archive = opened.enter_context(wiring.open_archive(settings, may_be_away=True))
            self._outbox = opened.enter_context(outbox.opened(settings, archive))
            self._casebook = opened.enter_context(wiring.open_casebook(settings))
            opened.enter_context(keeping.delivering(settings))
            self._opened = opened.pop_all()
        self._archive: CrawlerArchive = self._outbox or archive
        self._delivering = threading.Thread(target=self._deliver, name="outbox")
        self._reviewer = Reviewer(settings, work=ahead.work)
        for work, queue, function in (
            (Work.CRAWL, Queue.CRAWL, self._crawl),
            (Work.GROUP, Queue.REVIEW, self._group),
            (Work.EXAMINE, Queue.REVIEW, self._examine),
        ):
            dramatiq.actor(broker=broker, actor_name=work, queue_name=queue)(_logged(function))
        self._worker = dramatiq.Worker(broker, queues=set(queues), worker_threads=len(queues), worker_timeout=_IDLE)
        # What a worker has fetched it keeps from the others: no more than it can do.
        self._worker.queue_prefetch = 1

    def __enter__(self) -> Self:
        self._worker.start()
        self._delivering.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._worker.stop(_PATIENCE)
        self._delivering.join()
        self._reviewer.close()
        self._opened.close()

    def _deliver(self) -> None:
        """Bring to the archive what waits for it, until this ends."""
        while self._outbox is not None and not self._stopping.wait(outbox.DELIVER_EVERY.total_seconds()):
            _logged(self._outbox.deliver)(told_to_stop=self._stopping.is_set)

    # --- actors

    def _crawl(self, sources: list[str], visits: list[str]) -> None:
        registered = wiring.sources_to_read(self._settings, self._archive, self._casebook)
        for outcome in wiring.collect(
            self._settings,
            self._archive,
            [source for source in registered if source.id in sources],
            visits=[VisitId(visit) for visit in visits],
            due_now=True,
            budget=ROUND_BUDGET,
            told_to_stop=self._stopping.is_set,
        ):
            _log.info("source %s: %s", outcome.source_id, outcome.error or outcome.tally)

    def _group(self) -> None:
        self._reviewer.review(self._stopping.is_set)

    def _examine(self, ids: list[str]) -> None:
        self._reviewer.review(self._stopping.is_set, ids)


def _logged(function: Callable[..., object]) -> Callable[..., None]:
    """What fails for a reason that the house knows is done: it is still due, or pending, and handed out again."""

    def run(**ids: Any) -> None:
        try:
            function(**ids)
        except KiemTinError as error:
            _log.error("%s failed: %s", function.__name__.strip("_"), error, exc_info=_log.isEnabledFor(logging.DEBUG))

    return run
