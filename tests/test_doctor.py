"""What the doctor finds wrong with a home, each thing once wrong and once right, and what would mend it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import checks_books, checks_home, checks_servers, checks_sources, doctor, settings, wiring
from config.check import Check
from config.doctor_messages import DETAIL, FIX, OF_CASEBOOK
from config.settings import Settings
from crawlers.collector import Ask, Page
from index.elastic_state import Colour, State
from index.model import Channel, FlagKind, Mark, SourceId
from index.snapshots import Snapshots
from index.source import Checkpoint, Reading, ReadingOutcome, Source, Tally
from index.sqlite import SqliteArchive
from index.store import Folder
from tests import redis_server
from tests.office import ADMIN, NOW, PROVINCE, Office, article
from tests.postgres import TEMPLATE, Server
from tests.saved import back_up, furnish

DAY = timedelta(days=1)
SOURCE = Source(
    id=SourceId("bao-tinh"),
    name="Báo tỉnh",
    channel=Channel.PRESS,
    collector="feed",
    url="https://bao.example/rss",
    tier=1,
    language="vi",
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = furnish(tmp_path_factory.mktemp("furnished") / "home")
    with wiring.open_casebook(load(home)) as casebook, casebook.write(PROVINCE) as book:
        book.register.declare([SOURCE], by=ADMIN.name, at=NOW)
    return home


@pytest.fixture
def home(furnished: Path, tmp_path: Path) -> Path:
    copied = shutil.copytree(furnished, tmp_path / "home")
    copied.chmod(0o700)
    return copied


def load(home: Path, *overrides: str) -> Settings:
    return settings.load(home, environment={}, overrides=overrides)


def found(office: Path | Settings, now: datetime = NOW) -> Mapping[str, Check]:
    office = load(office) if isinstance(office, Path) else office
    return {check.name: check for check in doctor.examine(office, now)}


def put(home: Path, **sections: object) -> Settings:
    """Settings of the home besides its province."""
    (home / "kiemtin.yaml").write_text(yaml.safe_dump({"province": str(PROVINCE), **sections}), encoding="utf-8")
    return load(home)


def wrong(checks: Mapping[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if not check.ok}


def test_a_home_that_is_as_it_should_be_has_nothing_to_mend(home: Path) -> None:
    checks = found(home)
    assert not wrong(checks)
    assert not any(check.fix for check in checks.values())
    assert set(checks) <= set(DETAIL)
    assert {name for name in DETAIL if name not in FIX} == {"law"}, "what can be wrong can be mended"


def test_it_looks_in_seconds_and_changes_nothing(home: Path) -> None:
    before = {name: (home / name).read_bytes() for name in ("archive.db", "casebook.db", "kiemtin.yaml")}
    begun = time.process_time()
    found(home)
    assert time.process_time() - begun < 20
    assert {name: (home / name).read_bytes() for name in before} == before


def test_it_works_beside_a_service(home: Path) -> None:
    office = load(home)
    with (
        wiring.only_service(office),
        wiring.open_archive(office),
        wiring.open_casebook(office) as casebook,
        casebook.write(PROVINCE),  # somebody is in the middle of a decision
    ):
        assert not wrong(found(office))


# --- the folder ---------------------------------------------------------------------------------------------------


def test_a_home_that_others_can_read_is_named_with_the_command_that_closes_it(home: Path) -> None:
    home.chmod(0o755)
    check = found(home)["permissions"]
    assert str(home) in check.detail
    assert check.fix == f"chmod go-rwx {home}"
    home.chmod(0o700)
    assert found(home)["permissions"].ok


def test_snapshots_outside_the_home_must_be_closed_too(home: Path, tmp_path: Path) -> None:
    pages = tmp_path / "trang báo"
    pages.mkdir(mode=0o755)
    office = put(home, snapshots=str(pages))
    assert found(office)["permissions"].fix == f"chmod go-rwx '{pages}'"
    pages.chmod(0o700)
    assert found(office)["permissions"].ok


def test_settings_with_a_secret_in_them_are_a_secret(home: Path) -> None:
    file = home / "kiemtin.yaml"
    file.chmod(0o644)
    assert found(home)["permissions"].ok
    office = put(home, postgresql={"password": "nuoc-mua-rung"})
    check = found(office)["permissions"]
    assert check.fix == f"chmod go-rwx {file}"
    assert "nuoc-mua-rung" not in check.detail
    file.chmod(0o600)
    assert found(office)["permissions"].ok


def test_a_backup_that_others_can_read_is_named(home: Path, tmp_path: Path) -> None:
    office = put(home, backup={"folder": str(tmp_path)})
    kept = tmp_path / "kiemtin-tuyen-quang-20261124-013000.tar.gz"
    back_up(home, kept)
    assert found(office)["permissions"].ok
    kept.chmod(0o644)
    assert str(kept) in found(office)["permissions"].fix


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_files_of_another_user_are_named(home: Path) -> None:
    assert found(home)["owner"].ok
    os.chown(home / "archive.db", 12_345, -1)
    check = found(home)["owner"]
    assert "archive.db" in check.detail
    assert check.fix == f"chown -R --reference={home} {home}"


def test_a_disk_that_is_nearly_full_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(home)["disk"].ok
    free = shutil.disk_usage(home).free
    monkeypatch.setattr(checks_home, "LEAST_FREE", free * 2)
    check = found(home)["disk"]
    assert not check.ok
    assert str(home) in check.detail
    assert "kiemtin purge" in check.fix


def test_a_disk_that_takes_no_more_files_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.statvfs(home).f_files:
        pytest.skip("this file system does not count its files")
    monkeypatch.setattr(checks_home, "FEWEST_FILES", os.statvfs(home).f_favail * 2)
    assert "tệp nữa" in found(home)["disk"].detail


@pytest.mark.parametrize(
    ("dashboard", "ok"),
    [
        ({}, True),
        ({"address": "0.0.0.0"}, False),
        ({"address": "0.0.0.0", "public_url": "http://kiemtin.example"}, False),
        ({"address": "0.0.0.0", "public_url": "https://kiemtin.example"}, True),
        ({"public_url": "http://kiemtin.example"}, False),
        ({"public_url": "https://kiemtin.example"}, True),
        ({"public_url": "http://localhost:8501"}, True),
    ],
)
def test_a_page_that_others_reach_must_come_through_tls(home: Path, dashboard: dict[str, str], ok: bool) -> None:
    assert found(put(home, dashboard=dashboard))["exposed"].ok is ok


# --- settings -----------------------------------------------------------------------------------------------------


def test_a_secret_on_the_command_line_is_shown_to_everybody(home: Path) -> None:
    check = found(load(home, "postgresql.password=nuoc-mua-rung"))["weak"]
    assert "postgresql.password_file" in check.detail
    assert "nuoc-mua-rung" not in check.detail + check.fix


def test_hosts_of_others_are_not_to_be_hurried(home: Path) -> None:
    assert "fetch.delay" in found(load(home, "fetch.delay=0.2"))["weak"].detail
    assert found(load(home, "fetch.delay=0.2", "fetch.allow_hosts=bao.example"))["weak"].ok
    assert found(load(home, "fetch.delay=1"))["weak"].ok


def test_a_server_beyond_this_machine_is_to_be_asked_in_secret(home: Path) -> None:
    def said(*overrides: str) -> str:
        return checks_home.weak(load(home, *overrides), ()).detail

    assert "https://" in said("archive=http://kho.example:9200")
    assert "elasticsearch.api_key_file" in said("archive=https://kho.example:9200")
    assert said("archive=http://127.0.0.1:9200") == said()
    assert "rediss://" in said("redis.address=redis://viec.example")
    assert "redis.password_file" in said("redis.address=rediss://viec.example")
    assert said("redis.address=redis://localhost") == said()


# --- the books ----------------------------------------------------------------------------------------------------


def test_a_damaged_page_of_a_book_is_found(home: Path) -> None:
    assert found(home)["integrity"].ok
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'readings'").fetchone()[0]
    with (home / "archive.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 200)
    check = found(home)["integrity"]
    assert "archive.db" in check.detail
    assert "kiemtin restore" in check.fix


def test_a_file_too_large_to_be_read_in_time_is_no_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        connection.execute("CREATE TABLE much (words TEXT)")
        connection.executemany("INSERT INTO much VALUES (?)", [("lũ quét " * 9,)] * 50_000)
        connection.commit()
    monkeypatch.setattr(checks_books, "LONGEST_LOOK", 0.0)
    check = found(home)["integrity"]
    assert check.ok
    assert "chưa kiểm tra hết" in check.detail


@pytest.mark.parametrize(
    ("name", "newer"),
    [
        ("archive", "PRAGMA user_version = 9000"),
        ("casebook", "UPDATE alembic_version SET version_num = '9000'"),
    ],
)
def test_a_book_of_a_newer_program_asks_for_that_program(home: Path, name: str, newer: str) -> None:
    with closing(sqlite3.connect(home / f"{name}.db")) as connection:
        connection.execute(newer)
        connection.commit()
    check = found(home)[name]
    assert "9000" in check.detail
    assert "phiên bản Kiểm Tin mới hơn" in check.fix


def test_a_home_without_accounts_or_sources_says_how_to_get_some(tmp_path: Path) -> None:
    wiring.make_folders(tmp_path / "home")
    (tmp_path / "home" / "kiemtin.yaml").write_text(f"province: {PROVINCE}\n", encoding="utf-8")
    Office(tmp_path / "home").close()
    checks = found(tmp_path / "home")
    assert "kiemtin user add" in checks["accounts"].fix
    assert "kiemtin sources import" in checks["sources"].fix


# --- reviews, search, intake --------------------------------------------------------------------------------------


def test_articles_that_wait_long_for_their_review_are_counted(home: Path) -> None:
    with SqliteArchive(home / "archive.db") as archive:
        archive.add([article("cho-xet", collected=NOW)])
    assert found(home, NOW + timedelta(hours=1))["pending"].ok
    check = found(home, NOW + timedelta(hours=3))["pending"]
    assert not check.ok
    assert "08:00 24/11/2026" in check.detail
    assert check.fix == f"kiemtin classify --home {home}"


def test_what_a_new_version_looks_at_again_may_wait(home: Path) -> None:
    assert found(home, NOW + DAY)["pending"].ok, "all have a review, by other signals"


def test_too_many_that_wait_are_too_many_however_fresh(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_books, "MOST_PENDING", 1)
    assert not found(home)["pending"].ok


def test_an_index_that_does_not_find_what_was_stored_is_behind(home: Path) -> None:
    assert found(home)["search"].ok
    with closing(sqlite3.connect(home / "archive.db")) as connection:
        connection.execute("INSERT INTO folded (folded) VALUES ('delete-all')")
        connection.execute("INSERT INTO exact (exact) VALUES ('delete-all')")
        connection.commit()
    check = found(home)["search"]
    assert "dap-1" in check.detail
    assert "kiemtin restore" in check.fix


def test_a_casebook_that_has_not_followed_the_archive_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(home)
    for number in range(3):
        office.publish(f"tin-{number}", (FlagKind.UNVERIFIED,))
    office.close()
    monkeypatch.setattr(checks_books, "MOST_UNFOLLOWED", 2)
    check = found(home)["intake"]
    assert not check.ok
    assert check.fix == f"kiemtin classify --home {home}"
    office = Office(home)
    office.take_in()
    office.close()
    assert found(home)["intake"].ok


def test_a_casebook_of_another_archive_is_named(home: Path) -> None:
    with wiring.open_casebook(load(home)) as casebook, casebook.write(PROVINCE) as book:
        book.rulings.keep_mark(Mark("khác:7"))
    assert "kho bài viết khác" in found(home)["intake"].detail


# --- sources ------------------------------------------------------------------------------------------------------


def read(home: Path, readings: Iterable[Reading]) -> None:
    with SqliteArchive(home / "archive.db") as archive:
        for one in readings:
            archive.save_reading(one)


def reading(at: datetime, outcome: ReadingOutcome = ReadingOutcome.NEW, new: int = 1) -> Reading:
    error = "timed_out" if outcome is ReadingOutcome.FAILED else None
    return Reading(source_id=SOURCE.id, at=at, outcome=outcome, tally=Tally(new=new), error=error)


def test_a_source_that_cannot_be_read_is_named(home: Path) -> None:
    read(home, [reading(NOW)])
    assert found(home)["sources_failing"].ok
    read(home, [reading(NOW + timedelta(minutes=5), ReadingOutcome.FAILED, 0)])
    check = found(home, NOW + timedelta(minutes=6))["sources_failing"]
    assert "bao-tinh" in check.detail
    assert check.fix == f"kiemtin sources check bao-tinh --home {home}"


def test_a_source_that_is_silent_against_its_habit_is_named(home: Path) -> None:
    read(home, [reading(NOW - timedelta(hours=4 * n)) for n in range(40)])
    assert found(home)["sources_silent"].ok
    later = NOW + DAY * 2
    read(home, [reading(later, ReadingOutcome.UNCHANGED, 0)])
    check = found(home, later)["sources_silent"]
    assert "bao-tinh" in check.detail
    assert "kiemtin sources check bao-tinh" in check.fix


def test_sources_that_nobody_reads_any_more_are_named(home: Path) -> None:
    with SqliteArchive(home / "archive.db") as archive:
        archive.save_checkpoint(SOURCE.id, Checkpoint(next_due=NOW))
    assert found(home, NOW + timedelta(hours=1))["rounds"].ok
    check = found(home, NOW + timedelta(hours=3))["rounds"]
    assert "bao-tinh" in check.detail
    assert "kiemtin run" in check.fix


# --- the clock ----------------------------------------------------------------------------------------------------


def capture(home: Path, host: str, at: datetime, said: datetime, **headers: str) -> None:
    url = f"https://{host}/bai"
    page = Page(
        ask=Ask(url=url),
        url=url,
        status=200,
        headers={"Date": format_datetime(said, usegmt=True), **headers},
        body=f"{host} {at}".encode(),
    )
    Snapshots(Folder(home / "snapshots")).keep(page, at)


def test_a_clock_is_held_against_those_of_the_hosts_that_were_read(home: Path) -> None:
    off = timedelta(minutes=7)
    for host in ("mot.example", "hai.example"):
        capture(home, host, NOW, NOW - off)
    assert "chưa đủ nguồn" in found(home)["clock"].detail
    capture(home, "ba.example", NOW, NOW - off)
    check = found(home)["clock"]
    assert not check.ok
    assert "nhanh 420 giây" in check.detail
    assert "timedatectl" in check.fix


def test_one_host_with_a_wrong_clock_does_not_make_ours_wrong(home: Path) -> None:
    capture(home, "mot.example", NOW, NOW)
    capture(home, "hai.example", NOW, NOW + timedelta(seconds=2))
    capture(home, "ba.example", NOW, NOW - DAY)
    assert found(home)["clock"].ok


def test_a_page_out_of_a_cache_is_as_old_as_the_cache_says(home: Path) -> None:
    for host in ("mot.example", "hai.example", "ba.example"):
        capture(home, host, NOW, NOW - timedelta(hours=2), Age="7200")
    assert found(home)["clock"].ok


def test_a_header_that_is_no_time_says_nothing(home: Path) -> None:
    for host, said in (
        ("mot.example", "hôm qua"),
        ("hai.example", ""),
        ("ba.example", "Sat, 99 Nov 2026 25:00:00 GMT"),
    ):
        capture(home, host, NOW, NOW, Date=said)
    assert "chưa đủ nguồn" in found(home)["clock"].detail


def test_a_month_without_a_reading_is_told(home: Path) -> None:
    read(home, [reading(NOW - DAY * 60), reading(NOW)])
    assert "không có lượt đọc nào" in found(home)["clock"].detail


@pytest.mark.parametrize(("off", "said"), [(timedelta(seconds=1), "khớp giờ của máy chủ PostgreSQL"),
                                         (timedelta(minutes=-5), "chậm 300 giây")])  # fmt: skip
def test_a_clock_is_held_against_that_of_the_database(home: Path, off: timedelta, said: str) -> None:
    office = load(home)
    with wiring.open_archive(office) as archive:
        assert said in checks_sources.time_of_day(office, archive, (), {OF_CASEBOOK: off}, NOW).detail


@pytest.mark.service
def test_the_database_is_asked_for_its_time(home: Path, postgres: Server) -> None:
    place = postgres.make("doctor", TEMPLATE)
    check = found(load(home, f"casebook={place.address}", f"postgresql.user={place.user}"))["clock"]
    assert check.ok
    assert "khớp giờ của máy chủ PostgreSQL" in check.detail


# --- servers ------------------------------------------------------------------------------------------------------

WELL = State(colour=Colour.GREEN, nodes=3, closed=(), fullest=0.4, now=NOW)


def said_of(home: Path, monkeypatch: pytest.MonkeyPatch, server: State, refused: int = 0) -> Mapping[str, Check]:
    """What is said of a server in a state that a real one cannot be brought to on demand."""
    monkeypatch.setattr(wiring, "archive_server", lambda office: (server, refused))
    monkeypatch.setattr(wiring, "clock", lambda: NOW)
    return {check.name: check for check in checks_servers.archive(load(home, "archive=http://127.0.0.1:9200"), {})}


@pytest.mark.parametrize(
    ("ill", "said"),
    [
        ({"colour": Colour.RED}, "trạng thái đỏ"),
        ({"closed": ("kiemtin-articles-v1",)}, "chỉ cho đọc: kiemtin-articles-v1"),
        ({"fullest": 0.93}, "93%"),
    ],
)
def test_a_server_that_is_red_full_or_read_only_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, ill: dict[str, Any], said: str
) -> None:
    check = said_of(home, monkeypatch, replace(WELL, **ill))["archive_server"]
    assert not check.ok
    assert said in check.detail
    assert check.fix


def test_a_server_that_lacks_a_copy_is_well_enough(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_of(home, monkeypatch, WELL)["archive_server"].ok
    check = said_of(home, monkeypatch, replace(WELL, colour=Colour.YELLOW))["archive_server"]
    assert check.ok
    assert "thiếu bản dự phòng" in check.detail


def test_articles_that_the_server_did_not_take_are_counted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_of(home, monkeypatch, WELL)["set_aside"].ok
    check = said_of(home, monkeypatch, WELL, refused=4)["set_aside"]
    assert check.detail.startswith("4 bài")
    assert check.fix == f"kiemtin archive retry --home {home}"


def test_a_server_that_is_down_is_said_once(home: Path) -> None:
    checks = doctor.examine(load(home, "archive=http://127.0.0.1:9"), NOW)
    (down,) = [check for check in checks if check.name.startswith("archive")]
    assert not down.ok
    assert "không kết nối được" in down.detail


def test_a_redis_that_is_away_is_named(home: Path) -> None:
    pytest.importorskip("redis")
    assert "queue" not in found(home)
    check = found(load(home, "redis.address=redis://127.0.0.1:1"))["queue"]
    assert not check.ok
    assert "redis" in check.fix


@pytest.mark.service
def test_a_redis_that_answers_is_well(home: Path) -> None:
    with redis_server.serving() as server:
        assert found(load(home, f"redis.address={server.address}"))["queue"].ok


def test_the_register_is_what_is_looked_at(home: Path) -> None:
    with wiring.open_casebook(load(home)) as casebook, casebook.write(PROVINCE) as book:
        entry = book.register.get(SOURCE.id)
        book.register.save(replace(SOURCE, enabled=False), by=ADMIN.name, at=NOW, revision=entry.revision)
    assert not found(home)["sources"].ok
