"""Whose turn it is where several machines work, as one Redis says: who asks a host, who reads a source, who groups.

Nothing here has to last. A lease runs out unless its holder goes on saying that he is at it, so the work of one that
was killed is free again after `LASTS`; and a Redis that has just started lets nobody ask a host before all that it may
have forgotten is over. Times are those of its clock, the only one that all machines share.
"""

from __future__ import annotations

import logging
import math
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from index.shared_errors import QueueUnavailable

LASTS: Final = 20.0
"""Seconds after which what a machine holds is free again, unless it says before that it is still at it."""
RENEWED_EVERY: Final = 5.0
SPACE: Final = "kiemtin"
"""With what all our names in a Redis begin."""
_LOOK: Final = 0.5
_PATIENCE: Final = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How a Redis is reached: `address` is `redis://host[:port][/number]`, or `rediss://` with TLS."""

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def client(self) -> redis.Redis:
        parts = urlsplit(self.address)
        return redis.Redis(
            host=parts.hostname or "",
            port=parts.port or 6379,
            db=int(parts.path.strip("/") or 0),
            username=self.user or None,
            password=self.password or None,
            ssl=parts.scheme == "rediss",
            ssl_ca_certs=str(self.ca_file) if self.ca_file else None,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=2),
        )

    def check(self) -> None:
        """Raises `QueueUnavailable` where it cannot be used for what is done here."""
        with self.speaking(), self.client() as client:
            client.eval("return redis.call('SET', KEYS[1], 1, 'PX', 1)", 1, f"{SPACE}:check")

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """What goes wrong with a Redis, in the house's words."""
        try:
            yield
        except (redis.RedisError, ssl.SSLError, OSError) as error:
            raise QueueUnavailable(place=self.address, problem=_problem(error), why=_why(error)) from error


def _problem(error: Exception) -> str:
    said = str(error)
    if any(word in said for word in ("NOAUTH", "WRONGPASS", "without any password", "Authentication required")):
        return "password"
    if "user executing the script" in said or "ACL failure" in said:
        return "permission"
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "certificate"
    if isinstance(error, FileNotFoundError | PermissionError) or "Invalid CA" in said:
        return "ca_file"
    return next((problem for kind, problem in _PROBLEMS.items() if isinstance(error, kind)), "refused")


_PROBLEMS: Final[dict[type[Exception], str]] = {
    redis.AuthenticationError: "password",
    redis.exceptions.NoPermissionError: "permission",
    redis.BusyLoadingError: "starting",
    redis.ReadOnlyError: "read_only",
    redis.exceptions.OutOfMemoryError: "full",
    redis.InvalidResponse: "not_redis",
    redis.TimeoutError: "slow",
    redis.ConnectionError: "unreachable",
    OSError: "unreachable",
}


def _why(error: Exception) -> str:
    """What the system or the server said, in one line."""
    return " ".join(str(error).split())[:200]


# --- what is held for as long as it is worked on ----------------------------------------------------------------------


_RENEW: Final = """
for i = 1, #KEYS do
  local holder = redis.call('GET', KEYS[i])
  if not holder or holder == ARGV[1] then redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
end
"""
_LET_GO: Final = """
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
"""


class Leases:
    """Leases by name. That two hold one at a time is unlikely, not impossible: what must not happen twice is checked
    where it is written."""

    def __init__(self, server: Server, *, lasts: float = LASTS) -> None:
        self._server = server
        self._client = server.client()
        self._lasts = lasts

    @contextmanager
    def held(self, names: Sequence[str]) -> Iterator[frozenset[str]]:
        """Hold those of the names that nobody else holds. Raises `QueueUnavailable`."""
        token = uuid4().hex
        taken = frozenset(name for name in names if self._take(name, token))
        if not taken:
            yield taken
            return
        done = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(taken, token, done), name="leases", daemon=True)
        renewing.start()
        try:
            yield taken
        finally:
            done.set()
            renewing.join()
            self._script(_LET_GO, taken, token)

    @contextmanager
    def waited_for(self, name: str, told_to_stop: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Hold a name once nobody else does; False if it was told to stop before."""
        while not told_to_stop():
            with self.held((name,)) as mine:
                if mine:
                    yield True
                    return
            time.sleep(_LOOK)
        yield False

    def _take(self, name: str, token: str) -> bool:
        with self._server.speaking():
            return bool(self._client.set(_key(name), token, nx=True, px=_milliseconds(self._lasts)))

    def _renew(self, names: frozenset[str], token: str, done: threading.Event) -> None:
        while not done.wait(self._lasts * RENEWED_EVERY / LASTS):
            self._script(_RENEW, names, token, _milliseconds(self._lasts))

    def _script(self, script: str, names: frozenset[str], *values: str | int) -> None:
        """A Redis that is away costs a lease, no work: whoever gets it next finds what was done."""
        try:
            with self._server.speaking():
                self._client.eval(script, len(names), *map(_key, sorted(names)), *map(str, values))
        except QueueUnavailable as error:
            _log.warning("leases: %s", error)


def _key(name: str) -> str:
    return f"{SPACE}:lease:{name}"


# --- whose turn it is to ask a host -----------------------------------------------------------------------------------


_TAKE_TURN: Final = """
local token, delay, longest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.ceil(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'token', 'ends', 'next')
local ends = tonumber(held[2]) or 0
if held[1] ~= token and ends > now then return {0, ends - now} end
local uptime = tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)'))
local remembers = now - uptime * 1000 + longest + delay
local begins = math.max(now, tonumber(held[3]) or 0, remembers)
ends = begins + longest
redis.call('HSET', KEYS[1], 'token', token, 'ends', ends, 'next', begins + delay)
redis.call('PEXPIRE', KEYS[1], math.max(ends, begins + delay) - now)
return {1, begins - now}
"""
# Counted from the answer: how long a request was on its way to the host, only the host knows.
_END_TURN: Final = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return end
local time, delay = redis.call('TIME'), tonumber(ARGV[2])
local now = time[1] * 1000 + math.ceil(time[2] / 1000)
redis.call('HDEL', KEYS[1], 'token', 'ends')
redis.call('HSET', KEYS[1], 'next', now + delay)
redis.call('PEXPIRE', KEYS[1], math.max(1, delay))
"""
_SPARE: Final = 5.0
"""Seconds by which a turn outlasts the longest request."""


@dataclass(frozen=True, slots=True)
class HostTurns:
    """The `crawlers.sharing.Turns` of all machines: one asks a host at a time, and none sooner than its delay.

    `longest`: seconds that a request may take. A turn outlasts that by a little, so a request never outlives its turn,
    whatever becomes of the one who asked.
    """

    server: Server
    longest: float

    @property
    def patience(self) -> float:
        return self.longest + _SPARE

    def take(self, host: str, delay: float, turn: str) -> tuple[bool, float]:
        """Is it this turn's to ask, and how many seconds until it may, or until it is worth trying again?

        Asked twice for the same turn, it is the same turn. Raises `QueueUnavailable`.
        """
        granted, wait = self._ask(_TAKE_TURN, host, turn, _milliseconds(delay), _milliseconds(self.patience))
        return bool(granted), wait / 1000

    def end(self, host: str, delay: float, turn: str) -> None:
        """Raises `QueueUnavailable`; then the turn ends by itself."""
        self._ask(_END_TURN, host, turn, _milliseconds(delay))

    def _ask(self, script: str, host: str, *values: str | int) -> Any:
        with self.server.speaking():
            return _client(self.server).eval(script, 1, f"{SPACE}:host:{host}", *map(str, values))


@cache
def _client(server: Server) -> redis.Redis:
    """One for all turns of a process."""
    return server.client()


def _milliseconds(seconds: float) -> int:
    """Whole ones, never too few."""
    return math.ceil(seconds * 1000)
