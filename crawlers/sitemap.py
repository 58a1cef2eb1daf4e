"""Sitemaps: news sitemaps, plain ones, and indexes of them. Pure."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.dates import is_plausible
from crawlers.legacy import legible
from crawlers.listing import ListCollector
from crawlers.markup import kind_of
from index.errors import TooLarge, Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Note, Source
from index.text import one_line
from index.url import canonical_url

MAX_ARTICLES: Final = 2_000
"""Newest first; a sitemap may list 50,000, most of them years old."""
MAX_DATED: Final = 5
"""Newest sitemaps of an index that are read; older ones hold the archive of the outlet."""
MAX_UNDATED: Final = 20
"""Sitemaps of an index that does not say which are new."""
MAX_BYTES: Final = 50_000_000
"""What the protocol allows a sitemap to be when unpacked."""
_GZIP: Final = b"\x1f\x8b"
_END: Final = re.compile(rb"</(?:\w+:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)
_TAIL: Final = 4096
"""Bytes at the end among which a whole sitemap closes itself."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class SitemapCollector(ListCollector):
    """Lists an outlet's newest addresses, with the title and time that a news sitemap adds."""

    def _read_list(self, page: Page, source: Source) -> Iterator[Read]:  # noqa: ARG002  they are all alike
        root, damaged = _root(page)
        if damaged:
            yield Note.LIST_DAMAGED
        if _name(root) == "sitemapindex":
            yield from self._children(root, page)
        else:
            yield from self._articles(root, page)

    def _children(self, index: etree._Element, page: Page) -> Iterator[Read]:
        """The newest sitemaps of an index, then those of which it says no time, in its order."""
        dated: list[tuple[datetime, str]] = []
        undated: list[str] = []
        for entry in index:
            if _name(entry) != "sitemap":
                continue
            url = _link(entry, page)
            if url is None:
                yield Note.ENTRY_WITHOUT_LINK
            elif moment := self._moment(_text(entry, "lastmod")):
                dated.append((moment, url))
            else:
                undated.append(url)
        dated.sort(key=lambda child: child[0], reverse=True)
        for url in (*(url for _, url in dated[:MAX_DATED]), *undated[:MAX_UNDATED]):
            yield Ask(url=url)
        if len(dated) > MAX_DATED or len(undated) > MAX_UNDATED:
            yield Note.LIST_CUT

    def _articles(self, urlset: etree._Element, page: Page) -> Iterator[Read]:
        asks: dict[str, Ask] = {}
        for entry in urlset:
            if _name(entry) != "url":
                continue
            url = _link(entry, page)
            if url is None:
                yield Note.ENTRY_WITHOUT_LINK
            elif url in asks:
                yield Note.ENTRY_DUPLICATE
            elif urlsplit(url).path != "/":
                asks[url] = self._ask(url, entry)
        newest = sorted(asks.values(), key=lambda ask: ask.changed or _NEVER, reverse=True)
        yield from newest[:MAX_ARTICLES]
        if len(newest) > MAX_ARTICLES:
            yield Note.LIST_CUT

    def _ask(self, url: str, entry: etree._Element) -> Ask:
        published = self._moment(_text(entry, "publication_date"))
        changed = self._moment(_text(entry, "lastmod")) or published
        title = one_line(legible(_text(entry, "title")))
        if not title:
            return Ask(url=url, kind=AskKind.ARTICLE, changed=changed)
        origin = PublishedFrom.SITEMAP if published else PublishedFrom.NONE
        carry = Found(url=url, title=title, text="", published=published, published_from=origin, extent=Extent.FEED)
        return Ask(url=url, kind=AskKind.ARTICLE, carry=carry, changed=changed)

    def _moment(self, stated: str) -> datetime | None:
        moment = self._dates.stated(stated) if stated else None
        return moment if moment and is_plausible(moment) else None


def _root(page: Page) -> tuple[etree._Element, bool]:
    """The outermost element, and whether the XML is damaged."""
    body = _unpacked(page)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise Unreadable(expected="sitemap", found=kind_of(page))
    if len(root) and not _END.search(body[-_TAIL:]):
        root.remove(root[-1])  # it broke off: the last address may be half an address
    return root, bool(parser.error_log)


def _unpacked(page: Page) -> bytes:
    """The XML of a sitemap that is served as a .gz file."""
    if not page.body.startswith(_GZIP):
        return page.body
    try:
        body = gzip.GzipFile(fileobj=io.BytesIO(page.body)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(expected="sitemap", found="gzip") from error
    if len(body) > MAX_BYTES:
        raise TooLarge(url=page.url, limit=str(MAX_BYTES))
    return body


def _name(element: etree._Element) -> str:
    """The local name: outlets declare the protocol's namespaces in every wrong way."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(entry: etree._Element, name: str) -> str:
    found = next((element for element in entry.iter() if _name(element) == name), None)
    return (found.text or "").strip() if found is not None else ""


def _link(entry: etree._Element, page: Page) -> str | None:
    stated = _text(entry, "loc")
    return canonical_url(stated, base=page.url) if stated else None
