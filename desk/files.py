"""What officers upload: screenshots of what they saw, documents that a conclusion rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from desk.accounts import Action, require
from index.account import Officer
from index.attachments import Attachments
from index.casebook import Casebook
from index.errors import AttachmentNotFound
from index.model import ProvinceId
from index.text import one_line
from index.tip import Attachment

LONGEST_NAME: Final = 200


class Files:
    def __init__(self, casebook: Casebook, province: ProvinceId, attachments: Attachments) -> None:
        self._casebook = casebook
        self._province = province
        self._attachments = attachments

    def add(self, data: bytes, name: str, *, by: Officer, at: datetime) -> Attachment:
        """Keep an uploaded file; its SHA-256 is what tips and grounds name. Raises `AttachmentRefused`."""
        require(by, Action.DECIDE)
        sha256, media_type = self._attachments.put(data)
        attachment = Attachment(
            sha256=sha256, media_type=media_type, size=len(data), name=one_line(name)[:LONGEST_NAME]
        )
        with self._casebook.write(self._province) as book:
            book.files.add(attachment, by=by.name, at=at)
        return attachment

    def read(self, sha256: str, *, by: Officer) -> tuple[Attachment, bytes]:
        """An uploaded file, to be offered as a download only. Raises `AttachmentNotFound`."""
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            attachment = book.files.get(sha256)
        if attachment is None:
            raise AttachmentNotFound(sha256=sha256)
        return attachment, self._attachments.read(sha256)
