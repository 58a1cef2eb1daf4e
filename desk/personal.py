"""What an article's words, outlet and address may tell where they leave the desk: no private person, no account. Pure.

The daily page and exported files both go by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from desk.private_names import Known, PrivateNames
from desk.summary_stories import VIETNAMESE
from index.model import Article, Channel

_ACCOUNTS: Final = frozenset({Channel.FORUM, Channel.VIDEO, Channel.SOCIAL, Channel.PUBLIC})
"""Where a name is an account's or a private person's, not an outlet's."""
_HANDLE: Final = re.compile(r"(?<!\w)[@＠][\w.-]*\w")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}/[^\s,;)]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Nine or ten digits behind 0 or 84, with single spaces, dots or dashes between; no date, no part of a longer figure.
_TELEPHONE: Final = re.compile(
    r"(?<![\w+])(?<!\d[.,])(?!\d\d[.-]\d\d?[.-](?:19|20)\d\d(?!\d))"
    r"(?:\+84[ .-]?|84|0)[235789](?:[ .-]?\d){8,9}(?!\w|[.,]\d)"
)
_HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """`names` finds private persons in Vietnamese texts, `foreign_names` in others."""

    names: PrivateNames
    foreign_names: PrivateNames

    def told(self, article: Article, texts: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        """Words of an article as they may be shown, and whether anything was left out of them."""
        names = self.names if article.language == VIETNAMESE else self.foreign_names
        known = names.known(f"{article.title}\n{article.text}")
        told = tuple(_withhold(text, names, known, article.channel) for text in texts)
        return told, told != tuple(texts)

    def told_of_case(self, title: str, channel: Channel | None) -> tuple[str, bool]:
        """The title of a case whose articles are gone."""
        told = _withhold(title, self.names, Known(), channel)
        return told, told != title


def names_account(channel: Channel | None) -> bool:
    return channel in _ACCOUNTS


def host(url: str | None) -> str:
    """The host of an address, which names nobody; empty where there is none."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def _withhold(text: str, names: PrivateNames, known: Known, channel: Channel | None) -> str:
    # Addresses first: what is left of them may name somebody too.
    if names_account(channel):
        text = _ADDRESS.sub(_only_host, text)
    text = _TELEPHONE.sub(_HIDDEN, _MAIL.sub(_HIDDEN, text))
    if names_account(channel):
        text = _HANDLE.sub("@" + _HIDDEN, text)
    return names.withhold(text, known)[0]


def _only_host(found: re.Match[str]) -> str:
    written = found.group()
    return f"{host(written if '://' in written else '//' + written)}/{_HIDDEN}"
