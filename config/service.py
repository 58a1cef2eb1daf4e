"""The service `kiemtin run`: one scheduler, its jobs, and the dashboard's process that it keeps alive.

Each job runs one at a time; a run that was missed, because the last took long or the machine slept, is caught up once.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from config import housekeeping, keeping, outbox, saving, sharing, wiring
from config.jobs import UNFORESEEN, Jobs
from config.logs import Part, kept
from config.metrics import serve_metrics
from config.ready import ALIVE, READY, STOPPING, tell
from config.reviewer import Reviewer
from config.settings import Settings, as_environment
from index.archive import CrawlerArchive
from index.errors import BackupStopped, KiemTinError

if TYPE_CHECKING:
    from config.queues import Queues

LOOK_EVERY: Final = timedelta(seconds=15)
"""How often it is asked which sources are due; each source keeps its own pace."""
ROUND_BUDGET: Final = timedelta(minutes=10)
"""After this a round takes up nothing more, so that sources that came due meanwhile are not kept waiting."""
PURGE_EVERY: Final = timedelta(hours=24)
PAGES_EVERY: Final = timedelta(seconds=20)
"""How often it is asked whether a daily page is due; each is made once."""
BACKUP_EVERY: Final = timedelta(seconds=30)
"""How often it is asked whether a backup is due."""
BACKUP_AGAIN: Final = timedelta(hours=1)
"""So long after one that failed the next is tried."""
FIRST_ROUND: Final = timedelta(minutes=20)
"""So long after a start a daily page waits for what was missed to be read; then it is made of what there is."""
_PATIENCE: Final = 10.0
_SLACK: Final = timedelta(seconds=5)
_log = logging.getLogger(__name__)
# A round that is still running when the next look comes is the rule here, not a warning.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Service:
    """Everything that runs for an office, between entering and leaving the context."""

    def __init__(
        self,
        settings: Settings,
        *,
        with_dashboard: bool,
        distributed: bool = False,
        look_every: timedelta = LOOK_EVERY,
    ) -> None:
        """`distributed`: sources and reviews are handed out to workers instead of being done here."""
        self._settings = settings
        self._with_dashboard = with_dashboard
        self._look_every = look_every
        self._dashboard: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._collected = False
        self._no_backup_before = datetime.min.replace(tzinfo=UTC)
        self.caught_up = threading.Event()
        """Set once a whole round has been read and reviewed."""
        self._queues = sharing.queues(settings) if distributed else None
        self._whole_round_is_in_work = False
        self._jobs = Jobs(wiring.clock)
        with ExitStack() as opened:
            opened.enter_context(wiring.only_service(settings))
            opened.enter_context(kept(settings, Part.SERVICE))
            self._delivery = keeping.Delivery(settings)
            self._archive = opened.enter_context(wiring.open_archive(settings, may_be_away=True))
            self._outbox = opened.enter_context(outbox.opened(settings, self._archive))
            self._casebook = opened.enter_context(wiring.open_casebook(settings))
            self._pages = wiring.daily_pages(settings, self._archive, self._casebook)
            if settings.metrics.port:
                opened.enter_context(serve_metrics(settings, self._jobs, self._archive, self._casebook))
            self._opened = opened.pop_all()
        self._kept: CrawlerArchive = self._outbox or self._archive
        self._reviewer = Reviewer(settings)
        self._started = wiring.clock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(7)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def address(self) -> str:
        dashboard = self._settings.dashboard
        return dashboard.public_url or f"http://{dashboard.address}:{dashboard.port}"

    def __enter__(self) -> Self:
        if self._with_dashboard:
            self._start_dashboard()
        self._add("collect", self._collect, self._look_every)
        self._add("review", self._review, self._settings.schedule.review_every)
        self._add("purge", self._purge, PURGE_EVERY)
        self._add("pages", self._make_pages_due, PAGES_EVERY)
        self._add("backup", self._back_up_if_due, BACKUP_EVERY)
        if self._outbox is not None:
            self._add("deliver", partial(self._outbox.deliver, self._stopping.is_set), outbox.DELIVER_EVERY)
        if self._delivery:
            self._add("files", self._deliver_files, keeping.EVERY)
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        tell(STOPPING)
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._reviewer.close()
        if self._dashboard is not None:
            self._dashboard.terminate()
            try:
                self._dashboard.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._dashboard.kill()
                self._dashboard.wait()
        self._opened.close()

    def wait(self, told: threading.Event) -> None:
        """Until told to stop; a dashboard that ended by itself is started again."""
        tell(READY)
        while not told.wait(1.0):
            tell(ALIVE)
            self._keep_pace()
            if self._dashboard is not None and self._dashboard.poll() is not None:
                _log.warning("dashboard ended with status %s; starting it again", self._dashboard.returncode)
                if told.wait(_PATIENCE):
                    return
                self._start_dashboard()

    def make_pages(self) -> None:
        """Make the daily pages that are due, and anew those that officers have changed."""
        with wiring.making_pages(self._settings):
            for page in self._pages.make_due(now=wiring.clock()):
                _log.info("daily page of %s, %s: %s lines", page.day, page.edition, sum(map(len, page.lines.values())))

    def _keep_pace(self) -> None:
        """A job that waits longer than its interval waits for a time that was near before the clock was set back."""
        now = wiring.clock()
        for job in self._scheduler.get_jobs():
            every = getattr(job.trigger, "interval", None)
            if every is not None and job.next_run_time - now > every + _SLACK:
                job.modify(next_run_time=now)

    # --- jobs

    def _collect(self) -> None:
        sources = wiring.sources_to_read(self._settings, self._kept, self._casebook, due_now=True)
        if self._queues is not None:
            self._collected |= self._queues.hand_out_sources(sources, self._kept.visits_due(wiring.clock()))
            return
        told = self._stopping.is_set
        for outcome in wiring.collect(
            self._settings, self._kept, sources, due_now=True, budget=ROUND_BUDGET, told_to_stop=told
        ):
            _log.info("source %s: %s", outcome.source_id, outcome.error or outcome.tally)
        self._collected = True

    def _review(self) -> None:
        if self._queues is not None:
            self._hand_out_review(self._queues)
            return
        everything_is_in = self._collected
        if self._reviewer.review(self._stopping.is_set) is not None and everything_is_in:
            self.caught_up.set()

    def _hand_out_review(self, queues: Queues) -> None:
        everything_is_in = self._collected
        if queues.hand_out_review():
            if self._whole_round_is_in_work:
                self.caught_up.set()
            self._whole_round_is_in_work = everything_is_in

    def _make_pages_due(self) -> None:
        if (waiting := outbox.waiting(self._settings)) and waiting.why is None:
            return  # what an outage kept back is coming in
        if self.caught_up.is_set() or wiring.clock() - self._started > FIRST_ROUND:
            self.make_pages()

    def _purge(self) -> None:
        now = wiring.clock()
        sources = wiring.sources_to_read(self._settings, self._archive, self._casebook)
        if pause := housekeeping.pause(self._archive, sources, now):
            _log.warning("nothing was read from %s to %s: nothing is purged by a clock that may be wrong", *pause)
            return
        housekeeping.purge(self._settings, now, dry_run=False)

    def _back_up_if_due(self) -> None:
        now = wiring.clock()
        if now < self._no_backup_before:
            return
        self._no_backup_before = now + BACKUP_AGAIN
        try:
            target = saving.back_up_if_due(self._settings, now, self._stop_if_told)
        except BackupStopped:
            _log.info("the backup is left for the next start")
            return
        if target is not None:
            _log.info("backup %s", target)
        self._no_backup_before = now

    def _deliver_files(self) -> None:
        if sent := self._delivery.deliver(self._stopping.is_set):
            _log.info("%s files delivered", sent)

    def _stop_if_told(self, _done: int) -> None:
        if self._stopping.is_set():
            raise BackupStopped

    def _add(self, name: str, job: Callable[[], object], every: timedelta) -> None:
        def run() -> None:
            # A job that fails is logged and runs again at its next time; nothing it had stored is lost.
            came_to = UNFORESEEN
            try:
                job()
                came_to = ""
            except KiemTinError as error:
                came_to = error.code
                _log.error("job %s failed: %s", name, error, exc_info=_log.isEnabledFor(logging.DEBUG))
            finally:
                self._jobs.ended(name, came_to)

        self._jobs.begin(name, every)
        self._scheduler.add_job(
            run,
            "interval",
            seconds=every.total_seconds(),
            id=name,
            name=name,
            replace_existing=True,
            next_run_time=datetime.now(UTC),
        )

    def _start_dashboard(self) -> None:
        settings = self._settings
        environment = (
            os.environ | {"KIEMTIN_HOME": str(settings.home), "KIEMTIN_UNDER_SERVICE": "1"} | as_environment(settings)
        )
        command = [sys.executable, "-m", "dashboard.server"]
        # In a session of its own: Ctrl-C is the service's, which then ends the dashboard.
        self._dashboard = subprocess.Popen(  # noqa: S603
            command, env=environment, stdin=subprocess.PIPE, start_new_session=True
        )
