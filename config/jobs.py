"""What the service's jobs came to, and whether that is how it should be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

PATIENCE: Final = timedelta(minutes=30)
"""A round may take its ten minutes, and a backup or a purge longer than the jobs beside it."""
UNFORESEEN: Final = "unforeseen"
"""Stands for the code of an error that has none."""


class JobState(StrEnum):
    OK = "ok"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`begun` is when the job was taken up by the schedule, `error` the code its last run ended with."""

    every: timedelta
    begun: datetime
    ended: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    error: str = ""

    def state(self, now: datetime) -> JobState:
        """LATE: it has not come to an end for three times its interval, and for longer than any job may take."""
        if now - (self.ended or self.begun) > max(PATIENCE, self.every * 3):
            return JobState.LATE
        return JobState.FAILED if self.error else JobState.OK


class Jobs:
    """Shared by the threads of a service."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, every: timedelta) -> None:
        with self._lock:
            self._jobs[name] = Job(every=every, begun=self._clock())

    def ended(self, name: str, error: str = "") -> None:
        """A run of a job has ended, with the code of an error or well."""
        with self._lock:
            job, now = self._jobs[name], self._clock()
            well = replace(job, ended=now, succeeded=now, error="")
            self._jobs[name] = replace(job, ended=now, error=error, failures=job.failures + 1) if error else well

    def all(self) -> Mapping[str, Job]:
        with self._lock:
            return dict(self._jobs)

    def states(self) -> Mapping[str, JobState]:
        now = self._clock()
        return {name: job.state(now) for name, job in self.all().items()}
