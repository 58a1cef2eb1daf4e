"""What tells names of private persons in a province's texts, read from files into plain values."""

from __future__ import annotations

from functools import cache
from typing import Final

from config import gazetteer
from config.knowledge import LEXICON
from config.typed import read_yaml
from desk.person_words import PersonWords
from desk.private_names import PrivateNames
from index.model import ProvinceId
from index.text import fold

_WORDS: Final = LEXICON / "persons.yaml"
_FOREIGN_WORDS: Final = LEXICON / "persons_foreign.yaml"


@cache
def private_names(province: ProvinceId) -> PrivateNames:
    """Places of the province count as places wherever they stand, of the others only provinces and former districts:
    communes elsewhere are called like people far too often."""
    return PrivateNames(read_yaml(_WORDS, PersonWords), _places(province))


@cache
def foreign_private_names(province: ProvinceId) -> PrivateNames:
    """For texts in other languages: places and names as they are written there, without marks."""
    return PrivateNames(read_yaml(_FOREIGN_WORDS, PersonWords), frozenset(map(_unmarked, _places(province))))


def _places(province: ProvinceId) -> frozenset[str]:
    return frozenset(gazetteer.unit_names(province)) | gazetteer.wide()


def _unmarked(name: str) -> str:
    return " ".join(word.capitalize() for word in fold(name).split())
