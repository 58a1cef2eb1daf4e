"""One source's turn in a round: what it still asks for, what it brought, how it ended."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self
from urllib.parse import urlsplit

from crawlers.collector import Ask, Collector, Page
from crawlers.schedule import Tiers, Validators, after, asked_to_rest, may_pass, needs_full_read
from index.clock import is_future
from index.errors import CollectError, NotKept, Refused
from index.model import Article, ArticleId, Channel, Found, PublishedFrom
from index.shared_errors import HostTaken
from index.source import Checkpoint, Note, Outcome, Source, Tally
from index.text import content_hash
from index.url import article_id, unaddressed_id

MAX_LISTS: Final = 30
"""Lists a source may lead to in one round: an index of sitemaps that points at itself comes to an end."""
_OK: Final = range(200, 300)
_NOT_MODIFIED: Final = 304
_ACCOUNTS: Final = frozenset({Channel.FORUM, Channel.VIDEO, Channel.SOCIAL})
"""Where a byline is the account of a person; text is judged there, people are not, so it is not kept."""
_SLOW_DOWN: Final = frozenset({429, 503})


class Turn:
    """Collects what one reading of a source gives. Knows no archive and no network: the round moves it."""

    def __init__(self, source: Source, asks: Iterable[Ask], since: Checkpoint, *, full: bool) -> None:
        """`full`: the start page is read even if it is what it was at `since`."""
        self.source = source
        self.since = since
        self.notes: Counter[str] = Counter()
        self.tally = Tally()
        self.error: CollectError | None = None
        self.articles: list[Article] = []
        """Made, not stored yet."""
        self.latest: ArticleId | None = None
        """The article made last."""
        self.newest = since.newest
        self.waiting: deque[Ask] = deque(asks)
        self.out = 0
        """Asks that are with the engine or a reader."""
        self._start = self.waiting[0].url if self.waiting else ""
        self._lists = {ask.url for ask in self.waiting}
        self._full = full
        self._read_whole = False
        self._answered = False
        self._validators = Validators()
        self._left_behind = False
        self._rest = timedelta()
        self._begun: float | None = None

    @classmethod
    def of_source(cls, source: Source, collector: Collector, since: Checkpoint, now: datetime) -> Self:
        full = needs_full_read(since, now)
        asking = replace(since, etag=None, last_modified=None) if full else since
        return cls(source, collector.start(source, asking), since, full=full)

    def take(self) -> Ask:
        """The next page to ask for; it is out until the round says that it is back."""
        self._begun = self._begun or time.monotonic()
        self.out += 1
        return self.waiting.popleft()

    @property
    def done(self) -> bool:
        return not self.waiting and self.out == 0

    @property
    def unread(self) -> bool:
        """Was it left for later before anything came of it?"""
        return not self._answered and Note.LEFT_FOR_LATER in self.notes

    @property
    def home(self) -> str | None:
        """The source's own host."""
        return urlsplit(self.source.url).hostname

    @property
    def consent(self) -> str | None:
        """The host that may be read although its robots.txt forbids it."""
        return self.home if self.source.consent else None

    # --- pages

    def accepts(self, page: Page) -> bool:
        """Is there something to read on a page that came? Raises `Refused` for what is not a success."""
        self._answered = True
        if page.status == _NOT_MODIFIED and (page.ask.etag or page.ask.last_modified):
            self._validators = Validators(
                etag=self.since.etag, last_modified=self.since.last_modified, body_hash=self.since.body_hash
            )
            return False
        if page.status not in _OK:
            raise Refused(url=page.url, status=str(page.status), retry_after=page.headers.get("retry-after", ""))
        self._left_behind |= not page.whole
        if page.ask.url != self._start:
            return True
        self._read_whole = self._full
        body_hash = hashlib.sha256(page.body).hexdigest()
        self._validators = Validators(
            etag=page.headers.get("etag"), last_modified=page.headers.get("last-modified"), body_hash=body_hash
        )
        return self._full or body_hash != self.since.body_hash

    def failed(self, ask: Ask, error: CollectError, now: datetime) -> None:
        """A page did not come or could not be read: the source's error if it was its start, else a note, and what the
        source said of the article is kept. A page that the disk did not take ends the reading, and so does a host that
        was another machine's all the while: it was not asked, and is left for later."""
        if isinstance(error, HostTaken):
            self.waiting.append(ask)
            self.leave_rest()
            return
        self._answered = True
        self._rest = max(self._rest, asked_to_rest(error, now))
        if ask.url == self._start:
            self.error = error
            return
        if isinstance(error, NotKept):
            self.error = error
            self.leave_rest()
            return
        self.notes[error.code] += 1
        status = error.params.get("status", "")
        self._left_behind |= may_pass(error)
        if status.isdecimal() and int(status) in _SLOW_DOWN:
            self.leave_rest()
        if ask.carry and ask.carry.title:
            self.notes[Note.KEPT_FROM_FEED] += 1
            self.keep(ask.carry, now)

    def leave_rest(self) -> None:
        """Ask for no more in this round; the next one meets what is left as never read."""
        if self.waiting:
            self.notes[Note.LEFT_FOR_LATER] += len(self.waiting)
            self._left_behind = True
            self.waiting.clear()

    # --- what was read

    def note(self, notes: Iterable[Note]) -> None:
        for note in notes:
            self.notes[note] += 1
            self._left_behind |= note is Note.LIST_DAMAGED

    def follow(self, asks: Iterable[Ask]) -> None:
        """Further lists, ahead of the articles that wait. A source that leads to lists says nothing by itself about
        whether they changed."""
        for ask in asks:
            self._validators = Validators()
            if ask.url in self._lists:
                continue
            if len(self._lists) < MAX_LISTS:
                self._lists.add(ask.url)
                self.waiting.appendleft(ask)
            else:
                self.notes[Note.LIST_CUT] += 1

    def keep(self, found: Found, now: datetime, snapshot: str | None = None) -> None:
        """Make an article of what was found. A time ahead of now is no time: it is marked, not guessed."""
        published, origin = found.published, found.published_from
        if published and is_future(published, now):
            self.notes[Note.DATE_AHEAD] += 1
            published = None
        if published is None:
            origin = PublishedFrom.NONE
            self.notes[Note.UNDATED] += 1
        elif self.newest is None or published > self.newest:
            self.newest = published
        identity = (
            article_id(found.url) if found.url else unaddressed_id(self.source.id, found.title, found.text, published)
        )
        self.latest = identity
        self.articles.append(
            Article(
                id=identity,
                source_id=self.source.id,
                channel=self.source.channel,
                url=found.url,
                title=found.title,
                text=found.text,
                language=found.language or self.source.language,
                collected=now,
                published=published,
                published_from=origin,
                byline=None if self.source.channel in _ACCOUNTS else found.byline,
                extent=found.extent,
                content_hash=content_hash(found.title, found.text),
                snapshot=snapshot,
            )
        )

    def seen(self, count: int = 1) -> None:
        """Articles met again whose pages need not be fetched."""
        self.tally += Tally(seen=count)

    def outcome(self) -> Outcome:
        return Outcome(
            source_id=self.source.id,
            tally=self.tally,
            error=self.error,
            notes={str(note): count for note, count in sorted(self.notes.items())},
            seconds=time.monotonic() - self._begun if self._begun else 0.0,
        )

    def checkpoint(self, outcome: Outcome, tiers: Tiers, now: datetime) -> Checkpoint:
        """Where the source stands once `outcome` is stored. If anything was left behind, the next reading must meet it
        again although the list is the same."""
        whole = self._read_whole and not outcome.error
        standing = replace(self.since, newest=self.newest, full_read=now if whole else self.since.full_read)
        validators = Validators() if self._left_behind else self._validators
        return after(self.source, standing, outcome, validators, now=now, tiers=tiers, rest=self._rest)
