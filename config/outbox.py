"""The outbox of a home: where its crawlers keep what the server of the archive does not take just now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from config import archive_messages as m
from config import wiring
from config.messages import sentence
from config.settings import Settings
from index import clock, outbox
from index.archive import Archive
from index.backup_file import OUTBOX
from index.outbox import Outbox
from index.outbox_file import Waiting

DELIVER_EVERY: Final = timedelta(seconds=15)
"""How often it is asked whether something waits; an archive that is away is asked less often."""


def file_of(settings: Settings) -> Path:
    return settings.home / OUTBOX


@contextmanager
def opened(settings: Settings, archive: Archive) -> Iterator[Outbox | None]:
    """The outbox before an archive; None for one in a file, unless something is left from when it lay on a server."""
    if settings.archive == "sqlite" and not file_of(settings).exists():
        yield None
        return
    with Outbox(archive, file_of(settings), clock=wiring.clock) as opened:
        yield opened


def waiting(settings: Settings) -> Waiting:
    return outbox.waiting(file_of(settings))


def told(found: Waiting) -> str:
    """What waits, since when and why, in words."""
    since = clock.local(found.since).strftime("%H:%M %d/%m/%Y") if found.since is not None else ""
    why = m.BECAUSE.format(why=sentence(found.why)) if found.why is not None else ""
    return m.WAITS.format(articles=found.articles, others=found.others, since=since, why=why)


def snapshots_in_use(settings: Settings) -> frozenset[str]:
    """SHA-256 of every page that an article names which waits."""
    return outbox.snapshots_in_use(file_of(settings))
