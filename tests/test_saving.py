"""`kiemtin backup` and `restore` as an administrator meets them, backups by the clock, and what the doctor says."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import cli, doctor, rotation, saving, settings, wiring
from config.check import Check
from config.service import Service
from config.settings import Settings
from index.backup_file import BookName, Packing, is_one
from index.clock import ZONE
from index.errors import BackupError, BackupStopped, BookElsewhere, ConfigError
from tests.conftest import ROOT
from tests.saved import assert_same, furnish

NIGHT = datetime(2026, 11, 25, 1, 30, tzinfo=ZONE)
DAY = timedelta(days=1)


class Console:
    """The command, called on a home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys
        self.said = ""

    def call(self, *arguments: str | Path, status: int = 0, home: Path | None = None) -> str:
        ended = cli.run([*map(str, arguments), "--home", str(home or self.home)])
        out, self.said = self._capsys.readouterr()
        assert ended == status, self.said
        assert "Traceback" not in self.said
        return out

    def document(self, *arguments: str | Path, home: Path | None = None) -> dict[str, Any]:
        (line,) = self.call(*arguments, "--json", home=home).splitlines()
        return dict(json.loads(line))

    def set(self, **sections: object) -> Settings:
        """The settings of the home, with these sections."""
        document = {"province": "tuyen-quang", **sections}
        (self.home / "kiemtin.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return self.settings()

    def settings(self, **environment: str) -> Settings:
        return settings.load(self.home, environment=environment)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("furnished") / "home")


@pytest.fixture
def console(furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(shutil.copytree(furnished, tmp_path / "home"), capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk" / "kiemtin.tar.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def inside(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        found = tar.extractfile(name)
        assert found is not None
        return found.read()


# --- the commands -------------------------------------------------------------------------------------------------


def test_a_home_is_backed_up_and_restored(console: Console, file: Path, tmp_path: Path) -> None:
    made = console.document("backup", file)
    assert made["file"] == str(file)
    assert made["bytes"] == file.stat().st_size
    assert datetime.fromisoformat(made["moment"]).tzinfo is not None
    assert made["counts"] == {
        "articles": 2, "versions": 2, "stories": 2, "cases": 2, "accounts": 1, "audit": made["counts"]["audit"],
        "snapshots": 1, "attachments": 1, "reports": 1, "exports": 1, "models": 1,
    }  # fmt: skip
    assert (made["missing"], made["without"], made["by_hand"], made["left_out"]) == ([], {}, [], [])
    restored = console.document("restore", file, home=tmp_path / "new")
    assert restored["home"] == str(tmp_path / "new")
    assert restored["counts"] == made["counts"]
    assert restored["moment"] == made["moment"]
    assert restored["upgraded"] == {}
    assert_same(console.home, tmp_path / "new")


def test_an_administrator_is_told_what_is_in_it_and_what_to_do_next(
    console: Console, file: Path, tmp_path: Path
) -> None:
    console.call("backup", file)
    assert f"Đã sao lưu {console.home} vào {file}" in console.said
    assert "Gồm: 2 bài, 2 vụ việc, 2 hồ sơ, 1 tài khoản, 1 bản chụp, 1 tệp đính kèm" in console.said
    console.call("restore", file, "--dry-run", home=tmp_path / "new")
    assert "chưa khôi phục gì" in console.said
    assert not (tmp_path / "new").exists()
    console.call("restore", file, home=tmp_path / "new")
    assert f"kiemtin doctor --home {tmp_path / 'new'}" in console.said


def test_a_file_that_is_there_is_replaced_only_by_force(console: Console, file: Path) -> None:
    file.write_bytes(b"another")
    console.call("backup", file, status=2)
    assert "--force" in console.said
    assert file.read_bytes() == b"another"
    console.call("backup", file, "--force")
    assert is_one(file)


def test_a_backup_within_the_home_is_refused(console: Console) -> None:
    console.call("backup", console.home / "exports" / "kiemtin.tar.gz", status=2)
    assert str(console.home) in console.said
    console.call("backup", console.home.parent, status=2)


def test_a_place_that_is_not_there_is_told_in_our_words(console: Console, tmp_path: Path) -> None:
    console.call("backup", tmp_path / "nowhere" / "kiemtin.tar.gz", status=1)
    assert "không có tệp hoặc thư mục này" in console.said


def test_a_home_that_is_not_empty_is_not_restored_into(console: Console, file: Path) -> None:
    console.call("backup", file)
    console.call("restore", file, status=2)
    assert "không trống" in console.said


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda held: held[:-1], "cắt cụt"),
        (lambda held: held[: len(held) // 2], "cắt cụt"),
        (lambda held: held[:5000] + bytes([held[5000] ^ 1]) + held[5001:], "đã bị sửa hoặc hỏng"),
        (lambda held: b"<html>" * 100, "không phải bản sao lưu"),
        (lambda held: b"", "không phải bản sao lưu"),
    ],
    ids=["a byte short", "half", "altered", "foreign", "empty"],
)
def test_what_is_no_whole_backup_is_told_in_a_sentence(
    console: Console, file: Path, tmp_path: Path, harm: Callable[[bytes], bytes], words: str
) -> None:
    console.call("backup", file)
    file.write_bytes(harm(file.read_bytes()))
    console.call("restore", file, status=1, home=tmp_path / "new")
    assert words in console.said
    assert str(file) in console.said
    assert not (tmp_path / "new").exists()


def test_a_newer_schema_is_told_in_a_sentence(
    console: Console, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.call("backup", file)
    monkeypatch.setattr("index.schema.VERSION", 1)
    console.call("restore", file, status=1, home=tmp_path / "new")
    assert "hãy nâng cấp Kiểm Tin" in console.said
    assert not (tmp_path / "new").exists()


def test_an_interrupt_ends_with_130_and_leaves_nothing(
    console: Console, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Packing, *arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Packing, "add", interrupted)
    console.call("backup", file, status=130)
    assert not list(file.parent.iterdir())


def test_what_is_not_of_the_home_is_told_as_left_out(console: Console, file: Path) -> None:
    (console.home / "ghi-chu.txt").touch()
    (console.home / "exports" / "a\nb.csv").touch()
    (console.home / "logs" / "run.log").touch()
    assert console.document("backup", file)["left_out"] == ["exports/a\nb.csv", "ghi-chu.txt"]


FULL = """
import resource, signal, sys
from config import cli
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(cli.run(sys.argv[2:]))
"""


def on_a_full_disk(room: int, *arguments: str | Path) -> str:
    """What the command says where the system lets no file grow further, as on a full disk."""
    command = [sys.executable, "-c", FULL, str(room), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert not re.search(r"Traceback|[Ee]rror", done.stderr), "in our words"
    return done.stderr


@pytest.mark.parametrize("room", [1_000, 100_000, 250_000, 400_000])
def test_a_full_disk_leaves_no_half_file(console: Console, file: Path, room: int) -> None:
    (console.home / "exports" / "lon.bin").write_bytes(random.Random(1).randbytes(500_000))
    said = on_a_full_disk(room, "backup", file, "--home", console.home)
    assert str(file) in said
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("room", [10, 1_000, 200_000])
def test_a_full_disk_leaves_no_half_home(console: Console, file: Path, tmp_path: Path, room: int) -> None:
    console.call("backup", file)
    said = on_a_full_disk(room, "restore", file, "--home", tmp_path / "new")
    assert "new" in said
    assert not (tmp_path / "new").exists()


# --- secrets ------------------------------------------------------------------------------------------------------

SECRET = "mot-khoa-bi-mat"


@pytest.fixture
def guarded(console: Console, tmp_path: Path) -> Console:
    """A home with a secret in its settings, one in a comment, and one in a file."""
    (tmp_path / "key").write_text(SECRET + "-2", encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    console.set(elasticsearch={"password": SECRET, "api_key_file": str(tmp_path / "key"), "ca_file": "/etc/ca.pem"})
    with (console.home / "kiemtin.yaml").open("a", encoding="utf-8") as file:
        file.write(f"# {SECRET}-3\n")
    return console


def test_secrets_stay_apart_and_are_told_as_what_must_be_brought(guarded: Console, file: Path, tmp_path: Path) -> None:
    made = guarded.document("backup", file)
    kept = yaml.safe_load(inside(file, "kiemtin.yaml"))
    assert kept["elasticsearch"] == {"api_key_file": str(tmp_path / "key"), "ca_file": "/etc/ca.pem"}
    with tarfile.open(file) as tar:
        assert all(SECRET.encode() not in inside(file, name) for name in tar.getnames())
    assert sorted(made["by_hand"]) == [
        f"elasticsearch.api_key_file: {tmp_path / 'key'}",
        "elasticsearch.ca_file: /etc/ca.pem",
        "elasticsearch.password",
    ]
    guarded.call("restore", file, home=tmp_path / "new")
    assert "elasticsearch.password" in guarded.said


def test_secrets_come_along_where_they_are_asked_for(guarded: Console, file: Path, tmp_path: Path) -> None:
    made = guarded.document("backup", file, "--with-secrets")
    assert made["by_hand"] == ["elasticsearch.ca_file: /etc/ca.pem"]
    guarded.call("restore", file, home=tmp_path / "new")
    (tmp_path / "key").unlink()
    restored = settings.load(tmp_path / "new", environment={}).elasticsearch
    assert (restored.password, restored.api_key) == (SECRET, f"{SECRET}-2")


def test_what_the_environment_says_is_told_as_what_must_be_brought(
    console: Console, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIEMTIN_ELASTICSEARCH__PASSWORD", SECRET)
    made = console.document("backup", file, "--with-secrets", "--set", "fetch.delay=5")
    assert made["by_hand"] == ["fetch.delay (--set)", "elasticsearch.password (environment)"]
    assert SECRET.encode() not in inside(file, "kiemtin.yaml")


# --- books that lie elsewhere -------------------------------------------------------------------------------------


def test_half_a_backup_is_never_made_without_being_asked_for(console: Console, file: Path, tmp_path: Path) -> None:
    console.set(archive="https://search.example:9200")
    console.call("backup", file, status=1)
    assert "--without archive" in console.said
    assert "https://search.example:9200" in console.said
    assert not list(file.parent.iterdir())
    made = console.document("backup", file, "--without", "archive")
    assert made["without"] == {"archive": "https://search.example:9200"}
    assert "articles" not in made["counts"]
    console.call("restore", file, home=tmp_path / "new")
    assert "KHÔNG gồm kho bài viết: nằm ở https://search.example:9200" in console.said
    assert not (tmp_path / "new" / "archive.db").exists()


def test_an_office_can_say_once_that_a_book_is_backed_up_elsewhere(console: Console, file: Path) -> None:
    office = console.set(archive="https://search.example:9200", backup={"without": ["archive"]})
    assert saving.served_elsewhere(office) == {BookName.ARCHIVE}
    assert console.document("backup", file)["without"] == {"archive": "https://search.example:9200"}


def test_a_casebook_on_a_server_is_named_before_it_is_asked(console: Console, file: Path) -> None:
    console.call("backup", file, "--set", "casebook=postgresql://db.example/kiemtin", status=1)
    assert "casebook nằm trên máy chủ postgresql://db.example/kiemtin" in console.said
    assert not list(file.parent.iterdir())


def test_a_book_in_the_home_cannot_be_left_out(console: Console, file: Path) -> None:
    console.call("backup", file, "--without", "casebook", status=2)
    assert "casebook" in console.said


# --- by the clock -------------------------------------------------------------------------------------------------


def test_a_backup_is_made_once_a_day_and_old_ones_go(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder), "daily_at": "01:30", "keep": "2d"})
    (folder / "kiemtin-tuyen-quang-cua-toi.tar.gz").write_bytes(b"mine")
    (folder / rotation.name_of("tuyen-quang", NIGHT - DAY * 9)).write_bytes(b"no backup, whatever its name")
    others = {path.name for path in folder.iterdir()}
    for day in range(4):
        now = NIGHT + DAY * day
        assert saving.back_up_if_due(office, now) == folder / rotation.name_of("tuyen-quang", now)
        assert saving.back_up_if_due(office, now + timedelta(hours=5)) is None
    made = {rotation.name_of("tuyen-quang", NIGHT + DAY * day) for day in (2, 3)}
    assert {path.name for path in folder.iterdir()} == made | others


def test_without_a_folder_none_is_made(console: Console) -> None:
    assert saving.back_up_if_due(console.settings(), NIGHT) is None


@pytest.mark.parametrize("place", ["relative", "{home}/backups", "{home}"])
def test_a_folder_within_the_home_is_refused(console: Console, place: str) -> None:
    office = console.set(backup={"folder": place.format(home=console.home)})
    with pytest.raises(ConfigError) as refused:
        saving.back_up_if_due(office, NIGHT)
    assert refused.value.params["key"] == "backup.folder"


def test_a_backup_that_fails_removes_no_old_one_and_is_noted_until_one_is_made(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder), "keep": "1d"})
    old = saving.back_up_if_due(office, NIGHT)
    held = (console.home / "casebook.db").read_bytes()
    (console.home / "casebook.db").write_bytes(b"damaged" * 1000)
    with pytest.raises(Exception, match="casebook_damaged"):
        saving.back_up_if_due(office, NIGHT + DAY)
    assert [*folder.iterdir()] == [old]
    note = saving.read_note(office)
    assert note.failed == NIGHT + DAY
    assert "casebook.db" in note.why
    (console.home / "casebook.db").write_bytes(held)
    saving.back_up_if_due(office, NIGHT + DAY + timedelta(hours=1))
    assert saving.read_note(office).failed is None


def test_a_backup_that_is_told_to_stop_is_no_failure(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder)})

    def stop(_done: int) -> None:
        raise BackupStopped

    with pytest.raises(BackupStopped):
        saving.back_up_if_due(office, NIGHT, stop)
    assert not list(folder.iterdir())
    assert saving.read_note(office).failed is None


def test_a_book_elsewhere_fails_a_scheduled_backup_too(console: Console, folder: Path) -> None:
    office = console.set(archive="https://search.example:9200", backup={"folder": str(folder)})
    with pytest.raises(BookElsewhere):
        saving.back_up_if_due(office, NIGHT)
    assert "backup.without" in saving.read_note(office).why


def test_a_disk_that_is_gone_is_noted(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder / "usb")})
    with pytest.raises(BackupError):
        saving.back_up_if_due(office, NIGHT)
    assert str(folder / "usb") in saving.read_note(office).why


def test_the_service_makes_the_backup_that_is_due(console: Console, folder: Path, tmp_path: Path) -> None:
    office = console.set(backup={"folder": str(folder)})
    with Service(office, with_dashboard=False) as service:
        service._back_up_if_due()
        service._back_up_if_due()
    (file,) = folder.iterdir()
    console.call("restore", file, home=tmp_path / "new")


# --- the doctor ---------------------------------------------------------------------------------------------------


def checks(office: Settings, now: datetime) -> dict[str, Check]:
    return {check.name: check for check in doctor.examine(office, now)}


def test_the_doctor_misses_a_backup_once_an_office_has_worked_a_week(console: Console) -> None:
    office, begun = console.settings(), datetime(2026, 11, 24, 1, tzinfo=ZONE)
    assert checks(office, begun + DAY * 6)["backup"].ok
    missed = checks(office, begun + DAY * 8)["backup"]
    assert not missed.ok
    assert "kiemtin backup" in missed.fix


def test_the_doctor_knows_of_a_backup_made_by_hand(console: Console, file: Path) -> None:
    console.call("backup", file)
    now = wiring.clock()
    assert checks(console.settings(), now + DAY * 6)["backup"].ok
    assert not checks(console.settings(), now + DAY * 8)["backup"].ok


def test_the_doctor_looks_for_scheduled_backups_where_they_should_be(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder)})
    now = datetime(2026, 12, 25, 1, 30, tzinfo=ZONE)
    made = saving.back_up_if_due(office, now)
    assert made is not None
    assert checks(office, now + DAY)["backup"].ok
    assert not checks(office, now + DAY * 3)["backup"].ok
    made.unlink()
    assert not checks(office, now + DAY)["backup"].ok


def test_the_doctor_says_why_the_last_scheduled_backup_failed(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder / "usb")})
    with pytest.raises(BackupError):
        saving.back_up_if_due(office, NIGHT)
    found = checks(office, NIGHT)
    assert "không có tệp hoặc thư mục này" in found["backup"].detail
    assert not found["backup_place"].ok


def test_the_doctor_warns_of_backups_on_the_homes_own_disk(console: Console, folder: Path) -> None:
    office = console.set(backup={"folder": str(folder)})
    place = checks(office, NIGHT)["backup_place"]
    assert (place.ok, "cùng ổ đĩa" in place.detail) == (False, True)
    assert "backup_place" not in checks(console.set(), NIGHT)
    elsewhere = Path("/dev/shm")  # a file system of its own, as a disk is
    if elsewhere.is_dir() and elsewhere.stat().st_dev != console.home.stat().st_dev:
        assert checks(console.set(backup={"folder": str(elsewhere)}), NIGHT)["backup_place"].ok


def test_the_doctor_names_a_folder_that_cannot_be_one(console: Console) -> None:
    office = console.set(backup={"folder": str(console.home)})
    assert "backup.folder" in checks(office, NIGHT)["backup"].detail


def test_a_note_that_cannot_be_read_is_none(console: Console) -> None:
    (console.home / "backup.json").write_bytes(b"\xff{")
    assert saving.read_note(console.settings()) == saving.Note()
