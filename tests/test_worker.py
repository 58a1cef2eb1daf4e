"""Several machines share the work: politely, and nothing is lost or done twice, whatever is killed."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import wiring
from config.commands import calling
from config.leases import Leases, Server
from config.queues import HOSTS, Queues, shares
from config.service import Service
from config.settings import Settings
from index.model import Channel, OfficerName, SourceId
from index.source import Source, Visit, VisitId, VisitReason
from index.sqlite import SqliteArchive
from tests import redis_server, working
from tests.classified import NOON
from tests.redis_server import RedisServer, free_port
from tests.working import (
    DELAY,
    PROVINCE,
    at_work,
    made_by_many,
    made_by_one,
    reprints,
    running,
    stored,
    until,
)

OUTLETS, ARTICLES = 12, 8
PAIRS = int(os.environ.get("KIEMTIN_TEST_PAIRS", "60"))
"""How many texts arrive together, each with its reprint."""


@pytest.fixture
def emptied(redis: RedisServer) -> RedisServer:
    with Server(address=redis.address).client() as client:
        client.flushall()
    return redis


def source(number: int, host: str) -> Source:
    return Source(
        id=SourceId(f"s{number}"), name="Báo", channel=Channel.PRESS, collector="feed", url=f"https://{host}/{number}"
    )


def test_all_that_one_host_is_asked_for_is_handed_to_one() -> None:
    hosts = [f"bao{number}.example" for number in range(HOSTS * 2 + 2)]
    sources = [source(number, host) for number, host in enumerate([*hosts, *hosts])]
    parts = list(shares(sources, []))
    assert len(parts) == 3
    assert sorted(name for some, _ in parts for name in some) == sorted(each.id for each in sources)
    owner = {name: part for part, (some, _) in enumerate(parts) for name in some}
    assert all(owner[SourceId(f"s{n}")] == owner[SourceId(f"s{n + len(hosts)}")] for n in range(len(hosts)))
    assert max(len(some) for some, _ in parts) <= 2 * HOSTS
    assert list(shares([], [])) == []


def test_a_visit_goes_with_the_sources_of_its_host() -> None:
    visit = Visit(
        id=VisitId("v1"),
        url="https://bao.example/bai",
        why=VisitReason.BY_HAND,
        by=OfficerName("ha"),
        requested=NOON,
        not_before=NOON,
    )
    assert list(shares([source(1, "bao.example"), source(2, "khac.example")], [visit])) == [(["s1", "s2"], ["v1"])]
    assert list(shares([], [visit])) == [([], ["v1"])]


# --- reading


@pytest.mark.service
def test_two_workers_read_everything_once_and_no_host_notices_that_they_are_two(
    emptied: RedisServer, tmp_path: Path
) -> None:
    with working.newsroom(tmp_path, outlets=OUTLETS, articles=ARTICLES) as room:
        office = working.home(tmp_path / "home", emptied.address, room.sources(), hosts=room.allow_hosts())
        halves = room.sources()[::2], room.sources()[1::2]
        with at_work(office, 2) as workers:
            # In two messages, so that both have something to do.
            queues = Queues(Server(address=emptied.address), PROVINCE)
            for half in halves:
                assert not queues.hand_out_sources(half, [])
            assert until(lambda: stored(office) == OUTLETS * ARTICLES), said(office)
            assert until(lambda: queues.hand_out_sources([], [])), "what is done is not handed out any more"
        assert [worker.returncode for worker in workers] == [0, 0], said(office)
        logs = [room.access(each.id) for each in room.sources()]
    assert {log.simultaneous for log in logs} == {1}
    assert min(log.smallest_gap or 0.0 for log in logs) >= DELAY
    assert all(len({request.path for request in log.requests}) == len(log.requests) for log in logs)
    with SqliteArchive(office.archive_file) as archive:
        assert {found.article.version for found in archive.stored(PROVINCE)} == {1}
        assert all(len(archive.readings(each.id, since=NOON)) == 1 for each in room.sources())


@pytest.mark.service
def test_sources_of_one_host_are_read_by_turns_by_two_who_both_read_it(emptied: RedisServer, tmp_path: Path) -> None:
    """Two offices share the host, not the register: each reads it for itself, and together they keep its delay."""
    with working.newsroom(tmp_path, outlets=1, articles=ARTICLES) as room, ExitStack() as stack:
        (only,) = room.sources()
        for name in ("one", "other"):
            renamed = replace(only, id=SourceId(name))
            office = working.home(tmp_path / name, emptied.address, [renamed], hosts=room.allow_hosts())
            stack.enter_context(running(office.home, "crawl", log=tmp_path / f"{name}.log"))
        assert until(lambda: all(stored(working.opened(tmp_path / name)) == ARTICLES for name in ("one", "other")))
        log = room.access(only.id)
        assert log.simultaneous == 1
        assert (log.smallest_gap or 0.0) >= DELAY


@pytest.mark.service
def test_the_service_hands_out_and_catches_up_though_workers_are_killed_and_stopped(
    emptied: RedisServer, tmp_path: Path
) -> None:
    with working.newsroom(tmp_path, outlets=OUTLETS, articles=ARTICLES) as room:
        office = working.home(tmp_path / "home", emptied.address, room.sources(), hosts=room.allow_hosts())
        with (
            at_work(office, 1) as (killed,),
            Service(office, with_dashboard=False, distributed=True, look_every=timedelta(seconds=1)) as service,
        ):
            assert until(lambda: stored(office) > 0), said(office)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            begun = stored(office)
            assert begun < OUTLETS * ARTICLES, "it was killed in the middle"
            with at_work(office, 1) as (stopped,):
                assert until(lambda: stored(office) > begun), said(office)
            assert stopped.returncode == 0, said(office)
            with at_work(office, 1):
                assert until(lambda: stored(office) == OUTLETS * ARTICLES), said(office)
                assert service.caught_up.wait(working.PATIENCE), said(office)
    with wiring.open_archive(office) as archive:
        found = list(archive.stored(PROVINCE))
        assert {each.article.version for each in found} == {1}
        assert all(each.review is not None for each in found)
    assert "Traceback" not in said(office)


@pytest.mark.service
def test_a_redis_that_was_away_and_forgot_everything_is_used_again(tmp_path: Path) -> None:
    with (
        redis_server.serving() as own,
        working.newsroom(tmp_path, outlets=OUTLETS, articles=ARTICLES) as room,
    ):
        office = working.home(tmp_path / "home", own.address, room.sources(), hosts=room.allow_hosts())
        with (
            at_work(office, 2),
            Service(office, with_dashboard=False, distributed=True, look_every=timedelta(seconds=1)),
        ):
            assert until(lambda: stored(office) > 0), said(office)
            own.stop()
            own.start()
            assert until(lambda: stored(office) == OUTLETS * ARTICLES), said(office)
        logs = [room.access(each.id) for each in room.sources()]
        assert {log.simultaneous for log in logs} == {1}
        assert min(log.smallest_gap or 0.0 for log in logs) >= DELAY
    assert "Traceback" not in said(office)


# --- reviewing


@pytest.mark.service
def test_four_workers_make_the_stories_that_one_makes(emptied: RedisServer, tmp_path: Path) -> None:
    arrived = reprints(PAIRS)
    expected = made_by_one(arrived, tmp_path / "alone.db")
    assert any(len(story.reprints) for story in expected.stories.values())
    office = working.home(tmp_path / "home", emptied.address)
    assert made_by_many(arrived, office, 4) == expected, said(office)
    with wiring.open_casebook(office) as casebook, casebook.read(PROVINCE) as book:
        assert set(book.cases.stories()) == {story.id for story in expected.stories.values() if story.flags}
    assert "Traceback" not in said(office)


@pytest.mark.service
def test_a_review_waits_for_the_one_that_another_machine_makes(emptied: RedisServer, tmp_path: Path) -> None:
    office = working.home(tmp_path / "home", emptied.address)
    with ExitStack() as other:
        other.enter_context(Leases(Server(address=emptied.address)).held((f"review:{PROVINCE}",)))
        with running(office.home, "classify", log=tmp_path / "home" / "worker.log") as process:
            assert not until(lambda: process.poll() is not None, patience=3.0)
            other.close()
            assert until(lambda: process.poll() == 0), said(office)


# --- what may be wrong


def test_without_the_address_of_a_redis_nobody_works_for_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = working.home(tmp_path, "")
    for command in (["worker"], ["run", "--no-dashboard", "--distributed"]):
        assert calling.run([*command, "--home", str(office.home)]) == 2
        assert "redis.address" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", ["redis.address=redis://ten:matkhau@may", "redis.address=may:6379", "redis.address=http://may"]
)
def test_an_address_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    office = working.home(tmp_path, "")
    assert calling.run(["worker", "--home", str(office.home), "--set", wrong]) == 2
    told = capsys.readouterr().err
    assert "redis.address" in told
    assert "matkhau" not in told


def test_the_name_of_a_queue_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = working.home(tmp_path, "")
    assert calling.run(["worker", "--home", str(office.home), "--queues", "crawl,revue"]) == 2
    assert "revue" in capsys.readouterr().err


def test_a_redis_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = working.home(tmp_path, address := f"redis://127.0.0.1:{free_port()}")
    for command in (["worker"], ["run", "--no-dashboard", "--distributed"], ["crawl"]):
        working.put(office, [source(1, "bao.example")])
        assert calling.run([*command, "--home", str(office.home)]) == 1
        assert address in capsys.readouterr().err


def test_a_file_of_the_authority_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = working.home(tmp_path, "rediss://may")
    assert calling.run(["worker", "--home", str(office.home), "--set", "redis.ca_file=ca.pem"]) == 2
    assert "redis.ca_file" in capsys.readouterr().err


def said(office: Settings) -> str:
    """What the workers told."""
    log = office.home / "worker.log"
    return log.read_text(encoding="utf-8")[-5000:] if log.exists() else ""
