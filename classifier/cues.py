"""Cue words, found in a text all at once: whole syllables, with their marks, with exceptions, negations and place names
taken into account. A cue is a sign with its words; it concludes nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifier.words import Phrases, Words
from index.model import Field

_NEGATION_REACH: Final = 4
"""How many syllables after a negation it still holds for."""
_CLAUSE_MARKS: Final = frozenset(',;:.!?…()“”"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A phrase of a group. `weight` says how much it says, within its group; `unless`: longer phrases around it in
    which it means something else."""

    group: str
    words: str
    weight: float = 1.0
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A cue found: tokens `first` to `last` of a field. `negated`: the words before say that it did not happen."""

    cue: Cue
    field: Field
    first: int
    last: int
    negated: bool = False


class Lexicon:
    """The cue words of all signals, found together."""

    def __init__(
        self, cues: Iterable[Cue], *, negations: Iterable[str] = (), numbers: Mapping[str, int] | None = None
    ) -> None:
        self.cues = tuple(cues)
        self.numbers: Mapping[str, int] = numbers or {}
        self._negators = tuple(negations)
        entries: list[tuple[str, tuple[Cue, bool]]] = [(cue.words, (cue, True)) for cue in self.cues]
        entries += [(phrase, (cue, False)) for cue in self.cues for phrase in cue.unless]
        self._phrases = Phrases(entries, numbers=frozenset(self.numbers))
        self._negations = Phrases([(phrase, True) for phrase in self._negators])

    def digest(self, *groups: str) -> str:
        """Changes with the cues of these groups ("harm" stands for "harm.life" and the like) and the negations."""
        listed = sorted(repr(cue) for cue in self.cues if cue.group.partition(".")[0] in groups)
        known = (*listed, *self._negators, repr(self.numbers))
        return hashlib.sha256("\n".join(known).encode()).hexdigest()[:8]

    def find(self, words: Words, where: Field, masked: Sequence[tuple[int, int]] = ()) -> Mapping[str, list[Hit]]:
        """Hits by group, in order. `masked`: stretches of tokens, such as place names, whose words are no cues.

        Of hits of one group that overlap, the longer stands; a hit inside one of its exceptions falls away.
        """
        found: list[tuple[int, int, Cue]] = []
        excepted: dict[Cue, list[tuple[int, int]]] = defaultdict(list)
        hidden = {token for first, last in masked for token in range(first, last + 1)}
        for first in range(len(words)):
            for last, values in self._phrases.at(words, first):
                for cue, counts in values:
                    if counts:
                        found.append((first, last, cue))
                    else:
                        excepted[cue].append((first, last))
        negated = self._negated(words)
        groups: dict[str, list[Hit]] = defaultdict(list)
        for first, last, cue in sorted(found, key=lambda f: (f[0], -f[1])):
            if any(begin <= first and last <= end for begin, end in excepted.get(cue, ())):
                continue
            if first in hidden or last in hidden:
                continue
            before = groups[cue.group][-1] if groups[cue.group] else None
            if before is not None and first <= before.last:
                continue
            groups[cue.group].append(Hit(cue=cue, field=where, first=first, last=last, negated=first in negated))
        return groups

    def _negated(self, words: Words) -> set[int]:
        """Tokens that stand shortly after a negation, in the same clause."""
        reached: set[int] = set()
        for first in range(len(words)):
            found = self._negations.longest_at(words, first)
            if found is None:
                continue
            for token in range(found[0] + 1, min(found[0] + 1 + _NEGATION_REACH, len(words))):
                if words.keys[token] in _CLAUSE_MARKS:
                    break
                reached.add(token)
        return reached
