"""Section pages: which of their links are articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.pages import MAX_LINKS, PagesCollector
from index.errors import NothingFound, Unreadable
from index.model import Extent, Found
from index.source import Note, Selectors
from tests.reading import WORDS, article_page, fixture, list_page, source

COLLECTOR = PagesCollector(WORDS)
URL = "https://songlo.example/thoi-su"


def read(body: bytes, url: str = URL, select: Selectors = Selectors()) -> list[Read]:  # noqa: B008
    page: Page = list_page(body, url, "text/html; charset=utf-8")
    return list(COLLECTOR.read(page, source(collector="pages", url=url, select=select)))


def links(body: bytes, url: str = URL, select: Selectors = Selectors()) -> list[str]:  # noqa: B008
    found = read(body, url, select)
    assert all(isinstance(ask, Ask) and ask.kind is AskKind.ARTICLE for ask in found)
    return [ask.url for ask in found if isinstance(ask, Ask)]


def test_links_that_look_like_articles_are_followed_in_order_and_once() -> None:
    assert links(fixture("pages/section.html")) == [
        "https://songlo.example/cau-treo-ban-na-thong-xe-100001.html",
        "https://www.songlo.example/gan-300-ho-dan-co-nuoc-sach-100002.html",
    ]


def test_a_link_carries_the_headline_it_stands_under() -> None:
    page = list_page(fixture("pages/section.html"), URL, "text/html")
    first, second = COLLECTOR.read(page, source(collector="pages", url=URL))
    assert isinstance(first, Ask)
    assert isinstance(second, Ask)
    headline = Found(
        url=first.url, title="Cầu treo Bản Nà thông xe sau bốn tháng sửa chữa", text="", extent=Extent.FEED
    )
    assert first.carry == headline
    assert second.carry is not None
    assert second.carry.title == "Gần 300 hộ dân vùng cao có nước sạch", "the title says more than the link"


def test_declared_links_are_followed_and_no_others() -> None:
    assert links(fixture("pages/section.html"), select=Selectors(link="a.story")) == [
        "https://songlo.example/tin-ngan/7"
    ]
    assert links(fixture("pages/section.html"), select=Selectors(link=".box")) == ["https://songlo.example/tin-ngan/7"]


def test_an_outlet_that_does_not_number_its_articles_is_read_by_its_headlines() -> None:
    body = (
        '<body><a href="/tin/xa-vung-cao-co-cau-moi-sau-lu">Xã vùng cao có cầu mới sau lũ</a>'
        '<a href="/kinh-te-nong-thon-moi">Kinh tế nông thôn</a></body>'
    ).encode()
    assert links(body) == ["https://songlo.example/tin/xa-vung-cao-co-cau-moi-sau-lu"]


def test_a_page_without_articles_is_a_finding_not_an_empty_list() -> None:
    with pytest.raises(NothingFound):
        links(fixture("pages/login.html"))
    with pytest.raises(NothingFound):
        links(fixture("pages/section.html"), select=Selectors(link=".gone"))


def test_what_is_not_a_page_is_named() -> None:
    with pytest.raises(Unreadable) as refused:
        links(b"%PDF-1.7")
    assert refused.value.params == {"expected": "list", "found": "pdf"}


@pytest.mark.fault(34)
def test_a_page_of_endless_links_is_cut_and_says_so() -> None:
    many = "".join(f'<a href="/tin-so-mot-hai-{n}.html">Tin số một hai ba</a>' for n in range(100000, 100300))
    *found, cut = read(f"<body>{many}</body>".encode())
    assert (len(found), cut) == (MAX_LINKS, Note.LIST_CUT)


def test_the_pages_it_leads_to_are_read_as_articles() -> None:
    (found,) = COLLECTOR.read(article_page(fixture("pages/json-ld.html")), source(collector="pages", url=URL))
    assert isinstance(found, Found)


# What every article's address of an outlet looks like, and how many different ones its saved page links to.
PAPERS = {
    "dantri": ("https://dantri.com.vn/kinh-doanh.htm", r"/[\w-]+/[\w-]+-\d{6,}\.htm$", 50),
    "tuoitre": ("https://tuoitre.vn/kinh-doanh.htm", r"/[\w-]+-\d{14,}\.htm$", 15),
    "vietnamnet": ("https://vietnamnet.vn/kinh-doanh", r"/[\w-]+-\d{7}\.html$", 31),
    "vnexpress": ("https://vnexpress.net/kinh-doanh", r"/[\w-]+-\d{7}\.html$", 50),
}


@pytest.mark.shared
@pytest.mark.parametrize("paper", PAPERS)
def test_saved_section_pages_of_real_papers_give_their_articles(shared: Path, paper: str) -> None:
    url, pattern, count = PAPERS[paper]
    found = links((shared / "data" / "pages" / f"{paper}_list.html").read_bytes(), url)
    assert len(found) == count
    assert all(re.search(pattern, link) for link in found)
    assert len(set(found)) == len(found)
