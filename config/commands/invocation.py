"""What every command shares: the home it works on, its options, and how it speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from config import messages as m
from config.settings import Settings, load

DEFAULT_HOME: Final = "kiemtin-home"


@dataclass
class Invocation:
    """One call of the command: where the home is and what was set; settings are read when first asked for."""

    home: Path
    overrides: Sequence[str] = ()
    debug: bool = False
    json: bool = False
    _encoder: msgspec.json.Encoder = field(default_factory=msgspec.json.Encoder)

    @cached_property
    def settings(self) -> Settings:
        return load(self.home, environment=os.environ, overrides=self.overrides)

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


def command(group: click.Group, name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Register a command under its name with the options that all have, and its help and example from the messages.

    The function gets the `Invocation` first. `--home`, `--set` and `--debug` may stand before or after the name.
    """

    def register(function: Callable[..., None]) -> click.Command:
        key = name if group.name in (None, "kiemtin") else f"{group.name} {name}"

        @wraps(function)
        @click.pass_context
        def call(context: click.Context, /, **options: Any) -> None:
            function(_invocation(context, options), **options)

        decorated: Callable[..., None] = call
        for option in (
            click.option("--json", "as_json", is_flag=True, help=m.OPTION_JSON),
            click.option("--debug", is_flag=True, help=m.OPTION_DEBUG),
            click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help=m.OPTION_SET),
            click.option("--home", type=click.Path(path_type=Path), help=m.OPTION_HOME),
        ):
            decorated = option(decorated)
        return group.command(name, help=m.HELP[key], epilog=m.EXAMPLE.format(example=m.EXAMPLES[key]))(decorated)

    return register


def _invocation(context: click.Context, options: dict[str, Any]) -> Invocation:
    outer: dict[str, Any] = context.find_root().params
    home = options.pop("home") or outer.get("home") or os.environ.get("KIEMTIN_HOME") or DEFAULT_HOME
    return Invocation(
        home=Path(home).absolute(),
        overrides=(*outer.get("overrides", ()), *options.pop("overrides")),
        debug=options.pop("debug") or outer.get("debug", False),
        json=options.pop("as_json"),
    )


def password_from(file: Path | None) -> str:
    """A password from a file, or asked for twice on a terminal. Raises `click.UsageError` where neither is there."""
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    if not click.get_text_stream("stdin").isatty():
        raise click.UsageError(m.PASSWORD_NEEDED)
    return str(click.prompt(m.ASK_PASSWORD, hide_input=True, confirmation_prompt=m.ASK_PASSWORD_AGAIN, err=True))
