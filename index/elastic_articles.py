"""Articles on Elasticsearch: how they are added, listed, handed out for review and purged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

from index import documents, stories
from index.archive import Retention, Reviewed
from index.documents import milliseconds
from index.elastic_bulk import Clause
from index.elastic_indices import Kind
from index.elastic_records import among, read_source, record, signals_key, source, story_key
from index.elastic_reviews import StoryShelf, change_articles, on_shelf, requote
from index.elastic_server import Held, Server, Source
from index.errors import ArchiveError
from index.model import Article, ArticleId, ProvinceId, SourceId, Story, StoryId
from index.record import Record, purged, with_version, without_snapshots
from index.set_aside import Drawer
from index.source import Known, Tally
from index.versions import next_version

_HELD: Final = {"term": {"held": True}}
_OLDEST: Final = ({"collected": "asc"}, {"id": "asc"})
_LATEST: Final = ({"collected": "desc"}, {"id": "desc"})
_BY_TURNS: Final = ({"_seq_no": "asc"}, {"id": "asc"})
_AT_ONCE: Final = 200
_FOUND_BY: Final = 3
"""The version of the fields that articles are found by."""
_RENEWED: Final = "found_by"


# --- adding -------------------------------------------------------------------------------------------------------


def add(server: Server, articles: Sequence[Article], drawer: Drawer | None = None) -> Tally:
    """What the server does not take goes into the drawer, and is not counted."""
    by_id: dict[str, list[Article]] = {}
    for article in articles:
        by_id.setdefault(article.id, []).append(article)
    tallies: dict[str, Tally] = {}
    moved: dict[str, Record] = {}

    def added(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
        changed = {}
        for name, before in held.items():
            was = record(before.source) if before is not None else None
            now, tallies[name] = _added(was, by_id[name])
            if now != was:
                changed[name] = source(now)
            if was is not None and now.newest.when != was.newest.when:
                moved[name] = now
        return changed

    def set_aside(why: Mapping[str, ArchiveError]) -> None:
        assert drawer is not None, "it is asked only where there is one"
        for name, error in why.items():
            drawer.put(by_id.pop(name), error)
            tallies.pop(name)
            moved.pop(name, None)

    server.change(Kind.ARTICLES, by_id, added, set_aside if drawer is not None else None)
    _met(server, [article for read in by_id.values() for article in read])
    for held in moved.values():
        for member in held.members.values():
            on_shelf(server, partial(_place_again, member.story_id))
    return sum(tallies.values(), Tally())


def _added(before: Record | None, read: Sequence[Article]) -> tuple[Record, Tally]:
    """The record of an article after all that was read of it, in order."""
    if before is None:
        held, tally, read = Record(versions=(replace(read[0], version=1),)), Tally(new=1), read[1:]
    else:
        held, tally = before, Tally()
    for article in read:
        captured = {(version.content_hash, milliseconds(version.collected)) for version in held.versions}
        following = next_version(held.newest, article, captured)
        if following is None:
            tally += Tally(seen=1)
        else:
            held, tally = with_version(held, following), tally + Tally(updated=1)
    return held, tally


def _met(server: Server, articles: Sequence[Article]) -> None:
    """Move the times of reading, apart from the articles: a feed is met again far more often than it changes."""
    latest: dict[str, int] = {}
    for article in sorted(articles, key=lambda article: article.collected):
        latest[f"read:{article.id}"] = milliseconds(article.collected)

    def later(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
        return {
            name: read_source(ArticleId(name.removeprefix("read:")), latest[name])
            for name, before in held.items()
            if before is None or before.source["record"]["at"] < latest[name]
        }

    server.change(Kind.STATE, latest, later)


def _place_again(story_id: StoryId, shelf: StoryShelf) -> None:
    held = shelf.held(story_id)
    if held is not None:
        shelf.write(held)


def known(server: Server, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
    records = {name: record(held.source).newest for name, held in server.get(Kind.ARTICLES, ids).items()}
    reads = server.get(Kind.STATE, {f"read:{name}" for name in records})
    return {
        newest.id: Known(
            version=newest.version,
            collected=newest.collected,
            read=max(newest.collected, _moment(reads[f"read:{name}"].source["record"]["at"])),
            extent=newest.extent,
        )
        for name, newest in records.items()
    }


def _moment(since_1970: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=since_1970)


# --- listing ------------------------------------------------------------------------------------------------------


def stored(
    server: Server, province: ProvinceId, *, source: SourceId | None, since: datetime | None, limit: int | None
) -> Iterator[Reviewed]:
    server.refresh(Kind.ARTICLES)
    asked: list[Clause] = [_HELD]
    if source is not None:
        asked.append({"term": {"source_id": source}})
    if since is not None:
        asked.append(_collected("gte", since))
    for held in server.scan(Kind.ARTICLES, {"bool": {"filter": asked}}, _LATEST, limit=limit):
        found = record(held.source)
        member = found.members.get(province)
        yield Reviewed(
            article=found.newest,
            review=found.reviews.get(province),
            story_id=member.story_id if member is not None else None,
        )


def pending(
    server: Server, province: ProvinceId, signals: Mapping[str, str], since: datetime | None, limit: int
) -> Sequence[Article]:
    server.refresh(Kind.ARTICLES)
    reviewed, unexamined = {"term": {"reviewed": province}}, {"term": {"unexamined": province}}
    young = [_collected("gte", since)] if since is not None else []
    up_to_date = {"term": {"signals": signals_key(province, signals)}}
    waiting = (
        ({"filter": [_HELD], "must_not": [reviewed]}, _OLDEST),
        ({"filter": [_HELD, reviewed, *young], "must_not": [up_to_date, unexamined]}, _OLDEST),
        # The last to be reviewed are the last to be asked again, so that one long outage holds up nobody.
        ({"filter": [_HELD, reviewed, unexamined, *young]}, _BY_TURNS),
    )
    found: list[Article] = []
    for clauses, order in waiting:
        held = server.scan(Kind.ARTICLES, {"bool": clauses}, order, limit=limit - len(found))
        found += [record(one.source).newest for one in held]
    return tuple(found)


def _collected(comparison: str, moment: datetime) -> Clause:
    return {"range": {"collected": {comparison: milliseconds(moment)}}}


# --- what an earlier version wrote ----------------------------------------------------------------------------------


def renew(server: Server) -> None:
    """Write every article again where an earlier version of the program wrote them, so that all are found by what is
    asked today. Safe to end at any moment and to begin again.

    Whoever changes `index.text.exact_words` or `fold`, or what an article is found by, raises `_FOUND_BY`.
    """
    held = server.get(Kind.STATE, (_RENEWED,))
    if any(one.source["record"]["version"] >= _FOUND_BY for one in held.values()):
        return
    server.refresh(Kind.ARTICLES)
    server.refresh(Kind.STORIES)
    in_order = ({"id": "asc"},)
    articles = server.scan(Kind.ARTICLES, {"match_all": {}}, in_order, source=False)
    while batch := [ArticleId(article.id) for article in islice(articles, _AT_ONCE)]:
        change_articles(server, batch, lambda records: records)
    for story in server.scan(Kind.STORIES, {"match_all": {}}, in_order):
        told = documents.from_builtins(story.source["record"], Story)
        requote(server, told.id, stories.quoted(told))
    renewed(server)


def renewed(server: Server) -> None:
    """Every article is written as of today."""
    server.put(Kind.STATE, {_RENEWED: {"id": _RENEWED, "kind": _RENEWED, "record": {"version": _FOUND_BY}}})


# --- purging ------------------------------------------------------------------------------------------------------


def purge(
    server: Server, provinces: Collection[ProvinceId], retention: Retention, *, dry_run: bool
) -> Mapping[str, int]:
    texts, snapshots, readings = _due(server, provinces, retention)
    server.refresh(Kind.ARTICLES)
    server.refresh(Kind.READINGS)
    either = {"bool": {"should": [texts, snapshots]}}
    counts = {
        "article_text": server.count(Kind.ARTICLES, texts),
        "snapshot_reference": sum(
            len(held.source["snapshots"])
            for held in server.scan(Kind.ARTICLES, either, _OLDEST, source_includes=["snapshots"])
        ),
        "reading": server.count(Kind.READINGS, readings),
    }
    if not dry_run:
        for batch in _batches(server, Kind.ARTICLES, texts):
            _purge_texts(server, [ArticleId(name) for name in batch])
        for batch in _batches(server, Kind.ARTICLES, snapshots):
            change_articles(server, [ArticleId(name) for name in batch], _each(without_snapshots))
        for batch in _batches(server, Kind.READINGS, readings):
            server.remove(Kind.READINGS, batch)
    return counts


def _due(server: Server, provinces: Collection[ProvinceId], retention: Retention) -> tuple[Clause, Clause, Clause]:
    """What finds the articles whose text must go, those whose snapshots must, and the readings."""
    shelf = StoryShelf(server)
    shelf.read(retention.kept)
    survivors = [held for name in stories.survivors(shelf, retention.kept) if (held := shelf.held(name)) is not None]
    kept = among("stories", sorted(story_key(story.province, story.id) for story in survivors))
    reviewed_by_all = [{"term": {"reviewed": province}} for province in provinces] or [{"match_none": {}}]
    unmatched = {"bool": {"filter": reviewed_by_all, "must_not": [{"exists": {"field": "ours"}}]}}
    old = _collected("lt", retention.matched)
    old_unmatched = {"bool": {"filter": [_collected("lt", retention.unmatched), unmatched]}}
    with_snapshot = {"exists": {"field": "snapshots"}}
    return (
        {"bool": {"filter": [_HELD], "must_not": [kept], "should": [old, old_unmatched], "minimum_should_match": 1}},
        {"bool": {"filter": [_HELD, unmatched, with_snapshot], "must_not": [kept]}},
        {"range": {"at": {"lt": milliseconds(retention.readings)}}},
    )


def _batches(server: Server, kind: Kind, query: Clause) -> Iterator[Sequence[str]]:
    """The ids of what matches, as long as something does: what is done with one batch must take it out of the next."""
    while True:
        server.refresh(kind)
        found = list(server.scan(kind, query, ({"id": "asc"},), limit=_AT_ONCE, source=False))
        if not found:
            return
        yield [held.id for held in found]


def _purge_texts(server: Server, ids: Sequence[ArticleId]) -> None:
    told: set[StoryId] = set()

    def emptied(records: Mapping[ArticleId, Record]) -> Mapping[ArticleId, Record]:
        told.update(member.story_id for held in records.values() for member in held.members.values())
        return {name: purged(held) for name, held in records.items()}

    change_articles(server, ids, emptied)
    on_shelf(server, lambda shelf: stories.forget(shelf, told, ids))


def _each(
    how: Callable[[Record], Record],
) -> Callable[[Mapping[ArticleId, Record]], Mapping[ArticleId, Record]]:
    return lambda records: {name: how(held) for name, held in records.items()}
