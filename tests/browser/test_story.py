"""A story on its page: what was written when, what changed, and the way from a sign to a conclusion."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import invented
from tests.browser.conftest import Served, choose, press, settled, sign_in

pytestmark = pytest.mark.service

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557"
    "bfabd40000000049454e44ae426082"
)


def article(page: Page, number: int) -> str:
    return page.locator(".kt-article").nth(number).inner_text()


def test_articles_stand_in_order_of_time_with_the_first_source_marked(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/vu-viec?story=dap")
    expect(page.locator(".kt-article")).to_have_count(4)
    assert "Diễn đàn Xứ Sương · Nguồn đầu tiên" in article(page, 0)
    assert "Trang tổng hợp 24 · phiên bản 2" in article(page, 1)
    assert "Bài bác bỏ, cải chính" in article(page, 2)
    assert article(page, 3).startswith("không rõ thời gian")
    expect(page.get_by_text("1 bài không rõ thời gian (để riêng)")).to_be_visible()
    expect(page.locator(".kt-article").nth(1).locator("summary", has_text="1 bài đăng lại")).to_be_visible()


def test_marks_carry_the_number_of_their_sign(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/vu-viec?story=di-doi")
    expect(page.locator(".kt-article").first.locator("mark", has_text="137 hộ").locator(".kt-n")).to_have_text("1")
    expect(page.locator(".kt-why").first).to_contain_text("137 hộ Báo Sông Xanh ↔ 173 hộ Báo Sương Núi")


def test_what_changed_between_versions_is_struck_and_underlined(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/vu-viec?story=dap")
    page.locator("summary", has_text="Khác biệt giữa phiên bản 1 và 2").click()
    changed = page.locator(".kt-article").nth(1)
    expect(changed.locator("del").first).to_contain_text("nghìn")
    expect(changed.locator("ins").first).to_contain_text("trăm")
    expect(page.locator(".kt-why").nth(1)).to_contain_text("chỉ còn trong phiên bản 1")


def test_the_captured_page_is_named_by_time_and_hash(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/vu-viec?story=bai-rac")
    kept = page.locator(".kt-kept").first
    expect(kept).to_contain_text("Lưu ")
    kept.locator("summary").click()
    assert len(kept.locator(".kt-mono").inner_text()) == 64
    expect(kept.get_by_role("link", name="Bài gốc")).to_have_attribute("rel", "noopener noreferrer")


def test_x_and_b_act_on_one_sign(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=dap")
    press(page, "x")
    expect(page.locator(".kt-why").nth(0)).to_contain_text("đã xác nhận · Lê Thu Hà")
    press(page, "b", "4")
    expect(page.locator(".kt-why").nth(1)).to_contain_text("Đã bỏ (Trích đúng)")
    expect(page.locator(".st-key-said")).to_contain_text("(Trích đúng)")
    expect(page.locator(".kt-steps").first).to_contain_text("● Đang xác minh")
    press(page, "u")
    expect(page.locator(".kt-why").nth(1)).not_to_contain_text("Đã bỏ")


def test_what_was_opened_of_an_article_stays_open_while_signs_are_decided(
    desktop: BrowserContext, office: Served
) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=dap")
    page.locator("summary", has_text="Khác biệt giữa phiên bản 1 và 2").click()
    press(page, "x")
    expect(page.locator(".kt-why").nth(0)).to_contain_text("đã xác nhận")
    expect(page.locator(".kt-article").nth(1).locator("del").first).to_be_visible()


def test_false_waits_for_a_document_and_says_so(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=tieu-de")
    press(page, "n")
    false, partly = (page.get_by_role("button", name=name) for name in ("Sai Shortcut 3", "Đúng một phần Shortcut 2"))
    expect(false).to_be_disabled()
    expect(partly).to_be_disabled()
    expect(page.get_by_text("cần ít nhất một tài liệu")).to_be_visible()
    page.get_by_label("Lý do, một câu").fill("Mưa hai mươi phút, không ai bị hại.")
    page.get_by_label("Tài liệu").fill("BC 12/BC-UBND")
    page.keyboard.press("Tab")
    expect(false).to_be_enabled()
    false.click()
    expect(page.locator(".kt-person")).to_contain_text("Sai · Lê Thu Hà")
    expect(page.locator(".kt-person")).to_contain_text("Căn cứ: BC 12/BC-UBND")
    page.get_by_role("button", name="Phản hồi, yêu cầu cải chính").click()
    page.get_by_role("button", name="Đã cải chính").click()
    expect(page.locator(".kt-steps")).to_contain_text("● Kết quả")


def test_a_conclusion_without_its_reason_is_refused_in_words(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=tieu-de")
    press(page, "n", "1")
    expect(page.locator(".st-key-said")).to_contain_text("cần một câu nêu lý do")
    expect(page.locator(".kt-person")).to_have_count(0)


def test_an_uploaded_file_is_a_document(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=tieu-de")
    press(page, "n")
    page.get_by_role("button", name="Đính kèm tệp").click()
    page.locator("input[type=file]").set_input_files({"name": "anh.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.get_by_text("Tệp đính kèm: anh.png")).to_be_visible()
    assert (office.home / "attachments" / hashlib.sha256(PNG).hexdigest()).read_bytes() == PNG
    expect(page.get_by_role("button", name="Sai Shortcut 3")).to_be_enabled()


def test_a_note_an_agency_and_a_colleague_are_written_down(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=bai-rac")
    page.get_by_label("Ghi chú").fill("Đã gọi cho xã, hẹn trả lời chiều nay.")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".kt-line").first).to_contain_text("Đã gọi cho xã")
    choose(page, "Chuyển cơ quan nào", page.get_by_role("option", name="Sở Nông nghiệp và Môi trường"))
    expect(page.locator(".kt-head")).to_contain_text("Cơ quan phụ trách: Sở Nông nghiệp và Môi trường")
    choose(page, "Giao cho", page.get_by_role("option", name="Trần Minh"))
    expect(page.locator(".kt-line").first).to_contain_text("giao cho Trần Minh")


def test_stories_are_split_and_joined(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/vu-viec?story=di-doi")
    page.get_by_text("Địa bàn, chủ đề, nhập và tách vụ việc").click()
    choose(page, "Tách một bài ra vụ việc riêng", page.get_by_role("option").last)
    expect(page.locator(".kt-article")).to_have_count(1)
    settled(page)
    page.get_by_label("Mã vụ việc nhận").fill("vv-2026-0001")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nhập vào: Lan truyền tin")).to_be_visible()
    page.get_by_role("button", name="Nhập vào vụ việc").click()
    expect(page.locator(".kt-head")).to_contain_text("Lan truyền tin “vỡ đập”")
    expect(page.locator(".kt-article")).to_have_count(5)


def test_an_unknown_story_and_one_that_may_not_be_seen_read_the_same(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/vu-viec?story=khong-co")
    expect(page.locator(".kt-empty")).to_have_text("Không có vụ việc này, hoặc vai trò của anh/chị chưa được xem.")


def test_an_administrator_sees_no_story(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, name="quantri", path="/vu-viec?story=dap")
    expect(page.locator(".kt-empty")).to_have_text("Vai trò của anh/chị không xem trang này.")
    expect(page.locator(".kt-article")).to_have_count(0)


def test_escape_leads_back_to_the_same_queue(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify")
    press(page, "j", "m")
    expect(page.locator(".kt-article").first).to_be_visible()
    expect(page.get_by_text("2/34")).to_be_visible()
    press(page, "j")
    expect(page.locator(".kt-head")).to_contain_text("lễ hội Suối Vàng")
    press(page, "Escape")
    expect(page.locator(".kt-row.chosen")).to_contain_text("lễ hội Suối Vàng")
    assert page.url == f"{shown.url}/?muc=verify"


def test_a_phone_opens_a_story_in_one_column(phone: BrowserContext, shown: Served) -> None:
    page = sign_in(phone, shown, path="/?muc=answer")
    page.get_by_role("button", name="Chọn vụ việc 1").click()
    expect(page.locator(".kt-article")).to_contain_text("bãi rác")
    signs, text = page.locator(".kt-why").first.bounding_box(), page.locator(".kt-article").first.bounding_box()
    assert signs is not None
    assert text is not None
    assert signs["y"] < text["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_archive_away_is_said_and_the_queue_still_works(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    (office.home / invented.AWAY).touch()
    press(page, "j")
    expect(page.locator(".st-key-pane")).to_contain_text("Kho bài viết tạm chưa mở được")
    expect(page.locator(".kt-row")).to_have_count(25)
    press(page, "x")
    expect(page.locator(".st-key-said")).to_contain_text("Đã xác nhận dấu hiệu")
    press(page, "m")
    expect(page.locator(".kt-warning")).to_contain_text("chưa hiện được các bài")
    press(page, "n")
    expect(page.locator(".kt-steps").first).to_contain_text("● Đang xác minh")
    expect(page.locator(".kt-quote mark").first).to_be_visible()
    page.get_by_label("Lý do, một câu").fill("Hai nguồn nói khác nhau, chưa có văn bản nào.")
    page.get_by_role("button", name="Chưa đủ căn cứ").click()
    expect(page.locator(".st-key-said")).to_contain_text("Đã ghi kết luận")
    expect(page.locator(".kt-steps").first).to_contain_text("● Kết luận")
