"""Which agency answers: topic × place, from the agencies of the province's profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.model import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who can be asked: the topics it is proposed for, and the places (present units) where; none named: anywhere."""

    id: str
    name: str
    topics: tuple[Topic, ...] = ()
    places: tuple[str, ...] = ()


def responsible(agencies: Sequence[Agency], topic: Topic, places: Sequence[str]) -> Agency | None:
    """The agency to propose: of those for the topic, the first that names one of the places, else the first for any.

    An agency that names places but no topics answers there for whatever no other is named for. None: a person chooses.
    """
    for named_topic in (True, False):
        candidates = [agency for agency in agencies if (topic in agency.topics if named_topic else not agency.topics)]
        for agency in candidates:
            if set(agency.places) & set(places):
                return agency
        for agency in candidates:
            if named_topic and not agency.places:
                return agency
    return None
