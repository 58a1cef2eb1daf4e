"""A SQLite file of the house copied while others go on writing to it."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from index.errors import UpgradeRefused
from index.files import BESIDE, sync_folder

Tell = Callable[[int], None]
"""Is told how many bytes were done since the last time; what it raises ends the work."""
_PAGES: Final = 2_000
"""Pages copied between two tellings."""
_PATIENCE: Final = 30.0
_OF_THE_DISK: Final = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}
_log = logging.getLogger(__name__)


def silent(done: int) -> None:
    """Tells nobody."""


def copy(file: Path, target: Path, tell: Tell = silent) -> None:
    """Copy one state of a file, whatever is committed meanwhile, into a new one.

    Raises `sqlite3.Error`, of the file or of the target; `OSError` where the target cannot be made durable.
    """
    address = f"{file.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)) as held,
        closing(sqlite3.connect(target, isolation_level=None)) as made,
    ):
        made.execute("PRAGMA synchronous = OFF")  # it is made durable as a whole, below
        # Outside a transaction every commit of another connection makes the copy begin anew.
        held.execute("BEGIN")
        (size,) = held.execute("PRAGMA page_size").fetchone()
        held.execute("SELECT count(*) FROM sqlite_master").fetchone()
        left = None

        def told(_status: int, remaining: int, total: int) -> None:
            nonlocal left
            tell(((total if left is None else left) - remaining) * size)
            left = remaining

        held.backup(made, pages=_PAGES, progress=told)
    with target.open("rb") as whole:
        os.fsync(whole.fileno())


def why(error: OSError | sqlite3.Error) -> str:
    """What went wrong with a disk, as the system says it; SQLite has words of its own for it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return os.strerror(_OF_THE_DISK[code]) if code in _OF_THE_DISK else str(error)


def keep_beside(file: Path, version: str) -> Path:
    """Keep a copy, `<file>.before-<version>`, of a file that is about to be brought to that version.

    Raises `UpgradeRefused`: then the file must be left as it is.
    """
    kept = file.with_name(f"{file.name}.before-{version}")
    try:
        if shutil.disk_usage(file.parent).free < file.stat().st_size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=BESIDE) as folder:
            copy(file, Path(folder) / kept.name)
            (Path(folder) / kept.name).chmod(0o600)
            (Path(folder) / kept.name).replace(kept)
        sync_folder(file.parent)
    except (OSError, sqlite3.Error) as error:
        raise UpgradeRefused(file=str(file), version=version, why=why(error)) from error
    _log.warning("%s is brought to version %s; what it was is kept as %s", file, version, kept)
    return kept
