"""When an article read again becomes the next version, and when it was only seen. Pure; the same for every archive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from index.documents import milliseconds
from index.model import Article, Extent


def next_version(held: Article, read: Article, captured: Collection[tuple[str, int]]) -> Article | None:
    """The version to keep of an article as read, or None if it was only seen.

    `captured` are the words (`content_hash`) and times (`collected`, in milliseconds) of the versions held: what is
    delivered twice, also in part or after something newer, is kept once.
    """
    if (read.content_hash, milliseconds(read.collected)) in captured:
        return None
    if held.extent is Extent.PAGE and read.extent is Extent.FEED:
        return None
    if read.published is None:
        read = replace(read, published=held.published, published_from=held.published_from)
    same = (read.content_hash, read.published, read.extent) == (held.content_hash, held.published, held.extent)
    return None if same else replace(read, version=held.version + 1)


def emptied(article: Article) -> Article:
    """What stays of a purged version: id, hash, source and times."""
    return replace(article, title="", text="", url=None, byline=None, snapshot=None)
