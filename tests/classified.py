"""Short ways to write an article and have it classified."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from classifier.marked import Marked
from config import knowledge
from index.model import Article, ArticleId, Channel, FlagKind, Review, SourceId
from index.text import clean, content_hash, one_line

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
"""12 o'clock in Viet Nam."""


def written(
    title: str,
    text: str = "",
    *,
    key: str | None = None,
    source: str = "bao-song-lo",
    channel: Channel = Channel.PRESS,
    after: timedelta = timedelta(),
    version: int = 1,
) -> Article:
    """An article; `after` is counted from noon."""
    title, text = one_line(title), clean(text)
    return Article(
        id=ArticleId(key or content_hash(title, text)[:16]),
        source_id=SourceId(source),
        channel=channel,
        url=None,
        title=title,
        text=text,
        language="vi",
        collected=NOON + after,
        published=NOON + after,
        version=version,
        content_hash=content_hash(title, text),
    )


def marked(title: str, text: str = "", province: str = "tuyen-quang", channel: Channel = Channel.PRESS) -> Marked:
    return knowledge.classifier(province).mark(written(title, text, channel=channel))


def reviewed(title: str, text: str = "", province: str = "tuyen-quang", channel: Channel = Channel.PRESS) -> Review:
    ((_, review),) = knowledge.classifier(province).review([written(title, text, channel=channel)])
    return review


def kinds(review: Review) -> set[FlagKind]:
    return {flag.kind for flag in review.flags}


def quotes(review: Review, kind: FlagKind) -> list[str]:
    return [evidence.quote for flag in review.flags if flag.kind is kind for evidence in flag.evidence]
