"""Elasticsearch killed, one of three nodes killed, its disk full, and the network before it cut."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch

from bench import home as homes
from bench.measure import MEGABYTE, progress
from bench.outage import BATCH, Errors, Machines, Outage, held
from index.elastic import ElasticArchive
from index.model import ArticleId
from tests.contract.nouns import article
from tests.elasticsearch_server import serving
from tests.wire import Does, Wire

_SMALL: Final = "512m"
"""The heap of a server."""
_DISK: Final = 400
"""Megabytes of the server's own disk; where less than `_FLOOD` are free it takes no more writes."""
_FLOOD: Final = 120
_WATERMARK: Final = "cluster.routing.allocation.disk.watermark"
_WATERMARKS: Final = (
    *("--set", f"{_WATERMARK}.low={_FLOOD + 40}mb"),
    *("--set", f"{_WATERMARK}.high={_FLOOD + 20}mb"),
    *("--set", f"{_WATERMARK}.flood_stage={_FLOOD}mb"),
    *("--set", "cluster.info.update.interval=10s"),
)
_PATIENCE: Final = 300.0


def node_killed(folder: Path, times: int) -> Iterator[Outage]:
    """The only node, while two machines write bulk after bulk."""
    chance = random.Random(1)
    with serving(folder / "server", "--heap", _SMALL) as server:
        with Machines(partial(ElasticArchive, server.address), folder / "casebook.db") as machines:
            for number in range(times):
                time.sleep(chance.uniform(0.0, 3.0))
                server.kill()
                server.start()
                machines.go_on()
                progress(f"node killed {number + 1} times, {len(machines.acknowledged)} articles acknowledged")
        yield machines.left("Elasticsearch, one node: SIGKILL amid bulks, started again, the writers go on", times)


def one_of_three_killed(folder: Path, times: int) -> Iterator[Outage]:
    """The master and another by turns, behind a balancer; the next is killed when all copies are there again."""
    chance = random.Random(2)
    with (
        serving(folder / "server", "--heap", _SMALL, nodes=3) as server,
        Wire(server.ports) as balancer,
        Elasticsearch([f"http://127.0.0.1:{port}" for port in server.ports], retry_on_timeout=True) as client,
    ):
        with Machines(partial(ElasticArchive, balancer.url), folder / "casebook.db") as machines:
            for number in range(times):
                _await_green(client)
                time.sleep(chance.uniform(0.5, 4.0))
                master = int(client.cat.master(h="node").body.strip().removeprefix("node-"))
                node = master % 3 + 1 if number % 2 else master
                server.kill(node)
                time.sleep(chance.uniform(1.0, 4.0))
                server.start_again(node)
                progress(f"node {node} killed, {len(machines.acknowledged)} articles acknowledged")
            _await_green(client)
        settings = client.indices.get_settings(index="kiemtin-articles", flat_settings=True).body
        copies = {each["settings"]["index.number_of_replicas"] for each in settings.values()}
        more = f"{', '.join(copies)} replica; every other time it was the master."
        yield machines.left(
            "Elasticsearch, three nodes behind a balancer: one killed with SIGKILL amid writes and searches",
            times,
            more=more,
        )


def _await_green(client: Elasticsearch) -> None:
    client.options(request_timeout=130).cluster.health(wait_for_status="green", wait_for_nodes="3", timeout="120s")


def network_cut(folder: Path, times: int) -> Iterator[Outage]:
    """Each way of failing so often: of the answers to bulks half arrives; they never arrive, and the client waits for
    them; nobody can be reached for a moment; what is said is swallowed for a moment."""
    with serving(folder / "server", "--heap", _SMALL) as server:
        yield cut(server.port, folder, times)


def cut(port: int, folder: Path, times: int, *, prefix: str = "kiemtin") -> Outage:
    """The same before a server that is there."""
    chance = random.Random(6)
    with Wire([port]) as wire:
        opened = partial(ElasticArchive, wire.url, index_prefix=prefix)
        with Machines(opened, folder / "casebook.db", machines=4) as machines:
            for _ in range(times):
                for does in (Does.RESETS, Does.SWALLOWS):
                    wire.answers.append(does)
                    _until(lambda: not wire.answers)
                for does in (Does.RESETS, Does.SWALLOWS):
                    wire.does = does
                    time.sleep(chance.uniform(0.0, 3.0))
                    wire.does = Does.PASSES
                    machines.go_on()
                progress(f"network cut {wire.cut.total()} times, {len(machines.acknowledged)} articles acknowledged")
        return machines.left(
            "The network cut between four machines and Elasticsearch",
            wire.cut.total(),
            more=f"{times} times each: reset amid an answer, done and never answered, hung up on, swallowed.",
        )


def _until(so: Callable[[], bool]) -> None:
    homes.until(so, patience=_PATIENCE)


def disk_full(folder: Path, times: int) -> Iterator[Outage]:
    """The server's disk is filled up to its flood stage, beyond which it takes no writes, and emptied again."""
    with small_disk(folder / "disk", _DISK) as disk, serving(disk / "server", "--heap", _SMALL, *_WATERMARKS) as server:
        acknowledged: list[ArticleId] = []
        errors = Errors()
        with ElasticArchive(server.address, patience=0) as archive:

            def add() -> None:
                some = [article(f"{len(acknowledged)}-{each}") for each in range(BATCH)]
                archive.add(some)
                acknowledged.extend(one.id for one in some)

            for _ in range(times):
                ballast = fill(disk, leaving=_FLOOD // 2)
                errors.until_refused(add)
                progress(f"the server takes no more, {len(acknowledged)} articles acknowledged")
                assert archive.articles(acknowledged[:1]), "what is there can be read"
                ballast.unlink()
                errors.until_done(add)
            lost, doubled = held(archive, acknowledged)
    yield Outage(
        tried="Elasticsearch's disk full up to its flood stage, then emptied",
        times=times,
        acknowledged=len(acknowledged),
        lost=lost,
        doubled=doubled,
        told=errors.in_words(),
    )


@contextmanager
def small_disk(at: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own; needs root."""
    at.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "kiemtin", at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def fill(disk: Path, *, leaving: int) -> Path:
    """A file that leaves so many megabytes free; whoever wants more room takes it away."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        for _ in range(max(0, free // MEGABYTE - leaving)):
            file.write(bytes(MEGABYTE))
    return ballast
