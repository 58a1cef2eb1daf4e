"""One round: sources and requested visits are read, what is new is kept, each source ends in an outcome.

The round is the only part of the crawler that knows the archive. Articles are stored before the checkpoint of their
source moves, so a round that is killed at any moment repeats work and loses none.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crawlers import schedule
from crawlers.collector import Ask, AskKind, Collector, Page
from crawlers.engine import Answer, Engine, FetchSettings
from crawlers.manners import Memory
from crawlers.reader import Keeper, Readers, Result, Task
from crawlers.sharing import Turns
from crawlers.turn import Turn
from index.archive import CrawlerArchive
from index.errors import ArchiveUnavailable, ArticleNotFound, CollectError, Unreachable, Unreadable
from index.model import ArticleId, Found
from index.source import Checkpoint, Note, Outcome, Reading, Source, Visit
from index.tip import BY_HAND
from index.url import article_id, canonical_url

IN_HAND: Final = 128
"""Pages that are with the engine or a reader at a time: bounds the memory of a round."""
PER_SOURCE: Final = 4
"""Of these for one source: enough to keep its host busy, few enough to serve all sources at once."""
BATCH: Final = 50
"""Articles of a source that are stored together."""
FLUSH_EVERY: Final = 2.0
"""Seconds after which articles are stored although there are few."""
_TICK: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSettings:
    """`budget`: after this much time nothing more is asked for and the next round goes on; None: until all is read.
    `manners`: the file in which rounds remember what hosts asked of them; None: this one remembers nothing. `turns`:
    whose turn it is to ask a host; None: no other machine asks it."""

    fetch: FetchSettings
    tiers: schedule.Tiers
    budget: timedelta | None = None
    readers: int | None = None
    manners: Path | None = None
    turns: Turns | None = None


def run_round(
    sources: Sequence[Source],
    visits: Sequence[Visit] = (),
    *,
    archive: CrawlerArchive,
    collectors: Mapping[str, Collector],
    settings: RoundSettings,
    clock: Callable[[], datetime],
    keeper: Keeper | None = None,
    told_to_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Read the sources and visits; an outcome for each source as soon as it is stored.

    Once it is told to stop, what is under way is finished and the rest is left for the next round.

    What goes wrong with a source is in its outcome. Raises `ArchiveError` if the archive fails; what was stored until
    then stays, and nothing else counts as read.
    """
    one = _Round(archive, collectors, settings, clock, keeper=keeper, told_to_stop=told_to_stop)
    yield from one.run(sources, visits)


class _Round:
    def __init__(
        self,
        archive: CrawlerArchive,
        collectors: Mapping[str, Collector],
        settings: RoundSettings,
        clock: Callable[[], datetime],
        *,
        keeper: Keeper | None,
        told_to_stop: Callable[[], bool],
    ) -> None:
        self._told_to_stop = told_to_stop
        self._archive = archive
        self._collectors = collectors
        self._settings = settings
        self._clock = clock
        memory = Memory(file=settings.manners, now=clock()) if settings.manners else None
        self._engine = Engine(settings.fetch, memory, settings.turns)
        self._readers = Readers(collectors, keeper, count=settings.readers)
        self._turns: deque[Turn] = deque()
        self._twins: dict[Turn, list[Turn]] = {}
        """Sources with the address of one that is read."""
        self._visits: dict[Turn, Visit] = {}
        self._asked: dict[int, tuple[Turn, Ask]] = {}
        """What is with the engine, by ticket."""
        self._reading: dict[int, tuple[Turn, Ask]] = {}
        """What is with a reader, by ticket."""
        self._tickets = count()
        self._claimed: set[ArticleId] = set()
        """Articles that some source of this round asks for."""
        self._again: set[ArticleId] = set()
        """Those among them that are held already."""
        self._stored = time.monotonic()
        self._engine_died = False

    def run(self, sources: Sequence[Source], visits: Sequence[Visit]) -> Iterator[Outcome]:
        yield from self._begin(sources)
        for visit in visits:
            turn = _visiting(visit)
            self._turns.append(turn)
            self._visits[turn] = visit
        if not self._turns:
            return
        with self._engine, self._readers:
            yield from self._until_done()

    def _begin(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        """A turn for each source that can be read; at once an outcome for those that cannot."""
        now = self._clock()
        elders: dict[str, Turn] = {}
        for source in sources:
            since = self._archive.checkpoint(source.id)
            collector = self._collectors.get(source.collector)
            turn = Turn.of_source(source, collector, since, now) if collector else Turn(source, (), since, full=False)
            address = canonical_url(source.url) or source.url
            if collector is None:
                turn.error = Unreadable(expected=", ".join(sorted(self._collectors)), found=source.collector)
            elif address in elders:
                turn.notes[Note.SAME_ADDRESS] += 1
                self._twins.setdefault(elders[address], []).append(turn)
                continue
            else:
                elders[address] = turn
                self._turns.append(turn)
                continue
            yield self._end(turn)

    def _until_done(self) -> Iterator[Outcome]:
        budget = self._settings.budget
        deadline = time.monotonic() + budget.total_seconds() if budget else math.inf
        while self._turns:
            if self._engine_died or self._told_to_stop() or time.monotonic() > deadline:
                for turn in self._turns:
                    turn.leave_rest()
            self._send_out()
            wait(self._connections(), timeout=_TICK)
            self._take_answers()
            for result in self._readers.results():
                self._take_result(result)
            self._store_batches()
            for turn in [turn for turn in self._turns if turn.done]:
                self._turns.remove(turn)
                outcome = self._end(turn)
                if turn not in self._visits:
                    yield outcome
                yield from self._end_twins(turn)

    def _connections(self) -> list[Connection]:
        readers = self._readers.connections
        return readers if self._engine_died else [self._engine.connection, *readers]

    # --- asking

    def _send_out(self) -> None:
        """Give the engine work, one page of each source in turn."""
        sent = True
        while sent:
            sent = False
            for turn in self._turns:
                if len(self._asked) + len(self._reading) >= IN_HAND:
                    self._turns.rotate(-1)
                    return
                if turn.waiting and turn.out < PER_SOURCE:
                    self._send(turn, turn.take())
                    sent = True

    def _send(self, turn: Turn, ask: Ask) -> None:
        ticket = next(self._tickets)
        self._asked[ticket] = turn, ask
        with contextlib.suppress(OSError):  # an engine that died is met when its answers are taken
            self._engine.ask(ticket, ask, home=turn.home, consent=turn.consent)

    # --- what the engine answers

    def _take_answers(self) -> None:
        try:
            while not self._engine_died and self._engine.connection.poll():
                self._take_answer(self._engine.answer())
        except (EOFError, OSError):
            self._engine_died = True
            self._give_up_asking()

    def _take_answer(self, answer: Answer) -> None:
        turn, ask = self._asked.pop(answer.ticket)
        now = self._clock()
        page = Page(
            ask=ask,
            url=answer.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            whole=answer.whole,
        )
        try:
            if answer.error:
                raise answer.error
            if turn.accepts(page):
                self._reading[answer.ticket] = turn, ask
                held = self._words_held(turn, ask)
                self._readers.submit(Task(ticket=answer.ticket, page=page, source=turn.source, captured=now, held=held))
                return
        except CollectError as error:
            turn.failed(ask, error, now)
        turn.out -= 1

    def _words_held(self, turn: Turn, ask: Ask) -> str | None:
        """The hash of the words held of an article whose page is read again, as far as the archive can say."""
        article = _id_of(ask)
        if article not in self._again and turn not in self._visits:
            return None
        try:
            return self._archive.article(article).content_hash
        except (ArticleNotFound, ArchiveUnavailable):
            return None

    def _give_up_asking(self) -> None:
        """The engine died: what it had could not be reached, the rest is left for the next round."""
        now = self._clock()
        for turn, ask in self._asked.values():
            turn.out -= 1
            turn.failed(ask, Unreachable(url=ask.url, why="engine"), now)
        self._asked.clear()

    # --- what the readers found

    def _take_result(self, result: Result) -> None:
        turn, ask = self._reading.pop(result.ticket)
        turn.out -= 1
        now = self._clock()
        lists = [read for read in result.reads if isinstance(read, Ask) and read.kind is AskKind.LIST]
        pages = [read for read in result.reads if isinstance(read, Ask) and read.kind is AskKind.ARTICLE]
        turn.note(read for read in result.reads if isinstance(read, Note))
        for read in result.reads:
            if isinstance(read, Found):
                turn.keep(read, now, result.snapshot)
        turn.follow(lists)
        self._want(turn, pages, now)
        if result.error:
            turn.failed(ask, result.error, now)

    def _want(self, turn: Turn, asks: Sequence[Ask], now: datetime) -> None:
        """Let those pages wait that may bring something new; the others are articles met again."""
        known = self._archive.known([_id_of(ask) for ask in asks])
        for ask in asks:
            article = _id_of(ask)
            if article not in self._claimed and schedule.worth_reading(known.get(article), ask.changed, now):
                self._claimed.add(article)
                turn.waiting.append(ask)
                if article in known:
                    self._again.add(article)
            else:
                turn.seen()

    # --- what is kept

    def _store_batches(self) -> None:
        late = time.monotonic() - self._stored > FLUSH_EVERY
        for turn in self._turns:
            if len(turn.articles) >= BATCH or late:
                self._store(turn)
        if late:
            self._stored = time.monotonic()

    def _store(self, turn: Turn) -> None:
        if turn.articles:
            turn.tally += self._archive.add(turn.articles)
            turn.articles.clear()

    def _end(self, turn: Turn) -> Outcome:
        """Store what is left, and only then move on: the checkpoint, the history, the visit. What was not read at all
        stays due."""
        self._store(turn)
        now = self._clock()
        outcome = turn.outcome()
        visit = self._visits.get(turn)
        if turn.unread:
            return outcome
        if visit:
            self._archive.request(_visited(visit, outcome.error, turn.latest, now))
        else:
            self._archive.save_checkpoint(turn.source.id, turn.checkpoint(outcome, self._settings.tiers, now))
            self._archive.save_reading(_reading(outcome, now))
        return outcome

    def _end_twins(self, elder: Turn) -> Iterator[Outcome]:
        """Sources of the same address end as the one that was read, with nothing of their own."""
        for twin in self._twins.pop(elder, ()):
            twin.error = elder.error
            if elder.unread:
                twin.notes[Note.LEFT_FOR_LATER] += 1
            yield self._end(twin)


def _id_of(ask: Ask) -> ArticleId:
    return article_id(canonical_url(ask.url) or ask.url)


def _visiting(visit: Visit) -> Turn:
    source = Source(
        id=BY_HAND,
        name=visit.source_name or urlsplit(visit.url).hostname or visit.url,
        channel=visit.channel,
        collector="pages",
        url=visit.url,
    )
    return Turn(source, (Ask(url=visit.url, kind=AskKind.ARTICLE),), Checkpoint(), full=True)


def _visited(visit: Visit, error: CollectError | None, article: ArticleId | None, now: datetime) -> Visit:
    """What a visit came to: done, or to be tried again where the cause may pass."""
    attempts = visit.attempts + 1
    if error is None:
        return replace(visit, attempts=attempts, done=now, outcome="read", detail="", article_id=article)
    tried = replace(visit, attempts=attempts, outcome=error.code, detail=str(error))
    again = schedule.visit_again(error, attempts, now)
    return replace(tried, not_before=again) if again else replace(tried, done=now)


def _reading(outcome: Outcome, now: datetime) -> Reading:
    error = outcome.error
    return Reading(
        source_id=outcome.source_id,
        at=now,
        outcome=outcome.result,
        tally=outcome.tally,
        error=error.code if error else None,
        detail=str(error) if error else "",
        notes=outcome.notes,
        seconds=outcome.seconds,
    )
