"""The only door to sources: one Scrapy engine, in a process of its own, fetches for every collector.

A reactor cannot be started twice in a process, and a page that takes long to read must not hold up those that arrive;
so the engine only fetches. It is told what to ask for over a pipe and answers over it; when the pipe closes, it ends.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import signal
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Final, Self

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers import guard, process
from crawlers.collector import Ask, AskKind
from crawlers.manners import Memory
from crawlers.sharing import TURNS, Turns
from index.errors import AddressRefused, CollectError

MAX_REDIRECTS: Final = 5
_PATIENCE: Final = 5.0
"""Seconds that the process gets to end by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How sources are asked. `delay` and `timeout` in seconds, `max_bytes` of one answer, unpacked."""

    user_agent: str
    contact: str = ""
    delay: float = 2.0
    timeout: float = 30.0
    max_bytes: int = 10 * 1024 * 1024
    allow_hosts: tuple[str, ...] = ()


def scrapy_settings(fetch: FetchSettings, memory: Memory | None = None, turns: Turns | None = None) -> dict[str, Any]:
    """Everything that Scrapy is told; what is not named here is switched off with its base tables."""
    contact = f" (+{fetch.contact})" if fetch.contact else ""
    return {
        "USER_AGENT": fetch.user_agent + contact,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "vi,en;q=0.5",
        },
        # Politeness: one request at a time per host, never sooner than the delay.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": fetch.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        # Limits.
        "DOWNLOAD_TIMEOUT": fetch.timeout,
        "DOWNLOAD_MAXSIZE": fetch.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        # Safety.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "crawlers.guard.GuardedResolver",
        "REACTOR_THREADPOOL_MAXSIZE": 20,
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None} | _handlers(turns),
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.guard.AddressGuard": 50,
            "crawlers.guard.RobotsGuard": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "crawlers.guard.CompressionGuard": 590,
            "crawlers.guard.RedirectGuard": 600,
        },
        # No telemetry, no console, no statistics.
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        guard.ALLOW_HOSTS: fetch.allow_hosts,
        guard.MEMORY: memory,
        TURNS: turns,
        guard.AGENT: fetch.user_agent.partition("/")[0].strip(),
    }


def _handlers(turns: Turns | None) -> dict[str, str]:
    """What sends requests, where other machines ask the same hosts."""
    return dict.fromkeys(("http", "https"), "crawlers.sharing.SharedHosts") if turns else {}


# --- on this side of the pipe -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An ask as it crosses the pipe. `home`: the host of its source; `whole`: a body that broke off is an error;
    `consent`: a host that may be read although its robots.txt forbids it."""

    ticket: int
    url: str
    etag: str | None
    last_modified: str | None
    home: str | None
    whole: bool
    consent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came for an order, or why nothing did."""

    ticket: int
    url: str = ""
    status: int = 0
    headers: dict[str, str]
    body: bytes = b""
    whole: bool = True
    error: CollectError | None = None


class Engine:
    """Fetches pages while it is open; answers come in any order, one for each ask. Raises `EOFError` if it died.

    With a memory it knows what hosts asked of the engines before it; with turns it shares hosts with other machines.
    """

    def __init__(self, fetch: FetchSettings, memory: Memory | None = None, turns: Turns | None = None) -> None:
        self._fetch = fetch
        self._memory = memory
        self._turns = turns

    def __enter__(self) -> Self:
        self.process, self.connection = process.start("engine", serve, self._fetch, self._memory, self._turns)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.close()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def ask(self, ticket: int, ask: Ask, *, home: str | None, consent: str | None = None) -> None:
        """`home` is the host of the source that is read, `consent` the host that agreed to it."""
        whole = ask.kind is AskKind.ARTICLE
        order = Order(
            ticket=ticket,
            url=ask.url,
            etag=ask.etag,
            last_modified=ask.last_modified,
            home=home,
            whole=whole,
            consent=consent,
        )
        self.connection.send(order)

    def answer(self) -> Answer:
        """Waits for the next answer."""
        answer = self.connection.recv()
        assert isinstance(answer, Answer)
        return answer


# --- on the other side ------------------------------------------------------------------------------------------------


def serve(
    connection: Connection, fetch: FetchSettings, memory: Memory | None = None, turns: Turns | None = None
) -> None:
    """The engine's process: runs until the pipe closes. Interrupts are for the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    crawler = AsyncCrawlerProcess(scrapy_settings(fetch, memory, turns))
    # What Scrapy warns of (a page too large, a body cut off) comes back as the answer to its order.
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    crawler.crawl(Door, connection=connection)
    crawler.start(install_signal_handlers=False)


class Door(Spider):
    """Not a spider that finds its way: it fetches what it is told to."""

    name = "door"

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._orders: asyncio.Queue[Order | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Lives as long as the pipe. Yields nothing: fetching goes through `download_async`, where an order has
        exactly one answer whatever happens to it."""
        threading.Thread(target=self._send, daemon=True).start()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._connection.fileno(), self._receive)
        while order := await self._orders.get():
            task = asyncio.ensure_future(self._fetch(order))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        loop.remove_reader(self._connection.fileno())
        for task in self._tasks:
            task.cancel()
        return
        yield

    def _receive(self) -> None:
        try:
            self._orders.put_nowait(self._connection.recv())
        except (EOFError, OSError):
            self._orders.put_nowait(None)

    def _send(self) -> None:
        """In a thread: a page waits in the pipe until it is taken, and orders must be read meanwhile."""
        while True:
            try:
                self._connection.send(self._answers.get())
            except OSError:
                return

    async def _fetch(self, order: Order) -> None:
        try:
            response = await self._response(order)
        except Exception as error:  # noqa: BLE001  (an order without an answer would be waited for forever)
            self._answers.put(Answer(ticket=order.ticket, error=guard.as_collect_error(error, order.url), headers={}))
            return
        self._answers.put(
            Answer(
                ticket=order.ticket,
                url=response.url,
                status=response.status,
                headers=_headers(response),
                body=response.body,
                whole="dataloss" not in response.flags,
            )
        )

    async def _response(self, order: Order) -> Response:
        headers = {"If-None-Match": order.etag, "If-Modified-Since": order.last_modified}
        try:
            request = Request(
                order.url,
                headers={name: value for name, value in headers.items() if value},
                meta={
                    guard.HOME: order.home,
                    guard.CONSENT: order.consent,
                    "download_fail_on_dataloss": order.whole,
                },
                callback=NO_CALLBACK,
            )
        except ValueError as error:
            raise AddressRefused(url=order.url, why="malformed") from error
        engine = self.crawler.engine
        assert engine is not None
        return await engine.download_async(request)


def _headers(response: Response) -> dict[str, str]:
    """Names in lower case; of a header sent several times the last one holds."""
    headers = response.headers
    return {name.decode("latin-1").lower(): (headers.get(name) or b"").decode("latin-1") for name in headers}
