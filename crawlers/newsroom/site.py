"""One outlet's web site: from a path and a moment to an answer. Pure; what breaks on the wire is the server's part."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from crawlers.newsroom import feeds
from crawlers.newsroom.layouts import RELATED, Layouts
from crawlers.newsroom.outlet import Edition, Outlet, Piece, Quirk, latest

LISTED: Final = 40
"""Articles on a home page, a section's page and in a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "text/html"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What stands at a path, before anybody asks whether it has changed since; `changed` None: nobody knows when."""

    text: str
    content_type: str = "text/html"
    status: HTTPStatus = HTTPStatus.OK
    changed: datetime | None = None


_MISSING: Final = _Shown(text="404 Not Found\n", content_type="text/plain", status=HTTPStatus.NOT_FOUND)
_FORBIDDEN: Final = _Shown(text="403 Forbidden\n", content_type="text/plain", status=HTTPStatus.FORBIDDEN)


class Site:
    """An outlet at `base`, its address without a slash at the end."""

    def __init__(self, outlet: Outlet, edition: Edition, layouts: Layouts, *, base: str) -> None:
        self.outlet = outlet
        self.base = base
        self._edition = edition
        self._layouts = layouts
        self._feed_path = feeds.FEED_PATH[outlet.feed]
        self._pages: dict[str, Callable[[datetime], _Shown]] = {
            "/": self._home,
            "/robots.txt": self._robots,
            self._feed_path: self._feed,
            feeds.SITEMAP_PATH: self._sitemap_index,
        }

    @property
    def start_path(self) -> str:
        """What the outlet's collector asks for first."""
        return {"feed": self._feed_path, "sitemap": feeds.SITEMAP_PATH, "pages": "/"}[self.outlet.collector]

    def answer(
        self, path: str, now: datetime, *, if_none_match: str | None = None, if_modified_since: str | None = None
    ) -> Answer:
        """What stands at a path, or 304 where the two headers of the request say that this is known."""
        shown = self._shown(path, now)
        body = shown.text.encode("utf-8", "replace")
        if shown.status is not HTTPStatus.OK:
            return Answer(status=shown.status, content_type=shown.content_type, body=body)
        validators = self._validators(path, body, shown.changed)
        if _is_known(validators, if_none_match, if_modified_since):
            return Answer(status=HTTPStatus.NOT_MODIFIED, content_type=shown.content_type, headers=validators)
        return Answer(content_type=shown.content_type, body=body, headers=validators)

    def _validators(self, path: str, body: bytes, changed: datetime | None) -> dict[str, str]:
        if Quirk.NO_ETAG in self.outlet.quirks:
            return {}
        lying = Quirk.LYING_ETAG in self.outlet.quirks
        validators = {"ETag": f'"{hashlib.sha256(path.encode() if lying else body).hexdigest()[:20]}"'}
        if changed and not lying:
            validators["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
        return validators

    # --- what stands where

    def _shown(self, path: str, now: datetime) -> _Shown:
        if path in self._pages:
            return self._pages[path](now)
        if any(path.startswith(disallowed) for disallowed in self.outlet.robots.disallow):
            return _Shown(text=self._layouts.login(self.outlet))
        if path.strip("/") in self.outlet.sections:
            return self._section(path.strip("/"), now)
        number = path.removeprefix("/sitemaps/").removesuffix(".xml")
        if number.isdecimal() and feeds.CHAPTER_PATH.format(number=number) == path:
            return self._chapter(int(number), now)
        return self._article(path, now)

    def _home(self, now: datetime) -> _Shown:
        return self._list(self.outlet.name, self._edition.newest(self.outlet, now, limit=LISTED))

    def _section(self, section: str, now: datetime) -> _Shown:
        newest = self._edition.newest(self.outlet, now, limit=LISTED)
        return self._list(self.outlet.sections[section], [piece for piece in newest if piece.section == section])

    def _list(self, heading: str, pieces: Sequence[Piece]) -> _Shown:
        page = self._layouts.front(self.outlet, heading, pieces, feed=self._feed_path)
        return _Shown(text=page, changed=latest(pieces))

    def _article(self, path: str, now: datetime) -> _Shown:
        piece = self._edition.piece(self.outlet, path, now)
        if piece is None:
            return _MISSING
        if Quirk.FEED_ONLY in self.outlet.quirks:
            return _FORBIDDEN
        if Quirk.LOGIN_WALL in self.outlet.quirks:
            return _Shown(text=self._layouts.login(self.outlet))
        newest = self._edition.newest(self.outlet, now, limit=RELATED + 1)
        page = self._layouts.article(self.outlet, piece, newest, base=self.base, feed=self._feed_path)
        return _Shown(text=page, changed=piece.changed)

    def _feed(self, now: datetime) -> _Shown:
        newest = self._edition.newest(self.outlet, now, limit=LISTED)
        kind = feeds.FEED_TYPE[self.outlet.feed]
        return _Shown(text=feeds.feed(self.outlet, newest, base=self.base), content_type=kind, changed=latest(newest))

    def _sitemap_index(self, now: datetime) -> _Shown:
        chapters = self._edition.chapters(self.outlet, now)
        text = feeds.sitemap_index(chapters, base=self.base)
        changed = max(filter(None, chapters), default=None)
        return _Shown(text=text, content_type="application/xml", changed=changed)

    def _chapter(self, number: int, now: datetime) -> _Shown:
        if not 1 <= number <= len(self._edition.chapters(self.outlet, now)):
            return _MISSING
        pieces = self._edition.chapter(self.outlet, number, now)
        text = feeds.sitemap(self.outlet, pieces, base=self.base)
        return _Shown(text=text, content_type="application/xml", changed=latest(pieces))

    def _robots(self, now: datetime) -> _Shown:  # noqa: ARG002  it never changes
        if self.outlet.robots.missing:
            return _MISSING
        return _Shown(text=feeds.robots(self.outlet, base=self.base), content_type="text/plain")


def _is_known(validators: Mapping[str, str], if_none_match: str | None, if_modified_since: str | None) -> bool:
    """RFC 9110 §13.1: If-None-Match, where it is given, is the only one looked at."""
    if if_none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return "ETag" in validators and bool(tags & {"*", validators["ETag"]})
    if if_modified_since is None or "Last-Modified" not in validators:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return parsedate_to_datetime(validators["Last-Modified"]) <= since.replace(tzinfo=since.tzinfo or UTC)
