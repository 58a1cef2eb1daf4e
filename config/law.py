"""The legal clocks as dated data. What is not certain is known to be unknown, and an office is told to confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from config.typed import read_yaml

FILE: Final = Path(__file__).with_name("law.yaml")


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    NONE = "none"


class Sure(StrEnum):
    READ = "read"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """One clock: `starts` names the mark of a person that starts it, `limit` counts `unit`s (None: none is known)."""

    id: str
    starts: str
    limit: int | None
    unit: Unit
    basis: str
    since: date
    sure: Sure

    @property
    def known(self) -> bool:
        """May its deadline be computed?"""
        return self.sure is Sure.READ and self.limit is not None


@cache
def clocks() -> Sequence[LegalClock]:
    """Every clock, by its number. Raises `ConfigError`."""
    return read_yaml(FILE, tuple[LegalClock, ...])


def unconfirmed() -> Sequence[LegalClock]:
    """Those that an office must confirm before anything is computed from them."""
    return [clock for clock in clocks() if clock.sure is Sure.UNVERIFIED]
