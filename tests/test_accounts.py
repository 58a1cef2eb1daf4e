"""Who may sign in, for how long, and what each role may do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from desk import accounts as rules
from desk.accounts import PERMISSIONS, Accounts, Action, may
from index.account import CONSOLE, Officer, Role
from index.casebook_audit import Deed
from index.errors import AccountError, AccountLocked, Forbidden, SessionEnded, SignInRefused
from tests.office import ADMIN, HA, LEADER, NOW, PROVINCE, Office, later

pytestmark = pytest.mark.usefixtures("every_casebook")

PASSWORD = "mưa rừng Đà Vị 7"
MONITOR = frozenset({Role.MONITOR})
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def accounts(office: Office) -> Accounts:
    accounts = Accounts(office.casebook, PROVINCE, CHEAP)
    accounts.add_account("ha", "Lê Thu Hà", MONITOR, PASSWORD, by=ADMIN, at=NOW)
    return accounts


def fail(accounts: Accounts, times: int, *, at: timedelta = timedelta()) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ha", "sai mật khẩu", at=NOW + at)


# --- signing in ---------------------------------------------------------------------------------------------------


def test_a_sign_in_lasts_over_many_pages(accounts: Accounts) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    for minutes in range(0, 120, 20):
        assert accounts.officer(token, at=later(minutes=minutes)) == HA


@pytest.mark.parametrize(("name", "password"), [("ha", "sai mật khẩu"), ("khong-co", PASSWORD), ("ha", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(accounts: Accounts, name: str, password: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(name, password, at=NOW)
    assert refused.value.params == {}


def test_every_sign_in_has_its_own_token_and_only_its_hash_is_kept(accounts: Accounts, office: Office) -> None:
    tokens = {accounts.sign_in("ha", PASSWORD, at=NOW) for _ in range(3)}
    assert len(tokens) == 3
    kept = office.kept()
    assert not any(token.encode() in kept for token in tokens)
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_a_sign_in_ends_after_half_an_hour_without_an_act(accounts: Accounts) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    assert accounts.officer(token, at=later(minutes=29), acted=False) == HA
    with pytest.raises(SessionEnded) as ended:
        accounts.officer(token, at=later(minutes=30), acted=False)
    assert ended.value.params == {"why": "idle"}


def test_a_sign_in_ends_after_its_longest_time_however_busy(accounts: Accounts) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    for minutes in range(0, 12 * 60, 20):
        accounts.officer(token, at=later(minutes=minutes))
    with pytest.raises(SessionEnded) as ended:
        accounts.officer(token, at=later(hours=12))
    assert ended.value.params == {"why": "old"}


def test_the_last_act_is_written_at_most_once_a_minute(accounts: Accounts, office: Office) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    accounts.officer(token, at=later(seconds=59))
    accounts.officer(token, at=later(seconds=90))
    accounts.officer(token, at=later(seconds=100))
    with office.casebook.read(PROVINCE) as book:
        found = book.staff.session(rules._hashed(token))
    assert found is not None
    assert found[0].last_action == later(seconds=90)


def test_signing_out_ends_it_on_the_server(accounts: Accounts) -> None:
    token, other = (accounts.sign_in("ha", PASSWORD, at=NOW) for _ in range(2))
    accounts.sign_out(token, at=NOW)
    accounts.sign_out(token, at=NOW)
    with pytest.raises(SessionEnded):
        accounts.officer(token, at=NOW)
    assert accounts.officer(other, at=NOW) == HA


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --"])
def test_a_token_nobody_was_given_opens_nothing(accounts: Accounts, token: str) -> None:
    with pytest.raises(SessionEnded):
        accounts.officer(token, at=NOW)


# --- lock-out -----------------------------------------------------------------------------------------------------


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(accounts: Accounts) -> None:
    fail(accounts, 5)
    with pytest.raises(AccountLocked) as locked:
        accounts.sign_in("ha", PASSWORD, at=later(minutes=14))
    assert locked.value.until == later(minutes=15)
    accounts.sign_in("ha", PASSWORD, at=later(minutes=15))


def test_each_further_failure_locks_twice_as_long_up_to_a_working_day(accounts: Accounts) -> None:
    fail(accounts, 4)
    at, locks = NOW, []
    for _ in range(7):
        fail(accounts, 1, at=at - NOW)
        with pytest.raises(AccountLocked) as locked:
            accounts.sign_in("ha", PASSWORD, at=at)
        locks.append(locked.value.until - at)
        at = locked.value.until
    assert locks == [timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 480)]


def test_success_forgets_the_failures_before_it(accounts: Accounts) -> None:
    fail(accounts, 4)
    accounts.sign_in("ha", PASSWORD, at=NOW)
    fail(accounts, 4)
    accounts.sign_in("ha", PASSWORD, at=NOW)


def test_guessing_with_many_hands_at_once_is_locked_all_the_same(accounts: Accounts) -> None:
    def guess(number: int) -> type[Exception]:
        try:
            accounts.sign_in("ha", f"thử lần {number}", at=NOW)
        except (SignInRefused, AccountLocked) as refused:
            return type(refused)
        raise AssertionError("guessed")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(24)))
    assert answers.count(SignInRefused) == 5
    assert answers.count(AccountLocked) == 19


# --- accounts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "Hà", "ha thu", "machine", "console", "-x", "a" * 51, "../x"])
def test_a_name_that_is_none_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError) as refused:
        accounts.add_account(name, "Ai đó", MONITOR, PASSWORD, by=ADMIN, at=NOW)
    assert refused.value.params["problem"] == "name"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "password_length"),
        ("123456789", "password_length"),
        ("x" * 201, "password_length"),
        ("aaaaaaaaaaaa", "password_weak"),
        ("minh-2026-tq", "password_weak"),
    ],
)
def test_a_password_that_is_too_easy_is_refused(accounts: Accounts, password: str, problem: str) -> None:
    with pytest.raises(AccountError) as refused:
        accounts.add_account("minh", "Trần Minh", MONITOR, password, by=ADMIN, at=NOW)
    assert refused.value.params["problem"] == problem
    assert [account.name for account in accounts.list(by=ADMIN)] == ["ha"]


def test_a_name_is_given_once_and_an_account_has_a_role(accounts: Accounts) -> None:
    with pytest.raises(AccountError) as taken:
        accounts.add_account("ha", "Hà khác", MONITOR, PASSWORD, by=ADMIN, at=NOW)
    with pytest.raises(AccountError) as without:
        accounts.add_account("minh", "Trần Minh", frozenset(), PASSWORD, by=ADMIN, at=NOW)
    assert (taken.value.params["problem"], without.value.params["problem"]) == ("taken", "roles")


def test_a_new_office_has_no_account_and_no_password_to_guess(office: Office) -> None:
    assert office.desk.accounts.list(by=CONSOLE) == ()


def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(accounts: Accounts) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    accounts.disable("ha", by=ADMIN, at=NOW)
    with pytest.raises(SessionEnded):
        accounts.officer(token, at=NOW)
    with pytest.raises(SignInRefused):
        accounts.sign_in("ha", PASSWORD, at=NOW)
    accounts.enable("ha", by=ADMIN, at=NOW)
    accounts.sign_in("ha", PASSWORD, at=NOW)


def test_a_reset_unlocks_and_ends_every_sign_in(accounts: Accounts) -> None:
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    fail(accounts, 5)
    accounts.reset("ha", "một mật khẩu khác", by=ADMIN, at=NOW)
    with pytest.raises(SessionEnded):
        accounts.officer(token, at=NOW)
    accounts.sign_in("ha", "một mật khẩu khác", at=NOW)


def test_an_officer_changes_their_own_password_with_the_old_one(accounts: Accounts) -> None:
    elsewhere = accounts.sign_in("ha", PASSWORD, at=NOW)
    with pytest.raises(SignInRefused):
        accounts.change_password(HA, "sai mật khẩu", "một mật khẩu khác", at=NOW)
    here = accounts.change_password(HA, PASSWORD, "một mật khẩu khác", at=NOW)
    assert accounts.officer(here, at=NOW) == HA
    with pytest.raises(SessionEnded):
        accounts.officer(elsewhere, at=NOW)
    with pytest.raises(SignInRefused):
        accounts.sign_in("ha", PASSWORD, at=NOW)


def test_a_new_password_that_is_too_easy_costs_no_attempt(accounts: Accounts) -> None:
    for _ in range(6):
        with pytest.raises(AccountError):
            accounts.change_password(HA, PASSWORD, "ngắn", at=NOW)
    accounts.sign_in("ha", PASSWORD, at=NOW)


def test_a_password_is_hashed_anew_when_the_office_asks_for_more(accounts: Accounts, office: Office) -> None:
    stronger = Accounts(office.casebook, PROVINCE, PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    stronger.sign_in("ha", PASSWORD, at=NOW)
    with office.casebook.read(PROVINCE) as book:
        kept = book.staff.credentials(HA.name)
    assert kept is not None
    assert "t=2" in kept.password_hash
    stronger.sign_in("ha", PASSWORD, at=NOW)


def test_what_happens_to_accounts_is_written_down(accounts: Accounts, office: Office) -> None:
    fail(accounts, 1)
    token = accounts.sign_in("ha", PASSWORD, at=NOW)
    accounts.sign_out(token, at=NOW)
    accounts.disable("ha", by=ADMIN, at=NOW)
    with office.casebook.read(PROVINCE) as book:
        entries = book.audit.entries(subject="account:ha")
    assert [(entry.by, entry.action) for entry in reversed(entries)] == [
        ("an", Deed.ACCOUNT_ADDED),
        ("ha", Deed.SIGN_IN_FAILED),
        ("ha", Deed.SIGNED_IN),
        ("ha", Deed.SIGNED_OUT),
        ("an", Deed.ACCOUNT_DISABLED),
    ]


# --- roles --------------------------------------------------------------------------------------------------------


def test_every_role_is_in_the_table_and_none_may_do_everything() -> None:
    assert set(PERMISSIONS) == set(Role)
    for role, allowed in PERMISSIONS.items():
        assert allowed < set(Action), role


def test_who_decides_about_cases_does_not_make_accounts_and_the_other_way_round() -> None:
    for action, other in itertools.permutations((Action.DECIDE, Action.CHANGE_ACCOUNTS)):
        assert not any({action, other} <= allowed for allowed in PERMISSIONS.values())


@pytest.mark.parametrize("officer", [HA, LEADER], ids=lambda officer: officer.name)
def test_only_an_administrator_touches_accounts(accounts: Accounts, officer: Officer) -> None:
    assert not may(officer, Action.CHANGE_ACCOUNTS)
    questions: list[Callable[[], object]] = [
        lambda: accounts.list(by=officer),
        lambda: accounts.add_account("x1", "X", MONITOR, PASSWORD, by=officer, at=NOW),
        lambda: accounts.disable("ha", by=officer, at=NOW),
        lambda: accounts.enable("ha", by=officer, at=NOW),
        lambda: accounts.reset("ha", PASSWORD, by=officer, at=NOW),
    ]
    for ask in questions:
        with pytest.raises(Forbidden):
            ask()
