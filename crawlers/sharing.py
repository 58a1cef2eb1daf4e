"""Hosts that other machines ask too: each request waits for its turn among all of them, right before it is sent."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final, Protocol
from uuid import uuid4

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from index.shared_errors import HostTaken, QueueUnavailable

TURNS: Final = "KIEMTIN_TURNS"
SLOT: Final = "download_slot"
"""Key of a request's meta: what politeness goes by, mostly a host."""
DELAY: Final = "delay"
"""Key of a request's meta: seconds that its host wants between two requests."""
_LOOK: Final = 0.25
_LOOK_AWAY: Final = 2.0
"""Seconds between two tries where a host is taken, at least, and at most."""
_log = logging.getLogger(__name__)


class Turns(Protocol):
    """Who may ask a host, and when, among all machines that read. Must be picklable."""

    @property
    def patience(self) -> float:
        """Seconds after which a turn that nobody ended is over."""
        ...

    def take(self, host: str, delay: float, turn: str) -> tuple[bool, float]:
        """Is it this turn's to ask, and how many seconds until it may, or until it is worth trying again?

        Raises `QueueUnavailable`.
        """
        ...

    def end(self, host: str, delay: float, turn: str) -> None:
        """Raises `QueueUnavailable`."""
        ...


class SharedHosts(HTTP11DownloadHandler):
    """Sends a request when it is its turn. Raises `HostTaken` where that does not come."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: Turns = crawler.settings[TURNS]

    async def download_request(self, request: Request) -> Response:
        host, delay, turn = request.meta[SLOT], float(request.meta[DELAY]), uuid4().hex
        await self._wait_for(host, delay, turn, request.url)
        try:
            return await super().download_request(request)
        finally:
            await self._end(host, delay, turn)

    async def _wait_for(self, host: str, delay: float, turn: str, url: str) -> None:
        """Others may have a turn each meanwhile; one that was killed in his holds up for as long as that lasts."""
        end = time.monotonic() + 2 * self._turns.patience + delay
        why = "taken"
        while time.monotonic() < end:
            try:
                mine, wait = await asyncio.to_thread(self._turns.take, host, delay, turn)
            except QueueUnavailable as error:
                mine, wait, why = False, _LOOK_AWAY, error.code
            if mine:
                await asyncio.sleep(wait)
                return
            await asyncio.sleep(min(max(wait, _LOOK), _LOOK_AWAY))
        raise HostTaken(url=url, why=why)

    async def _end(self, host: str, delay: float, turn: str) -> None:
        try:
            await asyncio.to_thread(self._turns.end, host, delay, turn)
        except QueueUnavailable as error:
            _log.warning("the turn at %s ends by itself: %s", host, error)
