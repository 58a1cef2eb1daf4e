"""Commands of click that help and refuse in our words; what click words in an exception, `calling` words again."""

from __future__ import annotations

from typing import NoReturn

import click

from config import messages as m


class _Help(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or m.HELP_USAGE)

    def write_heading(self, heading: str) -> None:
        super().write_heading(m.HELP_HEADINGS.get(heading, heading))


class _Context(click.Context):
    formatter_class = _Help

    def fail(self, message: str) -> NoReturn:
        # All that a group has to say so is that none of its commands was named.
        super().fail(m.USAGE_NO_COMMAND if isinstance(self.command, click.Group) else message)


class Option(click.Option):
    """An option that says in our words that it must be there."""

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = m.HELP_REQUIRED
        return extra


class _Speaking(click.Command):
    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = m.OPTION_HELP
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = ctx  # click leaves out whose option it is
            raise


class Command(_Speaking):
    allow_extra_args = True  # they come here, and click does not refuse them

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise click.UsageError(m.USAGE_EXTRA.format(found=" ".join(rest)), ctx)
        return rest


class Group(_Speaking, click.Group):
    """Commands that share a first word."""
