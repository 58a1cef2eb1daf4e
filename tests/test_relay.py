"""Files on their way to a store elsewhere: none is lost, none is there twice, and those who wait go in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.shared_errors import FilesRefused, FilesUnavailable
from index.snapshots import Snapshots
from index.store import Folder, Relay, Store
from tests.conftest import ROOT
from tests.s3_server import BUCKET, OFFICE, READER, S3Server, Way, own_prefix
from tests.test_snapshots import NOON, Page

LARGE = bytes(range(256)) * 4_000


class Elsewhere(Folder):
    """A store that may be away, and knows in which order it was given files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.away = False
        self.given: list[str] = []

    def put(self, name: str, data: bytes) -> None:
        if self.away:
            raise FilesUnavailable(place=self.place, problem="unreachable", why="away")
        self.given.append(name)
        super().put(name, data)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path / "elsewhere")


@pytest.fixture
def waiting(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "waiting")


def held(store: Store) -> Mapping[str, bytes | None]:
    return {file.name: store.get(file.name) for file in store.files()}


def test_what_is_kept_while_the_store_is_away_goes_in_order_when_it_is_back(
    waiting: Folder, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    relay = Relay(waiting, elsewhere)
    elsewhere.away = True
    names = ["c", "a/x", "b"]
    for age, name in enumerate(names):
        relay.put(name, name.encode())
        os.utime(tmp_path / "waiting" / name, (1_000 + age, 1_000 + age))
    assert [file.name for file in relay.waiting()] == names
    assert held(relay) == {"a/x": b"a/x", "b": b"b", "c": b"c"}, "what waits is read like the rest"
    with pytest.raises(FilesUnavailable):
        relay.deliver()
    assert len(relay.waiting()) == 3
    elsewhere.away = False
    assert (relay.deliver(), relay.deliver()) == (3, 0)
    assert elsewhere.given == names
    assert (held(relay), relay.waiting()) == (held(elsewhere), [])


def test_a_file_goes_at_once_where_it_can(waiting: Folder, elsewhere: Elsewhere) -> None:
    relay = Relay(waiting, elsewhere)
    relay.put("a", b"x")
    assert (relay.waiting(), held(elsewhere)) == ([], {"a": b"x"})


def test_whoever_is_told_to_stop_leaves_the_rest_waiting(waiting: Folder, elsewhere: Elsewhere) -> None:
    for name in ("a", "b", "c"):
        waiting.put(name, b"x")
    told = iter([False, True])
    assert Relay(waiting, elsewhere).deliver(lambda: next(told)) == 1
    assert len([*waiting.files()]) == 2


def test_two_machines_that_capture_the_same_page_keep_the_first(tmp_path: Path, elsewhere: Elsewhere) -> None:
    machines = [Relay(Folder(tmp_path / name), elsewhere) for name in ("one", "two")]
    for number, machine in enumerate(machines):
        Snapshots(Folder(tmp_path / ("one", "two")[number])).keep(Page(headers={"x-machine": str(number)}), NOON)
        assert machine.deliver() == 1
    (name,) = Snapshots(machines[1]).walk()
    assert Snapshots(machines[1]).read(name).headers == {"x-machine": "0"}


# --- over a network -----------------------------------------------------------------------------------------------


@pytest.mark.service
def test_an_upload_that_breaks_off_leaves_nothing_and_is_repeated_whole(s3: S3Server, waiting: Folder) -> None:
    prefix = own_prefix()
    there = s3.store(prefix)
    waiting.put("a", LARGE)
    with Way(s3.port) as way:
        relay = Relay(waiting, s3.store(prefix, endpoint=way.url))
        for lets in (0, 300, len(LARGE) // 2):
            way.lets = lets
            with pytest.raises(FilesUnavailable):
                relay.deliver()
            assert (held(there), len(relay.waiting())) == ({}, 1)
        way.lets = None
        assert relay.deliver() == 1
    assert (held(there), relay.waiting()) == ({"a": LARGE}, [])


@pytest.mark.service
def test_a_delivery_that_is_killed_loses_nothing_and_doubles_nothing(
    s3: S3Server, waiting: Folder, tmp_path: Path
) -> None:
    prefix = own_prefix()
    there = s3.store(prefix)
    kept = {f"2026/03/{day:02}/{number}": b"%d" % number * 20_000 for day in (2, 3) for number in range(40)}
    for name, data in kept.items():
        waiting.put(name, data)
    module = [sys.executable, "-m", "tests.killed_delivery"]
    command = [*module, str(tmp_path / "waiting"), s3.url, BUCKET, prefix, *OFFICE]
    for share in (0.8, 0.4):
        process = subprocess.Popen(command, cwd=ROOT)
        end = time.monotonic() + 60
        while len([*waiting.files()]) > share * len(kept):
            assert time.monotonic() < end
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = {file.name for file in waiting.files()}
        assert left
        assert left | {file.name for file in there.files()} == set(kept)
    Relay(waiting, there).deliver()
    assert (held(there), [*waiting.files()]) == (kept, [])


@pytest.mark.service
def test_a_bucket_that_may_only_be_read_refuses_and_the_file_waits(s3: S3Server, waiting: Folder) -> None:
    relay = Relay(waiting, s3.store(key=READER))
    relay.put("a", b"x")
    with pytest.raises(FilesRefused) as raised:
        relay.deliver()
    assert raised.value.params["problem"] == "permission"
    assert (relay.get("a"), len(relay.waiting())) == (b"x", 1)
