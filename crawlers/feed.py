"""RSS, Atom and RDF feeds. Pure.

feedparser reads the XML (it repairs what faster parsers garble); encodings, times and text are read here, the same way
as for pages, because feedparser takes a time without a zone for UTC.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import Any, Final

import feedparser

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.dates import is_plausible
from crawlers.legacy import legible
from crawlers.listing import ListCollector
from crawlers.markup import decoded, kind_of, text_of_fragment
from index.errors import Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Note, Source
from index.text import one_line
from index.url import canonical_url

MAX_ENTRIES: Final = 2_000
"""feedparser needs 11 s for 100,000 entries; no outlet's feed carries as many that are news."""
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|(\d{1,12}));")
_SURROGATES: Final = range(0xD800, 0xE000)
_ENTRY: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_END: Final = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL)
_TAIL: Final = 4096
"""Characters at the end among which a whole feed closes itself."""
_FORMATTING: Final = re.compile(r"</?(?:b|i|em|strong|u|br|span|font)\b[^<>]*>", re.IGNORECASE)
_FIRST_WORDS: Final = 80
"""Characters of a text that stand for its title where it has none."""
_SHORTEST_TEXT: Final = 20
"""Characters below which a summary says nothing ("Xem thêm")."""


class FeedCollector(ListCollector):
    """Follows entries to their pages where the source wants the full text; else keeps what the feed says."""

    def _read_list(self, page: Page, source: Source) -> Iterator[Read]:
        text, cut = _within_limits(_REFERENCE.sub(_sound_reference, _feed_text(page)))
        yield from cut
        feed = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": page.url},
            sanitize_html=False,
        )
        if not feed.version and not feed.entries:
            raise Unreadable(expected="feed", found=kind_of(page))
        if not feed.entries and _ENTRY.search(text):
            raise Unreadable(expected="feed", found="damaged_xml")
        if feed.bozo and not cut:
            yield Note.LIST_DAMAGED
        yield from self._entries(feed.entries, page, source)

    def _entries(self, entries: Iterable[Mapping[str, Any]], page: Page, source: Source) -> Iterator[Read]:
        seen: set[str] = set()
        for entry in map(dict, entries):  # without feedparser's own notions of which key stands for which
            url = canonical_url(entry.get("link") or "", base=page.url) if entry.get("link") else None
            text = _text(entry)
            stated = _title(entry)
            title = stated or _first_words(text)
            follow = url is not None and source.full_text
            if url is None and not (title and text):
                yield Note.ENTRY_WITHOUT_LINK
                continue
            if url is not None and url in seen:
                yield Note.ENTRY_DUPLICATE
                continue
            if not stated and not follow:
                yield Note.ENTRY_WITHOUT_TITLE
                if not title:
                    continue
            seen.add(url or "")
            published, notes = self._published(entry)
            yield from notes
            found = Found(
                url=url,
                title=title,
                text=text,
                published=published,
                published_from=PublishedFrom.FEED if published else PublishedFrom.NONE,
                byline=one_line(entry.get("author") or "") or None,
                extent=Extent.FEED,
            )
            if url and follow:
                changed = self._dates.stated(entry.get("updated") or "")
                yield Ask(url=url, kind=AskKind.ARTICLE, carry=found, changed=changed or published)
            else:
                yield found

    def _published(self, entry: Mapping[str, Any]) -> tuple[datetime | None, list[Note]]:
        stated = entry.get("published") or entry.get("created") or entry.get("updated") or ""
        if not stated.strip():
            return None, []
        moment = self._dates.stated(stated)
        if moment is None:
            return None, [Note.DATE_UNREADABLE]
        return (moment, []) if is_plausible(moment) else (None, [Note.DATE_IMPLAUSIBLE])


def _feed_text(page: Page) -> str:
    if kind_of(page) == "empty":
        raise Unreadable(expected="feed", found="empty")
    return decoded(page)


def _sound_reference(reference: re.Match[str]) -> str:
    """A reference to what is no character, on which feedparser breaks, as the sign for a lost one."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if 0 < code <= sys.maxunicode and code not in _SURROGATES else "\ufffd"


def _within_limits(text: str) -> tuple[str, list[Note]]:
    """The feed with at most `MAX_ENTRIES`, without a last entry that broke off: its link may be half a link."""
    if not _FEED_END.search(text[-_TAIL:]) and (ends := list(_ENTRY_END.finditer(text))):
        return text[: ends[-1].end()], [Note.LIST_DAMAGED]
    starts = list(_ENTRY.finditer(text))
    if len(starts) <= MAX_ENTRIES:
        return text, []
    last = max(end.end() for end in _ENTRY_END.finditer(text))
    return text[: starts[MAX_ENTRIES].start()] + text[last:], [Note.LIST_CUT]


def _title(entry: Mapping[str, Any]) -> str:
    """As written: formatting and entities resolved, any other markup is text like every other text."""
    return one_line(legible(unescape(_FORMATTING.sub(" ", entry.get("title") or ""))))


def _first_words(text: str) -> str:
    """What stands for a title where an entry has none; it still says where the text begins."""
    line = text.partition("\n")[0]
    return line if len(line) <= _FIRST_WORDS else f"{line[:_FIRST_WORDS].rpartition(' ')[0] or line[:_FIRST_WORDS]}…"


def _text(entry: Mapping[str, Any]) -> str:
    """The fullest text that the entry carries; empty if it says next to nothing."""
    markups = [content.get("value") or "" for content in entry.get("content") or ()]
    texts = [text_of_fragment(markup) for markup in (*markups, entry.get("summary") or "")]
    longest = max(texts, key=len, default="")
    return longest if len(longest) >= _SHORTEST_TEXT else ""
