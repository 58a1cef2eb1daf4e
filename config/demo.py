"""`kiemtin demo`: a home, a local newsroom, the service and the dashboard together, to try everything out."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import yaml

from config import settings as configured
from config import wiring
from config.service import Service
from crawlers.newsroom.server import Newsroom
from desk.accounts import Accounts
from index.account import CONSOLE, Role
from index.casebook import Casebook
from index.model import ProvinceId

HOME: Final = "kiemtin-demo"
PROVINCE: Final = ProvinceId("tuyen-quang")
_NAMES: Final = {Role.MONITOR: "ha", Role.LEADER: "lan", Role.ADMIN: "quantri"}
_WEEK_FILE: Final = "newsroom.yaml"
_ACCOUNTS_FILE: Final = "accounts.txt"
# The newsroom is on this machine and belongs to the demo: it may be asked as fast as it answers.
_FETCH: Final = {"delay": 0.05, "timeout": 10}
_FIRST_ROUND: Final = 90.0
"""Seconds after which the demo is shown although its first round is not through."""
_SCHEDULE: Final = {"tier1": "15s", "tier2": "20s", "tier3": "30s", "review_every": "10s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    role: Role
    name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """A demo that is up. `accounts_file` keeps the passwords, readable by its owner alone."""

    service: Service
    accounts: Sequence[DemoAccount]
    accounts_file: Path


@contextmanager
def played(home: Path, *, port: int, speed: float, with_dashboard: bool = True) -> Iterator[Playing]:
    """The demo, once a first round has been read and reviewed.

    Another one on the same home and port goes on where the first stopped.
    """
    wiring.make_folders(home)
    start, speed = _week(home / _WEEK_FILE, speed)
    with wiring.written_week(start, speed, port) as newsroom:
        _write_settings(home / configured.SETTINGS_FILE, newsroom)
        accounts = _accounts(home, newsroom)
        service = Service(configured.load(home, environment=os.environ), with_dashboard=with_dashboard)
        with service:
            service.caught_up.wait(_FIRST_ROUND)
            service.make_pages()
            yield Playing(service=service, accounts=accounts, accounts_file=home / _ACCOUNTS_FILE)


def _week(file: Path, speed: float) -> tuple[datetime, float]:
    """When the demo's week was started, and at what speed: as the first time, so that its articles keep their times."""
    if file.exists():
        kept = yaml.safe_load(file.read_text(encoding="utf-8"))
        return datetime.fromisoformat(kept["start"]), float(kept["speed"])
    now = datetime.now(UTC)
    file.write_text(yaml.safe_dump({"start": now.isoformat(), "speed": speed}), encoding="utf-8")
    return now, speed


def _write_settings(file: Path, newsroom: Newsroom) -> None:
    fetch = {**_FETCH, "allow_hosts": list(newsroom.allow_hosts())}
    document = {"province": str(PROVINCE), "fetch": fetch, "schedule": _SCHEDULE}
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _accounts(home: Path, newsroom: Newsroom) -> Sequence[DemoAccount]:
    """One account for each role, with a password made at random the first time; the newsroom's outlets as sources."""
    now = datetime.now(UTC)
    file = home / _ACCOUNTS_FILE
    with Casebook.open(home / configured.CASEBOOK_FILE) as casebook:
        with casebook.write(PROVINCE) as book:
            book.register.declare(newsroom.sources(), by=CONSOLE.name, at=now)
        if not file.exists():
            made = [DemoAccount(role=r, name=n, password=secrets.token_urlsafe(12)) for r, n in _NAMES.items()]
            staff = Accounts(casebook, PROVINCE)
            for account in made:
                staff.add_account(account.name, "", frozenset({account.role}), account.password, by=CONSOLE, at=now)
            file.touch(mode=0o600)
            file.write_text("".join(f"{a.role} {a.name} {a.password}\n" for a in made), encoding="utf-8")
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return [DemoAccount(role=Role(role), name=name, password=password) for role, name, password in rows]
