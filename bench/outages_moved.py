"""`kiemtin archive migrate` and `archive copy` killed at any moment, and run again."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml
from elasticsearch import Elasticsearch

from bench import home as homes
from bench.measure import ROOT, progress, seconds
from bench.outage import Machines, Outage
from config import settings
from index.archive import Archive, Query
from index.elastic import ElasticArchive
from index.elastic_indices import Indices, Kind, Purpose
from index.sqlite import SqliteArchive
from tests.contract.holding import fill
from tests.contract.nouns import NOON, OURS, article, minutes
from tests.elasticsearch_server import serving

_HEAP: Final = "512m"
_ARTICLES: Final = 2_000
_AT_ONCE: Final = 200
_FIRST: Final = 8.0
"""Seconds within which a copy is killed, at first; `_SHORTER` where it had ended by then, `_LONGER` where not."""
_SHORTER, _LONGER = 0.7, 1.1


def migration_killed(folder: Path, times: int) -> Iterator[Outage]:
    """Into one shard more or less each time, while a machine writes and another searches."""
    with serving(folder / "server", "--heap", _HEAP) as server:
        yield migrations(server.address, folder, times)


def migrations(address: str, folder: Path, times: int, *, prefix: str = "kiemtin") -> Outage:
    """The same on a server that is there."""
    chance = random.Random(8)
    home = _home(folder / "home", address, prefix)
    opened = partial(ElasticArchive, address, index_prefix=prefix)
    with opened() as archive:
        before = _filled(archive)
    left: Counter[str] = Counter()
    with Elasticsearch(address) as client, Machines(opened, folder / "casebook.db", machines=1) as machines:
        indices = Indices(client, address, prefix)
        takes = _seconds(home, "migrate", "--shards", "2")
        while left.total() < times:
            shards = str(3 - indices.present()[Kind.ARTICLES].shards % 2)
            if _killed(home, chance.uniform(0.3, 1.0) * takes, "migrate", "--shards", shards):
                left[_left_at(indices)] += 1
                progress(f"migration killed {dict(left)}, {len(machines.acknowledged)} articles acknowledged")
            takes = _seconds(home, "migrate", "--shards", shards)
            machines.go_on()
        dropped = _run(home, "migrate", "--drop-old")["dropped"]
    with Elasticsearch(address) as client:
        there = len(client.indices.get(index=f"{prefix}-*").body)
    told = ", ".join(f"{number} {what}" for what, number in left.most_common())
    return machines.left(
        "`archive migrate` killed with SIGKILL at any moment while others work, and run again",
        times,
        before=before,
        more=f"Killed: {told}. `--drop-old` took away {len(dropped)} replaced indices, {there - len(Kind)} are left.",
    )


def _left_at(indices: Indices) -> str:
    purposes = {index.purpose for index in indices.present().values()}
    if Purpose.LEAVING in purposes:
        return "with the old index closed"
    if Purpose.BUILDING in purposes or indices.idle(Purpose.LEAVING):
        return "with the alias moved and that not said"
    return "while it built the new one" if indices.idle(Purpose.BUILDING) else "before or after"


def copy_killed(folder: Path, times: int) -> Iterator[Outage]:
    """There and back: each time the archive of a file to a new one on the server, and that to a new file."""
    with serving(folder / "server", "--heap", _HEAP) as server:
        yield copies(server.address, folder, times)


def copies(address: str, folder: Path, times: int, *, prefix: str = "kiemtin") -> Outage:
    """The same on a server that is there."""
    chance = random.Random(9)
    home = _home(folder / "home", address, prefix)
    file, kept = home / settings.ARCHIVE_FILE, home / "archive-kept.db"
    with SqliteArchive(file) as archive:
        articles = _filled(archive)
    lost = doubled = 0
    there, back = (_Copying(home, chance, *way) for way in (("sqlite", "elasticsearch"), ("elasticsearch", "sqlite")))
    with Elasticsearch(address) as client:
        for number in count():
            if min(there.killed, back.killed) >= times:
                break
            # Each time another office: an archive that is there is not copied over.
            name = f"elasticsearch.index_prefix={prefix}-{number}"
            _run(home, "create", "--set", name)
            went = there.parts(name)
            file.rename(kept)
            came = back.parts(name)
            kept.replace(file)
            for part, content in went.items():
                missing = content["entries"] - came[part]["entries"]
                lost += max(missing, 0) + (not missing and content["sha256"] != came[part]["sha256"])
                doubled += max(-missing, 0)
            client.indices.delete(index=[*client.indices.get(index=f"{prefix}-{number}-*").body])
            progress(f"copies killed: {there.killed} there, {back.killed} back")
    return Outage(
        tried="`archive copy` killed with SIGKILL at any moment, to a server and back, and run again",
        times=there.killed + back.killed,
        acknowledged=articles,
        lost=lost,
        doubled=doubled,
        told=f"{there.killed} times there, {back.killed} back; then run to its end, which reads both sides and "
        "compares count and SHA-256 of each part. What came back is what went there.",
    )


class _Copying:
    """A copy of one kind, killed at a moment of the time that it is thought to take, and run again."""

    def __init__(self, home: Path, chance: random.Random, source: str, target: str) -> None:
        self._home = home
        self._chance = chance
        self._way = ("copy", "--from", source, "--to", target, "--set")
        self._takes = _FIRST
        self.killed = 0

    def parts(self, name: str) -> dict[str, dict[str, Any]]:
        """What both sides hold, of an archive with this setting."""
        if _killed(self._home, self._chance.uniform(0.2, 1.0) * self._takes, *self._way, name):
            self.killed += 1
            self._takes *= _LONGER
        else:
            self._takes *= _SHORTER
        return dict(_run(self._home, *self._way, name)["parts"])


# --- an office that has outgrown its machine --------------------------------------------------------------------------


def _home(home: Path, address: str, prefix: str) -> Path:
    home.mkdir(parents=True)
    document = {"province": str(OURS), "archive": address, "elasticsearch": {"index_prefix": prefix}}
    (home / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    return home


def _filled(archive: Archive) -> int:
    """Put something of everything into an archive, and many articles; how many it holds then."""
    fill(archive)
    articles = [article(f"held-{number}", collected=NOON + minutes(number)) for number in range(_ARTICLES)]
    for start in range(0, _ARTICLES, _AT_ONCE):
        archive.add(articles[start : start + _AT_ONCE])
    return archive.find(Query(province=OURS)).total


def _killed(home: Path, after: float, *command: str) -> bool:
    """Was a command killed after so many seconds? False where it had ended by then."""
    process = subprocess.Popen(_command(home, *command), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() < 0


def _run(home: Path, *command: str) -> dict[str, Any]:
    """What a command shows; it must come to its end."""
    done = subprocess.run(_command(home, *command), cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _seconds(home: Path, *command: str) -> float:
    """How long a command takes to its end."""
    return seconds(lambda: _run(home, *command))


def _command(home: Path, *command: str) -> list[str]:
    return homes.kiemtin("archive", *command, "--home", str(home), "--json")
