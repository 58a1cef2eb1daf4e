"""The Elasticsearch server as the archive needs it: documents by id, changed only as they were read, and searches.

One versioned index behind an alias for each kind of document. Nothing runs on the server but searches: no scripts, no
update or delete by query; what changes is read, changed here, and written under the condition that nobody else wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from index.elastic_bulk import PATIENCE, Bulk, Clause, DocumentsRefused, Operation, batches
from index.elastic_client import ANONYMOUS, Login, connect, our_errors, refused
from index.elastic_indices import Indices, Kind
from index.elastic_rest import Rest
from index.errors import ArchiveError, ArchiveUnavailable

_BATCH: Final = 200
_ATTEMPTS: Final = 20

Source = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document as read; `index`, `seq_no` and `term` say that nobody has written it since."""

    id: str
    source: Source
    index: str
    seq_no: int
    term: int
    sort: tuple[Any, ...] = ()
    score: float = 0.0


Change = Callable[[Mapping[str, Held | None]], Mapping[str, Source]]
"""From documents as read (None: not there) to those that are to be written, which may be fewer."""
SetAside = Callable[[Mapping[str, ArchiveError]], None]
"""Takes the documents that the server refuses for what is in them, by id, with what it says."""


class Overtaken(ArchiveUnavailable):
    """Somebody else wrote a document between its reading and its writing; what was to be done may be done again."""


class Server:
    def __init__(
        self,
        address: str,
        login: Login = ANONYMOUS,
        prefix: str = "kiemtin",
        *,
        must_exist: bool = False,
        patience: float = PATIENCE,
        rest: Rest | None = None,
    ) -> None:
        """Makes the indices that are missing, unless they `must_exist`. Raises what `connect` and `Indices.open` do."""
        self.address = address
        self._client = connect(address, login, rest)
        self._indices = Indices(self._client, address, prefix)
        self._bulk = Bulk(self._client, address, patience)
        try:
            self._indices.open(must_exist=must_exist)
        except BaseException:
            self._client.close()
            raise

    def overtaken(self, document: str) -> Overtaken:
        """The error for a document that somebody else has written meanwhile."""
        return Overtaken(place=self.address, problem="overtaken", document=document)

    # --- documents by id

    def get(self, kind: Kind, ids: Collection[str]) -> Mapping[str, Held]:
        """Those that are there, as they are now, searchable yet or not."""
        found = {}
        for batch in batches(sorted(ids)):
            with our_errors(self.address):
                answer = self._client.mget(index=self._indices.alias(kind), ids=list(batch))
            for document in answer["docs"]:
                if "error" in document:
                    raise refused(document["error"], HTTPStatus.INTERNAL_SERVER_ERROR, self.address)
                if document["found"]:
                    found[document["_id"]] = _held(document)
        return found

    def change(self, kind: Kind, ids: Collection[str], how: Change, set_aside: SetAside | None = None) -> None:
        """Read documents and write what `how` makes of them, in the order asked; again where somebody was faster.

        Raises `DocumentsRefused` where there is nobody to `set_aside` what the server does not take.
        """
        left = list(dict.fromkeys(ids))
        for _ in range(_ATTEMPTS):
            held = self.get(kind, left)
            sources = how({name: held.get(name) for name in left})
            try:
                settled = set(self.write(kind, sources, held))
            except DocumentsRefused as error:
                if set_aside is None:
                    raise
                set_aside(error.why)
                settled = {*error.written, *error.why}
            left = [name for name in left if name in sources and name not in settled]
            if not left:
                return
        raise self.overtaken(left[0])

    def write(
        self, kind: Kind, sources: Mapping[str, Source | None], held: Mapping[str, Held]
    ) -> Mapping[str, Held | None]:
        """Write documents that are as in `held`, or not there: as they are now. What is missing in the answer is
        not so any more, and was not written. Raises `DocumentsRefused`."""
        operations: list[Operation] = []
        for name, source in sources.items():
            before = held.get(name)
            # In the index that it was read from: behind the alias may be another by now, which numbers anew.
            condition: Clause = (
                {}
                if before is None
                else {
                    "_index": before.index,
                    "require_alias": False,
                    "if_seq_no": before.seq_no,
                    "if_primary_term": before.term,
                }
            )
            action = "delete" if source is None else "create" if before is None else "index"
            operations.append((name, [{action: {"_id": name, **condition}}, *([source] if source is not None else [])]))
        done = self._bulk.write(self._indices.alias(kind), operations, require_alias=True)
        return {
            name: None if (source := sources[name]) is None else _held({**result, "_source": source})
            for name, result in done.items()
        }

    def put(self, kind: Kind, sources: Mapping[str, Source]) -> None:
        """Write documents whatever was there. Raises `DocumentsRefused`."""
        operations: list[Operation] = [(name, [{"index": {"_id": name}}, source]) for name, source in sources.items()]
        self._bulk.write(self._indices.alias(kind), operations, require_alias=True)

    def remove(self, kind: Kind, ids: Collection[str]) -> None:
        operations: list[Operation] = [(name, [{"delete": {"_id": name}}]) for name in ids]
        self._bulk.write(self._indices.alias(kind), operations, require_alias=True)

    # --- searches

    def refresh(self, kind: Kind) -> None:
        """What was written is found from now on."""
        with our_errors(self.address):
            self._client.indices.refresh(index=self._indices.alias(kind))

    def search(self, kind: Kind, query: Clause, sort: Sequence[Clause], size: int, **more: Any) -> Sequence[Held]:
        with our_errors(self.address):
            answer = self._client.search(
                index=self._indices.alias(kind),
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
        with our_errors(self.address):
            return int(self._client.count(index=self._indices.alias(kind), query=query)["count"])

    def aggregate(self, kind: Kind, query: Clause, wanted: Mapping[str, Clause]) -> tuple[int, Mapping[str, Any]]:
        """How many match, and the buckets of each aggregation."""
        with our_errors(self.address):
            answer = self._client.search(
                index=self._indices.alias(kind), query=query, size=0, track_total_hits=True, aggregations=wanted
            )
        buckets = {name: found["buckets"] for name, found in answer.get("aggregations", {}).items()}
        return answer["hits"]["total"]["value"], buckets

    def distinct(self, kind: Kind, field: str) -> Iterator[str]:
        """Every value of a keyword field, in order."""
        after: dict[str, Any] = {}
        while True:
            values = {"size": _BATCH, "sources": [{"value": {"terms": {"field": field}}}], **after}
            with our_errors(self.address):
                answer = self._client.search(
                    index=self._indices.alias(kind), size=0, aggregations={"values": {"composite": values}}
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
        with our_errors(self.address):
            stats = self._client.indices.stats(index=self._indices.alias(kind), level="shards", metric="docs")
        (index,) = stats["indices"].values()
        primary = next(shard for shard in index["shards"]["0"] if shard["routing"]["primary"])
        return index["uuid"], int(primary["seq_no"]["local_checkpoint"])

    def close(self) -> None:
        self._client.close()


def _held(document: Mapping[str, Any]) -> Held:
    return Held(
        id=document["_id"],
        source=document.get("_source", {}),
        index=document["_index"],
        seq_no=document["_seq_no"],
        term=document["_primary_term"],
        sort=tuple(document.get("sort", ())),
        score=document.get("_score") or 0.0,
    )
