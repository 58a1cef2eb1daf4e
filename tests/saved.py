"""Homes for the tests of backups: one with something of everything, and whether two homes hold the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from argon2 import PasswordHasher
from sqlalchemy import create_engine

from config import saving, settings, wiring
from crawlers.collector import Ask, Page
from desk.accounts import Accounts
from index import migrations
from index.account import Role
from index.backup_file import Manifest
from index.model import FlagKind
from index.snapshots import Snapshots
from index.sqlite_copy import Tell, silent
from index.store import Folder
from tests.office import ADMIN, HA, NOW, PROVINCE, Office, article

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
PASSWORD = "mưa rừng Đà Vị 7"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def furnish(home: Path) -> Path:
    """A home with articles, a case, an account, a snapshot, an attachment, and a file in every folder."""
    wiring.make_folders(home)
    (home / "kiemtin.yaml").write_text(f"province: {PROVINCE}\nfetch:\n  delay: 3\n", encoding="utf-8")
    snapshot = Snapshots(Folder(home / "snapshots")).keep(page("<html>Vỡ đập</html>"), NOW)
    office = Office(home)
    Accounts(office.casebook, PROVINCE, _CHEAP).add_account(
        "ha", "Lê Thu Hà", frozenset({Role.MONITOR}), PASSWORD, by=ADMIN, at=NOW
    )
    office.publish("dap", (FlagKind.UNVERIFIED,), articles=[article("dap-1", snapshot=snapshot)])
    office.opened("lu")
    office.desk.files.add(PNG, "ảnh chụp.png", by=HA, at=NOW)
    office.close()
    (home / "reports" / "diem-bao-2026-11-24.docx").write_bytes(b"PK\x03\x04" + bytes(500))
    (home / "exports" / "Bài viết tuần 47.csv").write_text("tiêu đề\n", encoding="utf-8")
    (home / "models" / "topic").mkdir()
    (home / "models" / "topic" / "weights.bin").write_bytes(bytes(range(100)))
    (home / "manners.json").write_text("{}", encoding="utf-8")
    return home


def page(words: str) -> Page:
    url = "https://bao.example/dap-1"
    return Page(ask=Ask(url=url), url=url, status=200, body=words.encode())


def back_up(home: Path, file: Path, tell: Tell = silent) -> Manifest:
    office = settings.load(home, environment={})
    return saving.back_up(office, saving.contents(office), file, now=wiring.clock(), tell=tell)


def rows(file: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of every table of a SQLite file."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        contentless = {"exact", "folded"}  # of their words there is only the index, which has tables of its own
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
            for name in tables
            if name not in contentless
        }


def files(home: Path) -> Mapping[str, bytes]:
    """What lies in the folders of a home."""
    folders = ("snapshots", "attachments", "reports", "exports", "models")
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for folder in folders
        for path in (home / folder).rglob("*")
        if path.is_file()
    }


def assert_same(home: Path, other: Path) -> None:
    """The two homes hold the same rows, files and settings."""
    for book in ("casebook.db", "archive.db"):
        assert rows(home / book) == rows(other / book)
    assert files(home) == files(other)
    loaded = [settings.load(each, environment={}) for each in (home, other)]
    folders = dict.fromkeys(("snapshots", "attachments"), ("", ""))
    assert (
        settings.shown(loaded[0]) | folders
        == {
            key: (value, origin.replace(str(other), str(home)))
            for key, (value, origin) in settings.shown(loaded[1]).items()
        }
        | folders
    )


def casebook_of(version: str, file: Path) -> None:
    """A casebook's file as an earlier version of the program made it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, version)
    engine.dispose()


def make_older(home: Path) -> Path:
    """Give a home the books of earlier versions: an empty casebook 0002, the archive with words as version 1 had."""
    (home / "casebook.db").unlink()
    casebook_of("0002", home / "casebook.db")
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        connection.execute("INSERT INTO folded (folded) VALUES ('delete-all')")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    return home
