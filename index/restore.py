"""A home from a backup: laid out beside its place, looked through, brought up to date, and only then a home."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from index import backup_file
from index.backup import missing
from index.backup_books import BOOKS
from index.backup_file import SETTINGS, BookName, Manifest
from index.errors import BackupError, BackupRefused, NoRoom
from index.files import BESIDE, sync_folder
from index.sqlite_copy import Tell, silent, why

STAGE: Final = f"{BESIDE}restore-"
_OF_A_DISK: Final = "lost+found"


def is_free(home: Path) -> bool:
    """May a home be laid out here: nothing there, or an empty folder, which may be a disk's own? What a restore that
    was killed left does not count."""
    if not home.exists():
        return True
    return home.is_dir() and all(path.name == _OF_A_DISK or path.name.startswith(STAGE) for path in home.iterdir())


def examine(file: Path, tell: Tell = silent) -> Manifest:
    """What a backup says of itself, if every byte of it is as it was written and this program can restore it.

    Raises `BackupRefused`, `SchemaNewer`, `BackupError` where it cannot be read.
    """
    try:
        manifest = backup_file.read(file, tell)
    except OSError as error:
        raise BackupError(file=str(file), why=str(error)) from error
    for name, state in manifest.books.items():
        BOOKS[name].refuse_newer(state, file)
    return manifest


def restore(file: Path, manifest: Manifest, home: Path, tell: Tell = silent) -> Mapping[BookName, tuple[str, str]]:
    """Make a home of a backup that was examined, where `is_free` says that one may be: all of it, or nothing.

    The folder is a home once it has its settings file, and this comes last. Returns the versions of the books' tables
    that were brought up to date, from and to. Raises `NoRoom`, `BackupRefused` for what does not fit its manifest, and
    `BackupError` where the home cannot be written.
    """
    new = not home.exists()
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            for left in home.glob(f"{STAGE}*"):
                shutil.rmtree(left)
            if (free := shutil.disk_usage(home).free) < manifest.size:
                raise NoRoom(place=str(home), needed=_megabytes(manifest.size), free=_megabytes(free))
            return _lay_out(file, manifest, home, tell)
        except BaseException:
            if new:
                with contextlib.suppress(OSError):  # what went wrong says more than that something could not be removed
                    home.rmdir()
            raise
    except (OSError, sqlite3.Error) as error:
        raise BackupError(file=str(home), why=why(error)) from error


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"


def _lay_out(file: Path, manifest: Manifest, home: Path, tell: Tell) -> Mapping[BookName, tuple[str, str]]:
    # In the home itself, for it may be a disk of its own; nothing there is a home yet.
    stage = Path(tempfile.mkdtemp(dir=home, prefix=STAGE))
    try:
        backup_file.unpack(file, manifest, stage, tell)
        upgraded = _look_through(file, manifest, stage)
        os.sync()
        home.chmod(0o700)
        for path in sorted(stage.iterdir(), key=lambda path: path.name == SETTINGS):
            path.rename(home / path.name)
        sync_folder(home)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return upgraded


def _look_through(file: Path, manifest: Manifest, folder: Path) -> Mapping[BookName, tuple[str, str]]:
    """Is everything there: the books sound and with as many rows as were copied, every file that they name?"""
    held = {name: BOOKS[name].read(folder, file) for name in manifest.books}
    for name, state in manifest.books.items():
        if held[name].state != state:
            raise BackupRefused(file=str(file), problem="forged", what=name)
    lost = missing([member.name for member in manifest.members], held.values())
    # What lies elsewhere was looked for when the backup was made; here only its absence from the file can be seen.
    untold = {name for name in {*lost} ^ {*manifest.missing} if name.partition("/")[0] not in manifest.elsewhere}
    if untold:
        raise BackupRefused(file=str(file), problem="forged", what=min(untold))
    upgraded = {}
    for name, state in manifest.books.items():
        BOOKS[name].upgrade(folder)
        present = BOOKS[name].versions()[-1]
        if present != state.schema:
            upgraded[name] = state.schema, present
    for kept in folder.glob("*.before-*"):
        kept.unlink()  # the backup itself is the copy that is kept
    return upgraded
