"""Feeds: what their entries give, and what is made of broken ones."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.collector import Ask, AskKind, Read
from crawlers.feed import MAX_ENTRIES, FeedCollector
from index.errors import Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Checkpoint, Note
from tests.reading import WORDS, fixture, list_page, source

COLLECTOR = FeedCollector(WORDS)
MOMENT = datetime(2025, 11, 22, 7, 5, tzinfo=UTC)


def rss(items: str, encoding: str = "utf-8") -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>{items}</channel></rss>'


def item(link: str = "/bai-1.html", title: str = "Cầu thông xe", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def read(body: str | bytes, **changes: object) -> list[Read]:
    page = list_page(body.encode() if isinstance(body, str) else body)
    return list(COLLECTOR.read(page, source(**changes)))


def asks(body: str | bytes) -> list[Ask]:
    return [found for found in read(body) if isinstance(found, Ask)]


def carried(body: str | bytes) -> Found:
    (ask,) = asks(body)
    assert ask.carry is not None
    return ask.carry


def kept(body: str | bytes) -> list[Found]:
    return [found for found in read(body, full_text=False) if isinstance(found, Found)]


def test_a_feed_is_asked_for_with_what_is_known_of_it() -> None:
    (ask,) = COLLECTOR.start(source(), Checkpoint(etag='"7"', last_modified="Sat, 22 Nov 2025 07:00:00 GMT"))
    assert (ask.url, ask.etag, ask.kind) == ("https://songlo.example/rss/tin-moi.rss", '"7"', AskKind.LIST)


def test_entries_are_followed_to_their_pages_with_what_the_feed_said() -> None:
    first, second = asks(fixture("feeds/song-lo.rss"))
    assert first == Ask(
        url="https://songlo.example/cau-treo-ban-na-thong-xe-100001.html",
        kind=AskKind.ARTICLE,
        changed=MOMENT,
        carry=Found(
            url="https://songlo.example/cau-treo-ban-na-thong-xe-100001.html",
            title="Cầu treo Bản Nà thông xe sau bốn tháng sửa chữa",
            text="Sáng 22/11, cầu treo nối Bản Nà với trung tâm xã được đưa vào sử dụng trở lại.",
            published=MOMENT,
            published_from=PublishedFrom.FEED,
            byline="Mai Anh",
            extent=Extent.FEED,
        ),
    )
    assert second.url == "https://songlo.example/gan-300-ho-dan-vung-cao-co-nuoc-sach-100002.html"
    assert second.carry is not None
    assert second.carry.published == datetime(2025, 11, 22, 2, 30, tzinfo=UTC), "a time without zone is Vietnam's"


def test_a_source_without_full_text_keeps_what_the_feed_says() -> None:
    first, second = read(fixture("feeds/song-lo.rss"), full_text=False)
    assert isinstance(first, Found)
    assert first.extent is Extent.FEED
    assert isinstance(second, Found)


def test_atom_is_read_with_its_base_its_markup_and_the_time_of_its_last_change() -> None:
    (ask,) = asks(fixture("feeds/nui-cam.atom"))
    assert ask.url == "https://nuicam.example/tin/mua-lon-gay-sat-lo-7.html"
    assert ask.changed == datetime(2025, 11, 22, 0, 45, tzinfo=UTC)
    assert ask.carry is not None
    assert ask.carry.title == "Mưa lớn gây sạt lở trên quốc lộ"
    assert ask.carry.text == ("Rạng sáng nay, khoảng 200 m³ đất đá tràn xuống mặt đường.\nKhông có thiệt hại về người.")
    assert ask.carry.published == datetime(2025, 11, 21, 23, 15, tzinfo=UTC)
    assert ask.carry.byline == "Đức Long"


def test_rdf_is_read() -> None:
    found = carried(fixture("feeds/cong-thong-tin.rdf"))
    assert found.url == "https://congtt.example/thong-bao-lich-tiep-cong-dan"
    assert found.published == datetime(2025, 11, 21, 10, 0, tzinfo=UTC)


def test_a_feed_without_entries_is_quiet_not_wrong() -> None:
    assert read(rss("")) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<!DOCTYPE html><html><body><h1>404</h1></body></html>", "html"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"http://127.0.0.1:9/secret", "text/xml"),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "xml"),
    ],
)
@pytest.mark.fault(8, 9)
def test_what_is_not_a_feed_is_named(body: bytes, found: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert refused.value.params == {"expected": "feed", "found": found}


@pytest.mark.fault(20)
def test_utf_8_that_declares_latin_1_is_read_as_what_it_is() -> None:
    assert carried(rss(item(title="Thủ tướng"), encoding="iso-8859-1").encode()).title == "Thủ tướng"


def test_a_feed_that_declares_utf_8_but_is_windows_vietnamese_is_read_as_what_it_is() -> None:
    letters = unicodedata.normalize("NFC", "Đường thành phố")
    tones_apart = letters.replace("ờ", "ơ\u0300").replace("à", "a\u0300").replace("ố", "ô\u0301")
    assert carried(rss(item(title=tones_apart)).encode("cp1258")).title == letters


def test_utf_16_with_its_mark_is_read() -> None:
    assert carried(rss(item(title="Đường thành phố"), encoding="utf-16").encode("utf-16")).title == "Đường thành phố"


@pytest.mark.fault(7)
def test_of_a_feed_cut_in_the_middle_the_whole_entries_are_kept() -> None:
    whole = rss(item("/bai-1.html") + item("/bai-2.html") + item("/bai-3.html")).encode()
    found = read(whole[: whole.index(b"/bai-3") + 4])
    assert Note.LIST_DAMAGED in found
    assert [ask.url[-11:] for ask in found if isinstance(ask, Ask)] == ["/bai-1.html", "/bai-2.html"]


def test_markup_that_is_not_well_formed_is_read_and_said() -> None:
    found = read(rss(item(title="Lũ & sạt lở <b>")))
    assert Note.LIST_DAMAGED in found
    assert any(isinstance(ask, Ask) for ask in found)


def test_an_entry_without_link_is_kept_if_it_says_something_by_itself() -> None:
    words = "<description>Sáng nay cầu treo được đưa vào sử dụng trở lại.</description>"
    (found,) = kept(rss(f"<item><title>Cầu thông xe</title>{words}</item>"))
    assert (found.url, found.title) == (None, "Cầu thông xe")
    assert read(rss("<item><title>Cầu thông xe</title></item>")) == [Note.ENTRY_WITHOUT_LINK]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/x", "mailto:a@b.example"])
@pytest.mark.fault(16)
def test_a_link_that_is_no_page_counts_as_none(link: str) -> None:
    assert read(rss(item(link))) == [Note.ENTRY_WITHOUT_LINK]


def test_an_entry_without_title_is_followed_to_its_page() -> None:
    (ask,) = asks(rss(item(title="")))
    assert ask.carry is not None
    assert ask.carry.title == ""


def test_an_entry_without_title_is_kept_under_its_first_words_and_says_so() -> None:
    words = "Sáng nay cầu treo được đưa vào sử dụng trở lại sau bốn tháng sửa chữa, người dân rất phấn khởi."
    said = f"<description>{words}</description>"
    note, found = read(rss(item(title="", more=said)), full_text=False)
    assert note is Note.ENTRY_WITHOUT_TITLE
    assert isinstance(found, Found)
    assert found.title == "Sáng nay cầu treo được đưa vào sử dụng trở lại sau bốn tháng sửa chữa, người…"
    assert found.text == words
    assert carried(rss(item(title="", more=said))).title == found.title, "in case its page refuses"
    assert read(rss(item(title="")), full_text=False) == [Note.ENTRY_WITHOUT_TITLE], "nothing to be kept"


@pytest.mark.fault(13)
def test_entries_of_one_address_count_once_whatever_their_ids_say() -> None:
    same = item("/bai-1.html", more="<guid>a</guid>") + item("/bai-1.html?utm_medium=x", more="<guid>b</guid>")
    assert [type(found) for found in read(rss(same))] == [Ask, Note]
    other = item("/bai-1.html", more="<guid>a</guid>") + item("/bai-2.html", more="<guid>a</guid>")
    assert len(asks(rss(other))) == 2


@pytest.mark.parametrize(
    ("stated", "note"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", Note.DATE_IMPLAUSIBLE),
        ("hôm qua", Note.DATE_UNREADABLE),
        ("30/02/2025", Note.DATE_UNREADABLE),
    ],
)
@pytest.mark.fault(15)
def test_a_time_that_cannot_be_is_left_out_and_said(stated: str, note: Note) -> None:
    found = read(rss(item(more=f"<pubDate>{stated}</pubDate>")))
    assert note in found
    (ask,) = [ask for ask in found if isinstance(ask, Ask)]
    assert ask.carry is not None
    assert (ask.carry.published, ask.carry.published_from) == (None, PublishedFrom.NONE)


def test_an_entry_without_time_is_undated() -> None:
    assert carried(rss(item())).published is None


def test_a_script_in_a_title_is_text() -> None:
    title = "&lt;script&gt;alert(1)&lt;/script&gt; =HYPERLINK(&amp;quot;x&amp;quot;)"
    assert carried(rss(item(title=title))).title == '<script>alert(1)</script> =HYPERLINK("x")'


def test_invisible_and_turning_characters_are_taken_out_of_titles() -> None:
    assert carried(rss(item(title="Sạt\u200b lở\u202e\n  đất\u00ad"))).title == "Sạt lở đất"


def test_a_script_in_a_summary_is_dropped_with_its_code() -> None:
    words = "&lt;p&gt;Nước rút dần ở vùng thấp trũng&lt;script&gt;steal()&lt;/script&gt;.&lt;/p&gt;"
    assert carried(rss(item(more=f"<description>{words}</description>"))).text == "Nước rút dần ở vùng thấp trũng."


@pytest.mark.fault(1, 3)
def test_entities_are_neither_fetched_nor_multiplied() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<rss version='2.0'><channel>{item(title='x &c; &f;')}</channel></rss>"
    )
    for ask in asks(bomb):
        assert ask.carry is not None
        assert "root:" not in ask.carry.title
        assert len(ask.carry.title) < 2_000


@pytest.mark.fault(6)
def test_a_feed_of_too_many_entries_is_cut_and_says_so() -> None:
    found = read(rss("".join(item(f"/bai-{number}.html") for number in range(MAX_ENTRIES + 5))))
    assert found[0] is Note.LIST_CUT
    assert len(found) == MAX_ENTRIES + 1
    last = found[-1]
    assert isinstance(last, Ask)
    assert last.url.endswith(f"/bai-{MAX_ENTRIES - 1}.html")


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 2_000), noise=st.binary(max_size=30))
def test_no_feed_breaks_its_reading(cut: int, noise: bytes) -> None:
    body = fixture("feeds/song-lo.rss")
    mangled = body[:cut] + noise + body[cut + len(noise) :]
    with contextlib.suppress(Unreadable):  # the one error that a collector may raise
        assert all(isinstance(found, Ask | Found | Note) for found in read(mangled))
