"""The audit log: who did what to what, when. Only ever added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, func, insert, select

from index.case import Act
from index.model import OfficerName, ProvinceId
from index.tables import audit


class Deed(StrEnum):
    """What people do beside acting on a case (`index.case.Act`), as the audit log names it."""

    RULING_MADE = "ruling_made"
    SOURCE_DECLARED = "source_declared"
    SOURCE_ADDED = "source_added"
    SOURCE_CHANGED = "source_changed"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, no password
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    TIP_ADDED = "tip_added"
    REPORTER_SEEN = "reporter_seen"
    ATTACHMENT_ADDED = "attachment_added"
    LINE_REWRITTEN = "line_rewritten"
    LINE_NOTED = "line_noted"
    LINE_MOVED = "line_moved"
    LINES_ORDERED = "lines_ordered"
    PAGE_READ_OVER = "page_read_over"
    PAGE_TAKEN = "page_taken"
    SEARCH_SAVED = "search_saved"
    SEARCH_FORGOTTEN = "search_forgotten"
    ARTICLES_EXPORTED = "articles_exported"


_ACTIONS: Final[Mapping[str, Act | Deed]] = {action.value: action for kind in (Act, Deed) for action in kind}
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `subject` is a kind and an id (`case:VV-2026-0187`), `params` ids and codes; of an export also the words
    that were looked for.

    Never a word of an article, a note or a contact: the log is kept longer and read by more people than those.
    """

    id: int
    by: OfficerName
    at: datetime
    action: Act | Deed
    subject: str
    params: Mapping[str, str]


class AuditLog:
    def __init__(self, connection: Connection, province: ProvinceId) -> None:
        self._connection = connection
        self._province = province

    def add(
        self, *, by: OfficerName, at: datetime, action: Act | Deed, subject: str, params: Mapping[str, str] = NOTHING
    ) -> None:
        self._connection.execute(
            insert(audit).values(
                province=self._province, by=by, at=at, action=action, subject=subject, params=dict(params)
            )
        )

    def first(self, kind: str) -> Mapping[str, datetime]:
        """When each subject of a kind (`source`) first stands in the log, by its id."""
        query = (
            select(audit.c.subject, func.min(audit.c.at))
            .where(audit.c.province == self._province, audit.c.subject.startswith(f"{kind}:", autoescape=True))
            .group_by(audit.c.subject)
        )
        return {subject.partition(":")[2]: at for subject, at in self._connection.execute(query)}

    def entries(self, *, subject: str | None = None, limit: int = 100) -> Sequence[AuditEntry]:
        """Newest first."""
        query = select(audit).where(audit.c.province == self._province).order_by(audit.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        return tuple(
            AuditEntry(
                id=row.id,
                by=OfficerName(row.by),
                at=row.at,
                action=_ACTIONS[row.action],
                subject=row.subject,
                params=row.params,
            )
            for row in self._connection.execute(query)
        )
