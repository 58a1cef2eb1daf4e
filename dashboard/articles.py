"""The articles of a story as HTML: marked, dated, with what is kept of them and what changed in them.

Every mark carries the number of its sign: a phone has no hover, and a quote must be found again in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from dashboard import messages as m
from dashboard import say, words
from dashboard import widgets as w
from dashboard.widgets import Span
from desk.story import ArticleShown, StoryView
from index.model import Article, ArticleId, Evidence, Extent, Field, FlagKind, Label

_EXCERPT: Final = 320
"""A text that is not much longer than this is shown whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words that a sign rests on, with the number the page gives that sign."""

    number: int
    evidence: Evidence


def numbered(view: StoryView) -> Mapping[FlagKind, int]:
    """The number of each kind of sign on the page, in the order of the kinds."""
    shown = {flag.kind for flag in view.story.flags} | ({sign.kind for sign in view.case.signs} if view.case else set())
    return {kind: number for number, kind in enumerate((kind for kind in FlagKind if kind in shown), start=1)}


def every(view: StoryView) -> Iterator[ArticleShown]:
    """Originals and reprints."""
    for original in view.articles:
        yield original
        yield from original.reprints


def quotes(view: StoryView) -> Mapping[ArticleId, Sequence[Quote]]:
    """The quotes of every article, both sides where a sign rests on two."""
    numbers = numbered(view)
    found: dict[ArticleId, list[Quote]] = {}
    for flag in view.story.flags:
        for evidence in flag.evidence:
            for one in (evidence, *([evidence.against] if evidence.against else [])):
                found.setdefault(one.article_id, []).append(Quote(number=numbers[flag.kind], evidence=one))
    return found


def article(shown: ArticleShown, quoted: Sequence[Quote], now: datetime, *, first: bool, folded: bool = False) -> str:
    """One original with its versions and its reprints; folded, only its head and its title stand open."""
    newest = shown.article
    title = w.block("title", w.marked(newest.title, spans(newest, Field.TITLE, quoted)))
    head = w.block("meta", _head(shown, now, first=first)) + title
    body = (
        _text(newest, spans(newest, Field.TEXT, quoted))
        + _versions(shown.versions, now)
        + _kept(newest)
        + _reprints(shown.reprints, now)
    )
    inner = f"<details><summary>{head}</summary>{body}</details>" if folded else head + body
    return w.block("article", inner)


def spans(of: Article, field: Field, quoted: Sequence[Quote]) -> tuple[Span, ...]:
    """Where the quotes stand in a field of this version; one of an earlier version is looked for by its words."""
    text = of.title if field is Field.TITLE else of.text
    found = []
    for quote in quoted:
        evidence = quote.evidence
        if evidence.field is not field:
            continue
        length, start = len(evidence.quote), evidence.start
        if text[start : start + length] != evidence.quote:
            start = text.find(evidence.quote)
        if start >= 0:
            found.append(Span(start=start, end=start + length, number=quote.number))
    return tuple(found)


def stands_in(evidence: Evidence, newest: Article) -> bool:
    """Do the quoted words still stand in the newest version?"""
    return evidence.quote in (newest.title if evidence.field is Field.TITLE else newest.text)


def _head(shown: ArticleShown, now: datetime, *, first: bool) -> str:
    of = shown.article
    return w.dotted(
        w.span("strong", say.clock(of.published, now) if of.published else _time_from(of)),
        w.escaped(shown.outlet),
        w.span("label", m.FIRST) if first else "",
        w.escaped(m.VERSION.format(n=of.version)) if of.version > 1 else "",
        "".join(
            w.span("label", words.LABELS[label]) for label in Label if shown.review and label in shown.review.labels
        ),
        w.escaped(words.TONES[shown.review.tone.tone]) if shown.review else "",
        w.escaped(m.FEED_ONLY) if of.extent is Extent.FEED else "",
    )


def _text(of: Article, found: Sequence[Span]) -> str:
    whole = w.block("text", w.marked(of.text, found))
    if len(of.text) <= _EXCERPT:
        return whole
    return w.block("text", w.excerpt(of.text, found)) + _folded(m.WHOLE_TEXT, whole)


def _versions(versions: Sequence[Article], now: datetime) -> str:
    """What changed from each version to the next, latest change first."""
    changes = []
    for before, after in reversed(list(pairwise(versions))):
        title = w.block("title", w.difference(before.title, after.title)) if before.title != after.title else ""
        text = w.difference(before.text, after.text)
        dates = "" if before.published == after.published else w.block("small", w.escaped(_redated(before, after)))
        summary = m.CHANGED.format(before=before.version, after=after.version, at=say.clock(after.collected, now))
        changes.append(_folded(summary, title, w.block("text", text) if text else "", dates))
    return "".join(changes)


def _redated(before: Article, after: Article) -> str:
    def date(of: Article) -> str:
        return say.moment(of.published) if of.published else _time_from(of)

    return m.REDATED.format(before=date(before), after=date(after))


def _kept(of: Article) -> str:
    """When it was captured and the hash of the page's bytes, whole when opened; and the way to the original."""
    captured = m.CAPTURED.format(at=say.moment(of.collected))
    if of.snapshot is None:
        kept = w.escaped(f"{captured} · {m.NO_SNAPSHOT}")
    else:
        short = f"{of.snapshot[:4]}…{of.snapshot[-4:]}"
        lines = w.dotted(w.span("mono", of.snapshot), w.escaped(m.TIME_FROM.format(source=_time_from(of))))
        kept = f"<details><summary>{w.escaped(f'{captured} · SHA-256 {short}')}</summary>{lines}</details>"
    return w.block("small kt-kept", kept, w.link(of.url, m.ORIGINAL_LINK))


def _time_from(of: Article) -> str:
    return words.PUBLISHED_FROM[of.published_from]


def _reprints(reprints: Sequence[ArticleShown], now: datetime) -> str:
    if not reprints:
        return ""
    lines = (
        w.block(
            "small",
            w.dotted(
                w.escaped(say.clock(copy.article.when, now)),
                w.escaped(copy.outlet),
                w.escaped(copy.article.title),
                w.link(copy.article.url, m.ORIGINAL_LINK),
            ),
        )
        for copy in reprints
    )
    return _folded(m.REPRINTS.format(n=len(reprints)), *lines)


def _folded(summary: str, *parts: str) -> str:
    return f"<details><summary>{w.escaped(summary)}</summary>{''.join(parts)}</details>"
