"""The Elasticsearch server as the archive needs it: documents by id, changed only as they were read, and searches.

One versioned index behind an alias for each kind of document. Nothing runs on the server but searches: no scripts, no
update or delete by query; what changes is read, changed here, and written under the condition that nobody else wrote.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError

from index.errors import ArchiveError, ArchiveUnavailable, SchemaNewer

VERSION: Final = 1
_MAPPING: Final = Path(__file__).with_name("mapping.json")
_BATCH: Final = 200
_ATTEMPTS: Final = 20
_TOO_LARGE: Final = "413"
_LATER: Final = frozenset({403, 408, 429, 500, 502, 503, 504})
"""Answers after which asking again may work; 403 is how a full disk makes an index read-only."""

Item = TypeVar("Item")
Source = dict[str, Any]
Clause = Mapping[str, Any]


class Kind(StrEnum):
    ARTICLES = "articles"
    STORIES = "stories"
    RULINGS = "rulings"
    READINGS = "readings"
    VISITS = "visits"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document as read; `seq_no` and `term` say that nobody has written it since."""

    id: str
    source: Source
    seq_no: int
    term: int
    sort: tuple[Any, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who asks: an API key, or a user; and the authority that signed the server's certificate."""

    api_key: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None


ANONYMOUS: Final = Login()


Change = Callable[[Mapping[str, Held | None]], Mapping[str, Source]]
"""From documents as read (None: not there) to those that are to be written, which may be fewer."""


class Overtaken(ArchiveUnavailable):
    """Somebody else wrote a document between its reading and its writing; what was to be done may be done again."""


class Server:
    def __init__(self, address: str, login: Login, prefix: str) -> None:
        """Makes the indices that are missing. Raises `SchemaNewer` where there are some of a later version."""
        self._prefix = prefix
        authority: dict[str, Any] = {"ca_certs": str(login.ca_file)} if login.ca_file is not None else {}
        self._client = Elasticsearch(
            address,
            api_key=login.api_key,
            basic_auth=(login.user, login.password or "") if login.user is not None else None,
            **authority,
            request_timeout=30,
            max_retries=3,
            retry_on_timeout=True,  # a write that was done after all is a conflict the second time, and read again
        )
        with _our_errors():
            layout = json.loads(_MAPPING.read_text(encoding="utf-8"))
            for kind in Kind:
                self._make(kind, layout["settings"], layout["mappings"][kind])

    def _make(self, kind: Kind, settings: Clause, mappings: Clause) -> None:
        alias = self._alias(kind)
        try:
            found = max(int(name.rpartition("-v")[2]) for name in self._client.indices.get_alias(name=alias))
        except NotFoundError:
            found = 0
        if found > VERSION:
            raise SchemaNewer(index=alias, found=str(found), known=str(VERSION))
        if found:
            return
        try:
            self._client.indices.create(
                index=f"{alias}-v{VERSION}",
                aliases={alias: {"is_write_index": True}},
                settings={**settings, "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
                mappings=mappings,
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _alias(self, kind: Kind) -> str:
        return f"{self._prefix}-{kind}"

    # --- documents by id

    def get(self, kind: Kind, ids: Collection[str]) -> Mapping[str, Held]:
        """Those that are there, as they are now, searchable yet or not."""
        found = {}
        for batch in _batches(sorted(ids)):
            with _our_errors():
                answer = self._client.mget(index=self._alias(kind), ids=list(batch))
            for document in answer["docs"]:
                if "error" in document:
                    raise _refused(document["error"])
                if document["found"]:
                    found[document["_id"]] = _held(document)
        return found

    def change(self, kind: Kind, ids: Collection[str], how: Change) -> None:
        """Read documents and write what `how` makes of them, in the order asked; again where somebody was faster."""
        left = list(dict.fromkeys(ids))
        for _ in range(_ATTEMPTS):
            held = self.get(kind, left)
            sources = how({name: held.get(name) for name in left})
            written = self.write(kind, sources, held)
            left = [name for name in left if name in sources and name not in written]
            if not left:
                return
        raise ArchiveUnavailable(index=self._alias(kind), why="overtaken again and again")

    def write(
        self, kind: Kind, sources: Mapping[str, Source | None], held: Mapping[str, Held]
    ) -> Mapping[str, Held | None]:
        """Write documents that are as in `held`, or not there: as they are now. What is missing in the answer is
        not so any more, and was not written."""
        operations: list[tuple[str, list[Clause]]] = []
        for name, source in sources.items():
            before = held.get(name)
            condition = {} if before is None else {"if_seq_no": before.seq_no, "if_primary_term": before.term}
            action = "delete" if source is None else "create" if before is None else "index"
            operations.append((name, [{action: {"_id": name, **condition}}, *([source] if source is not None else [])]))
        done = self._bulk(kind, operations)
        return {
            name: None if (source := sources[name]) is None else _held({**result, "_source": source})
            for name, result in done.items()
        }

    def put(self, kind: Kind, sources: Mapping[str, Source]) -> None:
        """Write documents whatever was there."""
        self._bulk(kind, [(name, [{"index": {"_id": name}}, source]) for name, source in sources.items()])

    def remove(self, kind: Kind, ids: Collection[str]) -> None:
        self._bulk(kind, [(name, [{"delete": {"_id": name}}]) for name in ids])

    def _bulk(self, kind: Kind, operations: Sequence[tuple[str, list[Clause]]]) -> Mapping[str, Clause]:
        """The results of those operations that met no conflict, by id."""
        done: dict[str, Clause] = {}
        waiting = deque(_batches(operations))
        while waiting:
            batch = waiting.popleft()
            try:
                with _our_errors():
                    answer = self._client.bulk(
                        index=self._alias(kind),
                        require_alias=True,
                        operations=[line for _, lines in batch for line in lines],
                    )
            except ArchiveError as error:
                if error.params.get("status") != _TOO_LARGE or len(batch) == 1:
                    raise
                middle = len(batch) // 2
                waiting.extendleft((batch[middle:], batch[:middle]))
                continue
            for item in answer["items"]:
                (result,) = item.values()
                if result["status"] == HTTPStatus.CONFLICT:
                    continue
                if "error" in result:
                    raise _refused(result["error"], result["status"])
                done[result["_id"]] = result
        return done

    # --- searches

    def refresh(self, kind: Kind) -> None:
        """What was written is found from now on."""
        with _our_errors():
            self._client.indices.refresh(index=self._alias(kind))

    def search(self, kind: Kind, query: Clause, sort: Sequence[Clause], size: int, **more: Any) -> Sequence[Held]:
        with _our_errors():
            answer = self._client.search(
                index=self._alias(kind),
                query=query,
                sort=list(sort),
                size=size,
                seq_no_primary_term=True,
                track_total_hits=False,
                **more,
            )
        return tuple(_held(hit) for hit in answer["hits"]["hits"])

    def scan(
        self, kind: Kind, query: Clause, sort: Sequence[Clause], *, limit: int | None = None, **more: Any
    ) -> Iterator[Held]:
        """All that match, in an order without equals, read as they are taken."""
        left = limit
        after: dict[str, Any] = {}
        while left is None or left > 0:
            size = _BATCH if left is None else min(left, _BATCH)
            page = self.search(kind, query, sort, size, **after, **more)
            yield from page
            if len(page) < size:
                return
            left = None if left is None else left - len(page)
            after = {"search_after": list(page[-1].sort)}

    def count(self, kind: Kind, query: Clause) -> int:
        with _our_errors():
            return int(self._client.count(index=self._alias(kind), query=query)["count"])

    def aggregate(self, kind: Kind, query: Clause, wanted: Mapping[str, Clause]) -> tuple[int, Mapping[str, Any]]:
        """How many match, and the buckets of each aggregation."""
        with _our_errors():
            answer = self._client.search(
                index=self._alias(kind), query=query, size=0, track_total_hits=True, aggregations=wanted
            )
        buckets = {name: found["buckets"] for name, found in answer.get("aggregations", {}).items()}
        return answer["hits"]["total"]["value"], buckets

    def distinct(self, kind: Kind, field: str) -> Iterator[str]:
        """Every value of a keyword field, in order."""
        after: dict[str, Any] = {}
        while True:
            values = {"size": _BATCH, "sources": [{"value": {"terms": {"field": field}}}], **after}
            with _our_errors():
                answer = self._client.search(
                    index=self._alias(kind), size=0, aggregations={"values": {"composite": values}}
                )
            found = answer["aggregations"]["values"]
            yield from (bucket["key"]["value"] for bucket in found["buckets"])
            if "after_key" not in found:
                return
            after = {"after": found["after_key"]}

    # --- the order of change

    def change_reached(self, kind: Kind) -> tuple[str, int]:
        """The identity of a kind's index, and the number of the last change before which nothing is still under way.

        Every write of an index with one shard has the next number (`_seq_no`); what has a number up to this one can be
        searched after a `refresh`.
        """
        with _our_errors():
            stats = self._client.indices.stats(index=self._alias(kind), level="shards", metric="docs")
        (index,) = stats["indices"].values()
        primary = next(shard for shard in index["shards"]["0"] if shard["routing"]["primary"])
        return index["uuid"], int(primary["seq_no"]["local_checkpoint"])

    def close(self) -> None:
        self._client.close()


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _held(document: Mapping[str, Any]) -> Held:
    return Held(
        id=document["_id"],
        source=document.get("_source", {}),
        seq_no=document["_seq_no"],
        term=document["_primary_term"],
        sort=tuple(document.get("sort", ())),
        score=document.get("_score") or 0.0,
    )


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        raise _refused(str(error), error.status_code) from error
    except TransportError as error:
        raise ArchiveUnavailable(why=str(error)) from error


def _refused(why: object, status: int = 500) -> ArchiveError:
    kind = ArchiveUnavailable if status in _LATER else ArchiveError
    return kind(status=str(status), why=str(why))
