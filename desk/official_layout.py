"""Measures of a document on paper, shared by DOCX and PDF: millimetres for places, points for letters.

Page, margins, sizes of letters and the first line's indent are those of the decree on official documents (30/2020,
annex I). A paper for the house takes no more of the decree: no national motto, no number, no signature.
"""

from __future__ import annotations

import math
from typing import Final

from desk.paper import Bars, Shade

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
MARGIN_TOP: Final = 20.0
MARGIN_BOTTOM: Final = 20.0
MARGIN_LEFT: Final = 30.0
MARGIN_RIGHT: Final = 15.0
TEXT_WIDTH: Final = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
FOOT: Final = 10.0
"""From the lower edge of the page to the page number."""

HEAD_WIDTH: Final = 90.0
"""Of the issuing office's lines, which stand at the left."""
HEAD_RULE: Final = 25.0
STEP: Final = 8.0
"""One step to the right, and the room for a paragraph's number."""
FIRST_LINE: Final = 10.0
NOTICE_INDENT: Final = 3.0
NOTE_RULE: Final = 50.0
"""Of the line that parts the notes from the text."""

TITLE_SIZE: Final = 14.0
BODY_SIZE: Final = 13.0
SMALL_SIZE: Final = 11.0
"""Of cells, notes, captions and the page number."""
FIGURE_SIZE: Final = 8.5
"""Of the numbers under a chart."""
PARAGRAPH_SPACE: Final = 6.0
LINE_SPACE: Final = 3.0
"""Between a paragraph and the indented ones that belong to it."""

LINK: Final = "1f5c7a"
NOTICE: Final = "b3261e"
HEAD_FILL: Final = "ececea"
BAND: Final = "dcdbd6"
LINE: Final = "8c8c8c"

CHART_HEIGHT: Final = 36.0
CHART_NAMES: Final = 28.0
"""Width of the column of names at the left of a chart and of its numbers."""
SHADES: Final = {Shade.OCHRE: "b5852f", Shade.GREY: "c2c6ca", Shade.GREEN: "57875f", Shade.OUTLINE: "ffffff"}
"""The screen's muted colours, further apart in lightness, as most offices print without colour."""
_MOST_STEPS: Final = 4


def scale(bars: Bars) -> tuple[int, int]:
    """The top of a chart's axis, which begins at 0, and the count from one of its lines to the next."""
    tallest = max(1, *(sum(series.counts[at] or 0 for series in bars.series) for at in range(len(bars.labels))))
    least = tallest / _MOST_STEPS
    power = 10 ** max(0, math.floor(math.log10(least)))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    return step * math.ceil(tallest / step), step
