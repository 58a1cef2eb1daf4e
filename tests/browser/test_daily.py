"""The daily page as a leader reads it and as officers mend it before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from desk.daily import Daily, Edition, NewsGroup, Section
from desk.desk import Desk
from desk.editions import LONGEST_TITLE
from index.account import Officer
from index.model import OfficerName, StoryId
from tests.browser import invented, invented_day
from tests.browser.conftest import Served, choose, looking, serving, settled, sign_in, tap
from tests.browser.test_hostile import hostile, untouched
from tests.hostile import HOSTILE

pytestmark = pytest.mark.service

NOW = datetime.now(UTC)
DAY = invented_day.day(NOW)
PAGE = f"/diem-bao?ngay={DAY}"
HEADINGS = ("I. VIỆC", "II. TỔNG", "III. TIN", "IV. VẤN ĐỀ", "V. THÔNG TIN", "VI. BÁO CHÍ", "VII. KẾT QUẢ")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    invented_day.fill(home, NOW)
    return home


@pytest.fixture(scope="session")
def read(made: Path) -> Iterator[Served]:
    """One office for all tests that only read."""
    with serving(made) as url:
        yield Served(home=made, url=url)


@pytest.fixture
def mended(made: Path, tmp_path: Path) -> Iterator[Served]:
    home = tmp_path / "home"
    shutil.copytree(made, home)
    with serving(home) as url:
        yield Served(home=home, url=url)


def desk(office: Served) -> Desk:
    return invented.open_desk(office.home)[0]


def kept(office: Served) -> Daily:
    page = desk(office).summaries.page(DAY, Edition.MORNING, by=invented_day.HA)
    assert page is not None
    return page


def line(page: Page, story: str) -> Locator:
    return page.locator(f".st-key-row-line-{story} .kt-item")


def edit(page: Page, story: str) -> Locator:
    page.locator(f".st-key-tools-{story}").get_by_role("button", name="Sửa").click()
    panel = page.locator(f".st-key-panel-{story}")
    expect(panel.get_by_label("Tiêu đề")).to_be_visible()
    return panel


def press(panel: Locator, name: str) -> None:
    tap(panel.page, panel.get_by_role("button", name=name, exact=True))


def told(page: Page) -> Locator:
    return page.locator(".st-key-said")


# --- read -----------------------------------------------------------------------------------------------------------


def test_a_leader_begins_with_the_page_of_the_day(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao")
    expect(page).to_have_url(re.compile(r"/diem-bao$"))
    menu = page.get_by_test_id("stTopNavLink")
    expect(menu.first).to_have_text("Điểm báo")
    expect(menu.filter(has_text="Hàng chờ")).to_have_count(0)


def test_sections_stand_in_their_order_and_empty_ones_say_so(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    expect(page.locator(".kt-section", has_text=HEADINGS[-1])).to_be_visible()
    headings = page.locator(".kt-section").all_inner_texts()
    assert [text for text in headings if text] == [
        next(text for text in headings if text.startswith(heading)) for heading in HEADINGS
    ]
    day = kept(read)
    empty = [one for one in Section if one is not Section.NEWS and not day.lines[one] and not day.in_direct(one)]
    groups = {one.group for one in day.lines[Section.NEWS]}
    expect(page.locator(".kt-group")).to_have_count(len(NewsGroup))
    expect(page.locator(".kt-none")).to_have_count(len(empty) + len(set(NewsGroup) - groups))
    expect(page.locator(".kt-masthead")).to_contain_text(f"ĐIỂM BÁO NGÀY {DAY:%d/%m/%Y}")
    expect(page.locator(".kt-masthead")).to_contain_text("7 nguồn hoạt động · 1 không truy cập được: Diễn đàn Xứ Sương")


def test_what_stands_in_section_one_is_not_missing_below(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    above = kept(read).in_direct(Section.VERIFY)
    seen = page.locator(".st-key-figures-above-verify")
    expect(seen).to_contain_text("Xem mục I:")
    expect(seen.get_by_role("button")).to_have_text([f"dòng {number}" for number in above])
    seen.get_by_role("button", name="dòng 1").click()
    expect(page.locator(".kt-headline")).to_contain_text(above[1].title)


def test_only_further_news_is_folded(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    shown = [one.story for section in Section for one in kept(read).lines[section]]
    for story in shown:
        expect(line(page, story)).to_be_visible()
    expect(page.get_by_test_id("stExpander")).to_have_count(1)
    expect(line(page, "mua-cam-7")).to_have_count(0)
    page.get_by_text("3 tin nữa").click()
    expect(line(page, "mua-cam-7")).to_be_visible()


def test_a_tap_on_a_line_opens_its_story_and_the_way_back_returns(phone: BrowserContext, read: Served) -> None:
    page = sign_in(phone, read, name="lanhdao", path=PAGE)
    line(page, "di-doi").locator(".kt-said").first.click(position={"x": 5, "y": 5}, force=True)
    expect(page.locator(".kt-headline")).to_contain_text("số hộ phải di dời")
    page.get_by_role("button", name="‹ Điểm báo").click()
    expect(page.locator(".kt-masthead")).to_contain_text(f"{DAY:%d/%m/%Y}")
    expect(page).to_have_url(re.compile(f"ngay={DAY}"))


def test_the_way_to_the_original_is_not_covered_by_the_line(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    link = line(page, "di-doi").get_by_role("link")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    box = link.bounding_box()
    assert box is not None
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", at) == "A"


def test_figures_come_first_and_lead_to_what_they_count(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    counts = kept(read).counts
    share = f"{counts.issue}/{counts.originals} ({counts.issue / counts.originals:.0%})"
    page.get_by_role("button", name=f"phản ánh vấn đề {share}").click()
    expect(page).to_have_url(re.compile(rf"/tim-kiem\?.*den={DAY}&sac-thai=negative"))
    expect(page.get_by_role("button", name="Sắc thái: tiêu cực ×")).to_be_visible()


def test_the_chart_is_drawn_under_the_strict_policy_and_follows_the_theme(browser: Browser, read: Served) -> None:
    fills, heard = set(), list[str]()
    for dark in (False, True):
        with looking(browser, dark=dark) as context:
            context.on("console", lambda message: heard.append(message.text))
            page = sign_in(context, read, name="lanhdao", path=PAGE)
            bar = page.locator("svg.marks path[fill='var(--kt-neutral)']").first
            expect(bar).to_be_visible()
            fills.add(bar.evaluate("node => getComputedStyle(node).fill"))
            policy = page.request.get(f"{read.url}{PAGE}").headers["content-security-policy"]
            assert "unsafe-eval" not in policy
    assert len(fills) == 2
    assert not [text for text in heard if "Content Security Policy" in text]


def test_the_figures_of_the_chart_stand_as_text(phone: BrowserContext, read: Served) -> None:
    page = sign_in(phone, read, name="lanhdao", path=PAGE)
    expect(page.get_by_text("Nền xám là ngày số bài có thể thiếu")).to_be_visible()
    page.get_by_text("Số liệu từng ngày").click()
    expect(page.locator(".kt-days tbody tr")).to_have_count(14)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_private_name_reaches_no_reader(desktop: BrowserContext, read: Served) -> None:
    page = sign_in(desktop, read, name="lanhdao", path=PAGE)
    expect(line(page, "nuoc-sach")).to_contain_text("Một người dân, thôn Tạo, phản ánh")
    expect(page.get_by_text("Hạnh")).to_have_count(0)
    expect(page.get_by_text("cần viết lại")).to_have_count(0)


def test_a_finished_file_is_taken_and_that_is_written_down(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, name="lanhdao", path=PAGE)
    for name, beginning in (("Tải DOCX", b"PK"), ("Tải PDF", b"%PDF")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.path().read_bytes().startswith(beginning)
    with invented.casebook(mended.home) as book_of_all, book_of_all.read(invented.PROVINCE) as book:
        taken = book.audit.entries(subject=f"daily:{DAY} morning")
    assert [(entry.by, entry.action, entry.params["kind"]) for entry in taken] == [
        ("lanhdao", "page_taken", "pdf"),
        ("lanhdao", "page_taken", "docx"),
    ]


def test_a_page_that_is_being_made_says_so_and_leads_to_the_newest(desktop: BrowserContext, mended: Served) -> None:
    reports = mended.home / "reports"
    (reports / f"diem-bao-{DAY}-chieu.step").write_text("3", encoding="ascii")
    page = sign_in(desktop, mended, name="lanhdao", path=f"{PAGE}&ban=afternoon")
    expect(page.locator(".kt-empty")).to_have_text("Bản tin đang lập (bước 3/4).")
    page.get_by_role("button", name="Bản mới nhất").click()
    expect(page.locator(".kt-masthead")).to_contain_text(f"{DAY:%d/%m/%Y}")


def test_a_leader_says_a_word_on_a_case(phone: BrowserContext, mended: Served) -> None:
    page = sign_in(phone, mended, name="lanhdao", path=PAGE)
    expect(page.get_by_role("button", name="Sửa")).to_have_count(0)
    page.locator(".st-key-tools-dap").get_by_role("button", name="Cho ý kiến").click()
    page.get_by_label("Ý kiến gửi người phụ trách vụ việc").fill("Ra thông cáo trước 08:30.")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(told(page)).to_contain_text("Đã ghi ý kiến")
    case = desk(mended).stories.of_story(StoryId("dap"), by=invented_day.HA).case
    assert case is not None
    assert (case.history[-1].by, case.history[-1].note) == ("lanhdao", "Ra thông cáo trước 08:30.")


# --- mended -----------------------------------------------------------------------------------------------------------


def test_a_withheld_line_is_rewritten(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    expect(page.locator(".kt-masthead")).to_contain_text("1 dòng cần viết lại")
    expect(line(page, "nuoc-sach")).to_contain_text("cần viết lại")
    panel = edit(page, "nuoc-sach")
    panel.get_by_label("Tóm tắt").fill("Người dân thôn Tạo phản ánh trạm cấp nước ngừng chạy từ tháng 9.")
    press(panel, "Ghi lời")
    expect(told(page)).to_contain_text("Đã ghi dòng")
    expect(line(page, "nuoc-sach")).to_contain_text("Lê Thu Hà viết lại")
    expect(page.get_by_text("cần viết lại")).to_have_count(0)


def test_a_name_is_asked_about_before_it_stands(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    panel = edit(page, "nuoc-sach")
    panel.get_by_label("Tóm tắt").fill(f"Bà {invented_day.PRIVATE} phản ánh thiếu nước.")
    press(panel, "Ghi lời")
    expect(told(page)).to_contain_text(f"có thể còn nêu tên người dân: Bà {invented_day.PRIVATE}")
    expect(panel).to_contain_text("Có thể còn tên người dân")
    panel.get_by_text("Không phải tên người dân, giữ nguyên").click()
    settled(page)
    press(panel, "Ghi lời")
    expect(line(page, "nuoc-sach")).to_contain_text(invented_day.PRIVATE)


def test_what_is_known_and_proposed_stands_in_section_one(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    panel = edit(page, "dap")
    panel.get_by_label("Đã rõ", exact=True).fill("đập an toàn")
    panel.get_by_label("Chưa rõ", exact=True).fill("nguồn phát tán")
    panel.get_by_label("Đề xuất", exact=True).fill("ra thông cáo trước 08:30")
    press(panel, "Ghi đề xuất và hạn")
    shown = line(page, "dap")
    for text in ("Đã rõ: đập an toàn", "Chưa rõ: nguồn phát tán", "Đề xuất: ra thông cáo trước 08:30"):
        expect(shown).to_contain_text(text)


def test_a_line_moves_with_a_reason_and_not_without(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    panel = edit(page, "xe-tai")
    first = page.get_by_role("option", name="I. VIỆC CẦN CHỈ ĐẠO TRONG NGÀY", exact=True)
    choose(page, panel.get_by_label("Chuyển sang mục"), first)
    press(panel, "Chuyển mục")
    expect(told(page)).to_contain_text("cần nêu lý do")
    panel.get_by_label("Lý do chuyển").fill("Đường tỉnh tê liệt hai giờ")
    press(panel, "Chuyển mục")
    expect(line(page, "xe-tai")).to_contain_text("chuyển mục: Đường tỉnh tê liệt hai giờ")
    assert kept(mended).lines[Section.DIRECT][-1].story == "xe-tai"


def test_lines_are_put_in_another_order(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    before = [one.story for one in kept(mended).lines[Section.DIRECT]]
    panel = edit(page, before[1])
    press(panel, "Lên")
    expect(told(page)).to_contain_text("Đã đổi thứ tự")
    assert [one.story for one in kept(mended).lines[Section.DIRECT]] == [before[1], before[0], *before[2:]]


def test_who_was_slower_is_told_by_whom(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    panel = edit(page, "xe-tai")
    drawn = kept(mended)
    revision = next(one.revision for one in drawn.lines[Section.NEWS] if one.story == "xe-tai")
    minh = Officer(name=OfficerName("minh"), display_name="Trần Minh", roles=invented_day.HA.roles)
    desk(mended).summaries.rewrite(
        drawn, StoryId("xe-tai"), title="Xe lật", summary="", by=minh, at=datetime.now(UTC), revision=revision
    )
    panel.get_by_label("Tiêu đề").fill("Xe tải lật trên đèo")
    press(panel, "Ghi lời")
    expect(told(page)).to_contain_text("Trần Minh vừa sửa")
    expect(line(page, "xe-tai")).to_contain_text("Xe lật")


def test_the_page_is_marked_as_read_over_until_it_changes(desktop: BrowserContext, mended: Served) -> None:
    page = sign_in(desktop, mended, path=PAGE)
    expect(page.get_by_text("chưa có người xem lại")).to_be_visible()
    page.get_by_role("button", name="Đánh dấu đã xem lại").click()
    expect(page.get_by_text("Lê Thu Hà xem lại")).to_be_visible()
    panel = edit(page, "xe-tai")
    panel.get_by_label("Tiêu đề").fill("Xe tải lật trên đèo, không ai bị thương")
    press(panel, "Ghi lời")
    expect(page.get_by_text("chưa có người xem lại")).to_be_visible()


# --- attacked ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Hostile words in every article, every source's name, and every word that an officer wrote."""
    home = tmp_path_factory.mktemp("attacked-day")
    ends = invented_day.ends(NOW)
    invented.fill(home, ends, [hostile(number, text) for number, text in enumerate(HOSTILE)])
    invented.rename_sources(home, HOSTILE)
    office = Served(home=home, url="")
    summaries = desk(office).summaries
    page = summaries.make(DAY, Edition.MORNING, now=ends + invented_day.MADE)
    at = datetime.now(UTC)
    for section in Section:
        for one, text in zip(page.lines[section], (text[:LONGEST_TITLE] for text in HOSTILE), strict=False):
            summaries.note(
                page,
                one.story,
                known=text,
                unknown=text,
                proposal=text,
                due=None,
                by=invented_day.HA,
                at=at,
                revision=one.revision,
                confirmed=True,
            )
            summaries.move(
                page,
                one.story,
                Section.DIRECT,
                because=text,
                by=invented_day.HA,
                at=at,
                revision=one.revision + 1,
                confirmed=True,
            )
    with serving(home) as url:
        yield Served(home=home, url=url)


@pytest.mark.parametrize("who", ["lanhdao", "ha"])
def test_the_page_shows_hostile_text_as_text(desktop: BrowserContext, attacked: Served, who: str) -> None:
    requests: list[str] = []
    desktop.on("request", lambda request: requests.append(request.url))
    page = sign_in(desktop, attacked, name=who, path=PAGE)
    expect(page.locator("svg.marks")).to_be_visible()
    untouched(page, requests)
    page.locator("[class*=st-key-tools-] button").first.click()
    expect(page.locator("[class*=st-key-panel-] textarea").first).to_be_visible()
    untouched(page, requests)
