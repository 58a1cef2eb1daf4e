"""What a casebook on PostgreSQL promises beyond the contract: one answer in both, and a sentence for what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.casebook_messages import PROBLEMS
from config.messages import sentence
from index import casebook_postgres
from index.casebook import Casebook
from index.casebook_connection import PATIENCE, Impatient
from index.casebook_postgres import Database
from index.errors import CasebookError, CasebookRefused, CasebookUnavailable
from index.model import CaseId, OfficerName
from index.question import Question, SavedSearch
from index.tip import Attachment
from tests.certificates import certificate
from tests.contract.test_casebook import ELSEWHERE, HA, HERE, NOW, SOURCE, account, opened
from tests.postgres import OWNER, Server, place_of, serving

pytestmark = pytest.mark.service


@pytest.fixture
def database(postgres: Server) -> Iterator[Database]:
    """An empty one."""
    yield postgres.make("fresh")
    postgres.drop("fresh")


@pytest.fixture
def casebook(database: Database) -> Iterator[Casebook]:
    with Casebook.open(database) as casebook:
        yield casebook


# --- one answer in both -------------------------------------------------------------------------------------------


@pytest.fixture
def either(every_casebook: None, tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(place_of(tmp_path)) as casebook:
        yield casebook


SECRET = "geheim"
NAMES = ["Zz", "a", "b-1", "b1", "Ánh", "Đ", "đ", "ỷ", "🙂"]
"""In the order of code points, which is that of no language."""


def test_an_order_is_that_of_code_points_whatever_the_database_speaks(either: Casebook) -> None:
    with either.write(HERE) as book:
        for name in reversed(NAMES):
            book.staff.add(account(OfficerName(name)), "hash", by=HA, at=NOW)
    with either.read(HERE) as book:
        assert [found.name for found in book.staff.accounts()] == NAMES


@pytest.mark.parametrize(
    "name",
    [
        "a\0b",
        "\0",
        "\ufdd0",
        "\ufdd00",
        "\ufdd01\0",
        "\0\ufdd0\0",
        "🙂",
    ],
)
def test_no_character_is_lost(either: Casebook, name: str) -> None:
    search = SavedSearch(name=name, question=Question(text=name), saved=NOW)
    with either.write(HERE) as book:
        book.searches.save(search, by=OfficerName(name))
        book.searches.save(replace(search, saved=NOW + timedelta(minutes=1)), by=OfficerName(name))
    with either.read(HERE) as book:
        assert book.searches.of(OfficerName(name)) == (replace(search, saved=NOW + timedelta(minutes=1)),)


def test_a_number_may_be_larger_than_two_thousand_million(either: Casebook) -> None:
    large = Attachment(sha256="b" * 64, media_type="video/mp4", size=2**40, name="băng ghi hình.mp4")
    with either.write(HERE) as book:
        book.files.add(large, by=HA, at=NOW)
    with either.read(HERE) as book:
        assert book.files.get(large.sha256) == large


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)])
def test_any_moment_comes_back_to_the_microsecond(either: Casebook, at: datetime) -> None:
    with either.write(HERE) as book:
        book.searches.save(SavedSearch(name="tìm", question=Question(), saved=at), by=HA)
    with either.read(HERE) as book:
        assert [search.saved for search in book.searches.of(HA)] == [at]


def test_every_text_is_compared_by_code_points(casebook: Casebook) -> None:
    columns = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
        " AND table_name <> 'alembic_version'"
    )
    with casebook.transaction(writes=False) as connection:
        assert connection.execute(text(columns)).all() == []


# --- many machines ------------------------------------------------------------------------------------------------


def test_a_reader_sees_one_state_and_waits_for_no_writer(database: Database) -> None:
    with Casebook.open(database) as here, Casebook.open(database) as there:
        with here.read(HERE) as reading:
            assert reading.cases.stories() == frozenset()
            with there.write(HERE) as book:
                opened(book)
            assert reading.cases.stories() == frozenset()
        with here.read(HERE) as reading:
            assert reading.cases.stories() == {"s1"}


def test_what_a_writer_reads_is_what_the_writer_before_it_left(database: Database) -> None:
    """Ids are counted, and whoever counts has waited for those who counted before."""

    def open_many(machine: int) -> list[CaseId]:
        with Casebook.open(database) as casebook:
            ids = []
            for number in range(10):
                with casebook.write(HERE) as book:
                    ids.append(opened(book, f"s{machine}-{number}").id)
            return ids

    with ThreadPoolExecutor(4) as pool:
        ids = [case_id for ids in pool.map(open_many, range(4)) for case_id in ids]
    assert sorted(ids) == [f"VV-2026-{number:04d}" for number in range(1, 41)]


def test_a_writer_that_waits_too_long_is_told_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(casebook_postgres._PATIENCE, "lock_timeout", "50ms")
    with Casebook.open(database) as here, Casebook.open(database) as there, here.write(HERE):
        with pytest.raises(CasebookUnavailable) as told, there.write(HERE):
            pass
        assert told.value.params["problem"] == "busy"
        with there.read(HERE) as book:
            assert book.cases.stories() == frozenset()


def test_the_turn_of_a_writer_that_does_nothing_passes_on(database: Database) -> None:
    with Casebook.open(database) as gone, Casebook.open(database) as here:

        def stand_still() -> None:
            with gone.transaction(writes=True) as connection:
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
                with here.write(HERE) as other:
                    opened(other)
                connection.execute(text("SELECT 1"))

        with pytest.raises(CasebookUnavailable) as told:
            stand_still()
        assert told.value.params["problem"] == "lost"
        with here.read(HERE) as book:
            assert book.cases.stories() == {"s1"}


def test_what_is_done_alone_is_done_by_one_machine_after_the_other(database: Database) -> None:
    inside: list[str] = []
    entered = threading.Event()

    def first() -> None:
        with Casebook.open(database) as casebook, casebook.alone("review"):
            entered.set()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            inside.append("first")

    def second() -> None:
        assert entered.wait(60)
        with Casebook.open(database) as casebook, casebook.alone("review"):
            inside.append("second")

    Casebook.open(database).close()
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(second)
        pool.submit(first).result()
        waiting.result()
    assert inside == ["first", "second"]
    with Casebook.open(database) as here, Casebook.open(database) as there, here.alone("a"), there.alone("b"):
        pass


def test_a_province_of_a_shared_database_sees_nothing_of_another(database: Database) -> None:
    with Casebook.open(database) as here, Casebook.open(database) as there:
        with here.write(HERE) as book:
            case = opened(book)
        with there.write(ELSEWHERE) as book:
            other = opened(book, province=ELSEWHERE)
            assert book.cases.stories() == {"s1"}
        with here.read(HERE) as book:
            assert book.cases.get(case.id).province == HERE
            assert other.id not in book.cases.many([other.id])


# --- what is wrong ------------------------------------------------------------------------------------------------


def problem(database: Database, *, must_exist: bool = False) -> str:
    with pytest.raises((CasebookUnavailable, CasebookRefused)) as told:
        Casebook.open(database, must_exist=must_exist).close()
    assert "{" not in sentence(told.value)
    assert SECRET not in f"{told.value} {sentence(told.value)} {database}"
    return told.value.params["problem"]


@pytest.fixture
def officer(postgres: Server, database: Database) -> Iterator[Database]:
    """The empty database as a user with a password and nothing else."""
    postgres.ask("CREATE ROLE {} LOGIN PASSWORD 'geheim'", "officer")
    yield replace(database, user="officer", password=SECRET)
    postgres.drop("fresh")
    postgres.ask("DROP ROLE {}", "officer")


def test_a_user_with_a_password_is_let_in_and_needs_no_more_than_the_database(
    postgres: Server, officer: Database
) -> None:
    postgres.ask("ALTER DATABASE {} OWNER TO {}", "fresh", "officer")
    with Casebook.open(officer) as casebook, casebook.write(HERE) as book:
        opened(book)


def test_a_wrong_password_or_name_is_told(officer: Database) -> None:
    assert problem(replace(officer, password="geheim?")) == "password"
    assert problem(replace(officer, password="")) == "password"
    assert problem(replace(officer, user="nobody")) == "password"


def test_a_database_that_is_not_there_is_told(database: Database) -> None:
    assert problem(replace(database, address=f"{database.address}-not")) == "no_database"


def test_missing_permissions_are_told(postgres: Server, officer: Database) -> None:
    assert problem(officer) == "permission"  # to make tables
    Casebook.open(replace(officer, user=OWNER, password="")).close()
    assert problem(officer) == "permission"  # to read them
    postgres.ask("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", "fresh")
    assert problem(officer) == "permission"


def test_a_database_without_a_casebook_is_not_taken_for_one(postgres: Server, database: Database) -> None:
    assert problem(database, must_exist=True) == "empty"
    assert postgres.ask("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", database="fresh") == []


def test_a_database_of_another_program_is_left_alone(postgres: Server, database: Database) -> None:
    postgres.ask("CREATE TABLE cases (id integer)", database="fresh")
    assert problem(database) == "foreign"
    assert postgres.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database="fresh") == [(1,)]


def test_a_database_that_cannot_hold_vietnamese_is_told(postgres: Server) -> None:
    postgres.ask("CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc", "latin")
    try:
        assert problem(postgres.database("latin")) == "encoding"
    finally:
        postgres.drop("latin")


def test_a_server_that_is_full_is_told(postgres: Server, database: Database) -> None:
    postgres.ask("ALTER DATABASE {} CONNECTION LIMIT 0", "fresh")
    postgres.ask("CREATE ROLE {} LOGIN PASSWORD 'geheim'", "guest")
    try:
        assert problem(replace(database, user="guest", password=SECRET)) == "crowded"
    finally:
        postgres.ask("DROP ROLE {}", "guest")


def test_a_server_that_is_not_there_is_told(database: Database) -> None:
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        assert (
            problem(replace(database, address=f"postgresql://127.0.0.1:{closed.getsockname()[1]}/x")) == "unreachable"
        )
    assert problem(replace(database, address="postgresql://khong-co.invalid/x")) == "unreachable"


def test_another_server_at_the_address_is_told(database: Database) -> None:
    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answer, daemon=True).start()
        assert (
            problem(replace(database, address=f"postgresql://127.0.0.1:{listening.getsockname()[1]}/x"))
            == "not_postgres"
        )


def test_a_server_is_known_by_its_certificate(postgres: Server, database: Database, tmp_path: Path) -> None:
    by_name = replace(database, address=postgres.address("fresh", host="localhost"), ca_file=postgres.certificate)
    with Casebook.open(by_name) as casebook:
        soundness = casebook.soundness()
    assert soundness is not None
    assert (soundness.encrypted, soundness.vouched_for) == (True, True)
    stranger = certificate(tmp_path, "localhost", NOW - timedelta(days=900), NOW + timedelta(days=900))
    assert problem(replace(by_name, ca_file=stranger)) == "certificate"
    assert problem(replace(database, ca_file=postgres.certificate)) == "certificate"  # made out to another name
    assert problem(replace(by_name, ca_file=tmp_path / "not-there.pem")) == "ca_file"
    (tmp_path / "letter.pem").write_text("Kính gửi", encoding="utf-8")
    assert problem(replace(by_name, ca_file=tmp_path / "letter.pem")) in ("ca_file", "certificate")


def test_a_row_that_is_refused_is_not_repeated_in_the_error(casebook: Casebook) -> None:
    with casebook.write(HERE) as book:
        opened(book, SECRET)
    with pytest.raises(CasebookError) as told, casebook.write(HERE) as book:
        opened(book, SECRET)
    assert "uq_cases_province_story" in str(told.value)
    assert SECRET not in "".join(traceback.format_exception(told.value))


def test_every_problem_has_its_sentence() -> None:
    told = {*casebook_postgres._BY_STATE.values(), *casebook_postgres._BY_WORDS.values(), *casebook_postgres._LATER}
    assert told <= PROBLEMS.keys()


# --- a server that stops ------------------------------------------------------------------------------------------


@pytest.fixture
def own_server() -> Iterator[Server]:
    with serving(durable=True) as server:
        yield server


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_server_that_restarts_in_the_middle_of_work_loses_nothing_and_work_goes_on(
    own_server: Server, how: signal.Signals
) -> None:
    with Casebook.open(own_server.make("office")) as casebook:
        with casebook.write(HERE) as book:
            kept = opened(book, "s1")

        def write_through_a_restart() -> None:
            with casebook.write(HERE) as book:
                opened(book, "s2")
                own_server.stop(how)
                opened(book, "s3")

        with pytest.raises(CasebookUnavailable) as told:
            write_through_a_restart()
        assert told.value.params["problem"] == "lost"
        with pytest.raises(CasebookUnavailable) as told, casebook.read(HERE):
            pass
        assert told.value.params["problem"] == "unreachable"
        own_server.start()
        with casebook.write(HERE) as book:
            assert book.cases.stories() == {"s1"}
            assert book.cases.get(kept.id) == kept
            assert opened(book, "s2").id == "VV-2026-0002"


def test_connections_that_a_restart_left_dead_are_noticed_before_they_are_used(own_server: Server) -> None:
    with Casebook.open(own_server.make("office")) as casebook:
        with casebook.read(HERE), casebook.read(HERE), casebook.read(HERE):
            pass
        own_server.stop()
        own_server.start()
        for _ in range(3):
            with casebook.write(HERE) as book:
                book.register.declare([SOURCE], by=HA, at=NOW)


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(casebook_postgres._NETWORK, "connect_timeout", 2)  # libpq knows nothing shorter
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/x"
        assert problem(replace(database, address=address)) == "unreachable"


def test_a_server_that_stands_still_is_left_and_work_goes_on_when_it_moves(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Casebook.open(database) as casebook:
        monkeypatch.setattr(Impatient, "patience", 0.3)

        def write_through_a_standstill() -> None:
            with casebook.write(HERE) as book:
                opened(book)
                os.kill(serving_us, signal.SIGSTOP)
                book.cases.stories()

        with casebook.transaction(writes=False) as connection:
            serving_us: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        try:
            with pytest.raises(CasebookUnavailable) as told:
                write_through_a_standstill()
        finally:
            os.kill(serving_us, signal.SIGCONT)
        assert told.value.params["problem"] == "lost"
        monkeypatch.setattr(Impatient, "patience", PATIENCE)
        with casebook.write(HERE) as book:
            assert book.cases.stories() == frozenset()
            opened(book)
