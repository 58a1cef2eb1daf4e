"""One office in two homes, its archive in a file and on an Elasticsearch node, both growing by the same news."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from bench import home as homes
from bench import measure, node
from bench.measure import MEGABYTE, progress
from bench.recombined import PROVINCE, Batch, News
from config import elastic
from config import settings as configured
from index import archive_copy, documents, stories
from index.archive import Archive
from index.archive_copy import Carried, Entry, Part
from index.archive_copy_elastic import ElasticSide
from index.documents import milliseconds
from index.elastic import ElasticArchive
from index.elastic_indices import Size
from index.elastic_server import Server
from index.record import Record, with_member, with_quoted, with_review
from index.sqlite import SqliteArchive
from index.stories import Membership
from tests.browser import invented

CASES: Final = 1_500
BATCH: Final = 500
WRITTEN: Final = 1_000
"""The last articles before each size, which are written as the service writes them."""
_PREFIX: Final = "kiemtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The two homes, with their archives open, and the node."""

    file_home: Path
    node_home: Path
    file: SqliteArchive
    served: ElasticArchive
    side: ElasticSide
    node: node.Node

    @property
    def both(self) -> tuple[Archive, Archive]:
        return self.file, self.served


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """How both came to a size: articles a second, added, with what the review makes of them, and as a copy carries
    them; megabytes."""

    articles: int
    file_added: float
    file_recorded: float
    carried: float
    added: float
    recorded: float
    file_megabytes: float
    held: node.Held


# --- the two homes ------------------------------------------------------------------------------------------------


def opened(stack: ExitStack, folder: Path, heap: str) -> Office:
    served = stack.enter_context(node.serving(folder, heap=heap))
    file_home, node_home = folder / "file", folder / "node"
    ports = {home: homes.free_port() for home in (file_home, node_home)}
    homes.make(file_home, (), dashboard={"port": ports[file_home]})
    invented.fill(file_home, datetime.now(UTC), more=CASES)
    homes.make(node_home, (), dashboard={"port": ports[node_home]}, archive=served.address)
    for name in (configured.ARCHIVE_FILE, configured.CASEBOOK_FILE):
        shutil.copy(file_home / name, node_home / name)
    settings = configured.load(node_home, environment={})
    elastic.create(settings, Size())
    with elastic.carrying(settings, to_server=True) as (whence, where):
        archive_copy.copy(whence, where, lambda _: None)
    return Office(
        file_home=file_home,
        node_home=node_home,
        file=stack.enter_context(SqliteArchive(file_home / configured.ARCHIVE_FILE)),
        served=stack.enter_context(ElasticArchive(served.address, index_prefix=_PREFIX)),
        side=ElasticSide(stack.enter_context(closing(Server(served.address, prefix=_PREFIX)))),
        node=served,
    )


# --- growing ------------------------------------------------------------------------------------------------------


def grow(office: Office, news: News, first: int, size: int) -> Grown:
    seconds = dict.fromkeys(("file_added", "file_recorded", "carried", "added", "recorded"), 0.0)

    def timed(what: str, work: Callable[[], object]) -> None:
        seconds[what] += measure.seconds(work)

    for number, batch in enumerate(news.batches(size, BATCH, first=first), start=1):
        timed("file_added", partial(office.file.add, batch.articles))
        timed("file_recorded", partial(office.file.record, batch.reviews, batch.stories))
        if first + number * BATCH <= size - WRITTEN:
            timed("carried", partial(_carry, office.side, batch))
        else:
            timed("added", partial(office.served.add, batch.articles))
            timed("recorded", partial(office.served.record, batch.reviews, batch.stories))
        if number % 20 == 0:
            progress(f"{first + number * BATCH:,} of {size:,} written")
    counts = dict.fromkeys(seconds, size - first) | dict.fromkeys(("added", "recorded"), WRITTEN)
    counts["carried"] -= WRITTEN
    file = office.file_home / configured.ARCHIVE_FILE
    return Grown(
        articles=size,
        **{what: counts[what] / seconds[what] for what in seconds},
        file_megabytes=sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*")) / MEGABYTE,
        held=office.node.held(_PREFIX),
    )


def _carry(side: ElasticSide, batch: Batch) -> None:
    carried = [Carried(record=held, read=milliseconds(held.newest.collected)) for held in _records(batch)]
    entries = {
        Part.ARTICLES: [Entry(key=one.record.newest.id, document=documents.to_json(one)) for one in carried],
        Part.STORIES: [Entry(key=one.id, document=documents.to_json(one)) for one in batch.stories],
    }
    for part, all_of_it in entries.items():
        side.put(part, all_of_it)


def _records(batch: Batch) -> Iterator[Record]:
    """The articles with all that an archive makes of what is recorded with them."""
    story_of = {article: story for story in batch.stories for article in story.articles}
    for article, review in zip(batch.articles, batch.reviews, strict=True):
        held = with_review(Record(versions=(replace(article, version=1),)), review)
        if (story := story_of.get(article.id)) is not None:
            held = with_member(held, PROVINCE, Membership(story_id=story.id))
            held = with_quoted(held, PROVINCE, stories.quoted(story).get(article.id, frozenset()))
        yield held
