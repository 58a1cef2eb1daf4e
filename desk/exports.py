"""What was found, as a file that leaves the desk: whom it must not name, and what a table must not be made to do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.accounts import Action, require
from desk.personal import Discretion, host, names_account
from desk.search import Found, Search
from index.account import Officer
from index.casebook import Casebook
from index.model import ArticleId, CaseId, Channel, ProvinceId, Review
from index.question import Question

MOST: Final = 2_000
"""Articles in one file; it says so itself where there are more. Looking for names takes some 20 ms an article."""
_AT_ONCE: Final = 500
_NO_LINE: Final = re.compile(r"\s+")
# A cell that begins so is a formula to a spreadsheet, also behind spaces and quotes, and behind what another
# spreadsheet takes for the end of a cell (a semicolon where the comma is decimal, as in Viet Nam). The wide forms are
# taken for the narrow ones.
_FORMULA: Final = re.compile(r"(^|[,;])(?=[\s\"'“”‘’«»]*[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An article as it may leave the desk: no private person stands in its words. Where they could name an account,
    `outlet` is empty, `address` is only a host, and no handle stands in the words either."""

    id: ArticleId
    published: datetime | None
    collected: datetime
    channel: Channel
    outlet: str
    title: str
    excerpt: str
    address: str
    language: str
    review: Review | None
    case: CaseId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The words of a file: its first line, the cells of an article, and what it says where it was cut (of `total`)."""

    header: Sequence[str]
    cells: Callable[[Exported], Sequence[str]]
    cut: Callable[[int], str]


class Exports:
    def __init__(self, search: Search, casebook: Casebook, province: ProvinceId, discretion: Discretion) -> None:
        self._search = search
        self._casebook = casebook
        self._province = province
        self._discretion = discretion

    def articles(self, question: Question, layout: Layout, *, by: Officer, at: datetime) -> bytes:
        """What a question finds, at most `MOST` articles, as CSV for spreadsheets. That it left is written down first.

        Bylines are in no column.
        """
        require(by, Action.EXPORT)
        total, found = self._found(question, by)
        lines = [layout.header, *(layout.cells(exported(one, self._discretion)) for one in found)]
        if total > len(found):
            lines.append([layout.cut(total)])
        with self._casebook.write(self._province) as book:
            book.searches.exported(question, len(found), by=by.name, at=at)
        return table(lines)

    def _found(self, question: Question, by: Officer) -> tuple[int, Sequence[Found]]:
        """How many there are, and the first of them, each once though more are coming in."""
        found: dict[ArticleId, Found] = {}
        after = None
        while True:
            answer = self._search.find(question, by=by, after=after, limit=_AT_ONCE)
            found |= {one.article.id: one for one in answer.found}
            after = answer.next
            if after is None or len(found) >= MOST:
                return answer.total, tuple(found.values())[:MOST]


def exported(found: Found, discretion: Discretion) -> Exported:
    """Without the names of accounts and private persons."""
    article = found.article
    personal = names_account(article.channel)
    (title, words), _ = discretion.told(article, (article.title, str(found.excerpt)))
    return Exported(
        id=article.id,
        published=article.published,
        collected=article.collected,
        channel=article.channel,
        outlet="" if personal else found.outlet,
        title=title,
        excerpt=words,
        address=host(article.url) if personal else article.url or "",
        language=article.language,
        review=found.review,
        case=found.case.id if found.case is not None else None,
    )


def table(lines: Sequence[Sequence[str]]) -> bytes:
    """Lines as CSV: UTF-8 with the mark that Excel needs to see it, every cell quoted, no cell a formula."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell on one line that no spreadsheet takes for a formula: what would be one has an apostrophe in front."""
    return _FORMULA.sub(r"\1'", _NO_LINE.sub(" ", cell))
