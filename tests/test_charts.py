"""The chart of articles by day: what it counts, what it leaves open, and that it carries nothing but counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard import charts
from dashboard import daily_words as d
from desk.daily import DayVolume
from index.model import Tone

FIRST = date(2026, 11, 10)
BAND, ORIGINALS, OUTLINES, ZEROS = range(4)


def day(number: int, *counts: int, reprints: int = 0, lost: int = 0, sources: int = 22) -> DayVolume:
    """Counts are issue, neutral, positive; none at all is a day without data."""
    return DayVolume(
        day=FIRST + timedelta(days=number),
        originals=dict(zip(charts.STACK, counts, strict=True)) if counts else None,
        reprints=reprints if counts else None,
        lost=lost,
        sources=sources,
    )


DAYS = (day(0), day(1, 2, 3, 1, reprints=5), day(2, 0, 0, 0), day(3, 4, 0, 0, lost=7), day(4, 0, 0, 0, reprints=2))


def spec(*, undated: int = 0, narrow: bool = False) -> dict[str, Any]:
    return charts.volume(DAYS, undated, narrow=narrow).to_dict()


def rows(chart: dict[str, Any], layer: int) -> list[dict[str, Any]]:
    return list(chart["datasets"][chart["layer"][layer]["data"]["name"]])


def over(chart: dict[str, Any], layer: int, place: str) -> list[tuple[int, int]]:
    return [(row["low"], row["high"]) for row in rows(chart, layer) if row["day"] == place]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_originals_are_stacked_from_zero_and_reprints_stand_on_top() -> None:
    assert over(spec(), ORIGINALS, "11/11") == [(0, 2), (2, 5), (5, 6)]
    assert over(spec(), OUTLINES, "11/11") == [(6, 11)]


def test_a_day_without_articles_is_a_zero_and_a_day_without_data_a_gap() -> None:
    assert [row["day"] for row in rows(spec(), ZEROS)] == ["12/11"]
    drawn = {row["day"] for layer in (ORIGINALS, OUTLINES, ZEROS) for row in rows(spec(), layer)}
    assert "10/11" not in drawn
    assert "10/11" in spec()["layer"][ORIGINALS]["encoding"]["x"]["scale"]["domain"]


def test_a_day_of_reprints_alone_is_no_zero() -> None:
    assert over(spec(), OUTLINES, "14/11") == [(0, 2)]


def test_a_band_stands_behind_days_with_lost_sources_and_says_how_many() -> None:
    assert rows(spec(), BAND) == [{"day": "13/11", "told": "13/11: 7/22 nguồn không truy cập được"}]
    assert spec()["layer"][BAND]["mark"]["type"] == "rect"


def test_the_undated_are_a_bar_of_their_own_after_the_days() -> None:
    chart = spec(undated=3)
    assert chart["layer"][OUTLINES]["encoding"]["x"]["scale"]["domain"][-1] == d.VOLUME_UNDATED
    assert over(chart, OUTLINES, d.VOLUME_UNDATED) == [(0, 3)]
    assert d.VOLUME_UNDATED not in json.dumps(spec())


def test_every_layer_has_the_same_days_in_their_order_and_counts_from_zero() -> None:
    for layer in spec()["layer"]:
        assert layer["encoding"]["x"]["type"] == "ordinal"
        assert layer["encoding"]["x"]["scale"]["domain"] == ["10/11", "11/11", "12/11", "13/11", "14/11"]
        assert "scale" not in layer["encoding"].get("y", {})


def test_what_a_bar_says_when_touched() -> None:
    told = [row["told"] for row in rows(spec(), ORIGINALS) if row["day"] == "11/11"]
    assert told == ["11/11: 2 phản ánh vấn đề", "11/11: 3 trung lập", "11/11: 1 tích cực"]


def test_a_chart_computes_nothing_from_texts() -> None:
    """No expression of Vega is written here: everything that is drawn was counted before and is data."""
    chart = spec(undated=1)
    assert not {"transform", "params"} & {key for layer in (chart, *chart["layer"]) for key in layer}
    assert not [text for text in strings(chart) if "datum" in text]


def test_a_phone_gets_upright_dates() -> None:
    angles = [spec(narrow=narrow)["layer"][BAND]["encoding"]["x"]["axis"]["labelAngle"] for narrow in (False, True)]
    assert angles == [0, -90]


def test_the_words_under_the_bar_of_the_undated_take_no_height_from_the_bars() -> None:
    tall = charts.volume(DAYS, 3, narrow=True).to_dict()["height"]
    assert tall > charts.volume(DAYS, 0, narrow=True).to_dict()["height"]
    assert charts.volume(DAYS, 3, narrow=False).to_dict()["height"] < tall


def test_the_bar_of_the_undated_says_what_it_counts() -> None:
    assert d.VOLUME_UNDATED == "Không rõ thời gian"
    assert rows(spec(undated=3), OUTLINES)[-1]["told"] == "Không rõ thời gian: 3 bài"


def test_the_notes_name_what_a_phone_cannot_touch() -> None:
    notes = charts.notes(DAYS, 3)
    assert "13/11: 7/22 nguồn không truy cập được" in notes
    assert "chưa có số liệu: 10/11" in notes
    assert "Không rõ thời gian: 3 bài" in notes
    assert charts.notes([day(1, 1, 1, 1)], 0) == ""


def test_days_before_anybody_watched_are_no_outage() -> None:
    days = [day(0, sources=0), day(1, 1, 0, 0, sources=0), day(2, 1, 0, 0)]
    notes = charts.notes(days, 0)
    assert "từ 10/11 đến 11/11: chưa theo dõi" in notes
    assert "không truy cập được" not in notes
    assert "<td>11/11</td><td>1</td><td>0</td><td>0</td><td>0</td><td>–</td>" in charts.figures(days)
    assert [row["day"] for row in rows(charts.volume(days, 0, narrow=False).to_dict(), BAND)] == ["10/11", "11/11"]


def test_the_figures_stand_as_text_newest_first() -> None:
    table = charts.figures(DAYS)
    assert table.index("14/11") < table.index("10/11")
    assert "<td>11/11</td><td>2</td><td>3</td><td>1</td><td>5</td><td>0/22</td>" in table
    assert "<td>10/11</td><td>–</td><td>–</td><td>–</td><td>–</td><td>0/22</td>" in table


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_has_a_look_and_a_word(tone: Tone) -> None:
    assert d.TONES[tone] in charts.legend()
    assert tone in charts.STACK
