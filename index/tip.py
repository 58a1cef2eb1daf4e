"""What people bring in by hand: from print, radio, closed groups, a citizen's call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType

from index.model import ArticleId, Channel, OfficerName, ProvinceId, SourceId, Track
from index.source import VisitId

TipId = NewType("TipId", str)

BY_HAND: Final = SourceId("nhap-tay")
"""The source of articles that an officer typed in or gave the address of; no entry of the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An uploaded file. `media_type` follows from its bytes, `name` is what the person called it."""

    sha256: str
    media_type: str
    size: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who told the office; kept apart from the tip and shown only when asked for, which is audited."""

    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """One item added by hand: an address to be visited, or an article typed in, exactly one of the two.

    `track` is where its story is to be looked at, whatever the machine sees in it; None leaves that to the signs, and
    verifies it where there are none. `outlet` says where it was seen or heard, in the officer's words.
    """

    id: TipId
    province: ProvinceId
    by: OfficerName
    at: datetime
    channel: Channel
    outlet: str = ""
    happened: datetime | None = None
    visit_id: VisitId | None = None
    article_id: ArticleId | None = None
    track: Track | None = None
    attachments: tuple[str, ...] = ()
