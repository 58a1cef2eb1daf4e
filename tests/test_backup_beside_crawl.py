"""Backups of an office at work: the real service reads a newsroom, officers add what they have, and each backup holds
what there was when it began."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import cli, settings, wiring
from config.service import Service
from index.casebook import Casebook
from index.model import Article, ArticleId
from index.snapshots import Snapshots
from index.sqlite import SqliteArchive
from index.store import Folder
from tests.office import HA, PROVINCE
from tests.on_air import reading
from tests.saved import PNG, rows

PATIENCE = 180.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with reading(tmp_path / "home") as made:
        yield made


def versions(home: Path) -> dict[tuple[ArticleId, int], Article]:
    """Every version of every article."""
    with SqliteArchive(home / settings.ARCHIVE_FILE) as archive:
        ids = [stored.article.id for stored in archive.stored(PROVINCE)]
        return {(held.id, held.version): held for each in ids for held in archive.versions(each)}


def test_a_backup_of_an_office_at_work_holds_what_there_was_when_it_began(home: Path, tmp_path: Path) -> None:
    office = settings.load(home, environment={})
    taken: list[tuple[Path, dict[tuple[ArticleId, int], Article], list[tuple[object, ...]]]] = []
    with Service(office, with_dashboard=False) as service:
        desk = wiring.open_desk(office)
        while not (done := service.caught_up.is_set()) or not taken:
            number = len(taken)
            desk.files.add(PNG + bytes([number]), "ảnh.png", by=HA, at=wiring.clock())
            before, audit = versions(home), rows(home / "casebook.db")["audit"]
            file = tmp_path / f"{number}.tar.gz"
            assert cli.run(["backup", str(file), "--home", str(home), "--json"]) == 0
            taken.append((file, before, audit))
            assert done or len(taken) < 500
        service.make_pages()
    after, later = versions(home), rows(home / "casebook.db")
    assert len(taken[-1][1]) > len(taken[0][1]), "it read while backups were made"
    for number, (file, before, audit) in enumerate(taken[:: max(1, len(taken) // 4)]):
        new = tmp_path / f"new-{number}"
        assert cli.run(["restore", str(file), "--home", str(new)]) == 0
        kept, book = versions(new), rows(new / "casebook.db")
        assert before.items() <= kept.items() <= after.items()
        assert set(audit) <= set(book["audit"]) <= set(later["audit"])
        with SqliteArchive(new / "archive.db") as archive, Casebook.open(new / "casebook.db") as casebook:
            with casebook.read(PROVINCE) as read:
                assert all(archive.story(story).articles for story in read.cases.stories())
            assert all(Snapshots(Folder(new / "snapshots")).read(sha256).body for sha256 in archive.snapshots_in_use())
        assert len(book["attachments"]) > 0
        assert all((new / "attachments" / str(row[1])).is_file() for row in book["attachments"])
