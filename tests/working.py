"""Homes that workers share, and workers and services in processes of their own."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from classifier.review import review_pending
from config import knowledge, settings, wiring
from config.leases import Server
from config.queues import Queues
from config.settings import Settings
from config.work import Work
from crawlers.newsroom.server import Newsroom
from index.account import CONSOLE
from index.archive import Archive
from index.casebook import Casebook
from index.model import Article, ArticleId, ProvinceId, Review, Story, StoryId
from index.source import Source
from index.sqlite import SqliteArchive
from tests.classified import NOON, written

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


@contextmanager
def at_work(office: Settings, count: int, *options: str) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """So many workers; at the end they are told to stop, and have."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(running(office.home, "worker", *options, log=office.home / "worker.log"))
            for _ in range(count)
        ]


# --- reviewing


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of articles."""

    stories: Mapping[StoryId, Story]
    reviews: Mapping[ArticleId, Review]


def made_by_one(arrived: Sequence[Article], file: Path) -> Made:
    """By one who reviews them in one go."""
    with SqliteArchive(file) as alone:
        alone.add(arrived)
        review_pending(alone, knowledge.classifier(str(PROVINCE)), now=NOON + timedelta(days=1), sources={})
        return _made(alone, arrived)


def made_by_many(arrived: Sequence[Article], office: Settings, workers: int, patience: float = PATIENCE) -> Made:
    """By so many workers, to whom one review is handed out."""
    with SqliteArchive(office.archive_file) as archive:
        archive.add(arrived)
        queues = Queues(Server(address=office.redis.address), PROVINCE)
        with at_work(office, workers, "--queues", "review"):
            assert queues.hand_out_review()
            assert not queues.hand_out_review(), "one at a time"
            assert until(lambda: not queues.handed_out(Work.GROUP), patience), "the review ends"
        return _made(archive, arrived)


def _made(archive: Archive, arrived: Sequence[Article]) -> Made:
    return Made(
        stories={story.id: story for story in archive.stories(PROVINCE)},
        reviews=archive.reviews([article.id for article in arrived], PROVINCE),
    )


def reprints(pairs: int) -> Sequence[Article]:
    """Texts that each came twice, all at once, in an order of chance."""
    chance = random.Random(7)
    words = [f"{a}{b}" for a in ("kh", "ng", "tr", "v", "l", "ph", "đ", "m") for b in ("ương", "ình", "ao", "ể", "uân")]
    made = []
    for number in range(pairs):
        title = " ".join(chance.sample(words, 8)).capitalize()
        rumour = "Mạng xã hội lan truyền thông tin chưa được xác nhận" if number % 3 == 0 else "Theo Ủy ban nhân dân xã"
        text = f"{rumour} tại phường Nông Tiến, tỉnh Tuyên Quang: {' '.join(chance.choices(words, k=90))}."
        made += [
            written(
                title if copy == 0 else f"Tin nóng: {title.lower()}",
                text,
                key=f"{number}-{copy}",
                source=f"bao-{copy}",
                after=timedelta(minutes=number + 10 * copy),
            )
            for copy in range(2)
        ]
    chance.shuffle(made)
    return made
