"""What hosts asked of those who read them by machine, remembered from one round to the next.

A round has an engine of its own. Without this each would read every robots.txt anew, and begin without knowing that
the last one had just been there.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from crawlers.robots import MAX_DELAY
from index.files import write_whole

RULES_LAST: Final = timedelta(hours=24)
"""RFC 9309 §2.4: a robots.txt should not be used for longer."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A robots.txt as it was answered: its status, and the lines of it that count."""

    status: int
    body: str
    read: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Where manners are kept, and the time at which an engine begins."""

    file: Path
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    rules: dict[str, Rules] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)


class Manners:
    """Rules by scheme and authority, and when each slot of politeness was last asked something."""

    def __init__(self, memory: Memory | None) -> None:
        """Nothing is remembered without a memory, nor where its file cannot be read: asking again is no harm."""
        self._file = memory.file if memory else None
        self._began = memory.now if memory else None
        self._started = time.monotonic()
        self._kept = _read(memory.file) if memory else _Kept()

    def rules(self, site: str) -> Rules | None:
        """What the site's robots.txt was within the last day. A time ahead is one of a clock that was set back."""
        now, known = self._now(), self._kept.rules.get(site)
        return known if known and now and timedelta() <= now - known.read < RULES_LAST else None

    def learn(self, site: str, status: int, body: str) -> None:
        if now := self._now():
            self._kept.rules[site] = Rules(status=status, body=body, read=now)

    def rest(self, slot: str, delay: float) -> float:
        """Seconds to wait before a slot is asked its first question by this engine."""
        now, asked = self._now(), self._kept.asked.get(slot)
        if now is None or asked is None or asked > now:
            return 0.0
        return max(0.0, delay - (now - asked).total_seconds())

    def keep(self, idle: dict[str, float]) -> None:
        """Write down what is worth remembering; `idle` says for how many seconds each slot has been left alone."""
        now = self._now()
        if self._file is None or now is None:
            return
        asked = self._kept.asked | {slot: now - timedelta(seconds=seconds) for slot, seconds in idle.items()}
        lately = {slot: at for slot, at in asked.items() if (now - at).total_seconds() < MAX_DELAY}
        rules = {site: known for site, known in self._kept.rules.items() if self.rules(site)}
        write_whole(self._file, msgspec.json.encode(_Kept(rules=rules, asked=lately)))

    def _now(self) -> datetime | None:
        return self._began + timedelta(seconds=time.monotonic() - self._started) if self._began else None


def _read(file: Path) -> _Kept:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Kept)
    except FileNotFoundError:
        return _Kept()
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("manners of hosts are not remembered: %s", error)
        return _Kept()
