"""Every page with hostile text in every field: nothing of it is interpreted, and no request leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.widgets import visible
from index.model import FlagKind
from tests.browser import invented
from tests.browser.conftest import Served, serving, settled, sign_in
from tests.hostile import HOSTILE

pytestmark = pytest.mark.service

# What a text could turn into if anything read it as HTML or Markdown.
MADE_OF_TEXT = (
    "img:not([src^='data:']), iframe, form:not([data-testid=stForm], .vega-bindings:empty), svg[onload], .katex, "
    "[class*=kt-] :is(h1, h2, h3, strong, em, code, table:not(.kt-keys, .kt-days), ul, ol, style, script), "
    "a[href*='thu.example'], [data-testid=stMarkdownBadge], .stMarkdownBadge"
)


def hostile(number: int, text: str) -> invented.Told:
    """A story all of whose words are hostile; a plain word keeps a text from being empty."""
    told = invented.TOLD[0]
    articles = tuple(
        replace(
            written,
            title=f"{text} T{number}",
            text=f"Mở đầu {text}\n\n{text}",
            edited=f"{text}\nsửa {text}" if at == 1 else None,
        )
        for at, written in enumerate(told.articles)
    )
    signs = (
        invented.Shown(kind=FlagKind.INCIDENT, article=0, quote=text, code="harm_to_life", cue=text),
        invented.Shown(kind=FlagKind.CRITICISM, article=0, quote=text, code="complaint", cue=text),
        invented.Shown(kind=FlagKind.CONFLICT, article=1, quote=text, code="figures_differ", against=(3, text)),
        invented.Shown(kind=FlagKind.HEADLINE, article=2, quote=text, code=text),
    )
    return replace(told, id=f"thu-{number}", articles=articles, signs=signs, place=text)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("attacked")
    invented.fill(home, datetime.now(UTC), [hostile(number, text) for number, text in enumerate(HOSTILE)])
    invented.rename_sources(home, HOSTILE)
    with serving(home) as url:
        yield Served(home=home, url=url)


@pytest.fixture
def requests(desktop: BrowserContext) -> list[str]:
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    return asked


def untouched(page: Page, requests: list[str]) -> None:
    settled(page)
    found = page.locator(MADE_OF_TEXT).all()
    assert not [element.evaluate("node => node.outerHTML.slice(0, 200)") for element in found]
    assert page.evaluate("window.hacked") is None
    assert {urlsplit(url).hostname for url in requests if url.startswith("http")} == {"127.0.0.1"}


@pytest.mark.fault(36, 37)
@pytest.mark.parametrize("tab", ["inform", "verify", "answer", "mine", "places"])
def test_the_queue_shows_hostile_text_as_text(
    desktop: BrowserContext, attacked: Served, requests: list[str], tab: str
) -> None:
    page = sign_in(desktop, attacked, path=f"/?muc={tab}")
    untouched(page, requests)


def test_every_headline_is_read_as_it_was_written(
    desktop: BrowserContext, attacked: Served, requests: list[str]
) -> None:
    page = sign_in(desktop, attacked, path="/?muc=verify")
    expect(page.locator(".kt-row .kt-title").nth(len(HOSTILE) - 1)).to_be_visible()
    shown = {" ".join(title.split()) for title in page.locator(".kt-row .kt-title").all_inner_texts()}
    written = {" ".join(visible(f"{text} T{number}").split()) for number, text in enumerate(HOSTILE)}
    assert written <= shown
    untouched(page, requests)


@pytest.mark.fault(36, 37)
def test_a_story_shows_hostile_text_as_text(desktop: BrowserContext, attacked: Served, requests: list[str]) -> None:
    page = sign_in(desktop, attacked, path="/vu-viec?story=thu-0")
    for number in range(len(HOSTILE)):
        page.goto(f"{attacked.url}/vu-viec?story=thu-{number}")
        expect(page.locator(".kt-headline")).to_contain_text(f"T{number}")
        expect(page.locator(".kt-article").first).to_be_visible()
        for summary in page.locator("summary").all():
            summary.click()
        untouched(page, requests)


def test_the_other_pages_show_hostile_text_as_text(
    desktop: BrowserContext, attacked: Served, requests: list[str]
) -> None:
    page = sign_in(desktop, attacked, path="/nguon")
    expect(page.locator(".kt-source").first).to_be_visible()
    untouched(page, requests)
    page.goto(f"{attacked.url}/them-tin")
    expect(page.locator(".st-key-tip-form")).to_be_visible()
    untouched(page, requests)


def test_hostile_notes_and_grounds_stay_text(desktop: BrowserContext, attacked: Served, requests: list[str]) -> None:
    page = sign_in(desktop, attacked, path="/vu-viec?story=thu-6")
    for text in HOSTILE[:12]:
        page.get_by_label("Ghi chú").fill(text)
        page.get_by_role("button", name="Ghi", exact=True).click()
        settled(page)
        expect(page.get_by_label("Ghi chú")).to_have_value("")
    untouched(page, requests)
