"""When an article read again becomes the next version, and when it was only seen. Pure; the same for every archive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from index.documents import milliseconds
from index.model import Article, Extent
from index.tip import BY_HAND

_MINUTE: Final = 60_000


def next_version(held: Article, read: Article, captured: Collection[tuple[str, int]]) -> Article | None:
    """The version to keep of an article as read, or None if it was only seen.

    `captured` are the words (`content_hash`) and times (`collected`, in milliseconds) of the versions held: what is
    delivered twice, also in part or after something newer, is kept once. Source and channel stay those of the first
    version, whoever reads it later; times of the same minute are one. What was purged comes back only by hand.
    """
    by_hand = read.source_id == BY_HAND
    read = replace(read, source_id=held.source_id, channel=held.channel)
    if by_hand and is_emptied(held):
        return replace(read, version=held.version + 1)
    if (read.content_hash, milliseconds(read.collected)) in captured:
        return None
    if held.extent is Extent.PAGE and read.extent is Extent.FEED:
        return None
    if read.published is None or _same_minute(read.published, held.published):
        read = replace(read, published=held.published, published_from=held.published_from)
    same = (read.content_hash, read.published, read.extent) == (held.content_hash, held.published, held.extent)
    return None if same else replace(read, version=held.version + 1)


def _same_minute(one: datetime, other: datetime | None) -> bool:
    return other is not None and milliseconds(one) // _MINUTE == milliseconds(other) // _MINUTE


def is_emptied(article: Article) -> bool:
    return not article.title and not article.text


def emptied(article: Article) -> Article:
    """What stays of a purged version: id, hash, source and times."""
    return replace(article, title="", text="", url=None, byline=None, snapshot=None)
