"""The embedded archive's file and its tables.

`articles.slot` is an article's place on the time line: the milliseconds of `Article.when`, and 15 bits that tell apart
what fell on the same one. It is the key of everything, the full-text tables' row ids included, so that newest first is
the order of rows and a span of time a range of them. An article whose time changes takes another slot; what hangs on
it follows by foreign key.

The full-text tables keep no text, only words. To take an article out they must be told the very words that went in:
whoever changes `index.text.exact_words` or `fold` raises `VERSION` and has them made anew (`index.sqlite_upgrade`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.sqlite_file import PATIENCE, Layout, SqliteFile
from index.sqlite_upgrade import from_version_1

VERSION: Final = 2

_TABLES: Final = """
CREATE TABLE identity (token TEXT NOT NULL);
INSERT INTO identity VALUES (lower(hex(randomblob(8))));

CREATE TABLE articles (
    slot INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    collected INTEGER NOT NULL,
    read INTEGER NOT NULL,
    extent TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 1
);
-- `held` stands in it so that counting reads nothing else.
CREATE INDEX articles_collected ON articles (collected, slot, held) WHERE held;
CREATE INDEX articles_source ON articles (source_id, collected, slot) WHERE held;

CREATE TABLE versions (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    version INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    collected INTEGER NOT NULL,
    snapshot TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (slot, version)
);
CREATE INDEX versions_snapshot ON versions (snapshot) WHERE snapshot IS NOT NULL;

CREATE VIRTUAL TABLE exact USING fts5(title, text, content='', tokenize='ascii');
CREATE VIRTUAL TABLE folded USING fts5(title, text, content='', tokenize='ascii');

-- Provinces that have asked what is pending, and what each has still to review, oldest request first.
CREATE TABLE provinces (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE queue (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    UNIQUE (slot, province)
);
CREATE INDEX queue_province ON queue (province, number);

-- `signals` is one of signal_sets; the empty fingerprint stands for reviews that left a signal unexamined.
CREATE TABLE signal_sets (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE);
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    signals INTEGER NOT NULL REFERENCES signal_sets,
    collected INTEGER NOT NULL,
    standing TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (slot, province)
);
CREATE INDEX reviews_signals ON reviews (province, signals, collected);

-- What search filters by: of reviews that are not NOT_OURS place, tone, topic and flag; quoted is a flag of its story
-- that quotes the article.
CREATE TABLE traits (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (slot, province, kind, value)
) WITHOUT ROWID;
CREATE INDEX traits_value ON traits (province, kind, value, slot);

-- The last number that a change of a story had; it only rises, also where the story that had it is gone.
CREATE TABLE story_changes (
    province TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;
-- `changed` is of `story_changes`; `latest` is the slot of the latest article, NULL where there is none.
CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    province TEXT NOT NULL,
    forward TEXT,
    latest INTEGER,
    changed INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX stories_changed ON stories (province, changed);
CREATE INDEX stories_latest ON stories (province, latest) WHERE latest IS NOT NULL;
CREATE INDEX stories_forward ON stories (forward) WHERE forward IS NOT NULL;
-- `pinned`: a person put the article there, and no review takes it away.
CREATE TABLE members (
    slot INTEGER NOT NULL REFERENCES articles ON UPDATE CASCADE,
    province TEXT NOT NULL,
    story_id TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, province)
) WITHOUT ROWID;
CREATE INDEX members_story ON members (story_id);

-- One row a subject and field, the latest; taken back where the document's value is null.
CREATE TABLE rulings (
    province TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    at INTEGER NOT NULL,
    in_force INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (province, subject, field)
) WITHOUT ROWID;

CREATE TABLE checkpoints (source_id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE readings (
    source_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (source_id, at)
) WITHOUT ROWID;
CREATE INDEX readings_at ON readings (at);
CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    requested INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    done INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX visits_due ON visits (requested) WHERE NOT done;
CREATE INDEX visits_requested ON visits (requested);
"""


class ArchiveFile(SqliteFile):
    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Raises what `SqliteFile` does."""
        super().__init__(path, Layout(tables=_TABLES, version=VERSION, upgrade=from_version_1), patience=patience)
        with self.reading() as connection:
            (self.identity,) = connection.execute("SELECT token FROM identity").fetchone()
