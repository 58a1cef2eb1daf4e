"""What the flags of articles say of the story they are in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.model import ArticleId, Field, Flag, FlagKind


def own_words(flag: Flag, copies: set[ArticleId]) -> Flag | None:
    """The flag without what a copy merely repeats; a copy's own headline stays."""
    own = tuple(e for e in flag.evidence if e.article_id not in copies or e.field is Field.TITLE)
    return replace(flag, evidence=own) if own else None


def one_a_kind(flags: Iterable[Flag]) -> Iterator[Flag]:
    """One flag for each kind, with the evidence of all; score, signal and version of the surest."""
    by_kind: dict[FlagKind, list[Flag]] = {}
    for flag in flags:
        by_kind.setdefault(flag.kind, []).append(flag)
    for kind in FlagKind:
        if kind in by_kind:
            evidence = tuple(e for flag in by_kind[kind] for e in flag.evidence)
            yield replace(max(by_kind[kind], key=lambda flag: flag.score), evidence=evidence)
