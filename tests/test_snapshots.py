"""Pages are kept as they came, whole or not at all, and what was altered is noticed."""

from __future__ import annotations

import gzip
import hashlib
import os
import pickle
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from index.errors import SnapshotDamaged, SnapshotNotFound, StoreError
from index.snapshots import Snapshots
from index.store import Folder

NOON = datetime(2026, 3, 2, 5, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    url: str = "https://bao.example/lu-quet?x=1"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/html; charset=utf-8"})
    body: bytes = "<h1>Lũ quét</h1>".encode()


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(Folder(tmp_path))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_page_comes_back_as_it_was_captured(snapshots: Snapshots, tmp_path: Path) -> None:
    page = Page()
    sha256 = snapshots.keep(page, NOON)
    assert sha256 == hashlib.sha256(page.body).hexdigest()
    assert files(tmp_path) == [f"2026/03/02/{sha256}.warc.gz"]
    found = snapshots.read(sha256)
    assert (found.url, found.status, found.body, found.captured) == (page.url, 200, page.body, NOON)
    assert (found.sha256, found.headers) == (sha256, page.headers)


@settings(max_examples=30, deadline=None)
@given(body=st.binary(max_size=5000), status=st.sampled_from([200, 203, 404, 599]))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, body: bytes, status: int) -> None:
    snapshots = Snapshots(Folder(tmp_path_factory.mktemp("snapshots")))
    found = snapshots.read(snapshots.keep(Page(body=body, status=status), NOON))
    assert (found.body, found.status) == (body, status)


def test_headers_of_the_transfer_do_not_lead_astray_whoever_reads_the_file(snapshots: Snapshots) -> None:
    """The body is kept unpacked; a reader that believed `gzip` or `chunked` would find it damaged."""
    sent = {"content-encoding": "gzip", "Transfer-Encoding": "chunked", "content-length": "7", "etag": 'W/"1"'}
    found = snapshots.read(snapshots.keep(Page(headers=sent), NOON))
    assert found.body == Page().body
    assert found.headers == {
        "x-archive-orig-content-encoding": "gzip",
        "x-archive-orig-Transfer-Encoding": "chunked",
        "x-archive-orig-content-length": "7",
        "etag": 'W/"1"',
    }


def test_a_header_cannot_add_another_or_end_the_headers(snapshots: Snapshots) -> None:
    found = snapshots.read(snapshots.keep(Page(headers={"x": "1\r\nset-cookie: a\r\n\r\n<html>"}), NOON))
    assert found.headers == {"x": "1 set-cookie: a  <html>"}
    assert found.body == Page().body


def test_other_programs_can_read_the_file(snapshots: Snapshots, tmp_path: Path) -> None:
    sha256 = snapshots.keep(Page(), NOON)
    with (tmp_path / files(tmp_path)[0]).open("rb") as file:
        (record,) = [(r.rec_type, dict(r.rec_headers.headers)) for r in ArchiveIterator(file)]
    kind, headers = record
    assert kind == "response"
    assert headers["WARC-Payload-Digest"] == f"sha256:{sha256}"
    assert headers["WARC-Date"] == "2026-03-02T05:00:00.123456Z"


def test_the_same_bytes_are_one_file_a_day(snapshots: Snapshots, tmp_path: Path) -> None:
    sha256 = snapshots.keep(Page(), NOON)
    first = (tmp_path / files(tmp_path)[0]).read_bytes()
    assert snapshots.keep(Page(url="https://khac.example/"), NOON + timedelta(hours=2)) == sha256
    assert snapshots.keep(Page(), NOON + timedelta(days=1)) == sha256
    assert files(tmp_path) == [f"2026/03/{day}/{sha256}.warc.gz" for day in ("02", "03")]
    assert (tmp_path / files(tmp_path)[0]).read_bytes() == first
    assert snapshots.read(sha256).captured == NOON
    assert list(snapshots.walk()) == [sha256]


def test_the_day_of_a_capture_is_that_of_utc(snapshots: Snapshots, tmp_path: Path) -> None:
    hanoi = timezone(timedelta(hours=7))
    sha256 = snapshots.keep(Page(), datetime(2026, 3, 2, 6, 59, tzinfo=hanoi))
    assert files(tmp_path) == [f"2026/03/01/{sha256}.warc.gz"]
    with pytest.raises(ValueError, match="naive"):
        snapshots.keep(Page(), datetime(2026, 3, 2, 6, 59))  # noqa: DTZ001


def test_pages_are_kept_by_many_at_once(snapshots: Snapshots, tmp_path: Path) -> None:
    pages = [Page(body=bytes([number % 5])) for number in range(40)]
    copy = pickle.loads(pickle.dumps(snapshots))
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda page: copy.keep(page, NOON), pages))
    assert set(snapshots.walk()) == names
    assert len(files(tmp_path)) == len(names) == 5


def test_what_was_altered_is_noticed(snapshots: Snapshots, tmp_path: Path) -> None:
    sha256 = snapshots.keep(Page(body=b"x" * 10_000), NOON)
    path = tmp_path / files(tmp_path)[0]
    whole = path.read_bytes()
    forged = gzip.compress(gzip.decompress(whole).replace(b"xxxx", b"xxxy", 1))
    nameless = gzip.compress(gzip.decompress(whole).replace(b"WARC-Target-URI", b"WARC-Nothing", 1))
    headless = gzip.compress(gzip.decompress(whole).replace(b"HTTP/1.1 200", b"HTTP/1.1 xyz", 1))
    for damaged in (
        b"",
        whole[:40],
        whole[: len(whole) // 2],
        whole[:-9],
        forged,
        nameless,
        headless,
        b"<html>" * 50,
        b"\x1f\x8b" + b"\0" * 90,
    ):
        path.write_bytes(damaged)
        with pytest.raises(SnapshotDamaged) as raised:
            snapshots.read(sha256)
        assert raised.value.params == {"path": str(path)}


@pytest.mark.parametrize("name", ["ab" * 32, "", "../../etc/passwd", "*", "AB" * 32])
def test_what_was_never_kept_is_not_found(snapshots: Snapshots, name: str) -> None:
    snapshots.keep(Page(), NOON)
    with pytest.raises(SnapshotNotFound):
        snapshots.read(name)


def test_what_nobody_names_any_more_is_purged_from_every_day_before_one(snapshots: Snapshots) -> None:
    other = snapshots.keep(Page(body=b"khac"), NOON)
    sha256 = snapshots.keep(Page(), NOON)
    snapshots.keep(Page(), NOON + timedelta(days=1))
    snapshots.keep(Page(), NOON + timedelta(days=2))
    before = date(2026, 3, 4)
    assert snapshots.purge({other}, before=before, dry_run=True) == 2
    assert snapshots.purge({other}, before=before) == 2
    assert snapshots.purge({other}, before=before) == 0
    assert {*snapshots.walk()} == {other, sha256}
    assert snapshots.read(sha256).captured == NOON + timedelta(days=2)


def test_walking_passes_over_what_is_no_snapshot(snapshots: Snapshots, tmp_path: Path) -> None:
    old = snapshots.keep(Page(body=b"cu"), NOON)
    young = snapshots.keep(Page(body=b"moi"), NOON + timedelta(days=1))
    for stray in (".new-abc", "notes.txt", "ab.warc.gz"):
        (tmp_path / "2026" / "03" / "02" / stray).write_bytes(b"")
    assert list(snapshots.walk()) == [old, young]
    assert list(Snapshots(Folder(tmp_path / "never-made")).walk()) == []


def test_a_page_that_cannot_be_written_is_an_error_that_says_where(tmp_path: Path) -> None:
    (tmp_path / "2026").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreError) as raised:
        Snapshots(Folder(tmp_path)).keep(Page(), NOON)
    assert raised.value.params["path"].startswith(str(tmp_path))
    assert files(tmp_path) == ["2026"]


def test_a_writer_that_is_stopped_half_way_leaves_no_half_file(
    snapshots: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            snapshots.keep(Page(), NOON)
    assert files(tmp_path) == []
    assert snapshots.read(snapshots.keep(Page(), NOON)).body == Page().body
