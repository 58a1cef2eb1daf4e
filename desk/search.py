"""The whole archive, searched: what is found with its case, what it is made of, what helps where nothing is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from desk.accounts import Action, require
from desk.cards import outlets
from desk.excerpt import Excerpt, Span, excerpt, marks
from index.account import Officer
from index.archive import Archive, Counted, Facet, Query
from index.case import Case
from index.casebook import Book, Casebook
from index.clock import start_of_day
from index.errors import MarkUnknown, SearchRefused
from index.model import Article, ProvinceId, Review, SourceId, StoryId
from index.question import Filter, Question, SavedSearch
from index.text import one_line

PAGE: Final = 20
LONGEST_NAME: Final = 80
_EARLIEST: Final = 1990
"""The year before which nothing is looked for: the first papers came onto the web later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article found. `exact`: the words stand in it as they were typed. `title_marks` are where they stand in its
    title; `case` is its story's."""

    article: Article
    outlet: str
    exact: bool
    title_marks: tuple[Span, ...]
    excerpt: Excerpt
    review: Review | None
    story: StoryId | None
    case: Case | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of what was found, exact matches first. `total` counts all pages; `next` is None on the last."""

    total: int
    found: tuple[Found, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What helps where nothing was found. `drop` is the filter without which most would be, None where none would;
    `since` the month of the oldest article, None where the archive is empty."""

    drop: Filter | None
    since: date | None


def asked(question: Question, province: ProvinceId, book: Book) -> Query:
    """The question as the archive takes it: which stories are in a state is known to the casebook."""
    values = {name: getattr(question, name) for name in _SHARED}
    stories = None if question.state is None else book.cases.stories_in(question.state)
    return Query(province=province, stories=stories, **values)


_SHARED: Final = tuple(name for name in Question.__dataclass_fields__ if name != "state")


class Search:
    def __init__(self, archive: Archive, casebook: Casebook, province: ProvinceId) -> None:
        self._archive = archive
        self._casebook = casebook
        self._province = province

    # --- what is found

    def find(self, question: Question, *, by: Officer, after: str | None = None, limit: int = PAGE) -> Answer:
        """One page; `after` is the `next` of the one before. One that no answer gave begins anew."""
        require(by, Action.READ)
        query = replace(self._asked(question), limit=limit, after=after)
        try:
            hits = self._archive.find(query)
        except MarkUnknown:
            hits = self._archive.find(replace(query, after=None))
        articles = [hit.article for hit in hits.hits]
        ids = [article.id for article in articles]
        reviews = self._archive.reviews(ids, self._province)
        stories = self._archive.stories_of(ids, self._province)
        with self._casebook.read(self._province) as book:
            called = outlets(articles, _names(book), book.tips.of_articles(ids))
            cases = book.cases.of_stories(list(stories.values()))
        found = (
            Found(
                article=hit.article,
                outlet=called[hit.article.id],
                exact=hit.exact,
                title_marks=marks(hit.article.title, question.text),
                excerpt=excerpt(hit.article.text, question.text),
                review=reviews.get(hit.article.id),
                story=(story := stories.get(hit.article.id)),
                case=cases.get(story) if story is not None else None,
            )
            for hit in hits.hits
        )
        return Answer(total=hits.total, found=tuple(found), next=hits.next)

    def facets(
        self, question: Question, wanted: Collection[Facet] = tuple(Facet), *, by: Officer
    ) -> Mapping[Facet, Counted]:
        """What all that is found is made of."""
        require(by, Action.READ)
        return self._archive.facets(self._asked(question), wanted)

    def advice(self, question: Question, *, by: Officer) -> Advice:
        """What to try where a question finds nothing."""
        require(by, Action.READ)
        totals = {one: self._total(self._asked(question.without(one))) for one in question.filters}
        best = max(totals, key=lambda one: totals[one], default=None)
        return Advice(drop=best if best is not None and totals[best] else None, since=self._oldest())

    def sources(self, *, by: Officer) -> Mapping[SourceId, str]:
        """What every source of the register is called."""
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            return _names(book)

    def _asked(self, question: Question) -> Query:
        with self._casebook.read(self._province) as book:
            return asked(question, self._province, book)

    def _total(self, query: Query) -> int:
        return self._archive.find(replace(query, limit=1)).total

    def _oldest(self) -> date | None:
        """The month of the oldest article, by halves: the archive counts what lies before a time, and lists from the
        other end."""
        everything = Query(province=self._province, limit=1)
        newest = self._archive.find(everything).hits
        if not newest:
            return None
        low, high = 0, (newest[0].article.when.year + 1 - _EARLIEST) * 12
        while low < high:
            middle = (low + high) // 2
            if self._total(replace(everything, until=start_of_day(_month(middle + 1)))):
                high = middle
            else:
                low = middle + 1
        return _month(low)

    # --- what an officer keeps

    def saved(self, *, by: Officer) -> Sequence[SavedSearch]:
        """The officer's own, the latest saved first."""
        require(by, Action.READ)
        with self._casebook.read(self._province) as book:
            return book.searches.of(by.name)

    def save(self, name: str, question: Question, *, by: Officer, at: datetime) -> SavedSearch:
        """Keep a question under a name; one that is kept under it already is replaced. Raises `SearchRefused`."""
        require(by, Action.READ)
        name = one_line(name)
        if not name or len(name) > LONGEST_NAME:
            raise SearchRefused(field="name")
        saved = SavedSearch(name=name, question=question, saved=at)
        with self._casebook.write(self._province) as book:
            book.searches.save(saved, by=by.name)
        return saved

    def forget(self, name: str, *, by: Officer, at: datetime) -> None:
        """Keep a search no longer."""
        require(by, Action.READ)
        with self._casebook.write(self._province) as book:
            book.searches.forget(name, by=by.name, at=at)


def _names(book: Book) -> Mapping[SourceId, str]:
    return {entry.source.id: entry.source.name for entry in book.register.all()}


def _month(number: int) -> date:
    """The first day of a month counted from the beginning of the earliest year."""
    return date(_EARLIEST + number // 12, number % 12 + 1, 1)
