"""`kiemtin crawl` and `articles`: a round, and what is stored."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import click

from config import keeping, outbox, rows, wiring
from config import messages as m
from config.commands.allowed import Between
from config.commands.invocation import Invocation, command
from index import clock
from index.model import SourceId
from index.shared_errors import FilesRefused, FilesUnavailable
from index.source import Outcome
from index.tip import BY_HAND

MOST: Final = 10_000
"""Articles that one call lists."""
_NAMED: Final = 20
"""Sources that a message lists; an office can have a hundred and more."""


class Moment(click.ParamType[datetime]):
    """A day or a time in ISO 8601; without an offset it is one of the office's clock. A day means its beginning."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return clock.local(self._read(str(value)))
        except (ValueError, OverflowError):
            self.fail(m.NOT_A_TIME.format(value=value), param, ctx)

    def _read(self, said: str) -> datetime:
        moment = datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def known_source(call: Invocation, name: str | None) -> SourceId | None:
    """A source that the register has, or that of what came by hand. Raises `click.BadParameter` for any other."""
    if name is None:
        return None
    with wiring.open_casebook(call.settings) as casebook, casebook.read(call.settings.province) as book:
        known = [registered.source.id for registered in book.register.all()]
    if name not in (*known, BY_HAND):
        allowed = ", ".join([*known[:_NAMED], BY_HAND]) + (m.SEE_SOURCES if len(known) > _NAMED else "")
        raise click.BadParameter(m.NOT_ALLOWED.format(found=name, allowed=allowed), param_hint="--source")
    return SourceId(name)


@command("crawl")
@click.option("--source", "names", multiple=True, metavar="ID", help=m.OPTION_SOURCE)
@click.option("--due", is_flag=True, help=m.OPTION_DUE)
def crawl(call: Invocation, names: Sequence[str], due: bool) -> None:
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with (
        wiring.open_casebook(call.settings) as casebook,
        wiring.open_archive(call.settings, may_be_away=True) as archive,
        outbox.opened(call.settings, archive) as waiting,
    ):
        if waiting is not None:
            waiting.deliver()
        kept = waiting or archive
        only = [SourceId(name) for name in dict.fromkeys(names)]
        sources = wiring.sources_to_read(call.settings, kept, casebook, only=only, due_now=due)
        if not sources and not due:
            call.say(m.NO_SOURCES)
        if wiring.round_is_running(call.settings):
            call.say(m.WAITING)
        for outcome in wiring.collect(call.settings, kept, sources, due_now=due):
            outcomes.append(outcome)
            _tell(call, outcome, done=len(outcomes), of=len(sources))
    if left := outbox.waiting(call.settings):
        call.say(outbox.told(left))
    try:
        keeping.Delivery(call.settings).deliver()
    except (FilesUnavailable, FilesRefused) as error:
        call.say(m.sentence(error))
    seconds = time.monotonic() - started
    totals = rows.totals(outcomes, seconds)
    if call.json:
        call.show(totals)
    else:
        call.say(m.ROUND_DONE.format_map(totals))
    if outcomes and all(outcome.error for outcome in outcomes):
        call.say(m.ROUND_FAILED.format(count=len(outcomes)))
        raise click.exceptions.Exit(1)


def _tell(call: Invocation, outcome: Outcome, *, done: int, of: int) -> None:
    if call.json:
        call.show(rows.outcome(outcome))
    else:
        tally = outcome.tally
        said = m.sentence(outcome.error) if outcome.error else ""
        click.echo(f"{outcome.source_id}\t{outcome.result}\t+{tally.new} ~{tally.updated} ={tally.seen}\t{said}")
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{of}", err=True, nl=False)


@command("articles")
@click.option("--source", metavar="ID", help=m.OPTION_SOURCE)
@click.option("--since", type=Moment(), metavar="T", help=m.OPTION_SINCE)
@click.option("--limit", type=Between(1, MOST), metavar="N", help=m.OPTION_LIMIT)
def articles(call: Invocation, source: str | None, since: datetime | None, limit: int | None) -> None:
    chosen = known_source(call, source)
    with wiring.open_archive(call.settings) as archive:
        for reviewed in archive.stored(call.settings.province, source=chosen, since=since, limit=limit):
            if call.json:
                call.show(rows.article(reviewed))
            else:
                stored = reviewed.article
                when = clock.local(stored.when).strftime("%d/%m/%Y %H:%M")
                click.echo(f"{when}  {stored.source_id}  {stored.title}")


COMMANDS = (crawl, articles)
