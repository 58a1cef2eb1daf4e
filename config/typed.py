"""A file of values as one typed value, checked once."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from index.errors import ConfigError

_Value = TypeVar("_Value")


def read_yaml(file: Path, kind: type[_Value]) -> _Value:
    """Raises `ConfigError` naming file, key, and what is allowed."""
    try:
        return msgspec.convert(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader), kind)
    except msgspec.ValidationError as error:
        said, _, key = str(error).partition(" - at ")
        raise ConfigError(file=str(file), key=key.strip("`"), found="", allowed=said) from error
