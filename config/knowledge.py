"""What the classifier knows, read once from files into plain values, and the classifier made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from classifier.classifier import Classifier
from classifier.conflict import ConflictSignal
from classifier.criticism import CriticismSignal
from classifier.cues import Cue, Lexicon
from classifier.harm import HarmSignal
from classifier.headline import HeadlineSignal
from classifier.incident import IncidentSignal
from classifier.places import Places, Weights
from classifier.tone import ToneSignal
from classifier.topic import TopicSignal
from classifier.unverified import UnverifiedSignal
from config import gazetteer
from config.typed import read_yaml

LEXICON: Final = Path(__file__).parent / "lexicon"
_NO_CUES: Final = frozenset({"about", "geography", "negation", "persons", "persons_foreign"})


class _Cues(msgspec.Struct, forbid_unknown_fields=True):
    """Groups of cues by weight; `unless`: for a cue, longer phrases in which it means something else."""

    groups: dict[str, dict[float, list[str]]]
    unless: dict[str, list[str]] = {}


class _Negation(msgspec.Struct, forbid_unknown_fields=True):
    negations: list[str]
    numbers: dict[str, int]


class _About(msgspec.Struct, forbid_unknown_fields=True):
    ours_from: float
    not_ours_below: float
    weights: dict[str, float]


@cache
def classifier(province: str) -> Classifier:
    """The classifier of a province, given by id or name. Raises `ConfigError` for one that does not exist."""
    words = lexicon()
    return Classifier(
        gazetteer.territory(province)[0],
        lexicon=words,
        places=placing(province),
        signals=(
            TopicSignal(words),
            HarmSignal(words),
            ToneSignal(words),
            IncidentSignal(words),
            UnverifiedSignal(words),
            HeadlineSignal(words),
            CriticismSignal(words),
        ),
        story_signals=(ConflictSignal(words),),
    )


def placing(province: str) -> Places:
    """What places texts for a province, given by id or name."""
    files = (*gazetteer.FILES, *(LEXICON / f"{name}.yaml" for name in ("about", "context", "harm", "negation")))
    return Places(gazetteer.reader(), gazetteer.territory(province)[1], about_weights(), _digest(files))


@cache
def about_weights() -> Weights:
    """The table of features, as `tests/eval/fit_about.py` wrote it."""
    table = read_yaml(LEXICON / "about.yaml", _About)
    return Weights(weights=table.weights, ours_from=table.ours_from, not_ours_below=table.not_ours_below)


@cache
def lexicon() -> Lexicon:
    """All cue words; a group is named by its file and its key: `harm.life`."""
    words = read_yaml(LEXICON / "negation.yaml", _Negation)
    listed = [cue for file in sorted(LEXICON.glob("*.yaml")) if file.stem not in _NO_CUES for cue in cues(file)]
    return Lexicon(listed, negations=words.negations, numbers=words.numbers)


def cues(file: Path) -> Iterator[Cue]:
    """The cues of one file. Raises `ConfigError`."""
    listed = read_yaml(file, _Cues)
    for group, by_weight in listed.groups.items():
        for weight, phrases in by_weight.items():
            for phrase in phrases:
                yield Cue(
                    group=f"{file.stem}.{group}",
                    words=phrase,
                    weight=float(weight),
                    unless=tuple(listed.unless.get(phrase, ())),
                )


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
