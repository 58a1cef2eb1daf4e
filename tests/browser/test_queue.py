"""The queue from the keyboard: what is shown, what a key does, what two officers see of each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from index.case import TrackState
from index.casebook_queue import Tab
from index.model import Track
from tests.browser import invented
from tests.browser.conftest import Served, press, settled, sign_in

pytestmark = pytest.mark.service

DAM = "Lan truyền tin “vỡ đập” ở xã Thượng Khê sau mưa lớn"
HOMES = "Hai báo nêu khác nhau số hộ phải di dời ở xã Núi Đôi"


def chosen(page: Page) -> Locator:
    return page.locator(".kt-row.chosen .kt-title")


def test_the_most_urgent_story_stands_first_with_its_quote(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify")
    row = page.locator(".kt-row").first
    expect(row.locator(".kt-meta")).to_contain_text("Khẩn · Thượng Khê · 4 báo, 1 đăng lại")
    expect(row.locator(".kt-title")).to_have_text(DAM)
    expect(row.locator("mark")).to_have_text("đập Thượng Khê đã vỡ, nước về trong đêm")
    expect(row.locator(".kt-foot")).to_contain_text("Dấu hiệu chưa kiểm chứng")
    expect(page.locator(".kt-row")).to_have_count(25)
    expect(page.locator(".st-key-pager")).to_contain_text("1–25 / 34")


def test_the_pane_gives_the_reason_and_the_confidence_in_words(desktop: BrowserContext, shown: Served) -> None:
    pane = sign_in(desktop, shown, path="/?muc=verify").locator(".st-key-pane")
    expect(pane).to_contain_text("bài tự nói chưa được xác nhận (“Chưa có cơ quan nào xác nhận”)")
    expect(pane).to_contain_text("Độ chắc: vừa")
    expect(pane).to_contain_text("không hộ nào phải di dời")
    expect(pane).to_contain_text("Vì sao xếp Khẩn: tính mạng × 4 báo")
    assert "%" not in pane.inner_text()


def test_j_and_k_move_and_the_chosen_line_stays_in_sight(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify")
    press(page, "j")
    expect(chosen(page)).to_have_text(HOMES)
    press(page, "K")
    expect(chosen(page)).to_have_text(DAM)
    press(page, *"jjjjjjjj")
    expect(page.locator(".kt-row.chosen")).to_be_in_viewport()


def test_keys_are_silent_while_typing(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify")
    page.get_by_test_id("stPopover").filter(has_text="Lọc").get_by_role("button").click()
    field = page.get_by_label("Từ trong tiêu đề")
    field.press_sequentially("bjxn")
    expect(chosen(page)).to_have_text(DAM)
    expect(page.locator(".kt-row")).to_have_count(25)


def test_a_filter_stands_in_the_address(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=verify&tim=le+hoi")
    expect(page.locator(".kt-row")).to_have_count(1)
    expect(chosen(page)).to_contain_text("lễ hội Suối Vàng")


def test_x_confirms_takes_and_goes_on(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    press(page, "x")
    expect(page.locator(".st-key-said")).to_contain_text(f"Đã xác nhận dấu hiệu của “{DAM}”")
    expect(chosen(page)).to_have_text(HOMES)
    expect(page.get_by_role("button", name="Của tôi 1")).to_be_visible()
    page.get_by_role("button", name="Của tôi 1").click()
    expect(page.locator(".kt-row")).to_have_count(1)
    expect(page.locator(".kt-row")).to_contain_text("Cần kiểm chứng: Đang xác minh")


def test_b_asks_one_reason_and_u_takes_it_back(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    press(page, "b", "4")
    expect(page.locator(".st-key-said")).to_contain_text("(Trích đúng)")
    expect(chosen(page)).to_have_text(HOMES)
    press(page, "u")
    expect(page.locator(".st-key-said")).to_contain_text("Đã hoàn tác")
    expect(chosen(page)).to_have_text(DAM)


def test_p_proposes_the_agency_and_the_case_stays(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=answer")
    press(page, "p")
    expect(page.get_by_role("button", name="Sở Nông nghiệp và Môi trường")).to_be_visible()
    press(page, "1")
    expect(page.locator(".kt-row .kt-label")).to_have_text("Sở Nông nghiệp và Môi trường")


def test_a_place_is_one_key(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=places")
    expect(page.get_by_role("button", name="Suối Vàng")).to_be_visible()
    press(page, "1")
    expect(page.locator(".st-key-said")).to_contain_text("Đã ghi: việc xảy ra ở Núi Đôi.")
    expect(page.locator(".kt-row")).to_have_count(0)
    expect(page.get_by_role("button", name="Cần thông tin 4")).to_be_visible()


def test_many_are_taken_at_once(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    press(page, "s", "j", "s")
    expect(page.locator(".st-key-pane")).to_contain_text("Đã chọn 2")
    press(page, "n")
    expect(page.locator(".st-key-said")).to_contain_text("Đã làm xong 2 vụ.")
    expect(page.get_by_role("button", name="Của tôi 2")).to_be_visible()


def test_somebody_who_was_faster_is_named_and_nothing_is_overwritten(desktop: BrowserContext, office: Served) -> None:
    page = sign_in(desktop, office, path="/?muc=verify")
    desk, _ = invented.open_desk(office.home)
    now = datetime.now(UTC)
    minh = desk.accounts.officer(desk.accounts.sign_in("minh", invented.PASSWORD, at=now), at=now)
    item = desk.triage.queue(minh, Tab.VERIFY).items[0]
    desk.triage.take(item.case.id, Track.VERIFY, by=minh, at=now, revision=item.case.revision)
    press(page, "x")
    expect(page.locator(".st-key-said")).to_contain_text("Trần Minh vừa sửa vụ này lúc")
    expect(chosen(page)).to_have_text(HOMES)
    case = desk.stories.case(item.case.id, by=minh)
    assert (case.owner, case.tracks[Track.VERIFY].state) == ("minh", TrackState.VERIFYING)


def test_new_stories_wait_to_be_asked_for(desktop: BrowserContext, office: Served) -> None:
    desktop.clock.install()
    page = sign_in(desktop, office, path="/?muc=verify")
    invented.add(office.home, invented.LATE, datetime.now(UTC))
    page.clock.run_for(31_000)
    expect(page.get_by_role("button", name="1 vụ mới. Tải lại")).to_be_visible()
    expect(page.locator(".st-key-pager")).to_contain_text("/ 34")
    page.get_by_role("button", name="1 vụ mới. Tải lại").click()
    expect(page.locator(".st-key-pager")).to_contain_text("/ 35")


def test_a_leader_reads_and_has_nothing_to_decide_with(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, name="lanhdao", path="/?muc=verify")
    expect(page.get_by_role("button", name="Mở vụ việc")).to_be_visible()
    expect(page.get_by_role("button", name="Xác nhận")).to_have_count(0)
    for key in "xnb":
        page.keyboard.press(key)
    settled(page)
    expect(page.locator(".st-key-said")).to_have_count(0)


def test_an_empty_tab_says_whether_it_is_good_news(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown, path="/?muc=mine")
    expect(page.locator(".kt-empty")).to_contain_text("1 nguồn không truy cập được từ")


def test_a_phone_gets_rows_only(phone: BrowserContext, shown: Served) -> None:
    page = sign_in(phone, shown, path="/?muc=verify")
    expect(page.locator(".kt-row").first).to_be_visible()
    expect(page.locator(".st-key-pane")).to_have_count(0)
    expect(page.locator("kbd")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
