"""The network (10–12, 30–35): slow, endless, lying and unwilling servers cost their own pages and nothing else."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from crawlers.collector import Ask, AskKind
from crawlers.engine import Answer, Engine, FetchSettings
from crawlers.turn import MAX_LISTS
from index.errors import CertificateInvalid, CollectError, RedirectLoop, TimedOut, TooLarge, Unreachable, Unreadable
from index.source import Note
from index.sqlite import SqliteArchive
from tests.certificates import certificate
from tests.faults.test_feeds import a_round
from tests.reading import source
from tests.servers import Outlet, Reply, Request

CHUNKED = b"x" * 300_000
_NOT_PACKED = b"<html>not packed at all</html>" * 9


@pytest.fixture(scope="module")
def door() -> Iterator[Engine]:
    """One engine for all: a second is as long as it waits, 100,000 bytes as much as it takes."""
    settings = FetchSettings(
        user_agent="KiemTin/0.1", delay=0.0, timeout=3.0, max_bytes=100_000, allow_hosts=("127.0.0.1", "localhost")
    )
    with Engine(settings) as engine:
        yield engine


def fetch(door: Engine, url: str, kind: AskKind = AskKind.LIST, home: str = "127.0.0.1") -> Answer:
    door.ask(1, Ask(url=url, kind=kind), home=home)
    return door.answer()


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply(body=CHUNKED, chunked=True), TooLarge, marks=pytest.mark.fault(11), id="endless-chunks"),
        pytest.param(Reply(body=b"x" * 100, drip=0.1), TimedOut, marks=pytest.mark.fault(11), id="byte-by-byte"),
        pytest.param(Reply(body=b"x", drip=6.0, promised=9), TimedOut, marks=pytest.mark.fault(11), id="slowloris"),
        pytest.param(
            Reply(body=b"x", promised=10**12), TooLarge, marks=pytest.mark.fault(12), id="promises-a-terabyte"
        ),
        pytest.param(
            Reply(body=brotli.compress(b"\0" * 5_000_000), headers={"Content-Encoding": "br"}),
            TooLarge,
            marks=pytest.mark.fault(10),
            id="brotli-bomb",
        ),
        pytest.param(
            Reply(body=_NOT_PACKED, headers={"Content-Encoding": "br"}),
            Unreadable,
            marks=pytest.mark.fault(12),
            id="not-brotli",
        ),
        pytest.param(
            Reply(body=_NOT_PACKED, headers={"Content-Encoding": "zstd"}),
            Unreadable,
            marks=pytest.mark.fault(12),
            id="not-zstd",
        ),
        pytest.param(
            Reply(body=b"plain", headers={"Content-Encoding": "gzip, gzip"}),
            Unreadable,
            marks=pytest.mark.fault(12),
            id="not-packed-twice",
        ),
    ],
)
def test_a_server_that_does_not_end_or_does_not_tell_the_truth_is_left(
    door: Engine, reply: Reply, error: type[CollectError]
) -> None:
    with Outlet({"/a": reply}) as outlet:
        assert isinstance(fetch(door, f"{outlet.url}/a").error, error)


@pytest.mark.fault(12)
@pytest.mark.parametrize("promised", [3, 900])
def test_a_wrong_length_costs_the_article_and_of_a_list_gives_what_came(door: Engine, promised: int) -> None:
    with Outlet({"/a": Reply(body=b"x" * 500, promised=promised)}) as outlet:
        listed = fetch(door, f"{outlet.url}/a")
        article = fetch(door, f"{outlet.url}/a", AskKind.ARTICLE)
    assert len(listed.body) == min(promised, 500)
    assert isinstance(article.error, Unreachable) is (promised > 500), "a body that is shorter than promised broke off"


@pytest.mark.fault(12)
def test_an_encoding_that_nobody_knows_is_taken_as_none(door: Engine) -> None:
    with Outlet({"/a": Reply(body=b"plain", headers={"Content-Encoding": "klingon"})}) as outlet:
        assert fetch(door, f"{outlet.url}/a").body == b"plain"


@pytest.mark.fault(30)
def test_a_redirect_that_never_ends_on_ever_new_addresses_ends(door: Engine) -> None:
    with Outlet() as outlet:

        def onward(request: Request) -> Reply:
            path = f"/{len(outlet.requests)}"
            outlet.paths[path] = onward
            return Reply(status=307, headers={"Location": path})

        outlet.paths["/0"] = onward
        assert isinstance(fetch(door, f"{outlet.url}/0").error, RedirectLoop)
    assert len(outlet.requests) < 10


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("name", "from_day", "to_day"), [("localhost", -9, -2), ("localhost", 2, 9), ("bao.example", -1, 1)]
)
def test_a_certificate_that_is_old_or_of_another_or_of_nobody_is_refused(
    door: Engine, tmp_path: Path, name: str, from_day: int, to_day: int
) -> None:
    now = datetime.now(UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, name, now + timedelta(days=from_day), now + timedelta(days=to_day)))
    with Outlet({"/a": Reply()}, tls=context) as outlet:
        port = outlet.host.rpartition(":")[2]
        assert isinstance(fetch(door, f"https://localhost:{port}/a", home="localhost").error, CertificateInvalid)
    assert outlet.requests == []


@pytest.mark.fault(34)
def test_sitemaps_that_lead_to_ever_new_sitemaps_come_to_an_end_and_say_so(tmp_path: Path) -> None:
    with Outlet() as outlet, SqliteArchive(tmp_path / "archive.db") as archive:

        def further(request: Request) -> Reply:
            number = int(request.path.strip("/") or 0)
            children = [number * 3 + more for more in (1, 2, 3)]
            outlet.paths |= {f"/{child}": further for child in children}
            listed = "".join(f"<sitemap><loc>{outlet.url}/{child}</loc></sitemap>" for child in children)
            return Reply(body=f"<sitemapindex>{listed}</sitemapindex>".encode())

        outlet.paths["/0"] = further
        of = source(url=f"{outlet.url}/0", collector="sitemap")
        outcome = a_round(archive, of)[of.id]
    assert outcome.error is None
    assert outcome.notes[Note.LIST_CUT] > 0
    assert len(outlet.requests) == MAX_LISTS + 1


@pytest.mark.fault(34)
def test_a_calendar_without_end_is_not_walked(tmp_path: Path) -> None:
    days = "".join(f'<a href="/lich?ngay={day}">Ngày {day}</a>' for day in range(1, 32))
    page = f"<body>{days}<a href='/lich?trang=2'>Trang sau của lịch công tác</a></body>".encode()
    with Outlet({"/lich": Reply(body=page)}) as outlet, SqliteArchive(tmp_path / "archive.db") as archive:
        of = source(url=f"{outlet.url}/lich", collector="pages")
        outcome = a_round(archive, of)[of.id]
    assert outcome.error is not None
    assert outcome.error.code == "nothing_found"
    assert outlet.asked() == ["/robots.txt", "/lich"]
