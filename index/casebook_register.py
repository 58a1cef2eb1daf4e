"""The register of sources: what the profile declares, and over it what people changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from index.casebook_audit import AuditLog, Deed
from index.errors import Conflict, SourceNotFound
from index.model import OfficerName, SourceId
from index.source import Source
from index.tables import sources

_FIELDS: Final = tuple(field.name for field in fields(Source) if field.name != "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A source of the register. `changed` names the fields that a person set; a later profile leaves those alone."""

    source: Source
    changed: frozenset[str]
    by: OfficerName
    at: datetime
    revision: int


class Register:
    def __init__(self, connection: Connection, audit: AuditLog) -> None:
        self._connection = connection
        self._audit = audit

    def all(self) -> Sequence[Registered]:
        return tuple(map(_registered, self._connection.execute(select(sources).order_by(sources.c.id))))

    def get(self, source_id: SourceId) -> Registered:
        """Raises `SourceNotFound`."""
        row = self._row(source_id)
        if row is None:
            raise SourceNotFound(source=source_id)
        return _registered(row)

    def declare(self, declared: Sequence[Source], *, by: OfficerName, at: datetime) -> int:
        """Take over a profile's sources; how many are new or no longer as they were declared before.

        What a person changed stays. A source that the profile no longer names stays too.
        """
        count = 0
        for source in declared:
            row = self._row(source.id)
            values = msgspec.to_builtins(source)
            if row is None:
                self._insert(source.id, values, {}, by, at)
            elif row.declared != values:
                self._update(row, by, at, declared=values)
            else:
                continue
            self._audit.add(by=by, at=at, action=Deed.SOURCE_DECLARED, subject=f"source:{source.id}")
            count += 1
        return count

    def save(self, source: Source, *, by: OfficerName, at: datetime, revision: int | None) -> Registered:
        """Keep a person's change of a source, or a source of their own (`revision` None).

        Raises `Conflict` if the revision is not the newest, or the id of a new source is taken.
        """
        row = self._row(source.id)
        values = msgspec.to_builtins(source)
        if row is None:
            if revision is not None:
                raise SourceNotFound(source=source.id)
            self._insert(source.id, None, values, by, at)
            self._audit.add(by=by, at=at, action=Deed.SOURCE_ADDED, subject=f"source:{source.id}")
            return self.get(source.id)
        present = msgspec.to_builtins(_registered(row).source)
        set_now = {name: values[name] for name in _FIELDS if values[name] != present[name]}
        if row.revision != revision:
            if not set_now and row.by == by:
                return _registered(row)
            raise Conflict(by=row.by, at=row.at)
        if set_now:
            self._update(row, by, at, changed={**row.changed, **set_now})
            named = {"fields": " ".join(sorted(set_now))}
            self._audit.add(by=by, at=at, action=Deed.SOURCE_CHANGED, subject=f"source:{source.id}", params=named)
        return self.get(source.id)

    def _row(self, source_id: SourceId) -> Row[Any] | None:
        return self._connection.execute(select(sources).where(sources.c.id == source_id)).one_or_none()

    def _insert(
        self,
        source_id: SourceId,
        declared: Mapping[str, object] | None,
        changed: Mapping[str, object],
        by: OfficerName,
        at: datetime,
    ) -> None:
        self._connection.execute(
            insert(sources).values(id=source_id, declared=declared, changed=changed, by=by, at=at, revision=1)
        )

    def _update(self, row: Row[Any], by: OfficerName, at: datetime, **values: object) -> None:
        self._connection.execute(
            update(sources).where(sources.c.id == row.id).values(by=by, at=at, revision=row.revision + 1, **values)
        )


def _registered(row: Row[Any]) -> Registered:
    return Registered(
        source=msgspec.convert({**(row.declared or {}), **row.changed}, Source),
        changed=frozenset(row.changed) - {"id"},
        by=OfficerName(row.by),
        at=row.at,
        revision=row.revision,
    )
