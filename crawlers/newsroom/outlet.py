"""What the newsroom plays: outlets with their habits, and the articles they publish."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, Protocol

import msgspec

from index.model import Channel
from index.text import fold


class Layout(StrEnum):
    """The template an outlet's pages are set in; it decides where and how title, time and author stand."""

    CLASSIC = "classic"
    MAGAZINE = "magazine"
    WIRE = "wire"
    PORTAL = "portal"
    FORUM = "forum"
    ENGLISH = "english"
    CHINESE = "chinese"
    BARE = "bare"


class FeedKind(StrEnum):
    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"


class Quirk(StrEnum):
    """A bad habit of an outlet."""

    SLOW = "slow"
    """Every answer comes late."""
    BREAKS = "breaks"
    """Every third request for an address, robots.txt apart, ends in a 500, half a body or a connection reset."""
    REDIRECTS = "redirects"
    """It moved: the address in the sources file answers 301 to the one where it lives now."""
    NO_ETAG = "no_etag"
    """Neither ETag nor Last-Modified."""
    LYING_ETAG = "lying_etag"
    """An ETag that stays the same when the page changes."""
    BAD_DATES = "bad_dates"
    """Its feed writes dates in ways no standard knows, or in the wrong century."""
    FEED_ONLY = "feed_only"
    """Articles answer 403."""
    LOGIN_WALL = "login_wall"
    """Articles answer 200 with a form to sign in."""


class Robots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What robots.txt says; `missing`: it answers 404. Disallowed paths show a form to sign in."""

    missing: bool = False
    crawl_delay: int | None = None
    disallow: tuple[str, ...] = ()


class Boilerplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words around an article that are not the article."""

    nav: tuple[str, ...]
    related: str
    footer: str
    copyright: str
    subscribe: str


class Outlet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented outlet. `sections` maps the name in addresses to the label on pages."""

    id: str
    name: str
    kind: Literal["national", "provincial", "trade", "portal", "forum", "english", "chinese", "aggregator"]
    channel: Channel
    language: str
    tier: Literal[1, 2, 3]
    licence_type: str
    official: bool
    collector: Literal["feed", "sitemap", "pages"]
    feed: FeedKind = FeedKind.RSS
    layout: Layout
    sections: dict[str, str]
    quirks: frozenset[Quirk] = frozenset()
    robots: Robots = Robots()
    boilerplate: Boilerplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as its outlet shows it at one moment.

    `published` is a bare date where the outlet gives no time, None where it gives no date. `changed` is when this
    wording appeared, None where nobody knows. `via` names the outlet it was taken from.
    """

    path: str
    section: str
    title: str
    lead: str
    body: tuple[str, ...]
    byline: str | None = None
    published: datetime | date | None = None
    changed: datetime | None = None
    edited: bool = False
    via: str | None = None


class Edition(Protocol):
    """What a set of outlets has published at a moment; the written week and a replayed file are two of them."""

    @property
    def outlets(self) -> Sequence[Outlet]: ...

    def newest(self, outlet: Outlet, now: datetime, *, limit: int) -> Sequence[Piece]:
        """Newest first."""
        ...

    def piece(self, outlet: Outlet, path: str, now: datetime) -> Piece | None:
        """The article at a path, None before it is published and where there is none."""
        ...

    def chapters(self, outlet: Outlet, now: datetime) -> Sequence[datetime | None]:
        """When each of the outlet's sitemaps last changed, None where that is not known; there is at least one."""
        ...

    def chapter(self, outlet: Outlet, number: int, now: datetime) -> Sequence[Piece]:
        """The articles of one sitemap, counted from 1; every article stands in exactly one."""
        ...

    def close(self) -> None: ...


_NOT_IN_SLUG: Final = re.compile("[^a-z0-9]+")
_SLUG_LENGTH: Final = 90
_ADDRESS: Final = {
    Layout.CLASSIC: "/{section}/{slug}-{number}.html",
    Layout.MAGAZINE: "/{slug}-post{number}.html",
    Layout.WIRE: "/{section}/{slug}-{number}.htm",
    Layout.PORTAL: "/{section}/-/bai-viet/{number}",
    Layout.FORUM: "/threads/{slug}.{number}/",
    Layout.ENGLISH: "/{section}/{slug}-{number}",
    Layout.CHINESE: "/{section}/{number}.shtml",
    Layout.BARE: "/{slug}-{number}.html",
}


def address(layout: Layout, section: str, title: str, number: int) -> str:
    """The path of an article, in the manner of its layout; `number` makes it unique within the outlet."""
    slug = _NOT_IN_SLUG.sub("-", fold(title)).strip("-")[:_SLUG_LENGTH].strip("-") or "a"
    return _ADDRESS[layout].format(section=section, slug=slug, number=number)


def stable_number(text: str) -> int:
    """The same seven digits for the same text on every machine."""
    return 1_000_000 + zlib.crc32(text.encode()) % 9_000_000


def latest(pieces: Sequence[Piece]) -> datetime | None:
    """When the last of the articles changed, None where that is known of none."""
    return max((piece.changed for piece in pieces if piece.changed), default=None)
