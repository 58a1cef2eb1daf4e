"""Settings: where each comes from, and how a wrong one is named."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from config.settings import KEYS, Settings, as_environment, load, shown
from index.errors import ConfigError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "kiemtin.yaml").write_text("province: tuyen-quang\nfetch:\n  delay: 3\n", encoding="utf-8")
    return tmp_path


def read(home: Path, *overrides: str, **environment: str) -> Settings:
    return load(home, environment=environment, overrides=overrides)


def test_a_later_place_wins_and_is_named(home: Path) -> None:
    assert read(home).fetch.delay == 3.0
    assert read(home).origins["fetch.delay"] == str(home / "kiemtin.yaml")
    assert read(home, KIEMTIN_FETCH__DELAY="4").fetch.delay == 4.0
    assert read(home, KIEMTIN_FETCH__DELAY="4").origins["fetch.delay"] == "environment"
    both = read(home, "fetch.delay=5", KIEMTIN_FETCH__DELAY="4")
    assert (both.fetch.delay, both.origins["fetch.delay"]) == (5.0, "--set")


def test_what_nobody_set_has_a_typed_default(home: Path) -> None:
    settings = read(home)
    assert settings.dashboard.address == "127.0.0.1"
    assert settings.schedule.tier1 == timedelta(minutes=5)
    assert settings.report.daily_at == time(6, 45)
    assert settings.fetch.allow_hosts == ()
    assert settings.snapshots == home / "snapshots"


def test_values_are_read_in_the_form_they_are_shown_in(home: Path) -> None:
    settings = read(home, "fetch.allow_hosts=127.0.0.1:8900, localhost", "schedule.tier2=20m", "report.daily_at=07:05")
    again = read(
        home, *(f"{key}={words}" for key, (words, _) in shown(settings).items() if words and key != "snapshots")
    )
    assert (again.fetch, again.schedule, again.report) == (settings.fetch, settings.schedule, settings.report)


@pytest.mark.parametrize(
    ("override", "key", "allowed"),
    [
        ("fetch.delay=fast", "fetch.delay", "0 … 3600"),
        ("fetch.dlay=2", "fetch.dlay", "fetch.delay"),
        ("casebook=mysql", "casebook", "sqlite"),
        ("casebook=mysql://host/kiemtin", "casebook", "postgresql://host[:port]/database"),
        ("casebook=postgresql://host", "casebook", "/database"),
        ("casebook=postgresql:///kiemtin", "casebook", "host"),
        ("casebook=postgresql://host:99999/kiemtin", "casebook", "port"),
        ("casebook=postgresql://host/kiemtin?sslmode=disable", "casebook", "/database"),
        ("schedule.tier1=5", "schedule.tier1", "5m"),
        ("dashboard.port=0", "dashboard.port", "1 … 65535"),
        ("fetch.allow_hosts=http://a/", "fetch.allow_hosts", "host:port"),
        ("nonsense", "nonsense", "section.key=value"),
        ("province=ha-giang", "province", "tuyen-quang"),
        ("fetch.allow_hosts=127.0.0.1:99999", "fetch.allow_hosts", "host:port"),
        ("schedule.tier1=99999999999d", "schedule.tier1", "36500d"),
        ("snapshots=ftp://host/pages", "snapshots", "PATH | s3://bucket[/prefix]"),
        ("snapshots=s3://Bucket", "snapshots", "s3://bucket"),
        ("snapshots=s3://bucket/../pages", "snapshots", "s3://bucket"),
        ("attachments=s3://key:secret@bucket/pages", "attachments", "s3://bucket"),
        ("s3.endpoint=kho.example:9000", "s3.endpoint", "http(s)://host"),
        ("dashboard.address=", "dashboard.address", "host"),
        ("dashboard.address=http://127.0.0.1", "dashboard.address", "host"),
        ("fetch.user_agent=Kiem\nTin", "fetch.user_agent", "one line"),
        ("fetch.user_agent=Kiểm Tin", "fetch.user_agent", "ASCII"),
    ],
)
def test_a_wrong_value_names_key_found_and_allowed(home: Path, override: str, key: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(home, override)
    assert caught.value.params["key"] == key
    assert allowed in caught.value.params["allowed"]
    assert caught.value.params["file"] == "--set"


def test_a_wrong_file_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "kiemtin.yaml").write_text("province: [tuyen\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path)
    assert "line" in caught.value.params["found"]


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path)
    assert "kiemtin init" in caught.value.params["allowed"]


@pytest.mark.parametrize("key", ["archive", "casebook", "dashboard.public_url"])
def test_a_password_inside_an_address_is_refused_and_not_repeated(home: Path, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(home, f"{key}=https://user:secret@search.example:9200")
    assert caught.value.params["key"] == key
    assert "search.example" in caught.value.params["found"]
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("user", ["kiemtin:secret", "kiemtin"])
def test_a_user_inside_the_address_of_a_casebook_is_refused_and_the_key_for_it_named(home: Path, user: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(home, f"casebook=postgresql://{user}@db.example:5432/kiemtin")
    assert caught.value.params["key"] == "casebook"
    assert "postgresql.password_file" in caught.value.params["allowed"]
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["db.example", "10.0.0.7:5433", "[fd00::7]:5432", "127.0.0.1"])
def test_a_casebook_may_lie_on_a_server(home: Path, host: str) -> None:
    assert read(home, f"casebook=postgresql://{host}/kiem_tin").casebook == f"postgresql://{host}/kiem_tin"


def test_a_secret_is_never_shown(home: Path) -> None:
    settings = read(home, "elasticsearch.api_key=very-secret")
    assert settings.elasticsearch.api_key == "very-secret"
    assert shown(settings)["elasticsearch.api_key"] == ("set", "--set")
    assert "very-secret" not in str(shown(settings))


def test_no_secret_has_a_default() -> None:
    assert [key for key, spec in KEYS.items() if spec.secret and spec.default] == []


def test_a_secret_in_a_file_must_be_its_owners_alone(home: Path) -> None:
    secret = home / "key.txt"
    secret.write_text("very-secret\n", encoding="utf-8")
    secret.chmod(0o600)
    assert read(home, "elasticsearch.api_key_file=key.txt").elasticsearch.api_key == "very-secret"
    secret.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        read(home, "elasticsearch.api_key_file=key.txt")
    assert "chmod 600" in caught.value.params["allowed"]


def test_a_secret_file_that_is_no_text_is_named(home: Path) -> None:
    secret = home / "key.bin"
    secret.touch(0o600)
    secret.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError) as caught:
        read(home, "elasticsearch.api_key_file=key.bin")
    assert caught.value.params["file"] == str(secret)


def test_other_programs_variables_are_left_alone(home: Path) -> None:
    assert read(home, KIEMTIN_HOME="/elsewhere", OTHER="1").home == home


def test_another_process_can_be_given_the_same_settings(home: Path) -> None:
    told = read(home, "snapshots=elsewhere", "fetch.delay=7", "fetch.allow_hosts=a, b:80")
    passed_on = read(home, **as_environment(told))
    assert (passed_on.snapshots, passed_on.fetch) == (told.snapshots, told.fetch)
