"""Who works with the casebook: accounts, roles, and a sign-in that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from index.model import OfficerName


class Role(StrEnum):
    """What a person is trusted with; one person may have several."""

    MONITOR = "monitor"
    LEADER = "leader"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person at work: the name that every act carries, and the roles it is checked against."""

    name: OfficerName
    display_name: str
    roles: frozenset[Role]


CONSOLE: Final = Officer(name=OfficerName("console"), display_name="console", roles=frozenset({Role.ADMIN}))
"""Whoever runs a command on the machine that holds the casebook; no account can have this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as it is listed; the hash of its password never leaves the casebook's room and `desk.accounts`."""

    name: OfficerName
    display_name: str
    roles: frozenset[Role]
    disabled: bool = False
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against. `failures` counts attempts since the last success, this one among them."""

    account: Account
    password_hash: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in. Its token is known to the browser alone; the casebook knows the token's SHA-256."""

    name: OfficerName
    started: datetime
    expires: datetime
    last_action: datetime
