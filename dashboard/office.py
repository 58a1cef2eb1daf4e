"""What the screen shows and asks: one province's desk, and what is read beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from desk.accounts import Action, may
from desk.desk import Desk
from index.account import Officer
from index.archive import Archive
from index.elastic_state import State
from index.model import OfficerName
from index.outbox_file import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office that a process serves. `name` is the province's, `places` its present units', both as people write;
    `collectors` are the ways a source can be read.

    The archive is here for how its sources were read; stories and articles are asked of the desk. `archive_server` asks
    the server that the archive lies on how it is (None: it lies in a file) and raises `ArchiveError`; `outbox` says
    what the crawlers of this home keep for it.
    """

    name: str
    places: Sequence[str]
    collectors: Sequence[str]
    desk: Desk
    archive: Archive
    archive_server: Callable[[], State | None] = lambda: None
    outbox: Callable[[], Waiting] = Waiting

    def agency(self, agency_id: str | None) -> str | None:
        """The name of an agency; its id where the profile no longer names it."""
        return next((agency.name for agency in self.desk.agencies if agency.id == agency_id), agency_id)

    def names(self, officer: Officer) -> Mapping[OfficerName, str]:
        """What everybody with an account is called; nothing for those who may not read the cases."""
        if not may(officer, Action.READ):
            return {}
        return {account.name: account.display_name for account in self.desk.accounts.colleagues(by=officer)}


class Opened:
    """Where the entrance puts the office before the first script runs; scripts only read it."""

    office: ClassVar[Office]
