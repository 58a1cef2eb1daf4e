"""What crawlers write into where the archive lies on a server: the archive while it can be written, else a file.

As long as something waits in the file, what comes after it waits behind it, so that the archive is given everything in
the order in which it was collected. An entry leaves the file after the archive has confirmed it: what was written by a
process that was killed in between is written again, which every `Archive` takes as once.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from index import documents
from index.archive import CrawlerArchive
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable
from index.model import Article, ArticleId, Extent, SourceId
from index.outbox_file import Entry, Kind, OutboxFile, Waiting, snapshots
from index.source import Checkpoint, Known, Reading, Tally, Visit

AT_ONCE: Final = 200
"""Entries that are delivered together."""
_AWAY: Final = (ArchiveUnavailable, ArchiveRefused)
"""Errors of a server, not of what was to be written: they pass, or an administrator mends them."""
_FIRST_REST: Final = 1.0
_LONGEST_REST: Final = 60.0

Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class Outbox:
    """The `CrawlerArchive` of one home; several processes and threads may use it at the same time.

    What crawlers ask while the archive is away is answered from what waits and from what the archive said last; what
    it never said is unknown, and read again.
    """

    def __init__(self, archive: CrawlerArchive, file: Path, *, clock: Callable[[], datetime]) -> None:
        """Makes the file or opens it; raises what `SqliteFile` does."""
        self._archive = archive
        self._file = OutboxFile(file)
        self._lock = file.with_suffix(".lock")
        self._clock = clock
        self._asking = _Rest()
        self._writing = _Rest()
        self._checkpoints: dict[SourceId, Checkpoint] = {}
        """Those that the file remembers, as far as this one has told it."""

    # --- what crawlers write

    def add(self, articles: Sequence[Article]) -> Tally:
        """What has to wait is counted as new where nothing is known of it, and else as seen."""
        tally = Tally()

        def write() -> None:
            nonlocal tally
            tally = self._archive.add(articles)

        if self._written(write):
            self._remember_read(articles)
            return tally
        known = self.known({article.id for article in articles})
        self._file.put(Kind.ARTICLE, [(article.id, article) for article in articles], self._clock())
        new = len({article.id for article in articles} - known.keys())
        return Tally(new=new, seen=len(articles) - new)

    def save_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None:
        if self._written(partial(self._archive.save_checkpoint, source_id, checkpoint)):
            self._remember_checkpoint(source_id, checkpoint)
        else:
            self._file.put(Kind.CHECKPOINT, [(source_id, checkpoint)], self._clock())

    def save_reading(self, reading: Reading) -> None:
        if not self._written(partial(self._archive.save_reading, reading)):
            self._file.put(Kind.READING, [(reading.source_id, reading)], self._clock())

    def request(self, visit: Visit) -> None:
        if not self._written(partial(self._archive.request, visit)):
            self._file.put(Kind.VISIT, [(visit.id, visit)], self._clock())

    def _written(self, write: Callable[[], object]) -> bool:
        """Did the archive take it? Not before all that waits, of which a part is delivered first."""
        if not self._file.is_empty():
            self._deliver_some()
            if not self._file.is_empty():
                return False
        try:
            self._try(self._writing, write)
        except _AWAY:
            return False
        return True

    # --- what crawlers ask

    def known(self, ids: Collection[ArticleId]) -> Mapping[ArticleId, Known]:
        waiting = self._file.articles(ids)  # first: what is delivered meanwhile the archive knows
        try:
            known = dict(self._try(self._asking, lambda: self._archive.known(ids)))
        except _AWAY:
            known = self._file.remembered(ids)
        else:
            self._remember(known)
        return _met(known, waiting)

    def article(self, article_id: ArticleId) -> Article:
        """As it was read last. Raises `ArchiveUnavailable` where the archive alone could say, whatever ails it."""
        if waiting := self._file.articles((article_id,)):
            return waiting[-1]
        try:
            return self._try(self._asking, lambda: self._archive.article(article_id))
        except ArchiveRefused as error:
            raise ArchiveUnavailable(**error.params) from error

    def checkpoint(self, source_id: SourceId) -> Checkpoint:
        waiting = self._file.checkpoint(source_id)
        if waiting is not None:
            return waiting
        try:
            checkpoint = self._try(self._asking, lambda: self._archive.checkpoint(source_id))
        except _AWAY:
            return self._file.remembered_checkpoint(source_id) or Checkpoint()
        self._remember_checkpoint(source_id, checkpoint)
        return checkpoint

    def visits_due(self, now: datetime) -> Sequence[Visit]:
        """While the archive is away, those alone that were tried since and are to be tried again."""
        tried = {visit.id: visit for visit in self._file.visits()}
        try:
            due = self._try(self._asking, lambda: self._archive.visits_due(now))
        except _AWAY:
            due = ()
        again = [visit for visit in tried.values() if visit.done is None and visit.not_before <= now]
        found = [*(visit for visit in due if visit.id not in tried), *again]
        return sorted(found, key=lambda visit: (visit.requested, visit.id))

    # --- delivering

    def deliver(self, told_to_stop: Callable[[], bool] = lambda: False) -> int:
        """Write to the archive what waits, oldest first, until nothing does; how many entries were written.

        Ends early where the archive does not take them, or did not a moment ago, and where another process is about
        it: `waiting` says what is left.
        """
        delivered = 0
        while not told_to_stop() and (some := self._deliver_some()):
            delivered += some
        if delivered:
            _log.info("%s entries of the outbox are delivered", delivered)
        return delivered

    def waiting(self) -> Waiting:
        return self._file.waiting()

    def _deliver_some(self) -> int:
        if self._writing.error is not None:
            return 0
        with self._alone() as alone:
            entries = self._file.first(AT_ONCE) if alone else []
            if not entries:
                return 0
            try:
                self._try(self._writing, partial(self._write, entries))
            except _AWAY:
                return 0
            self._file.remove(entries[-1].number)
            return len(entries)

    def _write(self, entries: Sequence[Entry]) -> None:
        for kind, some in groupby(entries, key=lambda entry: entry.kind):
            if kind is Kind.ARTICLE:
                articles = [documents.from_json(entry.document, Article) for entry in some]
                try:
                    self._archive.add(articles)
                except _AWAY:
                    raise
                except ArchiveError as error:
                    raise ArchiveRefused(**error.params) from error  # nothing passes it by until somebody mends it
                self._remember_read(articles)
                continue
            for entry in some:
                try:
                    self._write_one(entry)
                except _AWAY:
                    raise
                except ArchiveError as error:
                    # It would hold up all behind it for ever; the source, or the page, is read again without it.
                    _log.error("a %s of %s is refused for good: %s", entry.kind, entry.about, error)

    def _write_one(self, entry: Entry) -> None:
        match entry.kind:
            case Kind.CHECKPOINT:
                checkpoint = documents.from_json(entry.document, Checkpoint)
                self._archive.save_checkpoint(SourceId(entry.about), checkpoint)
                self._remember_checkpoint(SourceId(entry.about), checkpoint)
            case Kind.READING:
                self._archive.save_reading(documents.from_json(entry.document, Reading))
            case Kind.VISIT:
                self._archive.request(documents.from_json(entry.document, Visit))

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Does nobody else deliver? Two at once would write a newer checkpoint, and then the older one over it."""
        with self._lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    # --- how the archive is asked, and what is remembered of it

    def _try(self, rest: _Rest, what: Callable[[], Answer]) -> Answer:
        """Raises at once what the archive raised last, as long as it is left to rest for that."""
        if (failed := rest.error) is not None:
            raise type(failed)(**failed.params)
        started = time.monotonic()
        try:
            answer = what()
        except _AWAY as error:
            rest.begin(error, took=time.monotonic() - started)
            if rest is self._writing:
                _log.warning("the archive takes nothing, what is collected waits in the outbox: %s", error)
                self._file.refused(error)
            raise
        rest.end()
        return answer

    def _remember_read(self, articles: Sequence[Article]) -> None:
        self._remember(_met(self._file.remembered({article.id for article in articles}), articles))

    def _remember(self, known: Mapping[ArticleId, Known]) -> None:
        with _as_far_as_it_goes():
            self._file.remember(known, self._clock())

    def _remember_checkpoint(self, source_id: SourceId, checkpoint: Checkpoint) -> None:
        if self._checkpoints.get(source_id) != checkpoint:
            with _as_far_as_it_goes():
                self._file.remember_checkpoint(source_id, checkpoint)
                self._checkpoints[source_id] = checkpoint

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Rest:
    """How long an archive is left alone after it failed: longer each time, and at least as long as that took."""

    def __init__(self) -> None:
        self._error: ArchiveError | None = None
        self._until = 0.0
        self._next = _FIRST_REST

    @property
    def error(self) -> ArchiveError | None:
        """What the archive raised last, as long as it rests."""
        return self._error if time.monotonic() < self._until else None

    def begin(self, error: ArchiveError, *, took: float) -> None:
        self._error = error
        self._until = time.monotonic() + max(self._next, took)
        self._next = min(self._next * 2, _LONGEST_REST)

    def end(self) -> None:
        """The archive answers."""
        self._error, self._next = None, _FIRST_REST


@contextmanager
def _as_far_as_it_goes() -> Iterator[None]:
    """A full disk ends no round that the archive goes on taking: less is known in the next outage, and nothing lost."""
    try:
        yield
    except ArchiveUnavailable as error:
        _log.warning("what the archive says is not remembered: %s", error)


def _met(known: Mapping[ArticleId, Known], read: Sequence[Article]) -> dict[ArticleId, Known]:
    """What is known of articles after they were read again, in order, by one who does not see the words held."""
    now = dict(known)
    for article in read:
        before = now.get(article.id)
        if before is None:
            now[article.id] = Known(
                version=1, collected=article.collected, read=article.collected, extent=article.extent
            )
        else:
            extent = before.extent if before.extent is Extent.PAGE else article.extent
            now[article.id] = replace(before, read=max(before.read, article.collected), extent=extent)
    return now


# --- without an archive ---------------------------------------------------------------------------------------------


def waiting(file: Path) -> Waiting:
    """What waits in the outbox of a home that may have none."""
    if not file.exists():
        return Waiting()
    with _opened(file) as outbox:
        return outbox.waiting()


def snapshots_in_use(file: Path) -> frozenset[str]:
    """SHA-256 of every snapshot that an article names which waits."""
    if not file.exists():
        return frozenset()
    with _opened(file) as outbox, outbox.reading() as connection:
        return snapshots(connection)


@contextmanager
def _opened(file: Path) -> Iterator[OutboxFile]:
    outbox = OutboxFile(file)
    try:
        yield outbox
    finally:
        outbox.close()
