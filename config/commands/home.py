"""`kiemtin init`, `config`, `doctor` and `purge`: the home itself."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from config import doctor_messages, housekeeping, profile, settings, wiring
from config import messages as m
from config.commands.invocation import Invocation, command, password_from
from config.commands.people import PASSWORD_FILE
from config.doctor import examine
from crawlers.register import COLLECTORS
from desk.accounts import Accounts
from index.account import CONSOLE, Role
from index.casebook import Casebook


@command("init")
@click.option("--province", help=m.OPTION_PROVINCE)
@click.option("--no-sources", is_flag=True, help=m.OPTION_NO_SOURCES)
@click.option("--admin", help=m.OPTION_ADMIN)
@PASSWORD_FILE
def init(
    call: Invocation, province: str | None, no_sources: bool, admin: str | None, password_file: Path | None
) -> None:
    terminal = sys.stdin.isatty() and not call.json
    if province is None and not terminal:
        raise click.UsageError(m.USAGE_MISSING.format(name="--province"))
    chosen = profile.province(province or click.prompt(m.ASK_PROVINCE, err=True))
    if admin is None and terminal:
        admin = click.prompt(m.ASK_ADMIN, default="", show_default=False, err=True) or None
    password = password_from(password_file) if admin else ""
    count = make(call, chosen, with_sources=not no_sources, admin=admin, password=password)
    if call.json:
        call.show({"home": str(call.home), "province": chosen.id, "sources": count})
        return
    call.say(m.HOME_MADE.format(home=call.home, province=chosen.name, sources=count))
    if admin is None:
        call.say(m.NO_ACCOUNT)


@command("config")
def config(call: Invocation) -> None:
    shown = settings.shown(call.settings)
    if call.json:
        call.show({key: {"value": value, "from": origin} for key, (value, origin) in shown.items()})
    else:
        call.table([(key, value, origin) for key, (value, origin) in shown.items()])


@command("doctor")
def doctor(call: Invocation) -> None:
    checks = examine(call.settings, datetime.now(UTC))
    if call.json:
        call.show({"checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "fix": c.fix} for c in checks]})
    else:
        said = {True: doctor_messages.CHECK_OK, False: doctor_messages.CHECK_NOT_OK}
        call.table([(said[c.ok], c.name, c.detail, c.fix) for c in checks])
    if not all(check.ok for check in checks):
        raise click.exceptions.Exit(1)


@command("purge")
@click.option("--dry-run", is_flag=True, help=m.OPTION_DRY_RUN)
def purge(call: Invocation, dry_run: bool) -> None:
    counted = housekeeping.purge(call.settings, datetime.now(UTC), dry_run=dry_run)
    if call.json:
        for kind, count in counted.items():
            call.show({"kind": kind, "count": count})
        return
    call.table(list(counted.items()))
    if dry_run:
        call.say(m.WOULD_PURGE)


def make(call: Invocation, province: profile.Province, *, with_sources: bool, admin: str | None, password: str) -> int:
    """A new home; how many sources it starts with.

    The settings file is written last and makes the folder a home: where something fails before, `init` can be repeated.
    """
    if (call.home / settings.SETTINGS_FILE).exists():
        raise click.UsageError(m.HOME_EXISTS.format(home=call.home))
    now = datetime.now(UTC)
    listed = profile.profile_sources(province.id, COLLECTORS) if with_sources else ()
    wiring.make_folders(call.home)
    with Casebook.open(call.home / settings.CASEBOOK_FILE) as casebook:
        if admin is not None:
            Accounts(casebook, province.id).add_account(
                admin, "", frozenset({Role.ADMIN}), password, by=CONSOLE, at=now
            )
        with casebook.write(province.id) as book:
            book.register.declare(listed, by=CONSOLE.name, at=now)
    (call.home / settings.SETTINGS_FILE).write_text(f"province: {province.id}\n", encoding="utf-8")
    return len(listed)


COMMANDS = (init, config, doctor, purge)
