"""Everything that is wrong with an office's home, and the command that mends it."""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from classifier.stories import REMEMBERED
from config import backup_messages, casebook_messages, housekeeping, knowledge, law, saving, wiring
from config import messages as m
from config.settings import Settings
from index import clock, health, soundness
from index.archive import Archive
from index.casebook_postgres import Soundness
from index.errors import KiemTinError
from index.source import Source

LONGEST_LOOK: Final = 20.0
"""Seconds that the doctor looks at one file."""
LEAST_FREE: Final = 2 * 1024**3
MOST_PENDING: Final = 2_000
LONGEST_WITHOUT_BACKUP: Final = timedelta(days=7)
LONGEST_WITHOUT_A_DAILY_ONE: Final = timedelta(days=2)
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
    places = [place for place in (settings.home, settings.snapshots) if place.exists()]
    free = min(shutil.disk_usage(place).free for place in places)
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
    yield from _integrity(settings)
    sources: list[Source] = []
    born = now
    try:
        with wiring.open_casebook(settings) as casebook:
            with casebook.read(settings.province) as book:
                accounts = [account for account in book.staff.accounts() if not account.disabled]
                sources = [registered.source for registered in book.register.all() if registered.source.enabled]
                firsts = [*book.audit.first("account").values(), *book.audit.first("source").values()]
            born = min(firsts, default=now)
            yield _check("casebook", True, settings, path=casebook.name)
            if (server := casebook.soundness()) is not None:
                yield _casebook_server(settings, server)
            yield _check("accounts", bool(accounts), settings, count=len(accounts))
            unchecked = sum(source.checked is None for source in sources)
            yield _check("sources", bool(sources), settings, enabled=len(sources), unchecked=unchecked)
    except KiemTinError as error:
        yield _broken("casebook" if settings.casebook == "sqlite" else "casebook_server", error, settings)
    yield from _backups(settings, born, now)
    try:
        with wiring.open_archive(settings) as archive:
            yield from _archive(settings, archive, sources, now)
    except KiemTinError as error:
        yield _broken("archive", error, settings)


def _backups(settings: Settings, born: datetime, now: datetime) -> Iterator[Check]:
    """An office is as old as what was first written into its casebook: a young one has nothing to lose yet."""
    try:
        folder = saving.folder_of(settings)
    except KiemTinError as error:
        yield _broken("backup", error, settings)
        return
    note = saving.read_note(settings)
    last, longest = note.made, LONGEST_WITHOUT_BACKUP
    if folder is not None:
        last, longest = max(saving.made(settings, folder), default=None), LONGEST_WITHOUT_A_DAILY_ONE
    ok = note.failed is None and now - (last or born) < longest
    if note.failed is not None:
        said = backup_messages.BACKUP_FAILED.format(moment=_moment(note.failed), why=note.why)
    elif last is not None:
        said = backup_messages.LAST_BACKUP.format(moment=_moment(last))
    else:
        said = backup_messages.NO_BACKUP_YET if ok else backup_messages.NO_BACKUP
    yield _check("backup", ok, settings, said=said)
    if folder is not None:
        yield _place_of_backups(settings, folder)


def _place_of_backups(settings: Settings, folder: Path) -> Check:
    if not folder.is_dir():
        said, ok = backup_messages.PLACE_MISSING, False
    elif folder.stat().st_dev == settings.home.stat().st_dev:
        said, ok = backup_messages.PLACE_SAME, False
    else:
        said, ok = backup_messages.PLACE_OTHER, True
    return _check("backup_place", ok, settings, said=said.format(folder=folder))


def _moment(moment: datetime) -> str:
    return clock.local(moment).strftime("%H:%M %d/%m/%Y")


def _integrity(settings: Settings) -> Iterator[Check]:
    """The files that are there; one that is missing is told by the store that lacks it."""
    books = ((settings.casebook, settings.casebook_file), (settings.archive, settings.archive_file))
    files = [file for place, file in books if place == "sqlite" and file.exists()]
    if not files:
        return
    found = {file: soundness.faults(file, seconds=LONGEST_LOOK) for file in files}
    said = [
        m.FILE_TOO_LARGE.format(file=file) if faults is None else m.FILE_NOT_SOUND.format(file=file, fault=faults[0])
        for file, faults in found.items()
        if faults != []
    ]
    sound = m.FILES_SOUND.format(files=", ".join(file.name for file in files))
    yield _check("integrity", not any(found.values()), settings, said="; ".join(said) or sound)


def _casebook_server(settings: Settings, server: Soundness) -> Check:
    near = _is_loopback(urlsplit(settings.casebook).hostname or "")
    wrong = {
        casebook_messages.NOT_DURABLE: not server.durable,
        casebook_messages.NOT_ENCRYPTED: not near and not server.encrypted,
        casebook_messages.NOT_VOUCHED_FOR: not near and server.encrypted and not server.vouched_for,
    }
    said = "; ".join(words for words, so in wrong.items() if so) or casebook_messages.SERVER_SOUND
    return _check("casebook_server", not any(wrong.values()), settings, version=server.version, said=said)


def _archive(settings: Settings, archive: Archive, sources: Sequence[Source], now: datetime) -> Iterator[Check]:
    states = {s.id: health.health(archive.readings(s.id, since=now - health.WINDOW)) for s in sources}
    waiting = archive.pending(
        settings.province,
        knowledge.classifier(settings.province).versions,
        since=now - REMEMBERED,
        limit=MOST_PENDING + 1,
    )
    reviews = archive.reviews([article.id for article in waiting], settings.province)
    unexamined = [a.id for a in waiting if a.id in reviews and reviews[a.id].unexamined]
    yield _check("archive", True, settings, place=settings.archive)
    for name, condition in (("sources_failing", health.Condition.FAILED), ("sources_silent", health.Condition.SILENT)):
        ill = [source_id for source_id, state in states.items() if state.condition is condition]
        yield _check(name, not ill, settings, count=len(ill), ids=", ".join(ill[:_NAMED]))
    yield _check("pending", len(waiting) <= MOST_PENDING, settings, count=len(waiting))
    named = ", ".join(unexamined[:_NAMED])
    yield _check("unexamined", not unexamined, settings, count=len(unexamined), ids=named)
    pause = housekeeping.pause(archive, sources, now)
    said = " – ".join(clock.local(moment).strftime("%d/%m/%Y") for moment in pause or ())
    yield _check("clock", pause is None, settings, said=m.PAUSE.format(said=said) if pause else m.NO_PAUSE)


def _broken(name: str, error: KiemTinError, settings: Settings) -> Check:
    return Check(name=name, ok=False, detail=m.sentence(error), fix=m.FIX[name].format(home=settings.home))
