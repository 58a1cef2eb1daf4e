"""HTML as outlets send it: bytes into a tree, a tree into text. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from crawlers.collector import Page
from crawlers.legacy import from_single_bytes, legible
from index.errors import Unreadable
from index.text import clean

_DECLARED: Final = re.compile(
    rb"(?:<meta[^>]{0,200}charset|<\?xml[^>]{0,100}encoding)\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE
)
_NOT_BELIEVED: Final = frozenset({"utf-8", "utf8", "windows-1258", "cp1258"})
"""Declared by pages that are in neither; what they are shows by itself."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_ROOT: Final = re.compile(
    rb"\A(?:\s|<\?[^>]*>|<!--.*?-->|<!doctype(?P<doctype>[^>]*)>)*<(?P<root>[\w:]+)", re.DOTALL | re.IGNORECASE
)
_HTML: Final = re.compile(rb"<(?:html|head|body|title|div|p|article|h1)\b", re.IGNORECASE)
_HEAD: Final = 4096
"""Bytes in which the form and the encoding of a page are looked for."""
_DAMAGED: Final = 0.5
"""Share of the characters beyond ASCII that may be wrong in what is still UTF-8; in another encoding nearly all are."""
# No XML may hold these; of a page that does, nothing would be read.
_CONTROL: Final = bytes((*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_SPACED: Final = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())
_ELEMENTS: Final = etree.ElementDefaultClassLookup(
    element=html.HtmlElement, comment=html.HtmlComment, pi=html.HtmlProcessingInstruction, entity=html.HtmlEntity
)
"""What lxml does by itself, except that fields of forms are nothing special: it asks Python about each element."""
_SIGNATURES: Final = {
    b"%PDF": "pdf",
    b"PK\x03\x04": "zip",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
}
_SILENT: Final = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "button", "form", "select"})
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "img", "ins", "label", "mark", "q", "s", "small"}
    | {"span", "strong", "sub", "sup", "time", "u", "wbr"}
)
"""Elements that stand within a line; every other one that shows begins and ends one."""
_WITHIN: Final = _INLINE | _SILENT


def kind_of(page: Page) -> str:
    """What the bytes are, whatever the header says: "html", "xml", "pdf", "image", "zip", "empty" or the media type."""
    body = page.body[:_HEAD]
    if body.startswith(_UTF_16):
        body = body.decode("utf-16", "replace").encode("utf-8", "replace")
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        return "empty"
    for signature, kind in _SIGNATURES.items():
        if body.startswith(signature):
            return kind
    root = _ROOT.match(body)
    if root:
        is_html = b"html" in (root["doctype"] or b"").lower() or _HTML.match(b"<" + root["root"])
        return "html" if is_html else "xml"
    return "html" if _HTML.search(body) else page.media_type or "unknown"


def decoded(page: Page) -> str:
    """The page's text. What decodes as UTF-8 is UTF-8; else what header or markup declare; else an old Vietnamese
    encoding; and what in it is garbled all the same is mended.

    Declarations come second because outlets move to UTF-8 and forget to say so, and the reverse.
    """
    return legible(_decoded(page))


def _decoded(page: Page) -> str:
    body = page.body
    if body.startswith(_UTF_16):
        return body.decode("utf-16", "replace")
    text = body.decode("utf-8-sig", "replace")
    wrong = text.count("\ufffd")
    if wrong == 0:
        return text
    declared = _DECLARED.search(body[:_HEAD])
    for encoding in (page.charset, declared and declared[1].decode("ascii")):
        if encoding and encoding.lower() not in _NOT_BELIEVED:
            try:
                return body.decode(encoding)
            except (LookupError, UnicodeDecodeError):
                continue
    if wrong <= _DAMAGED * sum(not character.isascii() for character in text):
        return text
    return from_single_bytes(body)


def tree_of(page: Page, expected: str) -> html.HtmlElement:
    """The page as a tree with absolute links. Raises `Unreadable` naming what it is instead."""
    kind = kind_of(page)
    if kind not in ("html", "xml"):
        raise Unreadable(expected=expected, found=kind)
    # As bytes, because lxml refuses a text that names an encoding, as XHTML does in its first line.
    markup = decoded(page).encode("utf-8", "replace").translate(_SPACED, b"\x00")
    for noncharacter in _NONCHARACTERS:
        markup = markup.replace(noncharacter, b" ")
    parser = etree.HTMLParser(encoding="utf-8")
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise Unreadable(expected=expected, found="empty") from error
    return tree


def chosen(tree: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """The elements that a declared selector names. Raises `Unreadable` for what is no CSS."""
    try:
        return list(_compiled(selector)(tree))
    except SelectorError as error:
        raise Unreadable(expected="css", found=selector) from error


@lru_cache(maxsize=1_000)
def _compiled(selector: str) -> CSSSelector:
    """Compiling one costs as much as reading a page with it."""
    return CSSSelector(selector, translator="html")


def text_of(element: html.HtmlElement) -> str:
    """The visible text of an element, a line for each block."""
    parts: list[str] = []
    _gather(element, parts)
    return clean("".join(parts))


def line_of(element: html.HtmlElement) -> str:
    """The visible text of an element on one line."""
    return text_of(element).replace("\n", " ")


def text_of_fragment(markup: str) -> str:
    """The text of a piece of HTML, as feeds carry it; plain text stays as it is."""
    markup = legible(markup)
    if "<" not in markup and "&" not in markup:
        return clean(markup)
    try:
        return text_of(html.fromstring(f"<div>{markup}</div>"))
    except etree.ParserError:
        return ""


def same_words(one: str, other: str) -> bool:
    """Is one of two texts the other, or its beginning, apart from case, spaces and trailing marks?"""
    one, other = (" ".join(text.casefold().split()).strip(" .…\"'") for text in (one, other))
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _gather(element: html.HtmlElement, parts: list[str]) -> None:
    """Walked without recursion: a hostile page nests 200,000 deep."""
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        block = "\n" if isinstance(node.tag, str) and node.tag not in _WITHIN else ""
        if event == "start":
            parts.append(block)
            if node.tag in _SILENT:
                walk.skip_subtree()
            else:
                parts.append(node.text or "")
        elif node is not element:
            parts.append(block)
            parts.append(node.tail or "")
