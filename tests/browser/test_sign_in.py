"""The way in: nothing is shown before it, it survives a reload, and it leads back to where one was going."""

from __future__ import annotations

import sqlite3
import urllib.request

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import invented
from tests.browser.conftest import Served, settled, sign_in

pytestmark = pytest.mark.service


def test_nothing_of_the_application_is_loaded_before_signing_in(desktop: BrowserContext, shown: Served) -> None:
    asked: list[str] = []
    page = desktop.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shown.url}/?muc=verify")
    expect(page.locator("h1")).to_have_text("Kiểm Tin")
    assert all(url.startswith((f"{shown.url}/?muc", f"{shown.url}/vao", f"{shown.url}/favicon")) for url in asked)


def test_a_websocket_without_a_sign_in_shows_nothing(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown)
    page.context.clear_cookies()
    page.evaluate("() => history.pushState(null, '', '/khong-co')")
    page.goto(f"{shown.url}/khong-co")
    expect(page.get_by_text("Chưa đăng nhập")).to_be_visible()
    expect(page.locator(".kt-row")).to_have_count(0)


def test_a_deep_link_survives_the_sign_in(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=answer")
    assert page.url == f"{shown.url}/?muc=answer"
    expect(page.locator(".kt-row")).to_contain_text("mùi hôi từ bãi rác")


def test_the_sign_in_survives_a_reload_and_a_new_tab(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown)
    page.reload()
    expect(page.locator(".st-key-account")).to_be_visible()
    tab = desktop.new_page()
    tab.goto(shown.url)
    expect(tab.locator(".st-key-account")).to_be_visible()


def test_a_wrong_password_says_neither_which(desktop: BrowserContext, shown: Served) -> None:
    page = desktop.new_page()
    page.goto(shown.url)
    page.fill("[name=user]", "khong-co-ai")
    page.fill("[name=password]", "sai-hoan-toan")
    page.click("button")
    expect(page.get_by_role("alert")).to_have_text("Tên hoặc mật khẩu không đúng.")
    assert page.input_value("[name=user]") == "khong-co-ai"


def test_signing_out_ends_it_on_the_server(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office)
    page.locator(".st-key-account button").first.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Chưa đăng nhập")).to_be_visible()
    page.goto(office.url)
    expect(page.locator("h1")).to_have_text("Kiểm Tin")


def test_an_idle_page_is_closed_and_comes_back_after_signing_in(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    with sqlite3.connect(office.home / "casebook.db") as casebook:
        casebook.execute("UPDATE sessions SET last_action = '2020-01-01 00:00:00.000000'")
    page.keyboard.press("j")
    expect(page.get_by_text("Phiên đã hết sau 30 phút")).to_be_visible()
    expect(page.locator(".kt-row")).to_have_count(0)
    page.get_by_role("link", name="Đăng nhập").click()
    page.fill("[name=user]", "ha")
    page.fill("[name=password]", invented.PASSWORD)
    page.click("button")
    expect(page.locator(".kt-row").first).to_be_visible()
    assert page.url == f"{office.url}/?muc=verify"


def test_a_new_password_ends_the_old_sign_in_and_keeps_this_one(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office)
    page.locator(".st-key-account button").first.click()
    page.get_by_role("link", name="Đổi mật khẩu").click()
    page.fill("[name=password]", invented.PASSWORD)
    page.fill("[name=new]", "rung-thong-xanh-7")
    page.fill("[name=again]", "rung-thong-xanh-7")
    page.click("button")
    expect(page.locator(".st-key-account")).to_be_visible()
    settled(page)


def test_every_answer_says_what_a_page_may_load(shown: Served) -> None:
    with (
        urllib.request.urlopen(f"{shown.url}/vao") as form,
        urllib.request.urlopen(f"{shown.url}/_stcore/health") as health,
    ):
        assert "default-src 'none'" in form.headers["Content-Security-Policy"]
        assert "default-src 'self'" in health.headers["Content-Security-Policy"]
        assert health.headers["X-Frame-Options"] == "DENY"


def test_a_form_from_elsewhere_is_refused(desktop: BrowserContext, shown: Served) -> None:
    desktop.new_page().goto(f"{shown.url}/vao")
    token = next(cookie["value"] for cookie in desktop.cookies() if cookie["name"] == "kiemtin_form")
    fields: dict[str, str | float | bool] = {"user": "ha", "password": invented.PASSWORD, "token": token, "back": "/"}
    foreign = desktop.request.post(f"{shown.url}/vao", form=fields, headers={"Origin": "https://thu.example"})
    unnamed = desktop.request.post(f"{shown.url}/vao", form=fields)
    forged = desktop.request.post(
        f"{shown.url}/vao", form=fields | {"token": "doan"}, headers={"Origin": shown.url}, max_redirects=0
    )
    assert (foreign.status, unnamed.status, forged.status) == (403, 403, 403)


@pytest.mark.parametrize(
    "back", ["https://thu.example/", "//thu.example", "/\\thu.example", "/khong-co", "javascript:x"]
)
def test_one_is_led_back_to_pages_of_ours_only(desktop: BrowserContext, shown: Served, back: str) -> None:
    desktop.new_page().goto(f"{shown.url}/vao")
    token = next(cookie["value"] for cookie in desktop.cookies() if cookie["name"] == "kiemtin_form")
    fields: dict[str, str | float | bool] = {"user": "ha", "password": invented.PASSWORD, "token": token, "back": back}
    answer = desktop.request.post(f"{shown.url}/vao", form=fields, headers={"Origin": shown.url}, max_redirects=0)
    assert answer.status == 303
    assert answer.headers["location"] == "/"
