"""The archive on Elasticsearch, for an office that has outgrown one machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from index import documents, elastic_articles, elastic_facets, elastic_reviews, elastic_search, stories
from index.archive import COUNTED, Counted, Facet, Hits, Query, Retention, Reviewed
from index.archive_copy_elastic import refuse_unfinished
from index.documents import milliseconds
from index.elastic_bulk import PATIENCE, Clause, DocumentsRefused
from index.elastic_client import ANONYMOUS, Login
from index.elastic_indices import Kind
from index.elastic_records import by_id, checkpoint_source, province_source, reading_source, record, visit_source
from index.elastic_rest import Rest
from index.elastic_reviews import StoryShelf, article_records
from index.elastic_server import Server
from index.errors import ArchiveUnavailable, MarkUnknown
from index.model import Article, ArticleId, Mark, ProvinceId, Review, Ruling, SourceId, Story, StoryId
from index.set_aside import Drawer
from index.source import Checkpoint, Known, Reading, Tally, Visit

_LATEST: Final = ({"latest": "desc"}, {"id": "desc"})


class ElasticArchive:
    """The `Archive` on a server of version 8 or 9.

    What was written is found by whoever asks next: a search first makes the server look.
    """

    def __init__(
        self,
        address: str,
        *,
        login: Login = ANONYMOUS,
        index_prefix: str = "kiemtin",
        counted: int = COUNTED,
        must_exist: bool = False,
        patience: float = PATIENCE,
        set_aside: Drawer | None = None,
        may_be_away: bool = False,
    ) -> None:
        """Makes the indices that are missing, unless they `must_exist`, and brings up to date what an earlier version
        wrote.

        Raises `SchemaNewer` where there are some of a later version, `ArchiveRefused` where the server or an index is
        not as it must be, or a copy into the archive is not finished. `counted`: up to how many matches facets are
        exact; at most 10,000, the window of a server. `patience`: seconds that a writer waits for a busy server.
        `set_aside`: where articles are kept that the server does not take; without, `add` raises for them.
        `may_be_away`: a server that cannot be used just now is opened by whoever asks it first when it can, and who
        asks while it cannot be reached is told so soon.
        """
        rest = Rest() if may_be_away else None
        self._open = partial(_opened, address, login, index_prefix, must_exist=must_exist, patience=patience, rest=rest)
        self._opening = Lock()
        self._opened: Server | None = None
        with suppress(*((ArchiveUnavailable,) if may_be_away else ())):
            self._opened = self._open()
        self._counted = counted
        self._set_aside = set_aside
        self._admitted: set[ProvinceId] = set()

    @property
    def _server(self) -> Server:
        """Raises what opening it raises, where it was away until now."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    # --- articles

    def add(self, articles: Sequence[Article]) -> Tally:
        return elastic_articles.add(self._server, articles, self._set_aside)

    def retry_set_aside(self) -> tuple[int, int]:
        """Add again what the server did not take before: how many articles it has taken now, and how many not."""
        if self._set_aside is None:
            return 0, 0
        taken = left = 0
        for aside in self._set_aside.held():
            try:
                elastic_articles.add(self._server, aside.articles)
            except DocumentsRefused as error:
                left += 1
                self._set_aside.put(aside.articles, error)
            else:
                taken += 1
                self._set_aside.take(aside.articles[0].id)
        return taken, left

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
        aside = self._set_aside.known(ids) if self._set_aside is not None else {}
        return {**aside, **elastic_articles.known(self._server, ids)}

    def article(self, article_id: ArticleId) -> Article:
        return article_records(self._server, (article_id,))[article_id].newest

    def articles(self, ids: Sequence[ArticleId]) -> Sequence[Article]:
        found = {name: record(held.source) for name, held in self._server.get(Kind.ARTICLES, set(ids)).items()}
        return tuple(found[name].newest for name in ids if name in found and found[name].held)

    def versions(self, article_id: ArticleId) -> Sequence[Article]:
        return article_records(self._server, (article_id,))[article_id].versions

    def stored(
        self,
        province: ProvinceId,
        *,
        source: SourceId | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[Reviewed]:
        return elastic_articles.stored(self._server, province, source=source, since=since, limit=limit)

    # --- reviews and stories

    def pending(
        self, province: ProvinceId, signals: Mapping[str, str], *, since: datetime | None, limit: int
    ) -> Sequence[Article]:
        self._admit(province)
        return elastic_articles.pending(self._server, province, signals, since, limit)

    def lead(self, province: ProvinceId) -> int:
        return elastic_reviews.lead(self._server, province)

    def record(self, reviews: Sequence[Review], stories: Sequence[Story] = (), *, leader: int | None = None) -> None:
        for province in {review.province for review in reviews} | {story.province for story in stories}:
            self._admit(province)
        elastic_reviews.record_all(self._server, reviews, stories, leader)

    def review(self, article_id: ArticleId, province: ProvinceId) -> Review | None:
        return self.reviews((article_id,), province).get(article_id)

    def reviews(self, ids: Sequence[ArticleId], province: ProvinceId) -> Mapping[ArticleId, Review]:
        found = [record(held.source) for held in self._server.get(Kind.ARTICLES, set(ids)).values()]
        return {held.newest.id: held.reviews[province] for held in found if province in held.reviews}

    def story(self, story_id: StoryId) -> Story:
        return stories.story(StoryShelf(self._server), story_id)

    def story_of(self, article_id: ArticleId, province: ProvinceId) -> StoryId | None:
        member = article_records(self._server, (article_id,))[article_id].members.get(province)
        return member.story_id if member is not None else None

    def stories_of(self, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, StoryId]:
        found = [record(held.source) for held in self._server.get(Kind.ARTICLES, set(ids)).values()]
        return {held.newest.id: held.members[province].story_id for held in found if province in held.members}

    def stories(self, province: ProvinceId, *, since: datetime | None = None) -> Iterator[Story]:
        latest: Clause = (
            {"range": {"latest": {"gte": milliseconds(since)}}} if since else {"exists": {"field": "latest"}}
        )
        self._server.refresh(Kind.STORIES)
        query = {"bool": {"filter": [{"term": {"province": province}}, latest]}}
        for held in self._server.scan(Kind.STORIES, query, _LATEST):
            yield documents.from_builtins(held.source["record"], Story)

    def changed_since(self, province: ProvinceId, mark: Mark | None, *, limit: int) -> tuple[Sequence[Story], Mark]:
        identity, reached = self._server.change_reached(Kind.STORIES)
        change = -1 if mark is None else _change(mark, identity)
        self._server.refresh(Kind.STORIES)
        found, change = elastic_reviews.changed_after(self._server, province, change, reached, limit)
        return found, Mark(f"{identity}:{change + 1}")

    def apply(self, ruling: Ruling) -> None:
        self._admit(ruling.province)
        elastic_reviews.apply(self._server, ruling)

    def rulings(self, province: ProvinceId) -> Sequence[Ruling]:
        self._server.refresh(Kind.RULINGS)
        query = {"bool": {"filter": [{"term": {"province": province}}, {"term": {"in_force": True}}]}}
        found = self._server.scan(Kind.RULINGS, query, ({"at": "asc"}, {"id": "asc"}))
        return tuple(documents.from_builtins(held.source["record"], Ruling) for held in found)

    def _admit(self, province: ProvinceId) -> None:
        """From now on a province reviews: what it has not reviewed waits for it, and is not purged as nobody's."""
        if province not in self._admitted:
            self._server.put(Kind.STATE, by_id(province_source(province)))
            self._admitted.add(province)

    # --- search

    def find(self, query: Query) -> Hits:
        return elastic_search.find(self._server, query)

    def facets(self, query: Query, wanted: Collection[Facet] = tuple(Facet)) -> Mapping[Facet, Counted]:
        return elastic_facets.facets(self._server, query, wanted, self._counted)

    # --- how sources are read

    def checkpoint(self, source_id: SourceId) -> Checkpoint:
        found = self._server.get(Kind.STATE, (f"checkpoint:{source_id}",))
        return next(
            (documents.from_builtins(held.source["record"], Checkpoint) for held in found.values()), Checkpoint()
        )

    def save_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None:
        self._server.put(Kind.STATE, by_id(checkpoint_source(source_id, checkpoint)))

    def save_reading(self, reading: Reading) -> None:
        self._server.put(Kind.READINGS, by_id(reading_source(reading)))

    def readings(self, source_id: SourceId, *, since: datetime) -> Sequence[Reading]:
        self._server.refresh(Kind.READINGS)
        young = {"range": {"at": {"gte": milliseconds(since)}}}
        query = {"bool": {"filter": [{"term": {"source_id": source_id}}, young]}}
        found = self._server.scan(Kind.READINGS, query, ({"at": "asc"},))
        return tuple(documents.from_builtins(held.source["record"], Reading) for held in found)

    def request(self, visit: Visit) -> None:
        self._server.put(Kind.VISITS, by_id(visit_source(visit)))

    def visits_due(self, now: datetime) -> Sequence[Visit]:
        due = [{"term": {"done": False}}, {"range": {"not_before": {"lte": milliseconds(now)}}}]
        return self._visits({"bool": {"filter": due}}, "asc")

    def visits(self, *, since: datetime) -> Sequence[Visit]:
        return self._visits({"range": {"requested": {"gte": milliseconds(since)}}}, "desc")

    def _visits(self, query: Clause, order: str) -> Sequence[Visit]:
        self._server.refresh(Kind.VISITS)
        found = self._server.scan(Kind.VISITS, query, ({"requested": order}, {"id": "asc"}))
        return tuple(documents.from_builtins(held.source["record"], Visit) for held in found)

    # --- keeping house

    def purge(self, retention: Retention, *, dry_run: bool = False) -> Mapping[str, int]:
        self._server.refresh(Kind.STATE)
        admitted = self._server.scan(Kind.STATE, {"term": {"kind": "province"}}, ({"id": "asc"},))
        provinces = [ProvinceId(held.source["record"]["province"]) for held in admitted]
        return elastic_articles.purge(self._server, provinces, retention, dry_run=dry_run)

    def snapshots_in_use(self) -> Iterator[str]:
        self._server.refresh(Kind.ARTICLES)
        return self._server.distinct(Kind.ARTICLES, "snapshots")

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _opened(address: str, login: Login, index_prefix: str, **more: Any) -> Server:
    server = Server(address, login, index_prefix, **more)
    try:
        refuse_unfinished(server)
        elastic_articles.renew(server)
    except BaseException:
        server.close()
        raise
    return server


def _change(mark: Mark, identity: str) -> int:
    """The last change that a mark has behind it."""
    whose, _, change = mark.partition(":")
    if whose != identity or not change.isdecimal():
        raise MarkUnknown(mark=mark)
    return int(change) - 1
