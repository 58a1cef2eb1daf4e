"""The embedded archive: one SQLite file with full-text search, nothing to install."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from index import (
    documents,
    sqlite_articles,
    sqlite_facets,
    sqlite_purge,
    sqlite_readings,
    sqlite_reviews,
    sqlite_search,
    stories,
)
from index.archive import COUNTED, Counted, Facet, Hits, Query, Retention, Reviewed
from index.documents import milliseconds
from index.errors import MarkUnknown
from index.model import Article, ArticleId, Mark, ProvinceId, Review, Ruling, SourceId, Story, StoryId
from index.schema import ArchiveFile
from index.source import Checkpoint, Known, Reading, Tally, Visit
from index.sqlite_file import PATIENCE

_CHUNK: Final = 500
"""Rows read or removed in one transaction, so that a long list neither fills memory nor holds up a writer."""


class SqliteArchive:
    """The `Archive` in a file, for one machine: crawler, classifier and dashboard may use it at the same time."""

    def __init__(self, path: Path, *, patience: float = PATIENCE, counted: int = COUNTED) -> None:
        """Make the file or open it. Raises `SchemaNewer` for a file of a later version of the program.

        `counted`: up to how many matches facets are exact.
        """
        self._file = ArchiveFile(path, patience=patience)
        self._counted = counted

    # --- articles

    def add(self, articles: Sequence[Article]) -> Tally:
        with self._file.writing() as connection:
            return sqlite_articles.add(connection, articles)

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
        with self._file.reading() as connection:
            return sqlite_articles.known(connection, ids)

    def article(self, article_id: ArticleId) -> Article:
        with self._file.reading() as connection:
            return sqlite_articles.newest(connection, sqlite_articles.slot_of(connection, article_id))

    def articles(self, ids: Sequence[ArticleId]) -> Sequence[Article]:
        with self._file.reading() as connection:
            return sqlite_articles.articles(connection, ids)

    def versions(self, article_id: ArticleId) -> Sequence[Article]:
        with self._file.reading() as connection:
            return sqlite_articles.versions(connection, sqlite_articles.slot_of(connection, article_id))

    def stored(
        self,
        province: ProvinceId,
        *,
        source: SourceId | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Reviewed]:
        left, before = limit, None
        while left is None or left > 0:
            with self._file.reading() as connection:
                found, before = sqlite_articles.stored_after(
                    connection,
                    province,
                    source=source,
                    since=since,
                    before=before,
                    limit=_CHUNK if left is None else min(left, _CHUNK),
                )
            yield from found
            if before is None:
                return
            left = None if left is None else left - len(found)

    # --- reviews and stories

    def pending(
        self, province: ProvinceId, signals: Mapping[str, str], *, since: datetime | None, limit: int
    ) -> Sequence[Article]:
        with self._file.reading() as connection:
            if sqlite_reviews.knows(connection, province):
                return sqlite_reviews.pending(connection, province, signals, since, limit)
        with self._file.writing() as connection:
            sqlite_reviews.admit(connection, province)
            return sqlite_reviews.pending(connection, province, signals, since, limit)

    def lead(self, province: ProvinceId) -> int:
        with self._file.writing() as connection:
            return sqlite_reviews.lead(connection, province)

    def record(self, reviews: Sequence[Review], stories: Sequence[Story] = (), *, leader: int | None = None) -> None:
        with self._file.writing() as connection:
            sqlite_reviews.record(connection, reviews, stories, leader)

    def review(self, article_id: ArticleId, province: ProvinceId) -> Review | None:
        return self.reviews((article_id,), province).get(article_id)

    def reviews(self, ids: Sequence[ArticleId], province: ProvinceId) -> Mapping[ArticleId, Review]:
        with self._file.reading() as connection:
            return sqlite_reviews.reviews(connection, ids, province)

    def story(self, story_id: StoryId) -> Story:
        with self._file.reading() as connection:
            return stories.story(sqlite_reviews.StoryShelf(connection), story_id)

    def story_of(self, article_id: ArticleId, province: ProvinceId) -> StoryId | None:
        with self._file.reading() as connection:
            slot = sqlite_articles.slot_of(connection, article_id)
            return sqlite_reviews.story_of(connection, slot, province)

    def stories_of(self, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, StoryId]:
        with self._file.reading() as connection:
            return sqlite_reviews.stories_of(connection, ids, province)

    def stories(self, province: ProvinceId, *, since: datetime | None = None) -> Iterator[Story]:
        before: int | None = None
        while True:
            with self._file.reading() as connection:
                found, before = sqlite_reviews.stories_before(
                    connection, province, since=since, before=before, limit=_CHUNK
                )
            yield from found
            if before is None:
                return

    def changed_since(self, province: ProvinceId, mark: Mark | None, *, limit: int) -> tuple[Sequence[Story], Mark]:
        change = 0 if mark is None else self._change(mark)
        with self._file.reading() as connection:
            found, change = sqlite_reviews.changed_after(connection, province, change, limit)
        return found, Mark(f"{self._file.identity}:{change}")

    def _change(self, mark: Mark) -> int:
        identity, _, change = mark.partition(":")
        if identity != self._file.identity or not change.isdecimal():
            raise MarkUnknown(mark=mark)
        return int(change)

    def apply(self, ruling: Ruling) -> None:
        with self._file.writing() as connection:
            sqlite_reviews.apply(connection, ruling)

    def rulings(self, province: ProvinceId) -> Sequence[Ruling]:
        with self._file.reading() as connection:
            return sqlite_reviews.rulings_in_force(connection, province)

    # --- search

    def find(self, query: Query) -> Hits:
        with self._file.reading() as connection:
            return sqlite_search.find(connection, query)

    def facets(self, query: Query, wanted: Collection[Facet] = tuple(Facet)) -> Mapping[Facet, Counted]:
        with self._file.reading() as connection:
            return sqlite_facets.facets(connection, query, wanted, self._counted)

    # --- how sources are read

    def checkpoint(self, source_id: SourceId) -> Checkpoint:
        with self._file.reading() as connection:
            row = connection.execute("SELECT document FROM checkpoints WHERE source_id = ?", (source_id,)).fetchone()
        return documents.from_json(row[0], Checkpoint) if row else Checkpoint()

    def save_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None:
        with self._file.writing() as connection:
            sqlite_readings.keep_checkpoint(connection, source_id, checkpoint)

    def save_reading(self, reading: Reading) -> None:
        with self._file.writing() as connection:
            sqlite_readings.keep_reading(connection, reading)

    def readings(self, source_id: SourceId, *, since: datetime) -> Sequence[Reading]:
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT document FROM readings WHERE source_id = ? AND at >= ? ORDER BY at",
                (source_id, milliseconds(since)),
            ).fetchall()
        return tuple(documents.from_json(document, Reading) for (document,) in rows)

    def request(self, visit: Visit) -> None:
        with self._file.writing() as connection:
            sqlite_readings.keep_visit(connection, visit)

    def visits_due(self, now: datetime) -> Sequence[Visit]:
        return self._visits(
            "SELECT document FROM visits WHERE NOT done AND not_before <= ? ORDER BY requested, id", now
        )

    def visits(self, *, since: datetime) -> Sequence[Visit]:
        return self._visits("SELECT document FROM visits WHERE requested >= ? ORDER BY requested DESC, id", since)

    def _visits(self, statement: str, moment: datetime) -> Sequence[Visit]:
        with self._file.reading() as connection:
            rows = connection.execute(statement, (milliseconds(moment),)).fetchall()
        return tuple(documents.from_json(document, Visit) for (document,) in rows)

    # --- keeping house

    def purge(self, retention: Retention, *, dry_run: bool = False) -> Mapping[str, int]:
        if dry_run:
            with self._file.reading() as connection:
                return sqlite_purge.due(connection, retention)
        removed: Counter[str] = Counter()
        while True:
            with self._file.writing() as connection:
                step = sqlite_purge.purge(connection, retention, limit=_CHUNK)
            for kind, count in step.items():
                removed[kind] += count
            if not any(step.values()):
                return dict(removed)

    def snapshots_in_use(self) -> Iterator[str]:
        last = ""
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(
                    "SELECT DISTINCT snapshot FROM versions WHERE snapshot > ? ORDER BY snapshot LIMIT ?",
                    (last, _CHUNK),
                ).fetchall()
            if not rows:
                return
            yield from (snapshot for (snapshot,) in rows)
            last = rows[-1][0]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
