"""`kiemtin casebook copy`: a casebook carried over to a server, or back."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import Final

import click

from config import casebook_messages as m
from config import wiring
from config.commands.allowed import OneOf
from config.commands.invocation import Invocation, command, group
from config.commands.speaking import Option
from index import casebook_copy
from index.casebook_copy import Tell


class Keeper(StrEnum):
    """What keeps a casebook."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@command("casebook copy")
@click.option("--from", "source", cls=Option, type=OneOf(Keeper), required=True, help=m.OPTION_FROM)
@click.option("--to", "target", cls=Option, type=OneOf(Keeper), required=True, help=m.OPTION_TO)
def copy(call: Invocation, source: Keeper, target: Keeper) -> None:
    if source is target:
        raise click.UsageError(m.TWO_KEEPERS)
    started = time.monotonic()
    with (
        wiring.carrying_casebook(call.settings, to_server=target is Keeper.POSTGRESQL) as (book, place),
        _progress(casebook_copy.weigh(book)) as tell,
    ):
        copied = casebook_copy.copy(book, place, tell)
    seconds = time.monotonic() - started
    if call.json:
        tables = {name: asdict(content) for name, content in copied.tables.items()}
        said = {"from": source, "to": target, "rows": copied.rows, "copied": copied.anew, "tables": tables}
        call.show(said | {"seconds": round(seconds, 2)})
        return
    sentence = m.COPIED if copied.anew else m.SAME_ALREADY
    call.say(sentence.format(rows=copied.rows, tables=len(copied.tables), seconds=seconds))
    call.say(_NEXT[target].format(place=call.settings.casebook))


@contextmanager
def _progress(rows: int) -> Iterator[Tell]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=rows, file=sys.stderr) as bar:
        yield bar.update


_NEXT: Final = {Keeper.POSTGRESQL: m.NEXT_ON_SERVER, Keeper.SQLITE: m.NEXT_IN_FILE}
COMMANDS = (group("casebook", (copy,)),)
