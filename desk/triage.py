"""The queue, and what an officer decides about a case. Every act returns the case as it then is.

Every act names its officer and the revision that was read. It raises `Conflict` if somebody else was faster,
`IllegalMove` if the workflow has no such step, `Forbidden` if the officer's roles do not allow it. The same act on the
same revision is made once, however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from desk.accounts import Action, may, require
from desk.decision import Decision, carry_out
from desk.routing import Agency
from desk.rulings import Rulings
from index import workflow
from index.account import Officer
from index.case import Act, Case, Conclusion, Dismissal, Grounds, Handling, Result, TrackRecord
from index.casebook import Casebook
from index.casebook_queue import Filters, QueuePage, Tab
from index.errors import CasebookError, CasebookUnavailable, IllegalMove
from index.model import CaseId, FlagKind, OfficerName, ProvinceId, Standing, Track

PAGE: Final = 25
EVERYTHING: Final = Filters()
_NO_KINDS: Final[frozenset[FlagKind]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as an officer saw it, for acts on many at once."""

    case_id: CaseId
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What became of an act on many cases: those it was made on, and why it was not on the others."""

    done: tuple[Case, ...]
    refused: Mapping[CaseId, CasebookError]


class Triage:
    def __init__(self, casebook: Casebook, province: ProvinceId, agencies: Sequence[Agency], rulings: Rulings) -> None:
        self._casebook = casebook
        self._province = province
        self._rulings = rulings
        self._agencies = {agency.id: agency for agency in agencies}

    # --- the queue

    def queue(self, officer: Officer, tab: Tab, filters: Filters = EVERYTHING, *, page: int = 1) -> QueuePage:
        """One page (the first is 1) of a tab, most urgent first, `PAGE` cases a page."""
        require(officer, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.queue.page(tab, filters, officer=officer.name, offset=(page - 1) * PAGE, limit=PAGE)

    def counts(self, officer: Officer) -> Mapping[Tab, int]:
        """How many cases wait in every tab."""
        require(officer, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.queue.counts(officer.name)

    def opened_since(self, officer: Officer, tab: Tab, since: datetime) -> int:
        """How many cases came to a tab after a page of it was drawn."""
        require(officer, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.queue.opened_since(tab, since, officer.name)

    # --- who works on it

    def take(self, case_id: CaseId, track: Track, *, by: Officer, at: datetime, revision: int) -> Case:
        """Begin to verify a track, or go on with what another officer began."""
        decision = self._decision(case_id, revision, by, at, Act.TAKEN, track=track)
        return self._carry_out(decision, lambda case: workflow.take_on(case, track, by.name))

    def release(self, case_id: CaseId, track: Track, *, by: Officer, at: datetime, revision: int) -> Case:
        """Give a track back to the queue."""
        decision = self._decision(case_id, revision, by, at, Act.RELEASED, track=track)
        return self._carry_out(decision, lambda case: workflow.move(case, track, workflow.release))

    def assign(
        self, case_id: CaseId, track: Track, to: OfficerName, *, by: Officer, at: datetime, revision: int
    ) -> Case:
        """Give a track to an officer who may decide; they are its owner and it is being verified."""
        decision = self._decision(case_id, revision, by, at, Act.ASSIGNED, track=track, to=to)
        with self._casebook.read(self._province) as book:
            receiver = book.staff.credentials(to)
        if receiver is None or receiver.account.disabled or not may(receiver.account, Action.DECIDE):
            raise IllegalMove(to=to, missing="officer")
        return self._carry_out(decision, lambda case: workflow.take_on(case, track, to))

    # --- signs

    def confirm(
        self,
        case_id: CaseId,
        track: Track,
        *,
        by: Officer,
        at: datetime,
        revision: int,
        kinds: frozenset[FlagKind] = _NO_KINDS,
    ) -> Case:
        """Confirm signs of a track (all open ones if none are named) and take it if it is new."""
        decision = self._decision(case_id, revision, by, at, Act.CONFIRMED, track=track, kinds=_named(kinds))
        return self._carry_out(decision, lambda case: workflow.confirm(case, track, kinds, by=by.name, at=at))

    def dismiss(
        self,
        case_id: CaseId,
        track: Track,
        dismissal: Dismissal,
        *,
        by: Officer,
        at: datetime,
        revision: int,
        kinds: frozenset[FlagKind] = _NO_KINDS,
    ) -> Case:
        """Set signs of a track aside (all if none are named), and the track with its last.

        `NOT_OURS` is said of the story, not of a sign: it is `Rulings.about` with all that follows from it.
        """
        if dismissal is Dismissal.NOT_OURS:
            return self._rulings.about(case_id, Standing.NOT_OURS, by=by, at=at, revision=revision)
        decision = self._decision(
            case_id, revision, by, at, Act.DISMISSED, track=track, kinds=_named(kinds), dismissal=dismissal
        )
        return self._carry_out(
            decision, lambda case: workflow.set_aside(case, track, kinds, dismissal, by=by.name, at=at)
        )

    # --- conclusion, handling, result

    def conclude(
        self,
        case_id: CaseId,
        track: Track,
        conclusion: Conclusion,
        grounds: Grounds,
        *,
        by: Officer,
        at: datetime,
        revision: int,
    ) -> Case:
        """Write the conclusion of a track. `IllegalMove` with `missing` says which ground it lacks."""
        decision = replace(
            self._decision(case_id, revision, by, at, Act.CONCLUDED, track=track, conclusion=conclusion),
            note=grounds.reasoning,
        )
        return self._move(decision, track, lambda record: workflow.conclude(record, conclusion, grounds))

    def handle(
        self, case_id: CaseId, track: Track, handling: Handling, *, by: Officer, at: datetime, revision: int
    ) -> Case:
        """Say what is to be done; nothing closes the track at once."""
        decision = self._decision(case_id, revision, by, at, Act.HANDLED, track=track, handling=handling)
        return self._move(decision, track, lambda record: workflow.handle(record, handling))

    def close(self, case_id: CaseId, track: Track, result: Result, *, by: Officer, at: datetime, revision: int) -> Case:
        """Say how the handling ended."""
        decision = self._decision(case_id, revision, by, at, Act.CLOSED, track=track, result=result)
        return self._move(decision, track, lambda record: workflow.close(record, result))

    def withdraw(self, case_id: CaseId, track: Track, *, by: Officer, at: datetime, revision: int) -> Case:
        """Take the last step of a track back, whoever made it."""
        decision = self._decision(case_id, revision, by, at, Act.WITHDRAWN, track=track)
        return self._carry_out(decision, lambda case: workflow.withdraw(case, track, by.name))

    def undo(self, case_id: CaseId, *, by: Officer, at: datetime, revision: int) -> Case:
        """Take back the officer's own last decision, exactly; notes written since do not matter.

        Raises `Conflict` if somebody else, or the machine with a new sign, has acted on the case since.
        """
        require(by, Action.DECIDE)
        return self._rulings.undo(case_id, by=by, at=at, revision=revision)

    # --- notes and agencies

    def comment(self, case_id: CaseId, note: str, *, by: Officer, at: datetime, revision: int) -> Case:
        """Add a note. It overwrites nothing, so it is kept even if somebody was faster."""
        if not note.strip():
            raise IllegalMove(missing="note")
        require(by, Action.COMMENT)
        decision = Decision(case_id=case_id, revision=revision, by=by, at=at, action=Act.COMMENTED, note=note.strip())
        return self._carry_out(decision, lambda case: case)

    def route(self, case_id: CaseId, agency: str, *, by: Officer, at: datetime, revision: int) -> Case:
        """Record which agency is responsible; `agency` is an id of the province's profile."""
        if agency not in self._agencies:
            raise IllegalMove(agency=agency, missing="agency")
        decision = self._decision(case_id, revision, by, at, Act.ROUTED, agency=agency)
        return self._carry_out(decision, lambda case: replace(case, agency=agency))

    # --- many at once

    def take_many(self, seen: Sequence[Seen], track: Track, *, by: Officer, at: datetime) -> Many:
        return each(seen, lambda one: self.take(one.case_id, track, by=by, at=at, revision=one.revision))

    def dismiss_many(
        self, seen: Sequence[Seen], track: Track, dismissal: Dismissal, *, by: Officer, at: datetime
    ) -> Many:
        return each(seen, lambda one: self.dismiss(one.case_id, track, dismissal, by=by, at=at, revision=one.revision))

    def route_many(self, seen: Sequence[Seen], agency: str, *, by: Officer, at: datetime) -> Many:
        return each(seen, lambda one: self.route(one.case_id, agency, by=by, at=at, revision=one.revision))

    # --- how an act is made

    def _decision(
        self, case_id: CaseId, revision: int, by: Officer, at: datetime, action: Act, **params: str
    ) -> Decision:
        require(by, Action.DECIDE)
        return Decision(case_id=case_id, revision=revision, by=by, at=at, action=action, params=params)

    def _carry_out(self, decision: Decision, change: Callable[[Case], Case]) -> Case:
        with self._casebook.write(self._province) as book:
            return carry_out(book, decision, change)[0]

    def _move(self, decision: Decision, track: Track, step: Callable[[TrackRecord], TrackRecord]) -> Case:
        return self._carry_out(decision, lambda case: workflow.move(case, track, step))


def _named(kinds: frozenset[FlagKind]) -> str:
    return " ".join(kind for kind in FlagKind if kind in kinds)


def each(seen: Sequence[Seen], act: Callable[[Seen], Case]) -> Many:
    """The same act on every case. Where the casebook cannot be reached the cases that are left are not tried."""
    done: list[Case] = []
    refused: dict[CaseId, CasebookError] = {}
    for number, one in enumerate(seen):
        try:
            done.append(act(one))
        except CasebookUnavailable as error:
            refused |= dict.fromkeys((left.case_id for left in seen[number:]), error)
            break
        except CasebookError as error:
            refused[one.case_id] = error
    return Many(done=tuple(done), refused=refused)
