"""An internet of a few names for the real engine: written answers to names, and public addresses that lead to outlets
of the test. Every other address is what it is on this machine, so whoever is let through to it arrives."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from crawlers import engine, process
from crawlers.engine import Engine, FetchSettings
from crawlers.guard import GuardedResolver
from crawlers.manners import Memory
from crawlers.sharing import Turns
from index.address import PORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Internet:
    """`names`: the answers of each name, one list a time it is asked, the last for good. `hosts`: the port of this
    machine that plays a public address. `log`: where every address that is dialled is written down."""

    names: Mapping[str, Sequence[Sequence[str]]]
    hosts: Mapping[str, int]
    log: Path

    def dialled(self) -> set[str]:
        return set(self.log.read_text().split()) if self.log.exists() else set()


class LedEngine(Engine):
    """The engine, in its process, on such an internet."""

    def __init__(
        self, internet: Internet, fetch: FetchSettings, memory: Memory | None = None, turns: Turns | None = None
    ) -> None:
        super().__init__(fetch, memory, turns)
        self._internet = internet

    def __enter__(self) -> Self:
        self.process, self.connection = process.start("engine", _serve, self._internet, self._fetch)
        return self


def _serve(connection: Connection, internet: Internet, fetch: FetchSettings) -> None:
    install = GuardedResolver.install_on_reactor

    def install_on_internet(resolver: GuardedResolver) -> None:
        reactor = resolver._reactor
        resolver._resolver = _Names(internet.names)
        connect = reactor.connectTCP

        def dial(host: str, port: int, *rest: Any, **more: Any) -> Any:
            with internet.log.open("a") as log:
                log.write(f"{host}\n")
            known = internet.hosts.get(host)
            return connect("127.0.0.1", known, *rest, **more) if known else connect(host, port, *rest, **more)

        reactor.connectTCP = dial
        install(resolver)

    GuardedResolver.install_on_reactor = install_on_internet  # type: ignore[method-assign,assignment]
    engine.serve(connection, fetch)


@implementer(IHostnameResolver)
class _Names:
    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(answers) for name, answers in names.items()}

    def resolveHostName(  # noqa: N802
        self, receiver: Any, name: str, port: int = 0, types: Any = None, semantics: str = "TCP"
    ) -> Any:
        receiver.resolutionBegan(None)
        for address in self._answer(name):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return receiver

    def _answer(self, name: str) -> Sequence[str]:
        answers = self._answers.get(name)
        if answers is None:
            return _as_the_system_reads(name)
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _as_the_system_reads(name: str) -> Sequence[str]:
    """Literal addresses in the odd spellings that `inet_aton` knows, and this machine's own names."""
    try:
        return [str(ipaddress.ip_address(name.strip("[]").partition("%")[0]))]
    except ValueError:
        pass
    try:
        return [socket.inet_ntoa(socket.inet_aton(name))]
    except OSError:
        return ["127.0.0.1", "::1"] if name.rstrip(".").endswith("localhost") else []


@dataclass(slots=True)
class Inside:
    """Listeners on a web port of every address of this machine: `visitors` is everybody who connected."""

    port: int
    visitors: list[Any] = field(default_factory=list)
    families: set[socket.AddressFamily] = field(default_factory=set)


@contextmanager
def listening_inside() -> Iterator[Inside]:
    with ExitStack() as stack:
        for port in sorted(PORTS, reverse=True):
            inside = Inside(port)
            for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                try:
                    server = socket.create_server((host, port), family=family)
                except OSError:
                    continue
                stack.callback(server.close)
                stack.callback(server.shutdown, socket.SHUT_RDWR)
                inside.families.add(family)
                threading.Thread(target=_accept, args=(server, inside.visitors), daemon=True).start()
            if socket.AF_INET in inside.families:
                break
        else:
            pytest.skip("no web port of this machine is free to listen on")
        yield inside


def _accept(server: socket.socket, visitors: list[Any]) -> None:
    while True:
        try:
            visitors.append(server.accept())
        except OSError:
            return
