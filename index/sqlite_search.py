"""Search in the embedded archive, inside the caller's transaction.

Exact matches come first, then those that match only without marks; each newest first, or the best of its newest 3,000
first and the rest newest first. What matches exactly matches folded too, so the folded table alone counts.

Words are quick to match and many match them: they are counted, and only a page of them is read. To match a phrase is
what takes long, and few do: its matches are read once, and pages and count taken from them.
"""
# ruff: noqa: S608 (statements are put together from literals of this module; every value is bound)

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from sqlite3 import Connection
from typing import Final

from index import documents
from index.archive import Hit, Hits, Query, Sort
from index.errors import MarkUnknown
from index.model import Article
from index.sqlite_articles import HIGHEST, first_slot
from index.text import fold, phrases

_RANKED: Final = 3_000
_SCORE: Final = "-bm25({table}, 4.0, 1.0)"
"""Words of a title weigh four times those of the text."""
_NEXT: Final = re.compile(r"([0-2]):(-?\d{1,19})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Slots that match, as the FROM and WHERE of a statement; `score` is an expression, `exact` as in `Hit`."""

    body: str
    values: tuple[object, ...]
    slot: str
    score: str = "0.0"
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    slot: int
    score: float
    exact: bool
    after: str
    """Where the page after this one begins: which matches, and the slot or the count that lies behind."""


def find(connection: Connection, query: Query) -> Hits:
    everything = matches(query)
    if everything is None:
        return Hits(total=0, hits=())
    wanted = phrases(query.text)
    if query.sort is Sort.NEWEST and any(" " in phrase for phrase in wanted):
        total, parts = _read_once(connection, _exact(query, wanted), everything)
    else:
        total = connection.execute(f"SELECT count(*) {everything.body}", everything.values).fetchone()[0]
        found_by = [_exact(query, wanted), _only_folded(query, wanted)] if wanted else [everything]
        order = _by_relevance if query.sort is Sort.RELEVANCE else _by_time
        parts = [_Part(exact=one.exact, read=partial(order, connection, one)) for one in found_by if total]
    found: list[_Found] = []
    for one in _in_order(query, parts):
        found.append(one)
        if len(found) > query.limit:
            break
    page = found[: query.limit]
    more = len(found) > query.limit and page
    return Hits(total=total, hits=_hits(connection, page), next=page[-1].after if more else None)


# --- order --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The exact matches, or the others. `read` gives slot, score and position of at most so many behind a position."""

    exact: bool
    read: Callable[[int | None, int], Iterator[tuple[int, float, int]]]


def _in_order(query: Query, parts: Sequence[_Part]) -> Iterator[_Found]:
    first, behind = _position(query.after, len(parts))
    for number, part in enumerate(parts[first:], start=first):
        for slot, score, after in part.read(behind, query.limit + 1):
            yield _Found(slot=slot, score=score, exact=part.exact, after=f"{number}:{after}")
        behind = None


def _position(after: str | None, parts: int) -> tuple[int, int | None]:
    if after is None:
        return 0, None
    found = _NEXT.fullmatch(after)
    if found is None or int(found[1]) >= parts or not -HIGHEST <= int(found[2]) <= HIGHEST:
        raise MarkUnknown(mark=after)
    return int(found[1]), int(found[2])


def _by_time(
    connection: Connection, matches: Matches, behind: int | None, limit: int
) -> Iterator[tuple[int, float, int]]:
    rows = connection.execute(
        f"SELECT {matches.slot} {matches.body} AND {matches.slot} < ? ORDER BY {matches.slot} DESC LIMIT ?",
        (*matches.values, HIGHEST if behind is None else behind, limit),
    )
    return ((slot, 0.0, slot) for (slot,) in rows)


def _read_once(connection: Connection, exact: Matches, everything: Matches) -> tuple[int, Sequence[_Part]]:
    first, both = (
        [slot for (slot,) in connection.execute(f"SELECT {one.slot} {one.body} ORDER BY {one.slot}", one.values)]
        for one in (exact, everything)
    )
    others = sorted(set(both).difference(first))
    parts = [_Part(exact=True, read=partial(_from, first)), _Part(exact=False, read=partial(_from, others))]
    return len(both), parts


def _from(slots: Sequence[int], behind: int | None, limit: int) -> Iterator[tuple[int, float, int]]:
    end = len(slots) if behind is None else bisect_left(slots, behind)
    return ((slot, 0.0, slot) for slot in reversed(slots[max(end - limit, 0) : end]))


def _by_relevance(
    connection: Connection, matches: Matches, behind: int | None, limit: int
) -> Iterator[tuple[int, float, int]]:
    """The count that lies behind is the position: scores have no order that outlives the next article."""
    newest = f"{matches.body} ORDER BY {matches.slot} DESC LIMIT"
    ranked = connection.execute(
        f"SELECT slot, score FROM (SELECT {matches.slot} AS slot, {matches.score} AS score {newest} ?)"
        " ORDER BY score DESC, slot DESC LIMIT ? OFFSET ?",
        (*matches.values, _RANKED, limit, behind or 0),
    )
    position = behind or 0
    for slot, score in ranked:
        position += 1
        yield slot, score, position
    if position < _RANKED:
        return
    rest = connection.execute(
        f"SELECT {matches.slot}, {matches.score} {newest} ? OFFSET ?",
        (*matches.values, limit, position),
    )
    for slot, score in rest:
        position += 1
        yield slot, score, position


# --- what matches -------------------------------------------------------------------------------------------------


def matches(query: Query) -> Matches | None:
    """All that a query finds, exact or not; None where it asks for words and has none."""
    wanted = phrases(query.text)
    if wanted:
        return _folded(query, wanted)
    return None if query.text.strip() else _all(query)


def _exact(query: Query, wanted: Sequence[str]) -> Matches:
    return _words(query, "exact", wanted)


def _folded(query: Query, wanted: Sequence[str]) -> Matches:
    return _words(query, "folded", [fold(phrase) for phrase in wanted])


def _only_folded(query: Query, wanted: Sequence[str]) -> Matches:
    folded = _folded(query, wanted)
    return Matches(
        body=f"{folded.body} AND folded.rowid NOT IN (SELECT rowid FROM exact WHERE exact MATCH ?)",
        values=(*folded.values, _expression(wanted)),
        slot=folded.slot,
        score=folded.score,
        exact=False,
    )


def _words(query: Query, table: str, wanted: Sequence[str]) -> Matches:
    slot = f"{table}.rowid"
    conditions, values = _conditions(query, slot, _narrowings(query))
    expression = _expression(wanted)
    if query.sort is Sort.RELEVANCE and len(wanted) > 1:
        # The same matches; those in which all words stand together score for that too.
        expression = f'({expression}) OR "{" ".join(wanted)}"'
    return Matches(
        body=f"FROM {table} WHERE {table} MATCH ?{conditions}",
        values=(expression, *values),
        slot=slot,
        score=_SCORE.format(table=table),
    )


def _expression(wanted: Sequence[str]) -> str:
    """All of the phrases, each a string to FTS5: they are letters, figures and spaces, as `phrases` makes them."""
    return " AND ".join(f'"{phrase}"' for phrase in wanted)


def _all(query: Query) -> Matches:
    """Everything that the filters let through, by the first one that few articles may pass where there is one."""
    narrowings = _narrowings(query)
    if not narrowings:
        conditions, values = _conditions(query, "articles.slot", ())
        return Matches(body=f"FROM articles WHERE held{conditions}", values=values, slot="articles.slot")
    first, *others = narrowings
    conditions, values = _conditions(query, "few.slot", others)
    few = f"SELECT {first.slots} FROM {first.table} WHERE {first.where}"
    return Matches(body=f"FROM ({few}) AS few WHERE true{conditions}", values=(*first.values, *values), slot="few.slot")


# --- filters ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Narrowing:
    """A filter that few articles may pass: those of which `table` has a row that fits. Those of fewest stand first."""

    table: str
    where: str
    values: tuple[object, ...]
    slots: str = "slot"


def _narrowings(query: Query) -> Sequence[_Narrowing]:
    found = []
    if query.stories is not None:
        found.append(
            _Narrowing(
                table="members",
                where="province = ? AND story_id IN (SELECT value FROM json_each(?))",
                values=(query.province, documents.to_json(query.stories)),
            )
        )
    traits = (
        ("kind IN ('flag', 'quoted')", query.flag, "DISTINCT slot"),
        ("kind = 'place'", query.place, "slot"),
        ("kind = 'topic'", query.topic, "slot"),
        ("kind = 'tone'", query.tone, "slot"),
    )
    for kind, value, slots in traits:
        if value is not None:
            where = f"province = ? AND {kind} AND value = ?"
            found.append(_Narrowing(table="traits", where=where, values=(query.province, value), slots=slots))
    for column, value in (("source_id", query.source), ("channel", query.channel), ("language", query.language)):
        if value is not None:
            found.append(_Narrowing(table="articles", where=f"held AND {column} = ?", values=(value,)))
    return found


def _conditions(query: Query, slot: str, narrowings: Sequence[_Narrowing]) -> tuple[str, tuple[object, ...]]:
    """The filters of a query, and these of the narrowing ones, on the article at `slot`."""
    conditions, values = "", list[object]()
    for comparison, moment in ((">=", query.since), ("<", query.until)):
        if moment is not None:
            conditions += f" AND {slot} {comparison} ?"
            values.append(first_slot(moment))
    for one in narrowings:
        conditions += f" AND EXISTS (SELECT 1 FROM {one.table} AS n WHERE n.slot = {slot} AND {one.where})"
        values.extend(one.values)
    return conditions, tuple(values)


# --- what is shown ------------------------------------------------------------------------------------------------


def _hits(connection: Connection, page: Sequence[_Found]) -> tuple[Hit, ...]:
    rows = connection.execute(
        "SELECT document FROM json_each(?) AS asked JOIN articles ON slot = asked.value"
        " JOIN versions USING (slot, version) ORDER BY asked.key",
        (documents.to_json([one.slot for one in page]),),
    )
    return tuple(
        Hit(article=documents.from_json(document, Article), exact=one.exact, score=one.score)
        for (document,), one in zip(rows, page, strict=True)
    )
