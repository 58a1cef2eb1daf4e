"""The daily page put together from archive and casebook (DOMAIN §6.1).

`desk.summary_places` says which story stands in which section, `desk.summary_lines` how it is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from desk import mending
from desk.daily import Counts, Daily, DayVolume, Edition, Line, NewsGroup, Section
from desk.private_names import PrivateNames
from desk.routing import Agency
from desk.summary_lines import Teller
from desk.summary_period import Period, period
from desk.summary_places import RESULTS, Placed, Telling, arrange
from desk.summary_sources import Sources, sources_at
from desk.summary_stories import DAYS, Gathered, Told, gather, told_of, unreviewed
from index.account import Account
from index.archive import Archive, Reviewed
from index.case import Case, CaseCard
from index.casebook import Book, Casebook
from index.errors import StoryNotFound
from index.mend import Mend, MendKind
from index.model import ArticleId, CaseId, ProvinceId, SourceId, StoryId, Tone, Track
from index.source import Source

STEPS: Final = 4
"""Reading the sources, walking the stories, telling them, setting them in type (`desk.editions`)."""
_NOTED_FOR: Final = timedelta(days=90)
"""So long a deadline that an officer noted is looked after."""
_CATCH_UP: Final = timedelta(days=1)
_AT_ONCE: Final = 100
"""Lines, or cards, in memory at once with what they are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the casebook says before the archive is read. `mended` is, for each story with officers' words or notes of
    the last weeks, the story that it now lives in: another one where it was joined."""

    enabled: Sequence[Source]
    names: Mapping[SourceId, str]
    registered: Mapping[str, datetime]
    accounts: Sequence[Account]
    unfinished: Mapping[Track, int]
    cases: Mapping[StoryId, Case]
    mended: Mapping[StoryId, StoryId]


class Summaries:
    def __init__(
        self,
        archive: Archive,
        casebook: Casebook,
        province: ProvinceId,
        *,
        agencies: Sequence[Agency],
        names: PrivateNames,
        foreign_names: PrivateNames,
        ready: time,
        waited: Callable[[date, Edition], Collection[ArticleId]],
    ) -> None:
        """`names` finds private persons in Vietnamese texts, `foreign_names` in others; `ready` is the hour, in Viet
        Nam, at which the morning page is put together; `waited` are the articles that waited on the page before."""
        self.ready = ready
        self._waited = waited
        self._archive = archive
        self._casebook = casebook
        self._province = province
        self._agencies = {agency.id: agency.name for agency in agencies}
        self._names = names
        self._foreign_names = foreign_names

    def daily(
        self, day: date, edition: Edition, *, now: datetime, step: Callable[[int], None] = lambda _: None
    ) -> Daily:
        """The page as the machine makes it, with what officers said of its stories before and of this edition.

        `step` is told which of the `STEPS` begins. Put together after its hour it is as it would have been then, as far
        as the archive still says so. Of the sources it says how they answer when it is made, up to a day after: what
        was collected meanwhile stands on it.
        """
        of = period(day, edition, self.ready)
        at, heard_at = min(now, of.closes), min(now, of.closes + _CATCH_UP)
        step(1)
        known = self._read_cases(of, day)
        days = [day - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
        sources = sources_at(self._archive, known.enabled, known.registered, days, before=of.opens, now=heard_at)
        of = replace(of, heard=sources.heard, waited=self._waited(day, edition))
        step(2)
        found = gather(self._archive, self._province, of, day, now=at)
        waiting = unreviewed(self._archive, self._province, of, now=now)
        step(3)
        with self._casebook.read(self._province) as book:
            tellings = _tellings(book, found, known, day)
            mends = book.mends.of(day, edition)
            words = _said(book, MendKind.WORDS, [telling.story for telling in tellings], known.mended, day)
        tellings = [self._sourced(one) for one in tellings if one.told or one.is_waited_for(of, at)]
        arranged = arrange(tellings, of, at)
        told = self._tell(arranged.every, known.names, words)
        page = Daily(
            province=self._province,
            day=day,
            edition=edition,
            since=of.since,
            until=of.until,
            made=now,
            counts=_counts(found, sources, len(waiting)),
            lost=sources.lost,
            unfinished=known.unfinished,
            volume=tuple(_volume(one, found, sources) for one in days),
            undated_volume=found.undated_volume,
            people={},
            revision=0,
            lines={section: _of(told, arranged.lines[section]) for section in Section},
            waiting=(*waiting, *found.waiting),
            left_out=arranged.left_out,
            further={group: _of(told, arranged.further[group]) for group in NewsGroup},
        )
        return mending.with_people(mending.apply(page, mends), known.accounts)

    def _read_cases(self, of: Period, day: date) -> _Known:
        with self._casebook.read(self._province) as book:
            noted, worded = (
                book.mends.stories(kind, since=day - _NOTED_FOR) for kind in (MendKind.NOTE, MendKind.WORDS)
            )
        mended = {story: self._lives_in(story) for story in {*noted, *worded}}
        with self._casebook.read(self._province) as book:
            registered = book.register.all()
            cases = book.cases.many(
                [*book.queue.pressing(of.since, of.closes), *book.queue.acted_on(RESULTS, of.since, of.until)]
            )
            return _Known(
                enabled=[entry.source for entry in registered if entry.source.enabled],
                names={entry.source.id: entry.source.name for entry in registered},
                registered=book.audit.first("source"),
                accounts=book.staff.accounts(),
                unfinished=book.queue.unfinished(),
                cases={
                    **book.cases.of_stories([mended[story] for story in noted]),
                    **{case.story: case for case in cases.values()},
                },
                mended=mended,
            )

    def _lives_in(self, story: StoryId) -> StoryId:
        try:
            return self._archive.story(story).id
        except StoryNotFound:
            return story

    def _tell(
        self, placed: Sequence[Placed], names: Mapping[SourceId, str], words: Mapping[StoryId, Sequence[Mend]]
    ) -> dict[StoryId, Line]:
        """The line of each story, in officers' words where they have written some."""
        lines: dict[StoryId, Line] = {}
        for start in range(0, len(placed), _AT_ONCE):
            some = placed[start : start + _AT_ONCE]
            leads = [one.telling.tells.lead.id for one in some if one.telling.tells]
            shown = self._reviewed(leads)
            with self._casebook.read(self._province) as book:
                tips = book.tips.of_articles(leads)
            teller = Teller(
                names=self._names, foreign_names=self._foreign_names, sources=names, agencies=self._agencies, tips=tips
            )
            for one in some:
                told = one.telling.tells
                line = teller.line(one, told, shown.get(told.lead.id) if told else None)
                lines[line.story] = _in_officers_words(line, one.telling.note, words.get(line.story, ()))
        return lines

    def _sourced(self, telling: Telling) -> Telling:
        """With the story's articles of whenever where the period brought none."""
        if telling.told is not None:
            return telling
        try:
            story = self._archive.story(telling.story)
        except StoryNotFound:
            return telling
        members = told_of(self._archive, story, self._province)
        return replace(telling, earlier=Told(story=story, members=members)) if members else telling

    def _reviewed(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Reviewed]:
        reviews = self._archive.reviews(ids, self._province)
        articles = self._archive.articles(ids)
        return {article.id: Reviewed(article=article, review=reviews.get(article.id)) for article in articles}


def _of(told: Mapping[StoryId, Line], placed: Sequence[Placed]) -> tuple[Line, ...]:
    return tuple(told[one.telling.story] for one in placed)


def is_something_new(page: Daily) -> bool:
    """Is an afternoon page worth making: did anything appear, or come to a result?"""
    return page.counts.new > 0 or bool(page.lines[Section.RESULTS])


def _tellings(book: Book, found: Gathered, known: _Known, day: date) -> Sequence[Telling]:
    """The stories of the period, and those that may stand on the page without it."""
    cases = {**known.cases, **book.cases.of_stories(list(found.told))}
    cases = {story: case for story, case in cases.items() if case.merged_into is None}
    stories = [*found.told, *(story for story in cases if story not in found.told)]
    notes = _said(book, MendKind.NOTE, stories, known.mended, day)
    cards = dict[CaseId, CaseCard]()
    ids = [case.id for case in cases.values()]
    for start in range(0, len(ids), _AT_ONCE):
        cards |= book.cases.cards(ids[start : start + _AT_ONCE])
    return [
        Telling(
            story=story,
            told=found.told.get(story),
            case=case,
            card=cards.get(case.id) if case else None,
            note=notes[story][-1] if story in notes else None,
        )
        for story, case in ((story, cases.get(story)) for story in stories)
    ]


def _said(
    book: Book, kind: MendKind, stories: Sequence[StoryId], mended: Mapping[StoryId, StoryId], day: date
) -> Mapping[StoryId, Sequence[Mend]]:
    """What officers last said of each story, and of those joined into it, oldest first."""
    wanted = set(stories)
    joined = [was for was, story in mended.items() if story in wanted - {was}]
    latest = book.mends.latest(kind, [*stories, *joined], until=day)
    said: dict[StoryId, list[Mend]] = defaultdict(list)
    for was, mend in sorted(latest.items(), key=lambda item: item[1].at):
        said[mended.get(was, was)].append(mend)
    return said


def _in_officers_words(line: Line, note: Mend | None, words: Sequence[Mend]) -> Line:
    line = mending.noted(line, note) if note else line
    for mend in words:
        line = mending.reworded(line, mend)
    return line


# --- figures ------------------------------------------------------------------------------------------------------


def _counts(found: Gathered, sources: Sources, waiting: int) -> Counts:
    members = list(found.members)
    originals = [member for member in members if member.original]
    tones = Counter(member.tone for member in originals)
    return Counts(
        new=len(members),
        originals=len(originals),
        reprints=len(members) - len(originals),
        positive=tones[Tone.POSITIVE],
        neutral=tones[Tone.NEUTRAL],
        issue=tones[Tone.NEGATIVE],
        foreign=sum(member.foreign for member in originals),
        undated=found.undated,
        late=found.late,
        undecided=found.undecided,
        unreviewed=waiting,
        sources_ok=sources.count - len(sources.lost),
        sources_failed=len(sources.lost),
    )


def _volume(day: date, found: Gathered, sources: Sources) -> DayVolume:
    originals, reprints = found.volume.get(day), found.copied.get(day, 0)
    known = day in sources.read_on or originals is not None or reprints > 0
    return DayVolume(
        day=day,
        originals={tone: (originals or Counter())[tone] for tone in Tone} if known else None,
        reprints=reprints if known else None,
        lost=sources.lost_on[day],
        sources=sources.count_on[day],
    )
