"""Homes whose sources are outlets of the written week, on the air while the context is open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config import settings, wiring
from index.account import CONSOLE
from index.casebook import Casebook
from index.model import SourceId
from index.sqlite import SqliteArchive
from tests.office import PROVINCE

QUICK = (SourceId("trang-tong-hop-24"), SourceId("dien-dan-xu-tuyen"))


@contextmanager
def reading(home: Path, only: Collection[SourceId] = ()) -> Iterator[Path]:
    """A home that reads these outlets, or all."""
    wiring.make_folders(home)
    with wiring.written_week(datetime.now(UTC), 1.0, 0) as room:
        document = {
            "province": str(PROVINCE),
            "fetch": {"delay": 0, "allow_hosts": list(room.allow_hosts())},
            "schedule": {"review_every": "1s"},
        }
        (home / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
        SqliteArchive(home / settings.ARCHIVE_FILE).close()
        sources = [source for source in room.sources() if not only or source.id in only]
        with Casebook.open(home / settings.CASEBOOK_FILE) as casebook, casebook.write(PROVINCE) as book:
            book.register.declare(sources, by=CONSOLE.name, at=datetime.now(UTC))
        yield home
