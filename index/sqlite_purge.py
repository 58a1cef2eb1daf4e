"""Keeping house in the embedded archive, inside the caller's transaction."""
# ruff: noqa: S608 (statements are put together from literals of this module; every value is bound)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection
from typing import Final

from index import documents, stories
from index.archive import Retention
from index.documents import milliseconds
from index.model import Article, ArticleId, StoryId
from index.sqlite_articles import Words, versions
from index.sqlite_reviews import StoryShelf
from index.versions import emptied

# What some province has reviewed, none finds its own or undecided, and none has still to review.
_UNMATCHED: Final = (
    "EXISTS (SELECT 1 FROM reviews AS r WHERE r.slot = a.slot)"
    " AND NOT EXISTS (SELECT 1 FROM reviews AS r WHERE r.slot = a.slot AND r.standing <> 'not_ours')"
    " AND NOT EXISTS (SELECT 1 FROM queue AS q WHERE q.slot = a.slot)"
)
# The plus keeps the planner from asking the index of stories once for every article and story kept.
_NOT_KEPT: Final = (
    "NOT EXISTS (SELECT 1 FROM members AS m WHERE m.slot = a.slot AND +m.story_id IN (SELECT value FROM json_each(?)))"
)
_TEXT: Final = f"a.held AND {_NOT_KEPT} AND (a.collected < ? OR (a.collected < ? AND {_UNMATCHED}))"
_SNAPSHOT: Final = f"a.held AND {_NOT_KEPT} AND {_UNMATCHED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """A retention as values of the statements above."""

    text: tuple[object, ...]
    snapshot: tuple[object, ...]
    readings: int


def _limits(connection: Connection, retention: Retention) -> _Limits:
    kept = documents.to_json(sorted(stories.survivors(StoryShelf(connection), retention.kept)))
    return _Limits(
        text=(kept, milliseconds(retention.matched), milliseconds(retention.unmatched)),
        snapshot=(kept,),
        readings=milliseconds(retention.readings),
    )


def due(connection: Connection, retention: Retention) -> Mapping[str, int]:
    """What `purge` would remove, counted."""
    limits = _limits(connection, retention)

    def count(statement: str, *values: object) -> int:
        return int(connection.execute(statement, values).fetchone()[0])

    return {
        "article_text": count(f"SELECT count(*) FROM articles AS a WHERE {_TEXT}", *limits.text),
        "snapshot_reference": count(
            "SELECT count(*) FROM versions AS v JOIN articles AS a USING (slot)"
            f" WHERE v.snapshot IS NOT NULL AND (({_TEXT}) OR ({_SNAPSHOT}))",
            *limits.text,
            *limits.snapshot,
        ),
        "reading": count("SELECT count(*) FROM readings WHERE at < ?", limits.readings),
    }


def purge(connection: Connection, retention: Retention, *, limit: int) -> Mapping[str, int]:
    """Remove at most `limit` of each kind, and count it; nothing is left when all counts are 0."""
    limits = _limits(connection, retention)
    texts = [
        slot
        for (slot,) in connection.execute(
            f"SELECT slot FROM articles AS a WHERE {_TEXT} LIMIT ?", (*limits.text, limit)
        )
    ]
    words = Words()
    references = sum(_empty(connection, slot, words) for slot in texts)
    words.write(connection)
    _forget(connection, texts)
    unused = connection.execute(
        "SELECT DISTINCT slot FROM versions AS v JOIN articles AS a USING (slot)"
        f" WHERE v.snapshot IS NOT NULL AND {_SNAPSHOT} LIMIT ?",
        (*limits.snapshot, limit),
    ).fetchall()
    references += sum(_drop_snapshots(connection, slot) for (slot,) in unused)
    readings = connection.execute(
        "DELETE FROM readings WHERE (source_id, at) IN (SELECT source_id, at FROM readings WHERE at < ? LIMIT ?)",
        (limits.readings, limit),
    ).rowcount
    return {"article_text": len(texts), "snapshot_reference": references, "reading": readings}


def _empty(connection: Connection, slot: int, words: Words) -> int:
    """Take an article's words out of everywhere; how many snapshots it named."""
    held = versions(connection, slot)
    words.take(slot, held[-1])
    _rewrite(connection, slot, [emptied(version) for version in held])
    connection.execute("UPDATE articles SET held = 0 WHERE slot = ?", (slot,))
    for table in ("reviews", "traits", "queue"):
        connection.execute(f"DELETE FROM {table} WHERE slot = ?", (slot,))
    return sum(version.snapshot is not None for version in held)


def _drop_snapshots(connection: Connection, slot: int) -> int:
    held = versions(connection, slot)
    _rewrite(connection, slot, [replace(version, snapshot=None) for version in held])
    return sum(version.snapshot is not None for version in held)


def _rewrite(connection: Connection, slot: int, held: Sequence[Article]) -> None:
    connection.executemany(
        "UPDATE versions SET snapshot = ?, document = ? WHERE slot = ? AND version = ?",
        ((version.snapshot, documents.to_json(version), slot, version.version) for version in held),
    )


def _forget(connection: Connection, slots: Sequence[int]) -> None:
    """Take purged articles out of their stories, and what was quoted from them."""
    asked = documents.to_json(slots)
    rows = connection.execute(
        "SELECT id, story_id FROM articles LEFT JOIN members USING (slot)"
        " WHERE slot IN (SELECT value FROM json_each(?))",
        (asked,),
    ).fetchall()
    connection.execute("DELETE FROM members WHERE slot IN (SELECT value FROM json_each(?))", (asked,))
    told = {StoryId(story_id) for _, story_id in rows if story_id is not None}
    stories.forget(StoryShelf(connection), told, {ArticleId(article) for article, _ in rows})
