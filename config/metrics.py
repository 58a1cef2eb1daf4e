"""`/healthz` and `/metrics`, on a port of the service's own that is off unless it is set.

Counts and times only: no text, no title, no name of a person. Labels are ids of sources, names of jobs, and the words
of the workflow.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any, Final

import msgspec
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from classifier.stories import REMEMBERED
from config import checks_books, knowledge, outbox, saving, wiring
from config.jobs import Jobs, JobState
from config.settings import Settings
from index import health
from index.archive import Archive, Query
from index.casebook import Casebook
from index.errors import ConfigError, KiemTinError

HEALTH: Final = "/healthz"
METRICS: Final = "/metrics"
_KEPT: Final = timedelta(seconds=30)
_SOURCES_KEPT: Final = timedelta(minutes=5)
"""A source's habit is read from a month of readings."""


@contextmanager
def serve_metrics(settings: Settings, jobs: Jobs, archive: Archive, casebook: Casebook) -> Iterator[str]:
    """Serve both pages until the block ends; their address. Raises `ConfigError` where the port is not free."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Figures(settings, jobs, archive, casebook))
    asked = settings.metrics
    try:
        server = ThreadingHTTPServer((asked.address, asked.port), _handler(registry, jobs))
    except OSError as error:
        found = f"{asked.address}:{asked.port} ({error.strerror})"
        raise ConfigError(
            file=settings.origins["metrics.port"], key="metrics.port", found=found, allowed="0 … 65535"
        ) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="metrics", daemon=True)
    thread.start()
    try:
        yield f"http://{asked.address}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(registry: CollectorRegistry, jobs: Jobs) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == HEALTH:
                states = jobs.states()
                well = all(state is JobState.OK for state in states.values())
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                body = {"status": "ok" if well else "failing", "jobs": states}
                self._answer(status, "application/json", msgspec.json.encode(body))
            elif path == METRICS:
                encode, kind = choose_encoder(self.headers.get("Accept", ""))
                self._answer(HTTPStatus.OK, kind, encode(registry))
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"/healthz /metrics\n")

        def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing: who asks every few seconds fills no log."""

    return Handler


# --- the figures --------------------------------------------------------------------------------------------------


class _Kept:
    """Figures that are asked for anew after a while only, by one thread at a time."""

    def __init__(self, ask: Callable[[datetime], list[Metric]], span: timedelta) -> None:
        self._ask = ask
        self._span = span
        self._lock = threading.Lock()
        self._held: tuple[datetime, list[Metric]] | None = None

    def at(self, now: datetime) -> list[Metric]:
        with self._lock:
            if self._held is None or not timedelta() <= now - self._held[0] < self._span:
                self._held = now, self._ask(now)
            return self._held[1]


class Figures(Collector):
    """What is counted of an office. A book that cannot be asked is told as down, and its figures are left out."""

    def __init__(
        self,
        settings: Settings,
        jobs: Jobs,
        archive: Archive,
        casebook: Casebook,
        clock: Callable[[], datetime] = wiring.clock,
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._archive = archive
        self._casebook = casebook
        self._clock = clock
        self._books = _Kept(self._of_books, _KEPT)
        self._sources = _Kept(self._of_sources, _SOURCES_KEPT)

    def describe(self) -> Iterable[Metric]:
        """Nothing: to name its figures beforehand it would have to ask for them."""
        return ()

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        yield InfoMetricFamily(
            "kiemtin",
            "The program and the province it works for.",
            value={"version": version("kiemtin"), "province": self._settings.province},
        )
        yield from self._of_jobs()
        yield from self._books.at(now)
        yield from self._sources.at(now)

    def _of_jobs(self) -> Iterator[Metric]:
        healthy = all(state is JobState.OK for state in self._jobs.states().values())
        yield GaugeMetricFamily("kiemtin_healthy", "Do all jobs run, and end well?", value=healthy)
        last = GaugeMetricFamily("kiemtin_job_success_timestamp_seconds", "Last run that ended well.", labels=["job"])
        failed = CounterMetricFamily("kiemtin_job_failures", "Runs that ended with an error.", labels=["job"])
        for name, job in self._jobs.all().items():
            failed.add_metric([name], job.failures)
            if job.succeeded is not None:
                last.add_metric([name], job.succeeded.timestamp())
        yield from (last, failed)

    def _of_books(self, now: datetime) -> list[Metric]:
        return [*self._of_archive(now), *self._of_outbox(), *self._of_casebook(), *self._of_backups()]

    def _of_archive(self, now: datetime) -> Iterator[Metric]:
        province = self._settings.province
        up = GaugeMetricFamily("kiemtin_archive_up", "Can the archive be asked?", value=1)
        try:
            stored = self._archive.find(Query(province=province, limit=1)).total
            signals = knowledge.classifier(province).versions
            most = checks_books.MOST_PENDING + 1
            waiting = len(self._archive.pending(province, signals, since=now - REMEMBERED, limit=most))
        except KiemTinError:
            yield GaugeMetricFamily("kiemtin_archive_up", "Can the archive be asked?", value=0)
            return
        yield up
        yield GaugeMetricFamily("kiemtin_articles_stored", "Articles held.", value=stored)
        yield GaugeMetricFamily("kiemtin_articles_pending", f"Articles to review, up to {most}.", value=waiting)

    def _of_outbox(self) -> Iterator[Metric]:
        try:
            waiting = outbox.waiting(self._settings)
        except KiemTinError:  # the doctor says what is wrong with the file
            return
        held = waiting.articles + waiting.others
        yield GaugeMetricFamily("kiemtin_outbox_waiting", "Entries that the archive has not taken yet.", value=held)
        if waiting.since is not None:
            since = waiting.since.timestamp()
            yield GaugeMetricFamily("kiemtin_outbox_since_timestamp_seconds", "When the oldest was kept.", value=since)

    def _of_casebook(self) -> Iterator[Metric]:
        try:
            with self._casebook.read(self._settings.province) as book:
                opened = book.queue.by_state()
        except KiemTinError:
            yield GaugeMetricFamily("kiemtin_casebook_up", "Can the casebook be asked?", value=0)
            return
        yield GaugeMetricFamily("kiemtin_casebook_up", "Can the casebook be asked?", value=1)
        cases = GaugeMetricFamily("kiemtin_cases_open", "Cases by track and state.", labels=["track", "state"])
        for (track, state), count in opened.items():
            cases.add_metric([track, state], count)
        yield cases

    def _of_backups(self) -> Iterator[Metric]:
        try:
            last = saving.last(self._settings)
        except ConfigError:  # the doctor says what is wrong with the folder
            return
        if last is not None:
            yield GaugeMetricFamily("kiemtin_backup_timestamp_seconds", "Last backup.", value=last.timestamp())

    def _of_sources(self, now: datetime) -> list[Metric]:
        failures = GaugeMetricFamily("kiemtin_source_failures", "Failed readings in a row.", labels=["source"])
        silent = GaugeMetricFamily("kiemtin_source_silent_seconds", "Time without anything new.", labels=["source"])
        read = GaugeMetricFamily("kiemtin_source_read_timestamp_seconds", "Last reading.", labels=["source"])
        counted = GaugeMetricFamily("kiemtin_sources", "Enabled sources by condition.", labels=["condition"])
        try:
            with self._casebook.read(self._settings.province) as book:
                ids = [entry.source.id for entry in book.register.all() if entry.source.enabled]
            states = {i: health.health(self._archive.readings(i, since=now - health.WINDOW)) for i in ids}
        except KiemTinError:  # told by the book that is down
            return []
        for source_id, state in states.items():
            failures.add_metric([source_id], state.failures)
            if state.silent_for is not None:
                silent.add_metric([source_id], state.silent_for.total_seconds())
            if state.last_read is not None:
                read.add_metric([source_id], state.last_read.timestamp())
        conditions = Counter(state.condition for state in states.values())
        for condition in health.Condition:
            counted.add_metric([condition], conditions[condition])
        return [failures, silent, read, counted]
