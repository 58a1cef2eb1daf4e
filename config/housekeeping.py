"""Keeping house: what has to go by its age, and what must not go while somebody copies the home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from config import keeping, outbox, wiring
from config.settings import Settings
from index import health
from index.archive import Archive, Retention
from index.files import half_written
from index.source import Source

_PURGE_LOCK: Final = "purge.lock"
_ONE_DAY: Final = timedelta(days=1)
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def purge(settings: Settings, now: datetime, *, dry_run: bool) -> Mapping[str, int]:
    """Remove what retention says must go, snapshots that no article names any more, and what killed writers left half
    written; counted by kind. Waits for a backup that is being made."""
    with nothing_purged(settings):
        return _purge(settings, now, dry_run=dry_run)


def _purge(settings: Settings, now: datetime, *, dry_run: bool) -> Mapping[str, int]:
    kept = settings.retention
    with wiring.open_casebook(settings) as casebook, casebook.read(settings.province) as book:
        stories = frozenset(book.cases.stories())
    retention = Retention(
        unmatched=now - kept.unmatched, matched=now - kept.matched, readings=now - kept.readings, kept=stories
    )
    with wiring.only_reviewer(settings), wiring.open_archive(settings) as archive:
        counted = dict(archive.purge(retention, dry_run=dry_run))
        # Before the archive's: what is delivered meanwhile is in the one or in the other.
        in_use = {*outbox.snapshots_in_use(settings), *archive.snapshots_in_use()}
    folders = (settings.snapshots_folder, settings.attachments_folder)
    left = [file for folder in folders for file in half_written(folder, before=now - _ONE_DAY)]
    if not dry_run:
        for file in left:
            file.unlink(missing_ok=True)
    # A page is kept before its article is stored; what was captured since yesterday may be of one on its way.
    unused = keeping.snapshots(settings).purge(in_use, before=(now - _ONE_DAY).date(), dry_run=dry_run)
    return counted | {"snapshot": unused, "half_written": len(left)}


@contextmanager
def nothing_purged(settings: Settings) -> Iterator[None]:
    """Wait until nobody purges the home, and let nobody begin: what is copied now still has all that it names."""
    with wiring.alone(settings, _PURGE_LOCK):
        yield


def pause(archive: Archive, sources: Sequence[Source], now: datetime) -> tuple[datetime, datetime] | None:
    """The month or more in which nothing was read, if one lies in the last month of readings: either the machine was
    off, or its clock is wrong, and then nothing may be called old by it."""
    # Three say it as well as all: of one source there are some ten thousand readings.
    readings = [reading.at for source in sources[:3] for reading in archive.readings(source.id, since=_EVER)]
    return health.pause(readings, now)
