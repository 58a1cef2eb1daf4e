"""However the crawler is led there, nothing inside the machine or its network is connected to (28, 29, 30, 35).

Listeners stand on a web port of every address of this machine. The real engine is led to them by a real round: by the
register, by feeds, redirects, sitemaps, section pages, robots.txt and by names that answer with them.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path

import pytest

from crawlers.engine import FetchSettings
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from index.address import is_public
from index.errors import AddressRefused
from index.model import Article, ProvinceId, SourceId
from index.source import Note, Outcome, Selectors, Source
from index.sqlite import SqliteArchive
from tests.faults.internet import Inside, Internet, LedEngine, listening_inside
from tests.reading import TIERS, WORDS, source
from tests.servers import Outlet, Reply

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
PRESS, STRANGER = "203.0.114.7", "203.0.114.8"
"""Public addresses: an outlet, and somebody who leads it astray."""
LITERALS = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "localhost", "LOCALHOST.", "a.localhost", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]",
)  # fmt: skip
NAMES = {
    "v4.example": [["127.0.0.1"]],
    "chi-v6.example": [["::1"]],  # AAAA only
    "mapped.example": [["::ffff:127.0.0.1"]],
    "zero.example": [["0.0.0.0"]],
    "mang.example": [["10.0.0.1"]],
    "chung.example": [["100.64.0.1"]],
    "metadata.example": [["169.254.169.254"]],
    "link.example": [["fe80::1"]],
    "nhieu.example": [["127.0.0.1", "::1", "192.168.1.1"]],
}
"""Names that lead inside; each is asked for its robots.txt first."""
REBINDING = {"doi-y.example": [[STRANGER], ["127.0.0.1"]], "doi-y-v6.example": [[STRANGER], ["::1"]]}
"""Names that answer with a public address once, and then with one inside."""


def spellings(port: int) -> list[str]:
    """Addresses inside, as a link may write them."""
    return [
        *(f"http://{host}:{port}/bi-mat" for host in (*LITERALS, *NAMES, *REBINDING)),
        f"http://127.0.0.1:{port}\\@bao.example/",
        f"http://bao.example\\@127.0.0.1:{port}/",
        f"http://bao.example@127.0.0.1:{port}/",
        f"http://bao.example:80@127.0.0.1:{port}/",
        f"//127.0.0.1:{port}/",
        f"http:127.0.0.1:{port}/",
        f"http:\\\\127.0.0.1:{port}\\",
        f"gopher://127.0.0.1:{port}/",
        "file:///etc/passwd",
        f"https://127.0.0.1:{port}/",
    ]


class World:
    """The outlet, the stranger, and the listeners inside."""

    def __init__(self, inside: Inside, folder: Path) -> None:
        self.inside = inside
        gone = Reply(status=404, headers={"Connection": "close"})  # the next request must be dialled anew
        self.press = Outlet({"/robots.txt": gone})
        self.stranger = Outlet({"/robots.txt": gone})
        port_of = {PRESS: self.press, STRANGER: self.stranger}
        self.internet = Internet(
            names=NAMES | REBINDING | {"bao.example": [[PRESS]], "la.example": [[STRANGER]]},
            hosts={address: int(outlet.host.rpartition(":")[2]) for address, outlet in port_of.items()},
            log=folder / "dialled",
        )
        self.archive = SqliteArchive(folder / "archive.db")

    def read(self, monkeypatch: pytest.MonkeyPatch, *sources: Source, allow: tuple[str, ...] = ()) -> list[Outcome]:
        monkeypatch.setattr("crawlers.round.Engine", partial(LedEngine, self.internet))
        fetch = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, timeout=10.0, allow_hosts=allow)
        settings = RoundSettings(fetch=fetch, tiers=TIERS, readers=1)
        return list(
            run_round(
                sources,
                archive=self.archive,
                collectors=collectors(WORDS),
                settings=settings,
                clock=lambda: NOW,
            )
        )

    def stored(self) -> list[Article]:
        return [reviewed.article for reviewed in self.archive.stored(ProvinceId("tuyen-quang"))]

    def nobody_came(self) -> bool:
        return self.inside.visitors == [] and all(map(is_public, self.internet.dialled()))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with listening_inside() as inside:
        world = World(inside, tmp_path)
        with world.press, world.stranger, world.archive:
            yield world


def feed_of(links: list[str]) -> Reply:
    words = "<description>Đoạn tóm tắt của bài viết, đủ dài để giữ lại.</description>"
    items = "".join(
        f"<item><title>Bài số {number}</title><link>{escape(link)}</link>{words}</item>"
        for number, link in enumerate(links)
    )
    return Reply(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())


def redirect(to: str) -> Reply:
    return Reply(status=302, headers={"Location": to.encode("ascii", "ignore").decode()})


def test_the_listeners_hear_whoever_connects(world: World) -> None:
    """What follows would show nothing if nobody could arrive."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        if family in world.inside.families:
            socket.create_connection((host, world.inside.port)).close()
    while len(world.inside.visitors) < len(world.inside.families):
        pass
    assert world.inside.visitors


@pytest.mark.fault(28, 29)
@pytest.mark.parametrize("allowed", [False, True], ids=["nothing-allowed", "an-inside-host-allowed"])
def test_no_link_of_a_feed_leads_inside(world: World, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    port = world.inside.port
    links = spellings(port)
    world.press.paths["/rss"] = feed_of(links)
    allow = (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}") if allowed else ()
    (outcome,) = world.read(monkeypatch, source(url="http://bao.example/rss"), allow=allow)
    assert outcome.error is None
    assert world.nobody_came()
    assert PRESS in world.internet.dialled()
    kept = world.stored()
    same_page = outcome.notes.get(Note.ENTRY_DUPLICATE, 0)
    assert len(kept) + same_page == len(links), "what the feed itself said is kept of every one"
    refused = outcome.notes.get(AddressRefused.code, 0)
    assert refused == len([article for article in kept if article.url]) - outcome.notes.get("refused", 0)


@pytest.mark.fault(29, 30)
def test_no_redirect_leads_inside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = spellings(world.inside.port)
    world.stranger.paths |= {f"/{number}": redirect(target) for number, target in enumerate(targets)}
    world.press.paths["/rss"] = feed_of([f"http://la.example/{number}" for number in range(len(targets))])
    (outcome,) = world.read(monkeypatch, source(url="http://bao.example/rss"))
    assert outcome.error is None
    assert world.nobody_came()
    assert len(world.stored()) == len(targets)
    assert {path for path in world.stranger.asked() if path != "/robots.txt"} >= {f"/{n}" for n in range(len(targets))}


@pytest.mark.fault(28, 29)
def test_no_source_of_the_register_lies_inside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = spellings(world.inside.port)
    sources = [source(id=SourceId(f"nguon-{number}"), url=address) for number, address in enumerate(addresses)]
    outcomes = world.read(monkeypatch, *sources)
    assert len(outcomes) == len(sources)
    assert world.nobody_came()
    asked = [outcome.error for outcome in outcomes if not isinstance(outcome.error, AddressRefused)]
    # A backslash is a slash, as in browsers: what stands behind it is a path of the public host.
    assert [error and error.params["url"] for error in asked] == [f"http://bao.example/@127.0.0.1:{world.inside.port}/"]


@pytest.mark.fault(29, 34)
def test_neither_sitemap_nor_section_nor_robots_nor_refresh_leads_inside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = world.inside.port
    inside = f"http://127.0.0.1:{port}/"
    children = "".join(f"<sitemap><loc>{escape(link)}</loc></sitemap>" for link in spellings(port)[:20])
    links = "".join(f'<a href="{escape(link)}">Bài viết có tên dài</a>' for link in spellings(port))
    refresh = f"<meta http-equiv='refresh' content='0;url={inside}'><base href='{inside}'><link rel=canonical href='x'>"
    text = "<p>Nước sông dâng cao từ rạng sáng, ba thôn ven sông bị chia cắt trong nhiều giờ liền.</p>" * 4
    page = f"<html><head>{refresh}</head><body><h1>Lũ về</h1>{text}<img src='{inside}'><iframe src='{inside}'></body>"
    world.press.paths |= {
        "/map.xml": Reply(body=f"<sitemapindex>{children}</sitemapindex>".encode()),
        "/muc": Reply(body=f"<body>{links}</body>".encode()),
        "/rss": feed_of(["http://bao.example/bai.html"]),
        "/bai.html": Reply(body=page.encode()),
    }
    world.stranger.paths |= {"/robots.txt": redirect(inside), "/rss": feed_of(["/bai.html"])}
    outcomes = world.read(
        monkeypatch,
        source(id=SourceId("so-do"), collector="sitemap", url="http://bao.example/map.xml"),
        source(id=SourceId("muc"), collector="pages", url="http://bao.example/muc", select=Selectors(link="a")),
        source(id=SourceId("tin"), url="http://bao.example/rss"),
        source(id=SourceId("la"), url="http://la.example/rss"),
    )
    ended = {outcome.source_id: outcome for outcome in outcomes}
    assert world.nobody_came()
    assert ended[SourceId("so-do")].notes[AddressRefused.code] > 10
    assert ended[SourceId("muc")].notes[AddressRefused.code] > 20
    assert ended[SourceId("tin")].tally.new == 1
    assert isinstance(ended[SourceId("la")].error, AddressRefused)


@pytest.mark.fault(35)
def test_what_one_host_sets_is_not_told_to_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_on = Reply(status=302, headers={"Location": "http://la.example/rss", "Set-Cookie": "phien=1; Domain=example"})
    world.press.paths["/rss"] = leads_on
    world.stranger.paths["/rss"] = feed_of(["http://bao.example/bai.html"])
    world.read(monkeypatch, source(url="http://bao.example/rss"))
    asked = [*world.press.requests, *world.stranger.requests]
    assert "/rss" in world.stranger.asked()
    assert not {"cookie", "authorization", "referer"} & {name for request in asked for name in request.headers}
