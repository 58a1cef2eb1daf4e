"""What an outage left, as a line of a table; and machines at work on an archive through it, who keep to account what
was acknowledged."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from config.messages import sentence
from desk.intake import take_in
from index.archive import Archive, Query
from index.casebook import Casebook
from index.errors import StoreError
from index.model import ArticleId, ProvinceId
from tests.contract.nouns import NOON, OURS, article, flag, minutes, review, story

BATCH: Final = 20
_OF_A_STORY: Final = 4
_AGAIN: Final = 0.2
_PATIENCE: Final = 600.0
_AT_ONCE: Final = 1_000

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What was tried and how often, and of what was acknowledged meanwhile how much is missing or there twice.

    `open_stories` are flagged stories without a case; None where no stories are made. `told` is what else there is to
    say: a sentence or two.
    """

    tried: str
    times: int
    acknowledged: int
    of: str = "articles"
    lost: int
    doubled: int
    open_stories: int | None = None
    told: str = ""

    @property
    def amiss(self) -> int:
        return self.lost + self.doubled + (self.open_stories or 0)


@dataclass(slots=True, kw_only=True)
class Errors:
    """What was told while something was away, and how long anybody waited at most, in seconds."""

    told: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0

    def until_done(self, step: Callable[[], Done]) -> Done:
        """Do something again until it is acknowledged, as everybody does who works on an archive."""
        began = time.monotonic()
        while True:
            try:
                done = step()
            except StoreError as error:
                self._heard(error)
                if time.monotonic() - began > _PATIENCE:
                    raise
                time.sleep(_AGAIN)
            else:
                self.longest = max(self.longest, time.monotonic() - began)
                return done

    def until_refused(self, step: Callable[[], object]) -> int:
        """Do something again and again until it is refused; how often it was done."""
        for times in count():
            try:
                step()
            except StoreError as error:
                self._heard(error)
                return times
        raise AssertionError

    def _heard(self, error: StoreError) -> None:
        self.told[error.params.get("problem", error.code)] += 1
        assert "{" not in sentence(error), "it has a sentence for people"

    def in_words(self) -> str:
        counted = ", ".join(f"`{problem}` {times}" for problem, times in self.told.most_common()) or "none"
        return f"Errors told: {counted}; longest wait {self.longest:.1f} s."


class Machines:
    """Several that add articles, review them, put them into stories and take these in as cases; and one that searches.

    Between entering, which returns once all are at it, and leaving, which waits for what was begun.
    """

    def __init__(self, open_archive: Callable[[], Archive], casebook: Path, machines: int = 2) -> None:
        self._open_archive = open_archive
        self._casebook = casebook
        self._machines = machines
        self._over = threading.Event()
        self._faults: list[BaseException] = []
        self._threads: list[threading.Thread] = []
        self.acknowledged: list[ArticleId] = []
        self.errors = Errors()
        self.searches = 0
        self.short = 0
        """Searches that did not find all that was acknowledged before they began."""

    def __enter__(self) -> Self:
        Casebook.open(self._casebook).close()
        for number in range(self._machines):
            self._start(partial(self._work, self._opened(), number))
        self._start(partial(self._search, self._opened()))
        self.go_on()
        return self

    def go_on(self) -> None:
        """Return once more is acknowledged. Raises what one of them ended with."""
        before = len(self.acknowledged)
        while len(self.acknowledged) == before:
            if self._faults:
                raise self._faults[0]
            time.sleep(_AGAIN)

    def _opened(self) -> Archive:
        return self.errors.until_done(self._open_archive)

    def _start(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  told by whoever waits for the thread
                self._faults.append(error)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._faults and error is None:
            raise self._faults[0]

    def _work(self, opened: Archive, machine: int) -> None:
        with Casebook.open(self._casebook) as casebook, opened as archive:
            for number in count():
                if self._over.is_set():
                    return
                self._batch(archive, casebook, f"{machine}-{number}")

    def _batch(self, archive: Archive, casebook: Casebook, name: str) -> None:
        articles = [article(f"{name}-{each}", collected=NOON + minutes(each)) for each in range(BATCH)]
        groups = [articles[start : start + _OF_A_STORY] for start in range(0, BATCH, _OF_A_STORY)]
        stories = [
            story(f"{name}-{number}", *members, flags=(flag(members[0]),) if number % 2 else ())
            for number, members in enumerate(groups)
        ]
        reviews = [review(one) for one in articles]
        self.errors.until_done(lambda: archive.add(articles))
        self.acknowledged.extend(one.id for one in articles)
        self.errors.until_done(lambda: archive.record(reviews, stories))
        self.errors.until_done(lambda: take_in(archive, casebook, OURS, NOON))

    def _search(self, opened: Archive) -> None:
        with opened as archive:
            while not self._over.is_set():
                expected = len(self.acknowledged)
                found = self.errors.until_done(lambda: archive.find(Query(province=OURS, text="lu quet")))
                self.searches += 1
                self.short += found.total < expected

    def left(self, tried: str, times: int, *, more: str = "", before: int = 0) -> Outage:
        """What is there now that all have gone home. `before`: articles that the archive held when they began."""
        with Casebook.open(self._casebook) as casebook, self._opened() as archive:
            lost, doubled = held(archive, self.acknowledged, before)
            unreviewed = len(self.acknowledged) - sum(
                len(archive.reviews(some, OURS)) for some in _parts(self.acknowledged)
            )
            take_in(archive, casebook, OURS, NOON)
            open_stories = without_case(archive, casebook, OURS)
        searched = f"{self.searches:,} searches meanwhile, {self.short} of them without all that had been acknowledged."
        return Outage(
            tried=tried,
            times=times,
            acknowledged=len(self.acknowledged),
            lost=lost + unreviewed + self.short,
            doubled=doubled,
            open_stories=open_stories,
            told=" ".join(part for part in (more, self.errors.in_words(), searched) if part),
        )


def held(archive: Archive, acknowledged: Sequence[ArticleId], before: int = 0) -> tuple[int, int]:
    """Of articles acknowledged: how many are not there, and how many more there are than were ever added, counting
    every version of one that never changed. `before`: how many others there are."""
    missing = len(acknowledged) - sum(len(archive.articles(some)) for some in _parts(acknowledged))
    versions = sum(len(archive.versions(name)) - 1 for name in acknowledged)
    more = archive.find(Query(province=OURS)).total - before - (len(acknowledged) - missing)
    return missing, versions + abs(more)


def without_case(archive: Archive, casebook: Casebook, province: ProvinceId) -> int:
    with casebook.read(province) as book:
        cases = book.cases.stories()
    return sum(1 for told in archive.stories(province) if told.flags and told.id not in cases)


def _parts(ids: Sequence[ArticleId]) -> list[Sequence[ArticleId]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
