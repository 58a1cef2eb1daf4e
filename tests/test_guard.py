"""What may be asked: robots.txt, and names that resolve inside the machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawlers.guard import HOME, AddressGuard, GuardedResolver, as_collect_error
from crawlers.robots import MAX_BYTES, MAX_DELAY, Robots, counted
from index.errors import AddressRefused, NameUnresolved, RobotsForbid, RobotsUnreadable

HOST = "https://songlo.example"


def robots(body: str | bytes, status: int = 200) -> Robots:
    return Robots("KiemTin", status=status, text=counted(body.encode() if isinstance(body, str) else body))


def allows(rules: Robots, path: str) -> bool:
    try:
        rules.check(HOST + path)
    except RobotsForbid:
        return False
    return True


# --- robots.txt


@pytest.mark.fault(33)
def test_what_robots_forbids_is_not_read() -> None:
    rules = robots("User-agent: *\nDisallow: /rieng/\nDisallow: /*.pdf$\nAllow: /rieng/cong-khai\n")
    assert allows(rules, "/tin/1.html")
    assert not allows(rules, "/rieng/1.html")
    assert allows(rules, "/rieng/cong-khai/1.html")
    assert not allows(rules, "/a.pdf")
    assert allows(rules, "/a.pdf?x=1")


@pytest.mark.fault(33)
def test_rules_that_name_us_go_before_those_for_everybody() -> None:
    rules = robots("User-agent: kiemtin\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n")
    assert not allows(rules, "/a")
    assert allows(rules, "/b")
    assert not allows(robots("User-agent: OTHER\nAllow: /\n\nUser-agent: *\nDisallow: /\n"), "/b")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_a_host_without_robots_allows_everything(status: int) -> None:
    assert allows(robots("User-agent: *\nDisallow: /\n", status), "/a")


@pytest.mark.parametrize("status", [500, 502, 503, 599])
def test_a_host_whose_robots_cannot_be_had_is_not_read(status: int) -> None:
    with pytest.raises(RobotsUnreadable):
        robots("", status)


def test_a_page_served_as_robots_forbids_nothing() -> None:
    assert allows(robots("<!DOCTYPE html><html><body>Disallow: /</body></html>"), "/a")


@pytest.mark.fault(33)
def test_a_byte_order_mark_hides_no_rule() -> None:
    assert not allows(robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n"), "/a")


@pytest.mark.fault(33)
def test_only_the_first_half_megabyte_counts_and_no_half_line() -> None:
    head = "User-agent: *\nDisallow: /a\n"
    filler = "# " + "x" * 97 + "\n"
    padding = filler * ((MAX_BYTES - len(head)) // len(filler))
    room = MAX_BYTES - len(head) - len(padding)
    split = head + padding + "Disallow: /bc".rjust(room + 2, "\n") + "\nDisallow: /d\n"
    assert len(split.encode()) > MAX_BYTES
    rules = robots(split)
    assert not allows(rules, "/a")
    assert allows(rules, "/b"), "the limit falls into this rule"
    assert allows(rules, "/d")


@pytest.mark.parametrize(("asked", "kept"), [("5", 5.0), ("0.5", 0.5), ("1e9", MAX_DELAY), ("-3", 0.0), ("soon", 0.0)])
@pytest.mark.fault(33)
def test_a_crawl_delay_is_kept_up_to_a_minute(asked: str, kept: float) -> None:
    assert robots(f"User-agent: *\nCrawl-delay: {asked}\n").delay == kept


# --- one host, one queue


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("http://songlo.example/a", "songlo.example"),
        ("https://songlo.example/", "songlo.example"),
        ("https://songlo.example:8443/", "songlo.example"),
        ("https://www.songlo.example/", "www.songlo.example"),
        ("http://127.0.0.1:9001/", "127.0.0.1:9001"),
        ("http://127.0.0.1:9002/", "127.0.0.1:9002"),
    ],
)
def test_a_host_is_one_whatever_its_scheme_and_port_and_inside_each_port_is_one(url: str, slot: str) -> None:
    guard = AddressGuard(["127.0.0.1"])
    request = Request(url, meta={HOME: urlsplit(url).hostname, "download_slot": "of another hop"})
    guard.process_request(request)
    assert request.meta["download_slot"] == slot


# --- names


@implementer(IHostnameResolver)
class Names:
    """A resolver that answers from a list; each name may answer differently each time."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self._answers = answers

    def resolveHostName(  # noqa: N802
        self, receiver: Any, name: str, port: int = 0, types: Any = None, semantics: str = "TCP"
    ) -> Any:
        receiver.resolutionBegan(None)
        for address in self._answers[name].pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return receiver


@implementer(IResolutionReceiver)
class Dialled:
    """What a connection would be opened to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete: Deferred[None] = Deferred()

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """Nothing to do."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete.callback(None)


class Machine:
    """The part of a reactor that a resolver is installed on."""

    def __init__(self, names: Names) -> None:
        self.nameResolver: Any = names

    def installNameResolver(self, resolver: Any) -> None:  # noqa: N802
        self.nameResolver = resolver


def dial(
    answers: dict[str, list[list[str]]], *names: str, allow: tuple[str, ...] = (), port: int = 80
) -> list[list[str]]:
    machine = Machine(Names(answers))
    GuardedResolver(machine, allow).install_on_reactor()
    dialled = []
    for name in names:
        receiver = Dialled()
        machine.nameResolver.resolveHostName(receiver, name, port)
        assert receiver.complete.called
        dialled.append(receiver.hosts)
    return dialled


INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fc00::1",
    "64:ff9b::7f00:1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.fault(28, 29)
def test_an_answer_inside_the_machine_or_its_network_is_never_dialled(inside: str) -> None:
    assert dial({"a.example": [[inside]]}, "a.example") == [[]]


def test_of_several_answers_only_the_public_ones_are_dialled() -> None:
    answers = {"a.example": [["10.0.0.1", "203.0.114.7", "::1", "2606:4700::1"]]}
    assert dial(answers, "a.example") == [["203.0.114.7", "2606:4700::1"]]


@pytest.mark.fault(29)
def test_a_name_that_changes_its_mind_is_checked_each_time_it_is_dialled() -> None:
    answers = {"a.example": [["203.0.114.7"], ["127.0.0.1"]]}
    assert dial(answers, "a.example", "a.example") == [["203.0.114.7"], []]


def test_what_the_office_allows_by_name_and_port_is_dialled() -> None:
    inside = [["127.0.0.1"]]
    assert dial({"may.example": list(inside)}, "may.example", allow=("may.example",)) == inside
    assert dial({"may.example": list(inside)}, "may.example", allow=("may.example:8080",), port=8080) == inside
    assert dial({"may.example": list(inside)}, "may.example", allow=("may.example:8080",), port=80) == [[]]


def test_a_name_withheld_is_refused_and_a_name_that_is_not_there_is_unresolved() -> None:
    dial({"inside.example": [["127.0.0.1"]]}, "inside.example")
    missing = cannot_resolve("inside.example")
    assert isinstance(missing, AddressRefused)
    assert isinstance(cannot_resolve("nowhere.example"), NameUnresolved)


def cannot_resolve(host: str) -> Exception:
    error = CannotResolveHostError(host)
    error.__cause__ = DNSLookupError(host)
    return as_collect_error(error, f"https://{host}/")
