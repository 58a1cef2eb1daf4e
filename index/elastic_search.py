"""Search on Elasticsearch: the same matches in the same order as every archive, found by the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.archive import Hit, Hits, Query, Sort
from index.documents import milliseconds
from index.elastic_bulk import Clause
from index.elastic_indices import Kind
from index.elastic_records import among, record, story_key, trait_key
from index.elastic_server import Held, Server
from index.errors import MarkUnknown
from index.text import fold, phrases

_RANKED: Final = 3_000
_PAGE: Final = 1_000
_BY_TIME: Final = ({"placed": "desc"}, {"id": "desc"})
_BY_SCORE: Final = ({"_score": "desc"}, *_BY_TIME)
_ALIKE: Final = {"search_type": "dfs_query_then_fetch"}
"""Words weigh by how rare they are in the whole archive, not in the shard that an article lies in."""
_HIGHEST: Final = (1 << 63) - 1
"""What a field of whole numbers can hold; the server refuses a page behind more."""
_NEXT: Final = re.compile(r"([01]):(?:(\d{1,5})|(-?\d{1,19}):(.+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """Behind which hit a page begins: in which part, and there after how many ranked ones or after which by time."""

    part: int = 0
    ranked: int = 0
    behind: tuple[int, str] | None = None

    def __str__(self) -> str:
        return f"{self.part}:{self.ranked}" if self.behind is None else f"{self.part}:{self.behind[0]}:{self.behind[1]}"


def find(server: Server, query: Query) -> Hits:
    everything = matches(query)
    if everything is None:
        return Hits(total=0, hits=())
    server.refresh(Kind.ARTICLES)
    parts = [everything]
    if wanted := phrases(query.text):
        exact = _words("exact", wanted)
        parts = [_all_of(query, exact), {"bool": {**everything["bool"], "must_not": [exact]}}]
    start = _position(query.after, len(parts))
    found: list[tuple[Held, _Position]] = []
    for part in range(start.part, len(parts)):
        position = start if part == start.part else _Position(part=part)
        for one in _in_order(server, query.sort, parts[part], position, query.limit + 1):
            found.append(one)
            if len(found) > query.limit:
                break
        if len(found) > query.limit:
            break
    page = found[: query.limit]
    return Hits(
        total=server.count(Kind.ARTICLES, everything),
        hits=tuple(
            Hit(article=record(held.source).newest, exact=position.part == 0, score=held.score)
            for held, position in page
        ),
        next=str(page[-1][1]) if page and len(found) > query.limit else None,
    )


def _position(after: str | None, parts: int) -> _Position:
    if after is None:
        return _Position()
    found = _NEXT.fullmatch(after)
    if found is None or int(found[1]) >= parts:
        raise MarkUnknown(mark=after)
    if found[2] is not None:
        return _Position(part=int(found[1]), ranked=int(found[2]))
    if not -_HIGHEST <= int(found[3]) <= _HIGHEST:
        raise MarkUnknown(mark=after)
    return _Position(part=int(found[1]), behind=(int(found[3]), found[4]))


# --- order --------------------------------------------------------------------------------------------------------


def _in_order(
    server: Server, sort: Sort, query: Clause, position: _Position, limit: int
) -> Iterator[tuple[Held, _Position]]:
    behind = position.behind
    if sort is Sort.RELEVANCE and behind is None:
        window = nth_newest(server, query, _RANKED)
        yield from _ranked(server, query if window is None else down_to(query, window), position, limit)
        if window is None:
            return
        behind = window
    after: dict[str, Any] = {} if behind is None else {"search_after": list(behind)}
    while page := server.search(Kind.ARTICLES, query, _BY_TIME, min(limit, _PAGE), **after):
        for held in page:
            yield held, _Position(part=position.part, behind=(held.sort[0], held.sort[1]))
        after = {"search_after": list(page[-1].sort)}


def nth_newest(server: Server, query: Clause, number: int) -> tuple[int, str] | None:
    """Time and id of a match counted from the newest; None where there are fewer.

    By time alone, then among those of one time: a server reads the id of everything that it counts by id, which at
    10,000 takes it ten times as long.
    """
    found = server.search(Kind.ARTICLES, query, ({"placed": "desc"},), 1, from_=number - 1, source=False)
    if not found:
        return None
    placed = found[0].sort[0]
    newer = server.count(Kind.ARTICLES, _placed(query, {"range": {"placed": {"gt": placed}}}))
    equal = _placed(query, {"term": {"placed": placed}})
    last = server.search(Kind.ARTICLES, equal, ({"id": "desc"},), 1, from_=number - 1 - newer, source=False)
    return placed, last[0].sort[0] if last else ""  # whoever wrote meanwhile may have taken it away


def down_to(query: Clause, last: tuple[int, str]) -> Clause:
    """What a query finds, from the newest to the one with this time and id."""
    newer = {"range": {"placed": {"gt": last[0]}}}
    equal = {"bool": {"filter": [{"term": {"placed": last[0]}}, {"range": {"id": {"gte": last[1]}}}]}}
    return _placed(query, {"bool": {"should": [newer, equal]}})


def _placed(query: Clause, when: Clause) -> Clause:
    return {"bool": {"must": [query], "filter": [when]}}


def _ranked(server: Server, query: Clause, position: _Position, limit: int) -> Iterator[tuple[Held, _Position]]:
    start = position.ranked
    while start < _RANKED and (
        page := server.search(Kind.ARTICLES, query, _BY_SCORE, min(limit, _RANKED - start), from_=start, **_ALIKE)
    ):
        for held in page:
            start += 1
            yield held, _Position(part=position.part, ranked=start)


# --- what matches -------------------------------------------------------------------------------------------------


def matches(query: Query) -> Clause | None:
    """All that a query finds, exact or not; None where it asks for words and has none."""
    wanted = phrases(query.text)
    if wanted:
        return _all_of(query, _words("folded", [fold(phrase) for phrase in wanted]))
    return None if query.text.strip() else _all_of(query)


def _all_of(query: Query, *words: Clause) -> Clause:
    return {"bool": {"filter": _filters(query), "must": list(words)}}


def _words(field: str, wanted: Sequence[str]) -> Clause:
    """All of the phrases, each in title or text; those in which all stand together score for that too."""

    def anywhere(phrase: str) -> Clause:
        title = {"match_phrase": {f"{field}.title": {"query": phrase, "boost": 4.0}}}
        return {"bool": {"should": [title, {"match_phrase": {f"{field}.text": phrase}}], "minimum_should_match": 1}}

    together = [anywhere(" ".join(wanted))] if len(wanted) > 1 else []
    return {"bool": {"must": [anywhere(phrase) for phrase in wanted], "should": together}}


def _filters(query: Query) -> list[Clause]:
    asked: list[Clause] = [{"term": {"held": True}}]
    for comparison, moment in (("gte", query.since), ("lt", query.until)):
        if moment is not None:
            asked.append({"range": {"placed": {comparison: milliseconds(moment)}}})
    for field, value in (("source_id", query.source), ("channel", query.channel), ("language", query.language)):
        if value is not None:
            asked.append({"term": {field: value}})
    traits = (("flag", query.flag), ("place", query.place), ("topic", query.topic), ("tone", query.tone))
    asked.extend(
        {"term": {"traits": trait_key(query.province, kind, value)}} for kind, value in traits if value is not None
    )
    if query.stories is not None:
        asked.append(among("stories", [story_key(query.province, story) for story in query.stories]))
    return asked
