"""From pending articles to reviews and stories. Safe to repeat: what was recorded is not pending again."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Final

from classifier.classifier import Classifier
from classifier.flags import one_a_kind, own_words
from classifier.marked import Marked
from classifier.stories import REMEMBERED, Profile, Profiles, Rarity, Stories
from index import rulings
from index.archive import Archive
from index.errors import StoryNotFound
from index.model import (
    Article,
    ArticleId,
    Place,
    Review,
    Ruling,
    RulingField,
    SourceId,
    Standing,
    Story,
    StoryId,
)
from index.source import Source

_BATCH: Final = 200
_AHEAD: Final = 600
"""Articles behind a batch that others may begin with."""
_PROFILES: Final = Profiles()
"""Of the last two weeks, for as long as the process lives."""
_log: Final = logging.getLogger(__name__)
Text = tuple[ArticleId, int]
"""An article in one of its versions."""
_Fresh = tuple[Marked | None, Review]
"""A review just made, with the article as it was marked for it; None where another made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """How to go about texts that ended a review before: `alone` are reviewed one at a time, `aside` are not looked at
    and kept as unexamined. `about_to` is called with what comes next before it is looked at."""

    alone: Collection[Text] = ()
    aside: Collection[Text] = ()
    about_to: Callable[[Sequence[Text]], None] = field(default=lambda _: None)


NO_CAUTION: Final = Caution()

Ahead = Callable[[Sequence[ArticleId], Sequence[ArticleId]], None]
"""Has the reviews of a batch made by others (`examine_ahead`), as far as it can be waited for; the second articles are
those that come next, of which some may be begun with."""


def nobody(_now: Sequence[ArticleId], _soon: Sequence[ArticleId]) -> None:
    """There are no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTally:
    """Articles reviewed, articles of the province that carry a flag, stories changed, articles a signal left out."""

    reviewed: int = 0
    flagged: int = 0
    stories: int = 0
    unexamined: int = 0

    def __add__(self, other: ReviewTally) -> ReviewTally:
        return ReviewTally(
            reviewed=self.reviewed + other.reviewed,
            flagged=self.flagged + other.flagged,
            stories=self.stories + other.stories,
            unexamined=self.unexamined + other.unexamined,
        )


def review_pending(
    archive: Archive,
    classifier: Classifier,
    *,
    now: datetime,
    sources: Mapping[SourceId, Source],
    everything: bool = False,
    caution: Caution = NO_CAUTION,
    ahead: Ahead = nobody,
) -> ReviewTally:
    """Review what is pending, group it and keep both, batch by batch.

    A new version of a signal re-examines the last 14 days; `everything`: whatever is held. Raises `ArchiveError`,
    among them `Superseded` where another has begun to do the same; what was recorded until then stays.
    """
    if caution.aside:
        _set_aside(archive, classifier, caution.aside)
    queue = _Queue(
        archive,
        classifier,
        caution,
        since=None if everything else now - REMEMBERED,
        further=0 if ahead is nobody else _AHEAD,
    )
    total = ReviewTally()
    batch = queue.next(0)
    if not batch:
        return total
    round_ = _Round(archive, classifier, now=now, sources=sources)
    while batch:
        # Later than that, what is examined but not grouped would not be pending any more.
        lately = [[a.id for a in articles if a.collected >= now - REMEMBERED] for articles in (batch, queue.further)]
        ahead(*lately)
        caution.about_to([_text(article) for article in batch])
        tally = round_.review(batch)
        caution.about_to(())
        if ruled := round_.ruled_meanwhile():
            again = round_.concerned(ruled)
            round_ = _Round(archive, classifier, now=now, sources=sources)
            if again:
                continue
        total += tally
        batch = queue.next(total.unexamined)
    return total


def examine_ahead(
    archive: Archive, classifier: Classifier, ids: Sequence[ArticleId], *, caution: Caution = NO_CAUTION
) -> ReviewTally:
    """Keep what the words of articles say by themselves; they stay pending for the review that groups them.

    Left alone is what has been reviewed as it is, and what `caution` sets aside.
    """
    known = archive.reviews(ids, classifier.province)
    done = (classifier.versions_of_words, classifier.versions)
    waiting = [
        article
        for article in archive.articles(ids)
        if _text(article) not in caution.aside
        and not ((review := known.get(article.id)) and review.version == article.version and review.signals in done)
    ]
    single = any(_text(article) in caution.alone for article in waiting)
    for articles in [[article] for article in waiting] if single else [waiting] if waiting else []:
        caution.about_to([_text(article) for article in articles])
        reviews = [_kept(review, {}) for _, review in classifier.review(articles)]
        caution.about_to(())
        archive.record([replace(review, signals=classifier.versions_of_words) for review in reviews])
    return ReviewTally(reviewed=len(waiting))


def _text(article: Article) -> Text:
    return article.id, article.version


def _set_aside(archive: Archive, classifier: Classifier, texts: Collection[Text]) -> None:
    """Keep texts that are not to be looked at as unexamined, unless they were reviewed as they are."""
    held = [article for article in archive.articles([name for name, _ in texts]) if _text(article) in texts]
    known = archive.reviews([article.id for article in held], classifier.province)
    archive.record([classifier.unexamined(a) for a in held if a.id not in known or known[a.id].version != a.version])


class _Queue:
    """What is pending, each article once a run: one that a signal left unexamined stays pending."""

    def __init__(
        self, archive: Archive, classifier: Classifier, caution: Caution, *, since: datetime | None, further: int
    ) -> None:
        self.further: Sequence[Article] = ()
        """At most so many of those that come after the batch given last."""
        self._more = further
        self._archive = archive
        self._classifier = classifier
        self._since = since
        self._alone = frozenset(caution.alone)
        self._given: set[Text] = set(caution.aside)
        self._aside = len(self._given)

    def next(self, left: int) -> Sequence[Article]:
        """`left`: how many of those given stay pending.

        What was to come after the last batch comes now: the archive puts behind the others what has been examined
        meanwhile, and in other batches it would make other stories.
        """
        versions = {article.id: article.version for article in self.further}
        held = self._archive.articles(list(versions)) if versions else ()
        first = [one for one in held if one.version == versions[one.id]]
        found = self._archive.pending(
            self._classifier.province,
            self._classifier.versions,
            since=self._since,
            limit=_BATCH + self._more + left + self._aside,
        )
        in_order = {_text(article): article for article in (*first, *found)}
        unread = [article for text, article in in_order.items() if text not in self._given]
        waiting = unread[:_BATCH]
        batch = list(takewhile(lambda article: _text(article) not in self._alone, waiting)) or waiting[:1]
        self.further = unread[len(batch) : len(batch) + self._more]
        self._given.update(map(_text, batch))
        return batch


class _Round:
    """One run over what is pending."""

    def __init__(
        self, archive: Archive, classifier: Classifier, *, now: datetime, sources: Mapping[SourceId, Source]
    ) -> None:
        self._archive = archive
        self._classifier = classifier
        self._sources = sources
        self._leader = archive.lead(classifier.province)
        self._of_article: dict[ArticleId, list[Ruling]] = defaultdict(list)
        self._of_story: dict[StoryId, list[Ruling]] = defaultdict(list)
        self._articles: set[ArticleId] = set()
        self._recorded: set[StoryId] = set()
        self._rulings = archive.rulings(classifier.province)
        self._heed(self._rulings)
        held = list(archive.stories(classifier.province, since=now - REMEMBERED))
        members = archive.articles([article for story in held for article in story.articles])
        profiles = _PROFILES.window(members, self._places(members))
        self._rarity = Rarity(profiles.values())
        self._stories = Stories(
            classifier.province,
            held,
            profiles,
            self._rarity,
            {a for a, said in self._of_article.items() if any(r.field is RulingField.STORY for r in said)},
            ruled=self._of_story.keys(),
            taken=self._taken,
        )

    def review(self, batch: Sequence[Article]) -> ReviewTally:
        self._hold_stories_of(batch)
        said = {article.id: self._said(article.id) for article in batch}
        reviewed = self._made_ahead([article for article in batch if not said[article.id]])
        reviewed |= self._reviewed([article for article in batch if article.id not in reviewed])
        self._group(batch, {article: review for article, (_, review) in reviewed.items()})
        # What was said of the story that an article came into holds for it too.
        reviewed |= self._reviewed([article for article in batch if self._said(article.id) != said[article.id]])
        stories, unexamined = self._with_flags(self._stories.changed(), reviewed)
        reviews = [
            replace(review, unexamined=(*review.unexamined, *unexamined.get(article, ())))
            for article, (_, review) in reviewed.items()
        ]
        self._archive.record(reviews, stories, leader=self._leader)
        self._articles = {*reviewed, *(article for story in stories for article in story.articles)}
        homes = (self._stories.of(article) for article in reviewed)
        self._recorded = {*(story.id for story in stories), *(home for home in homes if home is not None)}
        return ReviewTally(
            reviewed=len(reviews),
            flagged=sum(bool(review.flags) for review in reviews),
            stories=len(stories),
            unexamined=sum(bool(review.unexamined) for review in reviews),
        )

    def ruled_meanwhile(self) -> Collection[Ruling]:
        """What people ruled or took back since the round began; it knows nothing of that."""
        return set(self._archive.rulings(self._classifier.province)) ^ set(self._rulings)

    def concerned(self, ruled: Iterable[Ruling]) -> bool:
        """Are some of these rulings on what the last batch recorded? That may not heed them, yet is not pending.

        Whoever repeated a batch because of any other would come to no end while people are busy.
        """
        for ruling in ruled:
            named = {ruling.story_id, StoryId(ruling.value or "") if ruling.field is RulingField.STORY else None}
            known = {found.id for story in named if story and (found := self._survivor(story)) is not None}
            if ruling.article_id in self._articles or not self._recorded.isdisjoint(named | known):
                return True
        return False

    def _made_ahead(self, articles: Sequence[Article]) -> dict[ArticleId, _Fresh]:
        """The reviews that others have made of these articles, as if they were made here."""
        held = self._archive.reviews([article.id for article in articles], self._classifier.province)
        made = {
            article.id: held[article.id]
            for article in articles
            if article.id in held
            and held[article.id].version == article.version
            and held[article.id].signals == self._classifier.versions_of_words != self._classifier.versions
            and not held[article.id].unexamined
        }
        return {name: (None, replace(review, signals=self._classifier.versions)) for name, review in made.items()}

    def _reviewed(self, articles: Sequence[Article]) -> dict[ArticleId, _Fresh]:
        said = {article.id: self._said(article.id) for article in articles}
        about = {article: Standing(s[RulingField.ABOUT]) for article, s in said.items() if RulingField.ABOUT in s}
        return {
            marked.article.id: (marked, _kept(review, said[marked.article.id]))
            for marked, review in self._classifier.review(articles, about)
        }

    # --- what people ruled

    def _heed(self, said: Iterable[Ruling]) -> None:
        """Sort the rulings by what they are of; one on a joined story gives way to one on its survivor."""
        of_stories: list[tuple[StoryId, Ruling]] = []
        for ruling in said:
            if ruling.article_id is not None:
                self._of_article[ruling.article_id].append(ruling)
            elif ruling.story_id is not None and (survivor := self._survivor(ruling.story_id)) is not None:
                of_stories.append((survivor.id, ruling))
        for story, ruling in sorted(of_stories, key=lambda pair: pair[0] == pair[1].story_id):
            self._of_story[story].append(ruling)

    def _said(self, article: ArticleId) -> Mapping[RulingField, str]:
        """What people ruled on an article or the story it is in."""
        return rulings.in_force(self._said_of_story(article), self._of_article.get(article, ()))

    def _said_of_story(self, article: ArticleId) -> Sequence[Ruling]:
        story = self._stories.of(article)
        return self._of_story.get(story, ()) if story is not None else ()

    def _set_aside(self, article: ArticleId) -> bool:
        """Did a person say that the story it is in is not ours? That is kept with the story, and so is the article."""
        return rulings.in_force(self._said_of_story(article), ()).get(RulingField.ABOUT) == Standing.NOT_OURS

    # --- which story

    def _hold_stories_of(self, articles: Sequence[Article]) -> None:
        """Know the stories that articles are in, of whatever age, with all their members: none is to be torn apart."""
        homes = self._archive.stories_of([article.id for article in articles], self._classifier.province)
        for article in articles:
            home = homes.get(article.id)
            if home is not None and home != self._stories.of(article.id):
                story = self._archive.story(home)
                members = self._archive.articles(story.articles)
                places = self._places(members)
                self._stories.hold(story, {one.id: _PROFILES.of(one, places.get(one.id, ())) for one in members})

    def _group(self, articles: Iterable[Article], reviews: Mapping[ArticleId, Review]) -> None:
        """In order of time, so that arrival matters as little as may be."""
        members: list[Profile] = []
        for article in articles:
            if reviews[article.id].standing is Standing.NOT_OURS and not self._set_aside(article.id):
                self._stories.remove(article.id)
            else:
                members.append(_PROFILES.of(article, reviews[article.id].places))
        self._rarity.learn(members)
        for one in sorted(members, key=lambda p: (p.when, p.article_id)):
            self._stories.add(one)

    def _survivor(self, story: StoryId) -> Story | None:
        try:
            return self._archive.story(story)
        except StoryNotFound:
            return None

    def _taken(self, story: StoryId) -> bool:
        found = self._survivor(story)
        return found is not None and (found.id != story or bool(found.articles))

    def _places(self, articles: Sequence[Article]) -> Mapping[ArticleId, tuple[Place, ...]]:
        reviews = self._archive.reviews([article.id for article in articles], self._classifier.province)
        return {article: review.places for article, review in reviews.items()}

    # --- the flags of stories

    def _with_flags(
        self, stories: Sequence[Story], fresh: Mapping[ArticleId, _Fresh]
    ) -> tuple[list[Story], Mapping[ArticleId, tuple[str, ...]]]:
        """Each story with its flags, and which of its signals could not answer, by article."""
        unexamined: dict[ArticleId, tuple[str, ...]] = {}
        told: list[Story] = []
        for story in stories:
            reviews = {
                **self._archive.reviews(story.articles, story.province),
                **{article: fresh[article][1] for article in story.articles if article in fresh},
            }
            elsewhere = {a for a, review in reviews.items() if review.standing is Standing.NOT_OURS}
            ours = [article for article in story.articles if article not in elsewhere]
            copies = {a for group in story.reprints for a in [a for a in group if a not in elsewhere][1:]}
            flags = [own_words(flag, copies) for a in ours if a in reviews for flag in reviews[a].flags]
            originals = [a for a in ours if a not in copies]
            signals = [signal for signal in self._classifier.story_signals if signal.fewest <= len(originals)]
            marked = self._marked(originals, fresh) if signals else ()
            for signal in signals:
                try:
                    flags += signal.examine(story, marked, self._sources).flags
                except Exception as error:  # noqa: BLE001  as for an article: it keeps no other from its answer
                    _log.warning("signal %s could not examine story %s: %r", signal.name, story.id, error)
                    unexamined.update((a, (*unexamined.get(a, ()), signal.name)) for a in story.articles if a in fresh)
            told.append(replace(story, flags=tuple(one_a_kind(flag for flag in flags if flag is not None))))
        return told, unexamined

    def _marked(self, articles: Sequence[ArticleId], fresh: Mapping[ArticleId, _Fresh]) -> Sequence[Marked]:
        known = {article: fresh[article][0] for article in articles if article in fresh}
        held = self._archive.articles([article for article in articles if known.get(article) is None])
        marked = [*(one for one in known.values() if one is not None), *map(self._classifier.mark, held)]
        return sorted(marked, key=lambda m: (m.article.when, m.article.id))


def _kept(review: Review, said: Mapping[RulingField, str]) -> Review:
    """As it is kept: with what people ruled, and without flags if it is not ours, for flags open work."""
    review = rulings.ruled(review, said)
    return replace(review, flags=()) if review.standing is Standing.NOT_OURS else review
