"""Texts that come as they are, in a file, and are classified without an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from index.model import Article, Channel, PublishedFrom, SourceId
from index.text import clean, content_hash, one_line
from index.url import article_id, canonical_url, unaddressed_id

_SOURCE: Final = SourceId("file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a file; `id` is the file's own and is given back with the answer."""

    id: str
    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    channel: Channel = Channel.PRESS


def as_article(item: Item, now: datetime) -> Article:
    """The item as the classifier reads it. Quotes of its review count characters of `Article.title` and `.text`."""
    title, text = one_line(item.title), clean(item.text)
    url = canonical_url(item.url) if item.url else None
    return Article(
        id=article_id(url) if url else unaddressed_id(_SOURCE, title, text, item.published),
        source_id=_SOURCE,
        channel=item.channel,
        url=url,
        title=title,
        text=text,
        language="",
        collected=now,
        published=item.published,
        published_from=PublishedFrom.FEED if item.published else PublishedFrom.NONE,
        content_hash=content_hash(title, text),
    )
