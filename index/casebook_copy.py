"""A casebook carried over into another, whole or not at all.

Both are held for the time of it: nobody writes into the one while it is read, nobody looks at the other half-way. What
lies in the other at the end is read again and compared row by row before it is kept; so a copy that was cut off, or
whose end was not seen, is simply made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text, update

from index.casebook import Casebook
from index.casebook_postgres import Database
from index.errors import CasebookRefused
from index.tables import cases, metadata

Tell = Callable[[int], None]
"""Is told how many rows were written since the last time."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a table holds: how many rows, and the SHA-256 of them all in the order of their keys."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What both casebooks hold now; `anew` False where the other one held it already."""

    tables: Mapping[str, Content]
    anew: bool

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.tables.values())


def weigh(source: Casebook) -> int:
    """How many rows a copy would write."""
    with source.transaction(writes=False) as connection:
        return sum(_rows(connection, table) for table in metadata.sorted_tables)


def copy(source: Casebook, place: Path | Database, tell: Tell) -> Copied:
    """Carry everything over, of all provinces.

    Raises `CasebookRefused` where others work on the source (`in_use`), the place holds something else (`not_empty`),
    or what was written there does not read as it was (`differs`): then the place is as it was.
    """
    if others := source.others():
        raise CasebookRefused(place=source.name, problem="in_use", count=str(others))
    with (
        source.transaction(writes=True, unhurried=True) as read,
        Casebook.at(place) as destination,
        destination.transaction(writes=True, unhurried=True) as written,
    ):
        destination.bring_up_to_date(written)
        wanted = contents(read)
        present = contents(written)
        if present == wanted:
            return Copied(tables=wanted, anew=False)
        if held := next((name for name, content in present.items() if content.rows), None):
            raise CasebookRefused(place=destination.name, problem="not_empty", table=held)
        for table in metadata.sorted_tables:
            for rows in _batches(read, table):
                written.execute(insert(table), [_unmerged(row) if table is cases else row for row in rows])
                tell(len(rows))
            _count_on(written, table)
        _merge(read, written)
        kept = contents(written)
        if differing := next((name for name, content in wanted.items() if kept[name] != content), None):
            raise CasebookRefused(place=destination.name, problem="differs", table=differing)
        return Copied(tables=wanted, anew=True)


def contents(connection: Connection) -> Mapping[str, Content]:
    """What each table holds, by its name; the same for the same rows, whatever keeps them."""
    found = {}
    for table in metadata.sorted_tables:
        digest, count = hashlib.sha256(), 0
        for rows in _batches(connection, table):
            for row in rows:
                digest.update(json.dumps(row, default=_written, sort_keys=True).encode())
            count += len(rows)
        found[table.name] = Content(rows=count, sha256=digest.hexdigest())
    return found


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    query = select(table).order_by(*table.primary_key.columns)
    for rows in connection.execute(query.execution_options(yield_per=_AT_ONCE)).mappings().partitions():
        yield [dict(row) for row in rows]


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _unmerged(row: Mapping[str, Any]) -> dict[str, Any]:
    """A case may go on as one that is written after it."""
    return {**row, "merged_into": None}


def _merge(read: Connection, written: Connection) -> None:
    merged = select(cases.c.id, cases.c.merged_into).where(cases.c.merged_into.is_not(None))
    for case_id, survivor in read.execute(merged):
        written.execute(update(cases).where(cases.c.id == case_id).values(merged_into=survivor))


def _count_on(written: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after those that brought their numbers along; SQLite does so by itself."""
    key = table.autoincrement_column
    if written.dialect.name != "postgresql" or key is None:
        return
    last = written.scalar(select(func.max(key)))
    if last is not None:
        named = {"table": table.name, "column": key.name, "last": last}
        written.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), named)
