"""Pages as outlets show them: one template a layout, in the newsroom's folder; every word of an article is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from crawlers.newsroom.outlet import Layout, Outlet, Piece
from crawlers.newsroom.week import read_yaml
from index import clock
from index.source import Selectors

RELATED: Final = 6


class Layouts:
    """The templates of a folder. `base` is an outlet's address without a slash at its end."""

    def __init__(self, folder: Path) -> None:
        """Raises `ConfigError` where `select.yaml` is wrong."""
        self.selectors: Mapping[Layout, Selectors] = read_yaml(folder / "select.yaml", dict[Layout, Selectors])
        self._templates = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
        )
        self._templates.filters["when"] = when
        self._templates.filters["iso"] = iso

    def article(self, outlet: Outlet, piece: Piece, newest: Sequence[Piece], *, base: str, feed: str) -> str:
        """The article's page, with links to the newest others."""
        related = [other for other in newest if other.path != piece.path][:RELATED]
        return self._templates.get_template(f"{outlet.layout}.html").render(
            outlet=outlet,
            piece=piece,
            section=outlet.sections[piece.section],
            related=related,
            url=base + piece.path,
            feed=feed,
            json_ld=partial(json_ld, piece, outlet),
        )

    def front(self, outlet: Outlet, heading: str, pieces: Sequence[Piece], *, feed: str) -> str:
        """The home page or a section's page: a list of articles."""
        return self._templates.get_template(f"{outlet.layout}.html").render(
            outlet=outlet, piece=None, heading=heading, pieces=pieces, related=pieces[:RELATED], feed=feed
        )

    def login(self, outlet: Outlet) -> str:
        return self._templates.get_template("login.html").render(outlet=outlet)


def when(published: datetime | date, moment: str, day: str, zone: str = clock.ZONE.key) -> str:
    """A publication time in the form `moment`, or in the form `day` where only the date is known."""
    if isinstance(published, datetime):
        return published.astimezone(ZoneInfo(zone)).strftime(moment)
    return published.strftime(day)


def iso(published: datetime | date) -> str:
    """ISO 8601 in Viet Nam's time; a bare date where only that is known."""
    return clock.local(published).isoformat() if isinstance(published, datetime) else published.isoformat()


def json_ld(piece: Piece, outlet: Outlet, *, zone: str = clock.ZONE.key, zoned: bool = True) -> Markup:
    """The article as schema.org describes one, ready for a script element; without `zoned` its times name no zone."""

    def written(moment: datetime | date) -> str:
        if not isinstance(moment, datetime):
            return moment.isoformat()
        there = moment.astimezone(ZoneInfo(zone))
        return (there if zoned else there.replace(tzinfo=None)).isoformat()

    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "publisher": {"@type": "Organization", "name": outlet.name},
    }
    if piece.published:
        told["datePublished"] = written(piece.published)
    if piece.edited and piece.changed:
        told["dateModified"] = written(piece.changed)
    if piece.byline:
        told["author"] = {"@type": "Person", "name": piece.byline}
    return htmlsafe_json_dumps(told)
