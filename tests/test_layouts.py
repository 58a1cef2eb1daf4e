"""Every layout of the local newsroom is read as its articles were written: title, text, time, who signed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from crawlers.collector import Ask, AskKind, Page
from crawlers.newsroom.layouts import Layouts
from crawlers.newsroom.outlet import Outlet, Piece, Quirk
from crawlers.newsroom.site import LISTED, Site
from crawlers.newsroom.week import Week, read_script
from crawlers.register import collectors
from index.clock import ZONE
from index.model import Extent, Found, SourceId
from index.source import Selectors, Source
from index.text import clean, one_line
from index.url import canonical_url
from tests.reading import WORDS

NEWSROOM = Path(__file__).parents[1] / "config" / "newsroom"
START = datetime(2025, 11, 22, tzinfo=UTC)
END = START + timedelta(days=1)
WEEK = Week(read_script(NEWSROOM), start=START, speed=1)
LAYOUTS = Layouts(NEWSROOM / "layouts")
SILENT = {Quirk.FEED_ONLY, Quirk.LOGIN_WALL}
SPEAKING = [outlet for outlet in WEEK.outlets if not SILENT & outlet.quirks]


def read(site: Site, source: Source, ask: Ask) -> list[object]:
    """What the source's collector reads where it asks."""
    answer = site.answer(ask.url.removeprefix(site.base), END)
    headers = {"content-type": answer.content_type}
    page = Page(ask=ask, url=ask.url, status=answer.status, headers=headers, body=answer.body)
    return list(collectors(WORDS)[source.collector].read(page, source))


def announced(site: Site, source: Source) -> dict[str, Ask]:
    """The articles that an outlet's lists lead to, by address."""
    lists, pages = [Ask(url=source.url)], {}
    while lists:
        for found in read(site, source, lists.pop()):
            if isinstance(found, Ask) and found.kind is AskKind.LIST:
                lists.append(found)
            elif isinstance(found, Ask):
                pages[found.url] = found
    return pages


def opened(outlet: Outlet) -> tuple[Site, Source]:
    site = Site(outlet, WEEK, LAYOUTS, base=f"https://{outlet.id}.example")
    source = Source(
        id=SourceId(outlet.id),
        name=outlet.name,
        channel=outlet.channel,
        collector=outlet.collector,
        url=site.base + site.start_path,
        language=outlet.language,
        select=LAYOUTS.selectors.get(outlet.layout, Selectors()),
    )
    return site, source


def as_written(piece: Piece, base: str) -> Found:
    published = piece.published
    if isinstance(published, date) and not isinstance(published, datetime):
        published = datetime.combine(published, time.min, tzinfo=ZONE)
    return Found(
        url=canonical_url(base + piece.path),
        title=one_line(piece.title),
        text=clean("\n".join((piece.lead, *piece.body))),
        published=published and published.astimezone(UTC).replace(second=0),
        byline=one_line(piece.byline) if piece.byline else None,
        extent=Extent.PAGE,
    )


def as_read(found: Found) -> Found:
    published = found.published and found.published.replace(second=0)
    return Found(
        url=found.url,
        title=found.title,
        text=found.text,
        published=published,
        byline=found.byline,
        extent=found.extent,
    )


@pytest.mark.parametrize("outlet", WEEK.outlets, ids=lambda outlet: outlet.id)
def test_lists_lead_to_every_article_and_to_nothing_else(outlet: Outlet) -> None:
    site, source = opened(outlet)
    written = {canonical_url(site.base + piece.path) for piece in WEEK.newest(outlet, END, limit=LISTED)}
    assert set(announced(site, source)) == written


@pytest.mark.parametrize("outlet", SPEAKING, ids=lambda outlet: outlet.id)
def test_articles_are_read_as_they_were_written(outlet: Outlet) -> None:
    site, source = opened(outlet)
    asks = announced(site, source)
    for piece in WEEK.newest(outlet, END, limit=LISTED):
        written = as_written(piece, site.base)
        (found,) = read(site, source, asks[str(written.url)])
        assert isinstance(found, Found)
        assert as_read(found) == written
