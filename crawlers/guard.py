"""What stands between the engine and the network: addresses, robots.txt, sizes, redirects.

Names are checked when they are dialled: the resolver hands on only addresses outside the machine and its network, and
those are the ones that are connected to, so a name that answers differently a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Collection, Iterator
from http import HTTPStatus
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils._compression import brotli, zstd  # type: ignore[attr-defined]  # what it unpacks with
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawlers.manners import Manners
from crawlers.robots import MAX_BYTES, Robots, counted
from crawlers.sharing import DELAY, SLOT
from index import address
from index.address import is_public
from index.errors import (
    AddressRefused,
    CertificateInvalid,
    CollectError,
    NameUnresolved,
    RedirectLoop,
    RobotsUnreadable,
    StoreError,
    TimedOut,
    TooLarge,
    Unreachable,
    Unreadable,
)
from index.shared_errors import HostTaken

_log = logging.getLogger(__name__)
ALLOW_HOSTS: Final = "KIEMTIN_ALLOW_HOSTS"
AGENT: Final = "KIEMTIN_AGENT"
MEMORY: Final = "KIEMTIN_MEMORY"
CONSENT: Final = "consent"
"""Key of a request's meta: the host whose outlet consents to be read although its robots.txt forbids it."""
HOME: Final = "home"
"""Key of a request's meta: the host of the source that is being read."""
_FOR_ROBOTS: Final = "for_robots"
_OK: Final = range(200, 300)
_RECEIVED: Final = "received"
# What Scrapy calls the limit of a request's size.
_MAX_SIZE: Final = "download_maxsize"


# --- addresses ------------------------------------------------------------------------------------------------------


class AddressGuard:
    """Refuses, at every hop, an address whose scheme, host or port may not be asked; queues each host by itself.

    A host that is allowed inside the machine or its network is asked for its own source alone: no feed, page or
    redirect from elsewhere leads there.
    """

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self._allow_hosts = allow_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getlist(ALLOW_HOSTS))

    def process_request(self, request: Request) -> None:
        address.check(request.url, self._allow_hosts)
        parts = urlsplit(request.url)
        port = parts.port or address.SCHEMES[parts.scheme]
        if parts.hostname != request.meta[HOME] and address.is_allowed(parts.hostname or "", port, self._allow_hosts):
            raise AddressRefused(url=request.url, why="not_its_own")
        # A redirect copies the meta of the request it answers, so the slot is named anew for every hop.
        request.meta[SLOT] = self._slot(parts.hostname or "", port)

    def _slot(self, host: str, port: int) -> str:
        """What politeness goes by: a host, whatever its scheme and port; inside the machine, where each port is another
        program, host and port."""
        return f"{host}:{port}" if address.is_allowed(host, port, self._allow_hosts) else host

    def process_exception(self, request: Request, exception: Exception) -> None:
        """What failed is said here, where the address of the hop is known."""
        raise as_collect_error(exception, request.url) from exception


@implementer(IHostnameResolver)
class GuardedResolver:
    """Asks the system's resolver and withholds the answers that lie inside the machine or its network.

    Literal addresses, in all their spellings, are asked here like names. There is one in a process, as there is one
    reactor.
    """

    refused: ClassVar[set[str]] = set()
    """Names of which every answer was withheld."""

    def __init__(self, reactor: Any, allow_hosts: Collection[str]) -> None:
        self._reactor = reactor
        self._resolver = reactor.nameResolver
        self._allow_hosts = allow_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        return cls(reactor, crawler.settings.getlist(ALLOW_HOSTS))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        receiver = resolutionReceiver
        if not address.is_allowed(hostName, portNumber, self._allow_hosts):
            receiver = _PublicOnly(receiver, hostName, self.refused)
        return self._resolver.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses that lie on the public internet."""

    def __init__(self, receiver: Any, name: str, refused: set[str]) -> None:
        self._receiver = receiver
        self._name = name
        self._refused = refused
        self._passed = self._withheld = 0

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._passed += 1
            self._receiver.addressResolved(address)
        else:
            self._withheld += 1

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._withheld and not self._passed:
            self._refused.add(self._name)
        self._receiver.resolutionComplete()


# --- robots.txt -----------------------------------------------------------------------------------------------------


class RobotsGuard:
    """Reads each site's robots.txt once a day, before its first page, and keeps to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings[AGENT]
        self._manners = Manners(crawler.settings[MEMORY])
        self._sites: dict[str, asyncio.Task[Robots]] = {}
        self._rests: dict[str, asyncio.Task[None]] = {}
        crawler.signals.connect(self._stop_in_time, signals.bytes_received)
        crawler.signals.connect(self._remember, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if _FOR_ROBOTS in request.meta:
            request.meta[_RECEIVED] = 0
            await self._rest(request)
            return
        consents = request.meta.get(CONSENT) == urlsplit(request.url).hostname
        try:
            robots = await self._robots(request)
            if not consents:
                robots.check(request.url)
        except RobotsUnreadable:
            if not consents:
                raise
        await self._rest(request)

    async def _robots(self, request: Request) -> Robots:
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._sites:
            self._sites[site] = asyncio.ensure_future(self._of(site, request.meta[SLOT]))
        return await asyncio.shield(self._sites[site])

    async def _of(self, site: str, slot: str) -> Robots:
        known = self._manners.rules(site)
        robots = (
            Robots(self._agent, status=known.status, text=known.body)
            if known
            else await self._fetch(site, f"{site}/robots.txt")
        )
        self._slow_down(slot, robots.delay)
        return robots

    async def _fetch(self, site: str, url: str) -> Robots:
        # Of a robots.txt of any length the beginning counts; packed, it would have to come whole.
        request = Request(
            url,
            headers={"Accept-Encoding": "identity"},
            meta={_FOR_ROBOTS: True, _MAX_SIZE: 0, HOME: urlsplit(url).hostname},
            callback=NO_CALLBACK,
        )
        engine = self._crawler.engine
        assert engine is not None  # requests are only processed while it runs
        try:
            response = await engine.download_async(request)
        except Exception as error:
            failed = as_collect_error(error, url)
            if isinstance(failed, RedirectLoop):  # RFC 9309 §2.3.1.2: as if there were none
                return Robots(self._agent, status=HTTPStatus.NOT_FOUND, text="")
            if isinstance(failed, (AddressRefused, NameUnresolved, CertificateInvalid, HostTaken)):
                raise failed from error
            raise RobotsUnreadable(url=url, why=failed.code) from error
        text = counted(response.body) if response.status in _OK else ""
        robots = Robots(self._agent, status=response.status, text=text)
        self._manners.learn(site, response.status, text)
        return robots

    def _slow_down(self, slot: str, delay: float) -> None:
        """Keep the longest of our delay and those of the host's sites, in the slot that is there and in those made
        anew later."""
        downloader = self._downloader
        delay = max(delay, self._delay(slot))
        downloader.per_slot_settings[slot] = {"delay": delay}
        if slot in downloader.slots:
            downloader.slots[slot].delay = delay

    def _delay(self, slot: str) -> float:
        ours = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        return float(self._downloader.per_slot_settings.get(slot, {}).get("delay", ours))

    async def _rest(self, request: Request) -> None:
        """Leave a host alone that an engine before this one asked a moment ago."""
        slot = request.meta[SLOT]
        request.meta[DELAY] = self._delay(slot)
        if slot not in self._rests:
            rest = self._manners.rest(slot, self._delay(slot))
            self._rests[slot] = asyncio.ensure_future(asyncio.sleep(rest))
        await asyncio.shield(self._rests[slot])

    @property
    def _downloader(self) -> Downloader:
        engine = self._crawler.engine
        assert engine is not None  # requests are only processed while it runs
        return engine.downloader

    def _stop_in_time(self, data: bytes, request: Request) -> None:
        if _FOR_ROBOTS in request.meta:
            request.meta[_RECEIVED] += len(data)
            if request.meta[_RECEIVED] > MAX_BYTES:
                raise StopDownload(fail=False)

    def _remember(self) -> None:
        now = time.monotonic()
        try:
            self._manners.keep({name: now - slot.lastseen for name, slot in self._downloader.slots.items()})
        except StoreError as error:  # a full disk: the next round will ask again
            _log.warning("manners of hosts are not kept: %s", error)


# --- what comes back ------------------------------------------------------------------------------------------------


class RedirectGuard:
    """Follows redirects up to the limit, saying nothing of where it came from."""

    def __init__(self, crawler: Crawler) -> None:
        self._redirects = RedirectMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        try:
            return self._redirects.process_response(request, response)
        except IgnoreRequest as error:
            raise RedirectLoop(url=request.url) from error


_NOT_PACKED: Final = (OSError, EOFError, ValueError, zlib.error, brotli.error, zstd.ZstdError)
"""What unpacking raises for bytes that are not what they are said to be."""


class CompressionGuard:
    """Unpacks what comes, up to the size limit."""

    def __init__(self, crawler: Crawler) -> None:
        self._compression = HttpCompressionMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        self._compression.process_request(request)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        request.meta.pop(_MAX_SIZE, None)  # what is allowed to come is not allowed to unfold
        try:
            return self._compression.process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(url=request.url) from error
        except _NOT_PACKED as error:
            raise Unreadable(expected="text", found="damaged_encoding") from error


# --- errors ---------------------------------------------------------------------------------------------------------


def as_collect_error(error: Exception, url: str) -> CollectError:
    """The house's error for what went wrong while a page was fetched."""
    if isinstance(error, CollectError):
        return error
    if isinstance(error, CannotResolveHostError):
        if urlsplit(url).hostname in GuardedResolver.refused:  # to Scrapy a name withheld is a name that is not there
            return AddressRefused(url=url, why="address")
        return NameUnresolved(url=url)
    for kind, house in _HOUSE_ERRORS.items():
        if isinstance(error, kind):
            return house(url=url)
    if any(isinstance(cause, (SSL.Error, VerificationError)) for cause in _causes(error)):
        return CertificateInvalid(url=url)
    if not isinstance(error, _BROKEN_CONNECTION):
        _log.error("unforeseen while fetching %s", url, exc_info=error)
    return Unreachable(url=url, why=type(error).__name__)


_BROKEN_CONNECTION: Final = (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
)
_HOUSE_ERRORS: Final[dict[type[Exception], type[CollectError]]] = {
    DownloadTimeoutError: TimedOut,
    DownloadCancelledError: TooLarge,
    UnsupportedURLSchemeError: AddressRefused,
}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised for, through the lists of reasons that Twisted wraps."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", ()):
            yield from _causes(reason.value)
        error = error.__cause__
