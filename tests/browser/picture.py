"""Take the pictures of the documentation: `python -m tests.browser.picture FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser import invented, invented_day
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, looking, press, serving, settled, sign_in

_COLOURS = 256
# file name, who looks, where, by phone, in the dark, and the keys pressed first
PICTURES = (
    ("queue", "ha", "/?muc=verify", False, False, ""),
    ("queue-dark", "ha", "/?muc=verify", False, True, "j"),
    ("queue-dismiss", "ha", "/?muc=verify", False, False, "b"),
    ("queue-many", "ha", "/?muc=verify", False, False, "sjs"),
    ("queue-phone", "ha", "/?muc=verify", True, False, ""),
    ("story", "ha", "/vu-viec?story=dap", False, False, ""),
    ("story-phone", "ha", "/vu-viec?story=dap", True, False, ""),
    ("search", "ha", "/tim-kiem?tim=dap", False, False, ""),
    ("search-phone", "ha", "/tim-kiem?tim=dap", True, False, ""),
    ("sources", "quantri", "/nguon", False, False, ""),
    ("tip", "ha", "/them-tin", False, False, ""),
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        pages(browser, folder)
        day(browser, folder)
        browser.close()
    for file in folder.glob("*.png"):
        Image.open(file).quantize(_COLOURS, kmeans=2).save(file, optimize=True)


def pages(browser: Browser, folder: Path) -> None:
    """What fits a window of every page."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        invented.fill(home, datetime.now(UTC), more=30)
        with serving(home) as url:
            served = Served(home=home, url=url)
            _door(browser, served, folder / "sign-in.png")
            for name, who, path, phone, dark, keys in PICTURES:
                with looking(browser, phone=phone, dark=dark) as context:
                    page = sign_in(context, served, who, path)
                    press(page, *keys)
                    settled(page)
                    page.wait_for_timeout(500)
                    page.screenshot(path=folder / f"{name}.png")


def day(browser: Browser, folder: Path) -> None:
    """The whole daily page as a leader reads it, on a desk and on a phone."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        invented_day.fill(home, now)
        invented_day.read_over(home, now)
        with serving(home) as url:
            for name, phone in (("daily", False), ("daily-phone", True)):
                with looking(browser, phone=phone) as context:
                    path = f"/diem-bao?ngay={invented_day.day(now)}"
                    page = sign_in(context, Served(home=home, url=url), "lanhdao", path)
                    page.locator("svg.marks").wait_for()
                    width = page.evaluate("window.innerWidth")
                    height = page.evaluate("document.querySelector('.stMain').scrollHeight")
                    page.set_viewport_size({"width": width, "height": height})
                    settled(page)
                    page.wait_for_timeout(500)
                    page.screenshot(path=folder / f"{name}.png")


def _door(browser: Browser, served: Served, file: Path) -> None:
    with looking(browser) as context:
        page = context.new_page()
        page.goto(served.url)
        page.screenshot(path=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
