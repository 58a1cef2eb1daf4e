"""What the matches of a query are made of, in the embedded archive, inside the caller's transaction."""
# ruff: noqa: S608 (statements are put together from literals of this module; every value is bound)

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from sqlite3 import Connection
from typing import Final

from index import documents
from index.archive import Counted, Facet, Query
from index.clock import local, start_of_day
from index.facets import counted
from index.model import ProvinceId
from index.sqlite_articles import first_slot, moment_of
from index.sqlite_search import matches

_COLUMNS: Final = {Facet.SOURCE: "source_id", Facet.CHANNEL: "channel", Facet.LANGUAGE: "language"}
_TRAITS: Final = {
    "place": Facet.PLACE,
    "tone": Facet.TONE,
    "topic": Facet.TOPIC,
    "flag": Facet.FLAG,
    "quoted": Facet.FLAG,
}
_ASKED: Final = "json_each(?) AS asked CROSS"
"""Slots, and a join that goes through them: the planner would rather go through the table."""


def facets(connection: Connection, query: Query, wanted: Collection[Facet], most: int) -> Mapping[Facet, Counted]:
    """Counted on the newest `most` matches."""
    slots = _newest(connection, query, most)
    counts: dict[Facet, Mapping[str, int]] = {}
    if columns := [facet for facet in wanted if facet in _COLUMNS]:
        counts |= _columns(connection, slots, columns)
    if traits := [facet for facet in wanted if facet in _TRAITS.values()]:
        counts |= _traits(connection, slots, query.province, traits)
    if Facet.STORY in wanted:
        counts[Facet.STORY] = _stories(connection, slots, query.province)
    if Facet.MONTH in wanted:
        counts[Facet.MONTH] = _months(slots[::-1])
    return {facet: counted(facet, counts[facet], len(slots)) for facet in wanted}


def _newest(connection: Connection, query: Query, most: int) -> Sequence[int]:
    found = matches(query)
    if found is None:
        return []
    rows = connection.execute(
        f"SELECT {found.slot} {found.body} ORDER BY {found.slot} DESC LIMIT ?", (*found.values, most)
    )
    return [slot for (slot,) in rows]


def _columns(
    connection: Connection, slots: Sequence[int], wanted: Sequence[Facet]
) -> Mapping[Facet, Mapping[str, int]]:
    columns = ", ".join(_COLUMNS[facet] for facet in wanted)
    rows = connection.execute(
        f"SELECT count(*), {columns} FROM {_ASKED} JOIN articles ON slot = asked.value GROUP BY {columns}",
        (documents.to_json(slots),),
    )
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in wanted}
    for count, *values in rows:
        for facet, value in zip(wanted, values, strict=True):
            counts[facet][value] += count
    return counts


def _traits(
    connection: Connection, slots: Sequence[int], province: ProvinceId, wanted: Sequence[Facet]
) -> Mapping[Facet, Mapping[str, int]]:
    """A sign that a review and a story raise on one article counts once."""
    rows = connection.execute(
        f"SELECT t.kind, t.value FROM {_ASKED} JOIN traits AS t ON t.slot = asked.value WHERE t.province = ?"
        " AND NOT (t.kind = 'quoted' AND EXISTS (SELECT 1 FROM traits AS own WHERE own.slot = t.slot"
        " AND own.province = t.province AND own.kind = 'flag' AND own.value = t.value))",
        (documents.to_json(slots), province),
    )
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in wanted}
    for (kind, value), count in Counter(rows).items():
        facet = _TRAITS[kind]
        if facet in counts:
            counts[facet][value] += count
    return counts


def _stories(connection: Connection, slots: Sequence[int], province: ProvinceId) -> Mapping[str, int]:
    rows = connection.execute(
        f"SELECT story_id, count(*) FROM {_ASKED} JOIN members ON slot = asked.value WHERE province = ? GROUP BY 1",
        (documents.to_json(slots), province),
    )
    return dict(rows.fetchall())


def _months(slots: Sequence[int]) -> Mapping[str, int]:
    """Of slots in order: the months are spans of them, so only their ends are looked for."""
    counts: dict[str, int] = {}
    end = len(slots)
    while end:
        month = local(moment_of(slots[end - 1])).date().replace(day=1)
        start = bisect_left(slots, first_slot(start_of_day(month)), hi=end)
        counts[month.isoformat()[:7]] = end - start
        end = start
    return counts
