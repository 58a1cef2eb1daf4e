"""What people say on a daily page: they mend what the machine put together, and nothing of it is ever taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.model import OfficerName, StoryId


class MendKind(StrEnum):
    """WORDS: a line's title and summary; NOTE: what is known, what is not, what is proposed and until when; MOVED: to
    another section, with the reason; ORDER: which lines of a section stand first; READ_OVER: the page as it stands."""

    WORDS = "words"
    NOTE = "note"
    MOVED = "moved"
    ORDER = "order"
    READ_OVER = "read_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One act of an officer on one edition of one day's page; the latest of a kind on a line holds.

    `story` is None where the act is on the whole page. `said` holds words, ids and codes by name, as `desk.mending`
    reads them.
    """

    by: OfficerName
    at: datetime
    day: date
    edition: str
    kind: MendKind
    story: StoryId | None
    said: Mapping[str, str]
