"""Fixtures that every test may use, and the rule that a required service is not skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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
        return "elasticsearch" if nodeid.startswith("tests/contract/") and "elastic" in nodeid else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneServer | None:
    """For `--dist loadgroup`, whose own marks xdist 3.8 loses with pytest 9.2."""
    return OneServer(config, log) if config.getoption("dist") == "loadgroup" else None
