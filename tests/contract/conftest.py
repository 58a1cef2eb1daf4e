"""One suite over every archive: a test that asks for `archive` runs on each."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from index.archive import Archive
from index.elastic import ElasticArchive
from index.sqlite import SqliteArchive
from tests.conftest import CANNOT_BE_HAD, ROOT

PATIENCE: Final = 300.0
"""Seconds that a server may take to be built, the first time, and to start."""


def starter() -> Path:
    """The program that starts an Elasticsearch (`KIEMTIN_ES_START`, else the one beside the project)."""
    shared = Path(os.environ.get("KIEMTIN_SHARED", ROOT.parent / "shared"))
    return Path(os.environ.get("KIEMTIN_ES_START", shared / "elasticsearch" / "start"))


@pytest.fixture(scope="session")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server: the one at `KIEMTIN_ES_URL`, or one that is started for these tests."""
    if address := os.environ.get("KIEMTIN_ES_URL"):
        yield address
        return
    if not starter().is_file():
        pytest.skip(f"Elasticsearch {CANNOT_BE_HAD}: no {starter()} (set KIEMTIN_ES_START or KIEMTIN_ES_URL)")
    folder = tmp_path_factory.mktemp("elasticsearch")
    port = free_port()
    log = folder / "log"
    command = [str(starter()), "--port", str(port), "--data", str(folder / "data")]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=quick_to_start()) as server,
    ):
        try:
            wait_until_ready(server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_until_ready(server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while "\nready:" not in (said := f"\n{log.read_text(encoding='utf-8')}"):
        if server.poll() is not None or time.monotonic() > end:
            pytest.fail(f"Elasticsearch did not start: {said[-2000:]}")
        time.sleep(0.2)


def quick_to_start() -> dict[str, str]:
    """The environment of a server that lives for minutes: compiling its code for speed costs more than it brings."""
    return {**os.environ, "ES_JAVA_OPTS": os.environ.get("ES_JAVA_OPTS", "-XX:TieredStopAtLevel=1")}


def free_port() -> int:
    """A port that is free, and so is the one 100 above, which the server's nodes speak on."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 100))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture(scope="session")
def prefix() -> str:
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def emptied(elasticsearch: str, prefix: str) -> Iterator[Callable[[], Callable[..., Archive]]]:
    """Empties the one archive that these tests share on the server, as making its indices takes seconds; opens it."""
    with Elasticsearch(elasticsearch) as client:

        def emptied() -> Callable[..., Archive]:
            ElasticArchive(elasticsearch, index_prefix=prefix).close()
            client.indices.refresh(index=f"{prefix}-*")
            found = client.search(index=f"{prefix}-*", source=False, size=10_000)["hits"]["hits"]
            gone = [{"delete": {"_index": hit["_index"], "_id": hit["_id"]}} for hit in found]
            if gone:
                assert not client.bulk(operations=gone, refresh=True)["errors"]
            return partial(ElasticArchive, elasticsearch, index_prefix=prefix)

        yield emptied
        client.indices.delete(index=[*client.indices.get_alias(index=f"{prefix}-*")])


@pytest.fixture(params=["sqlite", pytest.param("elastic", marks=pytest.mark.service)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Archive]:
    """Opens one and the same archive, as often as it is called; `counted` as its constructor takes it."""
    if request.param == "sqlite":
        return partial(SqliteArchive, tmp_path / "archive.db")
    empty: Callable[[], Callable[..., Archive]] = request.getfixturevalue("emptied")
    return empty()


@pytest.fixture
def archive(opened: Callable[[], Archive]) -> Iterator[Archive]:
    with opened() as archive:
        yield archive
