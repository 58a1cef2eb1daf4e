"""Reviews, stories and rulings in the embedded archive. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from sqlite3 import Connection
from typing import Final

from index import documents, rulings
from index import stories as story_rules
from index.documents import milliseconds
from index.model import (
    Article,
    ArticleId,
    ProvinceId,
    Review,
    Ruling,
    RulingField,
    Story,
    StoryId,
)
from index.shared_errors import Superseded
from index.sqlite_articles import HIGHEST, LOWEST, ask_for_review, first_slot, newest, slot_of
from index.stories import Membership

_UNEXAMINED: Final = ""


# --- what is pending ----------------------------------------------------------------------------------------------


def knows(connection: Connection, province: ProvinceId) -> bool:
    return connection.execute("SELECT 1 FROM provinces WHERE id = ?", (province,)).fetchone() is not None


def admit(connection: Connection, province: ProvinceId) -> None:
    """From now on a province reviews: everything held waits for it."""
    if not connection.execute("INSERT INTO provinces VALUES (?) ON CONFLICT DO NOTHING", (province,)).rowcount:
        return
    connection.execute(
        "INSERT INTO queue (slot, province) SELECT slot, ? FROM articles WHERE held ORDER BY collected, slot",
        (province,),
    )


def pending(
    connection: Connection, province: ProvinceId, signals: Mapping[str, str], since: datetime | None, limit: int
) -> Sequence[Article]:
    slots = _slots(connection, "SELECT slot FROM queue WHERE province = ? ORDER BY number LIMIT ?", (province, limit))
    sets = connection.execute("SELECT id, fingerprint FROM signal_sets ORDER BY id").fetchall()
    other = [(number, fingerprint) for number, fingerprint in sets if fingerprint != documents.to_json(signals)]
    for number, fingerprint in other:
        # Reviews that left a signal unexamined take turns, so that one long outage holds up nobody.
        order = "number" if fingerprint == _UNEXAMINED else "collected, slot"
        slots += _slots(
            connection,
            "SELECT slot FROM reviews WHERE province = ? AND signals = ? AND collected >= ?"  # noqa: S608
            f" AND slot NOT IN (SELECT slot FROM queue WHERE province = ?) ORDER BY {order} LIMIT ?",
            (province, number, milliseconds(since) if since else LOWEST, province, limit - len(slots)),
        )
    rows = connection.execute(
        "SELECT document FROM json_each(?) AS asked JOIN articles ON slot = asked.value"
        " JOIN versions USING (slot, version) ORDER BY asked.key",
        (documents.to_json(slots),),
    )
    return tuple(documents.from_json(document, Article) for (document,) in rows)


def _slots(connection: Connection, statement: str, values: tuple[object, ...]) -> list[int]:
    return [slot for (slot,) in connection.execute(statement, values)]


# --- recording ----------------------------------------------------------------------------------------------------


def lead(connection: Connection, province: ProvinceId) -> int:
    # Not among the tables that a file is made with: one of before is none the older for it.
    connection.execute("CREATE TABLE IF NOT EXISTS leaders (province TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")
    (number,) = connection.execute(
        "INSERT INTO leaders VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number", (province,)
    ).fetchone()
    return int(number)


def record(
    connection: Connection, reviews: Sequence[Review], stories: Sequence[Story], leader: int | None = None
) -> None:
    for province in {review.province for review in reviews} | {story.province for story in stories}:
        admit(connection, province)
        if leader is not None:
            _check_leads(connection, province, leader)
    for story in stories:
        story_rules.record(StoryShelf(connection), story)
    for review in reviews:
        slot = slot_of(connection, review.article_id)
        (version,) = connection.execute("SELECT version FROM articles WHERE slot = ?", (slot,)).fetchone()
        if review.version == version:
            keep_review(connection, slot, rulings.ruled(review, _in_force(connection, slot, review)))
            connection.execute("DELETE FROM queue WHERE slot = ? AND province = ?", (slot, review.province))


def _check_leads(connection: Connection, province: ProvinceId, leader: int) -> None:
    (number,) = connection.execute("SELECT number FROM leaders WHERE province = ?", (province,)).fetchone()
    if number != leader:
        raise Superseded(province=province)


def _in_force(connection: Connection, slot: int, review: Review) -> Mapping[RulingField, str]:
    of_story = _rulings(connection, review.province, f"story:{story_of(connection, slot, review.province)}")
    return rulings.in_force(of_story, _rulings(connection, review.province, f"article:{review.article_id}"))


def keep_review(connection: Connection, slot: int, review: Review) -> None:
    fingerprint = _UNEXAMINED if review.unexamined else documents.to_json(review.signals)
    connection.execute("INSERT INTO signal_sets (fingerprint) VALUES (?) ON CONFLICT DO NOTHING", (fingerprint,))
    connection.execute(
        "INSERT OR REPLACE INTO reviews (slot, province, signals, collected, standing, document)"
        " SELECT slot, ?, signal_sets.id, collected, ?, ? FROM articles, signal_sets"
        " WHERE slot = ? AND fingerprint = ?",
        (review.province, review.standing, documents.to_json(review), slot, fingerprint),
    )
    connection.execute(
        "DELETE FROM traits WHERE slot = ? AND province = ? AND kind <> 'quoted'", (slot, review.province)
    )
    connection.executemany(
        "INSERT INTO traits VALUES (?, ?, ?, ?)",
        ((slot, review.province, kind, value) for kind, value in documents.traits(review)),
    )


def review(connection: Connection, article_id: ArticleId, province: ProvinceId) -> Review | None:
    return reviews(connection, (article_id,), province).get(article_id)


def reviews(connection: Connection, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, Review]:
    rows = connection.execute(
        # CROSS keeps the order: SQLite would rather read through all of the province's reviews.
        "SELECT id, document FROM articles CROSS JOIN reviews USING (slot)"
        " WHERE id IN (SELECT value FROM json_each(?)) AND province = ?",
        (documents.to_json(list(ids)), province),
    )
    return {ArticleId(article_id): documents.from_json(document, Review) for article_id, document in rows}


# --- stories ------------------------------------------------------------------------------------------------------


class StoryShelf:
    """The `index.stories.Shelf` of the embedded archive, for as long as a transaction lasts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, story_id: StoryId) -> Story | None:
        row = self._connection.execute("SELECT document FROM stories WHERE id = ?", (story_id,)).fetchone()
        return documents.from_json(row[0], Story) if row else None

    def write(self, story: Story) -> None:
        keep_story(self._connection, story)
        self._connection.execute(
            "DELETE FROM traits WHERE province = ? AND kind = 'quoted'"
            " AND slot IN (SELECT slot FROM members WHERE story_id = ?)",
            (story.province, story.id),
        )
        self._connection.executemany(
            "INSERT INTO traits SELECT slot, ?, 'quoted', ? FROM articles WHERE id = ?",
            ((story.province, kind, article) for article, kinds in story_rules.quoted(story).items() for kind in kinds),
        )

    def lose(self, story_id: StoryId, articles: Collection[ArticleId]) -> None:
        held = self.held(story_id)
        if held is not None and held.forward is None:
            self.write(story_rules.without(held, articles))

    def drop(self, story_id: StoryId) -> None:
        self._connection.execute("DELETE FROM stories WHERE id = ?", (story_id,))

    def joined_into(self, story_id: StoryId) -> Collection[StoryId]:
        rows = self._connection.execute("SELECT id FROM stories WHERE forward = ?", (story_id,))
        return [StoryId(joined) for (joined,) in rows]

    def memberships(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, Membership]:
        slots = self._slots(articles)
        rows = self._connection.execute(
            "SELECT slot, story_id, pinned FROM members"
            " WHERE province = ? AND slot IN (SELECT value FROM json_each(?))",
            (province, documents.to_json(list(slots.values()))),
        )
        found = {slot: Membership(story_id=StoryId(story_id), pinned=bool(pinned)) for slot, story_id, pinned in rows}
        return {article: found[slot] for article, slot in slots.items() if slot in found}

    def put(self, province: ProvinceId, memberships: Mapping[ArticleId, Membership | None]) -> None:
        slots = self._slots(memberships)
        for article, member in memberships.items():
            self._connection.execute(
                "DELETE FROM traits WHERE slot = ?1 AND province = ?2 AND kind = 'quoted' AND NOT EXISTS"
                " (SELECT 1 FROM members WHERE slot = ?1 AND province = ?2 AND story_id = ?3)",
                (slots[article], province, member and member.story_id),
            )
            if member is None:
                self._connection.execute(
                    "DELETE FROM members WHERE slot = ? AND province = ?", (slots[article], province)
                )
            else:
                self._connection.execute(
                    "INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?)",
                    (slots[article], province, member.story_id, member.pinned),
                )

    def times(self, articles: Collection[ArticleId]) -> Mapping[ArticleId, datetime]:
        return {article: newest(self._connection, slot).when for article, slot in self._slots(articles).items()}

    def moved(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, str]:
        rulings_on = {article: _rulings(self._connection, province, f"article:{article}") for article in articles}
        return {
            article: ruling.value
            for article, held in rulings_on.items()
            for ruling in held
            if ruling.field is RulingField.STORY and ruling.value is not None
        }

    def _slots(self, articles: Collection[ArticleId]) -> Mapping[ArticleId, int]:
        return {article: slot_of(self._connection, article) for article in articles}


def keep_story(connection: Connection, story: Story) -> None:
    """A story's row, as its province's latest change, placed by the members that it has."""
    (change,) = connection.execute(
        "INSERT INTO story_changes VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
        (story.province,),
    ).fetchone()
    connection.execute(
        "INSERT INTO stories (id, province, forward, latest, changed, document)"
        " VALUES (?1, ?2, ?3, iif(?3 IS NULL, (SELECT max(slot) FROM members WHERE story_id = ?1), NULL), ?4, ?5)"
        " ON CONFLICT DO UPDATE SET forward = excluded.forward, latest = excluded.latest,"
        " changed = excluded.changed, document = excluded.document",
        (story.id, story.province, story.forward, change, documents.to_json(story)),
    )


def story_of(connection: Connection, slot: int, province: ProvinceId) -> StoryId | None:
    row = connection.execute(
        "SELECT story_id FROM members WHERE slot = ? AND province = ?", (slot, province)
    ).fetchone()
    return StoryId(row[0]) if row else None


def stories_of(connection: Connection, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, StoryId]:
    rows = connection.execute(
        "SELECT id, story_id FROM articles CROSS JOIN members USING (slot)"
        " WHERE id IN (SELECT value FROM json_each(?)) AND province = ?",
        (documents.to_json(list(ids)), province),
    )
    return {ArticleId(article_id): StoryId(story_id) for article_id, story_id in rows}


def stories_before(
    connection: Connection, province: ProvinceId, *, since: datetime | None, before: int | None, limit: int
) -> tuple[Sequence[Story], int | None]:
    """The next `limit` stories whose latest article lies before a slot, latest first, and the slot they end at."""
    rows = connection.execute(
        "SELECT document, latest FROM stories WHERE province = ? AND latest >= ? AND latest < ?"
        " ORDER BY latest DESC LIMIT ?",
        (province, first_slot(since) if since else LOWEST, HIGHEST if before is None else before, limit),
    ).fetchall()
    return tuple(documents.from_json(row[0], Story) for row in rows), rows[-1][1] if rows else None


def changed_after(connection: Connection, province: ProvinceId, change: int, limit: int) -> tuple[Sequence[Story], int]:
    """The next `limit` stories after a change, in order of change, and the change they end at."""
    rows = connection.execute(
        "SELECT document, changed FROM stories WHERE province = ? AND changed > ? ORDER BY changed LIMIT ?",
        (province, change, limit),
    ).fetchall()
    return tuple(story_rules.shown(documents.from_json(row[0], Story)) for row in rows), rows[-1][1] if rows else change


# --- rulings ------------------------------------------------------------------------------------------------------


def rulings_in_force(connection: Connection, province: ProvinceId) -> Sequence[Ruling]:
    rows = connection.execute(
        "SELECT document FROM rulings WHERE province = ? AND in_force ORDER BY at, subject, field", (province,)
    )
    return tuple(documents.from_json(document, Ruling) for (document,) in rows)


def _rulings(connection: Connection, province: ProvinceId, subject: str) -> Sequence[Ruling]:
    rows = connection.execute("SELECT document FROM rulings WHERE province = ? AND subject = ?", (province, subject))
    return tuple(documents.from_json(document, Ruling) for (document,) in rows)


def apply(connection: Connection, ruling: Ruling) -> None:
    rulings.check(ruling)
    admit(connection, ruling.province)
    shelf = StoryShelf(connection)
    ruling = story_rules.checked(shelf, ruling)
    if not _keep_ruling(connection, ruling):
        return
    for article in story_rules.apply(shelf, ruling):
        slot = slot_of(connection, article)
        machine = review(connection, article, ruling.province)
        if machine is not None:
            keep_review(connection, slot, rulings.ruled(machine, _in_force(connection, slot, machine)))
        ask_for_review(connection, slot, ruling.province)


def _keep_ruling(connection: Connection, ruling: Ruling) -> bool:
    """Is it new? An older one than the one held, or the same again, changes nothing."""
    subject = f"article:{ruling.article_id}" if ruling.article_id else f"story:{ruling.story_id}"
    held = [r for r in _rulings(connection, ruling.province, subject) if r.field is ruling.field]
    if any(r.at > ruling.at or r == ruling for r in held):
        return False
    write_ruling(connection, ruling)
    return True


def write_ruling(connection: Connection, ruling: Ruling) -> None:
    subject = f"article:{ruling.article_id}" if ruling.article_id else f"story:{ruling.story_id}"
    connection.execute(
        "INSERT OR REPLACE INTO rulings VALUES (?, ?, ?, ?, ?, ?)",
        (
            ruling.province,
            subject,
            ruling.field,
            milliseconds(ruling.at),
            ruling.value is not None,
            documents.to_json(ruling),
        ),
    )
