"""What feeds, sitemaps and section pages share: a list that leads to the pages of articles. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.dates import Dates, DateWords
from crawlers.extract import read_article
from index.model import Found
from index.source import Checkpoint, Note, Source

LONGEST_TITLE: Final = 500
LONGEST_TEXT: Final = 500_000
"""Characters that are kept; the longest reports of the press have a tenth of it, a page made to choke its readers has
millions."""


class ListCollector(ABC):
    """A `Collector` that has only to say how its list is read."""

    def __init__(self, words: DateWords) -> None:
        self._dates = Dates(words)

    def start(self, source: Source, since: Checkpoint) -> Iterable[Ask]:
        yield Ask(url=source.url, etag=since.etag, last_modified=since.last_modified)

    def read(self, page: Page, source: Source) -> Iterable[Read]:
        for read in self._read(page, source):
            match read:
                case Found() if not _fits(read):
                    yield Note.WORDS_CUT
                    yield _cut(read)
                case Ask(carry=Found() as carry) if not _fits(carry):
                    yield replace(read, carry=_cut(carry))
                case _:
                    yield read

    def _read(self, page: Page, source: Source) -> Iterator[Read]:
        if page.ask.kind is AskKind.ARTICLE:
            yield read_article(page, source, self._dates)
        else:
            yield from self._read_list(page, source)

    @abstractmethod
    def _read_list(self, page: Page, source: Source) -> Iterator[Read]: ...


def _fits(found: Found) -> bool:
    return len(found.title) <= LONGEST_TITLE and len(found.text) <= LONGEST_TEXT


def _cut(found: Found) -> Found:
    return replace(found, title=found.title[:LONGEST_TITLE].rstrip(), text=found.text[:LONGEST_TEXT].rstrip())
