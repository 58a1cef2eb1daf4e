"""What all measurements share: repeated timings, processes as the kernel counts them, the machine, tables.

Reads /proc, so measurements run on Linux alone.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = Path(os.environ.get("KIEMTIN_SHARED", ROOT.parent / "shared"))
"""The development data beside the project."""
NEWS: Final = SHARED / "data" / "news" / "articles.jsonl.gz"
MEGABYTE: Final = 1024 * 1024
_LIBRARIES: Final = ("scrapy", "trafilatura", "lxml", "sqlalchemy", "streamlit")
_PROC: Final = Path("/proc")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


# --- numbers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The same thing measured several times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def percentile(self, share: float) -> float:
        """The smallest value that a share of all does not exceed."""
        ordered = sorted(self.values)
        return ordered[max(0, -(-round(len(ordered) * share * 1000) // 1000) - 1)]

    def told(self, form: str = "{:.2f}") -> str:
        """The median, with the smallest and the largest."""
        if len(self.values) == 1:
            return form.format(self.values[0])
        return f"{form.format(self.median)} ({form.format(min(self.values))}–{form.format(max(self.values))})"


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def timed(work: Callable[[], object], *, times: int) -> Spread:
    """A piece of work done several times, in seconds."""
    return Spread(values=tuple(seconds(work) for _ in range(times)))


def progress(said: str) -> None:
    """For whoever waits; standard output is for the section alone."""
    print(f"{datetime.now(UTC):%H:%M:%S} {said}", file=sys.stderr, flush=True)


def verdict(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first column holds names, the others numbers."""
    aligned = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, aligned, *rows)) + "\n"


# --- processes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process at one moment. `rss` and `pss` in bytes: `rss` counts pages shared with others in full, `pss` in
    equal parts, so that only its sum is what a machine has to give."""

    pid: int
    command: str
    rss: int
    pss: int
    files: int


def family(root: int) -> list[Process]:
    """A process and all that descend from it; those that end meanwhile are left out."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            # The name of a command, in brackets, may hold spaces and brackets; what follows it does not.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children[parent].append(int(stat.parent.name))
    found: list[Process] = []
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        try:
            found.append(_process(pid))
        except OSError:
            continue
    return found


def _process(pid: int) -> Process:
    at = _PROC / str(pid)
    shares = re.search(r"^Pss:\s+(\d+) kB", (at / "smaps_rollup").read_text(), re.MULTILINE)
    return Process(
        pid=pid,
        command=(at / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip(),
        rss=int((at / "statm").read_text().split()[1]) * _PAGE,
        pss=int(shares[1]) * 1024 if shares else 0,
        files=sum(1 for _ in (at / "fd").iterdir()),
    )


@dataclass(slots=True, kw_only=True)
class Peak:
    """The most memory that a family of processes held at one moment, in bytes."""

    rss: int = 0
    pss: int = 0
    largest: int = 0
    """Of one process."""


@contextmanager
def peak_memory(root: int, *, every: float = 0.25) -> Iterator[Peak]:
    """Watch a process and its descendants while the context is open."""
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(every):
            seen = family(root)
            peak.rss = max(peak.rss, sum(process.rss for process in seen))
            peak.pss = max(peak.pss, sum(process.pss for process in seen))
            peak.largest = max(peak.largest, *(process.rss for process in seen), 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


# --- the machine and the document -------------------------------------------------------------------------------------


def machine() -> str:
    """What was measured on, in a paragraph."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", (_PROC / "cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE / MEGABYTE / 1024
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{os.cpu_count()} cores of {cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB of memory, "
        f"Linux {platform.release()}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When something was measured, of which state of the project, and how busy the machine was before."""

    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def told(self) -> str:
        described = subprocess.run(
            ("git", "describe", "--always", "--dirty"), cwd=ROOT, capture_output=True, text=True, check=False
        )
        commit = described.stdout.strip() or "no repository"
        return f"*Measured {self.began:%Y-%m-%d %H:%M} UTC at `{commit}`; load average before: {self.load:.1f}.*\n"
