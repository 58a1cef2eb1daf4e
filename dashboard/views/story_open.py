"""A story as it lies open before an officer: what the parts of its page share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import acts, navigation
from dashboard.acts import Target
from dashboard.office import Office
from desk.accounts import Action, may
from desk.story import StoryView
from desk.triage import Seen
from index.account import Officer
from index.case import Case, TrackState
from index.model import FlagKind, OfficerName, Track

UNDECIDED: Final = frozenset({TrackState.NEW, TrackState.VERIFYING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The story with its case, who looks at it and when; `names` is what officers are called."""

    office: Office
    officer: Officer
    now: datetime
    view: StoryView
    case: Case
    names: Mapping[OfficerName, str]

    @property
    def decides(self) -> bool:
        return may(self.officer, Action.DECIDE)

    @property
    def seen(self) -> Seen:
        return Seen(case_id=self.case.id, revision=self.case.revision)

    @property
    def leading(self) -> Track | None:
        """The track that keys act on: the first that nobody has concluded or set aside."""
        return next((t for t in Track if t in self.case.tracks and self.case.tracks[t].state in UNDECIDED), None)

    def question(self, kind: FlagKind) -> str:
        """What is asked about one sign of this case, and of no other."""
        return f"{self.case.id} {kind}"

    @property
    def is_asking(self) -> bool:
        """Is something asked about a sign? Then its digits are the answers, and no others are shown."""
        return any(acts.asked() == self.question(sign.kind) for sign in self.case.signs)

    def target(self, track: Track) -> Target:
        title = self.view.card.title if self.view.card is not None else self.case.id
        return Target(seen=self.seen, track=track, title=title)

    def name(self, officer: OfficerName) -> str:
        return self.names.get(officer, officer)


def button(
    label: str, key: str, shortcut: str | None, do: Callable[..., None], *args: object, disabled: bool = False
) -> None:
    """A button that acts; a phone has no keys and shows none."""
    shown = None if navigation.is_phone() else shortcut
    st.button(label, key=key, shortcut=shown, on_click=do, args=args, disabled=disabled)
