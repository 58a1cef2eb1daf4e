"""Every store of files keeps them whole, under their names, and gives them back as they are."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.attachments import Attachments
from index.errors import AttachmentNotFound, SnapshotNotFound
from index.snapshots import Snapshots
from index.store import Folder, Relay, Store
from tests.s3_server import S3Server
from tests.test_attachments import PNG
from tests.test_snapshots import NOON, Page

ON_S3 = pytest.mark.service


@pytest.fixture(params=["folder", pytest.param("s3", marks=ON_S3), pytest.param("relay", marks=ON_S3)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield Folder(tmp_path)
        return
    server: S3Server = request.getfixturevalue("s3")
    yield server.store() if request.param == "s3" else Relay(Folder(tmp_path), server.store())


def names(store: Store, under: str = "") -> list[str]:
    return [held.name for held in store.files(under)]


def test_a_file_comes_back_as_it_was_kept(store: Store) -> None:
    data = bytes(range(256)) * 300
    before = datetime.now(UTC) - timedelta(seconds=5)
    store.put("2026/03/02/a", data)
    (held,) = store.files()
    assert store.get("2026/03/02/a") == data
    assert (held.name, held.size) == ("2026/03/02/a", len(data))
    assert before < held.written < datetime.now(UTC) + timedelta(seconds=5)
    assert store.has("2026/03/02/a")


def test_a_file_may_be_empty(store: Store) -> None:
    store.put("a", b"")
    assert store.get("a") == b""


def test_a_name_keeps_what_it_has(store: Store) -> None:
    store.put("a", b"first")
    store.put("a", b"second")
    assert store.get("a") == b"first"


def test_what_is_not_there_is_none_and_may_be_removed(store: Store) -> None:
    store.put("a/b", b"x")
    store.remove("c")
    assert (store.get("a"), store.get("a/c"), store.has("a"), store.has("c")) == (None, None, False, False)
    assert (names(store, "d/"), store.folders("d/")) == ([], [])


def test_what_is_removed_is_gone(store: Store) -> None:
    store.put("a/b", b"x")
    store.put("a/c", b"x")
    store.remove("a/b")
    assert names(store) == ["a/c"]
    assert store.get("a/b") is None


def test_files_and_folders_are_found_below_a_name(store: Store) -> None:
    for name in ("2026/03/02/b", "2026/03/02/a", "2026/11/30/c", "2025/01/01/d", "e"):
        store.put(name, b"x")
    assert names(store) == ["2025/01/01/d", "2026/03/02/a", "2026/03/02/b", "2026/11/30/c", "e"]
    assert names(store, "2026/03/02/") == ["2026/03/02/a", "2026/03/02/b"]
    assert store.folders() == ["2025/", "2026/"]
    assert store.folders("2026/") == ["2026/03/", "2026/11/"]


def test_many_keep_the_same_file_at_once_and_it_is_one(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.put("a", b"%d" % n), range(8)))
    assert names(store) == ["a"]
    assert store.get("a") in {b"%d" % n for n in range(8)}


def test_pages_are_kept_read_and_purged(store: Store) -> None:
    snapshots = Snapshots(store)
    old, named = snapshots.keep(Page(body=b"cu"), NOON), snapshots.keep(Page(body=b"dung"), NOON)
    young = snapshots.keep(Page(body=b"moi"), NOON + timedelta(days=1))
    assert snapshots.read(named).body == b"dung"
    assert {*snapshots.walk()} == {old, named, young}
    assert [page.body for page in snapshots.newest((NOON + timedelta(days=1)).date(), 5)] == [b"moi"]
    tomorrow = (NOON + timedelta(days=1)).date()
    assert snapshots.purge({named}, before=tomorrow, dry_run=True) == 1
    assert snapshots.purge({named}, before=tomorrow) == 1
    assert {*snapshots.walk()} == {named, young}
    with pytest.raises(SnapshotNotFound):
        snapshots.read(old)


def test_uploads_are_kept_and_read(store: Store) -> None:
    attachments = Attachments(store)
    sha256, _ = attachments.put(PNG)
    assert attachments.read(sha256) == PNG
    with pytest.raises(AttachmentNotFound):
        attachments.read("ab" * 32)
