"""What a person's ruling makes of a review or a story. Pure; the same for every archive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from index.model import (
    ArticleId,
    Evidence,
    Flag,
    Place,
    Review,
    Ruling,
    RulingField,
    Standing,
    Story,
    Topic,
    TopicJudged,
)

RULED = "ruling"
"""The `rule` of a place that a person named."""

When = Callable[[ArticleId], datetime]


def check(ruling: Ruling) -> None:
    """Raises `ValueError` for a value that the field cannot have."""
    if ruling.value is not None:
        match ruling.field:
            case RulingField.ABOUT:
                Standing(ruling.value)
            case RulingField.TOPIC:
                Topic(ruling.value)
            case RulingField.PLACE | RulingField.STORY:
                if not ruling.value.strip():
                    raise ValueError(f"a ruling on {ruling.field} names nothing")


def in_force(story: Iterable[Ruling], article: Iterable[Ruling]) -> Mapping[RulingField, str]:
    """What holds for an article: the rulings on it, and where there is none the rulings on its story."""
    return {ruling.field: ruling.value for ruling in (*story, *article) if ruling.value is not None}


def ruled(review: Review, values: Mapping[RulingField, str]) -> Review:
    """The review with what people said in place of what the machine found."""
    if (standing := values.get(RulingField.ABOUT)) is not None:
        review = replace(review, standing=Standing(standing))
    if (name := values.get(RulingField.PLACE)) is not None:
        found = tuple(place for place in review.places if place.name == name)[:1]
        said = Place(name=name, unit="", as_written="", area="", rule=RULED)
        review = replace(review, places=found or (said,))
    if (topic := values.get(RulingField.TOPIC)) is not None and review.topic.topic is not Topic(topic):
        review = replace(review, topic=TopicJudged(topic=Topic(topic)))
    return review


# --- stories ------------------------------------------------------------------------------------------------------


def with_articles(story: Story, articles: Collection[ArticleId], when: When) -> Story:
    """The story with these members too, in order of time."""
    members = sorted({*story.articles, *articles}, key=lambda article: (when(article), article))
    first_seen = min(story.first_seen, when(members[0])) if members else story.first_seen
    return replace(story, articles=tuple(members), first_seen=first_seen)


def without(story: Story, articles: Collection[ArticleId]) -> Story:
    """The story without these members; the review that follows sets its flags right."""
    groups = (tuple(copy for copy in group if copy not in articles) for group in story.reprints)
    return replace(
        story,
        articles=tuple(article for article in story.articles if article not in articles),
        reprints=tuple(group for group in groups if len(group) > 1),
    )


def joined(survivor: Story, other: Story, when: When) -> Story:
    """Both as one. A kind of sign that only `other` had comes along: nothing vanishes before the next review."""
    kinds = {flag.kind for flag in survivor.flags}
    return replace(
        with_articles(survivor, other.articles, when),
        reprints=(*survivor.reprints, *other.reprints),
        flags=(*survivor.flags, *(flag for flag in other.flags if flag.kind not in kinds)),
    )


def shown(story: Story) -> Story:
    """A story as others see it: one that was joined into another holds nothing any more."""
    return replace(story, articles=(), reprints=(), flags=()) if story.forward is not None else story


def forgotten(story: Story, articles: Collection[ArticleId]) -> Story:
    """The story without purged members and without every word quoted from them."""

    def names(evidence: Evidence) -> bool:
        return evidence.article_id in articles or (evidence.against is not None and names(evidence.against))

    left = ((flag, tuple(e for e in flag.evidence if not names(e))) for flag in story.flags)
    flags: tuple[Flag, ...] = tuple(replace(flag, evidence=evidence) for flag, evidence in left if evidence)
    return replace(without(story, articles), flags=flags)
