"""One suite over every archive: a test that asks for `archive` runs on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from index.sqlite import SqliteArchive


@pytest.fixture(params=["sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Archive]:
    """Opens one and the same archive, as often as it is called."""
    return lambda: SqliteArchive(tmp_path / "archive.db")


@pytest.fixture
def archive(opened: Callable[[], Archive]) -> Iterator[Archive]:
    with opened() as archive:
        yield archive
