"""Charts of the screen. Altair draws them; nothing of what was collected ever stands in one.

A chart is a specification that the browser computes. It holds days, counts and words of `daily_words`, as data. Colours
are names of the style sheet, so that a chart follows the theme. The pages' policy forbids `eval`: Streamlit runs Vega
with its interpreter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

import altair as alt

from dashboard import daily_words as d
from dashboard import widgets as w
from desk.daily import DayVolume
from index.model import Tone

STACK: Final = (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE)
"""From the axis up: how a piece changes from day to day is seen best at the foot."""
_LOOKS: Final[Mapping[Tone, str]] = {Tone.NEGATIVE: "issue", Tone.NEUTRAL: "neutral", Tone.POSITIVE: "positive"}
_OUTLINE: Final = "outline"
_HEIGHT: Final = 190
_UPRIGHT: Final = 60
"""More for the words under the bar of the undated, where they stand upright."""
_SPACE: Final = " "
"""The empty place between the last day and the bar of what has no day."""

Row = dict[str, Any]
"""A mark as Vega reads it: the `day` it stands over, counts from `low` to `high`, its `colour`, and what it has `told`
when touched."""


def volume(days: Sequence[DayVolume], undated: int, *, narrow: bool) -> alt.LayerChart:
    """Articles by day: originals stacked by tone, reprints as an outline on top, the undated as a bar of their own.

    A day with no data has no bar, a day without articles a 0. A grey band stands behind days on which sources were
    lost or nobody watched. `narrow` turns the dates upright. The axis of days is ordinal: on one of time a band would
    cover parts of two bars.
    """
    x = alt.X(
        "day:O",
        title=None,
        scale=alt.Scale(domain=_places(days, undated), paddingInner=0.18, paddingOuter=0.1),
        axis=alt.Axis(labelAngle=-90 if narrow else 0, labelOverlap=False, ticks=False, labelPadding=4),
    )
    counts = {"y": alt.Y("low:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)), "y2": alt.Y2("high:Q")}
    touched = alt.Tooltip("told:N", title=d.VOLUME_ARTICLES)
    bands = _layer({"day": day_name(one.day), "told": lost(one)} for one in days if one.partial)
    zeros = _layer({"day": day_name(one.day), "low": 0} for one in days if _total(one) == 0)
    originals = _layer(row for one in days for row in _originals(one))
    outlines = _layer([*(row for one in days for row in _reprints(one)), *_undated(undated)])
    return alt.LayerChart(
        layer=[
            bands.mark_rect(color="var(--kt-band)").encode(x=x, tooltip=alt.Tooltip("told:N", title=d.VOLUME_LOST)),
            originals.mark_bar().encode(x=x, **counts, color=alt.Color("colour:N", scale=None), tooltip=touched),
            outlines.mark_bar(filled=False, stroke=_colour(_OUTLINE)).encode(x=x, **counts, tooltip=touched),
            zeros.mark_text(text="0", dy=-6, color=_colour(_OUTLINE)).encode(x=x, y=counts["y"]),
        ]
    ).properties(height=_HEIGHT + (_UPRIGHT if narrow and undated else 0))


def _layer(rows: Iterable[Row]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(rows)))


def _places(days: Sequence[DayVolume], undated: int) -> list[str]:
    return [day_name(one.day) for one in days] + ([_SPACE, d.VOLUME_UNDATED] if undated else [])


def _originals(one: DayVolume) -> Iterator[Row]:
    low = 0
    for tone in STACK:
        count = one.originals.get(tone, 0) if one.originals is not None else 0
        if count:
            yield _row(day_name(one.day), low, count, _LOOKS[tone], d.TONES[tone])
        low += count


def _reprints(one: DayVolume) -> Iterator[Row]:
    if one.originals is not None and one.reprints:
        yield _row(day_name(one.day), sum(one.originals.values()), one.reprints, _OUTLINE, d.REPRINTS)


def _undated(count: int) -> Iterator[Row]:
    if count:
        yield _row(d.VOLUME_UNDATED, 0, count, _OUTLINE, d.VOLUME_UNDATED_BAR)


def _row(place: str, low: int, count: int, look: str, what: str) -> Row:
    told = d.VOLUME_BAR.format(day=place, n=count, what=what)
    return {"day": place, "low": low, "high": low + count, "colour": _colour(look), "told": told}


def _colour(look: str) -> str:
    return f"var(--kt-{look})"


def _total(one: DayVolume) -> int | None:
    return None if one.originals is None else sum(one.originals.values()) + (one.reprints or 0)


# --- the same in words ----------------------------------------------------------------------------------------------


def day_name(day: date) -> str:
    return f"{day:%d/%m}"


def lost(one: DayVolume) -> str:
    """Why more may have appeared on a partial day than is held."""
    if not one.sources:
        return d.VOLUME_UNWATCHED.format(day=day_name(one.day))
    return d.VOLUME_LOST_OF.format(day=day_name(one.day), lost=one.lost, sources=one.sources)


def _lost_from_to(run: Sequence[DayVolume]) -> str:
    """One sentence for days after one another that lack the same: a phone has no room for fourteen."""
    if len(run) == 1:
        return lost(run[0])
    first, last = day_name(run[0].day), day_name(run[-1].day)
    if not run[0].sources:
        return d.VOLUME_UNWATCHED_RUN.format(first=first, last=last)
    return d.VOLUME_LOST_RUN.format(first=first, last=last, lost=run[0].lost, sources=run[0].sources)


def legend() -> str:
    """What the looks of the bars mean: HTML, in the order in which they are stacked, top first."""
    looks = [(_OUTLINE, d.REPRINTS), *((_LOOKS[tone], d.TONES[tone]) for tone in reversed(STACK))]
    return w.block("small kt-legend", *(f'<span><i class="kt-{look}"></i>{name}</span>' for look, name in looks))


def notes(days: Sequence[DayVolume], undated: int) -> str:
    """HTML of what a chart without hover cannot say: days with lost sources, days without data, what has no day."""
    runs = [list(run) for _, run in groupby(days, key=lambda one: (one.lost, one.sources))]
    bands = [_lost_from_to(run) for run in runs if run[0].partial]
    unread = [day_name(one.day) for one in days if one.originals is None]
    said = (
        d.VOLUME_BANDS.format(days="; ".join(bands)) if bands else "",
        d.VOLUME_NO_DATA.format(days=", ".join(unread)) if unread else "",
        d.VOLUME_UNDATED_NOTE.format(n=undated) if undated else "",
    )
    return "".join(w.block("small", w.escaped(sentence)) for sentence in said if sentence)


def figures(days: Sequence[DayVolume]) -> str:
    """HTML of the chart's counts as a table, newest day first; a dash where there is no data."""
    head = "".join(f"<th>{name}</th>" for name in (d.DAY, *(d.TONES[tone] for tone in STACK), d.REPRINTS, d.LOST))
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(one))}</tr>" for one in reversed(days))
    table = f'<table class="kt-days"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<details class="kt-small"><summary>{d.VOLUME_FIGURES}</summary>{table}</details>'


def _cells(one: DayVolume) -> Iterator[str]:
    yield day_name(one.day)
    for tone in STACK:
        yield d.NO_DATA if one.originals is None else str(one.originals.get(tone, 0))
    yield d.NO_DATA if one.reprints is None else str(one.reprints)
    yield f"{one.lost}/{one.sources}" if one.sources else d.NO_DATA
