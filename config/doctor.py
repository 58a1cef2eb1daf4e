"""Everything that is wrong with an office's home, and the command that mends it.

It only looks, in seconds and beside a running service. Models are not looked at: no signal reads one from a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import checks_backup, checks_books, checks_files, checks_home, checks_servers, checks_sources, wiring
from config import doctor_messages as words
from config.check import Check, broken, check
from config.settings import Settings
from index.archive import Archive
from index.casebook import Casebook
from index.errors import KiemTinError
from index.source import Source


def examine(settings: Settings, now: datetime) -> list[Check]:
    """Every check, in the order in which they are worth mending."""
    return list(_examine(settings, now))


@dataclass(slots=True, kw_only=True)
class _Office:
    """What the casebook says, as far as it could be read."""

    sources: Sequence[Source] = field(default_factory=tuple)
    born: datetime
    clocks: dict[str, timedelta] = field(default_factory=dict)
    """How far this machine's clock is ahead of those of the servers."""


def _examine(settings: Settings, now: datetime) -> Iterator[Check]:
    yield from checks_home.home(settings)
    yield from checks_books.integrity(settings)
    office = _Office(born=now)
    with ExitStack() as opened:
        casebook: Casebook | None = None
        try:
            casebook = opened.enter_context(wiring.open_casebook(settings))
            yield from _casebook(settings, casebook, office)
        except KiemTinError as error:
            yield broken("casebook" if settings.casebook == "sqlite" else "casebook_server", error, settings)
        yield checks_home.weak(settings, office.sources)
        yield from checks_backup.backups(settings, office.born, now)
        yield from checks_servers.queue(settings)
        yield from checks_servers.waiting(settings)
        yield from checks_files.files(settings, now)
        try:
            if settings.archive != "sqlite":
                yield from checks_servers.archive(settings, office.clocks)
            archive = opened.enter_context(wiring.open_archive(settings))
            yield from _archive(settings, archive, casebook, office, now)
        except KiemTinError as error:
            yield broken("archive", error, settings)


def _casebook(settings: Settings, casebook: Casebook, office: _Office) -> Iterator[Check]:
    with casebook.read(settings.province) as book:
        accounts = [account for account in book.staff.accounts() if not account.disabled]
        office.sources = [entry.source for entry in book.register.all() if entry.source.enabled]
        firsts = [*book.audit.first("account").values(), *book.audit.first("source").values()]
    office.born = min(firsts, default=office.born)
    yield check("casebook", True, settings, path=casebook.name)
    if (server := casebook.soundness()) is not None:
        office.clocks[words.OF_CASEBOOK] = wiring.clock() - server.now
        yield checks_servers.casebook(settings, server)
    yield check("accounts", bool(accounts), settings, count=len(accounts))
    unchecked = sum(source.checked is None for source in office.sources)
    yield check("sources", bool(office.sources), settings, enabled=len(office.sources), unchecked=unchecked)


def _archive(
    settings: Settings, archive: Archive, casebook: Casebook | None, office: _Office, now: datetime
) -> Iterator[Check]:
    yield check("archive", True, settings, place=settings.archive)
    yield from checks_sources.states(settings, archive, office.sources, now)
    yield from checks_books.pending(settings, archive, now)
    yield checks_books.search(settings, archive)
    if casebook is not None:
        yield checks_books.intake(settings, archive, casebook)
    yield checks_sources.time_of_day(settings, archive, office.sources, office.clocks, now)
