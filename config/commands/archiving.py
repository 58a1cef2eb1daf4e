"""`kiemtin archive …`: the archive on a server made, carried over, migrated; and what the server does not take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import Final

import click

from config import archive_messages as m
from config import outbox, rows, wiring
from config.commands.allowed import Between, OneOf
from config.commands.invocation import Invocation, command, group
from config.commands.speaking import Option
from config.messages import sentence
from index import archive_copy

_MIGRATION_LOCK: Final = "migration.lock"
_MOST_SHARDS: Final = 64
_MOST_REPLICAS: Final = 5


class Keeper(StrEnum):
    """What keeps an archive."""

    SQLITE = "sqlite"
    ELASTICSEARCH = "elasticsearch"


@command("archive create")
@click.option("--shards", type=Between(1, _MOST_SHARDS), default=1, help=m.OPTION_SHARDS)
@click.option("--replicas", type=Between(0, _MOST_REPLICAS), help=m.OPTION_REPLICAS)
def create(call: Invocation, shards: int, replicas: int | None) -> None:
    from config import elastic  # noqa: PLC0415  its client takes a second to load
    from index.elastic_indices import Kind, Size  # noqa: PLC0415

    made = elastic.create(call.settings, Size(shards=shards, replicas=replicas))
    names = [index.name for index in made.values()]
    shards = made[Kind.ARTICLES].shards
    if call.json:
        call.show({"archive": call.settings.archive, "indices": names, "shards": shards, "replicas": replicas})
        return
    said = {"place": call.settings.archive, "count": len(names), "names": ", ".join(names), "shards": shards}
    call.say(m.CREATED.format(**said))


@command("archive copy")
@click.option("--from", "source", cls=Option, type=OneOf(Keeper), required=True, help=m.OPTION_FROM)
@click.option("--to", "target", cls=Option, type=OneOf(Keeper), required=True, help=m.OPTION_TO)
def copy(call: Invocation, source: Keeper, target: Keeper) -> None:
    if source is target:
        raise click.UsageError(m.TWO_KEEPERS)
    from config import elastic  # noqa: PLC0415

    started = time.monotonic()
    to_server = target is Keeper.ELASTICSEARCH
    with (
        wiring.only_service(call.settings),
        elastic.carrying(call.settings, to_server=to_server) as (whence, where),
        _progress(lambda: archive_copy.weigh(whence)) as tell,
    ):
        copied = archive_copy.copy(whence, where, tell)
    seconds = time.monotonic() - started
    if call.json:
        parts = {part: asdict(content) for part, content in copied.parts.items()}
        said = {"from": source, "to": target, "entries": copied.entries, "written": copied.written, "parts": parts}
        call.show(said | {"copied": copied.anew, "waiting": _waiting(call), "seconds": round(seconds, 2)})
        return
    words = m.COPIED if copied.anew else m.SAME_ALREADY
    call.say(words.format(entries=copied.entries, written=copied.written, seconds=seconds))
    call.say(_NEXT[target].format(place=call.settings.archive))
    if waiting := outbox.waiting(call.settings):
        call.say(outbox.told(waiting))


@command("archive migrate")
@click.option("--shards", type=Between(1, _MOST_SHARDS), help=m.OPTION_SHARDS)
@click.option("--replicas", type=Between(0, _MOST_REPLICAS), help=m.OPTION_REPLICAS)
@click.option("--drop-old", is_flag=True, help=m.OPTION_DROP)
def migrate(call: Invocation, shards: int | None, replicas: int | None, drop_old: bool) -> None:
    from config import elastic  # noqa: PLC0415
    from index.elastic_indices import Size  # noqa: PLC0415

    started = time.monotonic()
    size = Size(shards=shards, replicas=replicas) if shards is not None else None
    with wiring.alone(call.settings, _MIGRATION_LOCK), elastic.migration(call.settings, size) as migration:
        if drop_old:
            _drop(call, migration.drop_replaced())
            return
        with _progress(migration.weigh) as tell:
            moved = migration.run(tell)
    seconds = time.monotonic() - started
    if call.json:
        call.show({"migrated": [asdict(one) for one in moved], "seconds": round(seconds, 2)})
        return
    for one in moved:
        call.say(m.MIGRATED.format(**asdict(one)))
    call.say(m.NEXT_AFTER_MIGRATION.format(seconds=seconds) if moved else m.NOTHING_TO_MIGRATE)


def _drop(call: Invocation, names: Sequence[str]) -> None:
    if call.json:
        call.show({"dropped": names})
        return
    call.say(m.DROPPED.format(count=len(names), names=", ".join(names)) if names else m.NOTHING_TO_DROP)


@command("archive deliver")
def deliver(call: Invocation) -> None:
    """Ends with 1 while something is left that the archive does not take."""
    with wiring.open_archive(call.settings) as archive, outbox.opened(call.settings, archive) as held:
        delivered = held.deliver() if held is not None else 0
    left = outbox.waiting(call.settings)
    if call.json:
        since = rows.moment(left.since) if left.since is not None else None
        call.show({"delivered": delivered, "waiting": left.articles + left.others, "since": since})
    elif delivered or left:
        call.say(m.DELIVERED.format(count=delivered))
    else:
        call.say(m.NOTHING_WAITS)
    if left:
        call.say(outbox.told(left))
        raise click.exceptions.Exit(1)


def _waiting(call: Invocation) -> int:
    left = outbox.waiting(call.settings)
    return left.articles + left.others


@command("archive retry")
@click.option("--dry-run", is_flag=True, help=m.OPTION_ONLY_LIST)
def retry(call: Invocation, dry_run: bool) -> None:
    """Ends with 1 while something is left that the server does not take."""
    from config import elastic  # noqa: PLC0415

    drawer = elastic.drawer(call.settings)
    taken = left = 0
    if not dry_run:
        with elastic.open_archive(call.settings) as archive:
            taken, left = archive.retry_set_aside()
    for aside in drawer.held():
        newest, why = aside.articles[-1], sentence(aside.error)
        if call.json:
            call.show({"id": newest.id, "title": newest.title, "versions": len(aside.articles), "why": why})
        else:
            call.say(m.SET_ASIDE.format(id=newest.id, title=newest.title, why=why))
        left += dry_run
    if not taken and not left:
        call.say(m.NOTHING_SET_ASIDE)
        return
    call.say((m.LISTED if dry_run else m.RETRIED).format(taken=taken, left=left, folder=drawer.folder))
    if left and not dry_run:
        raise click.exceptions.Exit(1)


@contextmanager
def _progress(weigh: Callable[[], int]) -> Iterator[archive_copy.Tell]:
    """A bar on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=weigh(), file=sys.stderr) as bar:
        yield bar.update


_NEXT: Final = {Keeper.ELASTICSEARCH: m.NEXT_ON_SERVER, Keeper.SQLITE: m.NEXT_IN_FILE}
COMMANDS = (group("archive", (create, copy, migrate, deliver, retry)),)
