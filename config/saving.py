"""Backups of an office's home: made when asked for or when due, noted for the doctor, and rotated."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from config import housekeeping, keeping, knowledge, outbox, rotation, wiring
from config import messages as m
from config.backup_messages import OUTSIDE_HOME
from config.settings import Settings
from config.travelling import travelling
from index import backup, backup_file
from index.backup import Contents
from index.backup_books import Copy, copy_archive, copy_casebook, copy_outbox
from index.backup_file import BookName, Manifest
from index.documents import from_json, to_json
from index.errors import ArchiveError, BackupError, BackupStopped, BookElsewhere, ConfigError, KiemTinError, StoreError
from index.files import write_whole
from index.sqlite_copy import Tell, silent

EMBEDDED: Final = "sqlite"
_NOTE: Final = "backup.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The last backup that was made, and why the last scheduled one failed, if none was made since."""

    made: datetime | None = None
    file: str = ""
    failed: datetime | None = None
    why: str = ""


def contents(settings: Settings, *, without: Collection[BookName] = (), with_secrets: bool = False) -> Contents:
    """What of a home goes into its backup. Raises `BookElsewhere` for a book on a server that is not in `without`, and
    `FileMissing`."""
    if settings.archive == EMBEDDED and not settings.archive_file.exists():
        wiring.open_archive(settings).close()  # an office that has collected nothing yet
    books: dict[BookName, Copy] = {
        BookName.CASEBOOK: partial(copy_casebook, settings.casebook_file),
        BookName.ARCHIVE: partial(copy_archive, settings.archive_file),
    }
    if outbox.file_of(settings).exists():
        books[BookName.OUTBOX] = partial(copy_outbox, outbox.file_of(settings))
    elsewhere = {name: place for name, place in places(settings).items() if place != EMBEDDED}
    for name, place in elsewhere.items():
        if name not in without:
            raise BookElsewhere(book=name, place=place)
    settled = travelling(settings, with_secrets=with_secrets)
    return Contents(
        home=settings.home,
        folders={"snapshots": settings.snapshots_folder, "attachments": settings.attachments_folder},
        elsewhere={key: relay.store for key, relay in keeping.relays(settings).items()},
        books={name: copy for name, copy in books.items() if name not in elsewhere},
        without=elsewhere,
        settings=settled.text,
        secrets=settled.secrets,
        by_hand=settled.by_hand,
        program=version("kiemtin"),
        province=settings.province,
        signals=knowledge.classifier(settings.province).versions,
    )


def places(settings: Settings) -> Mapping[BookName, str]:
    """Where each book is kept: `EMBEDDED`, or the address of a server."""
    return {BookName.ARCHIVE: settings.archive, BookName.CASEBOOK: settings.casebook, BookName.OUTBOX: EMBEDDED}


def served_elsewhere(settings: Settings) -> set[BookName]:
    """The books that the office says are backed up where they are kept."""
    return {BookName(name) for name in settings.backup.without}


def back_up(
    settings: Settings, what: Contents, target: Path, *, now: datetime, replace: bool = False, tell: Tell = silent
) -> Manifest:
    """Make a backup and note it. Raises what `index.backup.make` does."""
    with housekeeping.nothing_purged(settings):
        manifest = backup.make(what, target, now=now, replace=replace, tell=tell)
    _write_note(settings, Note(made=now, file=str(target)))
    return manifest


# --- by the clock -------------------------------------------------------------------------------------------------


def folder_of(settings: Settings) -> Path | None:
    """Where scheduled backups go, None where the office makes none. Raises `ConfigError` for a folder of the home."""
    said = settings.backup.folder
    folder = Path(said)
    if said and (not folder.is_absolute() or is_inside(folder, settings.home)):
        origin = settings.origins["backup.folder"]
        allowed = OUTSIDE_HOME.format(home=settings.home)
        raise ConfigError(file=origin, key="backup.folder", found=said, allowed=allowed)
    return folder if said else None


def is_inside(place: Path, home: Path) -> bool:
    return place.resolve().is_relative_to(home.resolve())


def made(settings: Settings, folder: Path) -> dict[datetime, Path]:
    """The scheduled backups in a folder, by their moment: whole ones, named as this office names them."""
    found = ((rotation.moment_of(path.name, settings.province), path) for path in folder.glob("kiemtin-*"))
    return {moment: path for moment, path in found if moment is not None and backup_file.is_one(path)}


def last(settings: Settings) -> datetime | None:
    """When the last backup was made: of the scheduled ones that are still there, or else as noted."""
    folder = folder_of(settings)
    return read_note(settings).made if folder is None else max(made(settings, folder), default=None)


def back_up_if_due(settings: Settings, now: datetime, tell: Tell = silent) -> Path | None:
    """Make the backup that is due, if one is, and remove those that the rotation does not keep: never the newest.

    What goes wrong is noted for the doctor, and raised.
    """
    folder = folder_of(settings)
    if folder is None or not rotation.is_due(made(settings, folder), settings.backup.daily_at, now):
        return None
    target = folder / rotation.name_of(settings.province, now)
    try:
        what = contents(settings, without=served_elsewhere(settings))
        back_up(settings, what, target, now=now, tell=tell)
        _rotate(settings, folder)
    except BackupStopped:
        raise
    except KiemTinError as error:
        _write_note(settings, replace(read_note(settings), failed=now, why=m.sentence(error)))
        raise
    return target


def _rotate(settings: Settings, folder: Path) -> None:
    held = made(settings, folder)
    for moment in rotation.surplus(held, settings.backup.keep):
        try:
            held[moment].unlink(missing_ok=True)
        except OSError as error:
            raise BackupError(file=str(held[moment]), why=str(error)) from error
        _log.info("backup %s is no longer kept", held[moment])


# --- what the doctor reads ----------------------------------------------------------------------------------------


def read_note(settings: Settings) -> Note:
    """What is noted of the last backups; nothing where there is no note, or one that cannot be read."""
    try:
        return from_json((settings.home / _NOTE).read_text(encoding="utf-8"), Note)
    except FileNotFoundError:
        return Note()
    except (ArchiveError, UnicodeDecodeError):
        _log.warning("%s cannot be read", settings.home / _NOTE)
        return Note()


def _write_note(settings: Settings, note: Note) -> None:
    try:
        write_whole(settings.home / _NOTE, to_json(note).encode())
    except StoreError as error:  # the backup is what it is, noted or not
        _log.warning("the last backup could not be noted: %s", error)
