"""Reviews, stories and rulings in the embedded archive. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from sqlite3 import Connection
from typing import Final

from index import documents, rulings
from index.documents import milliseconds
from index.errors import StoryNotFound
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
from index.sqlite_articles import HIGHEST, LOWEST, ask_for_review, first_slot, newest, slot_of

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


def record(connection: Connection, reviews: Sequence[Review], stories: Sequence[Story]) -> None:
    for province in {review.province for review in reviews} | {story.province for story in stories}:
        admit(connection, province)
    for story in stories:
        _record_story(connection, story)
    for review in reviews:
        slot = slot_of(connection, review.article_id)
        (version,) = connection.execute("SELECT version FROM articles WHERE slot = ?", (slot,)).fetchone()
        if review.version == version:
            _keep_review(connection, slot, rulings.ruled(review, _in_force(connection, slot, review)))
            connection.execute("DELETE FROM queue WHERE slot = ? AND province = ?", (slot, review.province))


def _in_force(connection: Connection, slot: int, review: Review) -> Mapping[RulingField, str]:
    of_story = _rulings(connection, review.province, f"story:{story_of(connection, slot, review.province)}")
    return rulings.in_force(of_story, _rulings(connection, review.province, f"article:{review.article_id}"))


def _keep_review(connection: Connection, slot: int, review: Review) -> None:
    fingerprint = _UNEXAMINED if review.unexamined else documents.to_json(review.signals)
    connection.execute("INSERT INTO signal_sets (fingerprint) VALUES (?) ON CONFLICT DO NOTHING", (fingerprint,))
    connection.execute(
        "INSERT OR REPLACE INTO reviews (slot, province, signals, collected, standing, document)"
        " SELECT slot, ?, signal_sets.id, collected, ?, ? FROM articles, signal_sets"
        " WHERE slot = ? AND fingerprint = ?",
        (review.province, review.standing, documents.to_json(review), slot, fingerprint),
    )
    connection.execute("DELETE FROM traits WHERE slot = ? AND province = ?", (slot, review.province))
    connection.executemany(
        "INSERT INTO traits VALUES (?, ?, ?, ?)",
        ((slot, review.province, kind, value) for kind, value in documents.traits(review)),
    )


def review(connection: Connection, article_id: ArticleId, province: ProvinceId) -> Review | None:
    return reviews(connection, (article_id,), province).get(article_id)


def reviews(connection: Connection, ids: Collection[ArticleId], province: ProvinceId) -> Mapping[ArticleId, Review]:
    rows = connection.execute(
        "SELECT id, document FROM articles JOIN reviews USING (slot)"
        " WHERE id IN (SELECT value FROM json_each(?)) AND province = ?",
        (documents.to_json(list(ids)), province),
    )
    return {ArticleId(article_id): documents.from_json(document, Review) for article_id, document in rows}


# --- stories ------------------------------------------------------------------------------------------------------


def held_story(connection: Connection, story_id: StoryId) -> Story | None:
    """A story as kept: one joined into another still with the articles it had."""
    row = connection.execute("SELECT document FROM stories WHERE id = ?", (story_id,)).fetchone()
    return documents.from_json(row[0], Story) if row else None


def story(connection: Connection, story_id: StoryId) -> Story:
    """The story, or the survivor it was joined into. Raises `StoryNotFound`."""
    found = held_story(connection, story_id)
    while found is not None and found.forward is not None:
        found = held_story(connection, found.forward)
    if found is None:
        raise StoryNotFound(story_id=story_id)
    return found


def story_of(connection: Connection, slot: int, province: ProvinceId) -> StoryId | None:
    row = connection.execute(
        "SELECT story_id FROM members WHERE slot = ? AND province = ?", (slot, province)
    ).fetchone()
    return StoryId(row[0]) if row else None


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
    return tuple(rulings.shown(documents.from_json(row[0], Story)) for row in rows), rows[-1][1] if rows else change


def _record_story(connection: Connection, given: Story) -> None:
    held = held_story(connection, given.id)
    if held is not None and held.forward is not None:
        survivor = story(connection, given.id)
        keep_story(connection, _with_articles(connection, survivor, _free(connection, given.articles, survivor)))
        return
    free = _free(connection, given.articles, given)
    kept = rulings.without(given, frozenset(given.articles) - free)
    pinned = _pinned(connection, given.id) - frozenset(kept.articles)
    keep_story(connection, _with_articles(connection, kept, pinned) if pinned else kept)


def _free(connection: Connection, articles: Sequence[ArticleId], story: Story) -> frozenset[ArticleId]:
    """Those articles that no person has put into another story."""
    elsewhere = connection.execute(
        "SELECT id FROM articles JOIN members USING (slot) WHERE id IN (SELECT value FROM json_each(?))"
        " AND province = ? AND pinned AND story_id <> ?",
        (documents.to_json(articles), story.province, story.id),
    )
    return frozenset(articles) - {article for (article,) in elsewhere}


def _pinned(connection: Connection, story_id: StoryId) -> frozenset[ArticleId]:
    rows = connection.execute(
        "SELECT id FROM articles JOIN members USING (slot) WHERE story_id = ? AND pinned", (story_id,)
    )
    return frozenset(ArticleId(article) for (article,) in rows)


def _with_articles(connection: Connection, story: Story, articles: Collection[ArticleId]) -> Story:
    return rulings.with_articles(story, articles, lambda article: newest(connection, slot_of(connection, article)).when)


def keep_story(connection: Connection, story: Story) -> None:
    """Write a story; an article it takes leaves the story it was in."""
    slots = [slot_of(connection, article) for article in story.articles]
    asked = documents.to_json(slots)
    taken = connection.execute(
        "SELECT story_id, id FROM members JOIN articles USING (slot) WHERE province = ? AND story_id <> ?"
        " AND slot IN (SELECT value FROM json_each(?))",
        (story.province, story.id, asked),
    ).fetchall()
    connection.execute(
        "DELETE FROM members WHERE story_id = ? AND slot NOT IN (SELECT value FROM json_each(?))", (story.id, asked)
    )
    connection.executemany(
        "INSERT INTO members (slot, province, story_id) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET story_id = excluded.story_id",
        ((slot, story.province, story.id) for slot in slots),
    )
    for other in dict.fromkeys(story_id for story_id, _ in taken):
        left = held_story(connection, other)
        if left is not None:
            write_story(connection, rulings.without(left, {a for story_id, a in taken if story_id == other}))
    write_story(connection, story)


def write_story(connection: Connection, story: Story) -> None:
    """Write a story's own row, as the province's latest change."""
    connection.execute(
        "INSERT INTO stories (id, province, forward, latest, changed, document)"
        " SELECT ?1, ?2, ?3, (SELECT max(slot) FROM members WHERE story_id = ?1), coalesce(max(changed), 0) + 1, ?4"
        " FROM stories WHERE province = ?2"
        " ON CONFLICT DO UPDATE SET forward = excluded.forward, latest = excluded.latest, changed = excluded.changed,"
        " document = excluded.document",
        (story.id, story.province, story.forward, documents.to_json(story)),
    )


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
    if ruling.story_id is not None and ruling.field is not RulingField.STORY:
        ruling = replace(ruling, story_id=story(connection, ruling.story_id).id)
    if not _keep_ruling(connection, ruling):
        return
    for article in _reached(connection, ruling):
        slot = slot_of(connection, article)
        machine = review(connection, article, ruling.province)
        if machine is not None:
            _keep_review(connection, slot, rulings.ruled(machine, _in_force(connection, slot, machine)))
        ask_for_review(connection, slot, ruling.province)


def _keep_ruling(connection: Connection, ruling: Ruling) -> bool:
    """Is it new? An older one than the one held, or the same again, changes nothing."""
    subject = f"article:{ruling.article_id}" if ruling.article_id else f"story:{ruling.story_id}"
    held = [r for r in _rulings(connection, ruling.province, subject) if r.field is ruling.field]
    if any(r.at > ruling.at or r == ruling for r in held):
        return False
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
    return True


def _reached(connection: Connection, ruling: Ruling) -> Sequence[ArticleId]:
    """Do to the stories what a ruling says; the articles that are to be reviewed again."""
    if ruling.story_id is not None:
        if ruling.field is RulingField.STORY:
            return _join(connection, ruling.story_id, ruling.value)
        held = story(connection, ruling.story_id)
        write_story(connection, held)
        return held.articles
    assert ruling.article_id is not None
    if ruling.field is RulingField.STORY:
        return _move(connection, ruling.article_id, ruling)
    held_in = story_of(connection, slot_of(connection, ruling.article_id), ruling.province)
    if held_in is not None:
        write_story(connection, story(connection, held_in))
    return (ruling.article_id,)


def _join(connection: Connection, story_id: StoryId, value: str | None) -> Sequence[ArticleId]:
    """Join a story into another, after it has left the one it was joined into before."""
    before = story(connection, story_id)
    own = before if before.id == story_id else _part(connection, story_id, before)
    if value is None:
        return (*own.articles, *before.articles)
    survivor = story(connection, StoryId(value))
    if survivor.id == own.id:
        return own.articles
    both = rulings.joined(survivor, own, lambda article: newest(connection, slot_of(connection, article)).when)
    keep_story(connection, both)
    _pin(connection, own.province, own.articles, pinned=True)
    write_story(connection, replace(own, forward=survivor.id))
    return both.articles


def _part(connection: Connection, story_id: StoryId, survivor: Story) -> Story:
    """Give a joined story back the articles it brought, but for those that a person has since moved."""
    own = held_story(connection, story_id)
    assert own is not None
    moved = {
        article
        for article in own.articles
        if any(r.value not in (None, story_id) for r in _moves(connection, own.province, article))
    }
    own = replace(rulings.without(own, moved | (set(own.articles) - set(survivor.articles))), forward=None)
    keep_story(connection, own)
    _pin(connection, own.province, own.articles, pinned=False)
    return own


def _move(connection: Connection, article_id: ArticleId, ruling: Ruling) -> Sequence[ArticleId]:
    """Move an article to the story that a ruling names, made if need be; taken back, the next review places it."""
    slot = slot_of(connection, article_id)
    left = story_of(connection, slot, ruling.province)
    reached = story(connection, left).articles if left is not None else ()
    if ruling.value is None:
        _pin(connection, ruling.province, (article_id,), pinned=False)
        return (article_id, *reached)
    target = StoryId(ruling.value)
    if held_story(connection, target) is None:
        first = Story(id=target, province=ruling.province, articles=(), first_seen=newest(connection, slot).when)
        write_story(connection, first)
    joining = _with_articles(connection, story(connection, target), (article_id,))
    keep_story(connection, joining)
    _pin(connection, ruling.province, (article_id,), pinned=True)
    return (*joining.articles, *reached)


def _moves(connection: Connection, province: ProvinceId, article_id: ArticleId) -> Sequence[Ruling]:
    return [r for r in _rulings(connection, province, f"article:{article_id}") if r.field is RulingField.STORY]


def _pin(connection: Connection, province: ProvinceId, articles: Sequence[ArticleId], *, pinned: bool) -> None:
    connection.execute(
        "UPDATE members SET pinned = ? WHERE province = ? AND slot IN"
        " (SELECT slot FROM articles WHERE id IN (SELECT value FROM json_each(?)))",
        (pinned, province, documents.to_json(articles)),
    )
