"""The baseline of a crawl: a bare Scrapy spider over sitemaps that extracts every article and keeps nothing.

    python bench/bare.py trafilatura http://127.0.0.1:20000/sitemap.xml …

As polite as the product: robots.txt is obeyed, one request at a time goes to each port, without a delay. It needs only
Scrapy and the extractor that is named, so that it also runs in an environment of its own. Printed is the number of
articles that had words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.spiders import SitemapSpider

Extract = Callable[[str, str], bool]
"""From a page and its address: were there words?"""


def extractor(name: str) -> Extract:
    """`trafilatura`: the words alone, as fast as it goes; `trafilatura-whole`: with title, author and date, as it is by
    itself; `news-please`: the same by that library. Only what is asked for is loaded."""
    if name == "news-please":
        from_html = import_module("newsplease").NewsPlease.from_html
        return lambda markup, url: bool(from_html(markup, url).maintext)
    extraction = import_module("trafilatura").bare_extraction
    if name == "trafilatura-whole":
        return lambda markup, url: bool(extraction(markup, url=url))
    return lambda markup, _: bool(extraction(markup, fast=True, with_metadata=False))


class Bare(SitemapSpider):
    name = "bare"

    def __init__(self, sitemaps: list[str], extract: Extract) -> None:
        self.sitemap_urls = sitemaps
        super().__init__()
        self._extract = extract
        self.extracted = 0

    def parse(self, response: Response) -> None:
        self.extracted += self._extract(response.text, response.url)


class SlotOfPort:
    """Every port of this machine is a host of its own."""

    def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = urlsplit(request.url).netloc


def main(name: str, *sitemaps: str) -> None:
    settings: dict[str, Any] = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOADER_MIDDLEWARES": {SlotOfPort: 50},
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Bare)
    process.crawl(crawler, sitemaps=list(sitemaps), extract=extractor(name))
    process.start()
    assert isinstance(crawler.spider, Bare)
    print(crawler.spider.extracted)


if __name__ == "__main__":
    main(*sys.argv[1:])
