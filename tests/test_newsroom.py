"""The local newsroom, asked over real HTTP: pages, feeds, sitemaps, habits, and the passing of the week."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import msgspec
import pytest
import trafilatura
from lxml import html

from config import sources as sources_file
from crawlers.newsroom.access import AccessLog
from crawlers.newsroom.layouts import Layouts
from crawlers.newsroom.outlet import Layout, Outlet, Piece, Quirk
from crawlers.newsroom.server import Newsroom
from crawlers.newsroom.week import At, Script, Week, Wording, Written, moment, read_script
from index.errors import PortRefused
from tests.asking import AT_ONCE, END, FOLDER, SPEED, START, Hands, ask, in_line, locations
from tests.hostile import HOSTILE


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script(FOLDER)


@pytest.fixture(scope="module")
def week(script: Script) -> Iterator[Newsroom]:
    """The whole written week, at its end, with an outlet that breaks made whole."""
    outlets = tuple(msgspec.structs.replace(o, quirks=o.quirks - {Quirk.BREAKS}) for o in script.outlets)
    edition = Week(replace(script, outlets=outlets), start=START, speed=SPEED)
    with Newsroom(edition, Layouts(FOLDER / "layouts"), port=0, clock=Hands(END), pause=AT_ONCE) as newsroom:
        yield newsroom


def outlet_with(script: Script, quirk: Quirk) -> Outlet:
    return next(outlet for outlet in script.outlets if quirk in outlet.quirks)


def playing(outlet: Outlet, *titles: str, quirk: Quirk | None = None, clock: Hands | None = None) -> Newsroom:
    """A newsroom of one outlet with articles of day 1, the first at eight o'clock, the next an hour later."""
    if quirk:
        outlet = msgspec.structs.replace(outlet, quirks=frozenset({quirk}))
    section = next(iter(outlet.sections))
    articles = tuple(
        Written(
            id=f"a-{number}",
            story=None,
            about=False,
            outlet=outlet.id,
            section=section,
            path=f"/{section}/a-{number}.html",
            byline=None,
            undated=False,
            via=None,
            wordings=(Wording(at=At(day=1, time=f"{8 + number:02}:00"), title=title, lead=title, body=(title,)),),
        )
        for number, title in enumerate(titles)
    )
    edition = Week(Script(outlets=(outlet,), articles=articles), start=START, speed=SPEED)
    return Newsroom(edition, Layouts(FOLDER / "layouts"), port=0, clock=clock or Hands(END), pause=AT_ONCE)


# --- pages --------------------------------------------------------------------------------------------------------


def an_article(newsroom: Newsroom, layout: Layout) -> tuple[Outlet, Piece]:
    """The longest dated article of a layout that can be read."""
    shown = [
        (outlet, piece)
        for outlet in newsroom.edition.outlets
        if outlet.layout is layout and Quirk.FEED_ONLY not in outlet.quirks
        for piece in newsroom.edition.newest(outlet, END, limit=100)
        if piece.published
    ]
    return max(shown, key=lambda found: len("".join(found[1].body)))


@pytest.mark.parametrize("layout", Layout)
def test_the_text_can_be_read_out_of_every_layout(week: Newsroom, layout: Layout) -> None:
    outlet, piece = an_article(week, layout)
    page = ask(week.address(outlet.id) + piece.path).text
    selectors = next(source.select for source in week.sources() if source.id == outlet.id)
    if selectors.body:
        text = "\n".join(element.text_content() for element in html.fromstring(page).cssselect(selectors.body))
    else:
        text = trafilatura.extract(page, fast=True, include_comments=False) or ""
    words = in_line(text)
    assert all(in_line(paragraph) in words for paragraph in piece.body)
    assert outlet.boilerplate.footer not in words
    others = [other.title for other in week.edition.newest(outlet, END, limit=100) if other.path != piece.path]
    assert not any(title in words for title in others)


@pytest.mark.parametrize(
    ("layout", "form"),
    [
        (Layout.CLASSIC, '<meta property="article:published_time" content="%Y-%m-%dT%H:%M:00+07:00">'),
        (Layout.CLASSIC, "%d/%m/%Y, %H:%M (GMT+7)</div>"),
        (Layout.MAGAZINE, '"datePublished": "%Y-%m-%dT%H:%M:00+07:00"'),
        (Layout.MAGAZINE, ">%H:%M | %d/%m/%Y<"),
        (Layout.WIRE, '"datePublished": "%Y-%m-%dT%H:%M:00"'),
        (Layout.WIRE, ">%d/%m/%Y %H:%M GMT+7<"),
        (Layout.PORTAL, ">%d/%m/%Y %H:%M<"),
        (Layout.FORUM, 'datetime="%Y-%m-%dT%H:%M:00+0700"'),
        (Layout.BARE, ">%d-%m-%Y<"),
    ],
)
def test_each_layout_has_its_way_with_time(week: Newsroom, layout: Layout, form: str) -> None:
    outlet, piece = an_article(week, layout)
    assert piece.published is not None
    assert piece.published.strftime(form) in ask(week.address(outlet.id) + piece.path).text


def test_abroad_the_time_is_that_of_another_zone(week: Newsroom) -> None:
    english, piece = an_article(week, Layout.ENGLISH)
    assert isinstance(piece.published, datetime)
    in_utc = piece.published.astimezone(UTC).strftime('content="%Y-%m-%dT%H:%M:%SZ"')
    assert in_utc in ask(week.address(english.id) + piece.path).text
    chinese, piece = an_article(week, Layout.CHINESE)
    assert isinstance(piece.published, datetime)
    in_beijing = (piece.published + timedelta(hours=1)).strftime('"%Y-%m-%dT%H:%M:%S+08:00"')
    assert in_beijing in ask(week.address(chinese.id) + piece.path).text


def test_every_article_is_listed_on_its_outlets_pages(week: Newsroom) -> None:
    for outlet in week.edition.outlets:
        base = week.address(outlet.id)
        links = {
            link for slug in outlet.sections for link in html.fromstring(ask(f"{base}/{slug}").body).xpath("//@href")
        }
        assert links >= {piece.path for piece in week.edition.newest(outlet, END, limit=100)}, outlet.id


def test_declared_link_selectors_find_the_articles_and_nothing_else(week: Newsroom) -> None:
    declared = [source for source in week.sources() if source.select.link]
    assert declared
    for source in declared:
        links = [link.get("href") for link in html.fromstring(ask(source.url).body).cssselect(source.select.link)]
        outlet = next(outlet for outlet in week.edition.outlets if outlet.id == source.id)
        assert links == [piece.path for piece in week.edition.newest(outlet, END, limit=100)]


@pytest.mark.parametrize("layout", Layout)
def test_hostile_text_stays_text_in_every_layout(script: Script, layout: Layout) -> None:
    outlet = next(outlet for outlet in script.outlets if outlet.layout is layout)
    with playing(outlet, *HOSTILE) as newsroom:
        pieces = newsroom.edition.newest(outlet, END, limit=100)
        for path, titles in [
            ("/", [piece.title for piece in pieces]),
            *((piece.path, [piece.title]) for piece in pieces),
        ]:
            page = html.fromstring(ask(newsroom.address(outlet.id) + path).body)
            assert not page.xpath("//img | //iframe | //*[@onerror] | //*[@onload]")
            assert {script.get("type") for script in page.xpath("//script")} <= {"application/ld+json"}
            words = in_line(page.text_content())
            assert all(in_line(title) in words for title in titles)


def test_what_does_not_exist_is_404_and_head_has_no_body(week: Newsroom) -> None:
    outlet = week.edition.outlets[0]
    assert ask(week.address(outlet.id) + "/khong-co.html").status == 404
    assert ask(week.address(outlet.id) + "/sitemaps/2.xml").status == 404
    told = ask(week.address(outlet.id) + "/", method="HEAD")
    assert (told.status, told.body) == (200, b"")
    assert int(told.headers["content-length"]) > 1000


# --- feeds, sitemaps, robots.txt ----------------------------------------------------------------------------------


def of(newsroom: Newsroom, collector: str) -> list[tuple[Outlet, str, list[Piece]]]:
    """Outlets with what their collector begins at, at the address where they live, and all they have published."""
    return [
        (
            outlet,
            newsroom.address(outlet.id) + urlsplit(source.url).path,
            list(newsroom.edition.newest(outlet, END, limit=100)),
        )
        for outlet, source in zip(newsroom.edition.outlets, newsroom.sources(), strict=True)
        if source.collector == collector
    ]


def in_utc(published: datetime | date | None) -> tuple[int, ...] | None:
    return tuple(published.astimezone(UTC).timetuple())[:6] if isinstance(published, datetime) else None


def test_every_feed_is_read_with_its_links_titles_and_times(week: Newsroom) -> None:
    versions = set()
    for outlet, url, pieces in of(week, "feed"):
        feed = feedparser.parse(ask(url).body)
        assert not feed.bozo
        versions.add(feed.version)
        base = week.address(outlet.id)
        assert [entry.link for entry in feed.entries] == [base + piece.path for piece in pieces]
        assert [entry.title for entry in feed.entries] == [piece.title for piece in pieces]
        if Quirk.BAD_DATES not in outlet.quirks:
            said = [entry.get("published_parsed") or entry.get("updated_parsed") for entry in feed.entries]
            assert [tuple(time)[:6] if time else None for time in said] == [in_utc(piece.published) for piece in pieces]
    assert versions == {"rss20", "atom10", "rss10"}


def test_a_feed_with_bad_dates_is_wrong_about_most_of_them(script: Script) -> None:
    outlet = outlet_with(script, Quirk.BAD_DATES)
    with playing(outlet, *"abcdefghij", quirk=Quirk.BAD_DATES) as newsroom:
        feed = feedparser.parse(ask(newsroom.sources()[0].url).body)
    assert len({re.sub(r"\d", "0", entry.published) for entry in feed.entries}) > 2
    years = {entry.published_parsed.tm_year for entry in feed.entries if entry.published_parsed}
    assert years & {1970, 2099}


def test_a_forum_leaves_markup_in_its_feed_and_others_escape_it(script: Script) -> None:
    title = "Xin chào <b>mọi</b> người & bạn ]]> hết"
    for layout, written in ((Layout.FORUM, "<![CDATA[Xin chào <b>mọi</b>"), (Layout.CLASSIC, "Xin chào &lt;b&gt;mọi")):
        outlet = next(outlet for outlet in script.outlets if outlet.layout is layout)
        with playing(outlet, title) as newsroom:
            told = ask(newsroom.address(outlet.id) + "/rss/home.rss")
        assert f"<title>{written}" in told.text
        assert not feedparser.parse(told.body).bozo


def test_a_sitemap_leads_to_every_article_with_title_and_time(week: Newsroom) -> None:
    for outlet, url, pieces in of(week, "sitemap"):
        index = ask(url)
        (chapter,) = locations(index.text)
        assert max(piece.changed for piece in pieces if piece.changed).isoformat() in index.text
        text = ask(chapter).text
        assert locations(text) == [week.address(outlet.id) + piece.path for piece in pieces]
        dates = re.findall("<news:publication_date>(.*?)</news:publication_date>", text)
        assert dates == [piece.published.isoformat() for piece in pieces if piece.published]


def test_robots_say_what_the_outlet_declares(week: Newsroom) -> None:
    for outlet in week.edition.outlets:
        told = ask(week.address(outlet.id) + "/robots.txt")
        if outlet.robots.missing:
            assert told.status == 404
            continue
        rules = RobotFileParser()
        rules.parse(told.text.splitlines())
        base = week.address(outlet.id)
        assert str(rules.crawl_delay("*")) == str(outlet.robots.crawl_delay)
        assert rules.site_maps() == [base + "/sitemap.xml"]
        assert rules.can_fetch("*", base + "/")
        assert not any(rules.can_fetch("*", base + path + "x") for path in outlet.robots.disallow)


# --- asking again -------------------------------------------------------------------------------------------------


def test_what_is_known_is_answered_304_by_etag_and_by_time(week: Newsroom) -> None:
    outlet, piece = an_article(week, Layout.CLASSIC)
    base = week.address(outlet.id)
    for path in (piece.path, "/", "/rss/home.rss", "/sitemap.xml", "/sitemaps/1.xml"):
        first = ask(base + path)
        etag, changed = first.headers["etag"], first.headers["last-modified"]
        for known in ({"If-None-Match": etag}, {"If-None-Match": f'"other", W/{etag}'}, {"If-Modified-Since": changed}):
            again = ask(base + path, known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == etag
        assert ask(base + path, {"If-None-Match": '"other"', "If-Modified-Since": changed}).status == 200
        assert ask(base + path, {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}).status == 200
        assert ask(base + path, {"If-Modified-Since": "yesterday"}).status == 200


def test_who_takes_gzip_gets_it(week: Newsroom) -> None:
    url = week.address(week.edition.outlets[0].id) + "/"
    packed, plain = ask(url, {"Accept-Encoding": "gzip, br"}), ask(url)
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in plain.headers


def test_one_connection_serves_many_requests(week: Newsroom) -> None:
    connection = http.client.HTTPConnection(urlsplit(week.address(week.edition.outlets[0].id)).netloc, timeout=20)
    connection.connect()
    port = connection.sock.getsockname()
    for _ in range(3):
        connection.request("GET", "/")
        connection.getresponse().read()
        assert connection.sock.getsockname() == port
    connection.close()


# --- habits -------------------------------------------------------------------------------------------------------


def test_without_etag_nothing_tells_whether_it_changed(script: Script) -> None:
    with playing(script.outlets[0], "Tin", quirk=Quirk.NO_ETAG) as newsroom:
        told = ask(newsroom.address(script.outlets[0].id) + "/")
    assert not {"etag", "last-modified"} & set(told.headers)


def test_a_lying_etag_says_nothing_is_new_when_something_is(script: Script) -> None:
    clock = Hands(START - timedelta(days=7))
    outlet = script.outlets[0]
    with playing(outlet, "Tin", quirk=Quirk.LYING_ETAG, clock=clock) as newsroom:
        before = ask(newsroom.address(outlet.id) + "/")
        clock.now = END
        after = ask(newsroom.address(outlet.id) + "/")
        assert before.body != after.body
        assert ask(newsroom.address(outlet.id) + "/", {"If-None-Match": before.headers["etag"]}).status == 304


def test_every_third_request_breaks_in_one_of_three_ways_but_never_robots(script: Script) -> None:
    outlet = script.outlets[0]
    with playing(outlet, "Tin", quirk=Quirk.BREAKS) as newsroom:
        ends: Counter[str] = Counter()
        for _ in range(9):
            try:
                ends[str(ask(newsroom.address(outlet.id) + "/").status)] += 1
            except http.client.HTTPException as broken:
                ends[type(broken).__name__] += 1
        assert ends == {"200": 6, "500": 1, "IncompleteRead": 1, "RemoteDisconnected": 1}
        assert {ask(newsroom.address(outlet.id) + "/robots.txt").status for _ in range(9)} == {200}


def test_an_outlet_that_moved_redirects_from_its_former_address(week: Newsroom, script: Script) -> None:
    outlet = outlet_with(script, Quirk.REDIRECTS)
    source = next(source for source in week.sources() if source.id == outlet.id)
    assert not source.url.startswith(week.address(outlet.id))
    told = ask(source.url)
    assert (told.status, told.headers["location"]) == (301, week.address(outlet.id) + urlsplit(source.url).path)
    assert ask(told.headers["location"]).status == 200
    assert urlsplit(source.url).netloc in week.allow_hosts()


def test_some_show_articles_to_nobody_and_some_only_after_signing_in(script: Script) -> None:
    outlet = script.outlets[0]
    with playing(outlet, "Tin", quirk=Quirk.FEED_ONLY) as newsroom:
        (piece,) = newsroom.edition.newest(outlet, END, limit=9)
        assert ask(newsroom.address(outlet.id) + piece.path).status == 403
        assert ask(newsroom.address(outlet.id) + "/").status == 200
    with playing(outlet, "Tin", quirk=Quirk.LOGIN_WALL) as newsroom:
        told = ask(newsroom.address(outlet.id) + piece.path)
        assert told.status == 200
        assert html.fromstring(told.body).xpath("//input[@type='password']")


def test_a_slow_outlet_waits_and_stopping_does_not_wait_for_it(script: Script) -> None:
    outlet = outlet_with(script, Quirk.SLOW)
    edition = Week(replace(script, outlets=(outlet,), articles=()), start=START, speed=SPEED)
    newsroom = Newsroom(edition, Layouts(FOLDER / "layouts"), port=0, clock=Hands(END), pause=timedelta(hours=1))
    newsroom.start()
    connection = http.client.HTTPConnection(newsroom.allow_hosts()[0], timeout=20)
    connection.request("GET", "/")
    while not newsroom.access(outlet.id).requests:
        time.sleep(0.01)
    newsroom.stop()
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        connection.getresponse()
    connection.close()


# --- the week goes by ---------------------------------------------------------------------------------------------


def test_the_seventh_day_arrives_while_it_is_served(script: Script) -> None:
    clock = Hands(START)
    article = next(a for a in script.articles if a.wordings[0].at.day == 7 and a.outlet == "bao-song-lo")
    with Newsroom.week(FOLDER, start=START, speed=SPEED, port=0, clock=clock) as newsroom:
        base = newsroom.address(article.outlet)
        feed = base + "/rss/home.rss"
        assert ask(base + article.path).status == 404
        before = ask(feed)
        clock.now = END
        assert ask(base + article.path).status == 200
        after = ask(feed, {"If-None-Match": before.headers["etag"]})
        assert after.status == 200
        assert (article.path in before.text, article.path in after.text) == (False, True)


def test_an_edit_is_another_text_at_the_same_address(script: Script) -> None:
    edited = [article for article in script.articles if len(article.wordings) > 1]
    clock = Hands(START)
    with Newsroom.week(FOLDER, start=START, speed=SPEED, port=0, clock=clock) as newsroom:
        for article in edited:
            first, second = article.wordings[:2]
            url = newsroom.address(article.outlet) + article.path
            clock.now = moment(second.at, start=START, speed=SPEED) - timedelta(seconds=1)
            before = ask(url)
            clock.now += timedelta(seconds=1)
            after = ask(url, {"If-None-Match": before.headers["etag"]} if "etag" in before.headers else {})
            assert after.status == 200
            for told, shown in ((before, first), (after, second)):
                text = " ".join(html.fromstring(told.body).text_content().split())
                assert all(paragraph in text for paragraph in shown.body)


def test_read_again_after_a_restart_it_has_the_same_addresses(script: Script) -> None:
    def addresses() -> list[str]:
        with Newsroom.week(FOLDER, start=START, speed=SPEED, port=0, clock=Hands(END)) as newsroom:
            base = newsroom.address("bao-vung-cao")
            return [entry.link.removeprefix(base) for entry in feedparser.parse(ask(base + "/atom.xml").body).entries]

    assert addresses() == addresses()


# --- as a server --------------------------------------------------------------------------------------------------


def test_its_sources_file_is_one_that_the_office_can_import(week: Newsroom) -> None:
    read = sources_file.read(sources_file.written(week.sources()), "newsroom.yaml", {"feed", "sitemap", "pages"})
    assert read == week.sources()


def test_at_speed_its_sources_ask_to_be_read_more_often() -> None:
    for speed, every in ((1, None), (60, timedelta(seconds=10)), (3600, timedelta(seconds=5))):
        with Newsroom.week(FOLDER, start=START, speed=speed, port=0, clock=Hands(END)) as newsroom:
            assert {source.every for source in newsroom.sources()} == {every}


def free_ports(count: int) -> int:
    """The first of so many free ports in a row, below those that the system hands out by itself."""
    for first in range(20_000 + os.getpid() % 300 * 32, 32_000, count):
        with ExitStack() as held, suppress(OSError):
            for port in range(first, first + count):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    pytest.skip(f"no {count} free ports in a row")


def test_outlets_count_up_from_the_port() -> None:
    port = free_ports(20)
    with Newsroom.week(FOLDER, start=START, speed=SPEED, port=port, clock=Hands(END)) as newsroom:
        ports = [int(host.rpartition(":")[2]) for host in newsroom.allow_hosts()]
    assert ports == list(range(port, port + len(ports)))


def test_a_busy_port_is_named_and_the_others_are_given_back() -> None:
    port = free_ports(20)
    with socket.create_server(("127.0.0.1", port + 2)), pytest.raises(PortRefused) as caught:
        Newsroom.week(FOLDER, start=START, speed=SPEED, port=port, clock=Hands(END))
    assert caught.value.params["port"] == str(port + 2)
    assert caught.value.params["why"]
    for given_back in (port, port + 1):
        socket.create_server(("127.0.0.1", given_back)).close()


def test_a_port_beyond_the_last_is_named() -> None:
    with pytest.raises(PortRefused, match="65536"):
        Newsroom.week(FOLDER, start=START, speed=SPEED, port=65_536, clock=Hands(END))


def test_stopped_it_hangs_up_and_answers_nobody() -> None:
    newsroom = Newsroom.week(FOLDER, start=START, speed=SPEED, port=0, clock=Hands(END))
    newsroom.start()
    host = newsroom.allow_hosts()[0]
    kept = http.client.HTTPConnection(host, timeout=20)
    kept.request("GET", "/robots.txt")
    kept.getresponse().read()
    newsroom.stop()
    newsroom.stop()
    assert kept.sock.recv(1) == b""
    kept.close()
    with pytest.raises(ConnectionRefusedError):
        ask(f"http://{host}/")


def test_it_remembers_how_an_outlet_was_read(script: Script) -> None:
    outlet = outlet_with(script, Quirk.REDIRECTS)
    with Newsroom.week(FOLDER, start=START, speed=SPEED, port=0, clock=Hands(END)) as newsroom:
        former = next(source.url for source in newsroom.sources() if source.id == outlet.id)
        ask(former, {"User-Agent": "tester"})
        ask(newsroom.address(outlet.id) + "/robots.txt")
        access = newsroom.access(outlet.id)
    assert [(r.method, r.path, r.agent) for r in access.requests] == [
        ("GET", urlsplit(former).path, "tester"),
        ("GET", "/robots.txt", ""),
    ]
    assert access.simultaneous == 1
    assert access.smallest_gap is not None
    assert access.smallest_gap > 0


def test_the_most_requests_at_one_time_are_counted() -> None:
    access = AccessLog()
    assert access.smallest_gap is None
    with access.request("GET", "/1", ""):
        with access.request("GET", "/2", ""), access.request("GET", "/3", ""):
            pass
        with access.request("GET", "/4", ""):
            pass
    assert access.simultaneous == 3
