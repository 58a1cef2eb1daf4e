"""Flagged stories of the archive become cases; cases follow their stories. Safe to repeat at any point.

The mark up to which the archive was followed is kept with the cases that came of it, in one transaction: a run that was
killed anywhere is made again by the next, to the same end.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from desk.by_hand import whose
from desk.cards import card_of, is_undecided, outlets
from index import workflow
from index.archive import Archive, Reviewed
from index.case import MACHINE, Act, Case, Entry, SignState, TrackRecord
from index.casebook import Book, Casebook
from index.casebook_rulings import subject
from index.errors import ArticleNotFound, MarkUnknown, StoryNotFound
from index.model import (
    Article,
    ArticleId,
    CaseId,
    FlagKind,
    Mark,
    OfficerName,
    ProvinceId,
    Review,
    SourceId,
    Standing,
    Story,
    StoryId,
    Track,
)
from index.tip import Tip

BATCH: Final = 25
"""Stories followed in one transaction: few, because an officer's decision waits for it."""
TURN: Final = 0.1
"""Seconds between two transactions. SQLite gives a freed file to whoever asks first, and one who waits asks ten times a
second: without a pause a long intake lets nobody else in (measured: 7 s for one note beside 1,500 new cases)."""
_log = logging.getLogger(__name__)


def take_in(archive: Archive, casebook: Casebook, province: ProvinceId, now: datetime) -> int:
    """Follow the archive's changes since the last time; how many cases were opened."""
    _follow_visits(archive, casebook, province)
    _repeat_rulings(archive, casebook, province)
    with casebook.read(province) as book:
        mark = book.rulings.mark()
    opened = 0
    while True:
        stories, mark = _changed(archive, province, mark)
        changes = _gather(archive, casebook, province, stories)
        with casebook.write(province) as book:
            opened += sum(_follow(book, change, now) for change in changes)
            book.rulings.keep_mark(mark)
        if len(stories) < BATCH:
            return opened
        if changes:
            time.sleep(TURN)


def open_story(archive: Archive, casebook: Casebook, story: Story, *, by: OfficerName, now: datetime) -> Case:
    """The case of a story, opened on a person's word where it has none: to be verified, if no sign says otherwise."""
    reviews = archive.reviews(story.articles, story.province)
    articles = {article.id: article for article in archive.articles(story.articles)}
    with casebook.write(story.province) as book:
        case = book.cases.of_story(story.id)
        if case is not None:
            return book.cases.survivor(case)
        names = {entry.source.id: entry.source.name for entry in book.register.all()}
        change = _change(story, articles, reviews, book.tips.of_articles(story.articles), names)
        return _open(book, change, now, by)


# --- what people said, on its way to the archive ------------------------------------------------------------------


def _follow_visits(archive: Archive, casebook: Casebook, province: ProvinceId) -> None:
    """A tip whose page has been read now has its article, and the officer's word that it is the province's."""
    with casebook.read(province) as book:
        awaited = book.tips.awaited()
    if not awaited:
        return
    brought = {visit.id: visit.article_id for visit in archive.visits(since=awaited[0].at)}
    with casebook.write(province) as book:
        for tip in awaited:
            article_id = brought.get(tip.visit_id) if tip.visit_id else None
            if article_id is not None:
                book.tips.arrived(tip.id, article_id)
                book.rulings.add(whose(replace(tip, article_id=article_id)))


def _repeat_rulings(archive: Archive, casebook: Casebook, province: ProvinceId) -> None:
    """Apply the rulings in force that the archive has not got: it could not be reached, or it is another one now."""
    with casebook.read(province) as book:
        in_force = book.rulings.in_force()
    held = {subject(ruling): ruling for ruling in archive.rulings(province)}
    for what, ruling in in_force.items():
        known = held.get(what)
        if ruling.value == (known.value if known else None):
            continue
        try:
            archive.apply(ruling)
        except (ArticleNotFound, StoryNotFound) as error:
            _log.info("ruling on what the archive no longer holds: %s", error)


# --- what the machine shows, on its way to the casebook -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A changed story and what its case is made of. `survivor` is the story it now lives in, its own id if not joined.

    `shown` are the signs of a story that may be the province's, `tips` what people said when they brought it in.
    """

    story: Story
    survivor: StoryId
    members: Sequence[Reviewed] = ()
    shown: frozenset[FlagKind] = frozenset()
    tips: Sequence[Tip] = ()
    outlets: Mapping[ArticleId, str] = field(default_factory=dict)

    @property
    def wanted(self) -> bool:
        """Does the story get a case if it has none? If a person has to look: at a sign, at its place, at a tip."""
        standings = {member.review.standing for member in self.members if member.review}
        return bool(self.members) and bool(self.shown or self.tips or is_undecided(standings))

    @property
    def asked_for(self) -> Mapping[Track, TrackRecord]:
        """The tracks that tips name."""
        named = {tip.track for tip in self.tips}
        return {track: TrackRecord() for track in Track if track in named}


def _changed(archive: Archive, province: ProvinceId, mark: Mark | None) -> tuple[Sequence[Story], Mark]:
    try:
        return archive.changed_since(province, mark, limit=BATCH)
    except MarkUnknown:
        # Another archive than the mark is of, restored or rebuilt: it is followed from its beginning.
        return archive.changed_since(province, None, limit=BATCH)


def _gather(archive: Archive, casebook: Casebook, province: ProvinceId, stories: Sequence[Story]) -> Sequence[_Change]:
    """The changes that concern the casebook; joined stories first, so that their cases go on as the survivor's."""
    ids = list(dict.fromkeys(article for story in stories for article in story.articles))
    reviews = archive.reviews(ids, province)
    with casebook.read(province) as book:
        names = {entry.source.id: entry.source.name for entry in book.register.all()}
        tips = book.tips.of_articles(ids)
        known = book.cases.of_stories([story.id for story in stories])
    noticed = [story for story in stories if story.forward is None and _noticed(story, reviews, tips, known)]
    articles = {a.id: a for a in archive.articles([article for story in noticed for article in story.articles])}
    joined = [
        _Change(story=story, survivor=archive.story(story.id).id)
        for story in stories
        if story.forward is not None and story.id in known
    ]
    live = [_change(story, articles, reviews, tips, names) for story in noticed]
    return [*joined, *(change for change in live if change.story.id in known or change.wanted)]


def _noticed(story: Story, reviews: Mapping[ArticleId, Review], tips: Sequence[Tip], known: Container[StoryId]) -> bool:
    """Is a story worth reading its articles for? Most are not: they have no case, no sign and a clear place."""
    undecided = any(reviews[a].standing is Standing.UNDECIDED for a in story.articles if a in reviews)
    return story.id in known or bool(story.flags) or undecided or any(tip.article_id in story.articles for tip in tips)


def _change(
    story: Story,
    articles: Mapping[ArticleId, Article],
    reviews: Mapping[ArticleId, Review],
    tips: Sequence[Tip],
    names: Mapping[SourceId, str],
) -> _Change:
    members = [
        Reviewed(article=articles[article], review=reviews.get(article), story_id=story.id)
        for article in story.articles
        if article in articles
    ]
    elsewhere = {member.review.standing for member in members if member.review} == {Standing.NOT_OURS}
    brought = [tip for tip in tips if tip.article_id in story.articles]
    return _Change(
        story=story,
        survivor=story.id,
        members=members,
        shown=frozenset() if elsewhere else frozenset(flag.kind for flag in story.flags),
        tips=brought,
        outlets=outlets([member.article for member in members], names, brought),
    )


def _follow(book: Book, change: _Change, now: datetime) -> int:
    """Bring one case up to its story; how many cases were opened, 0 or 1."""
    case = book.cases.of_story(change.story.id)
    if change.survivor != change.story.id:
        if case is not None and case.merged_into is None:
            _follow_join(book, case, change.survivor, now)
        return 0
    if case is None:
        _open(book, change, now)
        return 1
    if case.merged_into is None:
        _refresh(book, case, change, now)
    return 0


def _open(book: Book, change: _Change, now: datetime, by: OfficerName = MACHINE) -> Case:
    brought = change.tips or by != MACHINE
    blank = Case(
        id=CaseId(""),
        province=change.story.province,
        story=change.story.id,
        opened=now,
        tracks=change.asked_for or ({Track.VERIFY: TrackRecord()} if brought and not change.shown else {}),
    )
    case = book.cases.open(
        workflow.meet(blank, change.shown),
        Entry(by=by, at=now, action=Act.OPENED, params={"story": change.story.id}),
    )
    book.cases.keep_card(card_of(case.id, change.story, change.members, change.outlets))
    return case


def _refresh(book: Book, case: Case, change: _Change, now: datetime) -> None:
    met = workflow.meet(replace(case, tracks={**change.asked_for, **case.tracks}), change.shown)
    if met != case:
        entry = Entry(by=MACHINE, at=now, action=Act.SIGNS, params=_what_changed(case, met))
        book.cases.keep(met, was=case, entry=entry)
    if change.members:
        card = card_of(case.id, change.story, change.members, change.outlets)
        if book.cases.cards([case.id]).get(case.id) != card:
            book.cases.keep_card(card)


def _what_changed(was: Case, met: Case) -> Mapping[str, str]:
    """For the history: the kinds of sign that are open now and were not, those withdrawn, and the tracks opened."""
    before = {sign.kind: sign.state for sign in was.signs}
    changed = [sign for sign in met.signs if before.get(sign.kind) is not sign.state]
    params: dict[str, list[str]] = {
        "shown": [sign.kind for sign in changed if sign.state is SignState.OPEN],
        "withdrawn": [sign.kind for sign in changed if sign.state is SignState.WITHDRAWN],
        "tracks": [track for track in met.tracks if met.tracks[track] != was.tracks.get(track)],
    }
    return {name: " ".join(codes) for name, codes in params.items() if codes}


def _follow_join(book: Book, case: Case, survivor: StoryId, now: datetime) -> None:
    """The story of a case was joined into another: the case goes on as that story's, or its work in that one's case."""
    receiving = book.cases.of_story(survivor)
    if receiving is not None:
        receiving = book.cases.survivor(receiving)
    if receiving is None:
        entry = Entry(by=MACHINE, at=now, action=Act.MOVED, params={"story": survivor})
        book.cases.keep(replace(case, story=survivor), was=case, entry=entry)
        return
    leaving = Entry(by=MACHINE, at=now, action=Act.MERGED, params={"into": receiving.id})
    joining = Entry(by=MACHINE, at=now, action=Act.JOINED, params={"case": case.id})
    book.cases.keep(replace(case, merged_into=receiving.id), was=case, entry=leaving)
    book.cases.keep(workflow.merge(receiving, case), was=receiving, entry=joining)
