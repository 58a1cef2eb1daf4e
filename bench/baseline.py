"""Search in news as SQLite's manual has it: one FTS5 table beside a table, indices, GROUP BY and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from bench.recombined import Batch
from index.documents import milliseconds, traits

_TABLES: Final = """
CREATE TABLE news (
    id INTEGER PRIMARY KEY, url TEXT UNIQUE, source TEXT, channel TEXT, language TEXT, published INTEGER,
    title TEXT, text TEXT
);
CREATE INDEX news_published ON news (published);
CREATE TABLE marks (news INTEGER, kind TEXT, value TEXT, PRIMARY KEY (kind, value, news)) WITHOUT ROWID;
CREATE INDEX marks_news ON marks (news);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='news', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2');
"""
_MONTH: Final = "strftime('%Y-%m', published / 1000 + 25200, 'unixepoch')"
_PAGE: Final = "SELECT id, url, source, published, title, text FROM news WHERE id IN"
LIMIT: Final = 20


class Baseline:
    def __init__(self, path: Path) -> None:
        new = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA cache_size = -32000")
        if new:
            self._connection.executescript(_TABLES)

    def add(self, batch: Batch) -> None:
        """Articles with what was found about them, durably."""
        write = self._connection
        write.execute("BEGIN IMMEDIATE")
        for article, review in zip(batch.articles, batch.reviews, strict=True):
            title, text = _plain(article.title), _plain(article.text)
            new = write.execute(
                "INSERT INTO news (url, source, channel, language, published, title, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    article.url,
                    article.source_id,
                    article.channel,
                    article.language,
                    milliseconds(article.when),
                    title,
                    text,
                ),
            ).lastrowid
            write.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (new, title, text))
            write.executemany(
                "INSERT INTO marks VALUES (?, ?, ?)", ((new, kind, value) for kind, value in traits(review))
            )
        write.execute("COMMIT")

    # --- the same questions

    def newest(self) -> int:
        """The first page of everything, and how many there are."""
        return self._newest("SELECT id FROM news", ())

    def containing(self, words: str, page: int = 0) -> int:
        """The newest that hold all words or phrases."""
        return self._newest("SELECT rowid FROM words WHERE words MATCH ?", (words,), page)

    def marked(self, place: str, tone: str) -> int:
        return self._newest(
            "SELECT news FROM marks WHERE kind = 'place' AND value = ? INTERSECT"
            " SELECT news FROM marks WHERE kind = 'tone' AND value = ?",
            (place, tone),
        )

    def _newest(self, ids: str, values: Sequence[object], page: int = 0) -> int:
        self._read(f"{_PAGE} ({ids}) ORDER BY published DESC LIMIT {LIMIT} OFFSET {page * LIMIT}", values)
        return self._count(ids, values)

    def best(self, words: str) -> int:
        """The best by bm25 of all that hold the words."""
        ids = "SELECT rowid FROM words WHERE words MATCH ?"
        self._read(
            "SELECT id, url, source, published, news.title, news.text FROM words JOIN news ON id = words.rowid"
            f" WHERE words MATCH ? ORDER BY bm25(words, 4.0, 1.0) LIMIT {LIMIT}",
            (words,),
        )
        return self._count(ids, (words,))

    def counts(self, words: str | None) -> int:
        """Of all matches, by everything they can be counted by."""
        ids, values = (
            ("SELECT rowid FROM words WHERE words MATCH ?", (words,)) if words else ("SELECT id FROM news", ())
        )
        for column in ("source", "channel", "language", _MONTH):
            self._read(f"SELECT {column}, count(*) FROM news WHERE id IN ({ids}) GROUP BY 1", values)
        self._read(f"SELECT kind, value, count(*) FROM marks WHERE news IN ({ids}) GROUP BY 1, 2", values)
        return self._count(ids, values)

    def _count(self, ids: str, values: Sequence[object]) -> int:
        return int(self._read(f"SELECT count(*) FROM ({ids})", values)[0][0])

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple[int, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _plain(text: str) -> str:
    return text.replace("đ", "d").replace("Đ", "D")
