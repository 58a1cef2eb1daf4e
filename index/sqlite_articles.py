"""Articles and their versions in the embedded archive. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection
from typing import Final

from index import documents
from index.archive import Reviewed
from index.documents import milliseconds
from index.errors import ArticleNotFound
from index.model import Article, ArticleId, Extent, ProvinceId, Review, SourceId, StoryId
from index.source import Known, Tally
from index.text import exact_words, fold
from index.versions import next_version

_TIES: Final = 15
"""Bits of a slot that tell apart what fell on one millisecond."""
LOWEST: Final = -(1 << 63)
HIGHEST: Final = (1 << 63) - 1
"""Below and above every slot."""


# --- slots --------------------------------------------------------------------------------------------------------


def first_slot(moment: datetime) -> int:
    """The lowest slot of a moment: what was placed at or after it has this one or a higher."""
    return milliseconds(moment) << _TIES


def moment_of(slot: int) -> datetime:
    return _moment(slot >> _TIES)


def _moment(since_1970: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=since_1970)


def _free_slot(connection: Connection, moment: datetime) -> int:
    """The next free slot of a moment; when it is full, of the millisecond after."""
    start = first_slot(moment)
    while True:
        end = start + (1 << _TIES)
        (last,) = connection.execute(
            "SELECT max(slot) FROM articles WHERE slot >= ? AND slot < ?", (start, end)
        ).fetchone()
        free = start if last is None else int(last) + 1
        if free < end:
            return free
        start = end


def slot_of(connection: Connection, article_id: ArticleId) -> int:
    """Raises `ArticleNotFound`."""
    row = connection.execute("SELECT slot FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise ArticleNotFound(article_id=article_id)
    return int(row[0])


# --- adding -------------------------------------------------------------------------------------------------------


def add(connection: Connection, articles: Sequence[Article]) -> Tally:
    provinces = [province for (province,) in connection.execute("SELECT id FROM provinces")]
    tally, words = Tally(), Words()
    for article in articles:
        tally += _add(connection, article, provinces, words)
    words.write(connection)
    return tally


def _add(connection: Connection, read: Article, provinces: Iterable[str], words: Words) -> Tally:
    row = connection.execute("SELECT slot, held FROM articles WHERE id = ?", (read.id,)).fetchone()
    if row is None:
        first, slot = replace(read, version=1), _free_slot(connection, read.when)
        _keep(connection, slot, first, provinces)
        words.put(slot, first)
        return Tally(new=1)
    slot, has_text = row
    held = newest(connection, slot)
    captured = connection.execute("SELECT content_hash, collected FROM versions WHERE slot = ?", (slot,)).fetchall()
    following = next_version(held, read, captured)
    if following is None:
        connection.execute(
            "UPDATE articles SET read = max(read, ?) WHERE slot = ?", (milliseconds(read.collected), slot)
        )
        return Tally(seen=1)
    if has_text:
        words.take(slot, held)
    slot = _move(connection, slot, following.when)
    _keep(connection, slot, following, provinces)
    words.put(slot, following)
    return Tally(updated=1)


def _keep(connection: Connection, slot: int, article: Article, provinces: Iterable[str]) -> None:
    collected = milliseconds(article.collected)
    connection.execute(
        "INSERT INTO articles (slot, id, version, source_id, channel, language, collected, read, extent)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (slot) DO UPDATE SET version = excluded.version,"
        " source_id = excluded.source_id, channel = excluded.channel, language = excluded.language,"
        " collected = excluded.collected, read = max(read, excluded.read), extent = excluded.extent, held = 1",
        (
            slot,
            article.id,
            article.version,
            article.source_id,
            article.channel,
            article.language,
            collected,
            collected,
            article.extent,
        ),
    )
    connection.execute(
        "INSERT INTO versions (slot, version, content_hash, collected, snapshot, document) VALUES (?, ?, ?, ?, ?, ?)",
        (slot, article.version, article.content_hash, collected, article.snapshot, documents.to_json(article)),
    )
    for province in provinces:
        ask_for_review(connection, slot, province)


def keep_whole(connection: Connection, versions: Sequence[Article], read: int, *, held: bool, words: Words) -> int:
    """An article that is not there, with all its versions, oldest first, as another archive holds it: its slot."""
    slot = _free_slot(connection, versions[-1].when)
    for version in versions:
        _keep(connection, slot, version, ())
    connection.execute("UPDATE articles SET read = ?, held = ? WHERE slot = ?", (read, held, slot))
    if held:
        words.put(slot, versions[-1])
    return slot


def take_whole(connection: Connection, article_id: ArticleId, words: Words) -> None:
    """Take an article out with all that hangs on it, if it is there."""
    row = connection.execute("SELECT slot, held FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return
    slot, held = row
    if held:
        words.take(slot, newest(connection, slot))
    for table in ("queue", "members", "traits", "reviews", "versions", "articles"):
        connection.execute(f"DELETE FROM {table} WHERE slot = ?", (slot,))  # noqa: S608  a literal of this function


def _move(connection: Connection, slot: int, moment: datetime) -> int:
    """Bring an article to where its new time is; everything that hangs on it comes along."""
    if slot >> _TIES == milliseconds(moment):
        return slot
    free = _free_slot(connection, moment)
    connection.execute("UPDATE articles SET slot = ? WHERE slot = ?", (free, slot))
    connection.execute(
        "UPDATE stories SET latest = (SELECT max(slot) FROM members WHERE story_id = id)"
        " WHERE id IN (SELECT story_id FROM members WHERE slot = ?)",
        (free,),
    )
    return free


def ask_for_review(connection: Connection, slot: int, province: str) -> None:
    """Of what was purged there is nothing to review."""
    connection.execute(
        "INSERT INTO queue (slot, province) SELECT slot, ? FROM articles WHERE slot = ? AND held"
        " ON CONFLICT DO NOTHING",
        (province, slot),
    )


# --- full text ----------------------------------------------------------------------------------------------------


class Words:
    """What of a transaction goes into full text and out of it, written at its end, out first, in the order of slots.

    Any other statement in between, and any step back, makes FTS5 write out all it has gathered: added one by one,
    articles cost half as much again.
    """

    def __init__(self) -> None:
        self._out: dict[int, Article] = {}
        self._in: dict[int, Article] = {}

    def put(self, slot: int, article: Article) -> None:
        self._in[slot] = article

    def take(self, slot: int, article: Article) -> None:
        """`article` is the version that is in full text: the very words that went in must be given."""
        if self._in.pop(slot, None) is None:
            self._out[slot] = article

    def write(self, connection: Connection) -> None:
        _merge_seldom(connection)
        for statement, articles in ((_TAKE, self._out), (_PUT, self._in)):
            words = [
                (slot, exact_words(articles[slot].title), exact_words(articles[slot].text)) for slot in sorted(articles)
            ]
            connection.executemany(statement.format("exact"), words)
            connection.executemany(
                statement.format("folded"), ((slot, fold(title), fold(text)) for slot, title, text in words)
            )


_PUT: Final = "INSERT INTO {0} (rowid, title, text) VALUES (?, ?, ?)"
_TAKE: Final = "INSERT INTO {0} ({0}, rowid, title, text) VALUES ('delete', ?, ?, ?)"
_SELDOM: Final = {
    "hashsize": 4_000_000,  # bytes gathered before they are written out: all of a batch of 500 articles, as one segment
    "automerge": 16,  # segments merged into one: a word is written again half as often as by fours
    "crisismerge": 32,  # segments that are merged at once, however long it takes
}


def _merge_seldom(connection: Connection) -> None:
    """Let FTS5 write more at once and merge later: a quarter less work for some segments more that a search asks.

    The file keeps it. Not done where the tables are made: one of before is none the older for it.
    """
    for table in ("exact", "folded"):
        kept = dict(connection.execute(f"SELECT k, v FROM {table}_config"))  # noqa: S608  a literal of this function
        for name, value in _SELDOM.items():
            if kept.get(name) != value:
                connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (name, value))  # noqa: S608


# --- reading ------------------------------------------------------------------------------------------------------


def known(connection: Connection, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
    rows = connection.execute(
        "SELECT id, version, collected, read, extent FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (documents.to_json(list(ids)),),
    )
    return {
        ArticleId(article_id): Known(
            version=version, collected=_moment(collected), read=_moment(read), extent=Extent(extent)
        )
        for article_id, version, collected, read, extent in rows
    }


def newest(connection: Connection, slot: int) -> Article:
    (document,) = connection.execute(
        "SELECT document FROM versions WHERE slot = ? ORDER BY version DESC LIMIT 1", (slot,)
    ).fetchone()
    return documents.from_json(document, Article)


def versions(connection: Connection, slot: int) -> Sequence[Article]:
    rows = connection.execute("SELECT document FROM versions WHERE slot = ? ORDER BY version", (slot,))
    return tuple(documents.from_json(document, Article) for (document,) in rows)


def articles(connection: Connection, ids: Sequence[ArticleId]) -> Sequence[Article]:
    rows = connection.execute(
        "SELECT document FROM json_each(?) AS asked JOIN articles ON articles.id = asked.value AND held"
        " JOIN versions USING (slot, version) ORDER BY asked.key",
        (documents.to_json(list(ids)),),
    )
    return tuple(documents.from_json(document, Article) for (document,) in rows)


def stored_after(
    connection: Connection,
    province: ProvinceId,
    *,
    source: SourceId | None,
    since: datetime | None,
    before: tuple[int, int] | None,
    limit: int,
) -> tuple[Sequence[Reviewed], tuple[int, int] | None]:
    """The next `limit` articles collected before a position, latest first, and the position they end at."""
    conditions, values = ["held"], list[object]()
    if source is not None:
        conditions.append("source_id = ?")
        values.append(source)
    if since is not None:
        conditions.append("articles.collected >= ?")
        values.append(milliseconds(since))
    if before is not None:
        conditions.append("(articles.collected, slot) < (?, ?)")
        values.extend(before)
    rows = connection.execute(
        "SELECT newest.collected, newest.slot, versions.document, reviews.document, story_id FROM"  # noqa: S608
        f" (SELECT collected, slot, version FROM articles WHERE {' AND '.join(conditions)}"
        " ORDER BY articles.collected DESC, slot DESC LIMIT ?) AS newest"
        " JOIN versions USING (slot, version)"
        " LEFT JOIN reviews ON reviews.slot = newest.slot AND reviews.province = ?"
        " LEFT JOIN members ON members.slot = newest.slot AND members.province = ?"
        " ORDER BY newest.collected DESC, newest.slot DESC",
        (*values, limit, province, province),
    ).fetchall()
    found = tuple(
        Reviewed(
            article=documents.from_json(article, Article),
            review=documents.from_json(review, Review) if review else None,
            story_id=StoryId(story) if story else None,
        )
        for _, _, article, review, story in rows
    )
    return found, (rows[-1][0], rows[-1][1]) if rows else None
