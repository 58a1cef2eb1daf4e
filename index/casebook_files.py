"""What is known of the files that people uploaded; their bytes are in `index.attachments`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from index.casebook_audit import AuditLog, Deed
from index.model import OfficerName, ProvinceId
from index.tables import attachments
from index.tip import Attachment


class Files:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    def add(self, attachment: Attachment, *, by: OfficerName, at: datetime) -> None:
        """Keep what an uploaded file is; the same bytes again are the same attachment, under its first name."""
        if self.get(attachment.sha256) is not None:
            return
        self._connection.execute(
            insert(attachments).values(
                province=self._province,
                sha256=attachment.sha256,
                media_type=attachment.media_type,
                size=attachment.size,
                name=attachment.name,
                by=by,
                at=at,
            )
        )
        self._audit.add(by=by, at=at, action=Deed.ATTACHMENT_ADDED, subject=f"attachment:{attachment.sha256}")

    def get(self, sha256: str) -> Attachment | None:
        row = self._connection.execute(
            select(attachments).where(attachments.c.sha256 == sha256, attachments.c.province == self._province)
        ).one_or_none()
        if row is None:
            return None
        return Attachment(sha256=row.sha256, media_type=row.media_type, size=row.size, name=row.name)
