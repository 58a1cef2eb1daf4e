"""The application as a whole, without a browser: who sees what, what a button does, what is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import app, session
from dashboard.office import Office, Opened
from desk.accounts import IDLE, may
from desk.daily import Edition
from desk.editions import file_name
from index.account import Officer, Role
from index.casebook_queue import Tab
from index.clock import local
from index.elastic_state import Colour, State
from index.model import OfficerName, Track
from index.outbox_file import Waiting
from tests.browser import invented

SignIn = Callable[..., AppTest]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled")
    invented.fill(home, datetime.now(UTC))
    return home


@pytest.fixture
def office(filled: Path, tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    shutil.copytree(filled, home)
    desk, archive = invented.open_desk(home)
    opened = Office(
        name=invented.PROVINCE_NAME, places=invented.PLACES, collectors=("feed",), desk=desk, archive=archive
    )
    Opened.office = opened
    st.cache_data.clear()
    yield opened
    del Opened.office


@pytest.fixture
def sign_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """The application as somebody signed in sees it; a cookie is all that a browser would add."""

    def enter(name: str, **query: str) -> AppTest:
        token = office.desk.accounts.sign_in(name, invented.PASSWORD, at=datetime.now(UTC))
        monkeypatch.setattr(session, "token", lambda: token)
        screen = AppTest.from_file(app.__file__, default_timeout=30)
        for key, value in query.items():
            screen.query_params[key] = value
        return screen.run()

    return enter


def html(screen: AppTest) -> str:
    """All that was drawn as HTML, without the style sheet."""
    drawn = (str(element.proto.body) for element in screen.get("html"))
    return "\n".join(body for body in drawn if not body.startswith("<style>"))


def labels(screen: AppTest) -> list[str]:
    return [button.label for button in screen.button]


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def test_without_a_sign_in_there_is_a_way_in_and_nothing_else(office: Office) -> None:
    screen = AppTest.from_file(app.__file__, default_timeout=30).run()
    assert labels(screen) == []
    assert "/vao?back=%2F" in html(screen)
    assert "kt-row" not in html(screen)


def test_an_ended_sign_in_says_so_and_shows_nothing(
    office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = sign_in("ha", muc="verify")
    monkeypatch.setattr(session, "now", lambda: datetime.now(UTC) + IDLE + timedelta(minutes=1))
    screen.run()
    assert "Phiên đã hết sau 30 phút" in html(screen)
    assert "/vao?back=%2F%3Fmuc%3Dverify" in html(screen)
    assert "kt-row" not in html(screen)


def test_a_monitor_decides_and_a_leader_reads(sign_in: SignIn) -> None:
    assert {"Xác nhận", "Bỏ", "Nhận việc", "Chuyển", "Mở vụ việc"} <= set(labels(sign_in("ha", muc="verify")))
    leader = labels(sign_in("lanhdao", muc="verify"))
    assert "Mở vụ việc" in leader
    assert not {"Xác nhận", "Bỏ", "Nhận việc", "Chuyển", "Thêm +"} & set(leader)


def test_a_decision_is_told_and_can_be_taken_back(office: Office, sign_in: SignIn) -> None:
    screen = press(sign_in("ha", muc="verify"), "Xác nhận")
    assert "Đã xác nhận dấu hiệu của" in html(screen)
    assert "Của tôi 1" in labels(screen)
    screen = press(screen, "Hoàn tác")
    assert "Đã hoàn tác" in html(screen)
    assert "Của tôi 0" in labels(screen)


def test_a_refusal_names_who_was_faster(office: Office, sign_in: SignIn) -> None:
    screen = sign_in("ha", muc="verify")
    now = datetime.now(UTC)
    minh = office.desk.accounts.officer(office.desk.accounts.sign_in("minh", invented.PASSWORD, at=now), at=now)
    case = office.desk.triage.queue(minh, Tab.VERIFY).items[0].case
    office.desk.triage.take(case.id, Track.VERIFY, by=minh, at=now, revision=case.revision)
    assert "Trần Minh vừa sửa vụ này lúc" in html(press(screen, "Xác nhận"))


def test_a_sign_in_that_ends_between_two_keys_decides_nothing(
    office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = sign_in("ha", muc="verify")
    monkeypatch.setattr(session, "token", lambda: None)
    press(screen, "Xác nhận")
    now = datetime.now(UTC)
    ha = office.desk.accounts.officer(office.desk.accounts.sign_in("ha", invented.PASSWORD, at=now), at=now)
    assert office.desk.triage.counts(ha)[Tab.MINE] == 0


@pytest.mark.parametrize("role", Role)
def test_a_menu_offers_nothing_that_its_role_may_not_see(role: Role) -> None:
    officer = Officer(name=OfficerName("ha"), display_name="Hà", roles=frozenset({role}))
    assert all(may(officer, view.NEEDS) for view in app._MENUS[role])


def test_an_administrator_is_led_to_the_sources(sign_in: SignIn) -> None:
    screen = sign_in("quantri")
    assert "8 nguồn: 4 hoạt động · 1 im lặng bất thường · 1 không truy cập được" in html(screen)
    assert "Tắt" in labels(screen)


WELL = State(colour=Colour.GREEN, nodes=3, closed=(), fullest=0.4, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (replace(WELL, colour=Colour.RED), "ở trạng thái đỏ"),
        (replace(WELL, closed=("kiemtin-articles-v1",)), "đang chỉ cho đọc"),
        (replace(WELL, fullest=0.93), "Ổ đĩa của máy chủ Elasticsearch gần đầy"),
    ],
)
def test_what_ails_the_archives_server_is_told_above_the_sources(
    office: Office, sign_in: SignIn, server: State, said: str
) -> None:
    Opened.office = replace(office, archive_server=lambda: server)
    assert said in html(sign_in("quantri"))


def test_what_waits_for_the_archive_is_told_above_the_sources_as_no_fault_of_theirs(
    office: Office, tmp_path: Path, sign_in: SignIn
) -> None:
    since = datetime.now(UTC) - timedelta(minutes=5)
    Opened.office = replace(office, outbox=lambda: Waiting(articles=1_200, others=40, since=since))
    assert "1200 lượt bài thu từ" in html(sign_in("quantri"))
    (tmp_path / "home" / invented.AWAY).touch()
    st.cache_data.clear()
    drawn = html(sign_in("quantri"))
    assert "Kho bài viết tạm chưa mở được" in drawn
    assert "không phải lỗi của nguồn" in drawn


def test_a_leader_begins_with_the_daily_page_and_is_told_where_there_is_none(sign_in: SignIn) -> None:
    assert "Chưa có bản tin ngày" in html(sign_in("lanhdao"))


def test_where_todays_page_is_not_made_the_newest_is_one_tap_away(office: Office, sign_in: SignIn) -> None:
    now = datetime.now(UTC)
    yesterday = local(now).date() - timedelta(days=1)
    office.desk.summaries.make(yesterday, Edition.MORNING, now=now)
    screen = sign_in("lanhdao")
    screen = press(screen, f"Bản mới nhất: {yesterday:%d/%m}, bản sáng ›")
    assert f"ĐIỂM BÁO NGÀY {yesterday:%d/%m/%Y}" in html(screen)


def test_a_damaged_page_of_the_afternoon_does_not_take_that_of_the_morning_along(
    office: Office, tmp_path: Path, sign_in: SignIn
) -> None:
    now = datetime.now(UTC)
    today = local(now).date()
    for edition in Edition:
        office.desk.summaries.make(today, edition, now=now)
    (tmp_path / "home" / "reports" / file_name(today, Edition.AFTERNOON, "json")).write_bytes(b"{")
    screen = sign_in("lanhdao")
    assert f"ĐIỂM BÁO NGÀY {today:%d/%m/%Y}" in html(screen)
    assert f"{today:%d/%m}, bản 16:30" in labels(screen)


def test_the_address_chooses_the_tab_and_nonsense_in_it_chooses_none(sign_in: SignIn) -> None:
    assert "bãi rác" in html(sign_in("ha", muc="answer"))
    assert "kt-row urgent chosen" in html(sign_in("ha", muc="<script>", trang="-7", kenh="?"))


def test_the_criticism_tab_shows_who_answers_and_no_sign_of_accuracy(sign_in: SignIn) -> None:
    row = next(line for line in html(sign_in("ha", muc="answer")).splitlines() if "kt-row" in line)
    assert "Chưa chuyển cơ quan nào" in row
    assert "kt-sign" not in row


def test_no_percentage_and_no_score_stand_in_the_queue(sign_in: SignIn) -> None:
    drawn = html(sign_in("ha", muc="verify"))
    assert "%" not in drawn
    assert "0.7" not in drawn
