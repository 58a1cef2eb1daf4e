"""`kiemtin user …`: accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from config import messages as m
from config import wiring
from config.commands.allowed import OneOf, ReadableFile
from config.commands.invocation import Invocation, command, group, password_from
from config.commands.speaking import Option
from desk.accounts import Accounts
from index.account import CONSOLE, Account, Role

PASSWORD_FILE = click.option("--password-file", type=ReadableFile(), help=m.OPTION_PASSWORD_FILE)


@command("user add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, cls=Option, required=True, type=OneOf(Role), help=m.OPTION_ROLE)
@click.option("--display-name", default="", help=m.OPTION_DISPLAY_NAME)
@PASSWORD_FILE
def add(call: Invocation, name: str, roles: Sequence[Role], display_name: str, password_file: Path | None) -> None:
    with _accounts(call) as accounts:
        password = password_from(password_file)
        account = accounts.add_account(name, display_name, frozenset(roles), password, by=CONSOLE, at=datetime.now(UTC))
    _say(call, account, m.USER_ADDED)


@command("user list")
def list_(call: Invocation) -> None:
    with _accounts(call) as accounts:
        listed = accounts.list(by=CONSOLE)
    if call.json:
        for account in listed:
            call.show(row(account))
    else:
        call.table([(a.name, a.display_name, " ".join(sorted(a.roles)), _state(a)) for a in listed])


@command("user disable")
@click.argument("name")
def disable(call: Invocation, name: str) -> None:
    with _accounts(call) as accounts:
        accounts.disable(name, by=CONSOLE, at=datetime.now(UTC))
        _say(call, _named(accounts, name), m.USER_DISABLED)


@command("user reset")
@click.argument("name")
@PASSWORD_FILE
def reset(call: Invocation, name: str, password_file: Path | None) -> None:
    with _accounts(call) as accounts:
        accounts.reset(name, password_from(password_file), by=CONSOLE, at=datetime.now(UTC))
        _say(call, _named(accounts, name), m.USER_RESET)


@contextmanager
def _accounts(call: Invocation) -> Iterator[Accounts]:
    with wiring.open_casebook(call.settings) as casebook:
        yield Accounts(casebook, call.settings.province)


def _named(accounts: Accounts, name: str) -> Account:
    return next(account for account in accounts.list(by=CONSOLE) if account.name == name)


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    locked = account.locked_until
    return "locked" if locked is not None and locked > datetime.now(UTC) else "active"


def row(account: Account) -> dict[str, object]:
    return {"name": account.name, "roles": sorted(account.roles), "state": _state(account)}


def _say(call: Invocation, account: Account, sentence: str) -> None:
    if call.json:
        call.show(row(account))
    else:
        call.say(sentence.format(name=account.name))


COMMANDS = (group("user", (add, list_, disable, reset)),)
