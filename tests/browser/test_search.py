"""The search page: one address, one page; what was found leads to its story and back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from desk.search import LONGEST_NAME
from tests.browser import invented
from tests.browser.conftest import Served, choose, serving, settled, sign_in, tap
from tests.browser.test_hostile import hostile, untouched
from tests.hostile import HOSTILE

pytestmark = pytest.mark.service

QUIET = invented.Told(
    id="khanh-thanh",
    articles=(
        invented.Written(
            source="bao-suong",
            hours=4.0,
            title="Khánh thành nhà văn hóa Khe Sương",
            text="Sáng nay, nhà văn hóa Khe Sương được khánh thành.",
        ),
    ),
    signs=(),
)
"""A story in which the machine saw nothing: it has no case."""


@pytest.fixture
def quiet(office: Served) -> Served:
    invented.add(office.home, QUIET, datetime.now(UTC))
    return office


def search(context: BrowserContext, served: Served, query: str, name: str = "ha") -> Page:
    return sign_in(context, served, name, f"/tim-kiem?{query}")


def asked(page: Page) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def titles(page: Page) -> list[str]:
    """Of what was found; they stand a moment later than the page."""
    expect(page.locator(".kt-hit").first).to_be_visible()
    settled(page)
    return page.locator(".kt-hit .kt-title").all_inner_texts()


def test_a_search_without_marks_finds_says_so_and_marks_the_words(desktop: BrowserContext, shown: Served) -> None:
    page = sign_in(desktop, shown)
    tap(page, page.get_by_role("link", name="Tìm kiếm"))
    page.get_by_placeholder("Từ cần tìm").fill("dap thuong khe")
    page.keyboard.press("Enter")
    expect(page.locator(".kt-caption", has_text="Chỉ khớp khi bỏ dấu")).to_be_visible()
    expect(page.locator(".kt-hit mark").first).to_have_text("Đập Thượng Khê")
    expect(page.locator(".kt-sides")).to_contain_text("4 bài · 1 vụ việc")
    assert asked(page) == {"tim": "dap thuong khe"}


def test_exact_matches_stand_first_and_say_so(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=đập Thượng Khê")
    expect(page.locator(".kt-caption", has_text="Khớp đúng như đã gõ")).to_be_visible()
    expect(page.locator(".kt-hit")).to_have_count(4)


def test_a_count_becomes_a_chip_and_the_chip_takes_it_away(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=dap")
    tap(page, page.get_by_role("button", name="Diễn đàn Xứ Sương 1"))
    expect(page.locator(".kt-hit")).to_have_count(1)
    assert asked(page) == {"tim": "dap", "nguon": "dien-dan"}
    chip = page.get_by_role("button", name="Báo: Diễn đàn Xứ Sương ×")
    expect(chip).to_be_visible()
    tap(page, chip)
    expect(page.locator(".kt-hit")).to_have_count(4)
    assert asked(page) == {"tim": "dap"}


def test_a_choice_above_narrows_too_and_forgets_what_a_chip_took_away(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=dap")
    for _ in range(2):
        page.get_by_role("button", name="Kênh", exact=True).click()
        choose(page, page.get_by_role("combobox", name="Kênh"), page.get_by_role("option", name="Diễn đàn"))
        expect(page.get_by_role("button", name="Kênh: Diễn đàn ×")).to_be_visible()
        expect(page.locator(".kt-hit")).to_have_count(1)
        page.keyboard.press("Escape")
        tap(page, page.get_by_role("button", name="Kênh: Diễn đàn ×"))
        expect(page.locator(".kt-hit")).to_have_count(4)


def test_the_address_is_the_page(desktop: BrowserContext, shown: Served) -> None:
    query = "tim=cho&dia-ban=Núi Đôi&dau-hieu=unverified&tinh-trang=new&kenh=press&thu-tu=relevance"
    page = search(desktop, shown, query)
    chips = (
        "Kênh: Báo chí ×",
        "Địa bàn: Núi Đôi ×",
        "Dấu hiệu: chưa kiểm chứng ×",
        "Tình trạng: Mới ×",
        "Bỏ hết bộ lọc",
    )
    expect(page.locator(".st-key-chips button")).to_have_text(chips)
    first = titles(page)
    page.reload()
    settled(page)
    assert titles(page) == first
    other = desktop.new_page()
    other.goto(page.url)
    expect(other.locator(".kt-hit")).to_have_count(len(first))
    assert titles(other) == first


def test_pages_are_turned_forth_and_back_and_stand_in_the_address(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=cho")
    expect(page.locator(".kt-hit")).to_have_count(20)
    first = titles(page)
    expect(page.get_by_role("button", name="‹ Trang trước")).to_have_count(0)
    tap(page, page.get_by_role("button", name="Trang sau ›"))
    expect(page.get_by_role("button", name="‹ Trang trước")).to_be_visible()
    expect(page.locator(".kt-hit").first).not_to_contain_text(first[0])
    second = titles(page)
    assert not set(first) & set(second)
    linked = desktop.new_page()
    linked.goto(page.url)
    expect(linked.get_by_role("button", name="‹ Trang đầu")).to_be_visible()
    expect(linked.locator(".kt-hit .kt-title")).to_have_text(second)
    tap(page, page.get_by_role("button", name="‹ Trang trước"))
    expect(page.locator(".kt-hit .kt-title")).to_have_text(first)


def test_a_story_leads_back_to_the_same_results(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=dap&kenh=forum")
    tap(page, page.get_by_role("button", name="Mở vụ việc của bài 1"))
    expect(page.locator(".kt-article").first).to_be_visible()
    tap(page, page.get_by_role("button", name="‹ Tìm kiếm"))
    expect(page.locator(".kt-hit")).to_have_count(1)
    assert asked(page) == {"tim": "dap", "kenh": "forum"}


def test_a_case_is_opened_for_a_story_without_one_and_waits_in_the_queue(
    desktop: BrowserContext, quiet: Served
) -> None:
    page = search(desktop, quiet, "tim=khanh thanh")
    expect(page.locator(".kt-hit")).not_to_contain_text("VV-")
    tap(page, page.get_by_role("button", name="Mở vụ việc", exact=True))
    expect(page.locator(".st-key-said")).to_contain_text(re.compile(r"Đã mở vụ việc VV-\d{4}-\d{4}"))
    expect(page.locator(".kt-hit")).to_contain_text(re.compile(r"VV-\d{4}-\d{4} \(Mới\)"))
    expect(page.get_by_role("button", name="Mở vụ việc", exact=True)).to_have_count(0)
    page.goto(f"{quiet.url}/?muc=verify&tim=khanh+thanh")
    expect(page.locator(".kt-row")).to_contain_text("Khánh thành nhà văn hóa Khe Sương")


def test_the_page_of_a_story_without_a_case_opens_one_too(desktop: BrowserContext, quiet: Served) -> None:
    page = sign_in(desktop, quiet, path="/vu-viec?story=khanh-thanh")
    tap(page, page.get_by_role("button", name="Mở vụ việc", exact=True))
    expect(page.locator(".st-key-said")).to_contain_text("Đã mở vụ việc VV-")
    expect(page.locator(".kt-steps")).to_contain_text("● Mới")


def test_a_leader_searches_and_takes_nothing_out(desktop: BrowserContext, quiet: Served) -> None:
    page = search(desktop, quiet, "tim=khanh thanh", name="lanhdao")
    expect(page.locator(".kt-hit")).to_have_count(1)
    expect(page.get_by_role("button", name="Lưu tìm kiếm")).to_be_visible()
    expect(page.get_by_role("button", name="Xuất CSV")).to_have_count(0)
    expect(page.get_by_role("button", name="Mở vụ việc", exact=True)).to_have_count(0)


def test_a_search_is_kept_opened_and_given_up(desktop: BrowserContext, office: Served) -> None:
    page = search(desktop, office, "tim=dap&kenh=forum")
    page.get_by_role("button", name="Lưu tìm kiếm").click()
    page.get_by_label("Tên của tìm kiếm đang xem").fill("Đập, diễn đàn")
    tap(page, page.get_by_role("button", name="Ghi", exact=True))
    expect(page.locator(".st-key-said")).to_contain_text("Đã lưu tìm kiếm “Đập, diễn đàn”.")
    page.goto(f"{office.url}/tim-kiem")
    settled(page)
    page.get_by_role("button", name="Lưu tìm kiếm").click()
    page.get_by_role("button", name="Đập diễn đàn").click()
    expect(page.locator(".kt-hit")).to_have_count(1)
    assert asked(page) == {"tim": "dap", "kenh": "forum"}
    expect(page.get_by_placeholder("Từ cần tìm")).to_have_value("dap")
    page.reload()
    settled(page)
    page.get_by_role("button", name="Lưu tìm kiếm").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="×").click()
    expect(page.get_by_role("button", name="Đập diễn đàn")).to_have_count(0)


def test_what_was_found_is_taken_out_as_a_file(desktop: BrowserContext, office: Served, tmp_path: Path) -> None:
    page = search(desktop, office, "tim=dap")
    expect(page.locator(".kt-hit")).to_have_count(4)
    with page.expect_download() as download:
        page.get_by_role("button", name="Xuất CSV").click()
    assert re.fullmatch(r"tim-kiem-\d{8}-\d{4}\.csv", download.value.suggested_filename)
    download.value.save_as(tmp_path / "found.csv")
    assert (tmp_path / "found.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:5] == ["Đăng lúc", "Thu thập lúc", "Báo, nguồn", "Kênh", "Tiêu đề"]
    assert len(rows) == 4
    assert {len(row) for row in rows} == {len(header)}
    assert "Diễn đàn Xứ Sương" not in {row[2] for row in rows}
    with invented.casebook(office.home) as books, books.read(invented.PROVINCE) as book:
        (entry,) = book.audit.entries(subject="export:articles")
    assert (entry.by, entry.params["text"], entry.params["count"]) == ("ha", "dap", "4")


def test_nothing_found_names_the_filter_that_hides_it(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=dap&tu=2020-01-01&den=2020-01-31")
    empty = page.locator(".kt-empty")
    expect(empty).to_contain_text("Không có bài nào. Thử bỏ bộ lọc ‘Tháng 01/2020’. Kho có bài từ ")
    tap(page, page.get_by_role("button", name="Bỏ bộ lọc này"))
    expect(page.locator(".kt-hit")).to_have_count(4)


def test_an_archive_that_is_away_is_said_to_be(desktop: BrowserContext, office: Served) -> None:
    page = search(desktop, office, "tim=dap")
    (office.home / invented.AWAY).touch()
    page.reload()
    expect(page.locator(".kt-warning")).to_contain_text("chưa tìm được. Thử lại sau ít phút")
    expect(page.get_by_placeholder("Từ cần tìm")).to_have_value("dap")


def test_a_slow_search_can_be_left_for_a_narrower_one(desktop: BrowserContext, office: Served) -> None:
    page = search(desktop, office, "tim=dap")
    (office.home / invented.SLOW).touch()
    page.reload()
    expect(page.get_by_text("Tìm lâu hơn thường lệ")).to_be_visible()
    page.get_by_role("button", name="Thu hẹp").click()
    expect(page.get_by_role("button", name=re.compile("^Từ .* ×$"))).to_be_visible()
    (office.home / invented.SLOW).unlink()
    expect(page.locator(".kt-hit")).to_have_count(4)
    assert set(asked(page)) == {"tim", "tu"}


def test_the_way_to_the_original_is_not_covered_by_the_line(desktop: BrowserContext, shown: Served) -> None:
    page = search(desktop, shown, "tim=dap")
    box = page.locator(".kt-hit a").first.bounding_box()
    assert box is not None
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", at) == "A"


def test_a_phone_narrows_in_one_place_and_never_scrolls_sideways(phone: BrowserContext, shown: Served) -> None:
    page = search(phone, shown, "tim=dap")
    expect(page.locator(".kt-hit")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("button", name="Diễn đàn Xứ Sương 1").click()
    expect(page.get_by_role("button", name="Báo: Diễn đàn Xứ Sương ×")).to_be_visible()
    expect(page.locator(".kt-hit")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# --- hostile text -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("attacked")
    told = [replace(hostile(number, text), signs=()) for number, text in enumerate(HOSTILE)]
    invented.fill(home, datetime.now(UTC), told)
    invented.rename_sources(home, HOSTILE)
    with serving(home) as url:
        yield Served(home=home, url=url)


@pytest.fixture
def requests(desktop: BrowserContext) -> list[str]:
    made: list[str] = []
    desktop.on("request", lambda request: made.append(request.url))
    return made


def test_hostile_text_is_found_marked_and_narrowed_by_as_text(
    desktop: BrowserContext, attacked: Served, requests: list[str]
) -> None:
    page = sign_in(desktop, attacked, path="/tim-kiem")
    untouched(page, requests)
    for number in range(len(HOSTILE)):
        words = page.get_by_placeholder("Từ cần tìm")
        words.fill(f"T{number}")
        words.press("Enter")
        expect(page.locator(".kt-hit mark").first).to_have_text(f"T{number}")
        expect(page.locator("[class*='st-key-facet-source-'] button").first).to_be_visible()
        untouched(page, requests)
    tap(page, page.locator("[class*='st-key-facet-source-'] button").first)
    expect(page.locator(".st-key-chips button").first).to_be_visible()
    untouched(page, requests)


def test_hostile_words_in_the_address_stay_text(desktop: BrowserContext, attacked: Served, requests: list[str]) -> None:
    page = sign_in(desktop, attacked)
    names = ("tim", "tu", "den", "nguon", "kenh", "dia-ban", "tinh-trang", "ngon-ngu", "thu-tu", "sau")
    for text in HOSTILE:
        page.goto(f"{attacked.url}/tim-kiem?{urlencode(dict.fromkeys(names, text))}")
        expect(page.locator(".st-key-chips button").first).to_be_visible()
        expect(page.locator(".kt-empty")).to_be_visible()
        untouched(page, requests)


def test_hostile_names_of_searches_stay_text(desktop: BrowserContext, attacked: Served, requests: list[str]) -> None:
    page = sign_in(desktop, attacked, path="/tim-kiem")
    name = page.get_by_label("Tên của tìm kiếm đang xem")
    for text in (text for text in HOSTILE if len(text) <= LONGEST_NAME):
        if not name.is_visible():
            page.get_by_role("button", name="Lưu tìm kiếm").click()
        name.fill(text)
        page.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.locator(".st-key-said")).to_contain_text(text[:5])
        settled(page)
    untouched(page, requests)
