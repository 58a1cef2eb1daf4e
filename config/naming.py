"""What tells names of private persons in a province's texts, read from files into plain values."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from config import gazetteer
from config.typed import read_yaml
from desk.private_names import PersonWords, PrivateNames
from index.model import ProvinceId

_WORDS: Final = Path(__file__).parent / "lexicon" / "persons.yaml"


@cache
def private_names(province: ProvinceId) -> PrivateNames:
    """Places of the province count as places wherever they stand, of the others only provinces and former districts:
    communes elsewhere are called like people far too often."""
    return PrivateNames(read_yaml(_WORDS, PersonWords), frozenset(gazetteer.unit_names(province)) | gazetteer.wide())
