"""From pending articles to reviews and stories. Safe to repeat: what was recorded is not pending again."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from classifier.classifier import Classifier
from classifier.marked import Marked
from classifier.stories import REMEMBERED, Profile, Rarity, Stories, profile
from index import rulings
from index.archive import Archive
from index.errors import SignalError
from index.model import (
    Article,
    ArticleId,
    Field,
    Flag,
    FlagKind,
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
_log: Final = logging.getLogger(__name__)


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
) -> ReviewTally:
    """Review what is pending, group it and keep both, batch by batch.

    A new version of a signal re-examines the last 14 days; `everything`: whatever is held. Raises `ArchiveError`; what
    was recorded until then stays.
    """
    since = None if everything else now - REMEMBERED
    round_ = _Round(archive, classifier, now=now, sources=sources)
    total = ReviewTally()
    while batch := round_.next(since):
        total += round_.review(batch)
    return total


class _Round:
    """One run over what is pending."""

    def __init__(
        self, archive: Archive, classifier: Classifier, *, now: datetime, sources: Mapping[SourceId, Source]
    ) -> None:
        self._archive = archive
        self._classifier = classifier
        self._sources = sources
        self._done: set[tuple[ArticleId, int]] = set()
        self._left = 0
        held = list(archive.stories(classifier.province, since=now - REMEMBERED))
        members = archive.articles([article for story in held for article in story.articles])
        reviews = archive.reviews([article.id for article in members], classifier.province)
        profiles = {article.id: profile(article, _places(reviews.get(article.id))) for article in members}
        self._rarity = Rarity(profiles.values())
        self._of_article: dict[ArticleId, list[Ruling]] = defaultdict(list)
        self._of_story: dict[StoryId, list[Ruling]] = defaultdict(list)
        for ruling in archive.rulings(classifier.province):
            if ruling.story_id is not None:
                self._of_story[ruling.story_id].append(ruling)
            elif ruling.article_id is not None:
                self._of_article[ruling.article_id].append(ruling)
        pinned = {a for a, said in self._of_article.items() if any(r.field is RulingField.STORY for r in said)}
        self._stories = Stories(classifier.province, held, profiles, self._rarity, pinned)

    def next(self, since: datetime | None) -> Sequence[Article]:
        """The next articles not yet tried in this run: one that a signal left unexamined stays pending."""
        found = self._archive.pending(
            self._classifier.province, self._classifier.versions, since=since, limit=_BATCH + self._left
        )
        return [article for article in found if (article.id, article.version) not in self._done][:_BATCH]

    def review(self, batch: Sequence[Article]) -> ReviewTally:
        self._done.update((article.id, article.version) for article in batch)
        said = {article.id: self._said(article.id) for article in batch}
        about = {article: Standing(s[RulingField.ABOUT]) for article, s in said.items() if RulingField.ABOUT in s}
        reviewed = {
            marked.article.id: (marked, _kept(review, said[marked.article.id]))
            for marked, review in self._classifier.review(batch, about)
        }
        self._group(batch, {article: review for article, (_, review) in reviewed.items()})
        stories, unexamined = self._with_flags(self._stories.changed(), reviewed)
        reviews = [
            replace(review, unexamined=(*review.unexamined, *unexamined.get(article, ())))
            for article, (_, review) in reviewed.items()
        ]
        self._archive.record(reviews, stories)
        self._left += sum(bool(review.unexamined) for review in reviews)
        return ReviewTally(
            reviewed=len(reviews),
            flagged=sum(bool(review.flags) for review in reviews),
            stories=len(stories),
            unexamined=sum(bool(review.unexamined) for review in reviews),
        )

    def _said(self, article: ArticleId) -> Mapping[RulingField, str]:
        """What people ruled on an article or the story it is in."""
        if not self._of_article and not self._of_story:
            return {}
        story = self._archive.story_of(article, self._classifier.province)
        return rulings.in_force(self._of_story.get(story, ()) if story else (), self._of_article.get(article, ()))

    def _group(self, articles: Iterable[Article], reviews: Mapping[ArticleId, Review]) -> None:
        """In order of time, so that arrival matters as little as may be."""
        ours: list[Profile] = []
        for article in articles:
            if reviews[article.id].standing is Standing.NOT_OURS:
                self._stories.remove(article.id)
            else:
                ours.append(profile(article, _places(reviews[article.id])))
        self._rarity.learn(ours)
        for one in sorted(ours, key=lambda p: (p.when, p.article_id)):
            self._stories.add(one)

    # --- the flags of stories

    def _with_flags(
        self, stories: Sequence[Story], fresh: Mapping[ArticleId, tuple[Marked, Review]]
    ) -> tuple[list[Story], Mapping[ArticleId, tuple[str, ...]]]:
        """Each story with its flags, and which of its signals could not answer, by article."""
        unexamined: dict[ArticleId, tuple[str, ...]] = {}
        told: list[Story] = []
        for story in stories:
            reviews = {
                **self._archive.reviews(story.articles, story.province),
                **{article: fresh[article][1] for article in story.articles if article in fresh},
            }
            copies = {article for group in story.reprints for article in group[1:]}
            flags = [_own_words(flag, copies) for a in story.articles if a in reviews for flag in reviews[a].flags]
            originals = self._marked([a for a in story.articles if a not in copies], fresh)
            for signal in self._classifier.story_signals:
                try:
                    flags += signal.examine(story, originals, self._sources).flags
                except SignalError as error:
                    _log.warning("signal %s could not examine story %s: %s", signal.name, story.id, error)
                    unexamined.update((a, (*unexamined.get(a, ()), signal.name)) for a in story.articles if a in fresh)
            told.append(replace(story, flags=tuple(_one_a_kind(flag for flag in flags if flag is not None))))
        return told, unexamined

    def _marked(
        self, articles: Sequence[ArticleId], fresh: Mapping[ArticleId, tuple[Marked, Review]]
    ) -> Sequence[Marked]:
        held = self._archive.articles([article for article in articles if article not in fresh])
        marked = [*(fresh[article][0] for article in articles if article in fresh), *map(self._classifier.mark, held)]
        return sorted(marked, key=lambda m: (m.article.when, m.article.id))


def _kept(review: Review, said: Mapping[RulingField, str]) -> Review:
    """As it is kept: with what people ruled, and without flags if it is not ours, for flags open work."""
    review = rulings.ruled(review, said)
    return replace(review, flags=()) if review.standing is Standing.NOT_OURS else review


def _places(review: Review | None) -> tuple[Place, ...]:
    return review.places if review else ()


def _own_words(flag: Flag, copies: set[ArticleId]) -> Flag | None:
    """The flag without what a copy merely repeats; a copy's own headline stays."""
    own = tuple(e for e in flag.evidence if e.article_id not in copies or e.field is Field.TITLE)
    return replace(flag, evidence=own) if own else None


def _one_a_kind(flags: Iterable[Flag]) -> Iterator[Flag]:
    """One flag for each kind, with the evidence of all; score, signal and version of the surest."""
    by_kind: dict[FlagKind, list[Flag]] = {}
    for flag in flags:
        by_kind.setdefault(flag.kind, []).append(flag)
    for kind in FlagKind:
        if kind in by_kind:
            evidence = tuple(e for flag in by_kind[kind] for e in flag.evidence)
            yield replace(max(by_kind[kind], key=lambda flag: flag.score), evidence=evidence)
