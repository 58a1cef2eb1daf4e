"""An article's page into title, text, byline and time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.dates import Dates
from crawlers.extract import read_article
from index.errors import Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Selectors
from tests.reading import WORDS, article_page, fixture, source

DATES = Dates(WORDS)
MOMENT = datetime(2025, 11, 22, 7, 5, tzinfo=UTC)
LONG = "Nước sông dâng cao từ rạng sáng, ba thôn ven sông bị chia cắt, người dân được đưa đến nơi an toàn. " * 4


def read(body: bytes | str, select: Selectors = Selectors(), **page: object) -> Found:  # noqa: B008
    raw = body.encode() if isinstance(body, str) else body
    return read_article(article_page(raw, **page), source(select=select), DATES)  # type: ignore[arg-type]


def html(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Lũ về</title>{head}</head>"
        f"<body><h1>Lũ về</h1>{body}<article><p>{LONG}</p></article></body></html>"
    )


def refusal(body: bytes | str, **page: object) -> str:
    with pytest.raises(Unreadable) as refused:
        read(body, **page)  # type: ignore[arg-type]
    assert refused.value.params["expected"] == "article"
    return refused.value.params["found"]


def test_a_page_that_describes_itself_is_read_as_it_says() -> None:
    found = read(fixture("pages/json-ld.html"))
    assert found.title == "Cầu treo Bản Nà thông xe sau bốn tháng sửa chữa"
    assert (found.published, found.published_from) == (MOMENT, PublishedFrom.PAGE)
    assert found.byline == "Mai Anh, Văn Hùng"
    assert found.extent is Extent.PAGE
    lines = found.text.splitlines()
    assert lines[0].startswith("Sáng 22/11, cầu treo nối Bản Nà"), "the standfirst stands outside the body"
    assert lines[-1].startswith("Trong tháng 12, xã sẽ kiểm tra"), "who signed is the byline, not text"
    assert len(lines) == 5
    for boilerplate in ("Chia sẻ", "Tin liên quan", "Trang chủ", "Giấy phép", "23/11/2025"):
        assert boilerplate not in found.text


def test_a_portal_page_that_says_nothing_for_machines_is_read_as_its_readers_do() -> None:
    found = read(fixture("pages/portal.html"))
    assert found.title == "Thông báo lịch tiếp công dân tháng 12"
    assert (found.published, found.published_from) == (datetime(2025, 11, 21, 10, tzinfo=UTC), PublishedFrom.PAGE)
    assert found.byline is None
    assert found.text.startswith("Ủy ban nhân dân xã thông báo lịch tiếp công dân")
    assert found.text.endswith("trước ngày 28/11/2025.")


def test_what_an_outlet_declares_goes_before_what_its_pages_say() -> None:
    body = html(
        "<div class='t'>Tiêu đề thật</div><div class='b'><p>Thân bài thật.</p><script>x()</script></div>"
        "<p class='w'>22/11/2025 14:05</p><p class='a'>Mai Anh</p>",
        "<meta property='article:published_time' content='2020-01-01T00:00:00Z'>",
    )
    found = read(body, Selectors(title=".t", body=".b", published=".w", byline=".a"))
    assert found == Found(
        url="https://songlo.example/bai-100001.html",
        title="Tiêu đề thật",
        text="Thân bài thật.",
        published=MOMENT,
        published_from=PublishedFrom.PAGE,
        byline="Mai Anh",
    )


def test_a_selector_that_is_no_css_is_named() -> None:
    with pytest.raises(Unreadable) as refused:
        read(html(""), Selectors(body="div["))
    assert refused.value.params == {"expected": "css", "found": "div["}


def test_a_selector_that_no_longer_fits_leaves_its_part_to_the_generic_reading() -> None:
    found = read(html(""), Selectors(title=".gone", body=".gone", published=".gone", byline=".gone"))
    assert found.title == "Lũ về"
    assert found.text == LONG.strip()


# --- times: the most trusted there is, and where it came from


CARRY = Found(
    url="https://songlo.example/bai-100001.html",
    title="Từ nguồn tin",
    text="",
    published=datetime(2025, 11, 22, 1, tzinfo=UTC),
    published_from=PublishedFrom.FEED,
    byline="Đức Long",
    extent=Extent.FEED,
)
META = "<meta property='article:published_time' content='2025-11-22T14:05:00+07:00'>"
SHOWN = "<div class='date'>Thứ bảy, 22/11/2025, 14:05 (GMT+7)</div>"


def test_a_time_for_machines_goes_before_the_feeds() -> None:
    found = read(html("", META), carry=CARRY)
    assert (found.published, found.published_from) == (MOMENT, PublishedFrom.PAGE)
    found = read(html("<time datetime='2025-11-22 14:05'>hôm qua</time>"), carry=CARRY)
    assert found.published == MOMENT


def test_the_feeds_time_goes_before_a_line_for_readers() -> None:
    found = read(html(SHOWN), carry=CARRY)
    assert (found.published, found.published_from) == (CARRY.published, PublishedFrom.FEED)
    assert (read(html(SHOWN)).published, read(html(SHOWN)).published_from) == (MOMENT, PublishedFrom.PAGE)


def test_the_day_in_an_address_is_better_than_none() -> None:
    found = read(html(""), url="https://songlo.example/2025/11/22/lu-ve.html")
    assert (found.published, found.published_from) == (datetime(2025, 11, 21, 17, tzinfo=UTC), PublishedFrom.URL)


def test_a_page_without_a_time_is_undated() -> None:
    found = read(html("<p class='date'>2 giờ trước</p>"))
    assert (found.published, found.published_from) == (None, PublishedFrom.NONE)


def test_a_time_that_cannot_be_is_passed_over() -> None:
    found = read(html(SHOWN, "<meta name='pubdate' content='1970-01-01T00:00:00Z'>"))
    assert found.published == MOMENT


def test_the_days_date_over_a_page_is_not_the_articles() -> None:
    today = "<header><div class='date'>Chủ nhật, 23/11/2025 08:00</div></header>"
    assert read(html("").replace("<body>", f"<body>{today}")).published is None
    crumbs = "<div class='time'>23/11/2025</div><div class='bread-time'>22/11/2025 14:05</div>"
    assert read(html("").replace("<body>", f"<body>{crumbs}")).published == MOMENT, "the line next to the heading"
    assert read(html(SHOWN).replace("<body>", f"<body>{crumbs}")).published == MOMENT


def test_prose_that_mentions_a_day_is_no_date_line() -> None:
    assert read(html(f"<div class='updates'>Ngày 20/11/2025 {LONG}</div>")).published is None


# --- bylines


@pytest.mark.parametrize(
    ("body", "head", "byline"),
    [
        ("<p class='author'>Hà Thu</p>", "", "Hà Thu"),
        ("", "<meta name='author' content='Lê Minh'>", "Lê Minh"),
        ("", "<meta property='og:site_name' content='Báo Sông Lô'><meta name='author' content='Báo Sông Lô'>", None),
        ("", "<meta name='author' content='https://facebook.com/songlo'>", None),
        ("", "<meta name='author' content='admin'>", None),
        ("", "<meta name='author' content='SONG LO ONLINE'>", None),
        ("<p class='author'>Xem thêm bài của tác giả này tại đây</p>", "", None),
    ],
)
def test_a_byline_names_people(body: str, head: str, byline: str | None) -> None:
    assert read(html(body, head)).byline == byline


def test_a_signature_under_the_text_is_the_byline() -> None:
    signed = html("").replace("</article>", "<p>Hà Thu (tổng hợp)</p></article>")
    found = read(signed)
    assert found.byline == "Hà Thu"
    assert found.text == LONG.strip()


def test_the_feeds_byline_is_kept_where_the_page_names_nobody() -> None:
    assert read(html(""), carry=CARRY).byline == "Đức Long"


# --- what is not an article


def test_what_came_instead_of_an_article_is_named() -> None:
    assert refusal(fixture("pages/login.html")) == "login"
    assert refusal(b"%PDF-1.7 ...", content_type="text/html") == "pdf"
    assert refusal(b"") == "empty"
    assert refusal(b"\x89PNG....") == "image"
    assert refusal('{"a": 1}', content_type="application/json") == "application/json"
    assert refusal("<html><body><h1>Lũ về</h1></body></html>") == "no_text"
    assert refusal(f"<html><body><p>{LONG}</p></body></html>") == "no_title"
    assert refusal(html(""), ended_at="https://songlo.example/") == "front_page"


def test_a_page_that_says_less_than_the_feed_hides_its_text() -> None:
    whole = replace(CARRY, text=LONG * 2)
    assert refusal(html(""), carry=whole) == "less_than_announced"


def test_an_article_keeps_the_address_that_was_announced() -> None:
    found = read(
        html(""), url="https://songlo.example/r/1?utm_source=x", ended_at="https://www.songlo.example/lu-ve.html"
    )
    assert found.url == "https://songlo.example/r/1"


# --- encodings and hostile pages


def test_pages_are_read_in_the_encoding_they_are_in() -> None:
    latin = html("").replace("utf-8", "windows-1258")
    apart = latin.replace("Lũ về", "Lu\u0303 vê\u0300").replace(LONG, "Lu\u0303 vê\u0300 trong đêm. " * 20)
    assert read(apart.encode("cp1258"), content_type="text/html").title == "Lũ về"
    assert read(html("").replace("utf-8", "iso-8859-1"), content_type="text/html; charset=iso-8859-1").title == "Lũ về"
    assert read(html("").encode() + b"\xff\xfe").title == "Lũ về"
    assert read(html("").encode("utf-16"), content_type="text/html").title == "Lũ về"


@pytest.mark.parametrize("encoding", ["UTF-8", "iso-8859-1"])
def test_a_page_that_opens_as_xml_is_read(encoding: str) -> None:
    found = read(f'<?xml version="1.0" encoding="{encoding}"?>\n' + html(""))
    assert (found.title, found.text) == ("Lũ về", LONG.strip())


def test_what_no_xml_may_hold_is_a_space_and_nul_is_nothing() -> None:
    for character in "\x01\x08\x0b\x1f\x7f\ufffe\uffff":
        found = read(html("").replace("Lũ về", f"Lũ{character}về").replace("ba thôn", f"b\x00a{character}thôn"))
        assert (found.title, found.text) == ("Lũ về", LONG.strip())


def test_invisible_and_turning_characters_are_taken_out() -> None:
    found = read(html("").replace("Lũ về", "Lũ\u200b về\u202e").replace("ba thôn", "ba\u00ad thôn"))
    assert found.title == "Lũ về"
    assert "ba thôn" in found.text


def test_a_script_in_a_heading_is_not_text_of_it() -> None:
    assert read(html("").replace("<h1>Lũ về", "<h1>Lũ<script>alert(1)</script> về")).title == "Lũ về"
    assert read(html("").replace("Lũ về", "&lt;script&gt;x&lt;/script&gt;")).title == "<script>x</script>"


def test_a_page_nested_without_end_is_read_or_refused() -> None:
    deep = "<div>" * 100_000 + "x" + "</div>" * 100_000
    assert refusal(f"<html><body>{deep}</body></html>") in ("no_title", "no_text")


def test_broken_descriptions_for_machines_are_passed_over() -> None:
    broken = "<script type='application/ld+json'>{" + "[" * 5_000 + "</script>"
    wrong = '<script type=\'application/ld+json\'>[{"@type": [1], "headline": {}, "author": 7}, null, 3]</script>'
    assert read(html(SHOWN, broken + wrong)).published == MOMENT


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, 3_000), noise=st.text("<>/\"'&;= scriptdivh1\x00{}[]", max_size=40))
def test_no_page_breaks_its_reading(at: int, noise: str) -> None:
    body = fixture("pages/json-ld.html")
    try:
        found = read(body[:at] + noise.encode() + body[at:])
    except Unreadable:
        return
    assert found.title
    assert found.text


# --- saved pages of real papers: facts about each, none of their sentences


PAPERS = {
    # published, byline, lines of text, words that stand around the article and not in it
    "dantri": (datetime(2026, 3, 7, 1, 7, 18, tzinfo=UTC), "Tri Túc", 13),
    "tuoitre": (datetime(2026, 3, 7, 1, 1, 0, tzinfo=UTC), "NHẬT XUÂN, NGHI VŨ", 27),
    "vietnamnet": (datetime(2026, 3, 7, 1, 52, 11, tzinfo=UTC), "Duy Anh", 9),
    "vnexpress": (datetime(2026, 3, 6, 17, 5, 0, tzinfo=UTC), "Hà Thu", 29),
}
AROUND = ("Chia sẻ", "Bình luận", "Tin liên quan", "Đọc tiếp", "Facebook", "Quảng cáo", "Xem thêm", "Copy link")


@pytest.mark.shared
@pytest.mark.parametrize("paper", PAPERS)
def test_saved_articles_of_real_papers_are_read_whole_and_clean(shared: Path, paper: str) -> None:
    published, byline, lines = PAPERS[paper]
    body = (shared / "data" / "pages" / f"{paper}_article.html").read_bytes()
    found = read(body)
    assert (found.published, found.published_from) == (published, PublishedFrom.PAGE)
    assert found.byline == byline
    assert found.title == heading(body)
    assert len(found.text.splitlines()) == lines
    assert not [word for word in AROUND if word in found.text]
    assert byline not in found.text.splitlines()


def heading(body: bytes) -> str:
    """The page's own og:title, which every one of these papers writes."""
    (tag,) = re.findall(r"<meta[^>]*og:title[^>]*>", body.decode())
    return str(re.findall(r'content="([^"]+)"', tag)[0])
