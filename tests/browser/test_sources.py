"""The sources page: every condition looks like itself; and what is brought in by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from index.model import Channel
from index.tip import Reporter
from tests.browser import invented
from tests.browser.conftest import Served, press, settled, sign_in
from tests.browser.test_story import PNG

pytestmark = pytest.mark.service


def test_quiet_dead_and_used_up_never_look_alike(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, name="quantri")
    expect(page).to_have_url(f"{shown.url}/nguon")
    rows = page.locator(".kt-source")
    expect(rows).to_have_count(8)
    expect(rows.nth(0)).to_contain_text("✕ Diễn đàn Xứ Sương")
    expect(rows.nth(0)).to_contain_text("Không trả lời kịp")
    expect(rows.nth(1)).to_contain_text("◐ Đài Phát thanh tỉnh")
    expect(rows.nth(1)).to_contain_text("im lặng 3")
    expect(rows.nth(2)).to_contain_text("◇ Kênh video Đường Rừng")
    expect(rows.nth(2)).to_contain_text("không phải lỗi")
    expect(rows.nth(3)).to_contain_text("chưa đọc lần nào")
    expect(rows.nth(4)).to_contain_text("bài từ hôm qua")
    expect(rows.first.locator(".kt-day")).to_have_count(14)


def test_a_source_is_switched_off_and_on(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, name="quantri")
    row = page.locator(".st-key-source-bao-suong")
    row.get_by_role("button", name="Tắt").click()
    expect(page.locator(".st-key-said")).to_contain_text("Đã tắt “Báo Sương Núi”")
    expect(row.get_by_role("button", name="Bật")).to_be_visible()
    expect(page.locator(".kt-source").last).to_contain_text("Báo Sương Núiđang tắt")


def test_a_source_is_added_with_an_id_of_its_own(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, name="quantri")
    page.get_by_text("Thêm nguồn +").click()
    page.get_by_label("Tên nguồn").fill("Báo Sương")
    page.get_by_label("Địa chỉ RSS").fill("https://suong-moi.example/rss")
    page.get_by_role("button", name="Thêm nguồn", exact=True).click()
    expect(page.locator(".st-key-said")).to_contain_text("Đã thêm “Báo Sương”")
    expect(page.locator(".st-key-source-bao-suong-2")).to_contain_text("chưa đọc lần nào")


def test_an_address_that_is_none_is_refused(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, name="quantri")
    page.get_by_text("Thêm nguồn +").click()
    page.get_by_label("Tên nguồn").fill("Báo Sương")
    page.get_by_label("Địa chỉ RSS").fill("javascript:alert(1)")
    page.get_by_role("button", name="Thêm nguồn", exact=True).click()
    expect(page.locator(".st-key-said")).to_contain_text("http:// hoặc https://")
    expect(page.locator(".kt-source")).to_have_count(8)


def test_a_monitor_sees_the_sources_and_switches_none(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown)
    page.get_by_role("button", name="1 nguồn không truy cập được").click()
    expect(page.locator(".kt-source").first).to_be_visible()
    expect(page.get_by_role("button", name="Tắt")).to_have_count(0)
    expect(page.get_by_text("Thêm nguồn +")).to_have_count(0)


def test_a_text_and_its_screenshot_are_kept_and_the_teller_apart(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office)
    page.get_by_role("button", name="Thêm +").click()
    page.get_by_label("Tiêu đề").fill("Loa phường báo cắt nước ba ngày")
    page.get_by_label("Nội dung").fill("Sáng nay loa phường Bản Lầu báo cắt nước ba ngày, không nói lý do.")
    page.get_by_label("Thấy hoặc nghe ở đâu").fill("Loa phường")
    page.get_by_label("Người báo", exact=True).fill("Bà Sen")
    page.get_by_label("Liên hệ của người báo").fill("0912 000 111")
    page.locator("input[type=file]").set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_role("button", name="Thêm tin", exact=True).click()
    expect(page.locator(".st-key-said")).to_contain_text("Đã ghi. Tin sẽ được xét")
    expect(page.get_by_label("Nội dung")).to_have_value("")
    desk, archive = invented.open_desk(office.home)
    now = datetime.now(UTC)
    ha = desk.accounts.officer(desk.accounts.sign_in("ha", invented.PASSWORD, at=now), at=now)
    (kept,) = [one.article for one in archive.stored(invented.PROVINCE) if one.article.title.startswith("Loa phường")]
    assert (kept.channel, kept.url) == (Channel.PRESS, None)
    with invented.casebook(office.home) as casebook, casebook.read(invented.PROVINCE) as book:
        (tip,) = book.tips.of_articles([kept.id])
    assert desk.by_hand.reporter(tip.id, by=ha, at=now) == Reporter(name="Bà Sen", contact="0912 000 111")
    assert len(tip.attachments) == 1


def test_an_address_is_asked_for_and_its_fate_shown(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/them-tin")
    page.get_by_label("Địa chỉ trang").fill("https://bao-la.example/bai-1")
    page.get_by_role("button", name="Thêm tin", exact=True).click()
    expect(page.locator(".kt-line")).to_contain_text("https://bao-la.example/bai-1 · chờ lượt đọc sau")
    _, archive = invented.open_desk(office.home)
    (visit,) = archive.visits(since=datetime.now(UTC) - timedelta(hours=1))
    assert visit.by == "ha"


def test_neither_address_nor_text_is_refused_in_words(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/them-tin")
    page.get_by_label("Tiêu đề").fill("Chỉ có tiêu đề")
    page.get_by_role("button", name="Thêm tin", exact=True).click()
    expect(page.locator(".st-key-said")).to_contain_text("một trong hai")
    expect(page.get_by_label("Tiêu đề")).to_have_value("Chỉ có tiêu đề")


def test_the_keys_are_listed_one_key_away(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify")
    press(page, "h")
    expect(page.locator(".kt-keys")).to_contain_text("Bỏ dấu hiệu, chọn một lý do")
    press(page, "Escape")
    settled(page)
    expect(page.locator(".kt-row").first).to_be_visible()
