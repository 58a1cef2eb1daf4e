"""`kiemtin worker`: what stays up on a machine that does the work of others."""

from __future__ import annotations

import click

from config import sharing
from config import worker_messages as m
from config.commands.invocation import Invocation, command
from config.commands.playing import until_told
from config.logs import Part, kept
from config.work import Queue


class Queues(click.ParamType[tuple[Queue, ...]]):
    """Names of queues, with commas between them."""

    name = "queues"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Queue, ...]:
        named = tuple(dict.fromkeys(name.strip() for name in str(value).split(",")))
        for name in named:
            if name not in set(Queue):
                self.fail(m.QUEUES_ALLOWED.format(found=name, queues=", ".join(Queue)), param, ctx)
        return tuple(map(Queue, named))


@command("worker")
@click.option(
    "--queues",
    type=Queues(),
    default=",".join(Queue),
    metavar="A,B",
    help=m.OPTION_QUEUES.format(queues=", ".join(Queue)),
)
def worker(call: Invocation, queues: tuple[Queue, ...]) -> None:
    sharing.server(call.settings)  # names what is missing, before what needs it is loaded
    from config.worker import Worker  # noqa: PLC0415

    with kept(call.settings, Part.WORKER), until_told() as told, Worker(call.settings, queues):
        call.say(
            m.WORKER_UP.format(
                queues=", ".join(queues), province=call.settings.province, place=call.settings.redis.address
            )
        )
        told.wait()
    call.say(m.WORKER_DOWN)


COMMANDS = (worker,)
