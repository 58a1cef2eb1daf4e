"""A document before it is set in type: what it says, in order, and nothing of how it looks.

`desk.official` makes DOCX and PDF of it. Every text is plain and stays what it says; what a text means to the reader
is the block's kind. A block that does not fit together raises ValueError when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words of one look. `url` makes them a link; words whose address is not `http` or `https` stay words."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is a section (I, II, …), level 2 a group inside it. The number is part of the text."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2):
            raise ValueError(f"a heading of level {self.level}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Words that belong together. `number` hangs in front of them ("1."); `indent` counts steps to the right."""

    runs: tuple[Run, ...]
    number: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What no reader may miss: set apart from the text, in red with a rule beside it, so that it shows in print too."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under `head`; every row has as many cells as the head. `widths` are shares of the page."""

    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    widths: tuple[float, ...]

    def __post_init__(self) -> None:
        fits = {len(self.widths), *map(len, self.rows)} == {len(self.head)}
        if not self.head or not fits or not all(share > 0 for share in self.widths):
            raise ValueError("a table whose rows or widths do not fit its head")


class Shade(StrEnum):
    """How the bars of a series are drawn. OUTLINE is for what stands beside the rest, as reprints beside originals."""

    OCHRE = "ochre"
    GREY = "grey"
    GREEN = "green"
    OUTLINE = "outline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What each label of a chart counts, in their order; None is a label without data, drawn as a gap."""

    name: str
    counts: tuple[int | None, ...]
    shade: Shade


MOST_LABELS: Final = 16
"""More bars than this leave no room for the numbers under them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A bar chart of counts: one bar a label, its series stacked from the first one up; the numbers stand below it.

    `marked` are the labels behind which a grey band stands, each with what is said of it below the numbers.
    """

    caption: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    marked: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.labels or not self.series or {len(series.counts) for series in self.series} != {len(self.labels)}:
            raise ValueError("a chart whose series do not fit its labels")
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("a chart with two labels alike")
        if len(self.labels) > MOST_LABELS:
            raise ValueError(f"a chart of more than {MOST_LABELS} labels")
        if any((count or 0) < 0 for series in self.series for count in series.counts):
            raise ValueError("a chart with a count below 0")
        if not self.marked.keys() <= set(self.labels):
            raise ValueError("a chart that marks a label it does not have")

    @property
    def marks(self) -> Sequence[str]:
        """A line for each run of labels of which the same is said."""
        runs = ((said, list(labels)) for said, labels in groupby(self.labels, key=self.marked.get) if said is not None)
        return [f"{' – '.join(dict.fromkeys((labels[0], labels[-1])))}: {said}" for said, labels in runs]


Block = Heading | Paragraph | Notice | Table | Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document: its title, the lines under it, its blocks and the notes at its end.

    `agency` are the lines of the issuing office at the head, from the higher one down; the last one issues. `made` is
    when the document was put together and stands in the file's properties, so that the same paper gives the same
    bytes. `page_word` stands before the page numbers at the foot ("1/3").
    """

    title: str
    subtitle: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    made: datetime
    page_word: str = ""
