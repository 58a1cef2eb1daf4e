"""The newsroom: every outlet on a port of its own of this machine, with its habits, until it is stopped."""

from __future__ import annotations

import selectors
import socket
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from crawlers.newsroom.access import AccessLog
from crawlers.newsroom.layouts import Layouts
from crawlers.newsroom.listener import Fault, Headers, Listener, Reply
from crawlers.newsroom.outlet import Edition, Outlet, Quirk
from crawlers.newsroom.replay import Replay
from crawlers.newsroom.site import Answer, Site
from crawlers.newsroom.week import Week, read_script
from index.errors import PortRefused
from index.model import SourceId
from index.source import Selectors, Source

PAUSE: Final = timedelta(seconds=2)
"""How late a slow outlet answers."""
_QUICK: Final = timedelta(minutes=10)
_QUICKEST: Final = timedelta(seconds=5)
_BROKEN: Final = Answer(
    status=HTTPStatus.INTERNAL_SERVER_ERROR, content_type="text/plain", body=b"500 Internal Server Error\n"
)

Clock = Callable[[], datetime]


class Newsroom:
    """An edition on the air. Its ports are taken when it is made; answers come between `start` and `stop`.

    Outlets count up from `port` (0: whatever is free), after them the former addresses of those that moved. The same
    edition on the same ports has the same addresses, whenever it is started.
    """

    def __init__(
        self,
        edition: Edition,
        layouts: Layouts,
        *,
        port: int,
        clock: Clock,
        every: timedelta | None = None,
        pause: timedelta = PAUSE,
    ) -> None:
        """`every` is what the sources file says of how often to read. Raises `PortRefused`."""
        self._edition = edition
        self._layouts = layouts
        self._every = every
        self._closing = threading.Event()
        self._bell, self._ear = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="newsroom", daemon=True)
        self._access = {outlet.id: AccessLog() for outlet in edition.outlets}
        moved = [outlet for outlet in edition.outlets if Quirk.REDIRECTS in outlet.quirks]
        outlets = [*edition.outlets, *moved]
        self._listeners: list[Listener] = []
        try:
            for number, outlet in enumerate(outlets):
                self._listeners.append(Listener(port + number if port else 0, self._access[outlet.id]))
        except PortRefused:
            self._close()
            raise
        self._players: dict[str, _Player] = {}
        for listener, outlet in zip(self._listeners, edition.outlets, strict=False):
            site = Site(outlet, edition, layouts, base=f"http://{listener.authority}")
            player = _Player(site, clock, pause=pause, closing=self._closing)
            listener.respond = player.respond
            self._players[outlet.id] = player
        self._former: dict[str, str] = {}
        for listener, outlet in zip(self._listeners[len(edition.outlets) :], moved, strict=True):
            listener.respond = _moved_to(self._players[outlet.id].site.base)
            self._former[outlet.id] = f"http://{listener.authority}"

    @classmethod
    def week(
        cls, folder: Path, *, start: datetime, speed: float, port: int, clock: Clock, pause: timedelta = PAUSE
    ) -> Self:
        """The written week of a folder: six days before `start`, and the seventh from then on at `speed`.

        Whoever restarts a newsroom gives the same `start` and `speed`. At speed 1 a `start` at midnight makes the times
        of day 7 those of the wall. Raises `ConfigError`, `PortRefused`.
        """
        edition = Week(read_script(folder), start=start.replace(microsecond=0), speed=speed)
        every = max(_QUICKEST, _QUICK / speed) if speed > 1 else None
        return cls(edition, Layouts(folder / "layouts"), port=port, clock=clock, every=every, pause=pause)

    @classmethod
    def replay(cls, file: Path, *, folder: Path, outlets: int, port: int, clock: Clock) -> Self:
        """The lines of a file, dealt to one or more outlets. Raises `NewsroomFileUnreadable`, `PortRefused`."""
        edition = Replay(file, folder=folder, count=outlets)
        return cls(edition, Layouts(folder / "layouts"), port=port, clock=clock)

    @property
    def edition(self) -> Edition:
        return self._edition

    def sources(self) -> tuple[Source, ...]:
        """Its outlets as the crawler is to know them; one that moved by its former address."""
        return tuple(self._source(outlet) for outlet in self._edition.outlets)

    def allow_hosts(self) -> tuple[str, ...]:
        """`host:port` of every address, for `fetch.allow_hosts`."""
        return tuple(listener.authority for listener in self._listeners)

    def address(self, outlet_id: str) -> str:
        """Where an outlet lives, without a slash at the end."""
        return self._players[outlet_id].site.base

    def access(self, outlet_id: str) -> AccessLog:
        """How an outlet was read, its former address included."""
        return self._access[outlet_id]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Hang up, give the ports back and close the edition; a second time does nothing."""
        self._closing.set()
        if self._thread.is_alive():
            self._bell.send(b"\0")
            self._thread.join()
        self._close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _source(self, outlet: Outlet) -> Source:
        return Source(
            id=SourceId(outlet.id),
            name=outlet.name,
            channel=outlet.channel,
            collector=outlet.collector,
            url=self._former.get(outlet.id, self.address(outlet.id)) + self._players[outlet.id].site.start_path,
            every=self._every,
            tier=outlet.tier,
            language=outlet.language,
            official=outlet.official,
            licence_type=outlet.licence_type,
            select=self._layouts.selectors.get(outlet.layout, Selectors()),
        )

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            callers: Mapping[int, Listener] = {listener.fileno(): listener for listener in self._listeners}
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ)
            while not self._closing.is_set():
                for key, _ in selector.select():
                    if key.fd in callers:
                        callers[key.fd].handle_request()

    def _close(self) -> None:
        for listener in self._listeners:
            listener.server_close()
        self._bell.close()
        self._ear.close()
        self._edition.close()


class _Player:
    """An outlet's site with the quirks that depend on when, and how often, it is asked."""

    def __init__(self, site: Site, clock: Clock, *, pause: timedelta, closing: threading.Event) -> None:
        self.site = site
        self._clock = clock
        self._pause = pause
        self._closing = closing
        self._counting = threading.Lock()
        self._asked: Counter[str] = Counter()

    def respond(self, path: str, headers: Headers) -> Reply:
        if Quirk.SLOW in self.site.outlet.quirks and self._closing.wait(self._pause.total_seconds()):
            return Reply(answer=_BROKEN, fault=Fault.NOTHING)
        answer = self.site.answer(
            path,
            self._clock(),
            if_none_match=headers.get("If-None-Match"),
            if_modified_since=headers.get("If-Modified-Since"),
        )
        if Quirk.BREAKS in self.site.outlet.quirks and path != "/robots.txt":
            return self._broken(path, answer)
        return Reply(answer=answer)

    def _broken(self, path: str, answer: Answer) -> Reply:
        """Which request for a path is the first to break, and how, follows from the path; then every third does."""
        with self._counting:
            self._asked[path] += 1
            turn = self._asked[path] + zlib.crc32(path.encode())
        if turn % 3:
            return Reply(answer=answer)
        fault = (None, Fault.HALF, Fault.NOTHING)[turn // 3 % 3]
        return Reply(answer=_BROKEN if fault is None else answer, fault=fault)


def _moved_to(base: str) -> Callable[[str, Headers], Reply]:
    def respond(path: str, headers: Headers) -> Reply:  # noqa: ARG001
        return Reply(answer=Answer(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": base + path}))

    return respond
