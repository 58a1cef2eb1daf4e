"""Homes that workers share, and workers and services in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from config import settings, wiring
from config.settings import Settings
from crawlers.newsroom.server import Newsroom
from index.account import CONSOLE
from index.casebook import Casebook
from index.model import ProvinceId
from index.source import Source
from index.sqlite import SqliteArchive

PROVINCE: Final = ProvinceId("tuyen-quang")
PATIENCE: Final = 120.0
DELAY: Final = 0.4
ROOT: Final = Path(__file__).resolve().parents[1]


@contextmanager
def newsroom(folder: Path, *, outlets: int, articles: int) -> Iterator[Newsroom]:
    """So many outlets with so many articles each, that nobody has read."""
    file = folder / "tin.jsonl"
    lines = (
        {
            "title": f"Tin số {number} về cầu Nông Tiến",
            "text": f"Phường Nông Tiến, tỉnh Tuyên Quang, cho biết việc số {number} đã xong trong ngày. " * 4,
            "published": "2026-11-20T08:00:00+07:00",
        }
        for number in range(outlets * articles)
    )
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    with wiring.replay(file, outlets, 0) as room:
        yield room


def home(
    folder: Path, redis: str, sources: Sequence[Source] = (), *, hosts: Sequence[str] = (), **fetch: object
) -> Settings:
    wiring.make_folders(folder)
    document: dict[str, Any] = {
        "province": str(PROVINCE),
        "fetch": {"delay": DELAY, "timeout": 3, "allow_hosts": list(hosts), **fetch},
        "schedule": {"review_every": "1s", **dict.fromkeys(("tier1", "tier2", "tier3"), "5s")},
        "redis": {"address": redis},
    }
    (folder / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    SqliteArchive(folder / settings.ARCHIVE_FILE).close()
    office = opened(folder)
    put(office, sources)
    return office


def opened(folder: Path) -> Settings:
    return settings.load(folder, environment={})


def put(office: Settings, sources: Sequence[Source]) -> None:
    """Enter sources into the register."""
    with Casebook.open(office.casebook_file) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare(sources, by=CONSOLE.name, at=datetime.now(UTC))


@contextmanager
def running(of: Path, *command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`kiemtin COMMAND` on a home; told to stop at the end."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", *command, "--home", str(of)], cwd=ROOT, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


def stored(office: Settings) -> int:
    with SqliteArchive(office.archive_file) as archive:
        return sum(1 for _ in archive.stored(PROVINCE))


def until(so: Callable[[], bool], patience: float = PATIENCE) -> bool:
    end = time.monotonic() + patience
    while not (reached := so()) and time.monotonic() < end:
        time.sleep(0.2)
    return reached
