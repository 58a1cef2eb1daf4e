"""`kiemtin report`: what the service makes by itself, written where somebody asks for it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from config import messages as m
from config import wiring
from config.commands.allowed import Folder, OneOf
from config.commands.invocation import Invocation, command, group
from config.commands.speaking import Option
from desk.daily import Edition
from desk.editions import file_name
from index.clock import local
from index.errors import OutputRefused, StoreError
from index.files import write_whole

EARLIEST: Final = 1990
"""The year before which there is no page to ask for."""


class Day(click.ParamType[datetime.date]):
    """A day on the office's calendar that has begun."""

    name = "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        try:
            day = datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fail(m.NOT_ALLOWED.format(found=value, allowed=m.A_DATE), param, ctx)
        today = local(wiring.clock()).date()
        if day.year < EARLIEST or day > today:
            allowed = m.A_DAY_THAT_HAS_COME.format(earliest=EARLIEST, today=today)
            self.fail(m.NOT_ALLOWED.format(found=value, allowed=allowed), param, ctx)
        return day


@command("report daily")
@click.option("--date", type=Day(), help=m.OPTION_DATE)
@click.option("--edition", type=OneOf(Edition), default=Edition.MORNING.value, help=m.OPTION_EDITION)
@click.option("--out", cls=Option, required=True, type=Folder(), help=m.OPTION_OUT)
def daily(call: Invocation, date: datetime.date | None, edition: Edition, out: Path) -> None:
    now = wiring.clock()
    settings = call.settings
    with (
        wiring.open_archive(settings) as archive,
        wiring.open_casebook(settings) as casebook,
        wiring.making_pages(settings),
    ):
        pages = wiring.daily_pages(settings, archive, casebook)
        page = pages.made(date or local(now).date(), edition, now=now)
        files = {out / file_name(page.day, edition, kind): data for kind, data in pages.printed(page).items()}
        _write(files)
    counts = asdict(page.counts)
    if call.json:
        call.show({"files": [str(file) for file in files], "counts": counts})
    else:
        call.say(m.PAGE_WRITTEN.format(**counts, day=f"{page.day:%d/%m/%Y}", files=len(files), folder=out.resolve()))


def _write(files: Mapping[Path, bytes]) -> None:
    try:
        for file, data in files.items():
            write_whole(file, data)
    except StoreError as error:
        raise OutputRefused(**error.params) from error


COMMANDS = (group("report", (daily,)),)
