"""An article as the signals see it: cut into words, its cue words found, its places known. Made once, read by all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from classifier.cues import Hit
from classifier.places import Whereabouts
from classifier.words import Words
from index.model import Article, Evidence, Field, Label, Reason

_LEAD: Final = 120
"""Tokens of a text that count as its lead."""

_QUOTATION: Final = (("“", "”"), ("‘", "’"), ("«", "»"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """`hits` by group, the title's first; `labels` protect the text from the words it repeats. `whereabouts` speaks of
    the province that was asked about."""

    article: Article
    title: Words
    text: Words
    hits: Mapping[str, tuple[Hit, ...]]
    whereabouts: Whereabouts
    labels: frozenset[Label] = field(default_factory=frozenset)

    def words(self, where: Field) -> Words:
        return self.title if where is Field.TITLE else self.text

    def found(self, *groups: str) -> Iterator[Hit]:
        """Hits of these groups that are not negated."""
        return (hit for group in groups for hit in self.hits.get(group, ()) if not hit.negated)

    def first(self, *groups: str) -> Hit | None:
        """The first hit of the first group that has one."""
        return next(self.found(*groups), None)

    def sentence(self, hit: Hit) -> tuple[int, int]:
        """First and last token of the sentence a hit stands in; a title is one sentence."""
        words = self.words(hit.field)
        if hit.field is Field.TITLE:
            return 0, len(words) - 1
        return words.sentences[words.sentence_of[hit.first]]

    def evidence(self, where: Field, first: int, last: int, reason: Reason) -> Evidence:
        """Tokens `first` to `last` of a field as a quote."""
        words = self.words(where)
        return Evidence(
            article_id=self.article.id,
            version=self.article.version,
            field=where,
            quote=words.quote(first, last),
            start=words.spans[first][0],
            reason=reason,
        )

    def quoted(self, hit: Hit, reason: Reason, *, whole_sentence: bool = True) -> Evidence:
        """A hit as evidence, with the sentence around it or alone."""
        first, last = self.sentence(hit) if whole_sentence else (hit.first, hit.last)
        return self.evidence(hit.field, first, last, reason)

    def in_speech(self, hit: Hit) -> bool:
        """Does somebody else say it, between quotation marks?"""
        words = self.words(hit.field)
        before = words.text[: words.spans[hit.first][0]].rpartition("\n")[2]
        return any(before.count(opening) > before.count(closing) for opening, closing in _QUOTATION) or bool(
            before.count('"') % 2
        )

    def sentences_of(self, hits: Iterable[Hit], code: str, most: int) -> tuple[Evidence, ...]:
        """The sentences these hits stand in, each once, in the order given, `most` of them."""
        chosen: dict[tuple[Field, tuple[int, int]], Hit] = {}
        for hit in hits:
            chosen.setdefault((hit.field, self.sentence(hit)), hit)
        return tuple(
            self.quoted(hit, Reason(code=code, params={"cue": hit.cue.words})) for hit in list(chosen.values())[:most]
        )


def up_front(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Those in headline and lead, where a text says what it is about."""
    return (hit for hit in hits if hit.field is Field.TITLE or hit.first < _LEAD)


def weight(hit: Hit, *, headline: float, further_down: float) -> float:
    """What a hit says where it stands: a cue's own weight in the lead, more in a headline, less further down."""
    if hit.field is Field.TITLE:
        return hit.cue.weight * headline
    return hit.cue.weight if hit.first < _LEAD else hit.cue.weight * further_down
