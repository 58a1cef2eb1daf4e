"""How the sources are doing, whether they are read in time, and whether this machine's clock is right."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from config import doctor_messages as words
from config import housekeeping, keeping
from config.check import Check, check
from config.checks_backup import moment
from config.settings import Settings
from index import clock, health
from index.archive import Archive
from index.errors import ConfigError
from index.shared_errors import FilesRefused, FilesUnavailable
from index.snapshots import Snapshot
from index.source import Source

MOST_OFF: Final = timedelta(minutes=2)
FEWEST_HOSTS: Final = 3
"""One outlet's clock may be wrong; the middle one of three is not."""
_PAGES: Final = 40
LONGEST_OVERDUE: Final = timedelta(hours=2)
"""A round may take its ten minutes, and a machine may be started anew."""
_NAMED: Final = 5


def states(settings: Settings, archive: Archive, sources: Sequence[Source], now: datetime) -> Iterator[Check]:
    found = {s.id: health.health(archive.readings(s.id, since=now - health.WINDOW)) for s in sources}
    for name, condition in (("sources_failing", health.Condition.FAILED), ("sources_silent", health.Condition.SILENT)):
        ill = [source_id for source_id, state in found.items() if state.condition is condition]
        yield check(name, not ill, settings, count=len(ill), ids=", ".join(ill[:_NAMED]), first=next(iter(ill), ""))
    yield _rounds(settings, archive, sources, now)


def _rounds(settings: Settings, archive: Archive, sources: Sequence[Source], now: datetime) -> Check:
    """Are sources read when they are due? Those never read belong to an office that has not begun."""
    due = {source.id: archive.checkpoint(source.id).next_due for source in sources}
    late = {source_id: at for source_id, at in due.items() if at is not None and now - at > LONGEST_OVERDUE}
    said = words.ON_TIME
    if late:
        ids = ", ".join(list(late)[:_NAMED])
        said = words.OVERDUE.format(count=len(late), moment=moment(min(late.values())), ids=ids)
    return check("rounds", not late, settings, said=said)


# --- the clock ----------------------------------------------------------------------------------------------------


def time_of_day(
    settings: Settings, archive: Archive, sources: Sequence[Source], servers: Mapping[str, timedelta], now: datetime
) -> Check:
    """The clock, beside those of the sources that were just read and of the servers: how far it is ahead of each."""
    offs = dict(servers)
    offsets = _by_host(_newest_pages(settings, now))
    if len(offsets) >= FEWEST_HOSTS:
        offs[words.OF_SOURCES.format(count=len(offsets))] = statistics.median_low(offsets)
    wrong = {of: off for of, off in offs.items() if abs(off) > MOST_OFF}
    right = words.CLOCK_RIGHT.format(of=", ".join(offs)) if offs else words.CLOCK_UNKNOWN
    said = [_off(of, off) for of, off in wrong.items()] or [right]
    pause = housekeeping.pause(archive, sources, now)
    days = " – ".join(clock.local(day).strftime("%d/%m/%Y") for day in pause or ())
    said.append(words.PAUSE.format(said=days) if pause else words.NO_PAUSE)
    return check("clock", not wrong and pause is None, settings, said="; ".join(said))


def _newest_pages(settings: Settings, now: datetime) -> Sequence[Snapshot]:
    """None where they are in a bucket that cannot be used, of which its own check speaks."""
    with suppress(FilesUnavailable, FilesRefused, ConfigError):
        kept = keeping.snapshots(settings)
        return [page for day in (now, now - timedelta(days=1)) for page in kept.newest(day, _PAGES)]
    return ()


def _off(of: str, off: timedelta) -> str:
    said = words.CLOCK_AHEAD if off > timedelta() else words.CLOCK_BEHIND
    return said.format(seconds=round(abs(off).total_seconds()), of=of)


def _by_host(pages: Sequence[Snapshot]) -> Sequence[timedelta]:
    """How far this machine's clock was ahead of each host's when a page of it was captured."""
    offsets: dict[str, timedelta] = {}
    for page in pages:
        said = _said(page)
        if said is not None:
            offsets.setdefault(urlsplit(page.url).netloc, page.captured - said)
    return list(offsets.values())


def _said(page: Snapshot) -> datetime | None:
    """The time that a host said it was; what a cache kept for a while it says too (RFC 9111, 5.1)."""
    headers = {name.lower(): value for name, value in page.headers.items()}
    try:
        at = parsedate_to_datetime(headers.get("date", ""))
        return at.replace(tzinfo=at.tzinfo or UTC) + timedelta(seconds=int(headers.get("age", "0")))
    except (ValueError, OverflowError):
        return None
