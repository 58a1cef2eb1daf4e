"""Backups in a folder of their own: their names, when the next is due, and which stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from config.values import Wrong
from index import clock

_SAID: Final = re.compile(r"(\d{1,3})d(?:[ ,]+(\d{1,3})w)?")
_STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """The newest backup of each of the last `days` that have one stays, and of each of the last `weeks`."""

    days: int
    weeks: int

    def __str__(self) -> str:
        return f"{self.days}d {self.weeks}w"


def read(raw: object) -> Rotation:
    """ "7d 8w", or "7d" alone. Raises `Wrong`."""
    found = _SAID.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None or int(found[1]) == 0:
        raise Wrong("7d | 7d 8w")
    return Rotation(days=int(found[1]), weeks=int(found[2] or 0))


def name_of(province: str, moment: datetime) -> str:
    """What the backup of a moment is called; the office's clock stands in it."""
    return f"kiemtin-{province}-{clock.local(moment):{_STAMP}}.tar.gz"


def moment_of(name: str, province: str) -> datetime | None:
    """The moment of a backup by its name, None where `name_of` did not give it."""
    stamp = name.removeprefix(f"kiemtin-{province}-").removesuffix(".tar.gz")
    try:
        moment = datetime.strptime(stamp, _STAMP).replace(tzinfo=clock.ZONE)
    except ValueError:
        return None
    return moment if name == name_of(province, moment) else None


def is_due(made: Collection[datetime], daily_at: time, now: datetime) -> bool:
    """Was none made since the last time of day at which one had to be? One ahead of now came of a wrong clock."""
    today = datetime.combine(clock.local(now).date(), daily_at, tzinfo=clock.ZONE)
    last = today if today <= now else today - timedelta(days=1)
    return not any(last <= moment <= now for moment in made)


def surplus(made: Collection[datetime], keep: Rotation) -> set[datetime]:
    """Those that need not stay; never the newest."""
    days: dict[date, datetime] = {}
    weeks: dict[tuple[int, int], datetime] = {}
    for moment in sorted(made):
        day = clock.local(moment).date()
        days[day] = weeks[day.isocalendar()[:2]] = moment
    stay = {days[day] for day in sorted(days)[-keep.days :]}
    stay |= {weeks[week] for week in sorted(weeks)[len(weeks) - min(keep.weeks, len(weeks)) :]}
    return set(made) - stay
