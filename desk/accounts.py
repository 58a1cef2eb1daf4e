"""Accounts, signing in, and who may do what."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from index.account import CONSOLE, Account, Credentials, Officer, Role, Session
from index.case import MACHINE
from index.casebook import Casebook
from index.errors import AccountError, AccountLocked, Forbidden, SessionEnded, SignInBusy, SignInRefused
from index.model import OfficerName, ProvinceId


class Action(StrEnum):
    """What the desk asks leave for."""

    READ = "read"
    """See the queue and the stories."""
    DECIDE = "decide"
    """Write on cases: signs, conclusions, rulings; bring in tips; mend the daily page."""
    COMMENT = "comment"
    """Say something on a case; it changes nothing of it."""
    EXPORT = "export"
    """Take what was found out of the archive as a file."""
    READ_SOURCES = "read_sources"
    CHANGE_SOURCES = "change_sources"
    CHANGE_ACCOUNTS = "change_accounts"


PERMISSIONS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.MONITOR: frozenset({Action.READ, Action.DECIDE, Action.COMMENT, Action.EXPORT, Action.READ_SOURCES}),
    Role.LEADER: frozenset({Action.READ, Action.COMMENT}),
    Role.ADMIN: frozenset({Action.READ_SOURCES, Action.CHANGE_SOURCES, Action.CHANGE_ACCOUNTS}),
}


def may(officer: Officer | Account, action: Action) -> bool:
    return any(action in PERMISSIONS[role] for role in officer.roles)


def require(officer: Officer, action: Action) -> None:
    """Raises `Forbidden`."""
    if not may(officer, action):
        raise Forbidden(action=action, officer=officer.name)


ALLOWED_FAILURES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=8)
IDLE: Final = timedelta(minutes=30)
LONGEST_SESSION: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
_TELLING_NAME: Final = 4
"""Shorter names are syllables that stand in many a good password."""
_TOUCH_EVERY: Final = timedelta(minutes=1)
_AHEAD: Final = timedelta(minutes=10)
"""A sign-in that began further ahead than this began on a clock that has since been set back."""
_HASHED_AT_ONCE: Final = 1
"""One password costs a core a moment and 64 MB; a flood of them must leave the other core to those who work."""
_TURN: Final = 3.0
"""Seconds that a sign-in waits for its turn."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,49}")
_RESERVED: Final = frozenset({MACHINE, CONSOLE.name})


class Accounts:
    """The accounts of one province's desk. `hasher` is argon2id; tests may give a cheaper one."""

    def __init__(self, casebook: Casebook, province: ProvinceId, hasher: PasswordHasher | None = None) -> None:
        self._casebook = casebook
        self._province = province
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.Semaphore(_HASHED_AT_ONCE)

    # --- for administrators

    def add_account(
        self, name: str, display_name: str, roles: frozenset[Role], password: str, *, by: Officer, at: datetime
    ) -> Account:
        """Raises `AccountError`: the name is taken or not a name, no role, no acceptable password."""
        require(by, Action.CHANGE_ACCOUNTS)
        if not _NAME.fullmatch(name) or name in _RESERVED:
            raise AccountError(problem="name", found=name)
        if not roles:
            raise AccountError(problem="roles", found=name)
        account = Account(name=OfficerName(name), display_name=display_name.strip() or name, roles=roles)
        password_hash = self._hash(password, account.name)
        with self._casebook.write(self._province) as book:
            if book.staff.credentials(account.name) is not None:
                raise AccountError(problem="taken", found=name)
            book.staff.add(account, password_hash, by=by.name, at=at)
        return account

    def list(self, *, by: Officer) -> Sequence[Account]:
        require(by, Action.CHANGE_ACCOUNTS)
        with self._casebook.read(self._province) as book:
            return book.staff.accounts()

    def colleagues(self, *, by: Officer) -> Sequence[Account]:
        """Everybody with an account, disabled ones too: the names in a history, and who a case can be given to."""
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.staff.accounts()

    def disable(self, name: str, *, by: Officer, at: datetime) -> None:
        """Nobody signs in under it any more, and who is signed in is out at once. What it did keeps its name."""
        self._set_disabled(name, disabled=True, by=by, at=at)

    def enable(self, name: str, *, by: Officer, at: datetime) -> None:
        self._set_disabled(name, disabled=False, by=by, at=at)

    def reset(self, name: str, password: str, *, by: Officer, at: datetime) -> None:
        """A new password given by an administrator; unlocks, and ends every sign-in."""
        require(by, Action.CHANGE_ACCOUNTS)
        password_hash = self._hash(password, OfficerName(name))
        with self._casebook.write(self._province) as book:
            if book.staff.credentials(OfficerName(name)) is None:
                raise AccountError(problem="unknown", found=name)
            book.staff.set_password(OfficerName(name), password_hash, by=by.name, at=at)

    def _set_disabled(self, name: str, *, disabled: bool, by: Officer, at: datetime) -> None:
        require(by, Action.CHANGE_ACCOUNTS)
        with self._casebook.write(self._province) as book:
            found = book.staff.credentials(OfficerName(name))
            if found is None:
                raise AccountError(problem="unknown", found=name)
            if disabled and _is_last_admin(found.account, book.staff.accounts()):
                raise AccountError(problem="last_admin", found=name)
            if found.account.disabled != disabled:
                book.staff.set_disabled(OfficerName(name), disabled, by=by.name, at=at)

    # --- for everybody

    def sign_in(self, name: str, password: str, *, at: datetime) -> str:
        """The token of a new session, to be kept by the browser alone.

        Raises `SignInRefused`, or `AccountLocked` after repeated failures: every attempt is counted before its
        password is looked at, so that many at once do not get around the lock.
        """
        known = self._attempt(OfficerName(name), password, at)
        if known.account.disabled:
            raise SignInRefused()
        token = secrets.token_urlsafe(32)
        session = Session(name=known.account.name, started=at, expires=at + LONGEST_SESSION, last_action=at)
        outdated = self._hasher.check_needs_rehash(known.password_hash)
        password_hash = self._hasher.hash(password) if outdated else known.password_hash
        with self._casebook.write(self._province) as book:
            book.staff.forget_expired(at)
            book.staff.start(_hashed(token), session, password_hash)
        return token

    def officer(self, token: str, *, at: datetime, acted: bool = True) -> Officer:
        """Who is signed in under a token, with the roles they have now.

        `acted` False for what the page does by itself: it does not keep the session alive. Raises `SessionEnded`.
        """
        with self._casebook.read(self._province) as book:
            found = book.staff.session(_hashed(token))
        if found is None or found[1].disabled:
            raise SessionEnded(why="none")
        session, account = found
        if at >= session.expires or session.started - at > _AHEAD:
            raise SessionEnded(why="old")
        if at - session.last_action >= IDLE:
            raise SessionEnded(why="idle")
        if acted and at - session.last_action >= _TOUCH_EVERY:
            with self._casebook.write(self._province) as book:
                book.staff.touch(_hashed(token), at)
        return Officer(name=account.name, display_name=account.display_name, roles=account.roles)

    def sign_out(self, token: str, *, at: datetime) -> None:
        with self._casebook.write(self._province) as book:
            found = book.staff.session(_hashed(token))
            if found is not None:
                book.staff.end(_hashed(token), found[0].name, at=at)

    def change_password(self, officer: Officer, old: str, new: str, *, at: datetime) -> str:
        """The officer's own change; ends their other sign-ins and returns the token of a new one."""
        password_hash = self._hash(new, officer.name)
        self._attempt(officer.name, old, at)
        with self._casebook.write(self._province) as book:
            book.staff.set_password(officer.name, password_hash, by=officer.name, at=at)
        return self.sign_in(officer.name, new, at=at)

    # --- passwords

    def _attempt(self, name: OfficerName, password: str, at: datetime) -> Credentials:
        """Count an attempt, then look at its password; one at a time. Raises `SignInBusy`."""
        with self._turn():
            return self._attempted(name, password, at)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_TURN):
            raise SignInBusy()
        try:
            yield
        finally:
            self._turns.release()

    def _attempted(self, name: OfficerName, password: str, at: datetime) -> Credentials:
        nobody = self._nobody
        with self._casebook.write(self._province) as book:
            known = book.staff.credentials(name)
            if known is not None:
                until = known.account.locked_until
                # A lock that lies further ahead than any was written by a clock that has since been set back.
                if until is not None and at < until <= at + LONGEST_LOCK:
                    raise AccountLocked(until=until)
                failures = known.failures + 1
                book.staff.count_attempt(name, failures, _locked_until(failures, at))
        if not self._matches(known.password_hash if known else nobody, password) or known is None:
            if known is not None:
                with self._casebook.write(self._province) as book:
                    book.staff.record_failure(name, at=at)
            raise SignInRefused()
        return known

    @cached_property
    def _nobody(self) -> str:
        """Checked where there is no such account, so that a wrong name takes as long as a wrong password."""
        return self._hasher.hash(secrets.token_urlsafe())

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[: LONGEST_PASSWORD + 1])
        except VerifyMismatchError:
            return False

    def _hash(self, password: str, name: OfficerName) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(problem="password_length", shortest=str(SHORTEST_PASSWORD))
        named = len(name) >= _TELLING_NAME and name.casefold() in password.casefold()
        if named or len(set(password)) < SHORTEST_PASSWORD // 2:
            raise AccountError(problem="password_weak")
        return self._hasher.hash(password)


def _is_last_admin(account: Account, accounts: Sequence[Account]) -> bool:
    admins = {one.name for one in accounts if Role.ADMIN in one.roles and not one.disabled}
    return admins == {account.name}


def _locked_until(failures: int, at: datetime) -> datetime | None:
    """Fifteen minutes after the fifth failure, twice as long after each further one."""
    beyond = failures - ALLOWED_FAILURES
    if beyond < 0:
        return None
    lock = FIRST_LOCK
    for _ in range(beyond):
        lock = min(lock * 2, LONGEST_LOCK)
    return at + lock


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
