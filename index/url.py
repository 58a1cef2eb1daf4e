"""Addresses of articles: one canonical form, and from it the id."""

from __future__ import annotations

import hashlib
import ipaddress
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
_HOST: Final = re.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*")
_BARE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "/%:@!$&'()*+,;=?~-._"


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The one form under which an address is known, or None if it is not an http(s) page.

    Lower-case scheme and host, no user-info, default port, dot segment, fragment or tracking parameter; other
    parameters sorted; percent-escapes in one form; https and http, www and bare host are kept apart, as they may be
    different pages. The canonical form of a canonical form is itself. `base` is the page a relative link stood on.
    """
    url = _LINE_BREAKS.sub("", url).strip()
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), _host(parts.hostname or "")
    if scheme not in _DEFAULT_PORT or host is None or "\\" in url:
        return None
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    path = _without_dots(_escaped(parts.path)) or "/"
    parameters = (_escaped(parameter) for parameter in parts.query.split("&") if parameter)
    query = "&".join(sorted(p for p in parameters if not _TRACKING.match(p.partition("=")[0])))
    canonical = urlunsplit((scheme, netloc, path, query, ""))
    return canonical if len(canonical) <= MAX_LENGTH else None


def _host(host: str) -> str | None:
    """A host name in ASCII, or an IPv6 address in brackets; None if it is neither."""
    try:
        if ":" in host and "%" not in host:
            return f"[{ipaddress.IPv6Address(host)}]"
        name = host.encode("idna").decode().lower().rstrip(".")
    except ValueError:
        return None
    return name if _HOST.fullmatch(name) else None


def _without_dots(path: str) -> str:
    """A path without `.` and `..` (RFC 3986 §5.2.4), so that no page has two addresses."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def _escaped(part: str) -> str:
    """Percent-escapes in one form: what need not be escaped is not, the rest in upper-case hex; nothing else moves."""

    def once(escape: re.Match[str]) -> str:
        character = chr(int(escape.group(1), 16))
        return character if character in _UNRESERVED else escape.group().upper()

    return quote(_ESCAPE.sub(once, _BARE_PERCENT.sub("%25", part)), safe=_KEPT, errors="replace")


def article_id(canonical: str) -> ArticleId:
    """The id of the article at a canonical address: 128 bits of its SHA-256, in hex."""
    return ArticleId(hashlib.sha256(canonical.encode()).hexdigest()[:32])


def unaddressed_id(source_id: str, title: str, text: str, published: datetime | None) -> ArticleId:
    """The id of an item without an address, from where, what and when."""
    when = published.isoformat() if published else ""
    return ArticleId(hashlib.sha256("\x1f".join((source_id, title, text, when)).encode()).hexdigest()[:32])
