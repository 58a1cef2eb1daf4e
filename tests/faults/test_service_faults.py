"""A second service, a clock that jumps, a year that ends, an administrator too few, a flood at the door."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from config import cli, housekeeping, settings, wiring
from config.service import Service
from config.settings import Settings
from desk import accounts as rules
from desk.accounts import IDLE, LONGEST_LOCK, Accounts
from index import health
from index.account import Role
from index.errors import AccountError, ServiceRuns, SessionEnded, SignInBusy, SignInRefused
from index.model import FlagKind
from index.source import Reading, ReadingOutcome
from tests.office import ADMIN, NOW, PROVINCE, Office
from tests.office import article as invented
from tests.servers import Outlet, Reply

PASSWORD = "mưa rừng Đà Vị 7"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
YEAR = timedelta(days=365)


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    assert cli.run(["init", "--province", "tuyen-quang", "--home", str(home)]) == 0
    return settings.load(home, environment={})


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    office = Office(tmp_path)
    accounts = Accounts(office.casebook, PROVINCE, CHEAP)
    accounts.add_account("an", "", frozenset({Role.ADMIN}), PASSWORD, by=ADMIN, at=NOW)
    yield accounts
    office.close()


# --- a second one ---------------------------------------------------------------------------------------------------


@pytest.mark.fault(46)
def test_a_home_has_one_service(office: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with Service(office, with_dashboard=False):
        with pytest.raises(ServiceRuns):
            Service(office, with_dashboard=False)
        assert cli.run(["run", "--no-dashboard", "--home", str(office.home)]) == 1
        assert str(office.home) in capsys.readouterr().err
    with wiring.only_service(office):
        pass


# --- the clock ------------------------------------------------------------------------------------------------------


@pytest.mark.fault(47)
def test_a_clock_set_back_keeps_no_job_waiting(office: Settings) -> None:
    service = Service(office, with_dashboard=False)
    with service:
        for job in service._scheduler.get_jobs():
            # As it is left by a clock that then was set back by an hour and a day.
            job.modify(next_run_time=wiring.clock() + job.trigger.interval + timedelta(hours=25))
        service._keep_pace()
        assert all(job.next_run_time - wiring.clock() <= job.trigger.interval for job in service._scheduler.get_jobs())


@pytest.mark.fault(47)
def test_a_clock_a_year_ahead_makes_nothing_old(office: Settings) -> None:
    now = wiring.clock()
    with wiring.open_archive(office) as archive, wiring.open_casebook(office) as casebook:
        sources = wiring.sources_to_read(office, archive, casebook)
        archive.add([invented("cu")])
        for at in (now - timedelta(days=2), now, now + YEAR):
            archive.save_reading(Reading(source_id=sources[0].id, at=at, outcome=ReadingOutcome.UNCHANGED, seconds=1.0))
        assert housekeeping.pause(archive, sources, now + YEAR + timedelta(days=1)) == (now, now + YEAR)
        assert housekeeping.pause(archive, sources, now) is None


@pytest.mark.fault(47)
def test_a_pause_is_over_once_readings_have_gone_on_as_long() -> None:
    days = [NOW + timedelta(days=day) for day in (0, 1, 2, 60, 61, 62)]
    assert health.pause(days, days[-1]) == (days[2], days[3])
    weeks = [*days, *(days[-1] + timedelta(days=7 * week) for week in range(1, 6))]
    assert health.pause(weeks, weeks[-1]) is None
    assert health.pause([], NOW) is None
    assert health.pause(days, days[-1] + YEAR) == (days[-1], days[-1] + YEAR)


@pytest.mark.fault(47)
def test_a_sign_in_from_a_clock_that_was_ahead_is_over(accounts: Accounts) -> None:
    token = accounts.sign_in("an", PASSWORD, at=NOW + YEAR)
    with pytest.raises(SessionEnded):
        accounts.officer(token, at=NOW)
    assert accounts.officer(accounts.sign_in("an", PASSWORD, at=NOW), at=NOW - IDLE / 10).name == "an"


@pytest.mark.fault(47)
def test_a_lock_from_a_clock_that_was_ahead_locks_nobody_out(accounts: Accounts) -> None:
    for _ in range(rules.ALLOWED_FAILURES):
        with pytest.raises(SignInRefused):
            accounts.sign_in("an", "sai mật khẩu", at=NOW + YEAR)
    assert accounts.sign_in("an", PASSWORD, at=NOW + YEAR - LONGEST_LOCK)


@pytest.mark.fault(47)
def test_cases_of_two_years_are_numbered_by_the_offices_calendar(tmp_path: Path) -> None:
    office = Office(tmp_path)
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)
    for name, at in (("a", midnight - timedelta(seconds=1)), ("b", midnight)):
        office.publish(name, (FlagKind.UNVERIFIED,))
        office.take_in(at)
    assert [office.case_of(name).id for name in "ab"] == ["VV-2026-0001", "VV-2027-0001"]
    office.close()


# --- the end --------------------------------------------------------------------------------------------------------


@contextmanager
def slow_outlet() -> Iterator[Outlet]:
    """An outlet that takes its time over every answer."""
    items = "".join(f"<item><title>Tin {n}</title><link>LINK/{n}.html</link></item>" for n in range(200))
    with Outlet() as outlet:
        feed = f"<rss version='2.0'><channel>{items.replace('LINK', outlet.url)}</channel></rss>"
        outlet.paths["/rss"] = Reply(body=feed.encode(), headers={"Content-Type": "application/rss+xml"})
        body = "<html><body><h1>Tin</h1>" + "<p>Mưa lớn ở xã Thượng Lâm, tỉnh Tuyên Quang.</p>" * 9
        for number in range(200):
            outlet.paths[f"/{number}.html"] = Reply(body=body.encode(), delay=0.5)
        yield outlet


@pytest.mark.service
@pytest.mark.fault(50)
def test_a_service_told_to_stop_in_a_long_crawl_ends_and_leaves_the_rest_for_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert cli.run(["init", "--province", "tuyen-quang", "--no-sources", "--home", str(home)]) == 0
    office = settings.load(home, environment={})
    with slow_outlet() as outlet:
        sources = f"- {{id: cham, name: Chậm, collector: feed, url: '{outlet.url}/rss', channel: press, tier: 1}}\n"
        (home / "nguon.yaml").write_text(sources, encoding="utf-8")
        assert cli.run(["sources", "import", str(home / "nguon.yaml"), "--home", str(home)]) == 0
        command = [sys.executable, "-m", "config.cli", "run", "--no-dashboard", "--home", str(home)]
        command += ["--set", f"fetch.allow_hosts={outlet.host}", "--set", "fetch.delay=0.1"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:
            while len(outlet.asked()) < 6 and service.poll() is None:
                time.sleep(0.1)
            service.send_signal(signal.SIGTERM)
            _, said = service.communicate(timeout=120)
        assert service.returncode == 0, said
        assert len(outlet.asked()) < 150, "it did not read to the end first"
        with wiring.open_archive(office) as archive:
            kept = {one.article.url for one in archive.stored(office.province)}
            answered = {f"{outlet.url}{path}" for path in outlet.asked() if path.endswith(".html")}
            assert kept <= answered
            assert kept


# --- the door -------------------------------------------------------------------------------------------------------


def test_the_last_administrator_cannot_be_locked_out(accounts: Accounts) -> None:
    with pytest.raises(AccountError) as refused:
        accounts.disable("an", by=ADMIN, at=NOW)
    assert refused.value.params["problem"] == "last_admin"
    accounts.add_account("binh", "", frozenset({Role.ADMIN}), PASSWORD, by=ADMIN, at=NOW)
    accounts.disable("an", by=ADMIN, at=NOW)
    with pytest.raises(AccountError):
        accounts.disable("binh", by=ADMIN, at=NOW)


class Held(PasswordHasher):
    """A hasher that looks at a password for as long as it is held."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.looking, self.let_go = threading.Event(), threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  as its parent says
        self.looking.set()
        self.let_go.wait()
        return super().verify(hash, password)


def test_a_flood_of_sign_ins_is_looked_at_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_TURN", 0.1)
    office, hasher = Office(tmp_path), Held()
    accounts = Accounts(office.casebook, PROVINCE, hasher)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(accounts.sign_in, "ai-do", "x" * 10, at=NOW)
        hasher.looking.wait()
        with pytest.raises(SignInBusy):
            accounts.sign_in("ai-khac", "x" * 10, at=NOW)
        hasher.let_go.set()
        assert isinstance(first.exception(), SignInRefused)
    with pytest.raises(SignInRefused):
        accounts.sign_in("ai-khac", "x" * 10, at=NOW)
    office.close()
