"""The settings of one office: typed, each with a default, each knowing where it came from.

`kiemtin.yaml` < environment (`KIEMTIN_FETCH__DELAY`) < `--set fetch.delay=3`. What is wrong is a `ConfigError` that
names file, key, what was found and what is allowed.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from config import profile, rotation, values
from config.rotation import Rotation
from config.values import Bucket, Read
from index.errors import ConfigError
from index.model import ProvinceId

SETTINGS_FILE: Final = "kiemtin.yaml"
ARCHIVE_FILE: Final = "archive.db"
CASEBOOK_FILE: Final = "casebook.db"
ENVIRONMENT: Final = "environment"
COMMAND_LINE: Final = "--set"
DEFAULT: Final = "default"
_PREFIX: Final = "KIEMTIN_"
_Section = TypeVar("_Section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How sources are asked. `delay` and `timeout` in seconds, `max_bytes` for one answer."""

    user_agent: str
    contact: str
    delay: float
    timeout: float
    max_bytes: int
    allow_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often sources of a tier are read while they bring something, and how often articles are reviewed."""

    tier1: timedelta
    tier2: timedelta
    tier3: timedelta
    review_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    daily_at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long is kept: texts not about the province, texts about it, and the readings of sources."""

    unmatched: timedelta
    matched: timedelta
    readings: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Where and when backups are made by themselves, and which stay; no `folder`, no backups. `without`: books on a
    server, which are backed up there."""

    folder: str
    daily_at: time
    keep: Rotation
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    address: str
    port: int
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Where `/healthz` and `/metrics` answer; no `port`, nowhere."""

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticsearch:
    """How an Elasticsearch archive is reached; secrets never leave this value."""

    index_prefix: str
    user: str
    password: str
    api_key: str
    ca_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgresql:
    """How a casebook on PostgreSQL is reached; `ca_file` as seen from the home."""

    user: str
    password: str
    ca_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """Over which Redis several machines share the work; no `address`, one machine alone. `ca_file` as seen from the
    home."""

    address: str
    user: str
    password: str
    ca_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """How the store of `s3://` addresses is reached; `ca_file` as seen from the home."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str
    ca_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an entrance reads; the rooms get plain values from it."""

    home: Path
    province: ProvinceId
    archive: str
    casebook: str
    snapshots: Path | Bucket
    attachments: Path | Bucket
    fetch: Fetch
    schedule: Schedule
    report: Report
    retention: Retention
    backup: Backup
    dashboard: Dashboard
    metrics: Metrics
    elasticsearch: Elasticsearch
    postgresql: Postgresql
    redis: Redis
    s3: S3
    origins: Mapping[str, str]
    """Where each key's value came from: the file, the environment, the command line or the default."""

    @property
    def archive_file(self) -> Path:
        return self.home / ARCHIVE_FILE

    @property
    def casebook_file(self) -> Path:
        return self.home / CASEBOOK_FILE

    @property
    def snapshots_folder(self) -> Path:
        """Where pages are captured: they stay there, or wait for their bucket."""
        return self.snapshots if isinstance(self.snapshots, Path) else self.home / KEYS["snapshots"].default

    @property
    def attachments_folder(self) -> Path:
        """As `snapshots_folder`, of what people upload."""
        return self.attachments if isinstance(self.attachments, Path) else self.home / KEYS["attachments"].default


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    read: Read
    default: Any
    secret: bool = False


def _province(raw: object) -> str:
    known = sorted(province.id for province in profile.provinces())
    return str(values.one_of(*known)(raw))


KEYS: Final[dict[str, _Key]] = {
    "province": _Key(read=_province, default=None),
    "archive": _Key(read=values.archive_address, default="sqlite"),
    "casebook": _Key(read=values.casebook_address, default="sqlite"),
    "snapshots": _Key(read=values.folder_or_bucket, default=Path("snapshots")),
    "attachments": _Key(read=values.folder_or_bucket, default=Path("attachments")),
    "fetch.user_agent": _Key(read=values.header, default="KiemTin/0.1"),
    "fetch.contact": _Key(read=values.text, default=""),
    "fetch.delay": _Key(read=values.number(0, 3600), default=2.0),
    "fetch.timeout": _Key(read=values.number(1, 600), default=30.0),
    "fetch.max_bytes": _Key(read=values.whole(1_000, 1_000_000_000), default=10_485_760),
    "fetch.allow_hosts": _Key(read=values.hosts, default=()),
    "schedule.tier1": _Key(read=values.duration, default=timedelta(minutes=5)),
    "schedule.tier2": _Key(read=values.duration, default=timedelta(minutes=15)),
    "schedule.tier3": _Key(read=values.duration, default=timedelta(hours=1)),
    "schedule.review_every": _Key(read=values.duration, default=timedelta(minutes=1)),
    "report.daily_at": _Key(read=values.wall_time, default=time(6, 45)),
    "retention.unmatched": _Key(read=values.duration, default=timedelta(days=30)),
    "retention.matched": _Key(read=values.duration, default=timedelta(days=730)),
    "retention.readings": _Key(read=values.duration, default=timedelta(days=400)),
    "backup.folder": _Key(read=values.folder_or_none, default=""),
    "backup.daily_at": _Key(read=values.wall_time, default=time(1, 30)),
    "backup.keep": _Key(read=rotation.read, default=Rotation(days=7, weeks=8)),
    "backup.without": _Key(read=values.some_of("archive", "casebook"), default=()),
    "dashboard.address": _Key(read=values.listening_address, default="127.0.0.1"),
    "dashboard.port": _Key(read=values.whole(1, 65535), default=8501),
    "dashboard.public_url": _Key(read=values.public_address, default=""),
    "metrics.address": _Key(read=values.listening_address, default="127.0.0.1"),
    "metrics.port": _Key(read=values.whole(0, 65535), default=0),
    "elasticsearch.index_prefix": _Key(read=values.slug, default="kiemtin"),
    "elasticsearch.user": _Key(read=values.text, default=""),
    "elasticsearch.password": _Key(read=values.text, default="", secret=True),
    "elasticsearch.api_key": _Key(read=values.text, default="", secret=True),
    "elasticsearch.ca_file": _Key(read=values.text, default=""),
    "postgresql.user": _Key(read=values.text, default=""),
    "postgresql.password": _Key(read=values.text, default="", secret=True),
    "postgresql.ca_file": _Key(read=values.text, default=""),
    "redis.address": _Key(read=values.redis_address, default=""),
    "redis.user": _Key(read=values.text, default=""),
    "redis.password": _Key(read=values.text, default="", secret=True),
    "redis.ca_file": _Key(read=values.text, default=""),
    "s3.endpoint": _Key(read=values.public_address, default=""),
    "s3.region": _Key(read=values.text, default="us-east-1"),
    "s3.access_key": _Key(read=values.text, default="", secret=True),
    "s3.secret_key": _Key(read=values.text, default="", secret=True),
    "s3.ca_file": _Key(read=values.text, default=""),
}
SECRETS: Final = frozenset(key for key, spec in KEYS.items() if spec.secret)


def load(home: Path, *, environment: Mapping[str, str], overrides: Sequence[str] = ()) -> Settings:
    """The settings in force for a home. Raises `ConfigError`."""
    found: dict[str, tuple[str, object]] = {}
    file = home / SETTINGS_FILE
    for key, raw in _from_file(file).items():
        found[key] = (str(file), raw)
    for key, raw in _from_environment(environment).items():
        found[key] = (ENVIRONMENT, raw)
    for key, raw in _from_overrides(overrides).items():
        found[key] = (COMMAND_LINE, raw)
    found = _with_secret_files(found, home)
    read = {key: (spec.default, DEFAULT) for key, spec in KEYS.items()}
    for key, (origin, raw) in found.items():
        try:
            read[key] = (KEYS[key].read(raw), origin)
        except values.Wrong as wrong:
            shown = "***" if KEYS[key].secret else values.as_found(raw)
            raise ConfigError(file=origin, key=key, found=shown, allowed=wrong.allowed) from wrong
    if read["province"][0] is None:
        raise ConfigError(file=str(file), key="province", found="", allowed="kiemtin init --province ID")
    return _settings(home, {key: value for key, (value, _) in read.items()}, {k: o for k, (_, o) in read.items()})


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings that neither the file nor a default says, for a process that is to have the same."""
    return {
        _PREFIX + key.upper().replace(".", "__"): values.written(value_of(settings, key))
        for key in KEYS
        if settings.origins[key].startswith(COMMAND_LINE)
    }


def value_of(settings: Settings, key: str) -> Any:
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def shown(settings: Settings) -> dict[str, tuple[str, str]]:
    """Every key with its value in words and where it came from; a secret only as "set" or nothing."""
    result = {}
    for key, spec in KEYS.items():
        value = value_of(settings, key)
        words = ("set" if value else "") if spec.secret else values.written(value)
        result[key] = (words, settings.origins[key])
    return result


def _settings(home: Path, read: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    def section(kind: Callable[..., _Section], name: str) -> _Section:
        keys = (key for key in read if key.startswith(f"{name}."))
        return kind(**{key.removeprefix(f"{name}."): read[key] for key in keys})

    return Settings(
        home=home,
        province=ProvinceId(read["province"]),
        archive=read["archive"],
        casebook=read["casebook"],
        snapshots=_place(home, read["snapshots"]),
        attachments=_place(home, read["attachments"]),
        fetch=section(Fetch, "fetch"),
        schedule=section(Schedule, "schedule"),
        report=section(Report, "report"),
        retention=section(Retention, "retention"),
        backup=section(Backup, "backup"),
        dashboard=section(Dashboard, "dashboard"),
        metrics=section(Metrics, "metrics"),
        elasticsearch=section(Elasticsearch, "elasticsearch"),
        postgresql=section(Postgresql, "postgresql"),
        redis=section(Redis, "redis"),
        s3=section(S3, "s3"),
        origins=origins,
    )


def _place(home: Path, said: Path | Bucket) -> Path | Bucket:
    return home / said if isinstance(said, Path) else said


def _from_file(file: Path) -> dict[str, object]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(file=str(file), key="", found="", allowed="kiemtin init --province ID") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(file=str(file), key="", found=values.yaml_fault(error), allowed="YAML") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigError(file=str(file), key="", found=type(document).__name__, allowed="key: value")
    flat: dict[str, object] = {}
    for name, value in document.items():
        inner = value if isinstance(value, dict) else None
        for key, raw in (
            {f"{name}.{sub}": v for sub, v in inner.items()}.items() if inner is not None else [(name, value)]
        ):
            flat[_known(str(key), str(file))] = raw
    return flat


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    """Names with `__` must be keys; other names with our prefix may belong to somebody else and are left alone."""
    flat: dict[str, object] = {}
    for name, raw in environment.items():
        if not name.startswith(_PREFIX):
            continue
        key = name.removeprefix(_PREFIX).lower().replace("__", ".")
        if "." in key or key in KEYS:
            flat[_known(key, ENVIRONMENT)] = raw
    return flat


def _from_overrides(overrides: Sequence[str]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for override in overrides:
        key, equals, raw = override.partition("=")
        if not equals:
            raise ConfigError(file=COMMAND_LINE, key=override, found=override, allowed="section.key=value")
        flat[_known(key.strip(), COMMAND_LINE)] = raw
    return flat


def _known(key: str, origin: str) -> str:
    secret = key.removesuffix("_file")
    if key in KEYS or (secret in KEYS and KEYS[secret].secret):
        return key
    near = difflib.get_close_matches(key, KEYS, n=3, cutoff=0.5) or sorted({k.partition(".")[0] for k in KEYS})
    raise ConfigError(file=origin, key=key, found=key, allowed=", ".join(near))


def _with_secret_files(found: Mapping[str, tuple[str, object]], home: Path) -> dict[str, tuple[str, object]]:
    """`NAME_file: PATH` read in place; a file that others may read is refused."""
    result: dict[str, tuple[str, object]] = {}
    for key, (origin, raw) in found.items():
        if key in KEYS:
            result[key] = (origin, raw)
            continue
        path = home / str(raw)
        try:
            mode = path.stat().st_mode & 0o777
            secret = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(file=origin, key=key, found=f"{path}: {error.strerror}", allowed="PATH") from error
        except UnicodeDecodeError as error:
            raise ConfigError(file=str(path), key=key, found="***", allowed="UTF-8") from error
        if mode & 0o077:
            raise ConfigError(file=str(path), key=key, found=f"{mode:o}", allowed=f"600 (chmod 600 {path})")
        result[key.removesuffix("_file")] = (f"{origin}: {path}", secret)
    return result
