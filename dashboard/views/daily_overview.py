"""II. Tổng quan: the figures of a page, counts first and shares after, and the chart of the days before it.

A figure is a button to where what it counts can be looked up: the search over the days of the period, or the queue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import streamlit as st

from dashboard import asked, charts, navigation, say, words
from dashboard import daily_words as d
from dashboard import widgets as w
from dashboard.views import queue
from desk.daily import Counts, Daily
from index.casebook_queue import Tab
from index.clock import local, start_of_day
from index.model import Channel, Tone
from index.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count in words, and the page and the query that list what it counts; no page where none can."""

    words: str
    path: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def render(page: Daily) -> None:
    _row("articles", tuple(articles(page)))
    _row("apart", tuple(_apart(page.counts)))
    st.html(w.block("small", d.FIGURES_NOTE) + w.block("caption", d.VOLUME_TITLE) + charts.legend())
    st.altair_chart(
        charts.volume(page.volume, page.undated_volume, narrow=navigation.is_phone()), key="volume", alt=d.VOLUME_ALT
    )
    st.html(charts.notes(page.volume, page.undated_volume) + charts.figures(page.volume))


def unfinished(page: Daily) -> None:
    """How many cases of each track are open, on the page or not."""
    counts = {tab: page.unfinished.get(tab.track, 0) for tab in Tab if tab.track is not None}
    figures = [
        Figure(words=f"{words.TABS[tab]} {n}", path=navigation.QUEUE, query={queue.TAB: tab})
        for tab, n in counts.items()
    ]
    _row("unfinished", figures, d.UNFINISHED)


def articles(page: Daily) -> Iterator[Figure]:
    """What was published in the period, by spread and by tone: tones count originals."""
    counts, of = page.counts, page.counts.originals
    yield _found(page, d.ORIGINALS.format(n=of))
    yield _found(page, d.REPRINTED.format(n=counts.reprints))
    for tone, n in ((Tone.NEGATIVE, counts.issue), (Tone.NEUTRAL, counts.neutral), (Tone.POSITIVE, counts.positive)):
        yield _found(page, f"{d.TONES[tone]} {say.share(n, of)}", tone=tone)
    yield _found(page, d.FOREIGN_COUNT.format(n=counts.foreign), channel=Channel.FOREIGN)


def _apart(counts: Counts) -> Iterator[Figure]:
    """What the figures hold with a reserve, and what they do not hold yet."""
    if counts.undated:
        yield Figure(words=d.UNDATED_COUNT.format(n=counts.undated))
    if counts.late:
        yield Figure(words=d.LATE_COUNT.format(n=counts.late))
    if counts.undecided:
        undecided = d.UNDECIDED_COUNT.format(n=counts.undecided)
        yield Figure(words=undecided, path=navigation.QUEUE, query={queue.TAB: Tab.PLACES})
    if counts.unreviewed:
        yield Figure(words=d.UNREVIEWED_COUNT.format(n=counts.unreviewed))


def _found(page: Daily, told: str, *, tone: Tone | None = None, channel: Channel | None = None) -> Figure:
    """A search over the whole days that the period touches."""
    since = start_of_day(local(page.since).date())
    until = start_of_day(local(page.until).date()) + timedelta(days=1)
    question = Question(since=since, until=until, tone=tone, channel=channel)
    return Figure(words=told, path=navigation.SEARCH, query=asked.address(question))


def _row(name: str, figures: Sequence[Figure], title: str = "") -> None:
    if not figures:
        return
    with st.container(key=f"figures-{name}", horizontal=True, vertical_alignment="center"):
        if title:
            st.html(w.span("small", title))
        for number, figure in enumerate(figures):
            if figure.path is None:
                st.html(w.span("small", figure.words))
            elif st.button(figure.words, key=f"figure-{name}-{number}", type="tertiary"):
                navigation.go(figure.path, **figure.query)
