"""The service of an office whose archive lies on a server that is away, killed, or back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import cli, housekeeping, outbox, saving, settings, wiring
from config.service import Service
from config.settings import Settings
from index import restore
from index.account import CONSOLE, Officer, Role
from index.backup_file import BookName
from index.casebook import Casebook
from index.casebook_queue import Tab
from index.elastic import ElasticArchive
from index.errors import ArchiveUnavailable
from index.model import OfficerName
from index.outbox import Outbox
from index.question import Question
from index.source import Source
from index.sqlite import SqliteArchive
from tests.contract.nouns import NOON, article
from tests.elasticsearch_server import serving
from tests.office import PROVINCE
from tests.working import newsroom, running

NOWHERE = "http://127.0.0.1:9"
OUTLETS, ARTICLES = 3, 12
SERVICE = ("run", "--no-dashboard")
PATIENCE = 120.0
HA = Officer(name=OfficerName("ha"), display_name="Lê Thu Hà", roles=frozenset({Role.MONITOR}))


def home(folder: Path, archive: str, sources: Sequence[Source] = (), hosts: Collection[str] = ()) -> Settings:
    wiring.make_folders(folder)
    document: dict[str, Any] = {
        "province": str(PROVINCE),
        "archive": archive,
        "fetch": {"delay": 1.0, "allow_hosts": list(hosts)},
        "schedule": {"review_every": "5s", **dict.fromkeys(("tier1", "tier2", "tier3"), "5s")},
    }
    (folder / settings.SETTINGS_FILE).write_text(yaml.safe_dump(document), encoding="utf-8")
    office = settings.load(folder, environment={})
    with Casebook.open(office.casebook_file) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare(sources, by=CONSOLE.name, at=datetime.now(UTC))
    return office


def until(so: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not (reached := so()) and time.monotonic() < end:
        time.sleep(0.3)
    return reached


@pytest.fixture
def away(tmp_path: Path) -> Settings:
    """An office whose archive is on a server that nobody has started, with two articles that wait for it."""
    office = home(tmp_path / "home", NOWHERE)
    keep(office, "bai-1", "bai-2")
    return office


def keep(office: Settings, *names: str) -> None:
    with (
        wiring.open_archive(office, may_be_away=True) as archive,
        Outbox(archive, outbox.file_of(office), clock=lambda: NOON) as waiting,
    ):
        waiting.add([article(name, snapshot=f"{number:064}") for number, name in enumerate(names)])


def test_it_starts_and_ends_without_its_archive(away: Settings) -> None:
    with Service(away, with_dashboard=False):
        pass
    assert outbox.waiting(away).articles == 2


def test_the_desk_works_without_the_archive(away: Settings) -> None:
    desk = wiring.open_desk(away)
    assert desk.triage.queue(HA, Tab.VERIFY).total == 0
    with pytest.raises(ArchiveUnavailable):
        desk.search.find(Question(), by=HA)


def test_a_round_without_the_archive_reads_keeps_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with newsroom(tmp_path, outlets=1, articles=3) as room:
        office = home(tmp_path / "home", NOWHERE, room.sources(), room.allow_hosts())
        assert cli.run(["crawl", "--json", "--home", str(office.home)]) == 0
        said = capsys.readouterr()
        assert json.loads(said.out.splitlines()[-1])["new"] == 3
        assert "3 lượt bài" in said.err
        assert "127.0.0.1:9" in said.err
        assert cli.run(["crawl", "--json", "--home", str(office.home)]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["new"] == 0, "what waits is known"


def test_the_doctor_says_what_waits_since_when_and_why(away: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor", "--json", "--home", str(away.home)]) == 1
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}["outbox"]
    assert not found["ok"]
    assert "2 lượt bài và 0 ghi chép" in found["detail"]
    assert "12:00 02/03/2026" in found["detail"]
    assert "không kết nối được (Connection refused)" in found["detail"]
    assert f"kiemtin archive deliver --home {away.home}" in found["fix"]


def test_what_waits_travels_with_a_backup(away: Settings, tmp_path: Path) -> None:
    without = {name for name, place in saving.places(away).items() if place != saving.EMBEDDED}
    saving.back_up(away, saving.contents(away, without=without), tmp_path / "b.tar.gz", now=datetime.now(UTC))
    manifest = restore.examine(tmp_path / "b.tar.gz")
    assert manifest.books[BookName.OUTBOX].counts == {"waiting": 2}
    assert len(manifest.missing) == 2, "it knows which pages these articles name"
    restore.restore(tmp_path / "b.tar.gz", manifest, tmp_path / "elsewhere")
    assert outbox.waiting(settings.load(tmp_path / "elsewhere", environment={})).articles == 2


def test_what_waits_goes_into_a_file_where_the_archive_has_come_back_to_one(
    away: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--json", "--home", str(away.home), "--set", "archive=sqlite"]
    assert cli.run(["archive", "deliver", *here]) == 0
    assert json.loads(capsys.readouterr().out) == {"delivered": 2, "waiting": 0, "since": None}
    with SqliteArchive(away.archive_file) as archive:
        assert len(list(archive.stored(PROVINCE))) == 2
    assert cli.run(["archive", "deliver", *here]) == 0
    assert json.loads(capsys.readouterr().out)["delivered"] == 0


def test_a_purge_leaves_the_pages_of_articles_that_wait(away: Settings) -> None:
    named = f"{0:064}"
    office = settings.load(away.home, environment={}, overrides=["archive=sqlite"])
    page = office.snapshots_folder / "2026" / "03" / "02" / f"{named}.warc.gz"
    other = page.with_name(f"{7:064}.warc.gz")
    page.parent.mkdir(parents=True)
    page.write_bytes(b"x")
    other.write_bytes(b"x")
    SqliteArchive(office.archive_file).close()
    housekeeping.purge(office, datetime.now(UTC), dry_run=False)
    assert page.exists()
    assert not other.exists()


@pytest.mark.service
@pytest.mark.fault(48)
def test_a_node_killed_amid_a_round_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Nor does the service that is killed while all of it waits."""
    log = tmp_path / "log"
    with serving(tmp_path) as node, newsroom(tmp_path, outlets=OUTLETS, articles=ARTICLES) as room:
        office = home(tmp_path / "home", node.address, room.sources(), room.allow_hosts())
        ElasticArchive(node.address).close()

        def held() -> dict[str, int]:
            with ElasticArchive(node.address) as archive:
                found = [stored.article.id for stored in archive.stored(PROVINCE)]
                assert len(found) == len(set(found))
                return {name: len(archive.versions(name)) for name in found}

        with running(office.home, *SERVICE, log=log) as killed:
            assert until(lambda: len(held()) > OUTLETS), log.read_text(encoding="utf-8")
            node.kill()
            assert until(lambda: outbox.waiting(office).articles > OUTLETS), "the round goes on without the node"
            killed.kill()
        waited = outbox.waiting(office)
        assert waited.why is not None
        node.start_again(1)
        before = len(held())
        with running(office.home, *SERVICE, log=log):
            assert until(lambda: len(held()) == OUTLETS * ARTICLES and not outbox.waiting(office))
        assert 0 < before < OUTLETS * ARTICLES
        assert set(held().values()) == {1}
