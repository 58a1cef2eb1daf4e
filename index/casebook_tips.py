"""What was brought in by hand, and apart from it who reported it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from index.casebook_audit import AuditLog, Deed
from index.model import ArticleId, OfficerName, ProvinceId
from index.tables import reporters, tips
from index.tip import Reporter, Tip, TipId

_NAMES: Final = tuple(field.name for field in fields(Tip))


class Tips:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    def get(self, tip_id: TipId) -> Tip | None:
        row = self._connection.execute(
            select(tips).where(tips.c.id == tip_id, tips.c.province == self._province)
        ).one_or_none()
        return None if row is None else _tip(row)

    def add(self, tip: Tip, reporter: Reporter) -> None:
        values = {name: getattr(tip, name) for name in _NAMES} | {"attachments": list(tip.attachments)}
        self._connection.execute(insert(tips).values(**values))
        if reporter != Reporter():
            self._connection.execute(
                insert(reporters).values(tip_id=tip.id, name=reporter.name, contact=reporter.contact)
            )
        self._audit.add(by=tip.by, at=tip.at, action=Deed.TIP_ADDED, subject=f"tip:{tip.id}")

    def reporter(self, tip_id: TipId, *, by: OfficerName, at: datetime) -> Reporter:
        """Who reported a tip; that somebody looked is written down. Nobody named: an empty `Reporter`."""
        self._audit.add(by=by, at=at, action=Deed.REPORTER_SEEN, subject=f"tip:{tip_id}")
        row = self._connection.execute(
            select(reporters)
            .join(tips, tips.c.id == reporters.c.tip_id)
            .where(reporters.c.tip_id == tip_id, tips.c.province == self._province)
        ).one_or_none()
        return Reporter() if row is None else Reporter(name=row.name, contact=row.contact)

    def of_articles(self, ids: Collection[ArticleId]) -> Sequence[Tip]:
        query = select(tips).where(tips.c.province == self._province, tips.c.article_id.in_(ids)).order_by(tips.c.at)
        return tuple(map(_tip, self._connection.execute(query)))

    def awaited(self) -> Sequence[Tip]:
        """Tips whose visit has not brought an article yet, oldest first."""
        query = select(tips).where(tips.c.province == self._province, tips.c.article_id.is_(None)).order_by(tips.c.at)
        return tuple(map(_tip, self._connection.execute(query)))

    def arrived(self, tip_id: TipId, article_id: ArticleId) -> None:
        """The visit of a tip brought this article."""
        self._connection.execute(update(tips).where(tips.c.id == tip_id).values(article_id=article_id))


def _tip(row: Row[Any]) -> Tip:
    return msgspec.convert({name: getattr(row, name) for name in _NAMES}, Tip)
