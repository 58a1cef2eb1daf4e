"""What people said about the archive, every word of it; the latest on a subject and field is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select

from index.casebook_audit import AuditLog, Deed
from index.model import ArticleId, Mark, ProvinceId, Ruling, RulingField, StoryId
from index.tables import marks, rulings

Subject = tuple[RulingField, StoryId | None, ArticleId | None]


def subject(ruling: Ruling) -> Subject:
    """What a ruling settles of whom; a later ruling on the same replaces it."""
    return ruling.field, ruling.story_id, ruling.article_id


class Rulings:
    """Also keeps the mark up to which intake has followed the archive."""

    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    def add(self, ruling: Ruling) -> None:
        self._connection.execute(
            insert(rulings).values(
                province=self._province,
                by=ruling.by,
                at=ruling.at,
                field=ruling.field,
                value=ruling.value,
                story_id=ruling.story_id,
                article_id=ruling.article_id,
            )
        )
        about = f"story:{ruling.story_id}" if ruling.story_id else f"article:{ruling.article_id}"
        params = {"field": ruling.field.value, "value": ruling.value or ""}
        self._audit.add(by=ruling.by, at=ruling.at, action=Deed.RULING_MADE, subject=about, params=params)

    def add_all(self, said: Sequence[Ruling]) -> None:
        for ruling in said:
            self.add(ruling)

    def in_force(self) -> Mapping[Subject, Ruling]:
        """The latest ruling on each subject, those that take an earlier one back included, oldest first."""
        latest: dict[Subject, Ruling] = {}
        query = select(rulings).where(rulings.c.province == self._province).order_by(rulings.c.id)
        for row in self._connection.execute(query):
            ruling = _ruling(row)
            latest.pop(subject(ruling), None)
            latest[subject(ruling)] = ruling
        return latest

    def of_story(self, story_id: StoryId) -> Sequence[Ruling]:
        """All rulings on a story, oldest first."""
        query = (
            select(rulings)
            .where(rulings.c.province == self._province, rulings.c.story_id == story_id)
            .order_by(rulings.c.id)
        )
        return tuple(map(_ruling, self._connection.execute(query)))

    def mark(self) -> Mark | None:
        kept = self._connection.scalar(select(marks.c.mark).where(marks.c.province == self._province))
        return None if kept is None else Mark(kept)

    def keep_mark(self, mark: Mark) -> None:
        self._connection.execute(delete(marks).where(marks.c.province == self._province))
        self._connection.execute(insert(marks).values(province=self._province, mark=mark))


def _ruling(row: Row[Any]) -> Ruling:
    names = ("by", "at", "province", "field", "value", "story_id", "article_id")
    return msgspec.convert({name: getattr(row, name) for name in names}, Ruling)
