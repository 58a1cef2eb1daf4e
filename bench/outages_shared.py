"""Redis killed while two workers read and review, and four workers over reprints that arrive together."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench import faults
from bench.measure import progress
from bench.outage import Outage, without_case
from config import wiring
from config.settings import Settings
from crawlers.newsroom.server import Newsroom
from index.model import Article
from tests import redis_server, working
from tests.redis_server import RedisServer
from tests.working import DELAY, PROVINCE

OUTLETS: Final = 12
_EACH: Final = 40
"""Articles of an outlet."""
_PATIENCE: Final = 1_200.0


def redis_killed(folder: Path, times: int) -> Iterator[Outage]:
    """As `deploy/compose.yaml` runs it, with a journal, and without: then it has forgotten everything."""
    for name, options in (("with its journal", ("--appendonly", "yes")), ("that keeps nothing", ())):
        with redis_server.serving(*options) as redis:
            yield _killed(folder / name.replace(" ", "-"), redis, name, times)


def _killed(folder: Path, redis: RedisServer, name: str, times: int) -> Outage:
    folder.mkdir(parents=True)
    chance = random.Random(3)
    with ExitStack() as stack:
        room = stack.enter_context(wiring.replay(news(folder, working.reprints(OUTLETS * _EACH // 2)), OUTLETS, 0))
        office = working.home(folder / "home", redis.address, room.sources(), hosts=room.allow_hosts())
        stack.enter_context(working.at_work(office, 2))
        command = ("run", "--distributed", "--no-dashboard")
        stack.enter_context(working.running(office.home, *command, log=office.home / "run.log"))
        killed = 0
        while killed < times and _reads_on(office):
            time.sleep(chance.uniform(0.0, 1.5))
            redis.stop()
            time.sleep(chance.uniform(0.0, 2.0))
            redis.start()
            killed += 1
            progress(f"Redis killed {killed} times, {working.stored(office)} articles stored")
        rested = faults.until(lambda: faults.at_rest(office, OUTLETS * _EACH), _PATIENCE)
    return _left(office, room, f"Redis {name}: SIGKILL while two workers read and review", killed, rested=rested)


def _reads_on(office: Settings) -> bool:
    """Once more is stored: True while there is more to come."""
    before = working.stored(office)
    working.until(lambda: working.stored(office) > before)
    return working.stored(office) < OUTLETS * _EACH


def _left(office: Settings, room: Newsroom, tried: str, killed: int, *, rested: bool) -> Outage:
    logs = [room.access(source.id) for source in room.sources()]
    impolite = sum(log.simultaneous > 1 or (log.smallest_gap or 0.0) < DELAY for log in logs)
    gap = min(log.smallest_gap or 0.0 for log in logs)
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        stored = [one.article for one in archive.stored(PROVINCE)]
        urls = {one.url for one in stored}
        again = sum(len(archive.versions(one.id)) - 1 for one in stored)
        open_stories = without_case(archive, casebook, PROVINCE)
        flagged = sum(1 for told in archive.stories(PROVINCE) if told.flags)
    return Outage(
        tried=tried,
        times=killed,
        acknowledged=OUTLETS * _EACH,
        lost=OUTLETS * _EACH - len(urls) + (not rested),
        doubled=len(stored) - len(urls) + again,
        open_stories=open_stories,
        told=f"{flagged} flagged stories. At most {max(log.simultaneous for log in logs)} request at a time to a host, "
        f"smallest gap {gap:.3f} s (delay {DELAY} s); hosts that noticed anything: {impolite}.",
    )


def news(folder: Path, articles: Sequence[Article]) -> Path:
    """A file of articles that a newsroom serves."""
    file = folder / "tin.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for one in articles:
            said = {"title": one.title, "text": one.text, "published": one.when.isoformat()}
            lines.write(f"{json.dumps(said)}\n")
    return file


def reprints_together(folder: Path, pairs: int) -> Iterator[Outage]:
    """Four workers and one make something of the same articles, which arrive all at once."""
    arrived = working.reprints(pairs)
    folder.mkdir(parents=True)
    alone = working.made_by_one(arrived, folder / "alone.db")
    progress(f"one has made {len(alone.stories)} stories of {len(arrived)} articles")
    with redis_server.serving() as redis:
        office = working.home(folder / "home", redis.address)
        together = working.made_by_many(arrived, office, 4, _PATIENCE)
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        open_stories = without_case(archive, casebook, PROVINCE)
    other = sum(alone.stories[name] != together.stories.get(name) for name in alone.stories)
    other += sum(alone.reviews[name] != together.reviews.get(name) for name in alone.reviews)
    flagged = sum(1 for told in together.stories.values() if told.flags)
    yield Outage(
        tried=f"{pairs} reprint pairs arrive together at four review workers",
        times=1,
        acknowledged=len(arrived),
        lost=other,
        doubled=len(together.stories.keys() - alone.stories.keys()),
        open_stories=open_stories,
        told=f"One worker makes {len(alone.stories)} stories, four {len(together.stories)}, {flagged} of them flagged. "
        "Lost: stories and reviews of the one that the four make otherwise; doubled: stories that it does not make.",
    )
