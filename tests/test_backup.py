"""A home in one file and back: everything is there, a fault is told, and nothing half is ever left."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from config import housekeeping, settings, wiring
from index.attachments import Attachments
from index.backup import SETTLED, sweep
from index.backup_file import BookName
from index.casebook import Casebook
from index.errors import (
    ArchiveDamaged,
    BackupError,
    BackupRefused,
    CasebookDamaged,
    FileMissing,
    NoRoom,
    SchemaNewer,
    UpgradeRefused,
)
from index.restore import STAGE, examine, is_free, restore
from index.snapshots import Snapshots
from index.sqlite import SqliteArchive
from index.store import Folder
from tests.conftest import ROOT
from tests.make_backup_fixture import FOLDER
from tests.office import HA, NOW, PROVINCE, Office, article
from tests.saved import PNG, assert_same, back_up, casebook_of, files, furnish, make_older, page, rows

RELEASED = sorted(FOLDER.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("furnished") / "home")


@pytest.fixture
def home(furnished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(furnished, tmp_path / "home")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk" / "kiemtin.tar.gz"


def laid_out(file: Path, home: Path) -> Path:
    restore(file, examine(file), home)
    return home


# --- there and back -----------------------------------------------------------------------------------------------


def test_a_restored_home_holds_what_the_home_held(home: Path, file: Path, tmp_path: Path) -> None:
    manifest = back_up(home, file)
    assert_same(home, laid_out(file, tmp_path / "new"))
    assert manifest.missing == ()
    assert manifest.books[BookName.ARCHIVE].counts["articles"] == 2
    assert manifest.books[BookName.CASEBOOK].counts["cases"] == 2
    assert {"kiemtin.yaml", "casebook.db", "archive.db", "manners.json"} < {member.name for member in manifest.members}


def test_the_restored_home_is_one_that_the_desk_works_in(home: Path, file: Path, tmp_path: Path) -> None:
    back_up(home, file)
    office = Office(laid_out(file, tmp_path / "new"))
    assert office.case_of("lu").id
    assert office.desk.files.read(Attachments(Folder(home / "attachments")).put(PNG)[0], by=HA)[1] == PNG
    (snapshot,) = office.archive.snapshots_in_use()
    assert Snapshots(Folder(tmp_path / "new" / "snapshots")).read(snapshot).body.startswith(b"<html>")
    assert office.opened("moi").id
    office.close()


def test_a_backup_is_its_owners_alone_and_so_is_the_home(home: Path, file: Path, tmp_path: Path) -> None:
    back_up(home, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert laid_out(file, tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_snapshots_that_lie_elsewhere_come_back_into_the_home(home: Path, file: Path, tmp_path: Path) -> None:
    (home / "snapshots").rename(tmp_path / "large")
    (home / "kiemtin.yaml").write_text(f"province: {PROVINCE}\nsnapshots: {tmp_path / 'large'}\n", encoding="utf-8")
    manifest = back_up(home, file)
    assert manifest.by_hand == (f"snapshots: {tmp_path / 'large'}",)
    new = laid_out(file, tmp_path / "new")
    loaded = settings.load(new, environment={})
    assert loaded.snapshots == new / "snapshots"
    assert [*Snapshots(Folder(loaded.snapshots_folder)).walk()] == [*Snapshots(Folder(tmp_path / "large")).walk()]


def test_an_office_that_has_collected_nothing_yet_can_be_backed_up(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    wiring.make_folders(home)
    (home / "kiemtin.yaml").write_text("province: phu-tho\n", encoding="utf-8")
    Casebook.open(home / "casebook.db").close()
    back_up(home, file)
    assert_same(home, laid_out(file, tmp_path / "new"))


def test_the_moment_leaves_time_for_what_is_collected_to_be_stored(home: Path, file: Path) -> None:
    begun = wiring.clock()
    assert begun - SETTLED <= back_up(home, file).moment <= wiring.clock() - SETTLED


# --- while others work --------------------------------------------------------------------------------------------


def test_what_a_book_names_is_there_although_it_was_written_while_the_backup_was_made(home: Path, file: Path) -> None:
    """Between every two steps of a backup an officer adds an attachment and the crawler an article with its page."""
    office, snapshots, step = Office(home), Snapshots(Folder(home / "snapshots")), 0

    def meanwhile(_done: int) -> None:
        nonlocal step
        step += 1
        office.desk.files.add(PNG + bytes([step]), "ảnh.png", by=HA, at=NOW)
        snapshot = snapshots.keep(page(f"<html>{step}</html>"), NOW)
        office.opened(f"luc-{step}")
        office.publish(f"tin-{step}", articles=[article(f"tin-{step}", snapshot=snapshot)])

    manifest = back_up(home, file, meanwhile)
    office.close()
    assert step > 5
    assert manifest.missing == ()
    new = laid_out(file, file.parent / "new")
    with SqliteArchive(new / "archive.db") as archive, Casebook.open(new / "casebook.db") as casebook:
        with casebook.read(PROVINCE) as book:
            stories = book.cases.stories()
        assert len(list(archive.stored(PROVINCE))) > 2, "some of it was written before the archive's turn"
        assert all(archive.story(story).articles for story in stories), "cases speak of stories that are there"
        assert all(Snapshots(Folder(new / "snapshots")).read(sha256).body for sha256 in archive.snapshots_in_use())
    held, kept = rows(home / "casebook.db"), rows(new / "casebook.db")
    assert set(kept["audit"]) <= set(held["audit"])
    assert all((new / "attachments" / str(row[1])).is_file() for row in kept["attachments"])


def test_nothing_is_purged_while_a_backup_is_made(home: Path, file: Path) -> None:
    office, free = settings.load(home, environment={}), []

    def meanwhile(_done: int) -> None:
        with (home / "purge.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                free.append(False)

    back_up(home, file, meanwhile)
    assert len(free) > 5
    with ThreadPoolExecutor() as pool:
        with housekeeping.nothing_purged(office):
            purge = pool.submit(housekeeping.purge, office, wiring.clock(), dry_run=False)
            with pytest.raises(TimeoutError):
                purge.result(timeout=0.5)
        assert purge.result()["article_text"] == 0


# --- what is not as it should be ----------------------------------------------------------------------------------


def test_what_a_book_names_and_the_home_lacks_is_told(home: Path, file: Path, tmp_path: Path) -> None:
    (attachment,) = (home / "attachments").iterdir()
    (snapshot,) = (home / "snapshots").rglob("*.warc.gz")
    attachment.unlink()
    snapshot.unlink()
    missing = (f"attachments/{attachment.name}", f"snapshots/{snapshot.name.removesuffix('.warc.gz')}")
    assert back_up(home, file).missing == missing
    assert_same(home, laid_out(file, tmp_path / "new"))


@pytest.mark.parametrize(("book", "error"), [("archive.db", ArchiveDamaged), ("casebook.db", CasebookDamaged)])
@pytest.mark.parametrize("content", [b"", b"no database at all " * 500, "scribbled"], ids=["empty", "other", "damaged"])
def test_a_damaged_book_makes_no_backup(
    home: Path, file: Path, book: str, error: type[Exception], content: bytes | str
) -> None:
    held = bytearray((home / book).read_bytes())
    held[4096:12288] = os.urandom(8192)
    (home / book).write_bytes(content if isinstance(content, bytes) else bytes(held))
    with pytest.raises(error) as raised:
        back_up(home, file)
    assert raised.value.params["file"] == str(home / book)  # type: ignore[attr-defined]
    assert not list(file.parent.iterdir())


def test_a_book_that_is_gone_makes_no_backup(home: Path, file: Path) -> None:
    (home / "archive.db").unlink()
    with pytest.raises(FileMissing):
        back_up(home, file)
    assert not list(file.parent.iterdir())


def test_a_backup_that_is_there_is_not_replaced_unless_told_to(home: Path, file: Path) -> None:
    file.write_bytes(b"the last good one")
    with pytest.raises(BackupError):
        back_up(home, file)
    assert file.read_bytes() == b"the last good one"


@pytest.mark.parametrize("place", ["nowhere/kiemtin.tar.gz", "a-file/kiemtin.tar.gz", "x" * 300])
def test_a_place_that_cannot_be_written_is_named(home: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(BackupError) as raised:
        back_up(home, tmp_path / place)
    assert raised.value.params["file"] == str(tmp_path / place)
    assert {path.name for path in tmp_path.iterdir()} == {"home", "a-file"}


@pytest.mark.parametrize("step", [0, 1, 3])
def test_an_interrupt_leaves_nothing(home: Path, file: Path, step: int) -> None:
    def interrupt(_done: int) -> None:
        nonlocal step
        step -= 1
        if step < 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(home, file, interrupt)
    assert not list(file.parent.iterdir())


def test_what_a_killed_backup_left_is_swept_a_day_later(tmp_path: Path) -> None:
    left, young = tmp_path / ".new-backup-1", tmp_path / ".new-backup-2"
    for stage in (left, young):
        (stage / "books").mkdir(parents=True)
    before = time.time() - timedelta(days=2).total_seconds()
    for path in (left, left / "books"):
        os.utime(path, (before, before))
    sweep(tmp_path)
    assert [*tmp_path.iterdir()] == [young]


# --- restoring ----------------------------------------------------------------------------------------------------


def test_a_home_is_laid_out_only_where_nothing_is(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)
    assert [is_free(tmp_path / name) for name in ("nothing", "empty", "disk", "home")] == [True, True, True, False]


@pytest.mark.parametrize("book", ["archive.db", "casebook.db"])
def test_a_backup_of_a_newer_program_is_refused_before_anything_is_laid_out(home: Path, file: Path, book: str) -> None:
    with closing(sqlite3.connect(home / book)) as connection:
        if book == "archive.db":
            connection.execute("PRAGMA user_version = 99")
        else:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    back_up(home, file)
    with pytest.raises(SchemaNewer) as raised:
        examine(file)
    assert raised.value.params["found"] in ("99", "9999")
    assert raised.value.params["file"] == str(file)


def test_a_disk_without_room_is_named_and_left_as_it_was(
    home: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(home, file)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage._replace(free=1000))
    with pytest.raises(NoRoom):
        laid_out(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_restore_that_is_interrupted_leaves_nothing(home: Path, file: Path, tmp_path: Path) -> None:
    back_up(home, file)
    manifest = examine(file)

    def interrupt(_done: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "new", tmp_path / "empty"):
        with pytest.raises(KeyboardInterrupt):
            restore(file, manifest, place, interrupt)
    assert not (tmp_path / "new").exists()
    assert not list((tmp_path / "empty").iterdir())


def test_a_file_that_changed_since_it_was_examined_is_noticed(home: Path, file: Path, tmp_path: Path) -> None:
    back_up(home, file)
    manifest = examine(file)
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupRefused):
        restore(file, manifest, tmp_path / "new")
    assert not (tmp_path / "new").exists()


# --- killed -------------------------------------------------------------------------------------------------------


def killed(what: str, home: Path, file: Path, steps: int) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.killed_backup", what, str(home), str(file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(steps):
            assert process.stdout.readline().strip(), "it is still at work"
            process.stdin.write("\n")
        assert process.stdout.readline().strip(), "it is still at work"
        yield
        process.kill()


@pytest.mark.parametrize("steps", [0, 2, 5])
def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(home: Path, file: Path, steps: int) -> None:
    for _ in killed("backup", home, file, steps):
        assert not file.exists()
    assert not file.exists()
    assert [path.name.startswith(".new-backup-") for path in file.parent.iterdir()] == [True]
    back_up(home, file)
    assert_same(home, laid_out(file, file.parent / "new"))


@pytest.mark.parametrize("steps", [0, 2, 5])
def test_a_restore_that_is_killed_leaves_no_home_and_can_be_done_again(
    home: Path, file: Path, tmp_path: Path, steps: int
) -> None:
    back_up(home, file)
    new = tmp_path / "new"
    for _ in killed("restore", new, file, steps):
        assert [path.name.startswith(STAGE) for path in new.iterdir()] == [True]
    assert not (new / "kiemtin.yaml").exists()
    assert is_free(new)
    assert_same(home, laid_out(file, new))
    assert not list(new.glob(".*"))


# --- versions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name)
def test_what_a_released_version_backed_up_is_restored(released: Path, tmp_path: Path) -> None:
    manifest = examine(released)
    office = Office(laid_out(released, tmp_path / "new"))
    assert len(list(office.archive.stored(PROVINCE))) == manifest.books[BookName.ARCHIVE].counts["articles"] == 2
    assert office.case_of("dap").id
    assert office.case_of("lu").id
    office.close()
    assert len(files(tmp_path / "new")) == 5
    assert not list((tmp_path / "new").glob("*.before-*")), "the backup is the copy that is kept"


def test_a_home_of_an_earlier_version_is_backed_up_as_it_is_and_restored_brought_up_to_date(
    home: Path, file: Path, tmp_path: Path
) -> None:
    make_older(home)
    manifest = back_up(home, file)
    assert {name: state.schema for name, state in manifest.books.items()} == {
        BookName.ARCHIVE: "1",
        BookName.CASEBOOK: "0002",
    }
    upgraded = restore(file, examine(file), tmp_path / "new")
    assert upgraded[BookName.ARCHIVE] == ("1", "2")
    assert upgraded[BookName.CASEBOOK][0] == "0002"
    assert not list((tmp_path / "new").glob("*.before-*"))
    assert not list(home.glob("*.before-*")), "a backup upgrades nothing"
    with SqliteArchive(tmp_path / "new" / "archive.db") as archive:
        assert len(list(archive.stored(PROVINCE))) == 2


def test_an_earlier_file_that_is_opened_is_kept_beside_as_it_was(tmp_path: Path) -> None:
    casebook_of("0002", tmp_path / "casebook.db")
    held = rows(tmp_path / "casebook.db")
    Casebook.open(tmp_path / "casebook.db").close()
    Casebook.open(tmp_path / "casebook.db").close()
    (kept,) = tmp_path.glob("*.before-*")
    assert kept.name.startswith("casebook.db.before-0")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert rows(kept) == held
    assert "mends" not in held
    assert "mends" in rows(tmp_path / "casebook.db")


def test_an_earlier_archive_that_is_opened_is_kept_beside_as_it_was(home: Path) -> None:
    make_older(home)
    held = rows(home / "archive.db")
    SqliteArchive(home / "archive.db").close()
    assert rows(home / "archive.db.before-2") == held
    assert rows(home / "archive.db") != held


@pytest.mark.parametrize("book", ["archive.db", "casebook.db"])
def test_an_earlier_file_stays_as_it_is_where_no_copy_of_it_can_be_kept(
    home: Path, book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(home)
    held, usage = rows(home / book), shutil.disk_usage(home)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda place: usage._replace(free=1000))
        with pytest.raises(UpgradeRefused) as raised:
            SqliteArchive(home / book) if book == "archive.db" else Casebook.open(home / book)
    assert raised.value.params["file"] == str(home / book)
    assert rows(home / book) == held
    assert not [path.name for path in home.iterdir() if ".before-" in path.name or path.name.startswith(".new")]
