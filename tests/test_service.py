"""The service as a process: it reads, reviews, and ends cleanly when told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import demo, housekeeping, keeping, settings, wiring
from config.service import Service
from crawlers.collector import Ask, Page
from desk.daily import Daily
from index.account import Role
from index.casebook import Casebook
from index.documents import from_json
from index.errors import PortRefused
from index.model import ProvinceId
from index.sqlite import SqliteArchive
from tests.on_air import QUICK, reading

PROVINCE = ProvinceId("tuyen-quang")
PATIENCE = 180.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose sources are two quick outlets of a newsroom that is on the air."""
    with reading(tmp_path / "home", only=QUICK) as made:
        yield made


def free_ports(count: int) -> int:
    """The first of so many free ports in a row. A demo keeps its ports, for its articles' addresses depend on them."""
    for first in range(18_900, 30_000, count):
        with ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no ports are free")


def stored(home: Path) -> int:
    with SqliteArchive(home / settings.ARCHIVE_FILE) as archive:
        return sum(1 for _ in archive.stored(PROVINCE))


def cases(home: Path) -> int:
    with Casebook.open(home / settings.CASEBOOK_FILE) as casebook, casebook.read(PROVINCE) as book:
        return len(book.cases.stories())


def news_of(home: Path) -> int:
    """How many articles the newest daily page that is kept tells of."""
    pages = sorted((home / "reports").glob("diem-bao-*.json"))
    assert all(page.with_suffix(kind).exists() for page in pages for kind in (".docx", ".pdf"))
    return max((from_json(page.read_text(encoding="utf-8"), Daily).counts.new for page in pages), default=0)


def test_it_reads_and_reviews_by_itself(home: Path) -> None:
    office = settings.load(home, environment={})
    with Service(office, with_dashboard=False) as service:
        assert service.caught_up.wait(PATIENCE)
    assert stored(home) > 20
    assert cases(home) > 0


@pytest.mark.fault(50)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told_to(home: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "config.cli", "run", "--no-dashboard", "--home", str(home)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    while stored(home) == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    kept = stored(home)
    assert kept > 0
    with Service(settings.load(home, environment={}), with_dashboard=False) as again:
        assert again.caught_up.wait(PATIENCE)
    assert stored(home) >= kept


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def until(reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.2)
    return reached()


def with_screen(home: Path) -> tuple[list[str], int]:
    """The command that runs the service with its dashboard, and the port of that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    return [sys.executable, "-m", "config.cli", "run", "--home", str(home), "--set", f"dashboard.port={port}"], port


def test_ctrl_c_in_a_terminal_ends_it_and_its_screen_without_a_traceback(home: Path) -> None:
    command, port = with_screen(home)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert until(lambda: answers(port))
    # A service that is slow to stop: whatever else hears the interrupt has the time to end by itself.
    process.send_signal(signal.SIGSTOP)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(2.0)
    process.send_signal(signal.SIGCONT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert not answers(port)


def test_a_service_that_was_killed_leaves_no_screen_behind(home: Path) -> None:
    command, port = with_screen(home)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        assert until(lambda: answers(port))
    finally:
        process.kill()
        process.wait()
    assert until(lambda: not answers(port))


@pytest.mark.fault(50)
def test_a_long_round_does_not_hold_up_its_end(home: Path) -> None:
    office = settings.load(home, environment={}, overrides=["fetch.delay=2"])
    with Service(office, with_dashboard=False):
        deadline = time.monotonic() + PATIENCE
        while stored(home) == 0 and time.monotonic() < deadline:
            time.sleep(0.2)
    left_off = stored(home)
    assert left_off > 0
    quick = settings.load(home, environment={})
    with wiring.open_archive(quick) as archive, wiring.open_casebook(quick) as casebook:
        for _ in wiring.collect(quick, archive, wiring.sources_to_read(quick, archive, casebook)):
            pass
    assert stored(home) > left_off, "the round had pages left, and the next one reads them"


def test_a_purge_leaves_pages_whose_articles_are_on_their_way(home: Path) -> None:
    office = settings.load(home, environment={})
    page = Page(
        ask=Ask(url="https://bao.example/x"), url="https://bao.example/x", status=200, body=b"<html>trang</html>"
    )
    kept = keeping.snapshots(office)
    now = datetime.now(UTC)
    fresh, old = kept.keep(page, now), kept.keep(replace(page, body=b"<html>cu</html>"), now - timedelta(days=3))
    with wiring.open_archive(office):
        assert housekeeping.purge(office, now, dry_run=False)["snapshot"] == 1
    assert list(kept.walk()) == [fresh]
    assert old not in set(kept.walk())


def test_a_purge_sweeps_what_killed_writers_left(home: Path) -> None:
    office = settings.load(home, environment={})
    now = datetime.now(UTC)
    left = [home / "attachments" / ".new-abc", office.snapshots_folder / "2026" / "03" / "02" / ".new-abc"]
    for file in left:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
    with wiring.open_archive(office):
        assert housekeeping.purge(office, now, dry_run=False)["half_written"] == 0, "somebody may be writing"
        assert housekeeping.purge(office, now + timedelta(days=2), dry_run=True)["half_written"] == 2
        assert housekeeping.purge(office, now + timedelta(days=2), dry_run=False)["half_written"] == 2
    assert not any(file.exists() for file in left)


def test_two_rounds_never_run_at_once(home: Path) -> None:
    office = settings.load(home, environment={})
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        sources = wiring.sources_to_read(office, archive, casebook)
        assert not wiring.round_is_running(office)
        first = wiring.collect(office, archive, sources)
        next(first)
        assert wiring.round_is_running(office)
        list(first)
        assert not wiring.round_is_running(office)


def test_a_demo_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    home, port = tmp_path / "demo", free_ports(20)
    with demo.played(home, port=port, speed=60.0, with_dashboard=False) as first:
        accounts = first.accounts
        assert {account.role for account in accounts} == set(Role)
        assert first.accounts_file.stat().st_mode & 0o077 == 0
    held, opened = stored(home), cases(home)
    assert held > 100
    assert opened > 5
    assert news_of(home) > 5, "a leader who signs in finds a page"
    with demo.played(home, port=port, speed=60.0, with_dashboard=False) as second:
        assert second.accounts == accounts
    assert cases(home) >= opened


def test_a_newsroom_whose_port_is_taken_names_it() -> None:
    with wiring.written_week(datetime.now(UTC), 1.0, 0) as room:
        taken = int(room.allow_hosts()[0].rpartition(":")[2])
        with pytest.raises(PortRefused) as caught:
            wiring.written_week(datetime.now(UTC), 1.0, taken)
    assert caught.value.params["port"] == str(taken)
