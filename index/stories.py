"""How stories are kept: who is a member, what a person put there, what joining and parting do. The same everywhere.

An archive lends its `Shelf`; the rules here decide. All writes of one call belong together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from index.errors import StoryNotFound
from index.model import ArticleId, Evidence, FlagKind, ProvinceId, Ruling, RulingField, Story, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The story of an article in one province. `pinned`: a person put it there, and no review takes it away."""

    story_id: StoryId
    pinned: bool = False


class Shelf(Protocol):
    """What the rules need of an archive. Every method with articles raises `ArticleNotFound` for one not held."""

    def held(self, story_id: StoryId) -> Story | None:
        """A story as written; one joined into another still has the articles it had."""
        ...

    def write(self, story: Story) -> None:
        """Keep a story, as the province's latest change."""
        ...

    def lose(self, story_id: StoryId, articles: Collection[ArticleId]) -> None:
        """Write a story `without` these articles, unless it was joined into another: that one keeps what it brought."""
        ...

    def drop(self, story_id: StoryId) -> None: ...

    def joined_into(self, story_id: StoryId) -> Collection[StoryId]:
        """The stories whose `forward` is this one."""
        ...

    def memberships(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, Membership]:
        """Of those that are in a story."""
        ...

    def put(self, province: ProvinceId, memberships: Mapping[ArticleId, Membership | None]) -> None:
        """Of articles whose `memberships` were asked for before."""
        ...

    def times(self, articles: Collection[ArticleId]) -> Mapping[ArticleId, datetime]:
        """When each is placed (`Article.when`)."""
        ...

    def moved(self, province: ProvinceId, articles: Collection[ArticleId]) -> Mapping[ArticleId, str]:
        """To which story the rulings in force put those that a person moved one by one."""
        ...


# --- one story ----------------------------------------------------------------------------------------------------


def shown(story: Story) -> Story:
    """A story as others see it: one that was joined into another holds nothing any more."""
    return replace(story, articles=(), reprints=(), flags=()) if story.forward is not None else story


def _with(shelf: Shelf, story: Story, articles: Collection[ArticleId]) -> Story:
    """The story with these members too, in order of time."""
    times = shelf.times({*story.articles, *articles})
    members = sorted(times, key=lambda article: (times[article], article))
    return replace(story, articles=tuple(members), first_seen=min(story.first_seen, *times.values()))


def without(story: Story, articles: Collection[ArticleId]) -> Story:
    """The story without these members; the review that follows sets its flags right."""
    groups = (tuple(copy for copy in group if copy not in articles) for group in story.reprints)
    return replace(
        story,
        articles=tuple(article for article in story.articles if article not in articles),
        reprints=tuple(group for group in groups if len(group) > 1),
    )


def quoted(story: Story) -> Mapping[ArticleId, frozenset[FlagKind]]:
    """The kinds of flags by which the story quotes each of its articles."""
    found: dict[ArticleId, set[FlagKind]] = {}
    for flag in shown(story).flags:
        for article in (article for evidence in flag.evidence for article in _quotes(evidence)):
            found.setdefault(article, set()).add(flag.kind)
    return {article: frozenset(found[article]) for article in story.articles if article in found}


def _quotes(evidence: Evidence) -> Iterator[ArticleId]:
    yield evidence.article_id
    if evidence.against is not None:
        yield from _quotes(evidence.against)


# --- what machines record -----------------------------------------------------------------------------------------


def story(shelf: Shelf, story_id: StoryId) -> Story:
    """The story, or the survivor it was joined into. Raises `StoryNotFound`."""
    found = _followed(shelf, story_id)
    if found is None:
        raise StoryNotFound(story_id=story_id)
    return found


def _followed(shelf: Shelf, story_id: StoryId) -> Story | None:
    found = shelf.held(story_id)
    while found is not None and found.forward is not None:
        found = shelf.held(found.forward)
    return found


def record(shelf: Shelf, given: Story) -> None:
    """Keep a story as given, but for what a person has put here or elsewhere; a joined one adds to its survivor."""
    held = shelf.held(given.id)
    if held is not None and held.forward is not None:
        survivor = story(shelf, given.id)
        more = set(given.articles) - _elsewhere(shelf, survivor, given.articles)
        _keep(shelf, _with(shelf, survivor, more), pinned=held.articles)
        return
    before = held.articles if held is not None else ()
    members = shelf.memberships(given.province, before)
    here = {article for article, member in members.items() if member == _pinned(given.id)} - set(given.articles)
    kept = without(given, _elsewhere(shelf, given, given.articles))
    _keep(shelf, _with(shelf, kept, here) if here else kept)


def _elsewhere(shelf: Shelf, story: Story, articles: Collection[ArticleId]) -> frozenset[ArticleId]:
    """Those that a person has put into another story."""
    members = shelf.memberships(story.province, articles)
    return frozenset(article for article, member in members.items() if member.pinned and member.story_id != story.id)


def _pinned(story_id: StoryId) -> Membership:
    return Membership(story_id=story_id, pinned=True)


def _keep(shelf: Shelf, kept: Story, pinned: Collection[ArticleId] = ()) -> None:
    """Write a story and who is in it; an article it takes leaves the story it was in."""
    before = shelf.held(kept.id)
    left = set(before.articles if before is not None else ()) - set(kept.articles)
    members = shelf.memberships(kept.province, {*kept.articles, *left})
    put: dict[ArticleId, Membership | None] = {}
    taken: dict[StoryId, set[ArticleId]] = {}
    for article in kept.articles:
        member = members.get(article)
        stays = member is not None and member == _pinned(kept.id)
        put[article] = Membership(story_id=kept.id, pinned=stays or article in pinned)
        if member is not None and member.story_id != kept.id:
            taken.setdefault(member.story_id, set()).add(article)
    for article in left:
        if article in members and members[article].story_id == kept.id:
            put[article] = None
    shelf.put(kept.province, {article: member for article, member in put.items() if member != members.get(article)})
    shelf.write(kept)
    for other, articles in taken.items():
        shelf.lose(other, articles)


# --- what people rule ---------------------------------------------------------------------------------------------


def checked(shelf: Shelf, ruling: Ruling) -> Ruling:
    """The ruling as it is kept: on a joined story it speaks of the survivor, unless it says where to join.

    Raises `ArticleNotFound` or `StoryNotFound` where it speaks of, or joins into, what is not there.
    """
    if ruling.article_id is not None:
        shelf.times((ruling.article_id,))
    if ruling.story_id is None:
        return ruling
    survivor = story(shelf, ruling.story_id)
    if ruling.field is not RulingField.STORY:
        return replace(ruling, story_id=survivor.id)
    if ruling.value is not None:
        story(shelf, StoryId(ruling.value))
    return ruling


def apply(shelf: Shelf, ruling: Ruling) -> Sequence[ArticleId]:
    """Do to the stories what a kept ruling says; the articles that are to be reviewed again."""
    if ruling.story_id is not None:
        if ruling.field is RulingField.STORY:
            return _join(shelf, ruling.story_id, ruling.value)
        ruled = story(shelf, ruling.story_id)
        shelf.write(ruled)
        return ruled.articles
    assert ruling.article_id is not None, "a ruling is about a story or an article"
    if ruling.field is RulingField.STORY:
        return _move(shelf, ruling.province, ruling.article_id, ruling.value)
    for member in shelf.memberships(ruling.province, (ruling.article_id,)).values():
        shelf.write(story(shelf, member.story_id))
    return (ruling.article_id,)


def _join(shelf: Shelf, story_id: StoryId, value: str | None) -> Sequence[ArticleId]:
    """Join a story into another, after it has left the one it was joined into before."""
    before = story(shelf, story_id)
    own = before if before.id == story_id else _part(shelf, story_id, before)
    if value is None:
        return (*own.articles, *before.articles)
    survivor = story(shelf, StoryId(value))
    if survivor.id == own.id:
        return own.articles
    # A kind of sign that only the joining story had comes along: nothing vanishes before the next review.
    kinds = {flag.kind for flag in survivor.flags}
    both = replace(
        _with(shelf, survivor, own.articles),
        reprints=(*survivor.reprints, *own.reprints),
        flags=(*survivor.flags, *(flag for flag in own.flags if flag.kind not in kinds)),
    )
    shelf.write(replace(own, forward=survivor.id))
    _keep(shelf, both, pinned=own.articles)
    return both.articles


def _part(shelf: Shelf, story_id: StoryId, survivor: Story) -> Story:
    """Give a joined story back the articles it brought, but for those that a person has since moved elsewhere."""
    own = shelf.held(story_id)
    assert own is not None, "it was followed to its survivor"
    moved = shelf.moved(own.province, own.articles)
    members = shelf.memberships(own.province, own.articles)
    left = {article for article, member in members.items() if member.story_id not in (survivor.id, story_id)}
    left |= {article for article, story_ruled in moved.items() if story_ruled != story_id}
    own = replace(without(own, left), forward=None)
    _keep(shelf, own, pinned=moved)
    return own


def _move(shelf: Shelf, province: ProvinceId, article_id: ArticleId, value: str | None) -> Sequence[ArticleId]:
    """Move an article to a story, made if need be; without one, the next review places it."""
    member = shelf.memberships(province, (article_id,)).get(article_id)
    left = story(shelf, member.story_id).articles if member is not None else ()
    if value is None:
        shelf.put(province, {article_id: member and replace(member, pinned=False)})
        return (article_id, *left)
    target = StoryId(value)
    if shelf.held(target) is None:
        moment = shelf.times((article_id,))[article_id]
        shelf.write(Story(id=target, province=province, articles=(), first_seen=moment))
    joining = _with(shelf, story(shelf, target), (article_id,))
    _keep(shelf, joining, pinned=(article_id,))
    return (*joining.articles, *left)


# --- what is purged -----------------------------------------------------------------------------------------------


def survivors(shelf: Shelf, story_ids: Collection[StoryId]) -> frozenset[StoryId]:
    """The stories, each followed to the one it was joined into; those that are not there are left out."""
    followed = (_followed(shelf, story_id) for story_id in story_ids)
    return frozenset(found.id for found in followed if found is not None)


def forget(shelf: Shelf, story_ids: Collection[StoryId], purged: Collection[ArticleId]) -> None:
    """Take purged articles out of the stories they were in, of those joined into these, and every word quoted from
    them; a story left without articles goes."""
    for story_id in story_ids:
        forget(shelf, shelf.joined_into(story_id), purged)
        held = shelf.held(story_id)
        if held is None:
            continue
        left = _forgotten(held, purged)
        if left.articles or left.forward is not None:
            shelf.write(left)
        else:
            shelf.drop(story_id)


def _forgotten(story: Story, purged: Collection[ArticleId]) -> Story:
    gone = set(purged)
    left = ((flag, tuple(e for e in flag.evidence if gone.isdisjoint(_quotes(e)))) for flag in story.flags)
    flags = tuple(replace(flag, evidence=evidence) for flag, evidence in left if evidence)
    return replace(without(story, purged), flags=flags)
