"""Fixtures that every test may use, and the rule that a required service is not skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import redis_server, s3_server
from tests.postgres import OF_HOMES, PLACES, Server, serving
from tests.redis_server import RedisServer
from tests.s3_server import S3Server

# The same examples in every run, so that a change is what makes a test fail; KIEMTIN_TEST_EXPLORE=1 looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("KIEMTIN_TEST_EXPLORE") else "same")

ROOT = Path(__file__).resolve().parents[1]
CANNOT_BE_HAD = "cannot be had here"
"""What a skip says of a service that no package brings."""
REQUIRE_SERVICES = "KIEMTIN_TEST_REQUIRE_SERVICES"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development data beside the project; skipped aloud where a machine lacks it."""
    folder = Path(os.environ.get("KIEMTIN_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"development data not found at {folder} (set KIEMTIN_SHARED)")
    return folder


ON_POSTGRES = pytest.param("postgresql", marks=pytest.mark.service)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the tests that share one; skipped aloud where it is not installed."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """A Redis for the tests that share one; skipped aloud where it is not installed."""
    with redis_server.serving() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server for the tests that share one; skipped aloud where it is not installed."""
    with s3_server.serving() as server:
        yield server


@pytest.fixture(params=["sqlite", ON_POSTGRES])
def every_casebook(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that uses this runs twice: with the casebooks of its offices in files, and in databases."""
    if request.param == "sqlite":
        yield
        return
    server: Server = request.getfixturevalue("postgres")
    monkeypatch.setenv(PLACES, f"postgresql://127.0.0.1:{server.port}")
    yield
    for (name,) in server.ask(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{OF_HOMES}')"):
        server.drop(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where services are required, a service test that skips has failed, unless its server cannot be installed."""
    report = yield
    required = item.get_closest_marker("service") and os.environ.get(REQUIRE_SERVICES)
    if report.skipped and required and CANNOT_BE_HAD not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although its service can be had: {report.longrepr}"
    return report


class OneServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives the tests that share an Elasticsearch to one process, and every other to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        needs_it = nodeid.startswith("tests/contract/") and ("elastic" in nodeid or "archive_copy" in nodeid)
        return "elasticsearch" if needs_it else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneServer | None:
    """For `--dist loadgroup`, whose own marks xdist 3.8 loses with pytest 9.2."""
    return OneServer(config, log) if config.getoption("dist") == "loadgroup" else None
