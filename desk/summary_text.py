"""Sentences cut from an article, as they stand there. Pure."""

from __future__ import annotations

import re
from typing import Final

from desk.cards import sentence_around
from index.model import Article, Evidence, Field
from index.text import one_line

MOST_SENTENCES: Final = 2
LONGEST: Final = 420
"""Letters of a summary; a sentence that is longer ends at a word, and says so."""
_READ: Final = 5_000
"""Characters at the beginning of an article among which its first sentences are looked for."""
_LONGEST_ABBREVIATION: Final = 3
_END: Final = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s)|\n")
_LAST_WORD: Final = re.compile(r"\S*$")


def first_sentences(text: str) -> str:
    """The first two sentences; the first alone where both are too long."""
    text = text.lstrip()[:_READ]
    ends: list[int] = []
    for found in _END.finditer(text):
        if not text[: found.end()].strip() or _abbreviates(text, found):
            continue
        ends.append(found.end())
        if len(ends) == MOST_SENTENCES:
            break
    ends = ends or [len(text)]
    if len(ends) == 1 and text[ends[0] :].strip():
        ends.append(len(text))
    first, last = text[: ends[0]].strip(), text[: ends[-1]].strip()
    return _cut(one_line(last if len(last) <= LONGEST else first))


def sentence_with(evidence: Evidence, article: Article) -> str | None:
    """The sentence that a sign quotes; None where the article's version no longer holds the quote."""
    text = article.title if evidence.field is Field.TITLE else article.text
    start, end = evidence.start, evidence.start + len(evidence.quote)
    if evidence.article_id != article.id or text[start:end] != evidence.quote:
        return None
    return _cut(one_line(sentence_around(text, start, end)[0]))


def _abbreviates(text: str, found: re.Match[str]) -> bool:
    """Is it the dot of "TP. Tuyên Quang"?"""
    word = _LAST_WORD.search(text, max(0, found.start() - _LONGEST_ABBREVIATION - 1), found.start())
    written = word.group() if word else ""
    return found.group() == "." and len(written) <= _LONGEST_ABBREVIATION and written[:1].isupper()


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
