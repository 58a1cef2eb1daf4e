"""What every command shares: the home it works on, its options, and how it speaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from config import messages as m
from config.commands.allowed import Folder
from config.commands.speaking import Command, Group
from config.settings import SETTINGS_FILE, Settings, load
from index.errors import ConfigError

DEFAULT_HOME: Final = "kiemtin-home"


@dataclass
class Invocation:
    """One call of the command: where the home is and what was set; settings are read when first asked for."""

    home: Path
    named_home: bool = False
    """Was the home named by the person, or is it the default?"""
    overrides: Sequence[str] = ()
    debug: bool = False
    json: bool = False
    _encoder: msgspec.json.Encoder = field(default_factory=msgspec.json.Encoder)

    @cached_property
    def settings(self) -> Settings:
        return load(self.home, environment=os.environ, overrides=self.overrides)

    @property
    def has_home(self) -> bool:
        return (self.home / SETTINGS_FILE).exists()

    def say(self, sentence: str) -> None:
        """A message to the person: standard error, so that standard output stays data."""
        click.echo(sentence, err=True)

    def show(self, document: object) -> None:
        """One JSON document on a line of standard output."""
        click.echo(self._encoder.encode(document).decode())

    def table(self, rows: Iterable[Sequence[object]]) -> None:
        """Rows for a reader: columns padded to their widest cell."""
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)] if cells else []
        for row in cells:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def command(path: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command by its whole path ("user add"), with the options that all have; help and example from the messages.

    The function gets the `Invocation` first. `--home`, `--set` and `--debug` may stand before or after the name.
    """

    def make(function: Callable[..., None]) -> click.Command:

        @wraps(function)
        @click.pass_context
        def call(context: click.Context, /, **options: Any) -> None:
            function(_invocation(context, options), **options)

        name = path.rpartition(" ")[2]
        made = click.command(name, cls=Command, help=m.HELP[path], epilog=m.EXAMPLE.format(example=m.EXAMPLES[path]))(
            call
        )
        made.params += _shared_options()
        return made

    return make


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(["--json", "as_json"], is_flag=True, help=m.OPTION_JSON),
        click.Option(["--home"], type=Folder(), help=m.OPTION_HOME),
        click.Option(["--set", "overrides"], multiple=True, metavar="KEY=VALUE", help=m.OPTION_SET),
        click.Option(["--debug"], is_flag=True, help=m.OPTION_DEBUG),
    ]


def group(name: str, commands: Sequence[click.Command]) -> click.Group:
    """Commands that share a first word."""
    made = Group(name, help=m.HELP[name], epilog=m.EXAMPLE.format(example=m.EXAMPLES[name]))
    for each in commands:
        made.add_command(each)
    return made


def _invocation(context: click.Context, options: dict[str, Any]) -> Invocation:
    outer: dict[str, Any] = context.find_root().params
    named = options.pop("home") or outer.get("home") or os.environ.get("KIEMTIN_HOME")
    return Invocation(
        home=Path(named or DEFAULT_HOME).absolute(),
        named_home=named is not None,
        overrides=(*outer.get("overrides", ()), *options.pop("overrides")),
        debug=options.pop("debug") or outer.get("debug", False),
        json=options.pop("as_json"),
    )


def password_from(file: Path | None) -> str:
    """A password from a file, or asked for twice on a terminal. Raises `click.UsageError` where neither is there."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise ConfigError(file=str(file), key="", found="***", allowed="UTF-8") from error
    if not sys.stdin.isatty():
        raise click.UsageError(m.PASSWORD_NEEDED)
    return str(click.prompt(m.ASK_PASSWORD, hide_input=True, confirmation_prompt=m.ASK_PASSWORD_AGAIN, err=True))
