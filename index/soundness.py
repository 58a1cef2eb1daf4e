"""Whether a SQLite file of the house is what was written."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

_MOST: Final = 3
_STEPS: Final = 100_000
"""Instructions of SQLite between two looks at the clock."""


def faults(file: Path, *, seconds: float) -> list[str] | None:
    """What SQLite finds wrong with a file, a few lines at most; None if it did not come to the end in so many seconds.

    Looks at every page but not at every entry of every index: a gigabyte takes some ten seconds.
    """
    end = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            said = [str(row[0]) for row in connection.execute(f"PRAGMA quick_check({_MOST})")]
    except sqlite3.Error as error:
        return None if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT else [str(error)]
    return [] if said == ["ok"] else said
