"""`kiemtin newsroom`, `run` and `demo`: what stays up until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

import click

from config import demo as demos
from config import messages as m
from config import sources as files
from config import wiring, worker_messages
from config.commands.allowed import Between, ReadableFile
from config.commands.invocation import Invocation, command
from config.service import Service

PORT: Final = 8900
OUTLETS: Final = 8


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, instead of ending the process in the middle of something."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signature of a signal handler
        told.set()

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@command("newsroom")
@click.argument("file", required=False, type=ReadableFile())
@click.option("--port", type=Between(1, 65_535), default=PORT, help=m.OPTION_PORT.format(default=PORT))
@click.option("--outlets", type=Between(1, 500), default=OUTLETS, help=m.OPTION_OUTLETS.format(default=OUTLETS))
@click.option("--speed", type=Between(1.0, 100_000.0), default=1.0, help=m.OPTION_SPEED.format(default=1))
def newsroom(call: Invocation, file: Path | None, port: int, outlets: int, speed: float) -> None:
    with until_told() as told:
        room = wiring.replay(file, outlets, port) if file else wiring.written_week(datetime.now(UTC), speed, port)
        with room:
            sources = room.sources()
            if call.json:
                for source in sources:
                    call.show({"id": source.id, "url": source.url, "collector": source.collector})
            else:
                click.echo(files.written(sources))
            sys.stdout.flush()
            hosts = room.allow_hosts()
            call.say(m.NEWSROOM_UP.format(count=len(sources), first=hosts[0], last=hosts[-1]))
            told.wait()


@command("run")
@click.option("--no-dashboard", is_flag=True, help=m.OPTION_NO_DASHBOARD)
@click.option("--distributed", is_flag=True, help=worker_messages.OPTION_DISTRIBUTED)
def run(call: Invocation, no_dashboard: bool, distributed: bool) -> None:
    with (
        until_told() as told,
        Service(call.settings, with_dashboard=not no_dashboard, distributed=distributed) as service,
    ):
        call.say(m.SERVICE_UP.format(province=call.settings.province, address=service.address))
        service.wait(told)
    call.say(m.SERVICE_DOWN)


@command("demo")
@click.option("--port", type=Between(1, 65_535), default=PORT, help=m.OPTION_PORT.format(default=PORT))
@click.option("--speed", type=Between(1.0, 100_000.0), default=60.0, help=m.OPTION_SPEED.format(default=60))
def demo(call: Invocation, port: int, speed: float) -> None:
    home = call.home if call.named_home else Path(demos.HOME).absolute()
    call.say(m.DEMO_COLLECTING)
    with until_told() as told, demos.played(home, port=port, speed=speed) as playing:
        call.say(m.DEMO_ACCOUNTS.format(file=playing.accounts_file))
        for account in playing.accounts:
            call.say(m.DEMO_ACCOUNT.format(role=account.role, name=account.name, password=account.password))
        call.say(m.DEMO_READY.format(address=playing.service.address))
        playing.service.wait(told)
    call.say(m.SERVICE_DOWN)


COMMANDS = (newsroom, run, demo)
