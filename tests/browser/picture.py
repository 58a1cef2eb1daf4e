"""Take the pictures of the documentation: `python -m tests.browser.picture FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser import invented
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
    ("sources", "quantri", "/nguon", False, False, ""),
    ("tip", "ha", "/them-tin", False, False, ""),
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = Path(scratch)
        invented.fill(home, datetime.now(UTC), more=30)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
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
        browser.close()
    for file in folder.glob("*.png"):
        Image.open(file).quantize(_COLOURS, kmeans=2).save(file, optimize=True)


def _door(browser: Browser, served: Served, file: Path) -> None:
    with looking(browser) as context:
        page = context.new_page()
        page.goto(served.url)
        page.screenshot(path=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
