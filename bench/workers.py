"""What a second worker brings, and whether hosts notice that they are two.

    python -m bench.workers [FILE.jsonl.gz] [--outlets N] [--articles N] [--delay SECONDS]

A newsroom of many outlets, a home, a Redis of its own (Debian's redis-server), and one worker or two on this machine:
from the moment that all sources are handed out until all are read. One after the other, each with a home of its own.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import home as homes
from bench import measure
from bench.measure import Circumstances
from config import settings as configured
from config import wiring
from config.leases import Server
from config.queues import Queues
from crawlers.newsroom.server import Newsroom
from index.errors import KiemTinError

_TIMEOUT: Final = 10.0
_FORGETFUL: Final = ("--save", "", "--appendonly", "no", "--bind", homes.HOST)
_ONCE: Final = dict.fromkeys(("tier1", "tier2", "tier3"), "12h")
_LOOK: Final = 1.0
_STARTING: Final = 8.0
"""Seconds that workers get to be up before anything is handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All outlets read by so many workers. `gap` in seconds: the smallest that any host saw."""

    workers: int
    articles: int
    seconds: float
    simultaneous: int
    gap: float

    @property
    def rate(self) -> float:
        return self.articles / self.seconds


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path, nargs="?", default=measure.NEWS)
    arguments.add_argument("--outlets", type=int, default=200)
    arguments.add_argument("--articles", type=int, default=2_000)
    arguments.add_argument("--delay", type=float, default=2.0)
    asked = arguments.parse_args()
    if shutil.which("redis-server") is None:
        print("redis-server is not installed", file=sys.stderr)
        return 1
    around = Circumstances()
    with homes.first_lines(asked.file, asked.articles) as some:
        runs = [_run(some, asked.outlets, asked.delay, workers) for workers in (1, 2)]
    print(_section(around, runs, asked.outlets, asked.delay))
    return 0 if all(run.simultaneous == 1 and run.gap >= asked.delay for run in runs) else 1


def _run(file: Path, outlets: int, delay: float, workers: int) -> Run:
    measure.progress(f"{workers} worker(s)")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room = stack.enter_context(wiring.replay(file, outlets, 0))
        server = Server(address=stack.enter_context(_redis(folder)))
        home = folder / "home"
        fetch = {"delay": delay, "timeout": _TIMEOUT, "allow_hosts": list(room.allow_hosts())}
        homes.make(home, room.sources(), fetch=fetch, redis={"address": server.address}, schedule=_ONCE)
        for number in range(workers):
            command = homes.kiemtin("worker", "--queues", "crawl", "--home", str(home))
            stack.enter_context(homes.running(command, folder / f"worker-{number}.log"))
        # A Redis that has just started lets nobody ask yet, and a worker takes a moment to be there.
        time.sleep(_STARTING + _TIMEOUT + delay)
        office = configured.load(home, environment={})
        archive = stack.enter_context(wiring.open_archive(office))
        casebook = stack.enter_context(wiring.open_casebook(office))
        queues = Queues(server, homes.PROVINCE)
        started = time.monotonic()
        while not queues.hand_out_sources(wiring.sources_to_read(office, archive, casebook, due_now=True), []):
            time.sleep(_LOOK)
        return _told(room, workers, homes.stored(home), time.monotonic() - started)


def _told(room: Newsroom, workers: int, articles: int, seconds: float) -> Run:
    logs = [room.access(source.id) for source in room.sources()]
    return Run(
        workers=workers,
        articles=articles,
        seconds=seconds,
        simultaneous=max(log.simultaneous for log in logs),
        gap=min(gap for log in logs if (gap := log.smallest_gap) is not None),
    )


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing."""
    port = homes.free_port()
    command = ["redis-server", "--port", str(port), "--dir", str(folder), *_FORGETFUL]
    server = Server(address=f"redis://{homes.HOST}:{port}")

    def answers() -> bool:
        try:
            server.check()
        except KiemTinError:
            return False
        return True

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        homes.until(answers)
        yield server.address
    finally:
        process.terminate()
        process.wait()


def _section(around: Circumstances, runs: Sequence[Run], outlets: int, delay: float) -> str:
    rows = [
        [
            str(run.workers),
            f"{run.articles:,}",
            f"{run.seconds:.0f}",
            f"{run.rate:.1f}",
            str(run.simultaneous),
            f"{run.gap:.3f}",
        ]
        for run in runs
    ]
    head = ["workers", "articles", "seconds", "articles/s", "most at once of one host", "smallest gap of one host, s"]
    one, two = runs
    return (
        f"## Two workers beside one\n\n{around.told()}\n{outlets} outlets on this machine, each asked no sooner than "
        f"{delay} s after the last time; both workers, the newsroom and Redis share its processors.\n\n"
        f"{measure.table(head, rows)}\n\nTwo workers collected {two.rate / one.rate:.2f} times as many a second."
    )


if __name__ == "__main__":
    sys.exit(main())
