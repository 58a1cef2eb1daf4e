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
from index.source import Source
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
        links = list(article_links(page, source.select.link))
        if not links:
            raise NothingFound(url=page.url)
        for url in links[:MAX_LINKS]:
            yield Ask(url=url, kind=AskKind.ARTICLE)


def article_links(page: Page, selector: str | None = None) -> Iterator[str]:
    """Addresses of articles on a section page, in the page's order, each once.

    With a selector, the links in the elements that it names; else links within the same site whose address ends in a
    slug of words and whose text reads like a headline.
    """
    tree = tree_of(page, "list")
    base = urljoin(page.url, next(iter(tree.xpath("//base/@href")), ""))
    if selector:
        links = [link for part in chosen(tree, selector) for link in part.xpath("descendant-or-self::a[@href]")]
        urls: Iterable[str | None] = [canonical_url(link.get("href"), base=base) for link in links]
    else:
        urls = _likely(tree, base)
    yield from dict.fromkeys(url for url in urls if url and url != canonical_url(page.url))


def _likely(tree: html.HtmlElement, base: str) -> list[str]:
    headlines: dict[str, str] = {}
    for link in tree.iter("a"):
        url = canonical_url(link.get("href") or "", base=base) if link.get("href") else None
        if url and _site(url) == _site(base):
            text = max(line_of(link), link.get("title") or "", key=len)
            headlines[url] = max(headlines.get(url, ""), text, key=len)
    words = {url: len(headline.split()) for url, headline in headlines.items() if _slug(url)}
    numbered = [url for url in words if words[url] >= _HEADLINE_WORDS and _ID.search(_slug(url))]
    # An outlet that numbers its articles numbers them all; what has no number there is a section with a long name.
    return numbered or [url for url in words if words[url] >= _LONG_HEADLINE_WORDS]


def _slug(url: str) -> str:
    """The last part of an address if it is made of words as an article's is, else nothing."""
    path = urlsplit(url).path
    slug = _ENDING.sub("", path.rstrip("/").rpartition("/")[2])
    words = [word for word in re.split(r"[-_]", slug) if word]
    return slug if len(words) >= _SLUG_WORDS and not _NOT_ARTICLES.search(path) else ""


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
