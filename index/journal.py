"""How a SQLite file of the house keeps its journal."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Final

_AGAIN: Final = 0.02
"""Seconds between two attempts."""


def write_ahead(execute: Callable[[str], object], patience: float) -> None:
    """Switch a connection to the write-ahead log, by its `execute`, waiting up to `patience` seconds.

    While another connection does the same to a new file SQLite refuses at once: its own time-out does not cover this.
    """
    end = time.monotonic() + patience
    while True:
        try:
            execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_AGAIN)
        else:
            return
