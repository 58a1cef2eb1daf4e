"""The next index of a kind, built beside the one in use and put in its place while everybody works on.

What is held is copied in turns, each one what was written during the one before, in the order of the numbers that a
server gives to writes (`_seq_no`). Then the old index is closed to writing for the moment that the last turn takes:
writers wait, readers do not notice. The alias is moved at once, and who has read from the old index and writes now is
overtaken, and reads again: a condition names the index that it speaks of.

Nothing runs on the server (`_reindex` would carry no field that is not in `_source`, and lose what is written while it
runs). A migration that is cut off leaves the old index in use; the next one takes away what was half built, and opens
what was left closed. Only one may run at a time; its caller sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from elasticsearch import Elasticsearch

from index.elastic_bulk import Bulk
from index.elastic_client import Login, connect, our_errors
from index.elastic_indices import Index, Indices, Kind, Purpose, Size
from index.elastic_records import record, source
from index.errors import ArchiveRefused

Tell = Callable[[int], None]
"""Is told how many documents were carried over since the last time."""
_AT_ONCE: Final = 200
_FEW: Final = 500
"""So many documents are carried over while writers wait."""
_TURNS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One kind of document, and the index it was carried from and to; how many there are."""

    kind: Kind
    old: str
    new: str
    documents: int


class Migration:
    """What an archive's indices need to be as the program of today makes them."""

    def __init__(self, address: str, login: Login, prefix: str, size: Size | None = None) -> None:
        """With a `size`, articles that lie in another number of shards are carried over too.

        Raises `ArchiveRefused` where there is no whole archive.
        """
        self._place, self._size = address, size
        self._client = connect(address, login)
        self._indices = Indices(self._client, address, prefix)
        try:
            self.due: Sequence[Index] = [index for index in self._indices.whole().values() if self._is_due(index)]
        except BaseException:
            self._client.close()
            raise

    def _is_due(self, index: Index) -> bool:
        grown = self._size is not None and index.kind is Kind.ARTICLES and index.shards != self._size.shards
        return grown or not index.is_sound

    def weigh(self) -> int:
        """How many documents there are to carry over, at least."""
        return sum(self._count(index.name) for index in self.due)

    def run(self, tell: Tell) -> Sequence[Moved]:
        self._mend()
        for name in self._indices.idle(Purpose.BUILDING):
            self._indices.drop(name)
        return [self._migrate(index, tell) for index in self.due]

    def _mend(self) -> None:
        """Let indices in use be that, and take writes, whatever an earlier migration was killed at."""
        for index in self._indices.whole().values():
            if index.purpose == Purpose.LEAVING:
                self._stay(index)
            elif index.purpose == Purpose.BUILDING:
                self._indices.mark(index.name, Purpose.IN_USE)

    def drop_replaced(self) -> Sequence[str]:
        """Take away the indices that earlier migrations have replaced; their names."""
        # One that is leaving and behind no alias has left; its migration did not come to say so.
        replaced = self._indices.idle(Purpose.REPLACED, Purpose.LEAVING)
        for name in replaced:
            self._indices.drop(name)
        return replaced

    def close(self) -> None:
        self._client.close()

    def _migrate(self, old: Index, tell: Tell) -> Moved:
        new = self._indices.following(old.kind)
        self._indices.build(old.kind, new, self._size or Size(shards=old.shards), in_use=False)
        carrying = _Carrying(self._client, self._place, old, new, tell)
        for _ in range(_TURNS):
            if carrying.turn() <= _FEW:
                break
        try:
            self._indices.mark(old.name, Purpose.LEAVING)
            with our_errors(self._place):
                # Answered once every write that was under way is done.
                self._client.indices.add_block(index=old.name, block="write")
            carrying.turn()
            carrying.forget()
            count = self._count(old.name)
            if count != self._count(new):
                raise ArchiveRefused(place=self._place, problem="changed", what=old.kind)
            self._indices.swap(old.kind, old.name, new)
        except BaseException:
            # A swap that nobody answered may be done: what went into the old index then would be lost.
            if self._indices.is_in_use(old):
                self._stay(old)
            raise
        self._indices.mark(old.name, Purpose.REPLACED)
        self._indices.mark(new, Purpose.IN_USE)
        return Moved(kind=old.kind, old=old.name, new=new, documents=count)

    def _stay(self, index: Index) -> None:
        with our_errors(self._place):
            self._client.indices.put_settings(index=index.name, settings={"index.blocks.write": None})
        self._indices.mark(index.name, Purpose.IN_USE)

    def _count(self, name: str) -> int:
        with our_errors(self._place):
            self._client.indices.refresh(index=name)
            return int(self._client.count(index=name)["count"])


class _Carrying:
    """The copy of one index into another, turn by turn."""

    def __init__(self, client: Elasticsearch, place: str, old: Index, new: str, tell: Tell) -> None:
        self._client, self._place, self._old, self._new, self._tell = client, place, old, new, tell
        self._bulk = Bulk(client, place)
        self._carried: dict[str, int] = {}
        """The last write of each shard that is carried over."""

    def turn(self) -> int:
        """Carry over what was written since the last turn; how many documents."""
        reached = self._reached()
        with our_errors(self._place):
            self._client.indices.refresh(index=self._old.name)
        count = 0
        for shard, last in reached.items():
            written = self._written(shard, after=self._carried.get(shard, -1), upto=last)
            while batch := list(islice(written, _AT_ONCE)):
                self._put(batch)
                count += len(batch)
                self._tell(len(batch))
            self._carried[shard] = last
        return count

    def _reached(self) -> Mapping[str, int]:
        """The number of each shard's last write before which nothing is still under way."""
        with our_errors(self._place):
            stats = self._client.indices.stats(index=self._old.name, level="shards", metric="docs")
        (index,) = stats["indices"].values()
        primaries = {
            number: next(shard for shard in copies if shard["routing"]["primary"])
            for number, copies in index["shards"].items()
        }
        return {number: int(shard["seq_no"]["local_checkpoint"]) for number, shard in primaries.items()}

    def _written(self, shard: str, *, after: int, upto: int) -> Iterator[Mapping[str, Any]]:
        while after < upto:
            with our_errors(self._place):
                page = self._client.search(
                    index=self._old.name,
                    preference=f"_shards:{shard}",
                    query={"range": {"_seq_no": {"gt": after, "lte": upto}}},
                    sort=[{"_seq_no": "asc"}],
                    size=_AT_ONCE,
                    track_total_hits=False,
                )["hits"]["hits"]
            if not page:
                return
            yield from page
            after = page[-1]["sort"][0]

    def _put(self, batch: Sequence[Mapping[str, Any]]) -> None:
        written = [
            (hit["_id"], [{"index": {"_id": hit["_id"]}}, _anew(self._old.kind, hit["_source"])]) for hit in batch
        ]
        self._bulk.write(self._new, written, require_alias=False)

    def forget(self) -> None:
        """Take out of the new index what was taken out of the old one: it leaves no number behind."""
        with our_errors(self._place):
            self._client.indices.refresh(index=self._new)
            counts = [self._client.count(index=name)["count"] for name in (self._old.name, self._new)]
        if counts[0] == counts[1]:
            return
        ids = self._ids(self._new)
        while batch := list(islice(ids, _AT_ONCE)):
            with our_errors(self._place):
                found = self._client.mget(index=self._old.name, ids=batch, source=False)["docs"]
                gone = [{"delete": {"_id": one["_id"]}} for one in found if not one["found"]]
                if gone:
                    self._client.bulk(index=self._new, operations=gone)

    def _ids(self, name: str) -> Iterator[str]:
        after: dict[str, Any] = {}
        while True:
            with our_errors(self._place):
                page = self._client.search(
                    index=name, sort=[{"id": "asc"}], size=_AT_ONCE, source=False, track_total_hits=False, **after
                )["hits"]["hits"]
            if not page:
                return
            yield from (hit["_id"] for hit in page)
            after = {"search_after": page[-1]["sort"]}


def _anew(kind: Kind, held: dict[str, Any]) -> Mapping[str, Any]:
    """A document as today's layout has it: what an article is found by is no part of what is read back."""
    return source(record(held)) if kind is Kind.ARTICLES else held
