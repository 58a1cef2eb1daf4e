"""Articles, reviews, stories and rulings for tests: what a test does not care about has a default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from index.model import (
    Article,
    Channel,
    Evidence,
    Extent,
    Field,
    Flag,
    FlagKind,
    OfficerName,
    ProvinceId,
    PublishedFrom,
    Reason,
    Review,
    Ruling,
    RulingField,
    SourceId,
    Standing,
    Story,
    StoryId,
)
from index.text import content_hash
from index.url import article_id

NOON: Final = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OURS: Final = ProvinceId("tuyen-quang")
THEIRS: Final = ProvinceId("phu-tho")
SIGNALS: Final = {"topic": "1", "harm": "1"}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def article(name: str = "lu", title: str = "Lũ quét ở Hà Giang", text: str = "Nước dâng cao.", **more: Any) -> Article:
    """The article at an address of its own; collected at noon, undated, unless said otherwise."""
    url = f"https://bao.example/{name}"
    read = Article(
        id=article_id(url),
        source_id=SourceId("bao"),
        channel=Channel.PRESS,
        url=url,
        title=title,
        text=text,
        language="vi",
        collected=NOON,
        content_hash=content_hash(title, text),
    )
    return replace(read, **more)


def dated(read: Article, published: datetime) -> Article:
    return replace(read, published=published, published_from=PublishedFrom.PAGE)


def fed(read: Article) -> Article:
    return replace(read, extent=Extent.FEED)


def review(of: Article, **more: Any) -> Review:
    """Our province's review of a version: ours, by the signals of today."""
    found = Review(
        article_id=of.id, version=of.version, province=OURS, about=0.9, standing=Standing.OURS, signals=SIGNALS
    )
    return replace(found, **more)


def flag(of: Article, kind: FlagKind = FlagKind.CRITICISM) -> Flag:
    evidence = Evidence(
        article_id=of.id, version=of.version, field=Field.TITLE, quote=of.title, start=0, reason=Reason(code="cue")
    )
    return Flag(kind=kind, score=0.8, signal="criticism", version="1", evidence=(evidence,))


def story(name: str, *members: Article, **more: Any) -> Story:
    articles = sorted(members, key=lambda member: (member.when, member.id))
    told = Story(
        id=StoryId(name),
        province=OURS,
        articles=tuple(member.id for member in articles),
        first_seen=min((member.when for member in members), default=NOON),
    )
    return replace(told, **more)


def ruling(on: Article | Story, field: RulingField, value: str | None, *, after: float = 0, **more: Any) -> Ruling:
    """An officer's ruling, `after` minutes past noon."""
    subject = {"article_id": on.id} if isinstance(on, Article) else {"story_id": on.id}
    said = Ruling(by=OfficerName("lan"), at=NOON + minutes(after), province=OURS, field=field, value=value, **subject)
    return replace(said, **more)
