"""A round, from the sources to the archive: what is kept, what is said, what is asked again; on real servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.collector import Page
from crawlers.engine import Engine, FetchSettings
from crawlers.reader import Readers, Task, read
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from index.errors import (
    CollectError,
    NothingFound,
    NotKept,
    RedirectLoop,
    Refused,
    RobotsForbid,
    RobotsUnreadable,
    TimedOut,
    TooLarge,
    Unreadable,
)
from index.model import Article, ArticleId, Channel, Extent, Found, OfficerName, ProvinceId, PublishedFrom, SourceId
from index.snapshots import Snapshots
from index.source import Consent, Note, Outcome, Reading, ReadingOutcome, Source, Tally, Visit, VisitId, VisitReason
from index.sqlite import SqliteArchive
from index.store import Folder
from index.text import content_hash
from index.tip import BY_HAND
from index.url import article_id
from tests.reading import TIERS, WORDS, article_page, list_page, source
from tests.servers import Outlet, Reply

NOW = datetime(2025, 11, 22, 8, 0, tzinfo=UTC)
TUYEN_QUANG = ProvinceId("tuyen-quang")
XML = {"Content-Type": "application/rss+xml; charset=utf-8"}


def article(number: int, words: str = "Nước sông dâng cao từ rạng sáng") -> Reply:
    text = f"<p>{words}, thôn {number} bị chia cắt, hơn ba mươi hộ dân được đưa đến nơi an toàn trong đêm.</p>" * 3
    head = (
        f"<title>Tin lũ số {number}</title><meta property='article:published_time' content='2025-11-22T14:05:00+07:00'>"
    )
    return Reply(body=f"<html><head>{head}</head><body><h1>Tin lũ số {number}</h1>{text}</body></html>".encode())


def feed(*items: str, **headers: str) -> Reply:
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'
    return Reply(body=body.encode(), headers=XML | headers)


def item(number: int, more: str = "") -> str:
    words = f"<description>Tóm tắt của tin lũ số {number}, do nguồn tin viết.</description>"
    return f"<item><title>Tin lũ số {number}</title><link>/lu-{number}.html</link>{words}{more}</item>"


def outlet(count: int, **paths: Reply) -> Outlet:
    """A feed of so many articles and their pages; `paths` by name replace what stands there."""
    pages: dict[str, Any] = {f"/lu-{number}.html": article(number) for number in range(count)}
    pages["/rss"] = feed(*(item(number) for number in range(count)))
    return Outlet(pages | {f"/{name.replace('_', '.')}": reply for name, reply in paths.items()})


@dataclass
class Desk:
    """An archive, a clock that stands still until it is moved, and rounds that are read with them."""

    archive: SqliteArchive
    now: datetime = NOW

    def read(self, *sources: Source, visits: tuple[Visit, ...] = (), **changes: Any) -> dict[SourceId, Outcome]:
        fetch: dict[str, Any] = {
            "user_agent": "KiemTin/0.1",
            "delay": 0.0,
            "timeout": 2.0,
            "allow_hosts": ("127.0.0.1",),
        }
        budget, keeper = changes.pop("budget", None), changes.pop("keeper", None)
        settings = RoundSettings(fetch=FetchSettings(**fetch | changes), tiers=TIERS, budget=budget, readers=1)
        outcomes = run_round(
            sources,
            visits,
            archive=self.archive,
            collectors=collectors(WORDS),
            settings=settings,
            clock=lambda: self.now,
            keeper=keeper,
        )
        return {outcome.source_id: outcome for outcome in outcomes}

    def one(self, of: Source, **changes: Any) -> Outcome:
        return self.read(of, **changes)[of.id]

    def stored(self) -> dict[str, Article]:
        """Every article held, by the last part of its address."""
        held = [reviewed.article for reviewed in self.archive.stored(TUYEN_QUANG)]
        return {(article.url or "").rpartition("/")[2]: article for article in held}

    def last_reading(self, of: Source) -> Reading:
        return self.archive.readings(of.id, since=NOW - timedelta(days=1))[-1]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SqliteArchive(tmp_path / "archive.db") as archive:
        yield Desk(archive)


def of(server: Outlet, path: str = "/rss", **changes: Any) -> Source:
    return source(url=server.url + path, **changes)


# --- the main way


def test_a_feed_is_read_to_its_articles_and_an_outcome(desk: Desk) -> None:
    with outlet(3) as server:
        outcome = desk.one(of(server))
    assert (outcome.tally, outcome.error, outcome.notes) == (Tally(new=3), None, {})
    held = desk.stored()
    assert set(held) == {"lu-0.html", "lu-1.html", "lu-2.html"}
    first = held["lu-0.html"]
    assert first.id == article_id(f"{server.url}/lu-0.html")
    assert (first.title, first.source_id, first.channel) == ("Tin lũ số 0", SourceId("bao-song-lo"), Channel.PRESS)
    assert (first.language, first.collected, first.extent) == ("vi", NOW, Extent.PAGE)
    assert (first.published, first.published_from) == (datetime(2025, 11, 22, 7, 5, tzinfo=UTC), PublishedFrom.PAGE)
    reading = desk.last_reading(of(server))
    assert (reading.outcome, reading.tally, reading.at) == (ReadingOutcome.NEW, Tally(new=3), NOW)


def test_what_did_not_change_is_neither_fetched_nor_read_again(desk: Desk) -> None:
    with outlet(3) as server:
        server.paths["/rss"] = lambda request: (
            Reply(status=304) if "if-none-match" in request.headers else feed(*map(item, range(3)), ETag='"1"')
        )
        desk.one(of(server))
        server.requests.clear()
        outcome = desk.one(of(server))
    assert (outcome.tally, outcome.error) == (Tally(), None)
    assert server.asked() == ["/robots.txt", "/rss"]
    assert desk.last_reading(of(server)).outcome is ReadingOutcome.UNCHANGED
    assert desk.archive.checkpoint(of(server).id).etag == '"1"'


@pytest.mark.fault(17)
def test_a_feed_that_lies_about_its_etag_is_read_whole_once_a_day(desk: Desk) -> None:
    with outlet(2) as server:
        lies = [feed(item(0), ETag='"1"'), feed(item(0), item(1), ETag='"1"')]
        server.paths["/rss"] = lambda request: Reply(status=304) if "if-none-match" in request.headers else lies.pop(0)
        desk.one(of(server))
        desk.now += timedelta(hours=23)
        assert desk.one(of(server)).tally == Tally()
        desk.now += timedelta(hours=1)
        assert desk.one(of(server)).tally.new == 1


@pytest.mark.fault(17)
def test_the_same_bytes_need_no_reading_even_without_validators(desk: Desk) -> None:
    with outlet(2) as server:
        desk.one(of(server))
        assert desk.one(of(server)).tally == Tally()
        server.paths["/rss"] = feed(item(0), item(1), item(2))
        server.paths["/lu-2.html"] = article(2)
        assert desk.one(of(server)).tally == Tally(new=1, seen=2)


def test_a_list_that_broke_off_is_read_whole_the_next_time_whatever_its_etag_says(desk: Desk) -> None:
    with outlet(3) as server:
        whole = feed(*map(item, range(3)), ETag='"1"')
        replies = [replace(whole, cut=len(whole.body) - 150), whole]
        server.paths["/rss"] = lambda request: (
            Reply(status=304) if "if-none-match" in request.headers else replies.pop(0)
        )
        outcome = desk.one(of(server))
        assert (outcome.tally, outcome.notes) == (Tally(new=2), {Note.LIST_DAMAGED: 1})
        assert desk.one(of(server)).tally == Tally(new=1, seen=2)


def test_an_edited_article_becomes_a_new_version_when_its_page_is_read_again(desk: Desk) -> None:
    with outlet(1) as server:
        desk.one(of(server))
        server.paths["/lu-0.html"] = article(0, words="Nước sông đã rút từ trưa")
        server.paths["/rss"] = feed(item(0), item(1))
        desk.now += timedelta(hours=2)
        outcome = desk.one(of(server))
        assert outcome.tally.updated == 1
    versions = desk.archive.versions(article_id(f"{server.url}/lu-0.html"))
    assert [version.version for version in versions] == [1, 2]
    assert "đã rút" in versions[1].text


def test_sources_of_one_outlet_ask_for_a_shared_article_once(desk: Desk) -> None:
    with outlet(2) as server:
        server.paths["/rss2"] = feed(item(1), item(0), "<!-- another list -->")
        outcomes = desk.read(of(server), of(server, "/rss2", id=SourceId("phap-luat")))
    assert sum((outcome.tally for outcome in outcomes.values()), Tally()) == Tally(new=2, seen=2)
    assert sorted(server.asked()) == ["/lu-0.html", "/lu-1.html", "/robots.txt", "/rss", "/rss2"]


def test_a_source_configured_twice_is_read_once_and_says_so(desk: Desk) -> None:
    with outlet(1) as server:
        twice = of(server, "/rss?utm_source=x", id=SourceId("lan-hai"))
        outcomes = desk.read(of(server), twice)
    assert outcomes[twice.id].notes == {Note.SAME_ADDRESS: 1}
    assert outcomes[of(server).id].tally == Tally(new=1)
    assert len([path for path in server.asked() if path.startswith("/rss")]) == 1


def test_a_source_configured_twice_fails_with_the_one_that_is_read(desk: Desk) -> None:
    with Outlet({"/rss": Reply(status=500)}) as server:
        one, twice = of(server), of(server, "/rss?utm_source=x", id=SourceId("lan-hai"))
        outcomes = desk.read(one, twice)
        assert [type(outcomes[source.id].error) for source in (one, twice)] == [Refused, Refused]
        assert desk.archive.checkpoint(twice.id).failures == 1
        assert desk.last_reading(twice).outcome is ReadingOutcome.FAILED
        outcomes = desk.read(one, twice, budget=timedelta(microseconds=1))
    assert outcomes[twice.id].notes == {Note.SAME_ADDRESS: 1, Note.LEFT_FOR_LATER: 1}
    assert desk.archive.checkpoint(twice.id).failures == 1, "what was not read stays due"


def test_sitemaps_and_section_pages_are_read_in_the_same_round(desk: Desk) -> None:
    section = "".join(f'<a href="/lu-ve-ban-xa-{n}.html">Nước lũ về bản xa {n}</a>' for n in (100000, 100001))
    with outlet(2) as server:
        locations = "".join(f"<url><loc>{server.url}/lu-{n}.html</loc></url>" for n in range(2))
        server.paths |= {
            "/index.xml": Reply(
                body=f"<sitemapindex><sitemap><loc>{server.url}/map.xml</loc></sitemap></sitemapindex>".encode()
            ),
            "/map.xml": Reply(body=f"<urlset>{locations}</urlset>".encode()),
            "/muc": Reply(body=f"<html><body>{section}</body></html>".encode()),
            "/lu-ve-ban-xa-100000.html": article(100000),
            "/lu-ve-ban-xa-100001.html": article(100001),
        }
        outcomes = desk.read(
            of(server, "/index.xml", id=SourceId("so-do"), collector="sitemap"),
            of(server, "/muc", id=SourceId("muc"), collector="pages"),
        )
    assert [outcome.tally for outcome in outcomes.values()] == [Tally(new=2), Tally(new=2)]
    assert len(desk.stored()) == 4


@pytest.mark.fault(34)
def test_an_index_that_leads_to_itself_comes_to_an_end(desk: Desk) -> None:
    with Outlet() as server:
        index = f"<sitemapindex><sitemap><loc>{server.url}/index.xml</loc></sitemap></sitemapindex>"
        server.paths["/index.xml"] = Reply(body=index.encode())
        outcome = desk.one(of(server, "/index.xml", collector="sitemap"))
    assert outcome.error is None
    assert server.asked() == ["/robots.txt", "/index.xml"]


# --- pages that refuse


REFUSALS = {
    "forbidden": (Reply(status=403), Refused.code),
    "gone": (Reply(status=404), Refused.code),
    "broken": (Reply(status=500), Refused.code),
    "pdf": (Reply(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), Unreadable.code),
    "wall": (
        Reply(body="<html><h1>Tin lũ số 0</h1><p>Mời đăng nhập</p><input type='password'></html>".encode()),
        Unreadable.code,
    ),
    "script": (Reply(body=b"<html><script>document.cookie='a=1';location.reload()</script></html>"), Unreadable.code),
    "loop": (Reply(status=302, headers={"Location": "/loop"}), RedirectLoop.code),
    "home": (Reply(status=302, headers={"Location": "/"}), Unreadable.code),
    "large": (Reply(body=b"x" * 400_000), TooLarge.code),
    "slow": (Reply(delay=2.0), TimedOut.code),
    "cut": (Reply(body=article(0).body, cut=100), "unreachable"),
    "inside": (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), "address_refused"),
}


@pytest.mark.fault(32)
def test_of_articles_whose_pages_refuse_what_the_feed_said_is_kept_and_marked(desk: Desk) -> None:
    numbers = dict(enumerate(REFUSALS))
    with outlet(len(REFUSALS) + 1) as server:
        server.paths["/"] = Reply(body=b"<html><h1>Trang nhat</h1><p>Tin moi</p></html>")
        server.paths["/loop"] = REFUSALS["loop"][0]
        for number, name in numbers.items():
            server.paths[f"/lu-{number}.html"] = REFUSALS[name][0]
        outcome = desk.one(of(server), timeout=1.0, max_bytes=200_000)
    assert (outcome.tally, outcome.error) == (Tally(new=len(REFUSALS) + 1), None)
    held = desk.stored()
    for number, name in numbers.items():
        kept = held[f"lu-{number}.html"]
        assert (name, kept.extent, kept.title) == (name, Extent.FEED, f"Tin lũ số {number}")
        assert kept.text == f"Tóm tắt của tin lũ số {number}, do nguồn tin viết."
    assert held[f"lu-{len(REFUSALS)}.html"].extent is Extent.PAGE
    codes = Counter(code for _, code in REFUSALS.values())
    assert outcome.notes == codes | {Note.KEPT_FROM_FEED: len(REFUSALS), Note.UNDATED: len(REFUSALS)}


def test_a_section_page_keeps_the_headline_of_an_article_that_refuses(desk: Desk) -> None:
    link = '<a href="/thong-bao-cup-dien-ngay-mai-100007.pdf">Thông báo cúp điện ngày mai</a>'
    pdf = Reply(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    with Outlet({"/muc": Reply(body=f"<body>{link}</body>".encode())}) as server:
        server.paths["/thong-bao-cup-dien-ngay-mai-100007.pdf"] = pdf
        section = of(server, "/muc", collector="pages")
        desk.one(section)
        server.paths["/muc"] = Reply(body=f"<body>{link}<p>changed</p></body>".encode())
        server.requests.clear()
        assert desk.one(section).tally == Tally(seen=1)
    assert server.asked() == ["/robots.txt", "/muc"], "what refused is left alone for a while"
    (held,) = desk.stored().values()
    assert (held.title, held.extent) == ("Thông báo cúp điện ngày mai", Extent.FEED)


def test_a_page_that_refused_is_tried_again_and_replaces_what_the_feed_said(desk: Desk) -> None:
    with outlet(1) as server:
        server.paths["/lu-0.html"] = Reply(status=503)
        desk.one(of(server))
        server.paths["/lu-0.html"] = article(0)
        desk.now += timedelta(minutes=20)
        assert desk.one(of(server)).tally == Tally(updated=1)
    assert desk.stored()["lu-0.html"].extent is Extent.PAGE


def test_a_page_that_robots_forbids_is_not_asked_for_but_with_consent_it_is(desk: Desk) -> None:
    robots = Reply(body=b"User-agent: *\nDisallow: /lu-0.html\n")
    with outlet(1) as server:
        server.paths["/robots.txt"] = robots
        outcome = desk.one(of(server))
        assert outcome.notes == {RobotsForbid.code: 1, Note.KEPT_FROM_FEED: 1, Note.UNDATED: 1}
        assert "/lu-0.html" not in server.asked()
        consent = Consent(document="12/CV", date=NOW.date(), by="Báo Sông Lô")
        desk.now += timedelta(minutes=20)
        server.paths["/rss"] = feed(item(0), "<!-- changed -->")
        assert desk.one(of(server, consent=consent)).tally == Tally(updated=1)


@pytest.mark.fault(32)
def test_a_server_that_says_slow_down_is_asked_nothing_more_and_the_rest_comes_later(desk: Desk) -> None:
    with outlet(30) as server:
        server.paths["/lu-3.html"] = Reply(status=429, headers={"Retry-After": "7200"})
        outcome = desk.one(of(server))
        assert outcome.notes[Note.LEFT_FOR_LATER] > 10
        assert len(server.asked()) < 15
        assert desk.archive.checkpoint(of(server).id).next_due == NOW + timedelta(hours=2)
        server.paths["/lu-3.html"] = article(3)
        desk.now += timedelta(hours=2)
        desk.one(of(server))
    assert len(desk.stored()) == 30


def test_a_round_that_is_out_of_time_leaves_the_rest_to_the_next(desk: Desk) -> None:
    with outlet(12) as server:
        for number in range(12):
            server.paths[f"/lu-{number}.html"] = replace(article(number), delay=0.2)
        outcome = desk.one(of(server), budget=timedelta(seconds=0.9))
        assert outcome.notes[Note.LEFT_FOR_LATER] > 0
        assert outcome.error is None
        desk.one(of(server))
    assert len(desk.stored()) == 12


# --- sources that fail


FAILURES: dict[str, tuple[Reply, type[CollectError]]] = {
    "html": (Reply(body=b"<!DOCTYPE html><html><body>404</body></html>"), Unreadable),
    "empty": (Reply(), Unreadable),
    "no-content": (Reply(status=204), Unreadable),
    "huge": (Reply(body=b"<rss>" + b"x" * 500_000, headers=XML), TooLarge),
    "missing": (Reply(status=404), Refused),
    "unchanged-unasked": (Reply(status=304), Refused),
    "slow": (Reply(delay=2.0), TimedOut),
    "loop": (Reply(status=301, headers={"Location": "/loop"}), RedirectLoop),
}


@pytest.mark.fault(8, 9, 18)
def test_sources_that_fail_say_why_and_the_round_goes_on(desk: Desk) -> None:
    with outlet(1) as well, Outlet({f"/{name}": reply for name, (reply, _) in FAILURES.items()}) as ill:
        sick = {name: of(ill, f"/{name}", id=SourceId(name)) for name in FAILURES}
        outcomes = desk.read(*sick.values(), of(well), timeout=1.0, max_bytes=200_000)
    assert outcomes[of(well).id].tally == Tally(new=1)
    assert {name: type(outcomes[sick[name].id].error) for name in sick} == {
        name: kind for name, (_, kind) in FAILURES.items()
    }
    for name, (_, kind) in FAILURES.items():
        reading = desk.last_reading(sick[name])
        assert (reading.outcome, reading.error) == (ReadingOutcome.FAILED, kind.code)
        checkpoint = desk.archive.checkpoint(sick[name].id)
        assert (checkpoint.failures, checkpoint.next_due) == (1, NOW + TIERS.tier2)


def test_a_section_page_without_articles_has_failed_and_an_empty_feed_is_quiet(desk: Desk) -> None:
    with Outlet({"/rss": feed(), "/muc": Reply(body=b"<html><body>Sap co tin</body></html>")}) as server:
        outcomes = desk.read(of(server), of(server, "/muc", id=SourceId("muc"), collector="pages"))
    assert isinstance(outcomes[SourceId("muc")].error, NothingFound)
    assert outcomes[SourceId("bao-song-lo")].error is None


def test_a_host_whose_robots_cannot_be_had_is_not_read_this_round(desk: Desk) -> None:
    with outlet(1) as server:
        server.paths["/robots.txt"] = Reply(status=503)
        outcome = desk.one(of(server))
    assert isinstance(outcome.error, RobotsUnreadable)
    assert server.asked() == ["/robots.txt"]


def test_a_source_of_an_unknown_collector_fails_alone(desk: Desk) -> None:
    with outlet(1) as server:
        outcomes = desk.read(of(server, id=SourceId("la"), collector="telepathy"), of(server))
    assert isinstance(outcomes[SourceId("la")].error, Unreadable)
    assert outcomes[SourceId("bao-song-lo")].tally.new == 1


def test_a_source_inside_the_machine_is_refused(desk: Desk) -> None:
    outcome = desk.one(source(url="http://127.0.0.1:8080/rss"), allow_hosts=())
    assert outcome.error is not None
    assert outcome.error.code == "address_refused"


# --- what entries say


@pytest.mark.fault(15)
def test_times_that_cannot_be_are_marked_and_not_guessed(desk: Desk) -> None:
    dates = {
        0: "Thu, 01 Jan 1970 00:00:00 GMT",
        1: "Wed, 01 Jan 2099 00:00:00 GMT",
        2: "",
        3: "Sat, 22 Nov 2025 14:00:00",
    }
    items = [item(number, f"<pubDate>{date}</pubDate>") for number, date in dates.items()]
    with Outlet({"/rss": feed(*items)}) as server:
        outcome = desk.one(of(server, full_text=False))
    assert outcome.notes == {Note.DATE_IMPLAUSIBLE: 1, Note.DATE_AHEAD: 1, Note.UNDATED: 3}
    held = desk.stored()
    assert [held[f"lu-{number}.html"].published for number in range(4)] == [
        None,
        None,
        None,
        datetime(2025, 11, 22, 7, 0, tzinfo=UTC),
    ]
    assert held["lu-1.html"].published_from is PublishedFrom.NONE


def test_the_accounts_of_people_are_not_kept(desk: Desk) -> None:
    named = item(0, "<author>Nguyễn Văn An</author>")
    with Outlet({"/rss": feed(named)}) as server:
        desk.one(of(server, full_text=False, channel=Channel.FORUM))
    assert desk.stored()["lu-0.html"].byline is None


def test_an_entry_without_address_is_kept_once(desk: Desk) -> None:
    words = "<item><title>Thông báo cúp điện</title><description>Từ 8 giờ đến 11 giờ sáng mai.</description></item>"
    with Outlet({"/rss": feed(words)}) as server:
        assert desk.one(of(server)).tally == Tally(new=1)
        server.paths["/rss"] = feed(words, "<!-- again -->")
        assert desk.one(of(server)).tally == Tally(seen=1)
    (held,) = desk.stored().values()
    assert (held.url, held.extent) == (None, Extent.FEED)


# --- visits


def visit(url: str) -> Visit:
    return Visit(
        id=VisitId("v1"), url=url, why=VisitReason.BY_HAND, by=OfficerName("lan"), requested=NOW, not_before=NOW,
        channel=Channel.PORTAL, source_name="Cổng xã",
    )  # fmt: skip


def test_a_page_that_somebody_asked_for_is_read_and_its_outcome_kept(desk: Desk) -> None:
    with outlet(1) as server:
        asked = visit(f"{server.url}/lu-0.html")
        desk.archive.request(asked)
        assert desk.read(visits=(asked,)) == {}
    (done,) = desk.archive.visits(since=NOW - timedelta(days=1))
    assert (done.outcome, done.done, done.article_id) == ("read", NOW, article_id(asked.url))
    held = desk.archive.article(ArticleId(str(done.article_id)))
    assert (held.source_id, held.channel, held.title) == (BY_HAND, Channel.PORTAL, "Tin lũ số 0")
    assert desk.archive.visits_due(NOW) == ()


def test_a_visit_that_fails_for_what_may_pass_is_tried_again_ever_later_and_in_the_end_given_up(desk: Desk) -> None:
    waited = []
    with outlet(1) as server:
        server.paths["/lu-0.html"] = Reply(status=503)
        desk.archive.request(visit(f"{server.url}/lu-0.html"))
        while due := desk.archive.visits_due(desk.now):
            desk.read(visits=tuple(due))
            (tried,) = desk.archive.visits(since=NOW - timedelta(days=1))
            waited.append(tried.not_before - desk.now)
            assert (tried.outcome, tried.attempts) == ("refused", len(waited))
            desk.now = max(desk.now, tried.not_before)
    assert len(waited) == 5
    assert waited[:4] == sorted(waited[:4])
    assert tried.done == desk.now
    assert "status=503" in tried.detail


def test_a_visit_that_succeeds_at_last_is_read(desk: Desk) -> None:
    with outlet(1) as server:
        server.paths["/lu-0.html"] = Reply(status=429, headers={"Retry-After": "7200"})
        desk.archive.request(visit(f"{server.url}/lu-0.html"))
        desk.read(visits=tuple(desk.archive.visits_due(desk.now)))
        desk.now += timedelta(hours=1)
        assert desk.archive.visits_due(desk.now) == (), "the server asked for two hours"
        desk.now += timedelta(hours=1)
        server.paths["/lu-0.html"] = article(0)
        desk.read(visits=tuple(desk.archive.visits_due(desk.now)))
    (done,) = desk.archive.visits(since=NOW - timedelta(days=1))
    assert (done.outcome, done.attempts, done.detail) == ("read", 2, "")


@pytest.mark.parametrize(("path", "code"), [("/gone.html", "refused"), ("ftp://a.example/x", "address_refused")])
def test_a_visit_that_fails_says_why_and_is_not_repeated_for_ever(desk: Desk, path: str, code: str) -> None:
    with Outlet() as server:
        asked = visit(path if "//" in path else server.url + path)
        desk.archive.request(asked)
        desk.read(visits=(asked,))
    (done,) = desk.archive.visits(since=NOW - timedelta(days=1))
    assert (done.outcome, done.article_id) == (code, None)


def test_what_a_round_had_no_time_for_stays_due(desk: Desk) -> None:
    with outlet(1) as server:
        asked = visit(f"{server.url}/lu-0.html")
        desk.archive.request(asked)
        outcome = desk.read(of(server), visits=(asked,), budget=timedelta(microseconds=1))[of(server).id]
    assert outcome.notes == {Note.LEFT_FOR_LATER: 1}
    assert desk.archive.visits_due(NOW) == (asked,)
    assert desk.archive.checkpoint(of(server).id).next_due is None
    assert desk.archive.readings(of(server).id, since=NOW) == ()


# --- what holds when things break


def test_an_engine_that_dies_fails_what_it_had_and_leaves_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    engines: list[Engine] = []
    begin = Engine.__enter__

    def note_and_begin(engine: Engine) -> Engine:
        engines.append(engine)
        return begin(engine)

    monkeypatch.setattr(Engine, "__enter__", note_and_begin)
    with outlet(30) as server:

        def kill(request: Any) -> Reply:
            engines[0].process.kill()
            return article(5)

        server.paths["/lu-5.html"] = kill
        outcome = desk.one(of(server))
        assert outcome.error is None
        assert outcome.notes[Note.LEFT_FOR_LATER] > 10
        assert outcome.notes["unreachable"] >= 1
        server.paths["/lu-5.html"] = article(5)
        monkeypatch.undo()
        desk.now += timedelta(minutes=20)
        desk.one(of(server))
    held = desk.stored()
    assert len(held) == 30
    assert {article.extent for article in held.values()} == {Extent.PAGE}


@pytest.mark.fault(43)
def test_pages_that_the_disk_does_not_take_are_read_again_when_it_does(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    blocked = folder / "2025"
    blocked.write_bytes(b"a file where a folder should be")
    with outlet(30) as server:
        server.paths["/rss"] = feed(*map(item, range(30)), ETag='"1"')
        asked = visit(f"{server.url}/lu-0.html")
        desk.archive.request(asked)
        outcome = desk.one(of(server), keeper=Snapshots(Folder(folder)), visits=(asked,))
        assert isinstance(outcome.error, NotKept)
        assert outcome.notes[Note.LEFT_FOR_LATER] > 10
        assert desk.stored() == {}, "no article without its page"
        checkpoint = desk.archive.checkpoint(of(server).id)
        assert (checkpoint.failures, checkpoint.etag, checkpoint.full_read) == (1, None, None)
        assert desk.archive.visits_due(NOW + timedelta(days=1))[0].outcome == "not_kept"
        blocked.unlink()
        assert desk.one(of(server), keeper=Snapshots(Folder(folder))).tally == Tally(new=30)
    assert all(article.snapshot for article in desk.stored().values())


@pytest.mark.fault(42)
def test_a_crawl_killed_at_any_moment_repeats_work_and_loses_none(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    script = Path(__file__).parent / "killed_crawl.py"
    with outlet(120) as server:
        url = f"{server.url}/rss"
        for more in (20, 40):
            enough = len(server.requests) + more
            process = subprocess.Popen([sys.executable, str(script), str(file), url])
            while len(server.requests) < enough and process.poll() is None:
                time.sleep(0.01)
            assert process.poll() is None, "killed in the middle, not after its end"
            process.kill()
            process.wait()
            with SqliteArchive(file) as archive:
                assert archive.checkpoint(source().id).next_due is None, "nothing was promised yet"
        with SqliteArchive(file) as archive:
            desk = Desk(archive)
            assert desk.one(source(url=url)).error is None
            held = desk.stored()
    assert len(held) == 120
    assert all(article.version == 1 for article in held.values())


class Hanging:
    """A collector that meets a page it cannot end with, and one that kills its process."""

    def start(self, of: Source, since: Any) -> list[Any]:
        return []

    def read(self, page: Page, of: Source) -> Iterator[Any]:
        if page.body == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        while page.body == b"hang":
            time.sleep(0.01)
        yield Note.UNDATED


def test_a_page_that_kills_or_hangs_its_reader_costs_that_page_only() -> None:
    found: dict[int, str] = {}
    with Readers({"feed": Hanging()}, None, count=1, patience=4.0) as readers:
        for ticket, body in enumerate([b"fine", b"die", b"hang", b"fine"]):
            readers.submit(Task(ticket=ticket, page=list_page(body), source=source(), captured=NOW))
        while len(found) < 4:
            for result in readers.results():
                found[result.ticket] = result.error.params["found"] if result.error else "read"
            time.sleep(0.01)
    assert found == {0: "read", 1: "crashed_reader", 2: "too_slow", 3: "read"}


def test_a_page_is_kept_when_it_brings_words_that_are_not_held() -> None:
    kept: list[str] = []

    class Folder:
        def keep(self, page: Page, captured: datetime) -> str:
            kept.append(page.url)
            return "sha"

    page = article_page(article(1).body)
    collector = collectors(WORDS)["feed"]
    task = Task(ticket=1, page=page, source=source(), captured=NOW)
    result = read(task, collector, Folder())
    (found,) = result.reads
    assert (result.snapshot, kept) == ("sha", [page.url])
    assert isinstance(found, Found)
    held = content_hash(found.title, found.text)
    again = read(Task(ticket=1, page=page, source=source(), captured=NOW, held=held), collector, Folder())
    assert (again.snapshot, len(kept)) == (None, 1)
    refused = read(Task(ticket=1, page=article_page(b""), source=source(), captured=NOW), collector, Folder())
    assert (refused.snapshot, len(kept)) == (None, 1)
