"""Groups articles about the same happening, as they arrive. A story's id never changes; a joined one forwards.

An article joins the story whose recent articles its headline and lead are most like (cosine of weighted pairs of
syllables), or whose text it copies. Stories that grew alike become one; the older keeps its id. Where people said what
belongs together, nothing is moved.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from classifier.reprints import Copies, Runs, joined, runs
from classifier.words import Words, cut
from index.model import Article, ArticleId, Place, ProvinceId, Story, StoryId

WINDOW: Final = timedelta(days=4)
"""How far apart two articles may lie to be compared."""
REMEMBERED: Final = timedelta(days=14)
_LIKE: Final = 0.15
_FRAGMENT: Final = 3
"""Articles up to which a story is taken for a piece of another that is this much alike …"""
_PIECE: Final = 0.2
_ONE: Final = 0.35
"""… while two grown stories must be more alike to be one."""
_NEAR: Final = 0.08
"""Likeness to a new article from which on a story may be joined with the one it enters."""
_LEAD: Final = 60
_HEADLINE: Final = 2.0
_PLACE: Final = 6.0
"""What a place that both name counts, in pairs of syllables."""
_FEWEST: Final = 400
"""Texts from which on counts of pairs mean something; fewer are filled up."""

Vector = Mapping[str, float]
_Text = tuple[ArticleId, str, datetime, tuple[Place, ...]]
"""What a profile is made of; the hash stands for the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What of an article stories are compared by: pairs of syllables of headline and lead, and runs of its text."""

    article_id: ArticleId
    when: datetime
    pairs: Mapping[str, float]
    text: Runs


def profile(article: Article, places: tuple[Place, ...]) -> Profile:
    """`places`: those the article is about. Their names count once each, not as words: the rarer, the more they say."""
    title, text = cut(article.title), cut(article.text)
    names = {pair for place in places for pair in _pairs(cut(_proper(place.as_written)))}
    pairs: dict[str, float] = defaultdict(float)
    for words, until, weight in ((title, None, _HEADLINE), (text, _LEAD, 1.0)):
        for pair in _pairs(words, until):
            if pair not in names:
                pairs[pair] += weight
    pairs.update((f"@{place.name}", _PLACE) for place in places)
    return Profile(article_id=article.id, when=article.when, pairs=pairs, text=runs(text))


class Profiles:
    """Profiles made before, kept from run to run: making one costs more than all that is done with it."""

    def __init__(self) -> None:
        self._made: dict[_Text, Profile] = {}

    def window(
        self, articles: Iterable[Article], places: Mapping[ArticleId, tuple[Place, ...]]
    ) -> Mapping[ArticleId, Profile]:
        """The profiles of all that is to be remembered; every other is forgotten."""
        before, self._made = self._made, {}
        for article in articles:
            about = places.get(article.id, ())
            text = _text(article, about)
            self._made[text] = before.get(text) or profile(article, about)
        return {one.article_id: one for one in self._made.values()}

    def of(self, article: Article, places: tuple[Place, ...]) -> Profile:
        text = _text(article, places)
        if text not in self._made:
            self._made[text] = profile(article, places)
        return self._made[text]


def _text(article: Article, places: tuple[Place, ...]) -> _Text:
    return article.id, article.content_hash, article.when, places


def _proper(name: str) -> str:
    """The name in a name: "phố cổ Đồng Văn" -> "Đồng Văn"."""
    return " ".join(word for word in name.split() if not word[0].islower())


def _pairs(words: Words, until: int | None = None) -> Iterator[str]:
    for first, second in pairwise(words.keys[:until]):
        if first[0].isalnum() and second[0].isalnum():
            yield f"{first} {second}"


class Rarity:
    """How much a pair says: the fewer texts have it, the more."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._texts = 0
        self._having: Counter[str] = Counter()
        self.learn(profiles)

    def learn(self, profiles: Iterable[Profile]) -> None:
        for one in profiles:
            self._texts += 1
            self._having.update(one.pairs.keys())

    def vector(self, pairs: Mapping[str, float]) -> Vector:
        """Weighted and of length 1."""
        texts = max(self._texts, _FEWEST) + 1
        weighted = {
            pair: (1 + math.log(count)) * math.log(texts / max(1, self._having[pair])) for pair, count in pairs.items()
        }
        length = math.sqrt(sum(value * value for value in weighted.values())) or 1.0
        return {pair: value / length for pair, value in weighted.items()}


@dataclass(slots=True)
class _Group:
    """A story in the making."""

    id: StoryId
    first_seen: datetime
    members: dict[ArticleId, datetime] = field(default_factory=dict)
    copies: list[frozenset[ArticleId]] = field(default_factory=list)
    forward: StoryId | None = None


class Stories:
    """Stories of one province, and where a new article belongs among them.

    `pinned`: articles that a person put where they are; `ruled`: stories of which a person said something. Neither are
    joined into others. `taken`: is an id that of a story with articles, be it one not held here? Only members that have
    a profile are compared with.
    """

    def __init__(
        self,
        province: ProvinceId,
        stories: Iterable[Story],
        profiles: Mapping[ArticleId, Profile],
        rarity: Rarity,
        pinned: Collection[ArticleId] = (),
        *,
        ruled: Collection[StoryId] = (),
        taken: Callable[[StoryId], bool] = lambda _: False,
    ) -> None:
        self._province = province
        self._rarity = rarity
        self._pinned = frozenset(pinned)
        self._said_of = frozenset(ruled)
        self._taken = taken
        self._groups: dict[StoryId, _Group] = {}
        self._story_of: dict[ArticleId, StoryId] = {}
        self._vectors: dict[ArticleId, Vector] = {}
        self._holding: dict[str, set[StoryId]] = defaultdict(set)
        self._texts = Copies()
        self._changed: dict[StoryId, None] = {}
        for story in stories:
            self.hold(story, profiles)

    def hold(self, story: Story, profiles: Mapping[ArticleId, Profile]) -> None:
        """Know a story as it is kept, however old; needed before an article of it is added again or removed."""
        for article in story.articles:
            self._leave(article)
        group = _Group(id=story.id, first_seen=story.first_seen, copies=[frozenset(c) for c in story.reprints])
        self._groups[story.id] = group
        for article in story.articles:
            known = profiles.get(article)
            if known is not None:
                self._enter(group, known)
            else:
                group.members[article] = story.first_seen
                self._story_of[article] = story.id

    def of(self, article: ArticleId) -> StoryId | None:
        """The story that an article is in."""
        return self._story_of.get(article)

    def add(self, one: Profile) -> StoryId:
        """Place an article, or note its new words; the story it is in."""
        group = self._groups.get(self._story_of.get(one.article_id, StoryId("")))
        vector = self._rarity.vector(one.pairs)
        likeness = self._likeness(one, vector)
        near = [story for story in sorted(likeness, key=lambda s: (-likeness[s], s)) if likeness[story] >= _NEAR]
        copied = frozenset(
            self._texts.of(one.text, one.when, (a for story in near for a in self._groups[story].members))
        ) - {one.article_id}
        if group is None:
            alike = [story for story in near if likeness[story] >= _LIKE]
            group = self._choose(copied, alike) or self._found(one)
        self._enter(group, one)
        inside = copied & group.members.keys()
        group.copies = [copies - {one.article_id} for copies in group.copies]
        if inside:
            group.copies.append(frozenset({one.article_id}) | inside)
        self._changed[group.id] = None
        self._join_alike(group, {story: likeness[story] for story in near})
        return self._story_of[one.article_id]

    def remove(self, article: ArticleId) -> None:
        """An article that turned out not to be ours leaves its story."""
        story = self._leave(article)
        if story is not None:
            self._texts.remove(article)
            self._changed[story] = None

    def changed(self) -> list[Story]:
        """The stories changed since the last call, without flags; a joined one after the story it was joined into."""
        stories = [self._story(self._groups[story]) for story in self._changed]
        self._changed.clear()
        return sorted(stories, key=lambda story: story.forward is not None)

    # --- choosing

    def _choose(self, copied: Collection[ArticleId], alike: Sequence[StoryId]) -> _Group | None:
        """The story with most of the texts it copies, else the one it is most like."""
        homes = Counter(self._story_of[article] for article in sorted(copied) if article in self._story_of)
        if homes:
            return self._groups[homes.most_common(1)[0][0]]
        return self._groups[alike[0]] if alike else None

    def _likeness(self, one: Profile, vector: Vector) -> Mapping[StoryId, float]:
        """Cosine with the middle of each story's articles of about the same time."""
        candidates = {story for pair in vector for story in self._holding.get(pair, ())}
        found: dict[StoryId, float] = {}
        for story in candidates:
            members = self._groups[story].members
            vectors = [
                self._vectors[article]
                for article, when in members.items()
                if article != one.article_id and article in self._vectors and abs(when - one.when) <= WINDOW
            ]
            if vectors:
                found[story] = _cosine(vector, _middle(vectors))
        return found

    def _join_alike(self, group: _Group, near: Mapping[StoryId, float]) -> None:
        """Join stories that the new article, alike to each as given, brought close to each other."""
        for story, likeness in near.items():
            other = self._groups[story]
            if other is group or group.forward or other.forward or self._ruled(group) or self._ruled(other):
                continue
            smaller, larger = sorted((len(group.members), len(other.members)))
            together = _cosine(self._middle_of(group), self._middle_of(other))
            if (
                together >= _ONE
                or (smaller <= _FRAGMENT and together >= _PIECE)
                or (larger <= _FRAGMENT and likeness >= _LIKE)
            ):
                survivor, lost = sorted((group, other), key=lambda g: (g.first_seen, g.id))
                self._join(survivor, lost)
                group = survivor

    def _join(self, survivor: _Group, lost: _Group) -> None:
        for article in list(lost.members):
            survivor.members[article] = lost.members[article]
            self._story_of[article] = survivor.id
        for pair in {p for a in lost.members for p in self._vectors.get(a, ())}:
            self._holding[pair].discard(lost.id)
            self._holding[pair].add(survivor.id)
        survivor.copies += lost.copies
        survivor.first_seen = min(survivor.first_seen, lost.first_seen)
        lost.forward = survivor.id
        lost.members.clear()
        lost.copies.clear()
        self._changed[survivor.id] = None
        self._changed[lost.id] = None

    def _ruled(self, group: _Group) -> bool:
        return group.id in self._said_of or any(article in self._pinned for article in group.members)

    # --- keeping

    def _leave(self, article: ArticleId) -> StoryId | None:
        """The story that an article was in until now."""
        story = self._story_of.pop(article, None)
        if story is not None:
            group = self._groups[story]
            group.members.pop(article, None)
            group.copies = [copies - {article} for copies in group.copies]
        return story

    def _found(self, one: Profile) -> _Group:
        """A new story, its id made from its first article; one that lost all its articles is taken up again."""
        number = 0
        while not self._free(story := _story_id(self._province, one.article_id, number)):
            number += 1
        return self._groups.setdefault(story, _Group(id=story, first_seen=one.when))

    def _free(self, story: StoryId) -> bool:
        group = self._groups.get(story)
        return not self._taken(story) if group is None else not group.members and group.forward is None

    def _enter(self, group: _Group, one: Profile) -> None:
        vector = self._rarity.vector(one.pairs)
        group.members[one.article_id] = one.when
        group.first_seen = min(group.first_seen, one.when)
        self._story_of[one.article_id] = group.id
        self._vectors[one.article_id] = vector
        for pair in vector:
            self._holding[pair].add(group.id)
        self._texts.add(one.article_id, one.text, one.when)

    def _middle_of(self, group: _Group) -> Vector:
        return _middle([self._vectors[article] for article in group.members if article in self._vectors])

    def _story(self, group: _Group) -> Story:
        members = sorted(group.members, key=lambda article: (group.members[article], article))
        copies = tuple(joined((c for c in group.copies if len(c) > 1), group.members))
        return Story(
            id=group.id,
            province=self._province,
            articles=tuple(members),
            reprints=copies,
            first_seen=group.first_seen,
            forward=group.forward,
        )


def _story_id(province: ProvinceId, article: ArticleId, number: int) -> StoryId:
    return StoryId(hashlib.sha256(f"{province} {article} {number}".encode()).hexdigest()[:16])


def _cosine(one: Vector, other: Vector) -> float:
    small, large = sorted((one, other), key=len)
    return sum(value * large.get(pair, 0.0) for pair, value in small.items())


def _middle(vectors: Iterable[Vector]) -> Vector:
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for pair, value in vector.items():
            total[pair] += value
    length = math.sqrt(sum(value * value for value in total.values())) or 1.0
    return {pair: value / length for pair, value in total.items()}
