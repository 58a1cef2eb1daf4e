"""The words by which a name in a text is told to be a private person's, or not to be one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """The words of `config/lexicon/persons.yaml`, which says what each list is."""

    surnames: Collection[str]
    rare_surnames: Collection[str]
    middle_names: Collection[str]
    honorifics: Mapping[str, str]
    official_honorifics: Collection[str]
    people: Collection[str]
    offices: Collection[str]
    heads: Collection[str]
    bodies: Collection[str]
    agency_words: Collection[str]
    links: Collection[str]
    former: Collection[str]
    relations: Collection[str]
    unrelated: Collection[str]
    of: Collection[str]
    things: Collection[str]
    firms: Collection[str]
    standing: Collection[str]
    age: Collection[str]
    origin: Collection[str]
    instead: str
    withheld: str
