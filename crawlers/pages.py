"""Section pages of outlets that offer neither feed nor sitemap: the links to articles, then the articles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.listing import ListCollector
from crawlers.markup import chosen, line_of, tree_of
from index.errors import NothingFound
from index.model import Extent, Found
from index.source import Note, Source
from index.text import one_line
from index.url import canonical_url

MAX_LINKS: Final = 200
_ID: Final = re.compile(r"(?:^|[-_.])[a-z]{0,5}\d{5,}$", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.(?:html?|aspx?|php|tpo|epi|vnp)$", re.IGNORECASE)
_SLUG_WORDS: Final = 4
_HEADLINE_WORDS: Final = 4
_LONG_HEADLINE_WORDS: Final = 6
_NOT_ARTICLES: Final = re.compile(r"/(?:tags?|topic|event|author|search|login|rss|collection)(?:[/.]|$)", re.IGNORECASE)


class PagesCollector(ListCollector):
    """Follows the links that the source's selector names, or else those that look like articles."""

    def _read_list(self, page: Page, source: Source) -> Iterator[Read]:
        links = article_links(page, source.select.link)
        if not links:
            raise NothingFound(url=page.url)
        for url, headline in list(links.items())[:MAX_LINKS]:
            carry = Found(url=url, title=headline, text="", extent=Extent.FEED) if headline else None
            yield Ask(url=url, kind=AskKind.ARTICLE, carry=carry)
        if len(links) > MAX_LINKS:
            yield Note.LIST_CUT


def article_links(page: Page, selector: str | None = None) -> dict[str, str]:
    """Addresses of articles on a section page, in the page's order, with the headline under which each stands.

    With a selector, the links in the elements that it names; else links within the same site whose address ends in a
    slug of words and whose text reads like a headline.
    """
    tree = tree_of(page, "list")
    base = urljoin(page.url, next(iter(tree.xpath("//base/@href")), ""))
    if selector:
        links = [link for part in chosen(tree, selector) for link in part.xpath("descendant-or-self::a[@href]")]
        headlines = _headlines(links, base)
    else:
        headlines = _likely(_headlines(tree.iterfind(".//a[@href]"), base), base)
    headlines.pop(canonical_url(page.url) or "", None)
    return headlines


def _headlines(links: Iterable[html.HtmlElement], base: str) -> dict[str, str]:
    """The longest text that leads to each address."""
    headlines: dict[str, str] = {}
    for link in links:
        url = canonical_url(link.get("href"), base=base)
        if url:
            texts = (headlines.get(url, ""), line_of(link), one_line(link.get("title") or ""))
            headlines[url] = max(texts, key=len)
    return headlines


def _likely(headlines: dict[str, str], base: str) -> dict[str, str]:
    words = {url: len(text.split()) for url, text in headlines.items() if _site(url) == _site(base) and _slug(url)}
    numbered = [url for url in words if words[url] >= _HEADLINE_WORDS and _ID.search(_slug(url))]
    # An outlet that numbers its articles numbers them all; what has no number there is a section with a long name.
    likely = numbered or [url for url in words if words[url] >= _LONG_HEADLINE_WORDS]
    return {url: headlines[url] for url in likely}


def _slug(url: str) -> str:
    """The last part of an address if it is made of words as an article's is, else nothing."""
    path = urlsplit(url).path
    slug = _ENDING.sub("", path.rstrip("/").rpartition("/")[2])
    words = [word for word in re.split(r"[-_]", slug) if word]
    return slug if len(words) >= _SLUG_WORDS and not _NOT_ARTICLES.search(path) else ""


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
