"""The register of collectors: a new channel is a new file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crawlers.collector import Collector
from crawlers.dates import DateWords
from crawlers.feed import FeedCollector
from crawlers.pages import PagesCollector
from crawlers.sitemap import SitemapCollector

COLLECTORS: Final[Mapping[str, Callable[[DateWords], Collector]]] = {
    "feed": FeedCollector,
    "pages": PagesCollector,
    "sitemap": SitemapCollector,
}


def collectors(words: DateWords) -> Mapping[str, Collector]:
    """Every collector by the name that sources use."""
    return {name: make(words) for name, make in COLLECTORS.items()}
