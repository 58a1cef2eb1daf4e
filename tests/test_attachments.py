"""What people upload: kept by its hash, known by its bytes, refused where it could run or is too large."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from index.attachments import Attachments, media_type_of
from index.errors import AttachmentNotFound, AttachmentRefused, StoreError
from index.store import Folder

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return file.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")


def test_a_file_is_found_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    sha256, media_type = Attachments(Folder(tmp_path / "attachments")).put(PNG)
    assert (sha256, media_type) == (hashlib.sha256(PNG).hexdigest(), "image/png")
    assert Attachments(Folder(tmp_path / "attachments")).read(sha256) == PNG


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    attachments = Attachments(Folder(tmp_path))
    assert attachments.put(PNG) == attachments.put(PNG)
    assert [file.name for file in tmp_path.iterdir()] == [hashlib.sha256(PNG).hexdigest()]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"<svg onload=alert(1)>", None),
        (b"<!doctype html><script>", None),
        (b"MZ\x90", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (zipped("a.txt"), None),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (b"PK\x03\x04 not a zip", None),
        (b"plain words", None),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.fault(40)
def test_a_files_type_is_what_its_bytes_say(data: bytes, media_type: str | None) -> None:
    assert media_type_of(data) == media_type


@pytest.mark.parametrize(("data", "problem"), [(b"", "empty"), (PNG + b"\x00" * 100, "too_large"), (b"<html>", "type")])
def test_what_is_not_kept_is_refused_and_leaves_nothing(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        Attachments(Folder(tmp_path), max_bytes=100).put(data)
    assert refused.value.params["problem"] == problem
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault(40)
@pytest.mark.parametrize("name", ["0" * 64, "../casebook.db", "", "A" * 64, f"{'0' * 64}/../x"])
def test_nothing_but_a_kept_file_can_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "casebook.db").write_bytes(b"secret")
    with pytest.raises(AttachmentNotFound):
        Attachments(Folder(tmp_path / "attachments")).read(name)


def test_a_file_that_could_not_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        Attachments(Folder(tmp_path)).put(PNG)
    assert list(tmp_path.iterdir()) == []
