"""One call of `kiemtin`: wrong usage and every error end in one sentence and the exit status that scripts rely on."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from config import messages as m
from config.commands import (
    archiving,
    carrying,
    collecting,
    home,
    people,
    playing,
    registering,
    reporting,
    reviewing,
    saving,
    searching,
    working,
)
from config.commands.allowed import Folder
from config.commands.speaking import Group
from index.errors import ConfigError, KiemTinError

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130


@click.group("kiemtin", cls=Group, help=m.HELP["kiemtin"], epilog=m.EXAMPLE.format(example=m.EXAMPLES["kiemtin"]))
@click.option("--home", type=Folder(), help=m.OPTION_HOME)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help=m.OPTION_SET)
@click.option("--debug", is_flag=True, help=m.OPTION_DEBUG)
@click.version_option(package_name="kiemtin", message="%(prog)s %(version)s", help=m.OPTION_VERSION)
def kiemtin(home: Path | None, overrides: Sequence[str], debug: bool) -> None:  # noqa: ARG001  read from the context
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, stream=sys.stderr)


for module in (
    home,
    people,
    registering,
    collecting,
    reviewing,
    searching,
    reporting,
    saving,
    carrying,
    archiving,
    playing,
    working,
):
    for command in module.COMMANDS:
        kiemtin.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """The exit status of one call. No traceback reaches a user without `--debug`."""
    try:
        # Without its own endings click hands back the status that a command asked for.
        status = kiemtin.main(list(arguments), prog_name="kiemtin", standalone_mode=False)
    except Exception as error:  # noqa: BLE001  the last door: a user gets a sentence
        if "--debug" in arguments:
            traceback.print_exc()
        status, words = next((status, words) for kind, status, words in _ENDINGS if isinstance(error, kind))
        click.echo(words(error), err=True)
        return status
    return status or DONE


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "kiemtin"
    match error:
        case click.NoSuchOption():
            said = m.USAGE_NO_OPTION.format(name=error.option_name)
        case click.NoSuchCommand():
            said = m.USAGE_UNKNOWN_COMMAND.format(name=error.command_name)
        case click.BadOptionUsage():
            said = (m.USAGE_VALUE if _is_flag(error) else m.USAGE_NO_VALUE).format(name=error.option_name)
        case click.MissingParameter():
            said = m.USAGE_MISSING.format(name=_as_typed(error))
        case click.BadParameter():
            said = m.USAGE_BAD.format(name=_as_typed(error), why=error.message)
        case _:
            said = error.message
    return f"{said}\n{m.USAGE_HELP.format(path=path)}"


def _is_flag(error: click.BadOptionUsage) -> bool:
    options = error.ctx.command.get_params(error.ctx) if error.ctx else ()
    return any(isinstance(o, click.Option) and o.is_flag for o in options if error.option_name in o.opts)


def _as_typed(error: click.BadParameter) -> object:
    """An option as it is typed, an argument as the help calls it."""
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    return error.param.human_readable_name if error.param else error.param_hint


_ENDINGS: Final[tuple[tuple[type[Exception], int, Callable[[Any], str]], ...]] = (
    (click.UsageError, WRONG, _usage),
    (click.Abort, INTERRUPTED, lambda _: m.INTERRUPTED),
    (ConfigError, WRONG, m.sentence),
    (KiemTinError, FAILED, m.sentence),
    (OSError, FAILED, lambda e: m.FILE_MISSING.format(file=e.filename or "", why=m.reason(str(e.strerror or e)))),
    (Exception, FAILED, lambda error: m.UNEXPECTED.format(kind=type(error).__name__)),
)
