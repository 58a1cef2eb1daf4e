"""Vietnamese text as it is stored and as search sees it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

# Zero-width and directional marks split words for search and turn lines round on screen; no Vietnamese text needs one.
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_BLANK_LINES: Final = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """Text fit to be stored: NFC, no control, zero-width or direction characters, one space, one line break.

    Evidence counts characters of this form, so it is applied once, before an article is made.
    """
    text = _SURROGATE.sub("\ufffd", text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = _BLANK_LINES.sub("\n", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    return text.strip()


def one_line(text: str) -> str:
    """`clean` on a single line, for titles and names."""
    return clean(text).replace("\n", " ")


def fold(text: str) -> str:
    """Text as search compares it: lower case, no marks, d for đ ("Đà Lạt" -> "da lat").

    đ has no decomposition, so stripping marks alone would leave it. Every NFC character of Vietnamese folds to exactly
    one, so positions in the folded text are positions in the original; a character that would fold to more or to none
    is kept as it is.
    """
    return "".join(map(_fold_character, unicodedata.normalize("NFC", text)))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character in ("đ", "Đ"):
        return "d"
    base = "".join(c for c in unicodedata.normalize("NFD", character.lower()) if not unicodedata.combining(c))
    return base if len(base) == 1 else character


_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"


def modern_tone(text: str) -> str:
    """The tone mark where today's spelling puts it: "hoà" -> "hòa", "thuỷ" -> "thủy".

    Old spelling marks the second vowel of an open oa, oe, uy; the mark is moved to the first. Length is kept in NFC.
    """
    return _MISPLACED.sub(lambda found: _with_case(_MOVED[found.group().casefold()], found.group()), text)


def _with_case(moved: str, original: str) -> str:
    return "".join(m.upper() if o.isupper() else m for m, o in zip(moved, original, strict=True))


def _moved_pairs() -> dict[str, str]:
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            old = unicodedata.normalize("NFC", first + second + tone)
            pairs[old] = unicodedata.normalize("NFC", first + tone + second)
    return pairs


_MOVED: Final = _moved_pairs()
_MISPLACED: Final = re.compile(rf"(?<![qQ])(?:{'|'.join(_MOVED)})(?!\w)", re.IGNORECASE)


def content_hash(title: str, text: str) -> str:
    """SHA-256 (hex) of an article's words: the same words anywhere have the same hash."""
    return hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest()
