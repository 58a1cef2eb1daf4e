"""What of an office's settings goes into a backup: without secrets, and without what is of this machine alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from config.settings import COMMAND_LINE, ENVIRONMENT, KEYS, SETTINGS_FILE, Settings

_SECRETS: Final = "secrets"
_PLACES: Final = ("snapshots", "attachments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Travelling:
    """The text of the settings as they shall be restored; the files of secrets, by the name that each gets below the
    home's `secrets/`; and what whoever restores must bring, in the settings' own words."""

    text: bytes
    secrets: Mapping[str, Path]
    by_hand: tuple[str, ...]


def travelling(settings: Settings, *, with_secrets: bool) -> Travelling:
    """The settings file is written anew from its values: its comments may hold an old secret."""
    file = settings.home / SETTINGS_FILE
    document = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    luggage = _Luggage(settings.home, with_secrets=with_secrets)
    kept: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            inner = {sub: luggage.packed(f"{name}.{sub}", raw) for sub, raw in value.items()}
            kept[name] = {sub: raw for sub, raw in inner.items() if raw is not None}
        elif (raw := luggage.packed(str(name), value)) is not None:
            kept[name] = raw
    elsewhere = [
        f"{key} ({origin})"
        for key, origin in settings.origins.items()
        if origin.startswith((ENVIRONMENT, COMMAND_LINE))
    ]
    text = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
    return Travelling(text=text.encode(), secrets=luggage.secrets, by_hand=(*luggage.by_hand, *elsewhere))


class _Luggage:
    """Takes one setting after the other, and keeps what cannot travel in them."""

    def __init__(self, home: Path, *, with_secrets: bool) -> None:
        self._home = home
        self._with_secrets = with_secrets
        self.secrets: dict[str, Path] = {}
        self.by_hand: list[str] = []

    def packed(self, key: str, raw: object) -> object:
        """The value that a setting shall have in a restored home; None where it shall not be there."""
        of = key.removesuffix("_file")
        if key in _PLACES and isinstance(folder := KEYS[key].read(raw), Path):
            # In a backup, and so in a restored home, they lie where they lie by default. A bucket stays where it is.
            if folder != KEYS[key].default:
                self.by_hand.append(f"{key}: {raw}")
            return None
        if key in KEYS and KEYS[key].secret and not self._with_secrets:
            self.by_hand.append(key)
            return None
        if key not in KEYS and self._with_secrets:
            self.secrets[of] = self._home / str(raw)
            return f"{_SECRETS}/{of}"
        if of != key and raw:
            self.by_hand.append(f"{key}: {raw}")
        return raw
