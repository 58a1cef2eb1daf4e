"""What outlets offer to machines: RSS 2.0, Atom, RDF, sitemaps and robots.txt. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from crawlers.newsroom.layouts import iso, when
from crawlers.newsroom.outlet import FeedKind, Layout, Outlet, Piece, Quirk, stable_number
from index import clock

FEED_PATH: Final = {FeedKind.RSS: "/rss/home.rss", FeedKind.ATOM: "/atom.xml", FeedKind.RDF: "/index.rdf"}
FEED_TYPE: Final = {
    FeedKind.RSS: "application/rss+xml",
    FeedKind.ATOM: "application/atom+xml",
    FeedKind.RDF: "application/rdf+xml",
}
SITEMAP_PATH: Final = "/sitemap.xml"
CHAPTER_PATH: Final = "/sitemaps/{number}.xml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
# XML 1.0 has no way to write these characters.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def feed(outlet: Outlet, pieces: Sequence[Piece], *, base: str) -> str:
    """The outlet's feed in its own kind, newest first."""
    writers = {FeedKind.RSS: _rss, FeedKind.ATOM: _atom, FeedKind.RDF: _rdf}
    return writers[outlet.feed](outlet, pieces, base)


def _rss(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    """A forum leaves its members' markup as it is; everybody else escapes."""
    careless = outlet.layout is Layout.FORUM
    items = "".join(
        "<item>"
        f"<title>{_cdata(piece.title) if careless else _text(piece.title)}</title>"
        f"<link>{_text(base + piece.path)}</link>"
        f'<guid isPermaLink="true">{_text(base + piece.path)}</guid>'
        f"<description>{_cdata(_summary(piece) if careless else _teaser(piece, base))}</description>"
        f"<category>{_text(outlet.sections[piece.section])}</category>"
        + (f"<dc:creator>{_text(piece.byline)}</dc:creator>" if piece.byline else "")
        + (f"<pubDate>{_text(_rss_date(outlet, piece))}</pubDate>" if piece.published else "")
        + "</item>\n"
        for piece in pieces
    )
    return (
        f'{_HEAD}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{_text(outlet.name)}</title><link>{base}/</link><language>{outlet.language}</language>"
        f"<description>{_text(outlet.boilerplate.footer)}</description><ttl>5</ttl>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    entries = "".join(
        "<entry>"
        f'<title type="text">{_text(piece.title)}</title>'
        f'<link rel="alternate" href={quoteattr(base + piece.path)}/><id>{_text(base + piece.path)}</id>'
        f'<summary type="text">{_text(_summary(piece))}</summary>'
        + (f"<author><name>{_text(piece.byline)}</name></author>" if piece.byline else "")
        + (f"<published>{_moment(piece.published)}</published>" if piece.published else "")
        + (f"<updated>{_moment(piece.changed)}</updated>" if piece.changed and piece.published else "")
        + "</entry>\n"
        for piece in pieces
    )
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(outlet.language)}>\n'
        f"<title>{_text(outlet.name)}</title><id>{base}/</id>"
        f'<link rel="self" href="{base}{FEED_PATH[FeedKind.ATOM]}"/>\n{entries}</feed>\n'
    )


def _rdf(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    order = "".join(f"<rdf:li rdf:resource={quoteattr(base + piece.path)}/>" for piece in pieces)
    items = "".join(
        f"<item rdf:about={quoteattr(base + piece.path)}>"
        f"<title>{_text(piece.title)}</title><link>{_text(base + piece.path)}</link>"
        f"<description>{_text(_summary(piece))}</description>"
        + (f"<dc:date>{_moment(piece.published)}</dc:date>" if piece.published else "")
        + "</item>\n"
        for piece in pieces
    )
    return (
        f'{_HEAD}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{base}/"><title>{_text(outlet.name)}</title><link>{base}/</link>'
        f"<description>{_text(outlet.boilerplate.footer)}</description><items><rdf:Seq>{order}</rdf:Seq></items>"
        f"</channel>\n{items}</rdf:RDF>\n"
    )


def sitemap_index(chapters: Sequence[datetime | None], *, base: str) -> str:
    """The outlet's sitemaps, with the time of the last change in each where it is known."""
    listed = "".join(
        f"<sitemap><loc>{base}{CHAPTER_PATH.format(number=number)}</loc>"
        + (f"<lastmod>{iso(changed)}</lastmod>" if changed else "")
        + "</sitemap>\n"
        for number, changed in enumerate(chapters, start=1)
    )
    return f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</sitemapindex>\n'


def sitemap(outlet: Outlet, pieces: Sequence[Piece], *, base: str) -> str:
    """Articles with their news element; an undated one has none, as it must carry a date."""
    listed = "".join(
        f"<url><loc>{_text(base + piece.path)}</loc>"
        + (f"<lastmod>{iso(piece.changed or piece.published)}</lastmod>" if piece.published else "")
        + (
            f"<news:news><news:publication><news:name>{_text(outlet.name)}</news:name>"
            f"<news:language>{outlet.language}</news:language></news:publication>"
            f"<news:publication_date>{iso(piece.published)}</news:publication_date>"
            f"<news:title>{_text(piece.title)}</news:title></news:news>"
            if piece.published
            else ""
        )
        + "</url>\n"
        for piece in pieces
    )
    return (
        f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{listed}</urlset>\n'
    )


def robots(outlet: Outlet, *, base: str) -> str:
    lines = ["User-agent: *"]
    if outlet.robots.crawl_delay is not None:
        lines.append(f"Crawl-delay: {outlet.robots.crawl_delay}")
    lines += [f"Disallow: {path}" for path in outlet.robots.disallow] or ["Disallow:"]
    return "\n".join([*lines, "", f"Sitemap: {base}{SITEMAP_PATH}", ""])


def _summary(piece: Piece) -> str:
    return piece.lead or piece.body[0]


def _teaser(piece: Piece, base: str) -> str:
    """The lead with a linked picture before it, as HTML: the habit of most Vietnamese feeds."""
    link = quoteattr(base + piece.path)
    return f'<a href={link}><img src="{base}/thumbnail.jpg" alt=""></a><br>{escape(_summary(piece))}'


def _text(words: str) -> str:
    return escape(_NOT_XML.sub(" ", words))


def _cdata(words: str) -> str:
    return f"<![CDATA[{_NOT_XML.sub(' ', words).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _moment(published: datetime | date) -> str:
    return when(published, "%Y-%m-%dT%H:%M:%S+07:00", "%Y-%m-%d")


def _rss_date(outlet: Outlet, piece: Piece) -> str:
    published = piece.published
    if not isinstance(published, datetime):
        return published.isoformat() if published else ""
    if Quirk.BAD_DATES in outlet.quirks:
        forms = (
            "%d/%m/%Y %H:%M",
            "%a, %d %b %Y %H:%M:%S GMT+7",
            "%Y-%m-%d %H:%M:%S",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Thu, 31 Dec 2099 23:59:59 GMT",
        )
        return when(published, forms[stable_number(piece.path) % len(forms)], "")
    return format_datetime(clock.local(published))
