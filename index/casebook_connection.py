"""A connection to PostgreSQL that does not wait for ever; loaded where there is one to make."""

from __future__ import annotations

from typing import Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

PATIENCE: Final = 45.0
"""Seconds: the server itself gives a statement up before."""
_LOOK: Final = 0.1
_Result = TypeVar("_Result")


class Impatient(psycopg.Connection[TupleRow]):
    """Closes itself where no answer comes within its `patience`, unless it is told to wait for ever.

    What the kernel finds out about a peer that is gone takes it minutes at worst, and about one that is there and does
    nothing it finds out nothing.
    """

    patience: float = PATIENCE
    waits_for_ever: bool = False

    def wait(self, gen: PQGen[_Result], interval: float = _LOOK, timeout: float | None = None) -> _Result:
        if timeout is None and not self.waits_for_ever:
            timeout = self.patience
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            # An answer may come later; whoever asked next would take it for theirs.
            if self.info.transaction_status is TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise
