"""`kiemtin crawl` and `articles`: a round, and what is stored."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime

import click

from config import messages as m
from config import rows, wiring
from config.commands.invocation import Invocation, command
from index import clock
from index.model import SourceId
from index.source import Outcome


class Moment(click.ParamType[datetime]):
    """A day or a time in ISO 8601; without an offset it is one of the office's clock."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(m.NOT_A_TIME.format(value=value), param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


@command("crawl")
@click.option("--source", "names", multiple=True, metavar="ID", help=m.OPTION_SOURCE)
@click.option("--due", is_flag=True, help=m.OPTION_DUE)
def crawl(call: Invocation, names: Sequence[str], due: bool) -> None:
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with wiring.open_casebook(call.settings) as casebook, wiring.open_archive(call.settings) as archive:
        only = [SourceId(name) for name in dict.fromkeys(names)]
        sources = wiring.sources_to_read(call.settings, archive, casebook, only=only, due_now=due)
        if not sources and not due:
            call.say(m.NO_SOURCES)
        if wiring.round_is_running(call.settings):
            call.say(m.WAITING)
        for outcome in wiring.collect(call.settings, archive, sources):
            outcomes.append(outcome)
            _tell(call, outcome, done=len(outcomes), of=len(sources))
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
@click.option("--limit", type=click.IntRange(1), metavar="N", help=m.OPTION_LIMIT)
def articles(call: Invocation, source: str | None, since: datetime | None, limit: int | None) -> None:
    with wiring.open_archive(call.settings) as archive:
        chosen = SourceId(source) if source else None
        for reviewed in archive.stored(call.settings.province, source=chosen, since=since, limit=limit):
            if call.json:
                call.show(rows.article(reviewed))
            else:
                stored = reviewed.article
                when = clock.local(stored.when).strftime("%d/%m/%Y %H:%M")
                click.echo(f"{when}  {stored.source_id}  {stored.title}")


COMMANDS = (crawl, articles)
