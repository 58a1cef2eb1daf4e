"""How one story is told as a line: by one of its articles, in that article's words, without private names. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from desk.cards import outlets
from desk.daily import Line
from desk.personal import Discretion, host, names_account
from desk.private_names import PrivateNames
from desk.summary_places import Placed
from desk.summary_stories import Told
from desk.summary_text import first_sentences, sentence_with
from index.archive import Reviewed
from index.case import CaseCard
from index.model import Article, Flag, SourceId, Tone, Topic, Track
from index.tip import Tip

_PLACES: Final = 3
_NO_OUTLET: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells stories as lines: with what names of outlets and agencies, and withholding whose names."""

    names: PrivateNames
    foreign_names: PrivateNames
    sources: Mapping[SourceId, str]
    agencies: Mapping[str, str]
    tips: Sequence[Tip]

    def line(self, place: Placed, told: Told | None, shown: Reviewed | None) -> Line:
        """`shown` is the article that tells the story `told`; where the archive no longer holds it, the case's card
        does. Counted are the articles of the period alone."""
        telling = place.telling
        case, card = telling.case, telling.card
        article = shown.article if shown else None
        title, summary, withheld = self._told(article, card, place.track, told.story.flags if told else ())
        record = case.tracks.get(place.track) if case and place.track else None
        members = telling.told.members if telling.told else ()
        originals = [member for member in members if member.original]
        return Line(
            story=telling.story,
            article=article.id if article else None,
            version=article.version if article else 0,
            case=case.id if case else None,
            section=place.section,
            group=place.group,
            attention=place.attention,
            outcome=place.outcome,
            title=title,
            summary=summary,
            withheld=withheld,
            rewritten_by=None,
            moved_by=None,
            moved_because="",
            outlet=self._outlet(article, card),
            at=article.published if article else None,
            url=article.url if article and not names_account(article.channel) else None,
            originals=len(originals),
            reprints=len(members) - len(originals),
            foreign=sum(member.foreign for member in originals),
            places=_places(shown, card),
            topic=_topic(shown),
            tone=shown.review.tone.tone if shown and shown.review else Tone.NEUTRAL,
            priority=card.priority if card else None,
            signs=telling.signs,
            track=place.track,
            state=record.state if record else None,
            conclusion=record.conclusion if record else None,
            result=record.result if record else None,
            owner=case.owner if case else None,
            agency=self.agencies.get(case.agency, case.agency) if case and case.agency else None,
            due=None,
            known="",
            unknown="",
            proposal="",
            noted_by=None,
            noted_at=None,
            revision=0,
        )

    def _told(
        self, article: Article | None, card: CaseCard | None, track: Track | None, flags: Sequence[Flag]
    ) -> tuple[str, str, bool]:
        """Title and summary without names of private persons, and whether there were any."""
        discretion = Discretion(names=self.names, foreign_names=self.foreign_names)
        if article is None:
            title, withheld = discretion.told_of_case(card.title if card else "", card.channel if card else None)
            return title, "", withheld
        quoted = [
            sentence_with(evidence, article) for flag in flags if flag.kind.track is track for evidence in flag.evidence
        ]
        sentences = (*quoted, first_sentences(article.text))
        told = next((sentence for sentence in sentences if sentence and sentence != article.title), "")
        (title, summary), withheld = discretion.told(article, (article.title, told))
        return title, summary, withheld

    def _outlet(self, article: Article | None, card: CaseCard | None) -> str:
        """Where it stood; only the host where that could name an account or a private person."""
        channel = article.channel if article else card.channel if card else None
        if names_account(channel):
            return host(article.url if article else None) or _NO_OUTLET
        if article is None:
            return card.first_source if card else ""
        return outlets([article], self.sources, self.tips)[article.id]


def _topic(shown: Reviewed | None) -> Topic:
    return shown.review.topic.topic if shown and shown.review else Topic.OTHER


def _places(shown: Reviewed | None, card: CaseCard | None) -> tuple[str, ...]:
    if card is not None:
        return card.places[:_PLACES]
    named = Counter(place.name for place in shown.review.places) if shown and shown.review else Counter[str]()
    return tuple(name for name, _ in named.most_common(_PLACES))
