"""Is a text about the province, and where in it?

Every fact about how a text names the province is a feature with a weight (config/lexicon/about.yaml, fitted on labelled
texts); their sum gives the probability, and the feature that weighs most is the rule that is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from classifier.about import Scene, features
from classifier.atlas import Referent, Territory
from classifier.cues import Hit
from classifier.mention import Mention
from classifier.mentions import Reader
from classifier.words import Words
from index.model import Field, Label, Place, Standing

_ASCII: Final = 0.995
"""From this share of plain letters on a text is written without marks."""
_SAMPLE: Final = 600
_CHOSEN: Final = 8
"""Places shown of one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The table of features; between the two bounds a person decides."""

    weights: Mapping[str, float]
    ours_from: float
    not_ours_below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """`about` is the probability that the text concerns the territory; `rule` names the feature that decided."""

    about: float
    standing: Standing
    rule: str
    places: tuple[Place, ...]
    labels: frozenset[Label]


class Places:
    """Places texts for one territory. `digest` is of all it knows: names, grammar, cues, weights."""

    name: Final = "places"

    def __init__(self, reader: Reader, territory: Territory, weights: Weights, digest: str) -> None:
        self._reader = reader
        self._territory = territory
        self._weights = weights
        self.version = f"1-{digest}"

    def mentions(self, fields: Mapping[Field, Words], on: date) -> tuple[Mention, ...]:
        plain = _without_marks("".join(words.text for words in fields.values()))
        return self._reader.read(fields, on=on, folded=plain)

    def scene(
        self, fields: Mapping[Field, Words], mentions: tuple[Mention, ...], hits: Mapping[str, tuple[Hit, ...]]
    ) -> Scene:
        return Scene(
            title=fields[Field.TITLE],
            text=fields[Field.TEXT],
            mentions=mentions,
            hits=hits,
            territory=self._territory,
            foreign=sum(map(self._reader.foreign_names, fields.values())),
        )

    def find(self, scene: Scene) -> Whereabouts:
        about, rule = self._weigh(features(scene))
        standing = self._standing(about)
        return Whereabouts(
            about=about,
            standing=standing,
            rule=rule,
            places=tuple(self._places(scene)),
            labels=frozenset(_labels(scene, standing)),
        )

    def _weigh(self, facts: Mapping[str, float]) -> tuple[float, str]:
        """Probability, and the feature that pulls hardest to its side."""
        shares = {name: self._weights.weights[name] * value for name, value in facts.items()}
        total = sum(shares.values())
        shares.pop("always", None)
        pull = max if total >= 0 else min
        return 1 / (1 + math.exp(-total)), pull(shares, key=lambda name: shares[name])

    def _standing(self, about: float) -> Standing:
        if about >= self._weights.ours_from:
            return Standing.OURS
        return Standing.NOT_OURS if about < self._weights.not_ours_below else Standing.UNDECIDED

    def _places(self, scene: Scene) -> Iterator[Place]:
        """Units of the territory that the text is about, the smallest first and the province itself last."""
        best: dict[str, Place] = {}
        for mention in sorted(scene.telling, key=lambda m: max(place.level for place in m.places)):
            today = [place for place in mention.places if not place.former] or mention.places
            if len({place.unit for place in today}) != 1:
                continue  # of this province, but which of two units of that name is open
            place = today[0]
            best.setdefault(place.unit, _place(place, scene.words(mention).quote(mention.first, mention.last), mention))
        yield from list(best.values())[:_CHOSEN]


def _place(place: Referent, as_written: str, mention: Mention) -> Place:
    return Place(
        name=place.unit,
        unit=place.unit_kind,
        as_written=as_written,
        area=place.area or place.province,
        rule=mention.rule,
    )


def _labels(scene: Scene, standing: Standing) -> Iterator[Label]:
    if scene.home and all(scene.is_origin(mention) for mention in scene.home):
        yield Label.ORIGIN_ONLY
    elif scene.home and standing is Standing.NOT_OURS and scene.away_counts:
        yield Label.ELSEWHERE


def _without_marks(text: str) -> bool:
    letters = [character for character in text[:_SAMPLE] if character.isalpha()]
    return bool(letters) and sum(map(str.isascii, letters)) >= _ASCII * len(letters)
