"""Whether the servers that an office may have do their work: Elasticsearch, PostgreSQL, Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from config import casebook_messages, outbox, sharing, wiring
from config import doctor_messages as words
from config.check import Check, broken, check
from config.checks_home import is_near
from config.saving import EMBEDDED
from config.settings import Settings
from index.casebook_postgres import Soundness
from index.elastic_state import FULLEST, Colour
from index.errors import ArchiveRefused, KiemTinError

_NAMED: Final = 5


def casebook(settings: Settings, server: Soundness) -> Check:
    near = is_near(urlsplit(settings.casebook).hostname or "")
    wrong = {
        casebook_messages.NOT_DURABLE: not server.durable,
        casebook_messages.NOT_ENCRYPTED: not near and not server.encrypted,
        casebook_messages.NOT_VOUCHED_FOR: not near and server.encrypted and not server.vouched_for,
    }
    said = "; ".join(said for said, so in wrong.items() if so) or casebook_messages.SERVER_SOUND
    return check("casebook_server", not any(wrong.values()), settings, version=server.version, said=said)


def archive(settings: Settings, clocks: dict[str, timedelta]) -> Iterator[Check]:
    """How the server is doing; its clock goes into `clocks`. Raises `KiemTinError` where it cannot be asked at all."""
    try:
        server, refused = wiring.archive_server(settings)
    except ArchiveRefused as error:
        if error.params["problem"] != "permission":
            raise
        yield check("archive_server", True, settings, said=words.NOT_ALLOWED_TO_ASK)
        return
    clocks[words.OF_ARCHIVE] = wiring.clock() - server.now
    wrong = {
        words.RED: server.colour is Colour.RED,
        words.READ_ONLY.format(names=", ".join(server.closed[:_NAMED])): bool(server.closed),
        words.FULL.format(used=round(server.fullest * 100)): server.fullest > FULLEST,
    }
    said = "; ".join(said for said, so in wrong.items() if so)
    well = words.STATE.format(colour=words.COLOURS[server.colour], nodes=server.nodes)
    yield check("archive_server", not said, settings, said=said or well)
    yield check("set_aside", not refused, settings, count=refused)


def waiting(settings: Settings) -> Iterator[Check]:
    """What crawlers keep because the archive does not take it, wherever the archive lies by now."""
    if settings.archive == EMBEDDED and not outbox.file_of(settings).exists():
        return
    try:
        found = outbox.waiting(settings)
    except KiemTinError as error:
        yield broken("outbox", error, settings)
        return
    said = outbox.told(found) if found else words.NOTHING_WAITS
    yield check("outbox", not found, settings, said=said)


def queue(settings: Settings) -> Iterator[Check]:
    """Over which Redis the work is shared, where it is."""
    if not sharing.is_shared(settings):
        return
    try:
        sharing.server(settings).check()
    except KiemTinError as error:
        yield broken("queue", error, settings)
        return
    yield check("queue", True, settings, place=settings.redis.address)
