"""Accounts, addresses and telephone numbers of people: not on the daily page, not in a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.naming import foreign_private_names, private_names
from desk.daily import Edition, Line
from desk.personal import Discretion, host
from index.model import Channel, FlagKind, PublishedFrom, SourceId, StoryId
from index.source import Source
from tests.office import ADMIN, PROVINCE, Office, article

DISCRETION = Discretion(names=private_names(PROVINCE), foreign_names=foreign_private_names(PROVINCE))
MORNING = datetime(2026, 11, 23, tzinfo=UTC)
ACCOUNTS = [Channel.FORUM, Channel.SOCIAL, Channel.VIDEO, Channel.PUBLIC]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def told(text: str, channel: Channel = Channel.SOCIAL) -> str:
    return DISCRETION.told(article("bai", channel=channel, title="Tin", text=text), [text])[0][0]


def line(office: Office, channel: Channel, url: str | None) -> Line:
    """What the daily page says of a post."""
    source = Source(
        id=SourceId("trang"), name="Vàng Bạc Xứ Mây", channel=channel, collector="feed", url="https://mang.example/may"
    )
    office.desk.sources.add(source, by=ADMIN, at=MORNING)
    at = MORNING - timedelta(hours=6)
    post = article(
        "bai-dang",
        source_id=source.id,
        channel=channel,
        url=url,
        title="Bạn @may.xu tố quán ăn bẩn",
        text="Xem mang.example/may.xu/1 của @may.xu: quán ăn bẩn. Gọi 0912 345 678. Nghe nói đập đã vỡ.",
        published=at,
        published_from=PublishedFrom.PAGE,
        collected=at,
    )
    office.publish("quan-an", (FlagKind.UNVERIFIED,), articles=[post])
    page = office.desk.summaries.make(date(2026, 11, 23), Edition.MORNING, now=MORNING)
    (shown,) = [one for lines in page.lines.values() for one in lines if one.story == StoryId("quan-an")]
    return shown


@pytest.mark.parametrize("channel", ACCOUNTS)
def test_the_daily_page_tells_what_an_account_says_and_names_only_its_host(office: Office, channel: Channel) -> None:
    shown = line(office, channel, "https://mang.example/may.xu/posts/1")
    assert (shown.outlet, shown.url) == ("mang.example", None)
    assert "quán ăn bẩn" in shown.title
    assert shown.withheld
    assert not [word for word in ("may.xu", "0912", "Xứ Mây") if word in f"{shown.title} {shown.summary}"]


def test_what_was_told_without_an_address_names_nobody(office: Office) -> None:
    shown = line(office, Channel.PUBLIC, None)
    assert (shown.outlet, shown.url) == ("…", None)


def test_a_paper_keeps_its_name_and_address(office: Office) -> None:
    shown = line(office, Channel.PRESS, "https://mang.example/tin-1")
    assert (shown.outlet, shown.url) == ("Vàng Bạc Xứ Mây", "https://mang.example/tin-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gọi 0912345678 nhé", "gọi … nhé"),
        ("gọi 0912.345.678.", "gọi …."),
        ("gọi 0912 345 678, 0987-654-321", "gọi …, …"),
        ("gọi +84 912 345 678", "gọi …"),
        ("viết cho ben.vang@thu.example hôm nay", "viết cho … hôm nay"),
    ],
)
@pytest.mark.parametrize("channel", [Channel.SOCIAL, Channel.PRESS])
def test_telephone_numbers_and_letter_boxes_stand_nowhere(text: str, expected: str, channel: Channel) -> None:
    assert told(text, channel) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ngày 05.10.2026 14 giờ",
        "hỗ trợ 84.500.000.000 đồng",
        "số 091/2026/QĐ-UBND",
        "nợ 1.091.234.567.890 đồng",
        "mã 20260912345678",
    ],
)
def test_other_figures_stay(text: str) -> None:
    assert told(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bài của @may.xu.", "bài của @…."),
        ("xem https://mang.example/may.xu/1 ngay", "xem mang.example/… ngay"),
        ("xem (mang.example/may.xu) ngay", "xem (mang.example/…) ngay"),
    ],
)
def test_accounts_go_from_a_post_and_stay_in_a_paper(text: str, expected: str) -> None:
    assert told(text) == expected
    assert told(text, Channel.PRESS) == text


def test_an_address_that_is_none_has_no_host() -> None:
    assert [host(one) for one in (None, "", "https://[bài", "https://Mang.example:80/a")] == [
        "",
        "",
        "",
        "mang.example",
    ]


def test_an_officer_is_told_of_names_typed_without_marks(office: Office) -> None:
    names_in = office.desk.summaries.names_in
    assert names_in("Công an bắt Nguyen Van Ben vì gây rối", "Bà Lý Thị Mẩy") == ("Nguyen Van Ben", "Bà Lý Thị Mẩy")
    assert names_in("Người Dao Đỏ ở Đồng Văn mở hội") == ()
