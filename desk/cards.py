"""What the queue shows of a case, made from its story: pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from index.archive import Reviewed
from index.case import CardSign, CaseCard, Factors, Priority
from index.model import (
    Article,
    ArticleId,
    CaseId,
    Channel,
    Field,
    Flag,
    FlagKind,
    Harm,
    Label,
    SourceId,
    Standing,
    Story,
)
from index.tip import Tip

FASTEST: Final = 4.0
"""Spread counts up to here: four outlets or four publications an hour are wide for a story of one province."""
_LEVELS: Final = ((8.0, Priority.URGENT), (4.0, Priority.HIGH), (2.0, Priority.MEDIUM))
"""The least weight of each level: life at stake in one place is high, in two it is urgent."""
_SENTENCE_END: Final = re.compile(r"[.!?…][\"”’)\]]*\s+|\n")
_LONGEST_SENTENCE: Final = 240
_PLACES_SHOWN: Final = 5
# A headline is taken from an edited text where there is one: first posts shout, and name accounts.
EDITED: Final = frozenset({Channel.PRESS, Channel.PORTAL, Channel.BROADCAST, Channel.PRINT})
# What such a text tells does not happen here, or not at all: nothing is at stake.
_UNREAL: Final = frozenset({Label.DRILL, Label.SATIRE, Label.ELSEWHERE, Label.ORIGIN_ONLY})


def outlets(
    articles: Sequence[Article], sources: Mapping[SourceId, str], tips: Sequence[Tip]
) -> Mapping[ArticleId, str]:
    """What people call the place each article stood in: as who brought it in said, else by its source's name or id."""
    said = {tip.article_id: tip.outlet for tip in tips}
    return {
        article.id: said.get(article.id) or sources.get(article.source_id, article.source_id) for article in articles
    }


def card_of(case_id: CaseId, story: Story, members: Sequence[Reviewed], names: Mapping[ArticleId, str]) -> CaseCard:
    """The card of a case. `members` are the story's articles as reviewed, at least one; `names` those of `outlets`."""
    standings = [member.review.standing if member.review else None for member in members]
    relevant = [m for m, standing in zip(members, standings, strict=True) if standing is not Standing.NOT_OURS]
    relevant = relevant or list(members)
    copies = {copy for group in story.reprints for copy in group[1:]}
    articles = sorted((member.article for member in relevant), key=lambda article: (article.when, article.id))
    originals = [article for article in articles if article.id not in copies] or articles
    edited = [article for article in originals if article.channel in EDITED]
    factors = _factors(relevant, articles, originals)
    return CaseCard(
        case_id=case_id,
        province=story.province,
        story=story.id,
        title=(edited or originals)[0].title,
        outlets=factors.outlets,
        reprints=len(articles) - len(originals),
        first_seen=articles[0].when,
        first_source=names[articles[0].id],
        channel=articles[0].channel,
        last_change=max(article.when for article in articles),
        places=_places(relevant),
        undecided=is_undecided({standing for standing in standings if standing}),
        signs=card_signs(story.flags, {member.article.id: member.article for member in members}),
        priority=priority(factors),
        weight=weight(factors),
        factors=factors,
    )


def is_undecided(standings: Collection[Standing]) -> bool:
    """Must a person say whose a story is? If none of its articles is known to be the province's, and some may be."""
    return Standing.UNDECIDED in standings and Standing.OURS not in standings


def priority(factors: Factors) -> Priority:
    """How urgent harm × spread × clock is; where only reputation is at stake, never urgent."""
    reached = next((level for least, level in _LEVELS if weight(factors) >= least), Priority.LOW)
    return Priority.HIGH if reached is Priority.URGENT and factors.harm <= Harm.REPUTATION else reached


def weight(factors: Factors) -> float:
    return factors.harm * factors.spread * factors.clock


def card_signs(flags: Sequence[Flag], articles: Mapping[ArticleId, Article]) -> tuple[CardSign, ...]:
    """One line a kind of sign, in the order of kinds: the sentence of its first quote."""
    order = {kind: place for place, kind in enumerate(FlagKind)}
    return tuple(_card_sign(flag, articles) for flag in sorted(flags, key=lambda flag: order[flag.kind]))


def busiest_hour(articles: Sequence[Article]) -> int:
    """The most publications within any 60 minutes. `articles` in order of time."""
    most = start = 0
    for end, article in enumerate(articles):
        while article.when - articles[start].when >= timedelta(hours=1):
            start += 1
        most = max(most, end - start + 1)
    return most


def sentence_around(text: str, start: int, end: int) -> tuple[str, int]:
    """The sentence that holds the characters `start` to `end`, and where it begins in the text.

    One that is too long for a card is cut around the quote.
    """
    begin = max((found.end() for found in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = next((found.end() for found in _SENTENCE_END.finditer(text, max(end - 1, start))), len(text))
    room = max(0, _LONGEST_SENTENCE - (end - start)) // 2
    begin, stop = max(begin, start - room), min(max(stop, end), end + room)
    return text[begin:end] + text[end:stop].rstrip(), begin


def _card_sign(flag: Flag, articles: Mapping[ArticleId, Article]) -> CardSign:
    evidence = flag.evidence[0]
    article = articles.get(evidence.article_id)
    text = "" if article is None else article.title if evidence.field is Field.TITLE else article.text
    start, end = evidence.start, evidence.start + len(evidence.quote)
    if text[start:end] != evidence.quote:
        # The quote stands in an earlier version of the article: shown by itself.
        return CardSign(kind=flag.kind, score=flag.score, sentence=evidence.quote, start=0, end=len(evidence.quote))
    sentence, begin = sentence_around(text, start, end)
    return CardSign(kind=flag.kind, score=flag.score, sentence=sentence, start=start - begin, end=end - begin)


def _factors(members: Sequence[Reviewed], articles: Sequence[Article], originals: Sequence[Article]) -> Factors:
    at_stake = [member.review.harm.harm for member in members if member.review and not member.review.labels & _UNREAL]
    outlets = len({article.source_id for article in originals})
    per_hour = float(busiest_hour(articles))
    return Factors(
        harm=max(at_stake, default=Harm.NONE),
        outlets=outlets,
        per_hour=per_hour,
        spread=min(FASTEST, max(float(outlets), per_hour)),
    )


def _places(members: Sequence[Reviewed]) -> tuple[str, ...]:
    named = Counter(place.name for member in members if member.review for place in member.review.places)
    return tuple(name for name, _ in named.most_common(_PLACES_SHOWN))
