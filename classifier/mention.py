"""A place name as it stands in a text, and what its surroundings say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from classifier.atlas import Referent
from index.model import Field


class Rule(StrEnum):
    """What settled which place a name means."""

    PARENT = "unit_and_parent"
    UNIT = "unit"
    TODAY = "on_todays_map"
    LANDMARK = "landmark"
    PROVINCE = "province"
    DISTRICT = "former_district"
    AGAIN = "named_before"
    COMPANY = "place_beside"
    OPEN = "open"


class Before(StrEnum):
    """What the words shortly before a name say; the first four give its level and stand right before it."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    COMMUNE = "commune"
    NO_PLACE = "no_place"
    PERSON = "person"
    LOCATED = "located"
    SITE = "site"
    SOMEONE = "someone"
    AGENCY = "agency"
    ORIGIN = "origin"
    AGE = "age"
    ROUTE = "route"
    THING = "thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name at tokens `first` to `last` and the places it may mean; several where nothing tells them apart."""

    field: Field
    first: int
    last: int
    sentence: int
    places: tuple[Referent, ...]
    unit: Before | None = None
    said: frozenset[Before] = frozenset()
    rule: Rule = Rule.OPEN
    namesakes: frozenset[str] = frozenset()
    """Other provinces in which a place has the same name."""
