"""The searches that officers keep, and the record of what was taken out of the archive as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select

from index.casebook_audit import AuditLog, Deed
from index.model import OfficerName, ProvinceId
from index.question import Question, SavedSearch
from index.tables import saved_searches


class Searches:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    def of(self, officer: OfficerName) -> Sequence[SavedSearch]:
        """An officer's own, the latest saved first."""
        query = (
            select(saved_searches)
            .where(saved_searches.c.province == self._province, saved_searches.c.officer == officer)
            .order_by(saved_searches.c.saved.desc(), saved_searches.c.name)
        )
        return tuple(map(_saved, self._connection.execute(query)))

    def save(self, search: SavedSearch, *, by: OfficerName) -> None:
        """Keep a search of an officer; one they have under this name is replaced."""
        self._remove(search.name, by)
        self._connection.execute(
            insert(saved_searches).values(
                province=self._province,
                officer=by,
                name=search.name,
                question=msgspec.to_builtins(search.question),
                saved=search.saved,
            )
        )
        self._audit.add(by=by, at=search.saved, action=Deed.SEARCH_SAVED, subject=f"search:{search.name}")

    def forget(self, name: str, *, by: OfficerName, at: datetime) -> None:
        """Remove a search of an officer; nothing happens where they have none under this name."""
        if self._remove(name, by):
            self._audit.add(by=by, at=at, action=Deed.SEARCH_FORGOTTEN, subject=f"search:{name}")

    def exported(self, question: Question, count: int, *, by: OfficerName, at: datetime) -> None:
        """Write down that so many articles were taken out, and what had been asked for."""
        asked = {name: str(value) for name, value in msgspec.to_builtins(question).items() if value}
        self._audit.add(
            by=by, at=at, action=Deed.ARTICLES_EXPORTED, subject="export:articles", params=asked | {"count": str(count)}
        )

    def _remove(self, name: str, officer: OfficerName) -> bool:
        removed = self._connection.execute(
            delete(saved_searches).where(
                saved_searches.c.province == self._province,
                saved_searches.c.officer == officer,
                saved_searches.c.name == name,
            )
        )
        return removed.rowcount > 0


def _saved(row: Row[Any]) -> SavedSearch:
    return SavedSearch(name=row.name, question=msgspec.convert(row.question, Question), saved=row.saved)
