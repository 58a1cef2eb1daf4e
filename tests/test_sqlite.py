"""What the embedded archive promises beyond the contract: its file survives, and is shared."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Query
from index.errors import ArchiveError, ArchiveUnavailable, SchemaNewer
from index.model import FlagKind
from index.source import Tally
from index.sqlite import SqliteArchive
from tests.conftest import ROOT
from tests.contract.nouns import NOON, OURS, SIGNALS, article, dated, flag, minutes, story
from tests.killed_writer import BATCH, batch


@contextmanager
def writer(path: Path, first: int, count: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.killed_writer", str(path), str(first), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process


def assert_sound(path: Path) -> None:
    """SQLite and its full-text index find no fault, and every article is in search once."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (articles,) = connection.execute("SELECT count(*) FROM articles WHERE held").fetchone()
        for table in ("exact", "folded"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            assert connection.execute(f"SELECT count(*) FROM {table}_docsize").fetchone() == (articles,)


@pytest.mark.fault(42)
def test_nothing_acknowledged_is_lost_and_nothing_doubled_when_the_writer_is_killed(tmp_path: Path) -> None:
    path, chance = tmp_path / "archive.db", random.Random(20)
    kept = 0
    for _ in range(5):
        with writer(path, kept, 10_000) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 6)):
                kept = int(process.stdout.readline()) + 1
            threading.Event().wait(chance.uniform(0, 0.03))
            process.kill()
            rest = process.stdout.read().split()
            kept = int(rest[-1]) + 1 if rest else kept
        assert_sound(path)
    with SqliteArchive(path) as archive:
        stored = list(archive.stored(OURS))
        sizes = Counter(found.article.collected for found in stored)
        assert set(sizes.values()) == {BATCH}, "a batch is there whole or not at all"
        assert set(sizes) >= {NOON + minutes(number) for number in range(kept)}
        assert len({found.article.id for found in stored}) == len(stored)
        unreviewed = {held.collected for held in archive.pending(OURS, SIGNALS, since=None, limit=10_000)}
        assert unreviewed <= {NOON + minutes(kept)}, "only the batch under way may wait for its review"
        assert archive.add(batch(0)) == Tally(seen=BATCH)


def test_processes_write_side_by_side_and_each_article_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with writer(path, 0, 12) as one, writer(path, 6, 12) as other:
        outputs = [process.communicate()[0].split() for process in (one, other)]
    assert outputs == [[str(number) for number in range(first, first + 12)] for first in (0, 6)]
    with SqliteArchive(path) as archive:
        assert archive.find(Query(province=OURS)).total == 18 * BATCH
        assert archive.pending(OURS, SIGNALS, since=None, limit=1) == ()
        assert len(list(archive.stories(OURS))) == 18
    assert_sound(path)


def test_readers_see_whole_batches_while_a_writer_writes(tmp_path: Path) -> None:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        done = threading.Event()

        def read() -> int:
            last = rounds = 0
            while not done.is_set() or rounds == 0:
                for query in (Query(province=OURS, text="tin"), Query(province=OURS)):
                    total = archive.find(query).total
                    assert total % BATCH == 0
                    assert total >= last
                    last = total
                rounds += 1
            return rounds

        with ThreadPoolExecutor() as pool:
            readers = [pool.submit(read) for _ in range(3)]
            for number in range(15):
                archive.add(batch(number))
            done.set()
            assert all(reader.result() > 0 for reader in readers)
    assert_sound(tmp_path / "archive.db")


def test_search_stays_sound_whatever_one_batch_holds(tmp_path: Path) -> None:
    """Versions of one article, of which each takes another time, and another article in the place it left."""
    path = tmp_path / "archive.db"
    with SqliteArchive(path) as archive:
        archive.add([article("a", title="Lũ một")])
        versions = [
            dated(article("a", title=f"Lũ {n}", collected=NOON + minutes(n)), NOON - minutes(n)) for n in (2, 3)
        ]
        archive.add([versions[0], article("b", title="Hạn"), versions[1], article("c", title="Hạn"), versions[1]])
        assert [hit.article.title for hit in archive.find(Query(province=OURS, text="lũ")).hits] == ["Lũ 3"]
        assert archive.find(Query(province=OURS, text="hạn")).total == 2
    assert_sound(path)


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    def add(number: int) -> Tally:
        with SqliteArchive(tmp_path / "archive.db") as archive:
            return archive.add([article(str(number)), article("same")])

    with ThreadPoolExecutor(8) as pool:
        tallies = list(pool.map(add, range(8)))
    assert sum(tallies, Tally()) == Tally(new=9, seen=7)


def test_a_reader_does_not_wait_for_a_writer_and_a_writer_gives_up_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with SqliteArchive(path, patience=0.05) as archive, closing(sqlite3.connect(path)) as other:
        archive.add([article()])
        other.execute("BEGIN IMMEDIATE")
        assert archive.find(Query(province=OURS)).total == 1
        with pytest.raises(ArchiveUnavailable):
            archive.add([article("new")])
        other.execute("ROLLBACK")
        assert archive.add([article("new")]) == Tally(new=1)


def test_a_file_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    SqliteArchive(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaNewer) as raised:
        SqliteArchive(path)
    assert raised.value.params == {"file": str(path), "found": "99", "known": "2"}


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    one, other = article("a", title="Lũ quét"), article("b", title="Hạn hán", collected=NOON - minutes(1))
    held = flag(one, FlagKind.CONFLICT)
    against = replace(held.evidence[0], against=flag(other).evidence[0])
    told = story("s", one, other, flags=(replace(held, evidence=(against,)),))
    with SqliteArchive(path) as archive:
        archive.add([one, other])
        archive.record([], [told])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM traits WHERE kind = 'quoted'")
        connection.execute("INSERT INTO folded (folded) VALUES ('delete-all')")
        connection.execute("INSERT INTO folded (rowid, title) SELECT slot, 'otherwise' FROM articles")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    with SqliteArchive(path) as archive:
        assert archive.find(Query(province=OURS, flag=FlagKind.CONFLICT)).total == 2
        assert archive.find(Query(province=OURS, text="lu")).total == 1
        assert archive.find(Query(province=OURS, text="otherwise")).total == 0
        archive.add([article("a", title="Lũ rút")])
        assert archive.find(Query(province=OURS, text="quet")).total == 0
    assert_sound(path)


def segments(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(DISTINCT segid) FROM {table}_idx").fetchone()[0])


def test_a_batch_is_one_segment_of_full_text_and_many_are_merged(tmp_path: Path) -> None:
    path, chance = tmp_path / "archive.db", random.Random(4)
    syllables = [f"chữ{number}" for number in range(2_000)]
    with SqliteArchive(path) as archive:
        archive.add([article(f"a{number}", text=" ".join(chance.choices(syllables, k=600))) for number in range(500)])
        assert segments(path, "exact") == segments(path, "folded") == 1
        for number in range(70):
            archive.add([article(f"b{number}")])
        assert segments(path, "exact") < 35
        assert segments(path, "folded") < 35
    assert_sound(path)


def test_a_file_of_before_merges_seldom_from_its_next_batch_on(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with SqliteArchive(path) as archive:
        archive.add([article("a", title="Lũ")])
    with closing(sqlite3.connect(path)) as connection:
        for table in ("exact", "folded"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 4)")
            connection.execute(f"DELETE FROM {table}_config WHERE k <> 'version' AND k <> 'automerge'")
        connection.commit()
    with SqliteArchive(path) as archive:
        for number in range(15):
            archive.add([article(f"b{number}", title="Lũ")])
        assert archive.find(Query(province=OURS, text="lu")).total == 16
    assert segments(path, "exact") == segments(path, "folded") == 16
    assert_sound(path)


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"no database at all, but long enough to be looked at " * 40)
    with pytest.raises(ArchiveError) as raised:
        SqliteArchive(path)
    assert raised.value.params["file"] == str(path)


def test_a_folder_that_is_not_there_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnavailable):
        SqliteArchive(tmp_path / "not-mounted" / "archive.db")


def test_more_articles_than_one_moment_holds_spill_into_the_next(tmp_path: Path) -> None:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        archive.add([article("first")])
        with closing(sqlite3.connect(tmp_path / "archive.db")) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("UPDATE articles SET slot = slot + 32766")
            connection.commit()
        archive.add([article("second"), article("third")])
        hits = archive.find(Query(province=OURS)).hits
        assert {hit.article.id for hit in hits} == {article(name).id for name in ("first", "second", "third")}
