"""A daily page as it lies open before somebody: what the parts of its view share."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.office import Office
from dashboard.views.daily_line import Reader
from desk.accounts import Action, may
from desk.daily import Daily, Line, Section
from index.account import Officer

_REMARKED = frozenset({Section.DIRECT, Section.CRITICISM, Section.VERIFY})
"""The sections on whose cases a leader says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The page, who reads it, and the office it is of."""

    office: Office
    officer: Officer
    page: Daily

    @property
    def mends(self) -> bool:
        """May its reader change what the page says?"""
        return may(self.officer, Action.DECIDE)

    def remarks(self, line: Line) -> bool:
        """Is this a line whose case its reader gives a word on? Officers write notes on the case's own page."""
        says = may(self.officer, Action.COMMENT) and not self.mends
        return says and line.case is not None and line.section in _REMARKED

    @property
    def reader(self) -> Reader:
        return Reader(until=self.page.until, names=self.page.people, mends=self.mends)
