"""What tests of the crawler are made of: sources, pages, and the words of Vietnamese dates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from crawlers.collector import Ask, AskKind, Page
from crawlers.dates import DateWords
from crawlers.schedule import Tiers
from index.model import Channel, Found, SourceId
from index.source import Source

FIXTURES = Path(__file__).parent / "fixtures"
WORDS = DateWords(
    month=frozenset({"tháng"}),
    year=frozenset({"năm"}),
    hour=frozenset({"giờ"}),
    months={"january": 1, "november": 11, "nov": 11},
    forenoon=frozenset({"am", "sa"}),
    afternoon=frozenset({"pm", "ch"}),
)
TIERS = Tiers(tier1=timedelta(minutes=5), tier2=timedelta(minutes=15), tier3=timedelta(hours=1))


def source(**changes: Any) -> Source:
    values: dict[str, Any] = {
        "id": SourceId("bao-song-lo"),
        "name": "Báo Sông Lô",
        "channel": Channel.PRESS,
        "collector": "feed",
        "url": "https://songlo.example/rss/tin-moi.rss",
    }
    return Source(**values | changes)


def list_page(body: bytes, url: str = "https://songlo.example/rss/tin-moi.rss", content_type: str = "text/xml") -> Page:
    return Page(ask=Ask(url=url), url=url, status=200, headers={"content-type": content_type}, body=body)


def article_page(
    body: bytes,
    url: str = "https://songlo.example/bai-100001.html",
    *,
    carry: Found | None = None,
    content_type: str = "text/html; charset=utf-8",
    ended_at: str | None = None,
) -> Page:
    ask = Ask(url=url, kind=AskKind.ARTICLE, carry=carry)
    return Page(ask=ask, url=ended_at or url, status=200, headers={"content-type": content_type}, body=body)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()
