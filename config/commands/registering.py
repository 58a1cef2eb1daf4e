"""`kiemtin sources …`: the register of sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from config import messages as m
from config import rows, trial, values, wiring
from config import sources as files
from config.commands.allowed import Between, OneOf, ReadableFile
from config.commands.invocation import Invocation, command, group
from crawlers.register import COLLECTORS
from desk.sources import Sources
from index import health
from index.account import CONSOLE
from index.archive import Reviewed
from index.clock import local
from index.errors import NothingFound
from index.model import Channel, SourceId
from index.source import Outcome, Source
from index.url import canonical_url

TRIED: Final = ("feed", "sitemap", "pages")
"""Collectors in the order in which an unknown address is tried."""
_SHOWN: Final = 10


class Checked(click.ParamType[str]):
    """A value that a file of sources would allow."""

    def __init__(self, name: str, read: values.Read) -> None:
        self.name = name
        self._read = read

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(self._read(value))
        except values.Wrong as wrong:
            self.fail(m.NOT_ALLOWED.format(found=values.as_found(value), allowed=wrong.allowed), param, ctx)


@contextmanager
def _register(call: Invocation) -> Iterator[Sources]:
    with wiring.open_casebook(call.settings) as casebook:
        yield Sources(casebook, call.settings.province)


@command("sources list")
def list_(call: Invocation) -> None:
    now = datetime.now(UTC)
    with _register(call) as register, wiring.open_archive(call.settings) as archive:
        for registered in register.list(by=CONSOLE):
            source = registered.source
            state = health.health(archive.readings(source.id, since=now - health.WINDOW))
            if call.json:
                call.show(
                    {
                        "id": source.id,
                        "url": source.url,
                        "tier": source.tier,
                        "enabled": source.enabled,
                        "last_success": rows.moment(state.last_success),
                        "silent_for_s": int(state.silent_for.total_seconds()) if state.silent_for else None,
                        "failures": state.failures,
                        "error": state.error,
                        "name": source.name,
                        "channel": source.channel,
                        "checked": source.checked,
                        "condition": state.condition,
                    }
                )
                continue
            checked = source.checked.strftime("%d/%m/%Y") if source.checked else m.NEVER_CHECKED
            enabled = m.ENABLED if source.enabled else m.DISABLED
            click.echo("\t".join((source.id, enabled, m.CONDITIONS[state.condition], checked, source.url)))


@command("sources import")
@click.argument("file", type=ReadableFile())
def import_(call: Invocation, file: Path) -> None:
    listed = files.load(file, COLLECTORS)
    with _register(call) as register:
        changed = register.declare(listed, by=CONSOLE, at=datetime.now(UTC))
    if call.json:
        call.show({"sources": len(listed), "changed": changed})
    else:
        call.say(m.SOURCES_IMPORTED.format(count=len(listed), changed=changed))


def _switch(call: Invocation, source_id: str, enabled: bool, sentence: str) -> None:
    with _register(call) as register:
        known = register.get(SourceId(source_id), by=CONSOLE)
        saved = register.enable(
            known.source.id, enabled, by=CONSOLE, at=datetime.now(UTC), revision=known.revision
        ).source
    if call.json:
        call.show({"id": saved.id, "url": saved.url, "tier": saved.tier, "enabled": saved.enabled})
    else:
        call.say(sentence.format(id=saved.id))


@command("sources enable")
@click.argument("source_id", metavar="ID")
def enable(call: Invocation, source_id: str) -> None:
    _switch(call, source_id, True, m.SOURCE_ENABLED)


@command("sources disable")
@click.argument("source_id", metavar="ID")
def disable(call: Invocation, source_id: str) -> None:
    _switch(call, source_id, False, m.SOURCE_DISABLED)


@command("sources check")
@click.argument("source_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help=m.OPTION_ALL_SOURCES)
def check(call: Invocation, source_id: str | None, everything: bool) -> None:
    if (source_id is None) is not everything:
        raise click.UsageError(m.USAGE_ONE_OF.format(names="ID, --all"))
    with _register(call) as register:
        if source_id is not None:
            sources = [register.get(SourceId(source_id), by=CONSOLE).source]
        else:
            sources = [known.source for known in register.list(by=CONSOLE) if known.source.enabled]
    failed = 0
    for source in sources:
        outcome, found = trial.read(call.settings, source)
        failed += outcome.error is not None
        _show_trial(call, outcome, found)
    if failed:
        raise click.exceptions.Exit(1)


def _show_trial(call: Invocation, outcome: Outcome, found: Sequence[Reviewed]) -> None:
    if call.json:
        call.show(rows.outcome(outcome) | {"articles": [rows.article(one) for one in found]})
        return
    if outcome.error:
        call.say(f"{outcome.source_id}: {m.sentence(outcome.error)}")
    else:
        call.say(m.SOURCE_READS.format(id=outcome.source_id, count=outcome.tally.new, seconds=outcome.seconds))
    for note, count in outcome.notes.items():
        call.say(f"  {note}: {count}")
    for one in found[:_SHOWN]:
        stored = one.article
        when = local(stored.published).strftime("%d/%m/%Y %H:%M") if stored.published else m.UNDATED
        click.echo(f"{when}  {len(stored.text):6}  {stored.title}")


@command("sources add")
@click.argument("url", type=Checked("url", values.web_address))
@click.option("--id", "source_id", type=Checked("id", values.slug), metavar="ID", help=m.OPTION_SOURCE_ID)
@click.option("--name", help=m.OPTION_SOURCE_NAME)
@click.option("--channel", type=OneOf(Channel), default=Channel.PRESS.value, help=m.OPTION_CHANNEL)
@click.option("--tier", type=Between(1, 3), default=2, help=m.OPTION_TIER)
def add(call: Invocation, url: str, source_id: str | None, name: str | None, channel: Channel, tier: int) -> None:
    canonical = canonical_url(url)
    if canonical is None:
        raise click.UsageError(m.NOT_AN_ADDRESS.format(url=url))
    host = urlsplit(canonical).netloc
    declared = Source(
        id=SourceId(source_id or re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.").lower()).strip("-")),
        name=name or host,
        channel=channel,
        collector=next(iter(TRIED)),
        url=canonical,
        tier=tier,
    )
    with _register(call) as register:
        if any(known.source.id == declared.id for known in register.list(by=CONSOLE)):
            raise click.UsageError(m.SOURCE_TAKEN.format(id=declared.id))
    source, outcome, found = _recognised(call, declared)
    with _register(call) as register:
        register.add(source, by=CONSOLE, at=datetime.now(UTC))
    _show_trial(call, outcome, found)
    if not call.json:
        call.say(m.SOURCE_ADDED.format(id=source.id, collector=source.collector))


def _recognised(call: Invocation, declared: Source) -> tuple[Source, Outcome, Sequence[Reviewed]]:
    """The source with the first collector that finds articles there. Raises the last one's error where none does."""
    for collector in TRIED:
        source = replace(declared, collector=collector)
        outcome, found = trial.read(call.settings, source)
        if found:
            return source, outcome, found
    raise outcome.error or NothingFound(url=declared.url)


COMMANDS = (group("sources", (list_, add, import_, check, enable, disable)),)
