"""A casebook carried over to a server and back: everything or nothing, and nothing twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config import wiring
from config.commands.calling import run
from config.doctor import examine
from config.settings import Settings, load
from index import casebook_copy
from index.casebook import Casebook
from index.casebook_copy import contents, copy, weigh
from index.casebook_postgres import Database
from index.errors import CasebookRefused
from index.mend import Mend, MendKind
from index.model import Mark
from index.question import Question, SavedSearch
from index.tables import metadata
from index.tip import Reporter
from tests.contract.test_casebook import (
    ATTACHMENT,
    HA,
    HERE,
    MINH,
    NOW,
    SOURCE,
    account,
    card,
    entry,
    opened,
    ruling,
    session,
    tip,
)
from tests.postgres import OWNER, Server

pytestmark = pytest.mark.service


def fill(casebook: Casebook) -> None:
    """Something of everything, and in it what databases stumble over."""
    with casebook.write(HERE) as book:
        first, second = opened(book, "s1"), opened(book, "s2")
        book.cases.keep(
            replace(first, merged_into=second.id, owner=HA), was=first, entry=replace(entry(), note="\0\ufdd0")
        )
        book.cases.keep_card(card(second, "Tin vỡ đập 🙂"))
        book.rulings.add(ruling("ours"))
        book.rulings.add(ruling(None, 1))
        book.rulings.keep_mark(Mark("7"))
        book.register.declare([SOURCE], by=HA, at=NOW)
        book.staff.add(account(HA), "hash", by=MINH, at=NOW)
        book.staff.start("token", session(HA), "hash")
        book.tips.add(tip(), Reporter(name="ông Tư", contact="0900"))
        book.files.add(ATTACHMENT, by=HA, at=NOW)
        book.searches.save(SavedSearch(name="bãi rác", question=Question(text="“bãi rác”"), saved=NOW), by=HA)
        said = Mend(
            by=HA, at=NOW, day=NOW.date(), edition="morning", kind=MendKind.NOTE, story=None, said={"text": "Đã gọi."}
        )
        book.mends.add(said)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A casebook in a file."""
    with Casebook.open(tmp_path / "casebook.db") as casebook:
        fill(casebook)
    return tmp_path / "casebook.db"


@pytest.fixture
def database(postgres: Server) -> Iterator[Database]:
    """An empty one."""
    yield postgres.make("carried")
    postgres.drop("carried")


def carry(source: Path | Database, place: Path | Database) -> casebook_copy.Copied:
    with Casebook.open(source) as casebook:
        return copy(casebook, place, lambda _: None)


def held(place: Path | Database) -> object:
    with Casebook.open(place) as casebook, casebook.transaction(writes=False) as connection:
        return contents(connection)


def test_every_table_goes_there_and_back_unchanged(file: Path, database: Database, tmp_path: Path) -> None:
    there = carry(file, database)
    back = carry(database, tmp_path / "back.db")
    assert held(file) == held(database) == held(tmp_path / "back.db") == there.tables == back.tables
    assert set(there.tables) == set(metadata.tables)
    assert all(content.rows for content in there.tables.values()), "a table that nothing was written to shows nothing"
    assert there.anew
    assert back.anew


def test_work_goes_on_where_it_stopped(file: Path, database: Database) -> None:
    carry(file, database)
    with Casebook.open(database) as casebook, casebook.write(HERE) as book:
        assert book.staff.session("token") == (session(HA), account(HA))
        case = book.cases.many(["VV-2026-0001"])["VV-2026-0001"]  # type: ignore[list-item, index]
        assert book.cases.survivor(case).id == "VV-2026-0002"
        assert opened(book, "s3").id == "VV-2026-0003"
        before = [line.id for line in book.audit.entries()]
        book.rulings.add(ruling("not_ours", 2))
        assert book.audit.entries()[0].id > max(before)
        assert next(iter(book.rulings.in_force().values())).value == "not_ours"


def test_what_is_written_is_told(file: Path, database: Database) -> None:
    told: list[int] = []
    with Casebook.open(file) as casebook:
        expected = weigh(casebook)
        copied = copy(casebook, database, told.append)
    assert sum(told) == expected == copied.rows


def test_a_copy_made_again_writes_nothing(file: Path, database: Database) -> None:
    first = carry(file, database)
    again = carry(file, database)
    assert again.tables == first.tables
    assert not again.anew


def test_a_casebook_that_is_there_is_not_written_over(file: Path, database: Database) -> None:
    with Casebook.open(database) as other, other.write(HERE) as book:
        opened(book, "of another office")
    before = held(database)
    with pytest.raises(CasebookRefused) as refused:
        carry(file, database)
    assert refused.value.params["problem"] == "not_empty"
    assert held(database) == before


def test_a_copy_that_is_cut_off_leaves_nothing_and_is_made_again(
    file: Path, database: Database, postgres: Server
) -> None:
    left = 3

    def cut(_: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    with Casebook.open(file) as casebook, pytest.raises(KeyboardInterrupt):
        copy(casebook, database, cut)
    assert postgres.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database="carried") == []
    assert carry(file, database).anew


def test_a_copy_that_does_not_read_as_it_was_is_not_kept(
    file: Path, database: Database, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casebook_copy, "_merge", lambda read, written: None)
    with pytest.raises(CasebookRefused) as refused:
        carry(file, database)
    assert (refused.value.params["problem"], refused.value.params["table"]) == ("differs", "cases")
    assert postgres.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database="carried") == []


def test_a_database_that_others_work_on_is_not_carried_away(database: Database, tmp_path: Path) -> None:
    with Casebook.open(database) as other, other.read(HERE), pytest.raises(CasebookRefused) as refused:
        carry(database, tmp_path / "back.db")
    assert (refused.value.params["problem"], refused.value.params["count"]) == ("in_use", "1")


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> Path:
    """An office that has been told of a server and not carried its casebook there yet."""
    home = tmp_path / "home"
    assert run(["init", "--home", str(home), "--province", HERE]) == 0
    with (home / "kiemtin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"casebook: {database.address}\npostgresql: {{user: {OWNER}}}\n")
    with Casebook.open(home / "casebook.db") as casebook, casebook.write(HERE) as book:
        opened(book)
    capsys.readouterr()
    return home


def settings_of(home: Path, *overrides: str) -> Settings:
    return load(home, environment={}, overrides=overrides)


def copied(home: Path, *options: str) -> int:
    return run(["casebook", "copy", "--home", str(home), *options])


TO_SERVER = ("--from", "sqlite", "--to", "postgresql")
TO_FILE = ("--from", "postgresql", "--to", "sqlite")


def test_an_office_moves_to_a_server_and_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "list", "--home", str(home)]) == 1
    assert "kiemtin casebook copy" in capsys.readouterr().err
    assert copied(home, *TO_SERVER, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["copied"] is True
    assert shown["tables"]["cases"]["rows"] == 1
    assert len(shown["tables"]["cases"]["sha256"]) == 64
    assert shown["rows"] == sum(table["rows"] for table in shown["tables"].values())
    with wiring.open_casebook(settings_of(home)) as casebook, casebook.write(HERE) as book:
        opened(book, "s2")
    assert copied(home, *TO_SERVER) == 1
    assert "không ghi đè" in capsys.readouterr().err
    assert copied(home, *TO_FILE) == 1  # the file of before is not written over either
    (home / "casebook.db").rename(home / "casebook-cu.db")
    assert copied(home, *TO_FILE) == 0
    with wiring.open_casebook(settings_of(home, "casebook=sqlite")) as casebook, casebook.read(HERE) as book:
        assert book.cases.stories() == {"s1", "s2"}


def test_what_cannot_be_carried_is_said_and_nothing_is_left(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert copied(home, "--from", "sqlite", "--to", "sqlite") == 2
    assert copied(home, "--from", "sqlite", "--to", "mysql") == 2
    assert copied(home, *TO_SERVER, "--set", "casebook=sqlite") == 2
    assert "postgresql://host" in capsys.readouterr().err
    with wiring.only_service(settings_of(home)):
        assert copied(home, *TO_SERVER) == 1
    assert "dịch vụ" in capsys.readouterr().err
    (home / "casebook.db").rename(home / "casebook-cu.db")
    assert copied(home, *TO_SERVER) == 1
    assert copied(home, *TO_FILE) == 1
    assert not list(home.glob("casebook.db*"))


def test_the_doctor_looks_at_the_server(home: Path) -> None:
    checks = {check.name: check for check in examine(settings_of(home), NOW)}
    assert not checks["casebook_server"].ok
    assert "kiemtin casebook copy" in checks["casebook_server"].detail
    copied(home, *TO_SERVER)
    checks = {check.name: check for check in examine(settings_of(home), NOW)}
    assert checks["casebook"].ok
    assert "casebook.db" not in checks["casebook"].detail
    assert not checks["casebook_server"].ok, "the tests' server does not wait for the disk"
    assert "fsync" in checks["casebook_server"].detail
    checks = {c.name: c for c in examine(settings_of(home, "casebook=postgresql://127.0.0.1:1/kiemtin"), NOW)}
    assert "không kết nối được" in checks["casebook_server"].detail


def test_the_file_that_was_left_behind_is_not_looked_at(home: Path) -> None:
    copied(home, *TO_SERVER)
    with closing(sqlite3.connect(home / "casebook.db")):
        (home / "casebook.db").write_bytes(b"no casebook any more")
    with wiring.open_casebook(settings_of(home)) as casebook, casebook.read(HERE) as book:
        assert book.cases.stories() == {"s1"}
    assert all(check.ok for check in examine(settings_of(home), NOW) if check.name == "integrity")
