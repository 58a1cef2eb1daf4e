"""A paper as PDF, set by Typst from `official.typ`.

The paper goes in as JSON, which the template reads as data: no word of it is ever parsed as Typst. Letters come from
the faces beside this module and from nowhere else, so that every machine sets the same page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typst

from desk import official_layout as layout
from desk.paper import Bars, Block, Heading, Notice, Paper, Paragraph, Run, Shade, Table

FONTS: Final = Path(__file__).with_name("fonts")
_TEMPLATE: Final = Path(__file__).with_name("official.typ").read_bytes()
_FACES: Final = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
_MEASURES: Final = {
    name.lower(): value for name, value in vars(layout).items() if name.isupper() and isinstance(value, float | str)
}
_PICTURE_DPI: Final = 220

# No Vietnamese word is that long: it is an address, or was typed to break a page. Chinese has no spaces, but its lines
# end anywhere by themselves.
_LONG_WORD: Final = re.compile(r"([^\s\u2e80-\u9fff\uff00-\uffef]{17,})")
_JOINTS: Final = r"/\-_.?&="
_PIECE: Final = 8
"""Letters of a long word that stay together: they fit a narrow cell."""
_MOST_PIECES: Final = 25_000
"""In one text: Typst's time grows with their square, and 40 letters still fit a line."""
_WHOLE_CELL: Final = 600
"""Letters: rows with more in a cell may run over the end of a page."""
_LONG_HEAD: Final = 120
"""Letters: a head with more in a cell might fill a page, and is not repeated."""


def pdf(paper: Paper) -> bytes:
    """A tagged PDF of a paper whose texts are clean (`desk.official`)."""
    return _set({"paper": _paper(paper)}, paper, "pdf")


def chart(bars: Bars, paper: Paper) -> bytes:
    """The bars of a chart as PNG, as wide as the text of a page; its numbers and caption are not in it."""
    return _set({"chart": _bars(bars)}, paper, "png")


def _set(given: Mapping[str, Any], paper: Paper, form: typst.OutputFormat) -> bytes:
    inputs = {"given": json.dumps({**given, "measures": _MEASURES}, ensure_ascii=False)}
    made = int(paper.made.timestamp())
    return typst.compile(_TEMPLATE, font_paths=_FACES, sys_inputs=inputs, format=form, ppi=_PICTURE_DPI, timestamp=made)


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "title": _words(paper.title),
        "name": paper.title,
        "author": " ".join(paper.agency[-1:]),
        "subtitle": [_words(line) for line in paper.subtitle],
        "agency": [_words(line) for line in paper.agency],
        "blocks": [_block(block) for block in paper.blocks],
        "notes": [_words(note) for note in paper.notes],
        "page_word": paper.page_word,
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "words": _words(block.text), "level": block.level}
        case Paragraph():
            number = _words(block.number) if block.number else None
            return {"kind": "paragraph", "runs": _runs(block.runs), "number": number, "indent": block.indent}
        case Notice():
            return {"kind": "notice", "runs": _runs(block.runs)}
        case Table():
            return _table(block)
        case Bars():
            return {"kind": "bars", **_bars(block)}


def _runs(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [{"words": _words(run.text), "bold": run.bold, "italic": run.italic, "url": run.url} for run in runs]


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "head": [_words(cell) for cell in table.head],
        "repeated": all(len(cell) <= _LONG_HEAD for cell in table.head),
        "rows": [
            {
                "cells": [_runs(cell) for cell in row],
                "whole": all(sum(len(run.text) for run in cell) <= _WHOLE_CELL for cell in row),
            }
            for row in table.rows
        ],
        "widths": list(table.widths),
    }


def _bars(bars: Bars) -> dict[str, Any]:
    top, step = layout.scale(bars)
    return {
        "caption": _words(bars.caption),
        "name": bars.caption,
        "labels": [{"words": _words(label), "marked": label in bars.marked} for label in bars.labels],
        "series": [
            {
                "words": _words(series.name),
                "counts": list(series.counts),
                "fill": layout.SHADES[series.shade],
                "outlined": series.shade is Shade.OUTLINE,
            }
            for series in bars.series
        ],
        "marked": [_words(mark) for mark in bars.marks],
        "top": top,
        "step": step,
    }


def _words(text: str) -> list[str]:
    """A text in the pieces between which a line may end besides its spaces: long words in their parts."""
    parts = _LONG_WORD.split(text)  # every other one is a long word
    most = max(_PIECE, sum(map(len, parts[1::2])) // _MOST_PIECES)
    piece = re.compile(rf"[^{_JOINTS}]{{1,{most}}}[{_JOINTS}]{{0,{most}}}|[{_JOINTS}]{{1,{most}}}")
    pieces = (piece.findall(part) if at % 2 else [part] for at, part in enumerate(parts))
    return [cut for cuts in pieces for cut in cuts if cut] or [""]
