"""A file is whole or not there, and what a killed writer left behind is found."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.errors import StoreError
from index.files import half_written, write_whole

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def touched(file: Path, moment: datetime) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"half")
    os.utime(file, (moment.timestamp(), moment.timestamp()))
    return file


def test_a_file_is_written_with_its_folders_and_replaces_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file"
    write_whole(target, b"one")
    write_whole(target, b"two")
    assert target.read_bytes() == b"two"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_cannot_be_written_is_an_error_that_says_where_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync" if call == "fsync" else "pathlib.Path.replace", full)
    with pytest.raises(StoreError) as raised:
        write_whole(tmp_path / "file", b"x")
    assert raised.value.params["path"] == str(tmp_path / "file")
    assert "No space left" in raised.value.params["why"]
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_found_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    killed = "import os, sys; from pathlib import Path; from index import files\n"
    killed += "files.os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
    killed += "files.write_whole(Path(sys.argv[1]) / '2026' / 'page', b'half')\n"
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], cwd=Path(__file__).parents[1], check=False)
    (left,) = (tmp_path / "2026").iterdir()
    touched(left, NOW - timedelta(days=2))
    touched(tmp_path / "2026" / ".new-young", NOW - timedelta(hours=1))
    touched(tmp_path / "2026" / "page", NOW - timedelta(days=9))
    assert half_written(tmp_path, before=NOW - timedelta(days=1)) == [left]
    assert half_written(tmp_path / "never-made", before=NOW) == []
