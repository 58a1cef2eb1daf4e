"""What a page says about its article for machines: JSON-LD and meta tags. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import html

from index.text import one_line

_ARTICLE: Final = re.compile(r"(Article|Posting|NewsReport|Report)$")
_ORGANISATION: Final = re.compile(r"(Organization|WebSite)$")
_TRAILING_COMMA: Final = re.compile(r",\s*([}\]])")
_PUBLISHED: Final = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "dc.date.issued",
    "dcterms.created",
    "sailthru.date",
)
_DEPTH: Final = 6
"""Levels of JSON-LD that are looked through for an article; real ones lie within three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """As written by the outlet, on one line, entities resolved.

    `authors` are named as such, `author` is what a meta tag says; `sites` are names of the outlet itself.
    """

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    author: str = ""
    description: str = ""
    sites: tuple[str, ...] = ()


def structured(tree: html.HtmlElement, url: str) -> Structured:
    """What JSON-LD says, and meta tags where it is silent."""
    meta = _meta(tree)
    things = [thing for block in _blocks(tree) for thing in _things(block, _DEPTH)]
    article = next((thing for thing in things if _is(thing, _ARTICLE)), {})
    sites = [_said(thing, "name") for thing in things if _is(thing, _ORGANISATION)]
    authors = [person for person in _listed(article.get("author")) if not _is(person, _ORGANISATION)]
    names = [_plain(person) if isinstance(person, str) else _said(person, "name") for person in authors]
    return Structured(
        headline=_said(article, "headline") or meta.get("og:title", ""),
        published=_said(article, "datePublished") or next((meta[name] for name in _PUBLISHED if meta.get(name)), ""),
        authors=tuple(name for name in names if name),
        author=meta.get("author", ""),
        description=meta.get("og:description") or meta.get("description") or _said(article, "description"),
        sites=tuple(name for name in (*sites, meta.get("og:site_name", ""), _host_name(url)) if name),
    )


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """Names in lower case; the first of a name holds."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        if name and tag.get("content"):
            found.setdefault(name.strip().lower(), _plain(tag.get("content")))
    return found


def _blocks(tree: html.HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            # Line breaks inside strings and commas before brackets are common and harmless.
            text = _TRAILING_COMMA.sub(r"\1", script.text or "")
            try:
                yield json.loads(text, strict=False)
            except (json.JSONDecodeError, RecursionError):
                continue


def _things(block: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every object in a block, outer ones first."""
    if depth == 0:
        return
    if isinstance(block, dict):
        yield block
        for value in block.values():
            yield from _things(value, depth - 1)
    elif isinstance(block, list):
        for value in block:
            yield from _things(value, depth - 1)


def _is(thing: Any, kind: re.Pattern[str]) -> bool:
    kinds = _listed(thing.get("@type")) if isinstance(thing, dict) else []
    return any(isinstance(name, str) and kind.search(name) for name in kinds)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _said(thing: Any, key: str) -> str:
    value = thing.get(key) if isinstance(thing, dict) else None
    return _plain(value) if isinstance(value, str) else ""


def _plain(value: str) -> str:
    # Tuổi Trẻ escapes twice inside JSON-LD ("&amp;#7871;", 2026-03).
    return one_line(unescape(unescape(value)))


def _host_name(url: str) -> str:
    """The word in a host that names the outlet: "songlo" of www.songlo.com.vn; nothing for an address of numbers."""
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return max(labels[:-1], key=len, default="") if not labels[-1].isdigit() else ""
