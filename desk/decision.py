"""How every act on a case is made: in one transaction, on the revision that the officer saw, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from index.account import Officer
from index.case import Act, Case, Entry
from index.casebook import Book
from index.errors import Conflict, IllegalMove
from index.model import CaseId

_SAYING: Final = frozenset({Act.COMMENTED, Act.RULED, Act.SPLIT, Act.UNDONE})
"""Acts that say something without moving the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act as it is asked for: who does what to which case, on the revision they read.

    `params` tell two acts of a kind apart and stand in history and audit: ids and codes. `note` is the officer's words.
    """

    case_id: CaseId
    revision: int
    by: Officer
    at: datetime
    action: Act
    params: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def entry(self) -> Entry:
        return Entry(by=self.by.name, at=self.at, action=self.action, params=self.params, note=self.note)


def carry_out(book: Book, decision: Decision, change: Callable[[Case], Case]) -> tuple[Case, bool]:
    """The case after the act, and whether this call made it: the same act on the same revision is made once.

    Raises `Conflict` if somebody else was faster; a comment takes nothing from anybody and is always kept. An act that
    moves nothing and says nothing leaves no trace.
    """
    case = book.cases.get(decision.case_id)
    if case.revision != decision.revision:
        if _made(case, decision):
            return case, False
        if decision.action is not Act.COMMENTED:
            newest = case.history[-1]
            raise Conflict(by=newest.by, at=newest.at)
    if case.merged_into is not None:
        raise IllegalMove(case=case.id, merged_into=case.merged_into)
    changed = change(case)
    if changed == case and decision.action not in _SAYING:
        return case, False
    return book.cases.keep(changed, was=case, entry=decision.entry), True


def _made(case: Case, decision: Decision) -> bool:
    return any(
        line.revision > decision.revision and replace(decision.entry, at=line.at, revision=line.revision) == line
        for line in case.history
    )
