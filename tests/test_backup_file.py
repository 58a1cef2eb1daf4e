"""The file of a backup: what was packed comes out, any change is noticed, and nothing leads out of the folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from index import backup_file
from index.backup_file import Manifest, Member, Packing, is_safe, read, unpack
from index.errors import BackupRefused

FILES = {
    "kiemtin.yaml": b"province: tuyen-quang\n",
    "archive.db": bytes(range(256)) * 300,
    "attachments/" + "a" * 64: b"%PDF-1.7",
    "exports/" + "Danh sách bài viết của tuần " * 5 + ".csv": b"a,b\n",
    "reports/diem-bao.docx": b"",
}
MANIFEST = Manifest(
    program="0.1.0",
    province="tuyen-quang",
    moment=datetime(2026, 11, 25, 1, 30, tzinfo=UTC),
    books={},
    without={},
    signals={},
    missing=(),
    by_hand=(),
    members=(),
)
EMPTY = Member(name="kiemtin.yaml", size=0, sha256=hashlib.sha256().hexdigest())


def packed(files: Mapping[str, bytes], change: Callable[[Manifest], Manifest] = lambda said: said) -> bytes:
    file = io.BytesIO()
    packing = Packing(file)
    for name, content in files.items():
        packing.add(name, io.BytesIO(content), len(content))
    packing.seal(change(replace(MANIFEST, members=tuple(packing.members))))
    return file.getvalue()


@cache
def sound() -> bytes:
    return packed(FILES)


def put(folder: Path, content: bytes) -> Path:
    (folder / "backup.tar.gz").write_bytes(content)
    return folder / "backup.tar.gz"


def problem(content: bytes) -> str:
    """How a file is refused, and that nothing of it is laid out outside the folder it was for."""
    with TemporaryDirectory() as folder:
        file, into = put(Path(folder), content), Path(folder) / "into"
        into.mkdir()
        with pytest.raises(BackupRefused) as refused:
            unpack(file, read(file), into)
        assert {path.name for path in Path(folder).iterdir()} == {"backup.tar.gz", "into"}
        assert refused.value.params["file"] == str(file)
        return refused.value.params["problem"]


def sealed(tar: bytes, manifest: Manifest) -> bytes:
    """A file with a seal that is whole, whatever the tar in it says."""
    file = io.BytesIO()
    packing = Packing(file)
    packing._tar.write(tar)
    packing.seal(manifest)
    return file.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "") -> bytes:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, link
    return made.tobuf(tarfile.GNU_FORMAT)


# --- what was packed ----------------------------------------------------------------------------------------------


def test_what_was_packed_comes_out(tmp_path: Path) -> None:
    file = put(tmp_path, sound())
    manifest = read(file)
    unpack(file, manifest, tmp_path / "into")
    assert {member.name: (tmp_path / "into" / member.name).read_bytes() for member in manifest.members} == FILES
    assert manifest.size == sum(map(len, FILES.values()))


def test_what_is_laid_out_is_its_owners_alone(tmp_path: Path) -> None:
    file = put(tmp_path, sound())
    unpack(file, read(file), tmp_path / "into")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "into").rglob("*") if path.is_file()} == {0}


def test_other_programs_can_open_it(tmp_path: Path) -> None:
    with tarfile.open(put(tmp_path, sound())) as tar:
        found = {each.name: file.read() for each in tar if (file := tar.extractfile(each)) is not None}
    assert found.pop("manifest.json").startswith(b"{")
    assert found == FILES


def test_it_is_told_how_many_bytes_were_done(tmp_path: Path) -> None:
    file, told = put(tmp_path, sound()), list[int]()
    manifest = read(file)
    unpack(file, manifest, tmp_path / "into", told.append)
    assert sum(told) == manifest.size


@pytest.mark.parametrize("length", [90, 91, 92, 93, 120, 240])
def test_a_name_of_any_length_comes_out_as_it_went_in(length: int, tmp_path: Path) -> None:
    name = "exports/" + "ơ" * (length // 2) + "a" * (length % 2)
    file = put(tmp_path, packed({"kiemtin.yaml": b"", name: b"a,b"}))
    unpack(file, read(file), tmp_path / "into")
    assert (tmp_path / "into" / name).read_bytes() == b"a,b"


def test_a_book_of_more_than_eight_gigabytes_has_an_entry_that_says_so() -> None:
    made = backup_file._entry("archive.db", 9 << 30)
    assert backup_file._next_entry(gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(made)))) == ("archive.db", 9 << 30)


@given(st.dictionaries(st.sampled_from([*FILES, "models/a/b.bin"]), st.binary(max_size=3000), max_size=4))
@examples(max_examples=30)
def test_any_content_comes_out_as_it_went_in(files: Mapping[str, bytes]) -> None:
    files = {"kiemtin.yaml": b"", **files}
    with TemporaryDirectory() as folder:
        file = put(Path(folder), packed(files))
        manifest = read(file)
        unpack(file, manifest, Path(folder) / "into")
        assert {m.name: (Path(folder) / "into" / m.name).read_bytes() for m in manifest.members} == files


# --- what was not -------------------------------------------------------------------------------------------------


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
@examples(max_examples=150)
def test_any_one_byte_altered_is_noticed(place: int, by: int) -> None:
    content = bytearray(sound())
    content[place % len(content)] ^= by
    assert problem(bytes(content)) in ("foreign", "cut", "altered", "newer")


@pytest.mark.parametrize("place", range(200))
def test_a_byte_altered_where_gzip_would_not_look_is_noticed(place: int) -> None:
    """The first header, and all of the seal with the end of the packed data before it."""
    for at in (place % 30, -1 - place):
        content = bytearray(sound())
        content[at] ^= 1
        problem(bytes(content))


@given(st.integers(min_value=0))
@examples(max_examples=100)
def test_a_cut_at_any_place_is_noticed(place: int) -> None:
    length = place % len(sound())
    assert problem(sound()[:length]) == ("foreign" if length < 29 else "cut")


@pytest.mark.parametrize("more", [b"\0", b"\n", sound()[-200:], sound()], ids=["zero", "line", "end", "twice"])
def test_anything_appended_is_noticed(more: bytes) -> None:
    problem(sound() + more)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a zip", gzip.compress(b"text"), b"SQLite format 3\0" * 100, sound()[1:]],
    ids=["empty", "zip", "gzip", "sqlite", "beheaded"],
)
def test_a_foreign_file_is_called_one(content: bytes) -> None:
    assert problem(content) == "foreign"


def test_a_later_format_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as later:
        later.setattr(backup_file, "FORMAT", 2)
        file = put(tmp_path, packed(FILES))
    with pytest.raises(BackupRefused) as refused:
        read(file)
    assert refused.value.params | {"file": ""} == {"file": "", "problem": "newer", "what": "2"}


# --- what was made to do harm -------------------------------------------------------------------------------------

OUT = ("../escaped", "/etc/passwd", "exports/../../escaped", "exports/a\\b", "exports//a", "exports/.", "exports", "")


@pytest.mark.parametrize("name", [*OUT, "other.db", "exports/a\nb", "exports/.new-a", "secrets/..", "exports/\ud800"])
def test_a_name_that_a_home_does_not_have_is_not_safe(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", OUT)
def test_a_manifest_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    first = entry("kiemtin.yaml") + entry(name or "a")
    assert problem(sealed(first, replace(MANIFEST, members=(EMPTY, replace(EMPTY, name=name))))) == "forged"


@pytest.mark.parametrize(
    "tar",
    [
        entry("exports/a", tarfile.SYMTYPE, link="/etc/passwd"),
        entry("exports/a", tarfile.LNKTYPE, link="kiemtin.yaml"),
        entry("exports/a", tarfile.CHRTYPE),
        entry("exports/a", tarfile.FIFOTYPE),
        entry("exports/a", tarfile.DIRTYPE),
        entry("exports/b"),
        entry("../a"),
        entry("exports/a", size=1),
        entry("exports/a", tarfile.XHDTYPE, size=1 << 33),
        entry("exports/a", tarfile.GNUTYPE_LONGNAME, size=1 << 33),
        bytes(512),
        b"no header at all" * 32,
    ],
    ids=["link", "hard link", "device", "pipe", "folder", "other", "out", "size", "pax", "long name", "end", "noise"],
)
def test_an_entry_that_is_not_the_next_of_the_manifest_is_refused(tar: bytes) -> None:
    members = (EMPTY, replace(EMPTY, name="exports/a"))
    assert problem(sealed(entry("kiemtin.yaml") + tar, replace(MANIFEST, members=members))) == "forged"


def test_a_backup_without_settings_would_make_no_home(tmp_path: Path) -> None:
    assert problem(packed({"exports/a": b""})) == "forged"


def test_the_forged_files_above_are_refused_for_what_is_forged_in_them(tmp_path: Path) -> None:
    members = (EMPTY, replace(EMPTY, name="exports/a"))
    file = put(tmp_path, sealed(entry("kiemtin.yaml") + entry("exports/a"), replace(MANIFEST, members=members)))
    unpack(file, read(file), tmp_path / "into")
    assert (tmp_path / "into" / "exports" / "a").exists()


def test_content_that_is_not_the_manifests_is_refused() -> None:
    def other(said: Manifest) -> Manifest:
        return replace(said, members=tuple(replace(member, sha256="0" * 64) for member in said.members))

    assert problem(packed(FILES, other)) == "forged"


@pytest.mark.parametrize("size", [-1, 1 << 40])
def test_a_size_that_the_entry_does_not_have_is_refused(size: int) -> None:
    def other(said: Manifest) -> Manifest:
        return replace(said, members=tuple(replace(member, size=size) for member in said.members))

    assert problem(packed(FILES, other)) == "forged"


def test_the_same_name_twice_is_refused() -> None:
    def twice(said: Manifest) -> Manifest:
        return replace(said, members=(*said.members, said.members[0]))

    assert problem(packed(FILES, twice)) == "forged"


def test_a_manifest_that_is_none_is_refused() -> None:
    forged = io.BytesIO()
    packing = Packing(forged)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup_file, "to_json", lambda manifest: '{"format": "one"}')
        packing.seal(MANIFEST)
    assert problem(forged.getvalue()) == "forged"


def test_a_name_that_is_not_safe_is_not_packed() -> None:
    with pytest.raises(ValueError, match="escaped"):
        Packing(io.BytesIO()).add("../escaped", io.BytesIO(), 0)


def test_a_file_that_becomes_shorter_while_it_is_packed_is_noticed() -> None:
    with pytest.raises(OSError, match=r"archive\.db"):
        Packing(io.BytesIO()).add("archive.db", io.BytesIO(b"short"), 10)
