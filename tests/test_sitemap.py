"""Sitemaps: which of an outlet's addresses are asked for."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.sitemap import MAX_ARTICLES, MAX_DATED, MAX_UNDATED, SitemapCollector
from index.errors import TooLarge, Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Note
from tests.reading import WORDS, article_page, fixture, list_page, source

COLLECTOR = SitemapCollector(WORDS)
URL = "https://songlo.example/sitemap.xml"
NEWS = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)
MOMENT = datetime(2025, 11, 22, 7, 5, tzinfo=UTC)


def urlset(*entries: str) -> bytes:
    return NEWS.format("".join(f"<url>{entry}</url>" for entry in entries)).encode()


def read(body: bytes, content_type: str = "text/xml") -> list[Read]:
    page: Page = list_page(body, URL, content_type)
    return list(COLLECTOR.read(page, source(collector="sitemap", url=URL)))


def test_a_news_sitemap_says_title_and_time() -> None:
    entry = (
        "<loc>https://songlo.example/cau-treo-100001.html</loc><news:news><news:publication><news:name>Sông Lô"
        "</news:name></news:publication><news:publication_date>2025-11-22T14:05:00+07:00</news:publication_date>"
        "<news:title>Cầu treo thông xe</news:title></news:news>"
    )
    assert read(urlset(entry)) == [
        Ask(
            url="https://songlo.example/cau-treo-100001.html",
            kind=AskKind.ARTICLE,
            changed=MOMENT,
            carry=Found(
                url="https://songlo.example/cau-treo-100001.html",
                title="Cầu treo thông xe",
                text="",
                published=MOMENT,
                published_from=PublishedFrom.SITEMAP,
                extent=Extent.FEED,
            ),
        )
    ]


def test_a_plain_sitemap_is_read_newest_first() -> None:
    old = "<loc>https://songlo.example/cu.html</loc><lastmod>2025-11-01</lastmod>"
    new = "<loc>https://songlo.example/moi.html</loc><lastmod>2025-11-22T14:05:00+07:00</lastmod>"
    undated = "<loc>/khong-ngay.html</loc>"
    home = "<loc>https://songlo.example/</loc>"
    first, second, third = read(urlset(old, undated, new, home))
    assert [ask.url.rpartition("/")[2] for ask in (first, second, third) if isinstance(ask, Ask)] == [
        "moi.html",
        "cu.html",
        "khong-ngay.html",
    ]
    assert isinstance(first, Ask)
    assert (first.carry, first.changed) == (None, MOMENT)


def test_of_an_index_the_newest_sitemaps_are_read() -> None:
    children = "".join(
        f"<sitemap><loc>https://songlo.example/{day}.xml</loc><lastmod>2025-11-{day:02}</lastmod></sitemap>"
        for day in range(1, MAX_DATED + 3)
    )
    found = read(f"<sitemapindex>{children}</sitemapindex>".encode())
    assert [ask.url[-5:] for ask in found if isinstance(ask, Ask)] == ["7.xml", "6.xml", "5.xml", "4.xml", "3.xml"]
    assert found[-1] is Note.LIST_CUT


def test_of_an_index_that_says_no_times_the_first_sitemaps_are_read() -> None:
    children = [f"<sitemap><loc>https://songlo.example/{n}.xml</loc></sitemap>" for n in range(MAX_UNDATED + 1)]
    whole = read(f"<sitemapindex>{''.join(children[:-1])}</sitemapindex>".encode())
    assert [ask.url[-6:] for ask in whole if isinstance(ask, Ask)][:2] == ["/0.xml", "/1.xml"]
    assert len(whole) == MAX_UNDATED
    assert read(f"<sitemapindex>{''.join(children)}</sitemapindex>".encode()) == [*whole, Note.LIST_CUT]


def test_addresses_met_twice_or_that_are_none_are_said() -> None:
    twice = "<loc>https://songlo.example/a.html</loc>"
    none = "<loc>javascript:alert(1)</loc>"
    missing = "<lastmod>2025-11-22</lastmod>"
    found = read(urlset(twice, twice, none, missing))
    assert found[:3] == [Note.ENTRY_DUPLICATE, Note.ENTRY_WITHOUT_LINK, Note.ENTRY_WITHOUT_LINK]
    assert len(found) == 4
    child = read(b"<sitemapindex><sitemap><lastmod>2025-11-22</lastmod></sitemap></sitemapindex>")
    assert child == [Note.ENTRY_WITHOUT_LINK]


def test_a_time_that_cannot_be_is_left_out() -> None:
    (ask,) = read(urlset("<loc>https://songlo.example/a.html</loc><lastmod>1970-01-01</lastmod>"))
    assert isinstance(ask, Ask)
    assert ask.changed is None


def test_a_sitemap_served_as_a_gz_file_is_unpacked() -> None:
    body = gzip.compress(urlset("<loc>https://songlo.example/a.html</loc>"))
    assert len(read(body, "application/x-gzip")) == 1
    with pytest.raises(Unreadable):
        read(body[:30], "application/x-gzip")


def test_a_packed_sitemap_that_unfolds_without_end_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(gzip.compress(b" " * 60_000_000, 9), "application/x-gzip")


def test_a_list_longer_than_any_news_is_cut_and_says_so() -> None:
    entries = [f"<loc>https://songlo.example/{number}.html</loc>" for number in range(MAX_ARTICLES + 3)]
    found = read(urlset(*entries))
    assert (len(found), found[-1]) == (MAX_ARTICLES + 1, Note.LIST_CUT)


@pytest.mark.parametrize(
    ("body", "found"),
    [(b"", "empty"), (b"<html><body>404</body></html>", "html"), (b"<rss></rss>", "xml"), (b"%PDF-1.4", "pdf")],
)
def test_what_is_not_a_sitemap_is_named(body: bytes, found: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert refused.value.params == {"expected": "sitemap", "found": found}


def test_of_a_sitemap_cut_in_the_middle_what_is_there_is_read_and_said() -> None:
    body = urlset(*(f"<loc>https://songlo.example/{number}.html</loc>" for number in range(3)))
    found = read(body[: body.index(b"/2.html") + 2])
    assert found[0] is Note.LIST_DAMAGED
    assert [ask.url[-7:] for ask in found if isinstance(ask, Ask)] == ["/0.html", "/1.html"]


def test_entities_are_not_resolved() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        b"<urlset><url><loc>https://songlo.example/&f;.html</loc></url></urlset>"
    )
    assert read(body) == []


def test_the_pages_it_names_are_read_as_articles() -> None:
    page = article_page(fixture("pages/json-ld.html"))
    (found,) = COLLECTOR.read(page, source(collector="sitemap", url=URL))
    assert isinstance(found, Found)
    assert found.title == "Cầu treo Bản Nà thông xe sau bốn tháng sửa chữa"
