"""Bringing the file of an earlier version up to date, inside the caller's transaction.

Full text is made anew, from the articles: the words of version 1 were folded in another way. A minute or two for a
hundred thousand articles; whoever opens the file meanwhile waits or is told to ask again later.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Final

from index import documents
from index.model import Article
from index.sqlite_articles import Words

_AT_ONCE: Final = 500
# Signs of a story count for the members that they quote, in evidence or against it.
_QUOTED: Final = """
INSERT OR IGNORE INTO traits
SELECT members.slot, stories.province, 'quoted', json_extract(flag.value, '$.kind')
FROM stories, json_each(stories.document, '$.flags') AS flag, json_tree(flag.value) AS quote
JOIN articles ON articles.id = quote.value
JOIN members ON members.slot = articles.slot AND members.story_id = stories.id
WHERE quote.key = 'article_id' AND stories.forward IS NULL
"""


def from_version_1(connection: Connection) -> None:
    _index_again(connection)
    connection.execute(_QUOTED)


def _index_again(connection: Connection) -> None:
    connection.execute("INSERT INTO exact (exact) VALUES ('delete-all')")
    connection.execute("INSERT INTO folded (folded) VALUES ('delete-all')")
    rows = connection.execute(
        "SELECT slot, document FROM articles JOIN versions USING (slot, version) WHERE held ORDER BY slot"
    )
    while some := rows.fetchmany(_AT_ONCE):
        words = Words()
        for slot, document in some:
            words.put(slot, documents.from_json(document, Article))
        words.write(connection)
