"""What officers said on daily pages. Only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select

from index.casebook_audit import AuditLog, Deed
from index.mend import Mend, MendKind
from index.model import OfficerName, ProvinceId, StoryId
from index.tables import mends

_AT_ONCE: Final = 500
"""Ids in one statement; databases limit how many values a statement may carry."""
_DEEDS: Final[Mapping[MendKind, Deed]] = {
    MendKind.WORDS: Deed.LINE_REWRITTEN,
    MendKind.NOTE: Deed.LINE_NOTED,
    MendKind.MOVED: Deed.LINE_MOVED,
    MendKind.ORDER: Deed.LINES_ORDERED,
    MendKind.READ_OVER: Deed.PAGE_READ_OVER,
}


class Mends:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    def add(self, mend: Mend) -> None:
        self._connection.execute(
            insert(mends).values(
                province=self._province,
                by=mend.by,
                at=mend.at,
                day=mend.day.isoformat(),
                edition=mend.edition,
                kind=mend.kind,
                story=mend.story,
                said=dict(mend.said),
            )
        )
        params = {"story": mend.story} if mend.story else {}
        subject = _subject(mend.day, mend.edition)
        self._audit.add(by=mend.by, at=mend.at, action=_DEEDS[mend.kind], subject=subject, params=params)

    def taken(self, day: date, edition: str, kind: str, *, by: OfficerName, at: datetime) -> None:
        """Write down who carried away a page as a file."""
        params = {"kind": kind}
        self._audit.add(by=by, at=at, action=Deed.PAGE_TAKEN, subject=_subject(day, edition), params=params)

    def of(self, day: date, edition: str) -> Sequence[Mend]:
        """All of one edition, oldest first."""
        query = select(mends).where(
            mends.c.province == self._province, mends.c.day == day.isoformat(), mends.c.edition == edition
        )
        return tuple(map(_mend, self._connection.execute(query.order_by(mends.c.id))))

    def latest(self, kind: MendKind, stories: Collection[StoryId], *, until: date) -> Mapping[StoryId, Mend]:
        """For each story the last mend of a kind on the pages of a day or of earlier ones."""
        asked, found = list(stories), dict[StoryId, Mend]()
        for start in range(0, len(asked), _AT_ONCE):
            query = select(mends).where(
                mends.c.province == self._province,
                mends.c.kind == kind,
                mends.c.story.in_(asked[start : start + _AT_ONCE]),
                mends.c.day <= until.isoformat(),
            )
            for mend in map(_mend, self._connection.execute(query.order_by(mends.c.id))):
                if mend.story is not None:
                    found[mend.story] = mend
        return found

    def stories(self, kind: MendKind, *, since: date) -> Sequence[StoryId]:
        """The stories with a mend of a kind on the pages of a day or of later ones."""
        query = select(mends.c.story).where(
            mends.c.province == self._province,
            mends.c.kind == kind,
            mends.c.day >= since.isoformat(),
            mends.c.story.is_not(None),
        )
        return tuple(map(StoryId, self._connection.scalars(query.distinct().order_by(mends.c.story))))


def _subject(day: date, edition: str) -> str:
    return f"daily:{day.isoformat()} {edition}"


def _mend(row: Row[Any]) -> Mend:
    names = ("by", "at", "day", "edition", "kind", "story", "said")
    return msgspec.convert({name: getattr(row, name) for name in names}, Mend)
