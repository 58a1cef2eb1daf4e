"""Whether the buckets that an office may have take and give files, and whether files wait for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from config import files_messages as words
from config import keeping
from config.check import Check, broken, check
from config.checks_backup import moment
from config.settings import Settings
from index.errors import KiemTinError
from index.shared_errors import FilesRefused
from index.store import Store

LONGEST_WAIT: Final = timedelta(minutes=10)
_WRITTEN: Final = b"kiemtin doctor"


def files(settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        relays = keeping.relays(settings).values()
    except KiemTinError as error:
        yield broken("files", error, settings)
        return
    for relay in relays:
        try:
            _try_out(relay.store)
            yield check("files", True, settings, place=relay.place)
        except KiemTinError as error:
            yield broken("files", error, settings)
    if relays:
        waiting = [held.written for relay in relays for held in relay.waiting()]
        first = min(waiting, default=now)
        oldest = words.OLDEST.format(moment=moment(first)) if waiting else ""
        yield check("files_waiting", now - first <= LONGEST_WAIT, settings, count=len(waiting), oldest=oldest)


def _try_out(store: Store) -> None:
    """Write, read and remove a file of no meaning. What may not be removed is not written either."""
    name = f"doctor/{uuid.uuid4().hex}"
    store.remove(name)
    store.put(name, _WRITTEN)
    try:
        if store.get(name) != _WRITTEN:
            raise FilesRefused(place=store.place, problem="product", why=store.place)
    finally:
        store.remove(name)
