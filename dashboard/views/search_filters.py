"""What narrows a search: the choices above what was found, the counts beside it, and the chips that take one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard import asked, say, session, words
from dashboard import messages as m
from dashboard import widgets as w
from dashboard.office import Office
from index.account import Officer
from index.archive import Counted, Facet
from index.question import Filter, Question
from index.tip import BY_HAND

_TITLES: Final[Mapping[Filter, str]] = {
    Filter.TIME: m.SEARCH_TIME,
    Filter.SOURCE: m.SEARCH_SOURCE,
    Filter.CHANNEL: m.FILTER_CHANNEL,
    Filter.PLACE: m.FILTER_PLACE,
    Filter.TONE: m.SEARCH_TONE,
    Filter.TOPIC: m.TOPIC,
    Filter.FLAG: m.FILTER_KIND,
    Filter.STATE: m.FILTER_STATE,
    Filter.LANGUAGE: m.SEARCH_LANGUAGE,
}
_FACETS: Final[Mapping[Facet, Filter]] = {
    Facet.PLACE: Filter.PLACE,
    Facet.SOURCE: Filter.SOURCE,
    Facet.MONTH: Filter.TIME,
    Facet.FLAG: Filter.FLAG,
    Facet.TOPIC: Filter.TOPIC,
    Facet.TONE: Filter.TONE,
    Facet.CHANNEL: Filter.CHANNEL,
    Facet.LANGUAGE: Filter.LANGUAGE,
}
"""In the order of the page."""
_SHOWN: Final = 6

Choices = Mapping[Filter, Mapping[Any, str]]
"""What every filter but time can be set to, with words for it that may stand in a label."""


def choices(office: Office, officer: Officer) -> Choices:
    sources = office.desk.search.sources(by=officer)
    return {
        Filter.SOURCE: {**{source: w.label(name) for source, name in sources.items()}, BY_HAND: m.BY_HAND},
        Filter.CHANNEL: words.CHANNELS,
        Filter.PLACE: {place: w.label(place) for place in office.places},
        Filter.TONE: words.TONE_NAMES,
        Filter.TOPIC: words.TOPICS,
        Filter.FLAG: words.FLAGS,
        Filter.STATE: words.STATES,
        Filter.LANGUAGE: words.LANGUAGES,
    }


def show(question: Question) -> None:
    """Another question: into the address, from its first page."""
    st.query_params.from_dict(asked.address(question))
    session.forget()


def said(question: Question, one: Filter, known: Choices) -> str:
    """A filter in words, as a chip and the advice name it; fit for a label."""
    if one is Filter.TIME:
        return _time(*asked.days(question))
    return f"{_TITLES[one]}: {_word(one, getattr(question, one), known)}"


def _word(one: Filter, value: str, known: Choices) -> str:
    """What a value is called; the address and the archive may know some that nothing here names."""
    return known[one].get(value) or w.label(value)


def _time(first: date | None, last: date | None) -> str:
    if first and last and (first, last) == asked.month(f"{first:%Y-%m}"):
        return m.MONTH.format(month=f"{first:%m/%Y}")
    if first and last:
        return m.DAYS_FROM_TO.format(first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    return m.DAYS_FROM.format(first=f"{first:%d/%m/%Y}") if first else m.DAYS_TO.format(last=f"{last:%d/%m/%Y}")


# --- chosen above -------------------------------------------------------------------------------------------------


def bar(question: Question, known: Choices) -> None:
    """One choice a filter, side by side."""
    for one in Filter:
        with st.popover(_TITLES[one], key=f"filter-{one}"):
            choose(question, one, known)


def choose(question: Question, one: Filter, known: Choices) -> None:
    """The choice of one filter. Its key holds what is chosen, so that it follows the address however that changed."""
    if one is Filter.TIME:
        _choose_days(question)
        return
    value: str | None = getattr(question, one)
    options = dict(known[one])
    if value is not None:
        options[value] = _word(one, value, known)
    key = f"search-{one}-{value}"
    st.selectbox(
        _TITLES[one],
        list(options),
        index=list(options).index(value) if value is not None else None,
        format_func=options.__getitem__,
        placeholder=m.FILTER_ANY,
        key=key,
        on_change=lambda: _narrow(question, one, st.session_state[key]),
    )


def _choose_days(question: Question) -> None:
    for label, name, day in zip((m.FROM_DAY, m.TO_DAY), (asked.FIRST, asked.LAST), asked.days(question), strict=True):
        key = f"search-{name}-{day}"
        st.date_input(
            label,
            value=day,
            format="DD/MM/YYYY",
            key=key,
            on_change=lambda name=name, key=key: _set_day(question, name, st.session_state[key]),
        )


def _set_day(question: Question, name: str, day: date | None) -> None:
    address = asked.address(question)
    show(asked.question({**address, name: day.isoformat() if day else ""}))


def _narrow(question: Question, one: Filter, value: str | None) -> None:
    show(asked.question({**asked.address(question), asked.NAMES[one]: value or ""}))


# --- chips --------------------------------------------------------------------------------------------------------


def chips(question: Question, known: Choices) -> None:
    """What narrows the search now; a press takes it away."""
    if not question.filters:
        return
    with st.container(key="chips", horizontal=True):
        for one in question.filters:
            label = f"{said(question, one, known)} ×"
            st.button(label, key=f"chip-{one}", on_click=show, args=(question.without(one),))
        if len(question.filters) > 1:
            everything = Question(text=question.text, sort=question.sort)
            st.button(m.DROP_ALL, key="chip-all", type="tertiary", on_click=show, args=(everything,))


# --- counted beside -----------------------------------------------------------------------------------------------


def counts(question: Question, counted: Mapping[Facet, Counted], total: int, known: Choices) -> None:
    """What was found, counted; a press narrows to it. What the question names already is not counted again."""
    shown = [facet for facet, one in _FACETS.items() if one not in question.filters and _tells(counted[facet])]
    partial = next((counted[facet].of for facet in shown if counted[facet].of < total), None)
    if partial is not None:
        st.html(w.block("small", w.escaped(m.COUNTED_ON.format(n=say.number(partial)))))
    for facet in shown:
        _count(question, facet, counted[facet], known)


def _tells(counted: Counted) -> bool:
    """Do the counts part what was found?"""
    return any(count < counted.of for count in counted.counts.values())


def _count(question: Question, facet: Facet, counted: Counted, known: Choices) -> None:
    one = _FACETS[facet]
    st.html(w.block("caption", _TITLES[one]))
    for value, count in list(counted.counts.items())[:_SHOWN]:
        if facet is Facet.MONTH:
            first, last = asked.month(value)
            label = m.MONTH.format(month=f"{first:%m/%Y}")
            narrowed = {asked.FIRST: first.isoformat(), asked.LAST: last.isoformat()}
        else:
            label, narrowed = _word(one, value, known), {asked.NAMES[one]: value}
        st.button(
            f"{label} :gray[{say.number(count)}]",
            key=f"facet-{facet}-{value}",
            type="tertiary",
            on_click=show,
            args=(asked.question({**asked.address(question), **narrowed}),),
        )
    if (further := len(counted.counts) - _SHOWN) > 0:
        st.html(w.block("small", w.escaped(m.FURTHER.format(n=say.number(further)))))
