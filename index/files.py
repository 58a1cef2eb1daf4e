"""Files that are whole or not there: written beside their place, made durable, and renamed into it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from index.errors import StoreError

BESIDE: Final = ".new-"
"""How the name begins of what is not whole yet."""


def write_whole(target: Path, data: bytes) -> None:
    """Write a file, durably, before returning; its folder is made. Raises `StoreError` where it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=target.parent, prefix=BESIDE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError(path=str(target), why=str(error)) from error


def half_written(folder: Path, *, before: datetime) -> list[Path]:
    """What writers that were killed left anywhere in a folder.

    Only what was last touched before `before`: a younger one may be somebody's who is writing.
    """
    found = []
    for beside in folder.rglob(f"{BESIDE}*"):
        with contextlib.suppress(FileNotFoundError):  # its writer has come to an end meanwhile
            if beside.stat().st_mtime < before.timestamp():
                found.append(beside)
    return found


def sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
