"""Whether an office has backups, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from config import backup_messages, saving
from config.check import Check, broken, check
from config.settings import Settings
from index.clock import local
from index.errors import KiemTinError

LONGEST_WITHOUT_BACKUP: Final = timedelta(days=7)
LONGEST_WITHOUT_A_DAILY_ONE: Final = timedelta(days=2)


def backups(settings: Settings, born: datetime, now: datetime) -> Iterator[Check]:
    """An office is as old as what was first written into its casebook: a young one has nothing to lose yet."""
    try:
        folder = saving.folder_of(settings)
    except KiemTinError as error:
        yield broken("backup", error, settings)
        return
    note, last = saving.read_note(settings), saving.last(settings)
    longest = LONGEST_WITHOUT_BACKUP if folder is None else LONGEST_WITHOUT_A_DAILY_ONE
    ok = note.failed is None and now - (last or born) < longest
    if note.failed is not None:
        said = backup_messages.BACKUP_FAILED.format(moment=moment(note.failed), why=note.why)
    elif last is not None:
        said = backup_messages.LAST_BACKUP.format(moment=moment(last))
    else:
        said = backup_messages.NO_BACKUP_YET if ok else backup_messages.NO_BACKUP
    yield check("backup", ok, settings, said=said)
    if folder is not None:
        yield _place(settings, folder)


def _place(settings: Settings, folder: Path) -> Check:
    if not folder.is_dir():
        said, ok = backup_messages.PLACE_MISSING, False
    elif folder.stat().st_dev == settings.home.stat().st_dev:
        said, ok = backup_messages.PLACE_SAME, False
    else:
        said, ok = backup_messages.PLACE_OTHER, True
    return check("backup_place", ok, settings, said=said.format(folder=folder))


def moment(at: datetime) -> str:
    return local(at).strftime("%H:%M %d/%m/%Y")
