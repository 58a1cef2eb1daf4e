"""Small pieces of the screen, made of escaped text: nothing that came from outside is ever interpreted.

Every function returns HTML for `st.html`; text is escaped here and nowhere else. What must stand in a label goes
through `label`, which leaves nothing that Markdown could read.
"""

from __future__ import annotations

import difflib
import html
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_KEPT_CONTROLS: Final = frozenset("\n\t")
# Categories that draw nothing, or turn the line round: control, format, surrogate, private use, unassigned.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])(?=\s)|(?<=\n)")
_LONG_WORD: Final = 40
_MAX_WORDS: Final = 2_000
"""Comparing more changed words than this one by one would keep the page waiting; they are shown whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters `start` to `end` of a text, with the number of the reason they belong to (None: no number)."""

    start: int
    end: int
    number: int | None = None


class _Visible(dict[int, int | None]):
    """What each character is shown as, worked out when it is first met: a table is many times faster than a loop."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        shown = character in _KEPT_CONTROLS or unicodedata.category(character) not in _HIDDEN
        self[code] = code if shown else None
        return self[code]


_VISIBLE: Final = _Visible()


def visible(text: str) -> str:
    """The text without characters that draw nothing or change the direction of a line."""
    return text.translate(_VISIBLE)


def escaped(text: str) -> str:
    """Text as HTML that shows exactly this text."""
    return html.escape(visible(text), quote=True)


def label(text: str) -> str:
    """Text for a button or an option, where Streamlit reads Markdown: letters, digits and single spaces are left.

    Without marks of any kind no link, image, colour, formula or list can be written.
    """
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in visible(text))
    return " ".join("".join(kept).split())


def marked(text: str, spans: Iterable[Span] = ()) -> str:
    """Text with its spans marked and numbered. Spans count characters; they may overlap or reach beyond the text."""
    inside = [s for s in spans if 0 <= s.start < min(s.end, len(text))]
    cuts = sorted({0, len(text), *(s.start for s in inside), *(min(s.end, len(text)) for s in inside)})
    pieces = []
    for start, end in itertools.pairwise(cuts):
        piece = escaped(text[start:end])
        covering = [s for s in inside if s.start <= start and end <= s.end]
        if covering:
            numbers = sorted({s.number for s in covering if s.start == start and s.number is not None})
            piece = f"<mark>{''.join(map(_numeral, numbers))}{piece}</mark>"
        pieces.append(piece)
    return "".join(pieces)


def _numeral(number: int) -> str:
    return f'<b class="kt-n">{number}</b>'


def excerpt(text: str, spans: Iterable[Span] = (), *, around: int = 140) -> str:
    """The parts of a long text that hold its spans, marked, an ellipsis for what was left out; else its beginning."""
    inside = [s for s in spans if 0 <= s.start < min(s.end, len(text))] or [Span(start=0, end=0)]
    windows: list[tuple[int, int]] = []
    for start, end in sorted((_word_start(text, s.start - around), _word_end(text, s.end + around)) for s in inside):
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((start, end))
    parts = []
    for start, end in windows:
        moved = [Span(start=s.start - start, end=s.end - start, number=s.number) for s in inside if start <= s.start]
        parts.append(marked(text[start:end], moved))
    before = "… " if windows[0][0] > 0 else ""
    after = " …" if windows[-1][1] < len(text) else ""
    return before + " … ".join(parts) + after


def _word_start(text: str, at: int) -> int:
    """`at`, moved back to where its word begins, if that is near."""
    space = text.rfind(" ", max(0, at - _LONG_WORD), max(0, at))
    return space + 1 if space >= 0 else max(0, at)


def _word_end(text: str, at: int) -> int:
    space = text.find(" ", at, at + _LONG_WORD)
    return space if space >= 0 else min(at, len(text))


def difference(before: str, after: str) -> str:
    """What changed from one text to the next, sentence by sentence: removed words struck, added ones underlined.

    Sentences that stayed are left out, an ellipsis in their place; empty where nothing changed.
    """
    if before == after:
        return ""
    old, new = _SENTENCE_END.split(before), _SENTENCE_END.split(after)
    pieces = []
    for what, i, j, k, m in difflib.SequenceMatcher(a=old, b=new).get_opcodes():
        if what == "equal":
            pieces.append('<span class="kt-gap"> … </span>')
        else:
            pieces.append(_changed_words("".join(old[i:j]), "".join(new[k:m])))
    return "".join(pieces)


def _changed_words(before: str, after: str) -> str:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MAX_WORDS:
        return _removed(before) + _added(after)
    pieces = []
    for what, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(escaped("".join(old[i:j])))
        else:
            pieces.append(_removed("".join(old[i:j])) + _added("".join(new[k:m])))
    return "".join(pieces)


def _removed(text: str) -> str:
    return f"<del>{escaped(text)}</del>" if text else ""


def _added(text: str) -> str:
    return f"<ins>{escaped(text)}</ins>" if text else ""


def web_address(url: str | None) -> str | None:
    """The address if it is one that a link may lead to (http or https), else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def link(url: str | None, words: str) -> str:
    """A link that opens in a new tab and tells the other site nothing; no link for an address that is not http(s)."""
    address = web_address(url)
    if address is None:
        return ""
    return f'<a href="{escaped(address)}" target="_blank" rel="noopener noreferrer">{escaped(words)}</a>'


def block(kind: str, *parts: str) -> str:
    """Parts, already HTML, in a block of the page's own look (a class of `theme`)."""
    return f'<div class="kt-{kind}">{"".join(parts)}</div>'


def span(kind: str, text: str) -> str:
    """Escaped text in one of the page's own looks."""
    return f'<span class="kt-{kind}">{escaped(text)}</span>'


def dotted(*parts: str) -> str:
    """Parts, already HTML, in one line with middle dots between those that are not empty."""
    return '<span class="kt-dot"> · </span>'.join(part for part in parts if part)
