"""A case as a line of the queue, and the parts that its pane and its page show too: HTML from escaped text."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dashboard import messages as m
from dashboard import say, words
from dashboard import widgets as w
from dashboard.listing import Listing
from dashboard.widgets import Span
from index.case import CardSign, Case, CaseCard, Priority, SignState, TrackState
from index.casebook_queue import QueueItem, Tab
from index.model import Harm, Standing, Track

_PRIORITY_LOOK: Final = {Priority.URGENT: "red", Priority.HIGH: "amber"}
_PLACES: Final = 2


def row(item: QueueItem, listing: Listing, now: datetime, *, agency: str | None, owner: str | None) -> str:
    """One case, in fixed order: priority, place, spread, time; headline; quoted sentence; signs; state and owner."""
    card, tab, case_id = item.card, listing.tab, item.case.id
    shown = signs(item, tab)[:1]
    quote = "".join(w.block("quote", w.marked(sign.sentence, [Span(start=sign.start, end=sign.end)])) for sign in shown)
    chosen = " chosen" if case_id == listing.chosen else ""
    selected = " selected" if case_id in listing.selected else ""
    return w.block(
        f"row {card.priority}{chosen}{selected}",
        w.block("meta", head(card, now)),
        w.block("title", w.escaped(card.title)),
        quote,
        w.block(
            "foot",
            f"<span>{_chips(item, tab, agency)}</span>",
            w.span("state", _standing(item.case, tab, owner)),
        ),
    )


def head(card: CaseCard, now: datetime) -> str:
    return w.dotted(
        priority(card.priority),
        w.escaped(", ".join(card.places[:_PLACES]) or m.NO_PLACE),
        w.escaped(m.OUTLETS.format(n=card.outlets, reprints=card.reprints)),
        w.escaped(say.clock(card.first_seen, now)),
    )


def priority(of: Priority) -> str:
    return w.span(_PRIORITY_LOOK.get(of, "strong"), words.PRIORITIES[of])


def why_urgent(card: CaseCard) -> str:
    """The factors of the priority, in words."""
    factors = card.factors
    if factors.harm is Harm.NONE:
        return m.WHY_PRIORITY_NO_HARM.format(priority=words.PRIORITIES[card.priority])
    return m.WHY_PRIORITY.format(
        priority=words.PRIORITIES[card.priority],
        harm=words.HARMS[factors.harm],
        outlets=factors.outlets,
        per_hour=f"{factors.per_hour:g}",
    )


def track_state(case: Case, track: Track) -> str:
    record = case.tracks[track]
    if record.conclusion is not None and record.state is TrackState.CONCLUDED:
        return m.CONCLUDED_AS.format(conclusion=words.CONCLUSIONS[record.conclusion])
    if record.dismissal is not None:
        return m.DISMISSED_AS.format(reason=words.DISMISSALS[record.dismissal])
    return words.STATES[record.state]


def tracks(case: Case, tab: Tab) -> tuple[Track, ...]:
    """The tracks of a case that a tab is about: its own, or all of them."""
    return (tab.track,) if tab.track in case.tracks and tab.track is not None else tuple(case.tracks)


def signs(item: QueueItem, tab: Tab) -> tuple[CardSign, ...]:
    """The signs that a tab is about and that nobody has set aside."""
    live = {sign.kind for sign in item.case.signs if sign.state in (SignState.OPEN, SignState.CONFIRMED)}
    return tuple(s for s in item.card.signs if s.kind in live and tab.track in (None, s.kind.track))


def _chips(item: QueueItem, tab: Tab, agency: str | None) -> str:
    """The signs; for criticism who is to answer it instead, as accuracy is not the question there."""
    if tab is Tab.PLACES:
        return w.span("label", words.STANDINGS[Standing.UNDECIDED])
    if tab is Tab.ANSWER:
        return w.span("label", agency) if agency else w.span("soft", m.NO_AGENCY)
    return "".join(w.span("sign", say.sign(sign.kind)) for sign in signs(item, tab))


def _standing(case: Case, tab: Tab, owner: str | None) -> str:
    named = tab.track is None
    states = ((f"{words.TRACKS[track]}: " if named else "") + track_state(case, track) for track in tracks(case, tab))
    return " · ".join([*states, *([owner] if owner else [])])
