"""What an officer says about the archive: whose it is, where it happened, what it is about, what belongs together.

A ruling is written to the casebook with the act on the case, then applied to the archive. The casebook is the truth:
where the archive could not be reached, intake applies it later.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from desk.accounts import Action, require
from desk.decision import Decision, carry_out
from index import workflow
from index.account import Officer
from index.archive import Archive
from index.case import Act, Case, Dismissal, Entry, TrackState
from index.casebook import Book, Casebook
from index.casebook_rulings import Subject, subject
from index.errors import ArchiveError, Conflict, IllegalMove
from index.model import ArticleId, CaseId, ProvinceId, Ruling, RulingField, Standing, StoryId, Topic

_log = logging.getLogger(__name__)

UNDOABLE: Final = frozenset(
    {
        Act.TAKEN,
        Act.RELEASED,
        Act.ASSIGNED,
        Act.CONFIRMED,
        Act.DISMISSED,
        Act.CONCLUDED,
        Act.HANDLED,
        Act.CLOSED,
        Act.WITHDRAWN,
        Act.ROUTED,
        Act.RULED,
    }
)
"""Not a comment, which may have been read, nor a join or split: their way back is a split or a join."""


class Rulings:
    def __init__(self, archive: Archive, casebook: Casebook, province: ProvinceId) -> None:
        self._archive = archive
        self._casebook = casebook
        self._province = province

    def about(self, case_id: CaseId, standing: Standing, *, by: Officer, at: datetime, revision: int) -> Case:
        """Rule whether the story is about the province. If not, every track that nobody has concluded is dismissed."""
        decision = _ruling_act(case_id, revision, by, at, field=RulingField.ABOUT, value=standing)
        if standing is Standing.NOT_OURS:
            return self._rule(decision, {RulingField.ABOUT: standing}, lambda case: _all_set_aside(case, by, at))
        return self._rule(decision, {RulingField.ABOUT: standing})

    def place(self, case_id: CaseId, place: str, *, by: Officer, at: datetime, revision: int) -> Case:
        """Rule where in the province it happened (a present unit's name); that makes the story the province's."""
        if not place.strip():
            raise IllegalMove(missing="place")
        decision = _ruling_act(case_id, revision, by, at, field=RulingField.PLACE, value=place)
        return self._rule(decision, {RulingField.ABOUT: Standing.OURS, RulingField.PLACE: place})

    def topic(self, case_id: CaseId, topic: Topic, *, by: Officer, at: datetime, revision: int) -> Case:
        decision = _ruling_act(case_id, revision, by, at, field=RulingField.TOPIC, value=topic)
        return self._rule(decision, {RulingField.TOPIC: topic})

    def join(
        self, case_id: CaseId, into: CaseId, *, by: Officer, at: datetime, revision: int, into_revision: int
    ) -> Case:
        """Join the story of a case into that of another, and its work into the other's; returns the other.

        Both revisions must be the ones that were read. There is no undo: articles are split off again.
        """
        require(by, Action.DECIDE)
        if case_id == into:
            raise IllegalMove(case=case_id, missing="other")
        leaving = Decision(case_id=case_id, revision=revision, by=by, at=at, action=Act.MERGED, params={"into": into})
        receiving = Decision(
            case_id=into, revision=into_revision, by=by, at=at, action=Act.JOINED, params={"case": case_id}
        )
        with self._casebook.write(self._province) as book:
            joined, survivor = book.cases.get(case_id), book.cases.get(into)
            _, made = carry_out(book, leaving, lambda case: replace(case, merged_into=into))
            kept, _ = carry_out(book, receiving, lambda case: workflow.merge(case, joined))
            said = [self._said(leaving, RulingField.STORY, survivor.story, story_id=joined.story)] if made else []
            book.rulings.add_all(said)
        self._apply(said)
        return kept

    def split(self, case_id: CaseId, article_id: ArticleId, *, by: Officer, at: datetime, revision: int) -> Case:
        """Take an article out of the case's story, into a story of its own, which intake follows like any other."""
        require(by, Action.DECIDE)
        decision = Decision(
            case_id=case_id, revision=revision, by=by, at=at, action=Act.SPLIT, params={"article": article_id}
        )
        with self._casebook.read(self._province) as book:
            members = self._archive.story(book.cases.get(case_id).story).articles
        with self._casebook.write(self._province) as book:
            kept, made = carry_out(book, decision, lambda case: case)
            if made and (article_id not in members or len(members) == 1):
                raise IllegalMove(article=article_id, missing="article")
            apart = _story_apart(case_id, article_id, revision)
            said = [self._said(decision, RulingField.STORY, apart, article_id=article_id)] if made else []
            book.rulings.add_all(said)
        self._apply(said)
        return kept

    def undo(self, case_id: CaseId, *, by: Officer, at: datetime, revision: int) -> Case:
        """Take back the officer's own last decision, with the rulings that it made. See `Triage.undo`."""
        with self._casebook.write(self._province) as book:
            case = book.cases.get(case_id)
            last = _last_decision(case, revision)
            decision = Decision(
                case_id=case_id,
                revision=revision,
                by=by,
                at=at,
                action=Act.UNDONE,
                params={"action": last.action, "revision": str(last.revision)},
            )
            kept, made = carry_out(book, decision, lambda seen: _as_before(book, seen, by))
            taken_back = _taken_back(book, case, last, decision) if made else []
            book.rulings.add_all(taken_back)
        self._apply(taken_back)
        return kept

    # --- how a ruling is made

    def _rule(
        self,
        decision: Decision,
        values: Mapping[RulingField, str],
        change: Callable[[Case], Case] = lambda case: case,
    ) -> Case:
        require(decision.by, Action.DECIDE)
        with self._casebook.write(self._province) as book:
            kept, made = carry_out(book, decision, change)
            said = [self._said(decision, field, value, story_id=kept.story) for field, value in values.items()]
            if made:
                book.rulings.add_all(said)
                _settle_place(book, kept.id, values)
        self._apply(said if made else [])
        return kept

    def _said(
        self,
        decision: Decision,
        field: RulingField,
        value: str,
        *,
        story_id: StoryId | None = None,
        article_id: ArticleId | None = None,
    ) -> Ruling:
        return Ruling(
            by=decision.by.name,
            at=decision.at,
            province=self._province,
            field=field,
            value=value,
            story_id=story_id,
            article_id=article_id,
        )

    def _apply(self, rulings: Sequence[Ruling]) -> None:
        try:
            for ruling in rulings:
                self._archive.apply(ruling)
        except ArchiveError as error:
            # The decision stands in the casebook; intake applies it when the archive answers again.
            _log.warning("ruling not applied yet: %s", error)


def _ruling_act(
    case_id: CaseId, revision: int, by: Officer, at: datetime, *, field: RulingField, value: str
) -> Decision:
    return Decision(
        case_id=case_id,
        revision=revision,
        by=by,
        at=at,
        action=Act.RULED,
        params={"field": field, "value": value},
    )


def _all_set_aside(case: Case, by: Officer, at: datetime) -> Case:
    for track, record in case.tracks.items():
        if record.state in (TrackState.NEW, TrackState.VERIFYING):
            case = workflow.set_aside(case, track, frozenset(), Dismissal.NOT_OURS, by=by.name, at=at)
    return case


def _settle_place(book: Book, case_id: CaseId, said: Collection[RulingField]) -> None:
    """A person has said whose the story is: it leaves the tab of places before intake comes round."""
    if RulingField.ABOUT in said:
        for card in book.cases.cards([case_id]).values():
            book.cases.keep_card(replace(card, undecided=False))


def _last_decision(case: Case, revision: int) -> Entry:
    """The last line up to a revision that is more than a note; the opening of the case at least."""
    return next(
        line for line in reversed(case.history) if line.revision <= revision and line.action is not Act.COMMENTED
    )


def _as_before(book: Book, case: Case, by: Officer) -> Case:
    last = _last_decision(case, case.revision)
    if last.by != by.name:
        raise Conflict(by=last.by, at=last.at)
    state = book.cases.before(case.id, last.revision) if last.action in UNDOABLE else None
    if state is None:
        raise IllegalMove(undo=last.action)
    return replace(case, tracks=state.tracks, signs=state.signs, owner=state.owner, agency=state.agency)


def _taken_back(book: Book, case: Case, act: Entry, undoing: Decision) -> Sequence[Ruling]:
    """For each ruling that an act made on the case's story, the one that puts back what was in force before it."""
    taken_back = []
    before: dict[Subject, str | None] = {}
    for ruling in book.rulings.of_story(case.story):
        if (ruling.by, ruling.at) == (act.by, act.at):
            value = before.get(subject(ruling))
            taken_back.append(replace(ruling, by=undoing.by.name, at=undoing.at, value=value))
        before[subject(ruling)] = ruling.value
    return taken_back


def _story_apart(case_id: CaseId, article_id: ArticleId, revision: int) -> StoryId:
    """An id that the same split always gives, so that asking twice makes one story."""
    return StoryId(hashlib.sha256(f"split {case_id} {article_id} {revision}".encode()).hexdigest()[:32])
