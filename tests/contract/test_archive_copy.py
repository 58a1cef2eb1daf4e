"""An archive carried over to a server and back: all of it, once, and to be gone on with after any cut."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config import wiring
from config.commands.calling import run
from config.settings import load
from index import elastic_reviews
from index.archive import Archive, Query
from index.archive_copy import Copied, Part, copy, weigh
from index.archive_copy_elastic import ElasticSide
from index.archive_copy_sqlite import SqliteSide
from index.elastic_server import Server
from index.errors import ArchiveRefused
from index.model import RulingField
from index.sqlite import SqliteArchive
from tests.conftest import ROOT
from tests.contract.holding import A, fill, seen
from tests.contract.nouns import NOON, OURS, article, minutes, review, ruling, story

pytestmark = pytest.mark.service


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        fill(archive)
    return tmp_path / "archive.db"


@pytest.fixture
def opened(emptied: Callable[[], Callable[..., Archive]]) -> Callable[..., Archive]:
    """The empty archive on the server."""
    opened = emptied()
    opened(patience=0).close()
    return opened


@pytest.fixture
def server(opened: object, elasticsearch: str, prefix: str) -> Iterator[Server]:
    with closing(Server(elasticsearch, prefix=prefix)) as server:
        yield server


@contextmanager
def side(file: Path) -> Iterator[SqliteSide]:
    with closing(SqliteSide(file)) as side:
        yield side


def there(file: Path, server: Server) -> Copied:
    with side(file) as source:
        return copy(source, ElasticSide(server), lambda _: None)


def back(server: Server, file: Path) -> Copied:
    with side(file) as target:
        return copy(ElasticSide(server), target, lambda _: None)


def test_everything_goes_there_and_back_and_looks_as_before(
    file: Path, server: Server, opened: Callable[..., Archive], tmp_path: Path
) -> None:
    copied = there(file, server)
    returned = back(server, tmp_path / "back.db")
    assert copied.parts == returned.parts
    assert all(content.entries for content in copied.parts.values()), "a part that is empty shows nothing"
    with SqliteArchive(file) as before, opened() as on_server, SqliteArchive(tmp_path / "back.db") as after:
        assert seen(before) == seen(on_server) == seen(after)
        for text in ("meo vac", "Đã sửa"):
            query = Query(province=OURS, text=text)
            assert before.find(query).total == on_server.find(query).total == after.find(query).total > 0


def test_work_goes_on_where_it_stopped(file: Path, server: Server, tmp_path: Path) -> None:
    there(file, server)
    back(server, tmp_path / "back.db")
    with SqliteArchive(file) as before, SqliteArchive(tmp_path / "back.db") as after:
        for archive in (before, after):
            archive.add([replace(A, text="Lại sửa.", content_hash="lai-sua", collected=NOON + minutes(60))])
            archive.record([review(archive.article(A.id))], [story("new", A)])
        assert seen(before) == seen(after)


def test_a_copy_made_again_writes_nothing(file: Path, server: Server, tmp_path: Path) -> None:
    first = there(file, server)
    again = there(file, server)
    assert (again.parts, again.written, again.anew) == (first.parts, 0, False)
    back(server, tmp_path / "back.db")
    assert not back(server, tmp_path / "back.db").anew


def test_what_is_looked_at_is_told(file: Path, server: Server) -> None:
    told: list[int] = []
    with side(file) as source:
        expected = weigh(source)
        copy(source, ElasticSide(server), told.append)
    assert sum(told) == expected


def test_an_archive_that_is_there_is_not_written_over(
    file: Path, server: Server, opened: Callable[..., Archive], tmp_path: Path
) -> None:
    other = article("of another office")
    with opened() as archive, SqliteArchive(tmp_path / "other.db") as own:
        archive.add([other])
        own.add([other])
    with pytest.raises(ArchiveRefused, match="not_empty"):
        there(file, server)
    with pytest.raises(ArchiveRefused, match="not_empty"):
        back(server, file)
    with opened() as archive:
        assert [held.article for held in archive.stored(OURS)] == [other]


def test_a_copy_that_is_killed_is_gone_on_with(
    file: Path, server: Server, elasticsearch: str, prefix: str, opened: Callable[..., Archive]
) -> None:
    many = [article(str(number), collected=NOON + minutes(100 + number)) for number in range(900)]
    with SqliteArchive(file) as archive:
        archive.add(many)
    command = [sys.executable, "-m", "tests.contract.killed_copy", str(file), elasticsearch, prefix]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as copying:
        assert copying.stdout is not None
        next(line for line in copying.stdout if int(line) >= 600)
        copying.kill()
    with pytest.raises(ArchiveRefused) as refused:
        opened()
    assert refused.value.params["problem"] == "unfinished"
    copied = there(file, server)
    assert copied.anew
    assert 0 < copied.written < copied.entries - 200, "what had arrived is not written again"
    with SqliteArchive(file) as before, opened() as after:
        assert seen(before) == seen(after)


def test_a_copy_into_a_file_that_is_cut_off_leaves_no_archive_and_is_gone_on_with(
    file: Path, server: Server, tmp_path: Path
) -> None:
    there(file, server)
    target, left = tmp_path / "back.db", 8

    def cut(_: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    with side(target) as half, pytest.raises(KeyboardInterrupt):
        copy(ElasticSide(server), half, cut)
    assert not target.exists()
    back(server, target)
    assert {path.name for path in tmp_path.glob("back.db*")} == {"back.db"}
    with SqliteArchive(file) as before, SqliteArchive(target) as after:
        assert seen(before) == seen(after)


def test_what_changes_meanwhile_is_told_and_the_next_copy_brings_it(file: Path, server: Server) -> None:
    seen_so_far = 0

    def change(count: int) -> None:
        """Somebody collects when all has been carried over, and not yet been compared."""
        nonlocal seen_so_far
        seen_so_far += count
        if seen_so_far == weighed // 2:
            with SqliteArchive(file) as archive:
                archive.add([article("late")])

    with side(file) as source:
        weighed = weigh(source)
        with pytest.raises(ArchiveRefused) as refused:
            copy(source, ElasticSide(server), change)
    assert (refused.value.params["problem"], refused.value.params["what"]) == ("changed", Part.ARTICLES)
    again = there(file, server)
    assert (again.anew, again.written) == (True, 1)


def test_the_ruling_that_a_killed_writer_began_is_carried_over_done(
    server: Server, opened: Callable[..., Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = article("b")
    with opened() as archive:
        archive.add([A, b])
        archive.record([], [story("s", A), story("t", b)])
        with monkeypatch.context() as killed:
            killed.setattr(elastic_reviews, "on_shelf", _killed)
            with pytest.raises(KeyboardInterrupt):
                archive.apply(ruling(story("t", b), RulingField.STORY, "s"))
    source = ElasticSide(server)
    source.finish_rulings()
    with side(tmp_path / "back.db") as target:
        copy(source, target, lambda _: None)
    with SqliteArchive(tmp_path / "back.db") as after:
        assert set(after.story("t").articles) == {A.id, b.id}  # type: ignore[arg-type]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


# --- the command ---------------------------------------------------------------------------------------------------


def test_an_office_moves_to_a_server_and_back(
    server: Server, prefix: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert run(["init", "--home", str(home), "--province", OURS]) == 0
    file.replace(home / "archive.db")
    with (home / "kiemtin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"archive: {server.address}\nelasticsearch: {{index_prefix: {prefix}}}\n")
    command = ["archive", "copy", "--home", str(home)]
    to_server = [*command, "--from", "sqlite", "--to", "elasticsearch"]
    to_file = [*command, "--from", "elasticsearch", "--to", "sqlite"]
    assert run([*command, "--from", "sqlite", "--to", "sqlite"]) == 2
    assert run([*to_server, "--set", "archive=sqlite"]) == 2
    with wiring.only_service(load(home, environment={})):
        assert run(to_server) == 1
    capsys.readouterr()
    assert run([*to_server, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["copied"] is True
    assert shown["entries"] == sum(part["entries"] for part in shown["parts"].values())
    assert len(shown["parts"]["articles"]["sha256"]) == 64
    with wiring.open_archive(load(home, environment={})) as archive:
        archive.add([article("since then")])
    assert run(to_file) == 1
    assert "không ghi đè" in capsys.readouterr().err
    (home / "archive.db").rename(home / "archive-cu.db")
    assert run(to_server) == 1
    assert run(to_file) == 0
    with wiring.open_archive(load(home, environment={}, overrides=["archive=sqlite"])) as archive:
        assert archive.article(article("since then").id)
