"""The only door: what is asked, how politely, and what comes back; against real servers on loopback."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.collector import Ask, AskKind
from crawlers.engine import MAX_REDIRECTS, Answer, Engine, FetchSettings
from crawlers.manners import Memory
from index.errors import (
    AddressRefused,
    CertificateInvalid,
    NameUnresolved,
    RedirectLoop,
    RobotsForbid,
    RobotsUnreadable,
    TimedOut,
    TooLarge,
    Unreachable,
    Unreadable,
)
from tests.certificates import certificate
from tests.servers import Outlet, Reply

ROBOTS = "/robots.txt"


@pytest.fixture(scope="module")
def door() -> Iterator[Engine]:
    """One engine for all tests that need no settings of their own; every port of loopback is allowed."""
    with Engine(FetchSettings(user_agent="KiemTin/0.1", delay=0.0, timeout=1.0, allow_hosts=("127.0.0.1",))) as engine:
        yield engine


def fetch(
    engine: Engine, outlet: Outlet, *paths: str | Ask, consent: str | None = None, home: str = "127.0.0.1"
) -> list[Answer]:
    """The answers, in the order of the paths (or whole addresses, or asks)."""
    asks = [path if isinstance(path, Ask) else Ask(url=path if "//" in path else outlet.url + path) for path in paths]
    for ticket, ask in enumerate(asks):
        engine.ask(ticket, ask, home=home, consent=consent)
    return sorted((engine.answer() for _ in asks), key=lambda answer: answer.ticket)


def fetch_with(
    outlet: Outlet, *paths: str | Ask, consent: str | None = None, home: str = "127.0.0.1", **changes: Any
) -> list[Answer]:
    """The same through an engine with settings of its own, which allows only this outlet."""
    values: dict[str, Any] = {"user_agent": "KiemTin/0.1", "delay": 0.0, "timeout": 5.0, "allow_hosts": (outlet.host,)}
    with Engine(FetchSettings(**values | changes)) as engine:
        return fetch(engine, outlet, *paths, consent=consent, home=home)


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


# --- what is asked


def test_a_page_comes_with_its_address_status_headers_and_bytes(door: Engine) -> None:
    with Outlet({"/a": Reply(body="Lũ về".encode(), headers={"ETag": '"7"'}), "/gone": Reply(status=410)}) as outlet:
        page, gone = fetch(door, outlet, "/a", "/gone")
    assert (page.url, page.status, page.body, page.error) == (f"{outlet.url}/a", 200, "Lũ về".encode(), None)
    assert page.headers["etag"] == '"7"'
    assert gone.status == 410


@pytest.mark.fault(35)
def test_who_asks_says_so_and_brings_nothing_else_along() -> None:
    with Outlet({"/a": Reply(headers={"Set-Cookie": "session=1"}), "/b": Reply()}) as outlet:
        fetch_with(outlet, "/a", "/b", contact="mailto:phong@example.vn")
    for request in outlet.requests:
        assert request.headers["user-agent"] == "KiemTin/0.1 (+mailto:phong@example.vn)"
        assert not {"cookie", "referer", "authorization"} & set(request.headers)


def test_what_is_known_of_a_page_is_asked_along(door: Engine) -> None:
    def unchanged(request: Any) -> Reply:
        known = request.headers.get("if-none-match") == '"7"' and "if-modified-since" in request.headers
        return Reply(status=304 if known else 200)

    with Outlet({"/a": unchanged}) as outlet:
        ask = Ask(url=f"{outlet.url}/a", etag='"7"', last_modified="Sat, 22 Nov 2025 07:05:00 GMT")
        known, fresh = fetch(door, outlet, ask, "/a")
    assert (known.status, fresh.status) == (304, 200)


# --- politeness


def test_one_request_at_a_time_and_never_sooner_than_the_delay() -> None:
    paths = [f"/{number}" for number in range(4)]
    begun = time.monotonic()
    with Outlet({path: Reply(delay=0.05) for path in paths}) as outlet:
        fetch_with(outlet, *paths, delay=0.3)
    assert len(outlet.requests) == 5
    assert outlet.most_at_once == 1
    assert time.monotonic() - begun >= 4 * 0.3


@pytest.mark.fault(33)
def test_a_crawl_delay_longer_than_ours_is_kept() -> None:
    begun = time.monotonic()
    body = b"User-agent: *\nCrawl-delay: 0.4\n"
    with Outlet({ROBOTS: Reply(body=body), "/a": Reply(), "/b": Reply(), "/c": Reply()}) as outlet:
        fetch_with(outlet, "/a", "/b", "/c", delay=0.05)
    assert time.monotonic() - begun >= 3 * 0.4


def test_hosts_do_not_wait_for_each_other() -> None:
    with Outlet({"/a": Reply(delay=1.0)}) as slow, Outlet({"/b": Reply()}) as quick:
        settings = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, allow_hosts=(slow.host, quick.host))
        with Engine(settings) as engine:
            engine.ask(1, Ask(url=f"{slow.url}/a"), home="127.0.0.1")
            engine.ask(2, Ask(url=f"{quick.url}/b"), home="127.0.0.1")
            assert [engine.answer().ticket, engine.answer().ticket] == [2, 1]


# --- robots.txt


def test_robots_is_read_once_before_the_first_page_and_kept_to(door: Engine) -> None:
    forbids = Reply(body=b"User-agent: *\nDisallow: /rieng\n")
    with Outlet({ROBOTS: forbids, "/a": Reply(), "/rieng": Reply()}) as outlet:
        page, private = fetch(door, outlet, "/a", "/rieng")
    assert page.status == 200
    assert isinstance(private.error, RobotsForbid)
    assert outlet.asked() == [ROBOTS, "/a"]


@pytest.mark.parametrize("answer", [Reply(status=503), Reply(delay=2.0), Reply(body=b"x" * 100, cut=3)])
@pytest.mark.fault(33)
def test_a_host_whose_robots_cannot_be_had_is_not_read(door: Engine, answer: Reply) -> None:
    with Outlet({ROBOTS: answer, "/a": Reply()}) as outlet:
        (page,) = fetch(door, outlet, "/a")
    assert isinstance(page.error, RobotsUnreadable)
    assert "/a" not in outlet.asked()


@pytest.mark.fault(33)
@pytest.mark.parametrize("announced", [True, False])
def test_of_robots_without_end_the_beginning_is_kept_to(announced: bool) -> None:
    rules = b"User-agent: *\nDisallow: /rieng\n" + b"# x\n" * 300_000
    with Outlet({"/a": Reply(), "/rieng": Reply()}) as outlet:
        outlet.paths[ROBOTS] = Reply(body=rules, chunked=not announced)
        page, private = fetch_with(outlet, "/a", "/rieng", max_bytes=100_000)
    assert page.status == 200
    assert isinstance(private.error, RobotsForbid)


@pytest.mark.fault(10, 33)
def test_robots_that_unfolds_without_end_is_not_unfolded() -> None:
    bomb = Reply(body=gzip.compress(b"#" * 5_000_000), headers={"Content-Encoding": "gzip"})
    with Outlet({ROBOTS: bomb, "/a": Reply()}) as outlet:
        (page,) = fetch_with(outlet, "/a", max_bytes=100_000)
    assert isinstance(page.error, RobotsUnreadable)
    assert page.error.params["why"] == "too_large"


def test_what_hosts_asked_is_remembered_by_the_next_engine_and_for_a_day(tmp_path: Path) -> None:
    file = tmp_path / "manners.json"
    robots = Reply(body=b"User-agent: *\nCrawl-delay: 2\nDisallow: /rieng\n")
    with Outlet({ROBOTS: robots, "/a": Reply(), "/rieng": Reply()}) as outlet:
        settings = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, allow_hosts=(outlet.host,))
        moment, begun = datetime(2026, 3, 2, tzinfo=UTC), time.monotonic()
        with Engine(settings, Memory(file=file, now=moment)) as engine:
            fetch(engine, outlet, "/a")
        passed = timedelta(seconds=time.monotonic() - begun)
        with Engine(settings, Memory(file=file, now=moment + passed)) as engine:
            page, private = fetch(engine, outlet, "/a", "/rieng")
        assert (page.status, type(private.error)) == (200, RobotsForbid)
        assert outlet.asked() == [ROBOTS, "/a", "/a"]
        _, before, after = outlet.requests
        assert after.at - before.at >= 1.0, "it left the host alone for what was left of its delay"
        with Engine(settings, Memory(file=file, now=moment + timedelta(hours=25))) as engine:
            fetch(engine, outlet, "/a")
        assert outlet.asked() == [ROBOTS, "/a", "/a", ROBOTS, "/a"]


@pytest.mark.fault(33)
def test_robots_that_leads_round_in_circles_counts_as_none(door: Engine) -> None:
    with Outlet({ROBOTS: redirect(ROBOTS), "/a": Reply()}) as outlet:
        (page,) = fetch(door, outlet, "/a")
    assert page.status == 200


def test_an_outlet_that_consents_is_read_and_no_other_host_with_it() -> None:
    forbids = Reply(body=b"User-agent: *\nDisallow: /\n")
    with Outlet({ROBOTS: forbids, "/a": Reply()}) as outlet:
        (page,) = fetch_with(outlet, "/a", consent="127.0.0.1")
        (of_another,) = fetch_with(outlet, "/a", consent="bao.example")
    assert page.status == 200
    assert isinstance(of_another.error, RobotsForbid)
    with Outlet({ROBOTS: Reply(status=500), "/a": Reply()}) as outlet:
        (page,) = fetch_with(outlet, "/a", consent="127.0.0.1")
    assert page.status == 200


# --- limits


@pytest.mark.fault(5)
def test_an_answer_larger_than_allowed_is_refused_announced_or_not() -> None:
    with Outlet({"/a": Reply(body=b"x" * 200_000)}) as outlet:
        (page,) = fetch_with(outlet, "/a", max_bytes=100_000)
    assert isinstance(page.error, TooLarge)


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
@pytest.mark.fault(10)
def test_a_small_answer_that_unfolds_into_a_large_one_is_refused(name: str, pack: Any) -> None:
    bomb, fine = pack(b"\0" * 5_000_000), pack(b"\0" * 50_000)
    assert len(bomb) < 100_000
    packed = {"Content-Encoding": name}
    with Outlet({"/bomb": Reply(body=bomb, headers=packed), "/fine": Reply(body=fine, headers=packed)}) as outlet:
        refused, page = fetch_with(outlet, "/bomb", "/fine", max_bytes=100_000)
    assert isinstance(refused.error, TooLarge)
    assert len(page.body) == 50_000


@pytest.mark.fault(12)
def test_an_answer_that_is_not_packed_as_it_says_is_unreadable(door: Engine) -> None:
    with Outlet({"/a": Reply(body=b"not packed at all", headers={"Content-Encoding": "gzip"})}) as outlet:
        (page,) = fetch(door, outlet, "/a")
    assert isinstance(page.error, Unreadable)


@pytest.mark.fault(11)
def test_a_server_that_never_finishes_is_left(door: Engine) -> None:
    with Outlet({"/silent": Reply(delay=2.0)}) as outlet:
        (page,) = fetch(door, outlet, "/silent")
    assert isinstance(page.error, TimedOut)


def test_an_article_that_broke_off_is_no_article_but_a_broken_list_may_be_read(door: Engine) -> None:
    with Outlet({"/a": Reply(body=b"x" * 1000, cut=400)}) as outlet:
        article, listed = fetch(door, outlet, Ask(url=f"{outlet.url}/a", kind=AskKind.ARTICLE), "/a")
    assert isinstance(article.error, Unreachable)
    assert (listed.error, len(listed.body)) == (None, 400)


# --- redirects


def test_redirects_are_followed_and_the_last_address_is_told(door: Engine) -> None:
    with Outlet({"/1": redirect("/2", 301), "/2": redirect("/3", 308), "/3": Reply(body=b"ok")}) as outlet:
        (page,) = fetch(door, outlet, "/1")
    assert (page.url, page.body) == (f"{outlet.url}/3", b"ok")


@pytest.mark.fault(30)
def test_redirects_come_to_an_end(door: Engine) -> None:
    with Outlet({"/r": redirect("/r")}) as outlet:
        (page,) = fetch(door, outlet, "/r")
    assert isinstance(page.error, RedirectLoop)
    assert outlet.asked().count("/r") == MAX_REDIRECTS + 1


@pytest.mark.parametrize("to", ["file:///etc/passwd", "data:text/html,x", "javascript:alert(1)"])
@pytest.mark.fault(30)
def test_a_redirect_away_from_the_web_is_not_followed(door: Engine, to: str) -> None:
    with Outlet({"/r": redirect(to)}) as outlet:
        (page,) = fetch(door, outlet, "/r")
    assert page.error is not None or page.status == 302
    assert b"root:" not in page.body


# --- addresses inside the machine


@contextmanager
def listener(host: str = "127.0.0.1") -> Iterator[tuple[int, list[Any]]]:
    """A web port of this machine, and everybody who connected to it."""
    for port in (8080, 8443, 80):
        try:
            server = socket.create_server((host, port))
        except OSError:
            continue
        break
    else:
        pytest.skip("no web port of this machine is free to listen on")
    visitors: list[Any] = []

    def accept() -> None:
        while True:
            try:
                visitors.append(server.accept())
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield port, visitors
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@pytest.mark.fault(28)
def test_addresses_inside_the_machine_are_refused_in_every_spelling_and_never_dialled() -> None:
    with listener() as (port, visitors), Outlet({"/r": Reply()}) as outlet:
        inside = [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "[::ffff:127.0.0.1]",
            "0",
        ]
        direct = [f"http://{host}:{port}/" for host in inside]
        tricks = [
            f"http://127.0.0.1:{port}\\@songlo.example/",
            f"http://songlo.example@127.0.0.1:{port}/",
            "nonsense",
            "//x",
        ]
        answers = fetch_with(outlet, *direct, *tricks)
        assert [type(answer.error) for answer in answers] == [AddressRefused] * len(answers)
        assert visitors == []


@pytest.mark.fault(29)
def test_a_redirect_into_the_machine_is_refused_at_its_hop() -> None:
    with listener() as (port, visitors), Outlet() as outlet:
        outlet.paths["/r"] = redirect(f"http://127.0.0.1:{port}/secret")
        outlet.paths["/far"] = redirect("http://169.254.169.254/latest/meta-data/")
        answers = fetch_with(outlet, "/r", "/far")
        assert [type(answer.error) for answer in answers] == [AddressRefused] * 2
        assert visitors == []


def test_an_allowed_host_inside_is_asked_for_its_own_source_alone() -> None:
    with listener() as (port, visitors), Outlet() as outlet:
        inside = f"http://localhost:{port}/secret"
        outlet.paths["/r"] = redirect(inside)
        answers = fetch_with(outlet, "/r", inside, allow_hosts=(outlet.host, f"localhost:{port}"))
        assert [answer.error and answer.error.params["why"] for answer in answers] == ["not_its_own"] * 2
        assert visitors == []


@pytest.mark.fault(29)
def test_robots_that_leads_into_the_machine_is_refused() -> None:
    with listener() as (port, visitors), Outlet({"/a": Reply()}) as outlet:
        outlet.paths[ROBOTS] = redirect(f"http://127.0.0.1:{port}/")
        (page,) = fetch_with(outlet, "/a")
        assert isinstance(page.error, AddressRefused)
        assert visitors == []


@pytest.mark.fault(29)
def test_a_name_that_resolves_into_the_machine_is_refused_when_it_is_dialled() -> None:
    name = socket.gethostname()
    try:
        inside = {str(answer[4][0]) for answer in socket.getaddrinfo(name, 80, socket.AF_INET)}
    except OSError:
        pytest.skip(f"this machine's name ({name}) does not resolve")
    with listener("0.0.0.0") as (port, visitors), Outlet() as outlet:
        outlet.paths["/r"] = redirect(f"http://{name}:{port}/")
        for answer in fetch_with(outlet, f"http://{name}:{port}/", "/r"):
            assert isinstance(answer.error, AddressRefused), inside
        assert visitors == []


def test_a_name_that_is_not_there_is_said(door: Engine) -> None:
    with Outlet() as outlet:
        (answer,) = fetch(door, outlet, "http://nowhere.invalid/")
    assert isinstance(answer.error, NameUnresolved)


def test_a_port_that_is_no_web_port_is_refused() -> None:
    with Outlet({"/a": Reply()}) as outlet:
        (answer,) = fetch_with(outlet, "/a", allow_hosts=())
        assert isinstance(answer.error, AddressRefused)
        assert outlet.requests == []


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with Outlet() as outlet:
        free = outlet.host
    with Outlet() as outlet:
        (answer,) = fetch_with(outlet, f"http://{free}/", allow_hosts=(free,))
    assert isinstance(answer.error, RobotsUnreadable)
    assert answer.error.params["why"] == "unreachable"


# --- certificates


@pytest.mark.fault(31)
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "localhost", now - timedelta(days=1), now + timedelta(days=1)))
    with Outlet({"/a": Reply()}, tls=context) as outlet:
        port = outlet.host.rpartition(":")[2]
        (answer,) = fetch_with(
            outlet, f"https://localhost:{port}/a", home="localhost", allow_hosts=(f"localhost:{port}",)
        )
    assert isinstance(answer.error, CertificateInvalid)
    assert outlet.requests == []


# --- its process


def test_the_program_that_starts_it_is_not_loaded_again(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "print('loaded')\n"
        "from crawlers.collector import Ask\n"
        "from crawlers.engine import Engine, FetchSettings\n"
        "if __name__ == '__main__':\n"
        "    with Engine(FetchSettings(user_agent='KiemTin/0.1')) as engine:\n"
        "        engine.ask(1, Ask(url='nonsense'), home=None)\n"
        "        print(engine.answer().error.code)\n"
    )
    root = Path(__file__).parents[1]
    said = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)}
    )
    assert said.stdout.split() == ["loaded", "address_refused"]


def test_an_engine_that_is_closed_ends_whatever_is_under_way() -> None:
    with Outlet({"/a": Reply(delay=3.0)}) as outlet:
        with Engine(FetchSettings(user_agent="KiemTin/0.1", delay=0.0, allow_hosts=(outlet.host,))) as engine:
            engine.ask(1, Ask(url=f"{outlet.url}/a"), home="127.0.0.1")
            process = engine.process
            assert process.is_alive()
        assert not process.is_alive()


def test_an_engine_that_died_says_so() -> None:
    with Outlet() as outlet, Engine(FetchSettings(user_agent="KiemTin/0.1", allow_hosts=(outlet.host,))) as engine:
        engine.process.kill()
        with pytest.raises(EOFError):
            engine.answer()
