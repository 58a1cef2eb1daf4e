"""What an Elasticsearch server does to those who write: away, overloaded, full, slow, killed. Nothing is lost or twice.

Against a stand-in where a real node cannot be brought to it on demand, and against a real one that is killed.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import cli
from index.archive import Query
from index.elastic import ElasticArchive
from index.errors import ArchiveError, ArchiveUnavailable
from index.source import Tally
from tests.conftest import CANNOT_BE_HAD
from tests.contract.conftest import free_port, quick_to_start, starter, wait_until_ready
from tests.contract.nouns import NOON, OURS, article, minutes
from tests.faults.node import Node, Refusal, Silence

ARTICLES = [article(f"bai-{number}", collected=NOON + minutes(number)) for number in range(8)]


@pytest.fixture
def node() -> Iterator[Node]:
    with Node() as node:
        yield node


@pytest.fixture
def archive(node: Node) -> Iterator[ElasticArchive]:
    with ElasticArchive(node.url, patience=0) as archive:
        yield archive


def refuses(status: int, kind: str) -> Callable[[object], None]:
    def refuse(asked: object) -> None:
        raise Refusal(status, kind)

    return refuse


def breaks_off(asked: object) -> None:
    raise Silence


def assert_each_is_held_once(archive: ElasticArchive) -> None:
    assert [held.id for held in archive.articles([one.id for one in ARTICLES])] == [one.id for one in ARTICLES]
    assert all(len(archive.versions(one.id)) == 1 for one in ARTICLES)


@pytest.mark.fault(48)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, "es_rejected_execution_exception"),
        (403, "cluster_block_exception"),  # flood stage: the index is read-only until the disk has room
        (503, "unavailable_shards_exception"),
        (408, "process_cluster_event_timeout_exception"),
    ],
)
def test_a_server_that_refuses_for_now_loses_nothing(
    archive: ElasticArchive, node: Node, status: int, kind: str
) -> None:
    node.faults.append(refuses(status, kind))
    with pytest.raises(ArchiveUnavailable, match=kind):
        archive.add(ARTICLES)
    assert archive.add(ARTICLES) == Tally(new=len(ARTICLES))
    assert_each_is_held_once(archive)


@pytest.mark.fault(48)
def test_a_batch_of_which_a_part_was_taken_is_finished_by_the_next_try(archive: ElasticArchive, node: Node) -> None:
    node.refused = {ARTICLES[3].id: (429, "es_rejected_execution_exception")}
    with pytest.raises(ArchiveUnavailable):
        archive.add(ARTICLES)
    node.refused.clear()
    assert archive.add(ARTICLES) == Tally(new=1, seen=len(ARTICLES) - 1)
    assert_each_is_held_once(archive)


@pytest.mark.fault(48)
def test_a_document_that_does_not_fit_the_mapping_is_said_and_not_asked_again(
    archive: ElasticArchive, node: Node
) -> None:
    node.refused = {ARTICLES[3].id: (400, "strict_dynamic_mapping_exception")}
    with pytest.raises(ArchiveError, match="strict_dynamic_mapping_exception") as raised:
        archive.add(ARTICLES)
    assert not isinstance(raised.value, ArchiveUnavailable)


@pytest.mark.fault(48)
def test_a_batch_that_is_too_large_is_sent_in_halves(archive: ElasticArchive, node: Node) -> None:
    node.most = 3_000
    assert archive.add(ARTICLES) == Tally(new=len(ARTICLES))
    assert_each_is_held_once(archive)


@pytest.mark.fault(48)
def test_a_write_that_was_done_although_no_answer_came_is_not_done_twice(archive: ElasticArchive, node: Node) -> None:
    node.faults.append(breaks_off)
    archive.add(ARTICLES)
    assert_each_is_held_once(archive)
    assert archive.add(ARTICLES) == Tally(seen=len(ARTICLES))


@pytest.mark.fault(48)
def test_a_server_that_is_away_is_named_by_every_command_that_needs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert cli.run(["init", "--province", "tuyen-quang", "--home", str(home)]) == 0
    away = ["--home", str(home), "--set", "archive=http://127.0.0.1:9"]
    for command in (["classify"], ["articles"], ["archive", "deliver"]):
        assert cli.run([*command, *away]) == 1
        assert "127.0.0.1:9" in capsys.readouterr().err
    assert cli.run(["doctor", *away]) == 1
    assert "127.0.0.1:9" in capsys.readouterr().out
    assert not (home / "archive.db").exists()


@pytest.mark.service
@pytest.mark.fault(48)
def test_a_node_killed_amid_writing_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    if not starter().is_file():
        pytest.skip(f"Elasticsearch {CANNOT_BE_HAD}: no {starter()} (set KIEMTIN_ES_START)")
    port, log = free_port(), tmp_path / "log"
    command = [str(starter()), "--port", str(port), "--data", str(tmp_path / "data")]

    def started() -> subprocess.Popen[bytes]:
        log.write_bytes(b"")
        server = subprocess.Popen(command, stdout=log.open("ab"), stderr=subprocess.STDOUT, env=quick_to_start())
        wait_until_ready(server, log)
        return server

    server = started()
    acknowledged = 0
    try:
        with ElasticArchive(f"http://127.0.0.1:{port}") as archive:
            kill = threading.Timer(1.0, server.kill)
            kill.start()
            with contextlib.suppress(ArchiveUnavailable):
                while True:
                    archive.add([article(f"bai-{acknowledged}-{number}") for number in range(20)])
                    acknowledged += 1
        server.wait()
        server = started()
        with ElasticArchive(f"http://127.0.0.1:{port}") as archive:
            for batch in range(acknowledged + 1):
                tally = archive.add([article(f"bai-{batch}-{number}") for number in range(20)])
                assert batch == acknowledged or tally == Tally(seen=20)
            assert archive.find(Query(province=OURS)).total == 20 * (acknowledged + 1)
    finally:
        server.terminate()
        server.wait()
