"""Addresses of articles: one canonical form, and from it the id."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from index.model import ArticleId

MAX_LENGTH: Final = 2048
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
# Parameters that say who sent the reader, never which page is meant.
_TRACKING: Final = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|zarsrc|zalo\w*|mc_[ce]id|igshid|yclid|msclkid|_ga|_gl|ref|ref_src|cmpid|vnsource|"
    r"vn_source|vn_campaign|vn_medium|vn_term|vn_thumb|reqpage|gidzl|share|amp)$",
    re.IGNORECASE,
)
_LINE_BREAKS: Final = re.compile("[\\t\\r\\n]")
_ESCAPE: Final = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "/%:@!$&'()*+,;=?~-._"


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The one form under which an address is known, or None if it is not an http(s) page.

    Lower-case scheme and host, no user-info, default port, fragment or tracking parameter; other parameters sorted;
    percent-escapes in one form; https and http, www and bare host are kept apart, as they may be different pages.
    `base` is the page a relative link stood on.
    """
    url = _LINE_BREAKS.sub("", url).strip()
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT or not host or "\\" in url:
        return None
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    parameters = sorted(p for p in parts.query.split("&") if p and not _TRACKING.match(p.partition("=")[0]))
    canonical = urlunsplit((scheme, netloc, _escaped(parts.path) or "/", _escaped("&".join(parameters)), ""))
    return canonical if len(canonical) <= MAX_LENGTH else None


def _escaped(part: str) -> str:
    """Percent-escapes in one form: what need not be escaped is not, the rest in upper-case hex; nothing else moves."""

    def once(escape: re.Match[str]) -> str:
        character = chr(int(escape.group(1), 16))
        return character if character in _UNRESERVED else escape.group().upper()

    return quote(_ESCAPE.sub(once, part), safe=_KEPT, errors="replace")


def article_id(canonical: str) -> ArticleId:
    """The id of the article at a canonical address: 128 bits of its SHA-256, in hex."""
    return ArticleId(hashlib.sha256(canonical.encode()).hexdigest()[:32])


def unaddressed_id(source_id: str, title: str, text: str, published: datetime | None) -> ArticleId:
    """The id of an item without an address, from where, what and when."""
    when = published.isoformat() if published else ""
    return ArticleId(hashlib.sha256("\x1f".join((source_id, title, text, when)).encode()).hexdigest()[:32])
