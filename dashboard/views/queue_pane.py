"""The pane beside the queue: why the chosen story was flagged, and every decision as one key.

Keys carry the case and the revision they were drawn for, so that a key pressed twice repeats the old decision, which
the desk makes once, and never hits the story that came after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import acts, navigation, notice, rows, say, session, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.listing import Listing, held, hold
from dashboard.office import Office
from dashboard.widgets import Span
from desk.accounts import Action, may
from desk.story import StoryView
from desk.triage import Seen
from index.account import Officer
from index.case import CardSign, Dismissal
from index.casebook_queue import QueueItem, Tab
from index.errors import ArchiveError
from index.model import CaseId, Evidence, FlagKind

DISMISS: Final = "dismiss"
ROUTE: Final = "route"
_PLACES: Final = 5
_EVIDENCE: Final = 3


def render(office: Office, officer: Officer, now: datetime, listing: Listing) -> None:
    notice.draw(office)
    item = listing.item
    if item is not None:
        view = _view(office, officer, item)
        st.html(_why(item, view, listing.tab, now, _owner(office, officer, item)))
        if may(officer, Action.DECIDE):
            _decide(office, listing, item, view)
        _open(item, view)
    _move(listing, may(officer, Action.DECIDE))


def _view(office: Office, officer: Officer, item: QueueItem) -> StoryView | None:
    """The story behind the card; None while the archive is away, and the card alone must do."""
    try:
        return office.desk.stories.of_case(item.case.id, by=officer)
    except ArchiveError:
        return None


# --- what is said -------------------------------------------------------------------------------------------------


def _owner(office: Office, officer: Officer, item: QueueItem) -> str:
    owner = item.case.owner
    return office.names(officer).get(owner, owner) if owner else ""


def _why(item: QueueItem, view: StoryView | None, tab: Tab, now: datetime, owner: str) -> str:
    card = item.card
    first = w.dotted(
        w.escaped(m.FIRST_SOURCE.format(source=card.first_source, at=say.clock(card.first_seen, now))),
        *(w.escaped(rows.track_state(item.case, track)) for track in rows.tracks(item.case, tab)),
        w.escaped(owner),
    )
    signs = "".join(_sign(number, sign, view) for number, sign in enumerate(rows.signs(item, tab), start=1))
    away = w.block("small", w.span("amber", m.ARCHIVE_AWAY)) if view is None else ""
    return w.block(
        "pane",
        w.block("headline", w.escaped(card.title)),
        w.block("small", first),
        w.block("caption", m.WHY_FLAGGED) + signs if signs else "",
        w.block("small", w.escaped(rows.why_urgent(card))),
        away,
    )


def _sign(number: int, sign: CardSign, view: StoryView | None) -> str:
    """The quoted sentence first, then what kind of sign it is, why, and how sure the machine is."""
    evidence = _evidence_of(view, sign.kind)
    reasons = dict.fromkeys(say.reason(one.reason) for one in evidence[:_EVIDENCE])
    quote = w.marked(sign.sentence, [Span(start=sign.start, end=sign.end, number=number)])
    against = evidence[0].against if evidence else None
    opposite = (
        w.block("quote", "↔ ", w.marked(against.quote, [Span(start=0, end=len(against.quote))])) if against else ""
    )
    why = w.dotted(
        w.span("sign", say.sign(sign.kind)),
        *(w.escaped(reason) for reason in reasons),
        w.span("sure", m.CONFIDENCE.format(word=say.confidence(sign.score))),
    )
    return w.block("why", w.block("quote", quote), opposite, w.block("small", why))


def _evidence_of(view: StoryView | None, kind: FlagKind) -> Sequence[Evidence]:
    flags = view.story.flags if view is not None else ()
    return next((flag.evidence for flag in flags if flag.kind is kind), ())


# --- what can be pressed ------------------------------------------------------------------------------------------


def _decide(office: Office, listing: Listing, item: QueueItem, view: StoryView | None) -> None:
    seen, what = listing.seen(), acts.asked()
    if what == DISMISS:
        _ask_dismissal(office, listing, item)
    elif what == ROUTE:
        _ask_agency(office, listing, item, view)
    elif seen:
        _decide_many(office, listing, seen)
    else:
        _decide_one(office, listing, item)


def _decide_one(office: Office, listing: Listing, item: QueueItem) -> None:
    case, track = item.case, listing.tab.track
    seen = Seen(case_id=case.id, revision=case.revision)
    with _buttons("decide"):
        if listing.tab is Tab.PLACES:
            for number, name in enumerate(item.card.places[:_PLACES], start=1):
                _key(w.label(name), str(number), f"place-{number}-{case.id}", acts.place, office, seen, name)
            _key(m.NOT_OURS, "0", f"not-ours-{case.id}", acts.not_ours, office, seen, item.card.title)
            return
        if track is not None:
            target = acts.Target(seen=seen, track=track, title=item.card.title)
            _key(m.CONFIRM, "X", f"confirm-{case.id}", acts.confirm, office, target)
            _key(m.DISMISS, "B", f"dismiss-{case.id}", acts.ask, DISMISS)
            _key(m.TAKE, "N", f"take-{case.id}", acts.take, office, target)
        _key(m.ROUTE, "P", f"route-{case.id}", acts.ask, ROUTE)


def _decide_many(office: Office, listing: Listing, seen: Sequence[Seen]) -> None:
    track = listing.tab.track
    with _buttons("decide"):
        st.html(w.span("strong", m.SELECTED.format(n=len(seen))))
        if track is not None:
            _key(m.TAKE, "N", "take-many", acts.take_many, office, seen, track)
            _key(m.DISMISS_SIGNS, "B", "dismiss-many", acts.ask, DISMISS)
        elif listing.tab is Tab.PLACES:
            _key(m.NOT_OURS, "0", "not-ours-many", acts.not_ours_many, office, seen)
        _key(m.ROUTE, "P", "route-many", acts.ask, ROUTE)
        _key(m.SELECT_NONE, "Escape", "select-none", _select_none)


def _ask_dismissal(office: Office, listing: Listing, item: QueueItem) -> None:
    case, track, many = item.case, listing.tab.track, listing.seen()
    if track is None:
        return
    target = acts.Target(seen=Seen(case_id=case.id, revision=case.revision), track=track, title=item.card.title)
    st.html(w.block("caption", m.DISMISS_WHY))
    with _buttons("decide"):
        for number, why in enumerate(Dismissal, start=1):
            key = f"dismiss-{why}-{case.id}"
            if many:
                _key(words.DISMISSALS[why], str(number), key, acts.dismiss_many, office, many, track, why)
            else:
                _key(words.DISMISSALS[why], str(number), key, acts.dismiss, office, target, why)
        _key(m.CANCEL, "Escape", "cancel", acts.ask_nothing)


def _ask_agency(office: Office, listing: Listing, item: QueueItem, view: StoryView | None) -> None:
    case, many = item.case, listing.seen()
    seen = Seen(case_id=case.id, revision=case.revision)
    proposed = view.proposed if view is not None and not many else None
    st.html(w.block("caption", m.ROUTE_WHERE))

    def send(agency: str) -> None:
        if many:
            acts.route_many(office, many, agency)
        else:
            acts.route(office, seen, agency)

    if proposed is not None:
        with _buttons("proposed"):
            _key(w.label(proposed.name), "1", f"route-{proposed.id}-{case.id}", send, proposed.id)
    others = {agency.id: w.label(agency.name) for agency in office.desk.agencies}
    chosen = st.selectbox(
        m.OTHER_AGENCY,
        list(others),
        index=None,
        format_func=others.__getitem__,
        placeholder=m.CHOOSE_AGENCY,
        key=f"agency-{case.id}",
    )
    with _buttons("decide"):
        st.button(m.ROUTE, key=f"route-other-{case.id}", disabled=chosen is None, on_click=send, args=(chosen,))
        _key(m.CANCEL, "Escape", "cancel", acts.ask_nothing)


def _open(item: QueueItem, view: StoryView | None) -> None:
    with _buttons("open"):
        if st.button(m.OPEN_STORY, key=f"open-{item.case.id}", shortcut="M"):
            navigation.go(navigation.STORY, story=item.case.story)
        original = w.web_address(view.articles[0].article.url) if view is not None and view.articles else None
        if original is not None:
            st.link_button(m.ORIGINAL, original, key=f"original-{item.case.id}", shortcut="O")


def _move(listing: Listing, decides: bool) -> None:
    with _buttons("move"):
        _key(m.NEXT, "J", "next", _step, 1, disabled=listing.at + 1 >= len(listing.items))
        _key(m.EARLIER, "K", "earlier", _step, -1, disabled=listing.at <= 0)
        if decides and listing.chosen is not None:
            _key(m.SELECT, "S", f"select-{listing.chosen}", _toggle, listing.chosen)
        if st.button(m.KEYS, key="keys", shortcut="H", type="tertiary"):
            navigation.go(navigation.SHORTCUTS)


def _step(by: int) -> None:
    _drawn(lambda listing: listing.step(by))
    session.forget()


def _toggle(case_id: CaseId) -> None:
    _drawn(lambda listing: listing.toggle(case_id))


def _select_none() -> None:
    _drawn(lambda listing: replace(listing, selected=frozenset()))


def _drawn(change: Callable[[Listing], Listing]) -> None:
    listing = held()
    if listing is not None:
        hold(change(listing))
    acts.ask_nothing()


def _buttons(name: str) -> DeltaGenerator:
    return st.container(key=f"keys-{name}", horizontal=True, gap="small", vertical_alignment="center")


def _key(label: str, shortcut: str, key: str, do: Callable[..., None], *args: object, disabled: bool = False) -> None:
    st.button(label, key=key, shortcut=shortcut, on_click=do, args=args, disabled=disabled)
