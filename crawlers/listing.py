"""What feeds, sitemaps and section pages share: a list that leads to the pages of articles. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.dates import Dates, DateWords
from crawlers.extract import read_article
from index.source import Checkpoint, Source


class ListCollector(ABC):
    """A `Collector` that has only to say how its list is read."""

    def __init__(self, words: DateWords) -> None:
        self._dates = Dates(words)

    def start(self, source: Source, since: Checkpoint) -> Iterable[Ask]:
        yield Ask(url=source.url, etag=since.etag, last_modified=since.last_modified)

    def read(self, page: Page, source: Source) -> Iterable[Read]:
        if page.ask.kind is AskKind.ARTICLE:
            yield read_article(page, source, self._dates)
        else:
            yield from self._read_list(page, source)

    @abstractmethod
    def _read_list(self, page: Page, source: Source) -> Iterator[Read]: ...
