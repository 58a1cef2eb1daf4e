"""The file of an outbox: what waits for the archive, in order, and what the archive said last about what crawlers ask.

What waits is kept as it was to be written, call by call, and not as an archive would hold it: written later, in the
order in which it came, it makes the archive that it would have made at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from index import documents
from index.documents import milliseconds
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable
from index.model import Article, ArticleId, SourceId
from index.source import Checkpoint, Known, Visit
from index.sqlite_file import Layout, SqliteFile

VERSION: Final = 1
REMEMBERED: Final = timedelta(days=30)
"""How long the archive's last word on an article is kept after it was last met: longer than its page is read again."""
_TABLES: Final = """
-- Numbers rise in the order in which entries were kept, and none is given twice.
CREATE TABLE waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    kept INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX waiting_about ON waiting (kind, about, number);

-- Why the last attempt to write failed; empty after a delivery.
CREATE TABLE refusal (document TEXT NOT NULL);

-- What the archive said last, and when an article was last asked for.
CREATE TABLE articles (id TEXT PRIMARY KEY, met INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX articles_met ON articles (met);
CREATE TABLE checkpoints (source_id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
"""


class Kind(StrEnum):
    """What an entry is, and whose id `about` is: the article's, the source's, the source's, the visit's."""

    ARTICLE = "article"
    CHECKPOINT = "checkpoint"
    READING = "reading"
    VISIT = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    number: int
    kind: Kind
    about: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits: readings of articles, and entries on how sources and visits were read; since when the oldest does,
    and why it could not be written the last time it was tried."""

    articles: int = 0
    others: int = 0
    since: datetime | None = None
    why: ArchiveError | None = None

    def __bool__(self) -> bool:
        return bool(self.articles or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    code: str
    params: Mapping[str, str]


class OutboxFile(SqliteFile):
    def __init__(self, path: Path) -> None:
        """Raises what `SqliteFile` does."""
        super().__init__(path, Layout(tables=_TABLES, version=VERSION, upgrade=_nothing_older))

    # --- what waits

    def put(self, kind: Kind, entries: Sequence[tuple[str, object]], at: datetime) -> None:
        """Keep entries (what each is about, and its value), durably, behind all that waits."""
        rows = [(kind, about, milliseconds(at), documents.to_json(value)) for about, value in entries]
        with self.writing() as connection:
            connection.executemany("INSERT INTO waiting (kind, about, kept, document) VALUES (?, ?, ?, ?)", rows)

    def is_empty(self) -> bool:
        with self.reading() as connection:
            return connection.execute("SELECT 1 FROM waiting LIMIT 1").fetchone() is None

    def first(self, limit: int) -> list[Entry]:
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT number, kind, about, document FROM waiting ORDER BY number LIMIT ?", (limit,)
            ).fetchall()
        return [Entry(number=n, kind=Kind(kind), about=about, document=said) for n, kind, about, said in rows]

    def remove(self, up_to: int) -> None:
        """Let go of the entries up to a number: they are written, and nothing is refused any more."""
        with self.writing() as connection:
            connection.execute("DELETE FROM waiting WHERE number <= ?", (up_to,))
            connection.execute("DELETE FROM refusal")

    def articles(self, ids: Collection[ArticleId]) -> list[Article]:
        """What waits of these articles, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT document FROM waiting WHERE kind = ? AND about IN (SELECT value FROM json_each(?))"
                " ORDER BY number",
                (Kind.ARTICLE, documents.to_json(list(ids))),
            ).fetchall()
        return [documents.from_json(document, Article) for (document,) in rows]

    def checkpoint(self, source_id: SourceId) -> Checkpoint | None:
        """The last one that waits."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT document FROM waiting WHERE kind = ? AND about = ? ORDER BY number DESC LIMIT 1",
                (Kind.CHECKPOINT, source_id),
            ).fetchone()
        return documents.from_json(row[0], Checkpoint) if row else None

    def visits(self) -> list[Visit]:
        """Those that wait, as they were kept last."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT document FROM waiting WHERE number IN"
                " (SELECT max(number) FROM waiting WHERE kind = ? GROUP BY about) ORDER BY number",
                (Kind.VISIT,),
            ).fetchall()
        return [documents.from_json(document, Visit) for (document,) in rows]

    def waiting(self) -> Waiting:
        with self.reading() as connection:
            return _waiting(connection)

    def refused(self, error: ArchiveError) -> None:
        """Note why what waits could not be written."""
        refusal = documents.to_json(_Refusal(code=error.code, params=error.params))
        with self.writing() as connection:
            connection.execute("DELETE FROM refusal")
            connection.execute("INSERT INTO refusal VALUES (?)", (refusal,))

    # --- what the archive said last

    def remember(self, known: Mapping[ArticleId, Known], at: datetime) -> None:
        met, day = milliseconds(at), milliseconds(at - timedelta(days=1))
        with self.writing() as connection:
            connection.executemany(
                "INSERT INTO articles VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET met = excluded.met,"
                " document = excluded.document WHERE document != excluded.document OR met < ?",
                [(name, met, documents.to_json(one), day) for name, one in known.items()],
            )
            connection.execute("DELETE FROM articles WHERE met < ?", (milliseconds(at - REMEMBERED),))

    def remembered(self, ids: Collection[ArticleId]) -> dict[ArticleId, Known]:
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT id, document FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                (documents.to_json(list(ids)),),
            ).fetchall()
        return {ArticleId(name): documents.from_json(document, Known) for name, document in rows}

    def remember_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None:
        document = documents.to_json(checkpoint)
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?)", (source_id, document))

    def remembered_checkpoint(self, source_id: SourceId) -> Checkpoint | None:
        with self.reading() as connection:
            row = connection.execute("SELECT document FROM checkpoints WHERE source_id = ?", (source_id,)).fetchone()
        return documents.from_json(row[0], Checkpoint) if row else None


# --- on a connection of one's own -----------------------------------------------------------------------------------


def count(connection: Connection) -> tuple[int, int, int | None]:
    """Entries of articles, all others, and when the oldest was kept, in milliseconds."""
    articles, others, since = connection.execute(
        "SELECT count(*) FILTER (WHERE kind = ?), count(*) FILTER (WHERE kind != ?), min(kept) FROM waiting",
        (Kind.ARTICLE, Kind.ARTICLE),
    ).fetchone()
    return articles, others, since


def snapshots(connection: Connection) -> frozenset[str]:
    """SHA-256 of every snapshot that an article names which waits."""
    named = connection.execute(
        "SELECT DISTINCT json_extract(document, '$.snapshot') AS snapshot FROM waiting"
        " WHERE kind = ? AND snapshot IS NOT NULL",
        (Kind.ARTICLE,),
    )
    return frozenset(sha256 for (sha256,) in named)


def _waiting(connection: Connection) -> Waiting:
    articles, others, since = count(connection)
    row = connection.execute("SELECT document FROM refusal").fetchone()
    return Waiting(
        articles=articles,
        others=others,
        since=datetime.fromtimestamp(since / 1000, UTC) if since is not None else None,
        why=_error(documents.from_json(row[0], _Refusal)) if row else None,
    )


def _error(refusal: _Refusal) -> ArchiveError:
    kind = ArchiveRefused if refusal.code == ArchiveRefused.code else ArchiveUnavailable
    return kind(**refusal.params)


def _nothing_older(connection: Connection) -> None:
    """There is no earlier version."""
