"""Vụ việc: everything about one happening on one page, and the work on it.

`?story=` names the story, `?case=` its case; a joined one leads to the one that goes on. While the archive is away the
page says so, and shows what the casebook holds of the case: it can be decided without the articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import acts, articles, navigation, notice, rows, say, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.listing import Listing, held, hold
from dashboard.office import Office
from dashboard.views import story_case
from dashboard.views.story_open import Open
from dashboard.widgets import Span
from desk.accounts import Action, may
from desk.story import ArticleShown, StoryView
from index.account import Officer
from index.case import Act, Case, TrackState
from index.errors import ArchiveError, CaseNotFound, StoryNotFound
from index.model import CaseId, OfficerName, StoryId, Track

PATH: Final = navigation.STORY
TITLE: Final = m.STORY
NEEDS: Final = Action.READ

_STEPS: Final = (
    TrackState.NEW,
    TrackState.VERIFYING,
    TrackState.CONCLUDED,
    TrackState.HANDLING,
    TrackState.CLOSED,
)
_STEP_OF: Final[Mapping[Act, TrackState]] = {
    Act.TAKEN: TrackState.VERIFYING,
    Act.ASSIGNED: TrackState.VERIFYING,
    Act.CONFIRMED: TrackState.VERIFYING,
    Act.CONCLUDED: TrackState.CONCLUDED,
    Act.HANDLED: TrackState.HANDLING,
    Act.CLOSED: TrackState.CLOSED,
}


def render(office: Office, officer: Officer, now: datetime) -> None:
    phone = navigation.is_phone()
    try:
        view = _asked_for(office, officer)
    except (StoryNotFound, CaseNotFound):
        _way_back(None, phone=phone)
        st.html(w.block("empty", m.NO_STORY))
        return
    except ArchiveError:
        kept = _without_archive(office, officer)
        if kept is None:
            _way_back(None, phone=phone)
            st.html(w.block("warning", m.STORY_AWAY))
            return
        view = kept
    _way_back(view, phone=phone)
    names = office.names(officer)
    st.html(_head(office, view, names, now))
    notice.draw(office)
    if view.case is None:
        st.html(w.block("empty", m.NO_CASE))
        if may(officer, Action.DECIDE) and view.articles:
            st.button(m.OPEN_CASE, key="open-case", on_click=acts.open_case, args=(office, view.articles[0].article.id))
        _articles(view, now)
        return
    opened = Open(office=office, officer=officer, now=now, view=view, case=view.case, names=names)
    if phone:
        story_case.decide(opened)
        _articles(view, now)
        story_case.record(opened)
        return
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _articles(view, now)
    with right:
        story_case.decide(opened)
        story_case.record(opened)


def _asked_for(office: Office, officer: Officer) -> StoryView:
    """Raises `StoryNotFound`, `CaseNotFound`, or another `ArchiveError`."""
    story, case = st.query_params.get("story", ""), st.query_params.get("case", "")
    if case and not story:
        return office.desk.stories.of_case(CaseId(case), by=officer)
    return office.desk.stories.of_story(StoryId(story), by=officer)


def _without_archive(office: Office, officer: Officer) -> StoryView | None:
    story, case = st.query_params.get("story", ""), st.query_params.get("case", "")
    if case and not story:
        return office.desk.stories.without_archive(case_id=CaseId(case), by=officer)
    return office.desk.stories.without_archive(story_id=StoryId(story), by=officer)


# --- the head -----------------------------------------------------------------------------------------------------


def _way_back(view: StoryView | None, *, phone: bool) -> None:
    case_id = view.case.id if view is not None and view.case is not None else None
    with st.container(key="way", horizontal=True, vertical_alignment="center"):
        back = navigation.last_list()
        label = m.BACK_TO.format(page=navigation.title(back))
        if st.button(label, key="back", shortcut=None if phone else "Escape", type="tertiary"):
            navigation.go(back, **navigation.address(back))
        listing = held() if back == navigation.QUEUE else None
        if listing is not None and case_id is not None and not phone:
            _neighbours(listing, case_id)
        if view is not None:
            st.html(w.span("small", case_id or ""))
            with st.popover(m.LINK, type="tertiary"):
                st.code(st.context.url or "", language=None, wrap_lines=True)


def _neighbours(listing: Listing, case_id: CaseId) -> None:
    """On to the next story of the queue without going back to it, also when this one has just left it."""
    earlier, later = listing.around(case_id)
    at = next((place for place, item in enumerate(listing.items) if item.case.id == case_id), None)
    if at is not None:
        st.html(w.span("small", m.POSITION.format(at=listing.first + at, of=listing.total)))
    for label, key, item in ((m.EARLIER, "K", earlier), (m.NEXT, "J", later)):
        if st.button(label, key=f"step-{key}", shortcut=key, disabled=item is None, type="tertiary") and item:
            hold(listing.choose(item.case.id))
            navigation.go(navigation.STORY, story=item.case.story)


def _head(office: Office, view: StoryView, names: Mapping[OfficerName, str], now: datetime) -> str:
    case, card = view.case, view.card
    title = card.title if card is not None else next((shown.article.title for shown in view.articles), "")
    merged = w.block("notice", w.escaped(m.MERGED_FROM.format(case=view.merged_from))) if view.merged_from else ""
    facts = w.dotted(
        rows.head(card, now) if card is not None else "",
        w.escaped(names.get(case.owner, case.owner)) if case is not None and case.owner else "",
        w.escaped(m.AGENCY.format(agency=office.agency(case.agency))) if case is not None and case.agency else "",
        w.escaped(rows.why_urgent(card)) if card is not None else "",
    )
    steps = "".join(_steps(case, track, now) for track in Track if track in case.tracks) if case is not None else ""
    return w.block("head", merged, w.block("headline", w.escaped(title)), w.block("small", facts), steps)


def _steps(case: Case, track: Track, now: datetime) -> str:
    """● for the states a track has been through, each with its time, ○ for those to come."""
    name = w.span("soft", f"{words.TRACKS[track]}: ")
    if case.tracks[track].state is TrackState.DISMISSED:
        return w.block("steps", name, w.span("strong", f"● {rows.track_state(case, track)}"))
    at = {TrackState.NEW: case.opened} | {
        _STEP_OF[line.action]: line.at
        for line in case.history
        if line.action in _STEP_OF and line.params.get("track") == track
    }
    here = _STEPS.index(case.tracks[track].state)
    steps = [
        w.span("strong" if place == here else "step", f"● {words.STATES[state]} {_at(at.get(state), now)}")
        if place <= here
        else w.span("soft", f"○ {words.STATES[state]}")
        for place, state in enumerate(_STEPS)
    ]
    return w.block("steps", name, " ─ ".join(steps))


def _at(moment: datetime | None, now: datetime) -> str:
    return say.clock(moment, now) if moment is not None else ""


# --- the articles -------------------------------------------------------------------------------------------------


def _articles(view: StoryView, now: datetime) -> None:
    """One element for all of them: the browser sets up each element on its own, which is felt with a hundred."""
    if view.away:
        st.html(_quotes_of_card(view))
        return
    reprints = sum(len(shown.reprints) for shown in view.articles)
    dated = [shown for shown in view.articles if not shown.undated]
    undated = [shown for shown in view.articles if shown.undated]
    quotes, phone = articles.quotes(view), navigation.is_phone()

    def drawn(shown: ArticleShown, *, first: bool = False) -> str:
        quoted = quotes.get(shown.article.id, ())
        return articles.article(shown, quoted, now, first=first, folded=phone and not first)

    parts = [
        w.block("caption", w.escaped(m.ARTICLES.format(originals=len(view.articles), reprints=reprints))),
        *(drawn(shown, first=place == 0) for place, shown in enumerate(dated)),
        w.block("caption", w.escaped(m.UNDATED.format(n=len(undated)))) if undated else "",
        *map(drawn, undated),
    ]
    st.html(w.block("articles", *parts))


def _quotes_of_card(view: StoryView) -> str:
    """The sentences that the signs rest on, in the place of articles that cannot be shown."""
    signs = view.card.signs if view.card is not None else ()
    quotes = (
        w.block("quote", w.marked(sign.sentence, [Span(start=sign.start, end=sign.end, number=number)]))
        for number, sign in enumerate(signs, start=1)
    )
    return w.block("warning", w.escaped(m.STORY_WITHOUT_ARTICLES)) + w.block("articles", *quotes)
