"""An office whose pages and uploads are kept in a bucket: captured in the home, delivered, read, purged, backed up."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from config import cli, doctor, housekeeping, keeping, saving, settings, wiring
from config.check import Check
from config.service import Service
from config.settings import Settings
from config.values import Bucket
from index.errors import ConfigError
from index.restore import examine, restore
from index.shared_errors import FilesUnavailable
from tests.office import NOW, PROVINCE
from tests.redis_server import free_port
from tests.s3_server import BUCKET, OFFICE, S3Server, own_prefix
from tests.saved import PNG, files, furnish, page


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("furnished") / "home")


@pytest.fixture
def home(furnished: Path, tmp_path: Path) -> Path:
    copied = shutil.copytree(furnished, tmp_path / "home")
    copied.chmod(0o700)
    return copied


def office(home: Path, endpoint: str, prefix: str) -> Settings:
    """The home's settings, with both in one bucket below a prefix."""
    (home / "secret").write_text(OFFICE[1], encoding="utf-8")
    (home / "secret").chmod(0o600)
    document = {
        "province": str(PROVINCE),
        "snapshots": f"s3://{BUCKET}/{prefix}trang",
        "attachments": f"s3://{BUCKET}/{prefix}tep",
        "s3": {"endpoint": endpoint, "access_key": OFFICE[0], "secret_key_file": "secret"},
    }
    (home / "kiemtin.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return settings.load(home, environment={})


@pytest.fixture
def away(home: Path) -> Settings:
    return office(home, f"http://127.0.0.1:{free_port()}", own_prefix())


@pytest.fixture
def there(home: Path, s3: S3Server) -> Settings:
    return office(home, s3.url, own_prefix())


def checks(asked: Settings) -> dict[str, list[Check]]:
    found = doctor.examine(asked, NOW)
    return {name: [check for check in found if check.name == name] for name in ("files", "files_waiting", "clock")}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


# --- settings -----------------------------------------------------------------------------------------------------


def test_a_bucket_and_its_prefix_are_read_and_shown_as_they_were_written(away: Settings) -> None:
    assert isinstance(away.snapshots, Bucket)
    assert (away.snapshots.name, away.snapshots.prefix[-6:]) == (BUCKET, "trang/")
    shown = settings.shown(away)
    assert shown["snapshots"][0] == str(away.snapshots)
    assert shown["s3.secret_key"] == ("set", f"{away.home / 'kiemtin.yaml'}: {away.home / 'secret'}")
    assert (away.snapshots_folder, away.attachments_folder) == (away.home / "snapshots", away.home / "attachments")


@pytest.mark.parametrize("key", ["s3.endpoint", "s3.access_key", "s3.secret_key"])
def test_a_bucket_that_cannot_be_reached_by_the_settings_names_the_key(home: Path, key: str) -> None:
    said = {"s3.endpoint": "https://kho.example", "s3.access_key": "a", "s3.secret_key": "b"}
    del said[key]
    told = [f"snapshots=s3://{BUCKET}", *(f"{name}={value}" for name, value in said.items())]
    asked = settings.load(home, environment={}, overrides=told)
    with pytest.raises(ConfigError) as raised:
        keeping.snapshots(asked)
    assert raised.value.params["key"] == key


def test_each_may_lie_in_a_folder_that_several_machines_share(home: Path, tmp_path: Path) -> None:
    told = [f"snapshots={tmp_path / 'chung/trang'}", f"attachments={tmp_path / 'chung/tep'}"]
    asked = settings.load(home, environment={}, overrides=told)
    sha256, _ = keeping.attachments(asked).put(PNG + b"2")
    page_of = keeping.keeper(asked).keep(page("<html>chung</html>"), NOW)
    assert (tmp_path / "chung" / "tep" / sha256).exists()
    assert [*keeping.snapshots(asked).walk()] == [page_of]
    made = saving.back_up(asked, saving.contents(asked), tmp_path / "kiemtin.tar.gz", now=wiring.clock())
    assert {f"attachments/{sha256}", f"snapshots/{NOW:%Y/%m/%d}/{page_of}.warc.gz"} < {
        member.name for member in made.members
    }


# --- away ---------------------------------------------------------------------------------------------------------


def test_pages_and_uploads_are_kept_and_read_while_the_store_is_away(away: Settings) -> None:
    sha256 = keeping.keeper(away).keep(page("<html>Lu quet</html>"), NOW)
    upload, _ = keeping.attachments(away).put(PNG + b"2")
    assert (away.snapshots_folder / f"{NOW:%Y/%m/%d}" / f"{sha256}.warc.gz").exists()
    assert keeping.attachments(away).read(upload) == PNG + b"2"
    with pytest.raises(FilesUnavailable):
        keeping.Delivery(away).deliver()
    assert (away.attachments_folder / upload).exists()


def test_the_doctor_says_that_the_store_is_away_and_how_much_waits(away: Settings) -> None:
    found = checks(away)
    assert [check.ok for check in found["files"]] == [False, False]
    assert "s3.endpoint" in found["files"][0].detail
    (waiting,) = found["files_waiting"]
    assert waiting.detail.startswith("2 ")
    assert found["clock"], "what needs no bucket is looked at all the same"


def test_a_backup_that_cannot_see_the_bucket_is_none(away: Settings, tmp_path: Path) -> None:
    with pytest.raises(FilesUnavailable):
        saving.back_up(away, saving.contents(away), tmp_path / "kiemtin.tar.gz", now=NOW)
    assert not (tmp_path / "kiemtin.tar.gz").exists()


# --- there --------------------------------------------------------------------------------------------------------


@pytest.mark.service
def test_the_service_delivers_what_waits(there: Settings) -> None:
    (sha256,) = keeping.keeper(there).walk()
    with Service(there, with_dashboard=False, look_every=timedelta(hours=1)):
        until(lambda: not any(relay.waiting() for relay in keeping.relays(there).values()))
    assert keeping.snapshots(there).read(sha256).body == "<html>Vỡ đập</html>".encode()
    assert not [*keeping.keeper(there).walk()]


@pytest.mark.service
def test_a_worker_delivers_beside_its_work(there: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "EVERY", timedelta(seconds=0.05))
    with keeping.delivering(there):
        until(lambda: not any(relay.waiting() for relay in keeping.relays(there).values()))


@pytest.mark.service
def test_one_process_of_a_home_delivers_at_a_time(there: Settings) -> None:
    one, other = keeping.Delivery(there), keeping.Delivery(there)
    counted: list[int] = []

    def meanwhile() -> bool:
        counted.append(other.deliver())
        return False

    assert one.deliver(meanwhile) == 2
    assert counted == [0, 0]


@pytest.mark.service
def test_the_doctor_finds_nothing_wrong_with_a_bucket_and_leaves_nothing_in_it(there: Settings) -> None:
    keeping.Delivery(there).deliver()
    before = [[*relay.store.files()] for relay in keeping.relays(there).values()]
    found = checks(there)
    assert [check.ok for check in (*found["files"], *found["files_waiting"])] == [True, True, True]
    assert [[*relay.store.files()] for relay in keeping.relays(there).values()] == before


@pytest.mark.service
def test_a_purge_removes_from_the_bucket_what_no_article_names(there: Settings) -> None:
    (named,) = keeping.keeper(there).walk()
    old = keeping.keeper(there).keep(page("<html>cu</html>"), NOW - timedelta(days=3))
    keeping.Delivery(there).deliver()
    waits = keeping.keeper(there).keep(page("<html>cu hon</html>"), NOW - timedelta(days=4))
    assert {*keeping.snapshots(there).walk()} == {named, old, waits}
    assert housekeeping.purge(there, NOW + timedelta(days=2), dry_run=False)["snapshot"] == 2
    assert [*keeping.snapshots(there).walk()] == [named]


@pytest.mark.service
def test_a_backup_counts_what_is_in_the_bucket_and_takes_along_what_waits(there: Settings, tmp_path: Path) -> None:
    """The restored home delivers again what waited; the bucket has it once."""
    keeping.Delivery(there).deliver()
    waits = keeping.keeper(there).keep(page("<html>cho</html>"), NOW)
    file = tmp_path / "kiemtin.tar.gz"
    made = saving.back_up(there, saving.contents(there), file, now=wiring.clock())
    assert made.missing == ()
    assert {name: (held.place, held.count) for name, held in made.elsewhere.items()} == {
        "snapshots": (f"{there.snapshots}/", 1),
        "attachments": (f"{there.attachments}/", 1),
    }
    new = tmp_path / "new"
    restore(file, examine(file), new)
    assert [name for name in files(new) if "/20" in name or name.startswith("attachments/")] == [
        f"snapshots/{NOW:%Y/%m/%d}/{waits}.warc.gz"
    ]
    shutil.copy(there.home / "secret", new / "secret")
    restored = settings.load(new, environment={}, overrides=[f"s3.access_key={OFFICE[0]}"])
    assert (restored.snapshots, restored.attachments) == (there.snapshots, there.attachments)
    assert keeping.Delivery(there).deliver() == keeping.Delivery(restored).deliver() == 1
    assert len([*keeping.snapshots(restored).walk()]) == 2


@pytest.mark.service
def test_the_command_says_what_a_backup_leaves_in_the_bucket(
    there: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keeping.Delivery(there).deliver()
    assert cli.run(["backup", str(tmp_path / "one.tar.gz"), "--home", str(there.home)]) == 0
    assert f"1 bản chụp (0.0 MB) nằm ở {there.snapshots}/" in capsys.readouterr().err
    assert cli.run(["backup", str(tmp_path / "two.tar.gz"), "--json", "--home", str(there.home)]) == 0
    elsewhere = json.loads(capsys.readouterr().out)["elsewhere"]
    assert (elsewhere["attachments"]["count"], elsewhere["attachments"]["bytes"]) == (1, len(PNG))


@pytest.mark.service
def test_a_backup_tells_what_the_bucket_has_lost(there: Settings, tmp_path: Path) -> None:
    keeping.Delivery(there).deliver()
    for relay in keeping.relays(there).values():
        for held in relay.files():
            relay.remove(held.name)
    made = saving.back_up(there, saving.contents(there), tmp_path / "kiemtin.tar.gz", now=wiring.clock())
    assert [name.partition("/")[0] for name in made.missing] == ["attachments", "snapshots"]
    restore(tmp_path / "kiemtin.tar.gz", examine(tmp_path / "kiemtin.tar.gz"), tmp_path / "new")
