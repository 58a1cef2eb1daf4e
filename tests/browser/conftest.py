"""An invented office served on loopback, and the system's Chromium to look at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.browser import invented

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126 Mobile Safari/537.36"
)
PATIENCE_S = 60

expect.set_options(timeout=PATIENCE_S * 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An office in a folder, and the address it is served under."""

    home: Path
    url: str


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium not found (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented office as it is before anybody works in it."""
    home = tmp_path_factory.mktemp("filled")
    invented.fill(home, datetime.now(UTC), more=30)
    return home


@pytest.fixture
def office(filled: Path, tmp_path: Path) -> Iterator[Served]:
    """An office of its own for a test that decides something."""
    home = tmp_path / "home"
    shutil.copytree(filled, home)
    with serving(home) as url:
        yield Served(home=home, url=url)


@pytest.fixture(scope="session")
def shown(filled: Path) -> Iterator[Served]:
    """One office for all tests that only look."""
    with serving(filled) as url:
        yield Served(home=filled, url=url)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "server.log"
    number = _offices.begin(home, port, log)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", number, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        _offices.end(number)


class _Offices:
    """The process that all offices of this run begin in."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def begin(self, home: Path, port: int, log: Path) -> int:
        """The number of the office's process."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.serve"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([str(home), port, str(log)]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self, number: int) -> None:
        until = time.monotonic() + PATIENCE_S
        sign = signal.SIGTERM
        while _runs(number):
            os.kill(number, sign)
            if time.monotonic() > until:
                sign = signal.SIGKILL
            time.sleep(0.05)


_offices = _Offices()


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _wait(url: str, number: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and _runs(number):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the screen did not come up:\n{log.read_text()}")


@contextmanager
def looking(browser: Browser, *, phone: bool = False, dark: bool = False) -> Iterator[BrowserContext]:
    """A browser of its own, far from the office's time zone: the screen must not follow it."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="America/New_York",
        color_scheme="dark" if dark else "light",
        viewport={"width": 390, "height": 844} if phone else {"width": 1366, "height": 768},
        user_agent=PHONE if phone else None,
        has_touch=phone,
        is_mobile=phone,
    )
    context.set_default_timeout(PATIENCE_S * 1_000)
    context.add_init_script(_COUNT_RUNS)
    try:
        yield context
    finally:
        context.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    with looking(browser) as context:
        yield context


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    with looking(browser, phone=True) as context:
        yield context


def sign_in(context: BrowserContext, served: Served, name: str = "ha", path: str = "/") -> Page:
    """A page of the application, reached through the door."""
    page = context.new_page()
    page.goto(served.url + path)
    page.fill("[name=user]", name)
    page.fill("[name=password]", invented.PASSWORD)
    page.click("button")
    expect(page.locator(".st-key-account")).to_be_visible()
    settled(page)
    return page


def settled(page: Page) -> None:
    """Until the script has run, nothing on the page waits to be redrawn, and the browser has nothing left to do."""
    page.wait_for_function(
        "() => window.runs > 0"
        " && document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')"
    )
    page.evaluate("() => new Promise(done => requestIdleCallback(() => requestAnimationFrame(done)))")


def press(page: Page, *keys: str) -> None:
    """Press keys as a person does: the next when the screen has answered the one before."""
    for key in keys:
        _answered(page, partial(page.keyboard.press, key))


def tap(page: Page, what: Locator) -> None:
    """Press something on the screen, and wait for the answer."""
    _answered(page, what.click)


def _answered(page: Page, act: Callable[[], None]) -> None:
    ran = page.evaluate("window.runs")
    act()
    page.wait_for_function("ran => window.runs > ran", arg=ran)
    settled(page)


def choose(page: Page, list_name: str | Locator, option: Locator) -> None:
    """Open a list and choose from it, as a person does: a list that the page has drawn anew at that moment, and so
    has shut again, is opened once more."""
    settled(page)
    box = page.get_by_label(list_name) if isinstance(list_name, str) else list_name
    until = time.monotonic() + PATIENCE_S
    box.click()
    while not option.is_visible():
        if time.monotonic() > until:
            pytest.fail(f"the list {list_name} does not open")
        page.wait_for_timeout(500)
        if not page.get_by_role("listbox").is_visible():
            settled(page)
            box.click()
    option.click()


_COUNT_RUNS = """
window.runs = 0;
new MutationObserver(changes => {
  for (const change of changes)
    if (change.target.dataset?.testScriptState === 'notRunning') window.runs += 1;
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-test-script-state']});
"""
