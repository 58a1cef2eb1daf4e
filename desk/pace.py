"""How often an edition that is due is looked at: one that fails ever more seldom. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from desk.daily import Edition

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""So long an edition that failed once, twice, … is left alone; one that goes on failing is tried at the last pace."""
NO_REST: Final = timedelta(0)


class Pace:
    def __init__(self) -> None:
        self._failures = Counter[tuple[date, Edition]]()
        self._rests: dict[tuple[date, Edition], tuple[datetime, timedelta]] = {}

    def rests(self, edition: tuple[date, Edition], now: datetime) -> bool:
        """Is it to be left alone now? A clock that is set back ends a rest."""
        since, lasts = self._rests.get(edition, (now, NO_REST))
        return since <= now < since + lasts

    def begin(self, edition: tuple[date, Edition], now: datetime) -> timedelta:
        """A try, which is taken for one that fails until it is `done`; how long the edition then rests."""
        self._failures[edition] += 1
        pause = PAUSES[min(self._failures[edition], len(PAUSES)) - 1]
        self._rests[edition] = (now, pause)
        return pause

    def done(self, edition: tuple[date, Edition], now: datetime, *, rest: timedelta) -> None:
        """It did not fail, and needs no other look for the time of `rest`."""
        del self._failures[edition]
        self._rests[edition] = (now, rest)
