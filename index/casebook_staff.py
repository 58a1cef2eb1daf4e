"""Accounts and sign-ins in the casebook. Passwords come as hashes, tokens as SHA-256: neither is kept in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from index.account import Account, Credentials, Session
from index.casebook_audit import NOTHING, AuditLog, Deed
from index.model import OfficerName, ProvinceId
from index.tables import accounts, sessions


class Staff:
    def __init__(self, connection: Connection, province: ProvinceId, audit: AuditLog) -> None:
        self._connection = connection
        self._province = province
        self._audit = audit

    # --- accounts

    def accounts(self) -> Sequence[Account]:
        query = select(accounts).where(accounts.c.province == self._province).order_by(accounts.c.name)
        return tuple(map(_account, self._connection.execute(query)))

    def credentials(self, name: OfficerName) -> Credentials | None:
        row = self._connection.execute(select(accounts).where(self._named(name))).one_or_none()
        if row is None:
            return None
        return Credentials(account=_account(row), password_hash=row.password_hash, failures=row.failures)

    def add(self, account: Account, password_hash: str, *, by: OfficerName, at: datetime) -> None:
        self._connection.execute(
            insert(accounts).values(
                province=self._province,
                name=account.name,
                display_name=account.display_name,
                roles=sorted(account.roles),
                password_hash=password_hash,
                disabled=account.disabled,
                failures=0,
                locked_until=None,
            )
        )
        self._record(Deed.ACCOUNT_ADDED, account.name, by, at, {"roles": " ".join(sorted(account.roles))})

    def set_disabled(self, name: OfficerName, disabled: bool, *, by: OfficerName, at: datetime) -> None:
        """Disabling ends every sign-in of the account."""
        self._connection.execute(update(accounts).where(self._named(name)).values(disabled=disabled))
        if disabled:
            self._end_all(name)
        self._record(Deed.ACCOUNT_DISABLED if disabled else Deed.ACCOUNT_ENABLED, name, by, at)

    def set_password(self, name: OfficerName, password_hash: str, *, by: OfficerName, at: datetime) -> None:
        """Also unlocks the account, and ends every sign-in of it."""
        self._connection.execute(
            update(accounts).where(self._named(name)).values(password_hash=password_hash, failures=0, locked_until=None)
        )
        self._end_all(name)
        self._record(Deed.PASSWORD_CHANGED, name, by, at)

    # --- signing in

    def count_attempt(self, name: OfficerName, failures: int, locked_until: datetime | None) -> None:
        """Remember an attempt before it is looked at; `start` forgets it again."""
        self._connection.execute(
            update(accounts).where(self._named(name)).values(failures=failures, locked_until=locked_until)
        )

    def record_failure(self, name: OfficerName, *, at: datetime) -> None:
        self._record(Deed.SIGN_IN_FAILED, name, name, at)

    def start(self, token_hash: str, session: Session, password_hash: str) -> None:
        """Keep a new sign-in and forget the failures before it.

        `password_hash` is of the same password, made anew where the parameters have grown stronger.
        """
        self._connection.execute(
            update(accounts)
            .where(self._named(session.name))
            .values(failures=0, locked_until=None, password_hash=password_hash)
        )
        self._connection.execute(
            insert(sessions).values(
                token_hash=token_hash,
                province=self._province,
                name=session.name,
                started=session.started,
                expires=session.expires,
                last_action=session.last_action,
            )
        )
        self._record(Deed.SIGNED_IN, session.name, session.name, session.started)

    def session(self, token_hash: str) -> tuple[Session, Account] | None:
        joined = sessions.join(
            accounts, and_(accounts.c.province == sessions.c.province, accounts.c.name == sessions.c.name)
        )
        row = self._connection.execute(
            select(sessions, accounts.c.display_name, accounts.c.roles, accounts.c.disabled, accounts.c.locked_until)
            .select_from(joined)
            .where(sessions.c.token_hash == token_hash, sessions.c.province == self._province)
        ).one_or_none()
        if row is None:
            return None
        session = Session(
            name=OfficerName(row.name), started=row.started, expires=row.expires, last_action=row.last_action
        )
        return session, _account(row)

    def touch(self, token_hash: str, at: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(last_action=at))

    def end(self, token_hash: str, name: OfficerName, *, at: datetime) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))
        self._record(Deed.SIGNED_OUT, name, name, at)

    def forget_expired(self, before: datetime) -> None:
        self._connection.execute(
            delete(sessions).where(sessions.c.province == self._province, sessions.c.expires < before)
        )

    def _end_all(self, name: OfficerName) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.province == self._province, sessions.c.name == name))

    def _named(self, name: OfficerName) -> ColumnElement[bool]:
        return and_(accounts.c.province == self._province, accounts.c.name == name)

    def _record(
        self, action: Deed, name: OfficerName, by: OfficerName, at: datetime, params: Mapping[str, str] = NOTHING
    ) -> None:
        self._audit.add(by=by, at=at, action=action, subject=f"account:{name}", params=params)


def _account(row: Row[Any]) -> Account:
    names = ("name", "display_name", "roles", "disabled", "locked_until")
    return msgspec.convert({name: getattr(row, name) for name in names}, Account)
