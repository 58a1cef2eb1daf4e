"""An archive on Elasticsearch as one side of a copy (`index.archive_copy`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from index import documents, elastic_articles, elastic_records, elastic_reviews
from index.archive_copy import Carried, Entry, Part, reading_key, ruling_key
from index.elastic_bulk import Clause
from index.elastic_indices import Kind
from index.elastic_records import (
    by_id,
    checkpoint_source,
    province_source,
    read_source,
    reading_source,
    record,
    ruling_source,
    source,
    visit_source,
)
from index.elastic_reviews import article_records, story_source
from index.elastic_server import Held, Server
from index.errors import ArchiveRefused
from index.model import ProvinceId, Ruling, RulingField, SourceId, Story
from index.source import Checkpoint, Reading, Visit

_AT_ONCE: Final = 200
_COPYING: Final = "copying"
"""The document that stands in an archive into which a copy is under way."""
_KINDS: Final = {
    Part.PROVINCES: Kind.STATE,
    Part.ARTICLES: Kind.ARTICLES,
    Part.STORIES: Kind.STORIES,
    Part.RULINGS: Kind.RULINGS,
    Part.READINGS: Kind.READINGS,
    Part.VISITS: Kind.VISITS,
    Part.CHECKPOINTS: Kind.STATE,
}
_TYPES: Final[Mapping[Part, type[Any]]] = {
    Part.STORIES: Story,
    Part.RULINGS: Ruling,
    Part.READINGS: Reading,
    Part.VISITS: Visit,
    Part.CHECKPOINTS: Checkpoint,
}
_OF_STATE: Final = {Part.PROVINCES: "province", Part.CHECKPOINTS: "checkpoint"}
_BY_ID: Final = ({"id": "asc"},)
_BY_SOURCE: Final = ({"source_id": "asc"}, {"at": "asc"})


def refuse_unfinished(server: Server) -> None:
    """Raises `ArchiveRefused` where a copy into the archive is under way, or was cut off."""
    if server.get(Kind.STATE, (_COPYING,)):
        raise ArchiveRefused(place=server.address, problem="unfinished")


class ElasticSide:
    """The indices of one prefix; the server stays its opener's."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.name = server.address
        self.identity = server.change_reached(Kind.STORIES)[0]

    def finish_rulings(self) -> None:
        """Let follow what a writer that was killed did not get to."""
        self._server.refresh(Kind.RULINGS)
        for held in list(self._server.scan(Kind.RULINGS, {"term": {"done": False}}, _BY_ID)):
            elastic_reviews.apply(self._server, documents.from_builtins(held.source["record"], Ruling))

    # --- reading

    def count(self, part: Part) -> int:
        self._server.refresh(_KINDS[part])
        return self._server.count(_KINDS[part], _query(part))

    def entries(self, part: Part) -> Iterator[Entry]:
        kind = _KINDS[part]
        self._server.refresh(kind)
        if part is Part.RULINGS:  # people make thousands, not millions
            rulings = [_entry(part, held) for held in self._server.scan(kind, _query(part), _BY_ID)]
            yield from sorted(rulings, key=lambda entry: entry.key)
            return
        found = self._server.scan(kind, _query(part), _BY_SOURCE if part is Part.READINGS else _BY_ID)
        while batch := list(islice(found, _AT_ONCE)):
            yield from self._articles(batch) if part is Part.ARTICLES else (_entry(part, held) for held in batch)

    def _articles(self, batch: Sequence[Held]) -> Iterator[Entry]:
        reads = self._server.get(Kind.STATE, {f"read:{held.id}" for held in batch})
        for held in batch:
            carried = Carried(record=record(held.source), read=reads[f"read:{held.id}"].source["record"]["at"])
            yield Entry(key=held.id, document=documents.to_json(carried))

    # --- writing

    def begin(self, identity: str) -> bool:
        marker = self._server.get(Kind.STATE, (_COPYING,)).get(_COPYING)
        if marker is not None and marker.source["record"]["from"] == identity:
            return True
        if any(self.count(part) for part in Part if part is not Part.PROVINCES):
            return False
        mark = {"id": _COPYING, "kind": _COPYING, "record": {"from": identity}}
        self._server.put(Kind.STATE, by_id(mark))
        return True

    def put(self, part: Part, entries: Sequence[Entry]) -> None:
        if part is Part.ARTICLES:
            self._put_articles(entries)
        elif part is Part.STORIES:
            self._put_stories([documents.from_json(entry.document, Story) for entry in entries])
        else:
            self._server.put(_KINDS[part], by_id(*(_source(part, entry) for entry in entries)))

    def _put_articles(self, entries: Sequence[Entry]) -> None:
        carried = [documents.from_json(entry.document, Carried) for entry in entries]
        # The times first: no article is there without one.
        self._server.put(Kind.STATE, by_id(*(read_source(one.record.newest.id, one.read) for one in carried)))
        self._server.put(Kind.ARTICLES, by_id(*(source(one.record) for one in carried)))

    def _put_stories(self, told: Sequence[Story]) -> None:
        """One that was joined into another is placed nowhere."""
        members = {one.id: one.articles if one.forward is None else () for one in told}
        records = article_records(self._server, {name for articles in members.values() for name in articles})
        placed = (story_source(one, {name: records[name] for name in members[one.id]}) for one in told)
        self._server.put(Kind.STORIES, by_id(*placed))

    def remove(self, part: Part, keys: Sequence[str]) -> None:
        self._server.remove(_KINDS[part], [_id(part, key) for key in keys])

    def settle(self) -> None:
        """Nothing follows: every document stands by itself."""

    def finish(self) -> None:
        elastic_articles.renewed(self._server)
        self._server.remove(Kind.STATE, (_COPYING,))


def _query(part: Part) -> Clause:
    return {"term": {"kind": _OF_STATE[part]}} if part in _OF_STATE else {"match_all": {}}


def _entry(part: Part, held: Held) -> Entry:
    said = held.source["record"]
    if part is Part.PROVINCES:
        return Entry(key=said["province"], document="")
    value = documents.from_builtins(said, _TYPES[part])
    match part:
        case Part.CHECKPOINTS:
            key = held.id.removeprefix("checkpoint:")
        case Part.READINGS:
            key = reading_key(held.source["source_id"], held.source["at"])
        case Part.RULINGS:
            key = ruling_key(value)
        case _:
            key = held.id
    return Entry(key=key, document=documents.to_json(value))


def _source(part: Part, entry: Entry) -> dict[str, Any]:
    match part:
        case Part.PROVINCES:
            return province_source(ProvinceId(entry.key))
        case Part.CHECKPOINTS:
            return checkpoint_source(SourceId(entry.key), documents.from_json(entry.document, Checkpoint))
        case Part.READINGS:
            return reading_source(documents.from_json(entry.document, Reading))
        case Part.VISITS:
            return visit_source(documents.from_json(entry.document, Visit))
        case Part.RULINGS:
            return ruling_source(documents.from_json(entry.document, Ruling), done=True)
        case _:
            raise AssertionError(part)


def _id(part: Part, key: str) -> str:
    if part in _OF_STATE:
        return f"{_OF_STATE[part]}:{key}"
    match part:
        case Part.READINGS:
            source_id, at = key.split("\0")
            return f"{source_id}:{int(at)}"
        case Part.RULINGS:
            province, subject, field = key.split("\0")
            return elastic_records.ruling_key(ProvinceId(province), subject, RulingField(field))
        case _:
            return key
