"""Collect a file of articles from the local newsroom with the real crawler, killed on the way, and count what is there.

    python -m bench.collect FILE.jsonl.gz --outlets 8 --kills 3

Each crawl is the command `kiemtin crawl` on a home of its own, killed with SIGKILL after a share of the articles and
started again; the last one runs to its end. Then every article of the file must be stored exactly once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import yaml

from config import settings, wiring
from config import sources as files
from crawlers.newsroom.replay import Replay
from index.account import CONSOLE
from index.archive import Archive
from index.casebook import Casebook
from index.model import ProvinceId
from index.sqlite import SqliteArchive

PROVINCE = ProvinceId("tuyen-quang")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--outlets", type=int, default=8)
    arguments.add_argument("--kills", type=int, default=3)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, wiring.replay(asked.file, asked.outlets, 0) as room:
        home = Path(folder)
        assert isinstance(room.edition, Replay)
        served = len(room.edition)
        wiring.make_folders(home)
        fetch = {"delay": 0, "allow_hosts": list(room.allow_hosts())}
        document = {"province": str(PROVINCE), "fetch": fetch}
        (home / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
        (home / "nguon.yaml").write_text(files.written(room.sources()), encoding="utf-8")
        with Casebook.open(home / settings.CASEBOOK_FILE) as casebook, casebook.write(PROVINCE) as book:
            book.register.declare(room.sources(), by=CONSOLE.name, at=wiring.clock())
        print(f"{served} articles of {asked.outlets} outlets")
        with SqliteArchive(home / settings.ARCHIVE_FILE) as archive:
            started = time.monotonic()
            for kill in range(1, asked.kills + 1):
                killed_at = _crawl_until(home, archive, served * kill // (asked.kills + 1))
                print(f"killed -9 at {killed_at} stored")
            crawled = _run(home)
            seconds = time.monotonic() - started
            return _report(archive, served, crawled, seconds)


def _command(home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "config.cli", "crawl", "--home", str(home)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def _crawl_until(home: Path, archive: Archive, enough: int) -> int:
    """Crawl until so many articles are stored, then kill the crawl and all its processes; how many are stored."""
    crawl = _command(home)
    while (stored := _count(archive)) < enough and crawl.poll() is None:
        time.sleep(1.0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(crawl.pid, signal.SIGKILL)
    crawl.wait()
    return stored


def _run(home: Path) -> int:
    return _command(home).wait()


def _count(archive: Archive) -> int:
    return sum(1 for _ in archive.stored(PROVINCE))


def _report(archive: Archive, served: int, status: int, seconds: float) -> int:
    stored = [reviewed.article for reviewed in archive.stored(PROVINCE)]
    urls = Counter(article.url for article in stored)
    versions = sum(len(archive.versions(article.id)) for article in stored)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"status {status}; {len(stored)} stored of {served} served, {len(stored) - len(urls)} twice")
    print(
        f"{versions} versions; {seconds:.0f} s, {len(stored) / seconds:.1f} articles/s, largest process {peak:.0f} MB"
    )
    return 0 if len(stored) == served == len(urls) == versions and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
