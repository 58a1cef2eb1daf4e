"""Types of values that options take: a refusal names what was found and what is allowed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from config import messages as m
from config.backup_messages import A_NEW_FILE

_Number = TypeVar("_Number", int, float)


class OneOf(click.ParamType[StrEnum]):
    """A value of an enum."""

    def __init__(self, choices: type[StrEnum]) -> None:
        self.name = choices.__name__
        self._choices = choices

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "|".join(self._choices)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> StrEnum:
        if value not in set(self._choices):
            self.fail(m.NOT_ALLOWED.format(found=value, allowed=", ".join(self._choices)), param, ctx)
        return self._choices(str(value))


class Between(click.ParamType[_Number], Generic[_Number]):
    """A number from the least to the most, both included; a whole one where these are."""

    name = "number"

    def __init__(self, least: _Number, most: _Number) -> None:
        self._least: _Number = least
        self._most: _Number = most

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return f"{self._least:g}–{self._most:g}"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> _Number:
        kind = type(self._least)
        try:
            number = kind(str(value))
        except ValueError:
            number = None
        if number is None or not self._least <= number <= self._most:
            allowed = m.A_WHOLE_NUMBER if kind is int else m.A_NUMBER
            allowed = allowed.format(least=f"{self._least:.0f}", most=f"{self._most:.0f}")
            self.fail(m.NOT_ALLOWED.format(found=value, allowed=allowed), param, ctx)
        return number


class _Place(click.Path):
    """A path that click looks at; what it refuses is said in the words of `allowed`."""

    def __init__(self, allowed: str, **rules: Any) -> None:
        super().__init__(path_type=Path, **rules)
        self._allowed = allowed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            if str(value):
                return super().convert(value, param, ctx)
        except click.BadParameter:
            pass
        return self.fail(m.NOT_ALLOWED.format(found=value, allowed=self._allowed), param, ctx)


class ReadableFile(_Place):
    """A file that is there; "-" is standard input where that is allowed."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(m.A_FILE, exists=True, dir_okay=False, allow_dash=allow_dash)


class NewFile(_Place):
    """A file to be written, which may be there already."""

    def __init__(self) -> None:
        super().__init__(A_NEW_FILE, dir_okay=False, writable=True)


class Folder(_Place):
    """A folder, which need not be there yet."""

    def __init__(self) -> None:
        super().__init__(m.A_FOLDER, file_okay=False, readable=False)
