"""Reviews, stories and rulings on Elasticsearch.

A server has no transactions over several documents. What is done here is therefore safe to do again: stories are
written first, and only then do their articles stop to be pending; a ruling counts as applied when all it says is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from index import documents, rulings, stories
from index.documents import milliseconds
from index.elastic_indices import Kind
from index.elastic_records import record, ruling_key, ruling_source, source, subject_of
from index.elastic_server import Held, Overtaken, Server, Source
from index.errors import ArticleNotFound
from index.model import ArticleId, ProvinceId, Review, Ruling, RulingField, Story, StoryId
from index.record import Record, with_member, with_quoted, with_review
from index.shared_errors import Superseded
from index.stories import Membership

_ATTEMPTS: Final = 20
_BY_CHANGE: Final = ({"_seq_no": "asc"},)


def article_records(server: Server, ids: Collection[ArticleId]) -> Mapping[ArticleId, Record]:
    """Raises `ArticleNotFound` where one is not held."""
    found = {ArticleId(name): record(held.source) for name, held in server.get(Kind.ARTICLES, ids).items()}
    for name in ids:
        if name not in found:
            raise ArticleNotFound(article_id=name)
    return found


def change_articles(
    server: Server, ids: Collection[ArticleId], how: Callable[[Mapping[ArticleId, Record]], Mapping[ArticleId, Record]]
) -> None:
    """Read articles and write what `how` makes of them; again for those that somebody else has written meanwhile."""

    def written(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
        records = {ArticleId(name): record(one.source) for name, one in held.items() if one is not None}
        return {name: source(changed) for name, changed in how(records).items()}

    server.change(Kind.ARTICLES, ids, written)


# --- stories ------------------------------------------------------------------------------------------------------


class StoryShelf:
    """The `index.stories.Shelf` of one server, for one piece of work.

    What was read here once stays as it was read, and is written only if it still is so; else the work is `Overtaken`,
    and done again on a new shelf.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stories: dict[StoryId, Held | None] = {}
        self._members: dict[tuple[ProvinceId, ArticleId], Membership | None] = {}

    def read(self, story_ids: Collection[StoryId]) -> None:
        """What will be asked for, in few requests."""
        new = [story_id for story_id in story_ids if story_id not in self._stories]
        found = self._server.get(Kind.STORIES, new)
        self._stories |= {story_id: found.get(story_id) for story_id in new}

    def held(self, story_id: StoryId) -> Story | None:
        self.read((story_id,))
        found = self._stories[story_id]
        return _told(found) if found is not None else None

    def write(self, story: Story) -> None:
        records = article_records(self._server, () if story.forward is not None else story.articles)
        self._write(story.id, story_source(story, records))
        quoted = stories.quoted(story)
        stale = [name for name, held in records.items() if held.quoted.get(story.province) != quoted.get(name)]
        requote(self._server, story.id, stale)

    def lose(self, story_id: StoryId, articles: Collection[ArticleId]) -> None:
        def lost(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
            told = {name: _told(one) for name, one in held.items() if one is not None}
            left = {name: stories.without(one, articles) for name, one in told.items() if one.forward is None}
            return {name: story_source(one, article_records(self._server, one.articles)) for name, one in left.items()}

        self._server.change(Kind.STORIES, (story_id,), lost)
        self._stories.pop(story_id, None)

    def drop(self, story_id: StoryId) -> None:
        self._write(story_id, None)

    def _write(self, story_id: StoryId, story: Source | None) -> None:
        self.held(story_id)
        before = self._stories[story_id]
        written = self._server.write(Kind.STORIES, {story_id: story}, {story_id: before} if before is not None else {})
        if story_id not in written:
            raise self._server.overtaken(story_id)
        self._stories[story_id] = written[story_id]

    def joined_into(self, story_id: StoryId) -> Collection[StoryId]:
        self._server.refresh(Kind.STORIES)
        found = self._server.scan(Kind.STORIES, {"term": {"forward": story_id}}, ({"id": "asc"},))
        return [StoryId(held.id) for held in found]

    def memberships(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, Membership]:
        new = [name for name in articles if (province, name) not in self._members]
        for name, held in article_records(self._server, new).items():
            self._members[province, name] = held.members.get(province)
        found = {name: self._members[province, name] for name in articles}
        return {name: member for name, member in found.items() if member is not None}

    def put(self, province: ProvinceId, memberships: Mapping[ArticleId, Membership | None]) -> None:
        def put(records: Mapping[ArticleId, Record]) -> Mapping[ArticleId, Record]:
            for name, held in records.items():
                if held.members.get(province) != self._members[province, name]:
                    raise self._server.overtaken(name)
            return {name: with_member(held, province, memberships[name]) for name, held in records.items()}

        if memberships:
            self._still_joined()
        change_articles(self._server, memberships, put)
        self._members.update({(province, name): member for name, member in memberships.items()})

    def _still_joined(self) -> None:
        """Write the joined stories that this work has followed as they were: whoever takes such a join back at this
        moment is overtaken, or overtakes this work before an article is moved by it."""
        for story_id, held in list(self._stories.items()):
            if held is not None and _told(held).forward is not None:
                self._write(story_id, held.source)

    def times(self, articles: Collection[ArticleId]) -> Mapping[ArticleId, datetime]:
        return {name: held.newest.when for name, held in article_records(self._server, articles).items()}

    def moved(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, str]:
        keys = {ruling_key(province, f"article:{name}", RulingField.STORY): name for name in articles}
        held = rulings_held(self._server, keys)
        return {keys[key]: ruling.value for key, ruling in held.items() if ruling.value is not None}


def _told(held: Held) -> Story:
    return documents.from_builtins(held.source["record"], Story)


def story_source(story: Story, records: Mapping[ArticleId, Record]) -> Source:
    """The document of a story, placed by these of its articles."""
    placed = [held.newest.when for held in records.values()]
    return {
        "id": story.id,
        "province": story.province,
        "forward": story.forward,
        "latest": milliseconds(max(placed)) if placed else None,
        "record": documents.to_builtins(story),
    }


def requote(server: Server, story_id: StoryId, articles: Collection[ArticleId]) -> None:
    """Let these articles be found by the flags with which a story quotes them now."""
    change_articles(server, articles, partial(_quoted_now, server, story_id))


def _quoted_now(server: Server, story_id: StoryId, records: Mapping[ArticleId, Record]) -> Mapping[ArticleId, Record]:
    """What a story quotes of its articles. Read after them: a story written later overtakes what is written here."""
    told = [_told(held) for held in server.get(Kind.STORIES, (story_id,)).values()]
    return {
        name: with_quoted(held, story.province, stories.quoted(story).get(name, frozenset()))
        for story in told
        for name, held in records.items()
        if story.province in held.members and held.members[story.province].story_id == story_id
    }


def on_shelf(server: Server, work: Callable[[StoryShelf], None]) -> None:
    """Do a piece of work on stories, again where it was overtaken."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work(StoryShelf(server))
        except Overtaken:
            continue
    return work(StoryShelf(server))


# --- rulings ------------------------------------------------------------------------------------------------------


def rulings_held(server: Server, keys: Collection[str]) -> Mapping[str, Ruling]:
    found = server.get(Kind.RULINGS, keys)
    return {key: _said(held) for key, held in found.items()}


def _in_force(
    server: Server, province: ProvinceId, records: Mapping[ArticleId, Record]
) -> Mapping[ArticleId, Mapping[RulingField, str]]:
    """What holds for each of these articles in a province."""

    def keys(subject: str) -> Sequence[str]:
        return [ruling_key(province, subject, ruled) for ruled in RulingField]

    asked = {
        name: (
            keys(f"story:{held.members[province].story_id}") if province in held.members else (),
            keys(f"article:{name}"),
        )
        for name, held in records.items()
    }
    held = rulings_held(server, {key for pair in asked.values() for part in pair for key in part})
    return {
        name: rulings.in_force(*([held[key] for key in part if key in held] for part in pair))
        for name, pair in asked.items()
    }


def apply(server: Server, ruling: Ruling) -> None:
    rulings.check(ruling)
    ruling = stories.checked(StoryShelf(server), ruling)
    key = ruling_key(ruling.province, subject_of(ruling), ruling.field)
    if not _announce(server, key, ruling):
        return

    def to_stories(shelf: StoryShelf) -> None:
        _hold(server, ruling.province, stories.apply(shelf, ruling))

    on_shelf(server, to_stories)
    server.change(
        Kind.RULINGS,
        (key,),
        lambda held: {
            name: {**one.source, "done": True} for name, one in held.items() if one is not None and _said(one) == ruling
        },
    )


def _announce(server: Server, key: str, ruling: Ruling) -> bool:
    """Keep a ruling before anything follows from it, so that every review from now on heeds it. Is there more to do?"""

    def kept(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
        before = held[key]
        if before is not None and (_said(before).at > ruling.at or _said(before) == ruling):
            return {}
        return {key: ruling_source(ruling, done=False)}

    server.change(Kind.RULINGS, (key,), kept)
    now = server.get(Kind.RULINGS, (key,))[key]
    return _said(now) == ruling and not now.source["done"]


def _said(held: Held) -> Ruling:
    return documents.from_builtins(held.source["record"], Ruling)


def _hold(server: Server, province: ProvinceId, articles: Collection[ArticleId]) -> None:
    """Make the rulings hold for the reviews that these articles have, and the articles pending."""

    def held_to(records: Mapping[ArticleId, Record]) -> Mapping[ArticleId, Record]:
        values = _in_force(server, province, records)
        return {
            name: replace(
                held,
                reviewed=held.reviewed - {province},
                reviews={
                    of: rulings.ruled(review, values[name]) if of == province else review
                    for of, review in held.reviews.items()
                },
            )
            for name, held in records.items()
        }

    change_articles(server, articles, held_to)


# --- recording ----------------------------------------------------------------------------------------------------


def lead(server: Server, province: ProvinceId) -> int:
    key, number = _leader_key(province), 0

    def next_number(held: Mapping[str, Held | None]) -> Mapping[str, Source]:
        nonlocal number
        number = _number(held[key]) + 1
        return {key: {"id": key, "kind": "leader", "record": {"number": number}}}

    server.change(Kind.STATE, (key,), next_number)
    return number


def record_all(server: Server, reviews: Sequence[Review], told: Sequence[Story], leader: int | None = None) -> None:
    """A leader is looked for before each story: one that was superseded since writes one at most, and only where
    nobody else has written it meanwhile."""
    article_records(server, {review.article_id for review in reviews} | {name for one in told for name in one.articles})
    for one in told:
        _check_leads(server, one.province, leader)
        on_shelf(server, partial(_record_story, one))
    for province in {review.province for review in reviews}:
        _check_leads(server, province, leader)
        _record_reviews(server, province, {r.article_id: r for r in reviews if r.province == province})


def _check_leads(server: Server, province: ProvinceId, leader: int | None) -> None:
    key = _leader_key(province)
    if leader is not None and _number(server.get(Kind.STATE, (key,)).get(key)) != leader:
        raise Superseded(province=province)


def _leader_key(province: ProvinceId) -> str:
    return f"leader:{province}"


def _number(held: Held | None) -> int:
    return int(held.source["record"]["number"]) if held is not None else 0


def _record_story(story: Story, shelf: StoryShelf) -> None:
    stories.record(shelf, story)


def _record_reviews(server: Server, province: ProvinceId, reviews: Mapping[ArticleId, Review]) -> None:
    def reviewed(records: Mapping[ArticleId, Record]) -> Mapping[ArticleId, Record]:
        # Read after the articles: a ruling that comes later overtakes what is written here.
        values = _in_force(server, province, records)
        return {
            name: with_review(held, rulings.ruled(reviews[name], values[name]))
            for name, held in records.items()
            if reviews[name].version == held.newest.version
        }

    change_articles(server, reviews, reviewed)


def changed_after(
    server: Server, province: ProvinceId, change: int, reached: int, limit: int
) -> tuple[Sequence[Story], int]:
    """The next `limit` stories after a change and up to another, in order of change, and the change they end at."""
    query = {
        "bool": {"filter": [{"term": {"province": province}}, {"range": {"_seq_no": {"gt": change, "lte": reached}}}]}
    }
    found = tuple(server.scan(Kind.STORIES, query, _BY_CHANGE, limit=limit))
    told = tuple(stories.shown(_told(held)) for held in found)
    return told, int(found[-1].sort[0]) if found else change
