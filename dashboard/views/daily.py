"""Điểm báo: one page that a leader reads in the morning, in the order of DOMAIN §6.1, made before anybody asks for it.

`?ngay=` and `?ban=` name the day and the edition. Every line leads to its story. What was not read is said before what
was: sources that did not answer, lines whose names are still withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import streamlit as st

from dashboard import daily_words as d
from dashboard import navigation, notice, say, session
from dashboard import widgets as w
from dashboard.office import Office
from dashboard.views import daily_line, daily_mending, daily_overview
from dashboard.views.daily_open import Sheet
from desk.accounts import Action
from desk.daily import Daily, Edition, Line, NewsGroup, Section, SourceLost
from index.account import Officer
from index.clock import local

PATH: Final = navigation.DAILY
TITLE: Final = d.DAILY
NEEDS: Final = Action.READ

_DAY: Final = "ngay"
_EDITION: Final = "ban"
_FIRST: Final = date(2000, 1, 1)
"""The address may say anything; no page is older."""
_ONE_DAY: Final = timedelta(days=1)
_NAMED: Final = 3
"""So many lost sources stand in the head by name; the others are one tap away."""


def render(office: Office, officer: Officer, now: datetime) -> None:
    navigation.remember(PATH)
    today = local(now).date()
    day, edition = asked_for(st.query_params.to_dict(), today)
    with st.container(key="daily"):
        page = office.desk.summaries.page(day, edition, by=officer)
        notice.draw(office)
        if page is None:
            _not_made(office, officer, day, edition)
        else:
            _page(Sheet(office=office, officer=officer, page=page))
        _other_pages(office, officer, day, edition, today)


def asked_for(address: Mapping[str, str], today: date) -> tuple[date, Edition]:
    """The day and the edition that the address names; today's morning where it names none that can be."""
    wanted, edition = address.get(_DAY, ""), address.get(_EDITION, "")
    try:
        day = max(_FIRST, min(date.fromisoformat(wanted), today))
    except ValueError:
        day = today
    return day, Edition(edition) if edition in set(Edition) else Edition.MORNING


def _not_made(office: Office, officer: Officer, day: date, edition: Edition) -> None:
    """Says why there is nothing yet, and leads to the newest page there is."""
    making = office.desk.summaries.making(day, edition)
    if making is not None:
        words = d.NOT_READY.format(step=making[0], steps=making[1])
    elif edition is Edition.AFTERNOON:
        words = d.NO_AFTERNOON.format(day=f"{day:%d/%m}")
    else:
        words = d.NOT_MADE.format(day=f"{day:%d/%m/%Y}")
    st.html(w.block("empty", w.escaped(words)))
    newest = office.desk.summaries.latest(by=officer)
    if newest is not None:
        _to(d.NEWEST.format(day=f"{newest[0]:%d/%m}", edition=d.EDITIONS[newest[1]]), *newest)


def _page(sheet: Sheet) -> None:
    st.html(head(sheet.page, mends=sheet.mends))
    for section in Section:
        st.html(w.block("section", d.SECTIONS[section]))
        _section(sheet, section)
        if section is Section.DIRECT:
            daily_overview.unfinished(sheet.page)
            st.html(w.block("section", d.OVERVIEW))
            daily_overview.render(sheet.page)
    _foot(sheet)


# --- the head -----------------------------------------------------------------------------------------------------


def head(page: Daily, *, mends: bool) -> str:
    """What the page is and what it rests on; for who `mends` it, how many lines wait to be rewritten."""
    counts = page.counts
    edition = f" ({d.EDITIONS[page.edition]})" if page.edition is Edition.AFTERNOON else ""
    period = d.PERIOD.format(since=f"{local(page.since):%H:%M %d/%m}", until=f"{local(page.until):%H:%M %d/%m}")
    lost = d.HALF_LOST.format(failed=counts.sources_failed, sources=counts.sources_ok + counts.sources_failed)
    waiting = sum(line.withheld for lines in page.lines.values() for line in lines) if mends else 0
    return w.block(
        "masthead",
        w.block("error", w.span("red", lost)) if counts.half_lost else "",
        w.block("paper", w.escaped(d.HEADING.format(day=f"{page.day:%d/%m/%Y}") + edition)),
        w.block("small", w.escaped(period)),
        _coverage(page),
        w.block("small", w.span("amber", d.LINES_TO_REWRITE.format(n=waiting))) if waiting else "",
    )


def _coverage(page: Daily) -> str:
    """How many sources were read, and which were not, each since when."""
    ok = w.escaped(d.SOURCES_OK.format(n=page.counts.sources_ok))
    if not page.lost:
        return w.block("small", ok)
    failed = w.span("amber", d.SOURCES_FAILED.format(n=len(page.lost)))
    named, more = page.lost[:_NAMED], page.lost[_NAMED:]
    summary = w.escaped(d.MORE_SOURCES.format(n=len(more)))
    rest = f"<details><summary>{summary}</summary>{_names(page, more)}</details>" if more else ""
    return w.block("small", w.dotted(ok, f"{failed}: {_names(page, named)}"), rest)


def _names(page: Daily, lost: Sequence[SourceLost]) -> str:
    return w.escaped(", ".join(_name(page, one) for one in lost))


def _name(page: Daily, lost: SourceLost) -> str:
    if lost.since is None:
        return d.SOURCE_NEVER.format(name=lost.name)
    return d.SOURCE_SINCE.format(name=lost.name, since=say.clock(lost.since, page.until))


# --- the sections -------------------------------------------------------------------------------------------------


def _section(sheet: Sheet, section: Section) -> None:
    lines = sheet.page.lines[section]
    if section is Section.NEWS:
        for group in NewsGroup:
            _group(sheet, group, [line for line in lines if line.group is group])
    else:
        _lines(sheet, lines)
        above = sheet.page.in_direct(section)
        if above:
            _above(section, above)
        elif not lines:
            st.html(w.block("none", d.NOTHING))
    if section is Section.VERIFY:
        st.html(w.block("small", d.SIGNS_ONLY))


def _above(section: Section, lines: Mapping[int, Line]) -> None:
    """The way to what this section is also about and stands in I: the section is not empty for that."""
    with st.container(key=f"figures-above-{section}", horizontal=True, vertical_alignment="center"):
        st.html(w.span("small", d.IN_DIRECT))
        for number, line in lines.items():
            label = d.IN_DIRECT_LINE.format(n=number)
            if st.button(label, key=f"above-{section}-{line.story}", type="tertiary"):
                navigation.go(navigation.STORY, story=line.story)


def _group(sheet: Sheet, group: NewsGroup, lines: Sequence[Line]) -> None:
    """A group of the news. What it has beyond its first lines is one tap away, and counted where it is more.

    It is drawn when it is opened: a phone would set up more lines that nobody asked for than the page has.
    """
    further, beyond = sheet.page.further[group], sheet.page.left_out[group]
    st.html(w.block("group", d.GROUPS[group]))
    if not lines and not further:
        st.html(w.block("none", d.NOTHING))
    _lines(sheet, lines)
    if not further:
        return
    fold = st.expander(d.FURTHER.format(n=beyond), key=f"further-{group}", on_change="rerun")
    if fold.open:
        with fold:
            _lines(sheet, further, after=len(lines))
            if beyond > len(further):
                st.html(w.block("small", d.BEYOND.format(n=beyond - len(further))))


def _lines(sheet: Sheet, lines: Sequence[Line], *, after: int = 0) -> None:
    for number, line in enumerate(lines, start=after + 1):
        with st.container(key=f"row-line-{line.story}", gap=None):
            st.html(daily_line.item(line, number, sheet.reader))
            if st.button(d.OPEN_LINE.format(n=number), key=f"open-{line.story}"):
                navigation.go(navigation.STORY, story=line.story)
        daily_mending.tools(sheet, line)


# --- the foot -----------------------------------------------------------------------------------------------------


def _foot(sheet: Sheet) -> None:
    page = sheet.page
    made = w.escaped(d.MADE.format(at=say.clock(page.made, page.until)))
    if page.read_over_by is None or page.read_over_at is None:
        read_over = w.span("amber", d.NOT_READ_OVER)
    else:
        name = sheet.reader.name(page.read_over_by)
        read_over = w.escaped(d.READ_OVER.format(name=name, at=say.clock(page.read_over_at, page.until)))
    st.html(w.block("section", "") + w.block("small", f"{made}, {read_over}"))
    daily_mending.read_over(sheet)
    _files(sheet)


def _files(sheet: Sheet) -> None:
    """Finished files: none is made while somebody waits, and that one was taken is written down when it is."""
    page, summaries = sheet.page, sheet.office.desk.summaries
    files = summaries.files(page, by=sheet.officer)
    if not files:
        st.html(w.block("small", d.NO_FILES))
        return
    with st.container(key="files", horizontal=True, vertical_alignment="center"):
        for kind, file in files.items():
            st.download_button(
                d.DOWNLOADS[kind],
                data=partial(_taken, sheet, kind),
                file_name=file.name,
                key=f"take-{kind}",
                on_click="ignore",
            )


def _taken(sheet: Sheet, kind: str) -> bytes:
    """Called when the button is pressed, outside the script."""
    return sheet.office.desk.summaries.take(sheet.page, kind, by=sheet.officer, at=session.now())


def _other_pages(office: Office, officer: Officer, day: date, edition: Edition, today: date) -> None:
    """The days beside this one, and the other edition of this day if there is one."""
    with st.container(key="days", horizontal=True, vertical_alignment="center"):
        _to(d.EARLIER_DAY.format(day=f"{day - _ONE_DAY:%d/%m}"), day - _ONE_DAY, Edition.MORNING)
        for other in Edition:
            if other is not edition and office.desk.summaries.is_kept(day, other, by=officer):
                _to(f"{day:%d/%m}, {d.EDITIONS[other]}", day, other)
        if day < today:
            _to(d.LATER_DAY.format(day=f"{day + _ONE_DAY:%d/%m}"), day + _ONE_DAY, Edition.MORNING)


def _to(label: str, day: date, edition: Edition) -> None:
    if st.button(label, key=f"to-{label}", type="tertiary"):
        navigation.go(PATH, **{_DAY: day.isoformat(), _EDITION: edition.value})
