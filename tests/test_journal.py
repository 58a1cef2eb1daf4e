"""New files of the house, opened by many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.casebook import Casebook
from index.model import ProvinceId, SourceId
from index.sqlite import SqliteArchive


def open_archive(file: Path) -> int:
    with SqliteArchive(file) as archive:
        return archive.checkpoint(SourceId("bao")).failures


def open_casebook(file: Path) -> int:
    with Casebook.open(file) as casebook, casebook.read(ProvinceId("tuyen-quang")) as book:
        return len(book.cases.stories())


@pytest.mark.parametrize("opened", [open_archive, open_casebook])
@pytest.mark.parametrize("attempt", range(5))
def test_nobody_is_turned_away_from_a_new_file(tmp_path: Path, opened: Callable[[Path], int], attempt: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(opened, [tmp_path / "new.db"] * 8)) == [0] * 8
