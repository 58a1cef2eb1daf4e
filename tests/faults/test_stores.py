"""What the machine does to the files of a home: killed in their making, no room, no leave to write, damage, loss."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from bench import outages_books
from config import cli, settings, wiring
from index.archive import Archive
from index.casebook import Casebook
from index.errors import ArchiveError, ArchiveUnavailable, StoreError
from index.model import ProvinceId
from index.snapshots import Snapshots
from index.source import Tally
from index.sqlite import SqliteArchive
from index.store import Folder
from tests.conftest import CANNOT_BE_HAD, ROOT
from tests.killed_writer import BATCH, batch

PROVINCE = ProvinceId("tuyen-quang")
COMMANDS = (["articles"], ["stories"], ["sources", "list"], ["user", "list"], ["purge"])
Damage = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with something in both of its books."""
    home = tmp_path_factory.mktemp("whole") / "home"
    assert cli.run(["init", "--province", "tuyen-quang", "--home", str(home)]) == 0
    with SqliteArchive(home / "archive.db") as archive:
        for number in range(20):
            archive.add(batch(number))
    return home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "home")


def half(held: bytes) -> bytes:
    return held[: len(held) // 2]


def nothing(held: bytes) -> bytes:
    return b""


def other(held: bytes) -> bytes:
    return b"<html>no database at all</html>" * 400


def scribbled(held: bytes) -> bytes:
    """Pages in the middle that another program wrote over."""
    chance = random.Random(45)
    start = 3 * 4096
    return held[:start] + bytes(chance.randbytes(len(held) - start - 4096)) + held[-4096:]


# --- killed --------------------------------------------------------------------------------------------------------


@pytest.mark.fault(42)
def test_a_store_that_is_killed_while_it_is_made_is_whole_or_made_again(tmp_path: Path) -> None:
    chance = random.Random(42)
    command = [sys.executable, "-m", "tests.faults.making", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.0, 0.1))
        process.kill()
        made = 2 + len(process.stdout.read().split())
    for number in range(made + 1):
        with SqliteArchive(tmp_path / f"archive-{number}.db") as archive:
            assert archive.add(batch(0)) == Tally(new=BATCH)
        with (
            Casebook.open(tmp_path / f"casebook-{number}.db") as casebook,
            casebook.read(PROVINCE) as book,
        ):
            assert book.cases.stories() == frozenset()


# --- no room -------------------------------------------------------------------------------------------------------


@pytest.mark.fault(43)
def test_where_there_is_no_room_nothing_acknowledged_is_lost_and_all_goes_on_when_there_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.no_room", str(tmp_path), str(2_000_000)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {name: refused for name, (_, refused) in said.items()} == {
        "batches": "archive_unavailable",
        "accounts": "casebook",
        "pages": "store",
    }
    batches, accounts = said["batches"][0], said["accounts"][0]
    assert batches > 0
    assert accounts > 0
    with SqliteArchive(tmp_path / "archive.db") as archive:
        assert sum(1 for _ in archive.stored(PROVINCE)) == batches * BATCH
        assert archive.add(batch(batches)) == Tally(new=BATCH)
    with Casebook.open(tmp_path / "casebook.db") as casebook, casebook.read(PROVINCE) as book:
        assert len(book.staff.accounts()) == accounts
    kept = Snapshots(Folder(tmp_path / "snapshots"))
    assert all(kept.read(sha256).body for sha256 in kept.walk())
    assert not list(tmp_path.rglob(".new-*")), "what was half written is taken away"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "kiemtin", folder], check=False).returncode:
        pytest.skip(f"a disk of its own {CANNOT_BE_HAD} (needs root)")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def batches_until_refused(archive: Archive) -> int:
    for number in count():
        try:
            archive.add(batch(number))
        except ArchiveUnavailable:
            return number
    raise AssertionError


@pytest.mark.service
@pytest.mark.fault(43)
def test_a_full_disk_is_named_and_holds_nothing_up_once_it_has_room(
    small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = small_disk / "home"
    assert cli.run(["init", "--province", "tuyen-quang", "--no-sources", "--home", str(home)]) == 0
    office = settings.load(home, environment={})
    with wiring.open_archive(office) as archive:
        kept = batches_until_refused(archive)
    capsys.readouterr()
    assert cli.run(["doctor", "--home", str(home)]) == 1
    assert "disk" in capsys.readouterr().out
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    with wiring.open_archive(office) as archive:
        assert sum(1 for _ in archive.stored(PROVINCE)) == kept * BATCH
        assert archive.add(batch(kept)) == Tally(new=BATCH)


@pytest.mark.service
@pytest.mark.fault(43)
def test_every_store_goes_on_by_itself_when_the_disk_that_was_full_has_room(tmp_path: Path, small_disk: Path) -> None:
    """The small version of what `python -m bench outages` tries; `small_disk` says whether there can be one."""
    (left,) = outages_books.disk_full(tmp_path / "home", 1)
    assert left.times == 3
    assert (left.lost, left.doubled) == (0, 0)


# --- no leave to write ----------------------------------------------------------------------------------------------


@pytest.fixture
def read_only(home: Path) -> Iterator[Path]:
    """A home on a disk that can only be read."""
    for command in (["mount", "--bind", str(home), str(home)], ["mount", "-o", "remount,bind,ro", str(home)]):
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip(f"a disk that can only be read {CANNOT_BE_HAD} (needs root)")
    yield home
    subprocess.run(["umount", "--lazy", home], check=True)


@pytest.mark.fault(44)
@pytest.mark.parametrize("command", [*COMMANDS, ["crawl"], ["classify"], ["run", "--no-dashboard"]], ids=" ".join)
def test_a_folder_that_cannot_be_written_is_said_in_words(
    read_only: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*command, "--home", str(read_only)]) in (0, 1)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "ngoài dự kiến" not in said
    if command[0] in ("crawl", "classify", "run", "purge"):
        assert str(read_only) in said


# --- damage and loss ------------------------------------------------------------------------------------------------


@pytest.mark.fault(45)
@pytest.mark.parametrize("name", ["archive.db", "casebook.db"])
@pytest.mark.parametrize("damage", [half, nothing, other, scribbled], ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_named_by_every_command_that_needs_it_and_left_as_it_is(
    home: Path, name: str, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / name
    file.write_bytes(damaged := damage(file.read_bytes()))
    refused = 0
    for command in COMMANDS:
        status = cli.run([*command, "--home", str(home)])
        said = capsys.readouterr().err
        assert status in (0, 1)
        assert "ngoài dự kiến" not in said
        assert status == 0 or str(file) in said
        refused += status
    assert refused
    assert cli.run(["doctor", "--home", str(home)]) == 1
    assert name in capsys.readouterr().out
    assert file.read_bytes()[:100] == damaged[:100]


@pytest.mark.fault(45)
@pytest.mark.parametrize("name", ["archive.db", "casebook.db"])
def test_a_file_that_is_gone_is_named_and_no_empty_one_takes_its_place(
    home: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "snapshots" / "2026").mkdir()  # pages were captured: this home has been at work
    (home / name).unlink()
    for command in (*COMMANDS, ["crawl"], ["classify"], ["run", "--no-dashboard"], ["doctor"]):
        status = cli.run([*command, "--home", str(home)])
        out, said = capsys.readouterr()
        assert status == 0 or str(home / name) in out + said
        assert not (home / name).exists()
    assert status == 1, "doctor says it"


@pytest.mark.fault(45)
def test_a_document_that_cannot_be_read_is_damage_and_no_crash(home: Path) -> None:
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        connection.execute("UPDATE versions SET document = substr(document, 1, 20)")
        connection.commit()
    with SqliteArchive(home / "archive.db") as archive, pytest.raises(ArchiveError):
        list(archive.stored(PROVINCE))


@pytest.mark.fault(45)
def test_a_copy_put_in_place_of_a_damaged_file_is_all_it_takes(home: Path, whole: Path) -> None:
    office = settings.load(home, environment={})
    office.archive_file.write_bytes(b"")
    with pytest.raises(StoreError):
        wiring.open_archive(office)
    office.archive_file.rename(home / "archive.db.hong")
    shutil.copy(whole / "archive.db", office.archive_file)
    with wiring.open_archive(office) as archive:
        assert sum(1 for _ in archive.stored(PROVINCE)) == 20 * BATCH
