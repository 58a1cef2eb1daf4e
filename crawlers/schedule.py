"""When to read what: sources by what they bring, articles by their age. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from index.errors import CollectError, Limited, NameUnresolved, NotKept, RobotsUnreadable, TimedOut, Unreachable
from index.model import Extent, SourceId
from index.source import Checkpoint, Known, Outcome, Source

LONGEST: Final = timedelta(hours=24)
"""No source rests longer, however quiet, failing or unwilling it is."""
FULL_READ_EVERY: Final = timedelta(days=1)
_REST: Final = 8
"""A quiet source of a tier is read this many times less often than a busy one, at most."""
_FASTER: Final = 0.5
_SLOWER: Final = 1.25
_PASSING: Final = (NotKept, RobotsUnreadable, TimedOut, Unreachable)
_VISIT_AGAIN: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""After each attempt; an outlet that is down for a day is looked at by a person."""
_FIRST_REVISIT: Final = timedelta(hours=1)
_FEED_REVISIT: Final = timedelta(minutes=15)
_REVISITS_END: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """How often a source of each tier is read while it brings something."""

    tier1: timedelta
    tier2: timedelta
    tier3: timedelta

    def of(self, source: Source) -> timedelta:
        return {1: self.tier1, 2: self.tier2}.get(source.tier, self.tier3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the start page of a source was, to ask next time whether it changed."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


# --- sources --------------------------------------------------------------------------------------------------------


def due(sources: Iterable[Source], checkpoints: Mapping[SourceId, Checkpoint], now: datetime) -> list[Source]:
    """Enabled sources whose time has come, longest overdue first.

    A time that lies further ahead than any source may rest was written by a clock that has since been set back.
    """
    waiting: list[tuple[datetime, Source]] = []
    for source in sources:
        at = checkpoints.get(source.id, Checkpoint()).next_due or datetime.min.replace(tzinfo=UTC)
        if source.enabled and (at <= now or at - now > LONGEST):
            waiting.append((at, source))
    return [source for _, source in sorted(waiting, key=lambda pair: (pair[0], pair[1].id))]


def needs_full_read(checkpoint: Checkpoint, now: datetime) -> bool:
    """Is it time to read a source without asking whether it changed? Feeds lie about ETag."""
    last = checkpoint.full_read
    return last is None or not timedelta() <= now - last < FULL_READ_EVERY


def after(
    source: Source,
    before: Checkpoint,
    outcome: Outcome,
    validators: Validators,
    *,
    now: datetime,
    tiers: Tiers,
    rest: timedelta = timedelta(),
) -> Checkpoint:
    """Where the reading of a source stands once `outcome` is stored. `rest` is how long its server asked to be left
    alone."""
    if outcome.error:
        failures = before.failures + 1
        wait = _bounded(tiers, source, _base(tiers, source) * failures)
        return replace(before, failures=failures, next_due=now + max(wait, rest))
    pace = next_pace(source, before, outcome, tiers)
    return replace(
        before,
        etag=validators.etag,
        last_modified=validators.last_modified,
        body_hash=validators.body_hash,
        failures=0,
        pace=pace,
        next_due=now + max(pace, rest),
    )


def next_pace(source: Source, before: Checkpoint, outcome: Outcome, tiers: Tiers) -> timedelta:
    """Sooner after a reading that brought something, later after a quiet one; as declared where it is declared."""
    if source.every is not None:
        return source.every
    pace = before.pace or tiers.of(source)
    brought = outcome.tally.new + outcome.tally.updated
    return _bounded(tiers, source, pace * (_FASTER if brought else _SLOWER))


def _base(tiers: Tiers, source: Source) -> timedelta:
    return source.every or tiers.of(source)


def _bounded(tiers: Tiers, source: Source, wait: timedelta) -> timedelta:
    shortest = _base(tiers, source)
    return min(max(wait, shortest), max(min(shortest * _REST, LONGEST), shortest))


def asked_to_rest(error: CollectError, now: datetime) -> timedelta:
    """How long the server that answered with this error wants to be left alone."""
    if isinstance(error, Limited) and error.until:
        return min(max(error.until - now, timedelta()), LONGEST)
    return retry_after(error.params.get("retry_after", ""), now)


def retry_after(value: str, now: datetime) -> timedelta:
    """What a Retry-After header (seconds, or a date) asks for, at most `LONGEST`; nothing if it cannot be read."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(timedelta(seconds=min(int(value), int(LONGEST.total_seconds()))), LONGEST)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return timedelta()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), LONGEST)


def may_pass(error: CollectError) -> bool:
    """Is it worth asking again soon for the page that failed so?"""
    status = error.params.get("status", "")
    return isinstance(error, _PASSING) or status.startswith("5") or status == "429"


def visit_again(error: CollectError, attempts: int, now: datetime) -> datetime | None:
    """When a page that somebody asked for is tried again after so many attempts; None when that is no use."""
    if attempts > len(_VISIT_AGAIN) or not (may_pass(error) or isinstance(error, NameUnresolved)):
        return None
    return now + max(_VISIT_AGAIN[attempts - 1], asked_to_rest(error, now))


# --- articles -------------------------------------------------------------------------------------------------------


def worth_reading(known: Known | None, changed: datetime | None, now: datetime) -> bool:
    """Should an announced article's page be fetched?

    Yes when it was never read, or its source says that it changed since; else for a week at growing intervals, an
    hour after it was last new, then each time half its age; sooner where only the feed's words are held.
    """
    if known is None:
        return True
    if changed is not None and known.read < changed <= now:
        return True
    age = now - known.collected
    if age > _REVISITS_END:
        return False
    first = _FEED_REVISIT if known.extent is Extent.FEED else _FIRST_REVISIT
    return now - known.read >= max(first, age / 2)
