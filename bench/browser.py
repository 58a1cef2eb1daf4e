"""An officer's browser: the system's Chromium, signed in, and how long a page takes to stand still."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, looking, settled, sign_in

_PATIENCE_MS: Final = 120_000


@contextmanager
def signed_in(*offices: Served) -> Iterator[Sequence[Page]]:
    """A page of each office, in one browser."""
    with sync_playwright() as playwright, ExitStack() as stack:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.callback(chromium.close)
        pages = [sign_in(stack.enter_context(looking(chromium)), served) for served in offices]
        for page in pages:
            page.set_default_timeout(_PATIENCE_MS)
        yield pages


def shown(page: Page, open_page: Callable[[], object]) -> None:
    """Open a page and wait until its script has run and nothing on it waits to be drawn."""
    page.evaluate("window.runs = 0")
    open_page()
    page.wait_for_function("() => window.runs > 0")
    settled(page)
