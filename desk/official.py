"""Documents as files: DOCX for whoever goes on writing, PDF for whoever reads.

Both are made without an office suite, and the same paper gives the same bytes. This module is the door: what a paper
quotes from the web is made fit for print once, before either is set.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from desk import official_docx, official_pdf
from desk.paper import Bars, Block, Heading, Notice, Paper, Paragraph, Run, Table
from index.text import one_line
from index.url import canonical_url

# XML can hold neither, even escaped.
_NO_CHARACTER: Final = re.compile("[\ufffe\uffff]")
_KEPT_IN_ADDRESS: Final = "/%:@!$&'()*+,;=?~-._"
_SHORT_LINK: Final = 12
"""Letters of a link that stands on one line."""


def docx(paper: Paper) -> bytes:
    """A Word document. Its letters are named, not embedded: Times New Roman."""
    return official_docx.docx(_printable(paper))


def pdf(paper: Paper) -> bytes:
    """A tagged PDF with its letters embedded: Tinos, which has the measures of Times New Roman."""
    return official_pdf.pdf(_printable(paper))


def _printable(paper: Paper) -> Paper:
    return replace(
        paper,
        title=_text(paper.title).strip(),
        subtitle=_texts(paper.subtitle),
        agency=_texts(paper.agency),
        blocks=tuple(_block(block) for block in paper.blocks),
        notes=_texts(paper.notes),
        page_word=_text(paper.page_word).strip(),
    )


def _block(block: Block) -> Block:
    match block:
        case Heading():
            return replace(block, text=_text(block.text))
        case Paragraph():
            return replace(block, runs=_runs(block.runs), number=_text(block.number))
        case Notice():
            return replace(block, runs=_runs(block.runs))
        case Table():
            rows = tuple(tuple(_runs(cell) for cell in row) for row in block.rows)
            return replace(block, head=_texts(block.head), rows=rows)
        case Bars():
            return replace(
                block,
                caption=_text(block.caption),
                labels=_texts(block.labels),
                series=tuple(replace(series, name=_text(series.name)) for series in block.series),
                marked={_text(label): _text(sentence) for label, sentence in block.marked.items()},
            )


def _runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(_run(run) for run in runs)


def _run(run: Run) -> Run:
    text, url = _text(run.text), _address(run.url)
    if url and len(text) <= _SHORT_LINK:
        text = text.replace(" ", "\N{NO-BREAK SPACE}")
    return replace(run, text=text, url=url)


def _texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_text(text) for text in texts)


def _text(text: str) -> str:
    """A text on one line, without what has no look: `index.text.clean`. A space at an end stays: it parts two runs."""
    inner = _NO_CHARACTER.sub("", one_line(text))
    if not inner:
        return " " if text[:1].isspace() else ""
    return f"{' ' * text[0].isspace()}{inner}{' ' * text[-1].isspace()}"


def _address(url: str | None) -> str | None:
    """An address as both formats take it, in ASCII; None if it is no http(s) page or hides its host behind a name."""
    known = canonical_url(url) if url else None
    if url is None or known is None:
        return None
    given, host = urlsplit(url.strip()), urlsplit(known).netloc
    if "@" in given.netloc:
        return None
    parts = (quote(part, safe=_KEPT_IN_ADDRESS, errors="replace") for part in (given.path, given.query, given.fragment))
    return urlunsplit((given.scheme.lower(), host, *parts))
