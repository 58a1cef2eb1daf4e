"""Everything that is wrong with an office's home, and the command that mends it."""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from classifier.stories import REMEMBERED
from config import knowledge, law, wiring
from config import messages as m
from config.settings import Settings
from index import health
from index.errors import KiemTinError

LEAST_FREE: Final = 2 * 1024**3
MOST_PENDING: Final = 2_000
_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; `fix` is empty where nothing is wrong."""

    name: str
    ok: bool
    detail: str
    fix: str


def examine(settings: Settings, now: datetime) -> list[Check]:
    """Every check, in the order in which they are worth mending."""
    return [*_home(settings), *_stores(settings, now)]


def _check(name: str, ok: bool, settings: Settings, **values: object) -> Check:
    detail = m.DETAIL[name].format(**values)
    return Check(name=name, ok=ok, detail=detail, fix="" if ok else m.FIX[name].format(home=settings.home))


def _home(settings: Settings) -> Iterator[Check]:
    mode = settings.home.stat().st_mode & 0o777
    yield _check("permissions", not mode & 0o077, settings, mode=f"{mode:o}")
    free = shutil.disk_usage(settings.home).free
    yield _check("disk", free >= LEAST_FREE, settings, free=f"{free / 1024**3:.1f}")
    unconfirmed = ", ".join(clock.id for clock in law.unconfirmed())
    yield _check("law", True, settings, count=len(law.clocks()), unconfirmed=unconfirmed)
    address = settings.dashboard.address
    yield _check("exposed", _is_loopback(address), settings, address=address)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _stores(settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        with wiring.open_casebook(settings) as casebook, casebook.read(settings.province) as book:
            accounts = [account for account in book.staff.accounts() if not account.disabled]
            sources = [registered.source for registered in book.register.all() if registered.source.enabled]
    except KiemTinError as error:
        yield _broken("casebook", error, settings)
        return
    yield _check("casebook", True, settings, path=settings.casebook_file)
    yield _check("accounts", bool(accounts), settings, count=len(accounts))
    unchecked = sum(source.checked is None for source in sources)
    yield _check("sources", bool(sources), settings, enabled=len(sources), unchecked=unchecked)
    try:
        with wiring.open_archive(settings) as archive:
            states = {s.id: health.health(archive.readings(s.id, since=now - health.WINDOW)) for s in sources}
            waiting = archive.pending(
                settings.province,
                knowledge.classifier(settings.province).versions,
                since=now - REMEMBERED,
                limit=MOST_PENDING + 1,
            )
    except KiemTinError as error:
        yield _broken("archive", error, settings)
        return
    yield _check("archive", True, settings, place=settings.archive)
    for name, condition in (("sources_failing", health.Condition.FAILED), ("sources_silent", health.Condition.SILENT)):
        ill = [source_id for source_id, state in states.items() if state.condition is condition]
        yield _check(name, not ill, settings, count=len(ill), ids=", ".join(ill[:_NAMED]))
    yield _check("pending", len(waiting) <= MOST_PENDING, settings, count=len(waiting))


def _broken(name: str, error: KiemTinError, settings: Settings) -> Check:
    return Check(name=name, ok=False, detail=m.sentence(error), fix=m.FIX[name].format(home=settings.home))
