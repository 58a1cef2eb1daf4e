"""What people's rulings make of a review. Pure; the same for every archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from index.model import Place, Review, Ruling, RulingField, Standing, Topic, TopicJudged

RULED: Final = "ruling"
"""The `rule` of a place that a person named."""


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
    """What holds for an article: the rulings on it, and where there is none the rulings on its story.

    Of several on one field the last given holds.
    """
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
