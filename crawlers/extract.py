"""An article's page into title, text, byline and time. Pure.

What an outlet declares (selectors of its source) goes first, then what the page says for machines, then what it shows
to readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html
from trafilatura.settings import Document

from crawlers.collector import Page
from crawlers.dates import Dates, is_plausible
from crawlers.markup import chosen, line_of, same_words, text_of, tree_of
from crawlers.structured import Structured, structured
from index.errors import Unreadable
from index.model import Extent, Found, PublishedFrom
from index.source import Selectors, Source
from index.text import clean, fold, one_line
from index.url import canonical_url

_EXPECTED: Final = "article"
_DATE_CLASS: Final = re.compile(r"date|time|publish|posted", re.IGNORECASE)
_BYLINE_CLASS: Final = re.compile(r"(?:^|[-_\s])(?:author|byline)", re.IGNORECASE)
_LEAD_CLASS: Final = re.compile(r"sapo|lead|summary|description|intro|excerpt|standfirst", re.IGNORECASE)
_URL_DAY: Final = re.compile(r"/(20\d{2})[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/-]|$)")
_NAMED: Final = etree.XPath("descendant-or-self::*[@class or @id]")
_HEAD: Final = frozenset({"header", "nav", "footer"})
_REMARK: Final = re.compile(r"\s*\([^()]*\)\s*$")
_DATE_LENGTH: Final = 80
"""Characters of the longest line that is a date line; longer ones are prose that mentions a date."""
_BYLINE_LENGTH: Final = 60
_BYLINE_WORDS: Final = range(2, 9)
_WALL_LENGTH: Final = 400
"""Characters below which a page that asks for a password is a wall and not an article."""


def read_article(page: Page, source: Source, dates: Dates) -> Found:
    """The article on a page, with what the source said of it where the page is silent.

    Its address is the one that was asked for, not the one redirects ended at, so that it is the same article the next
    time it is announced. Raises `Unreadable` for what is not an article: another format, a wall, the front page, a page
    that says less than was announced of it.
    """
    tree = tree_of(page, _EXPECTED)
    if _is_front(page.url) and not _is_front(page.ask.url):
        raise Unreadable(expected=_EXPECTED, found="front_page")
    facts = structured(tree, page.ask.url)
    title = _title(tree, facts, source.select)
    byline, text = _byline_and_text(tree, facts, source.select, title)
    if tree.find(".//input[@type='password']") is not None and len(text) < _WALL_LENGTH:
        raise Unreadable(expected=_EXPECTED, found="login")
    said = page.ask.carry
    title = title or (said.title if said else "")
    if not title or not text:
        raise Unreadable(expected=_EXPECTED, found="no_text" if title else "no_title")
    if said and len(text) < len(said.text):
        raise Unreadable(expected=_EXPECTED, found="less_than_announced")
    published, origin = _published(tree, facts, source.select, page, dates)
    return Found(
        url=canonical_url(page.ask.url),
        title=title,
        text=text,
        published=published,
        published_from=origin,
        byline=byline or (said.byline if said else None),
        extent=Extent.PAGE,
    )


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


# --- title ----------------------------------------------------------------------------------------------------------


def _title(tree: html.HtmlElement, facts: Structured, select: Selectors) -> str:
    """The heading that readers see, where it agrees with what the page says for machines."""
    if select.title:
        declared = next((line for line in map(line_of, chosen(tree, select.title)) if line), "")
        if declared:
            return declared
    headings = [line for line in map(line_of, tree.iter("h1")) if line]
    tab = one_line(tree.findtext(".//head/title") or "")
    for heading in headings:
        if any(same_words(heading, said) for said in (facts.headline, tab)):
            return heading
    return facts.headline or (headings[0] if len(headings) == 1 else tab)


# --- text and byline ------------------------------------------------------------------------------------------------


def _byline_and_text(
    tree: html.HtmlElement, facts: Structured, select: Selectors, title: str
) -> tuple[str | None, str]:
    """Without the heading on top, and without a last line that only says who wrote it."""
    byline = _declared_byline(tree, select) or _stated_byline(facts) or _shown_byline(tree, facts)
    lines = _body(tree, select).splitlines()
    if lines and same_words(lines[0], title) and len(lines[0]) <= len(title) + 1:
        del lines[0]
    if lines and (signed := _name(lines[-1], facts)) and (byline is None or _people(signed) <= _people(byline)):
        byline = byline or signed
        del lines[-1]
    lead = _lead(tree, facts)
    if lead and not any(same_words(lead, line) or lead in line for line in lines[:5]):
        lines.insert(0, lead)
    return byline, "\n".join(lines)


def _body(tree: html.HtmlElement, select: Selectors) -> str:
    if select.body:
        parts = [text_of(element) for element in chosen(tree, select.body)]
        if any(parts):
            return "\n".join(part for part in parts if part)
    found = trafilatura.bare_extraction(
        tree, fast=True, with_metadata=False, include_comments=False, include_tables=True, include_formatting=False
    )
    return clean(found.text or "") if isinstance(found, Document) else ""


def _lead(tree: html.HtmlElement, facts: Structured) -> str:
    """The standfirst as shown, which many layouts keep outside the body; it often alone names the place."""
    if not facts.description:
        return ""
    for element in _classed(tree, _LEAD_CLASS):
        line = line_of(element)
        if same_words(line, facts.description):
            return line
    return ""


def _declared_byline(tree: html.HtmlElement, select: Selectors) -> str | None:
    if not select.byline:
        return None
    names = dict.fromkeys(line for line in map(line_of, chosen(tree, select.byline)) if line)
    return ", ".join(names) or None


def _stated_byline(facts: Structured) -> str | None:
    """Authors that are people: not the outlet, not an address, not the account ("admin") that a meta tag may name."""
    people = facts.authors or ((facts.author,) if len(facts.author.split()) in _BYLINE_WORDS else ())
    names = [name for name in people if "://" not in name and not _names_outlet(name, facts)]
    return ", ".join(dict.fromkeys(names)) or None


def _shown_byline(tree: html.HtmlElement, facts: Structured) -> str | None:
    for element in _classed(tree, _BYLINE_CLASS):
        name = _name(line_of(element), facts)
        if name:
            return name
    return None


def _name(line: str, facts: Structured) -> str | None:
    """A line that is only names ("Hà Thu (tổng hợp)"): a few words, each with a capital, no end of a sentence."""
    name = _REMARK.sub("", line).strip(" -–,")
    words = [word for word in re.split(r"[\s,–-]+", name) if word]
    if len(name) > _BYLINE_LENGTH or len(words) not in _BYLINE_WORDS:
        return None
    if name[-1] in ".:!?…" or not all(word[0].isupper() for word in words) or _names_outlet(name, facts):
        return None
    return name


def _people(names: str) -> set[str]:
    return {name.strip().casefold() for name in re.split(r"\s[-–]\s|[,;]", names)}


def _names_outlet(name: str, facts: Structured) -> bool:
    """Is it the outlet that signs? Its name may be written with or without marks and spaces ("TUOI TRE ONLINE")."""
    said = _letters(name)
    return any(said in site or site in said for site in map(_letters, facts.sites) if site)


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _classed(tree: html.HtmlElement, pattern: re.Pattern[str]) -> Iterator[html.HtmlElement]:
    """Elements whose class or id matches, in document order."""
    for element in _NAMED(tree):
        if pattern.search(_names(element)):
            yield element


def _names(element: html.HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


# --- time -----------------------------------------------------------------------------------------------------------


def _published(
    tree: html.HtmlElement, facts: Structured, select: Selectors, page: Page, dates: Dates
) -> tuple[datetime | None, PublishedFrom]:
    """The most trusted time there is: declared, for machines, from the feed, for readers, in the address; or none."""
    said = page.ask.carry
    stated = [facts.published, *(element.get("datetime") or "" for element in tree.iter("time"))]
    declared = chosen(tree, select.published) if select.published else []
    trusted = [dates.stated(element.get("datetime") or line_of(element)) for element in declared]
    for moment in (*trusted, *(dates.stated(value) for value in stated if value)):
        if moment and is_plausible(moment):
            return moment, PublishedFrom.PAGE
    if said and said.published:
        return said.published, said.published_from
    for line in _date_lines(tree):
        moment = dates.written(line)
        if moment and is_plausible(moment):
            return moment, PublishedFrom.PAGE
    day = _URL_DAY.search(urlsplit(page.ask.url).path)
    if day and (moment := dates.stated("-".join(day.groups()))):
        return moment, PublishedFrom.URL
    return None, PublishedFrom.NONE


def _date_lines(tree: html.HtmlElement) -> Iterator[str]:
    """Short lines of elements named after dates: those that follow the heading, then those that stand before it, the
    nearest first, except in the page's own head, where today's date stands."""
    above: list[str] = []
    below: list[str] = []
    lines = above
    for element in tree.iter():
        if element.tag == "h1":
            lines = below
        elif isinstance(element.tag, str) and _DATE_CLASS.search(_names(element)):
            line = line_of(element)
            if 0 < len(line) <= _DATE_LENGTH and not any(parent.tag in _HEAD for parent in element.iterancestors()):
                lines.append(line)
    yield from below
    yield from reversed(above)
