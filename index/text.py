"""Vietnamese text as it is stored and as search sees it."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from typing import Final

# Zero-width and directional marks split words for search and turn lines round on screen, tag characters hide whole
# sentences; no Vietnamese text needs one.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text fit to be stored: NFC, no control, zero-width or direction characters, one space, one line break.

    Evidence counts characters of this form, so it is applied once, before an article is made.
    """
    if not text.replace("\n", " ").isprintable():  # as none of these is
        text = _SURROGATE.sub("\ufffd", text)
        text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    # Split and joined, which is five times faster than regular expressions are.
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(filter(None, lines))


def one_line(text: str) -> str:
    """`clean` on a single line, for titles and names."""
    return clean(text).replace("\n", " ")


def fold(text: str) -> str:
    """Text as search compares it: lower case, no marks, d for đ ("Đà Lạt" -> "da lat").

    đ has no decomposition, so stripping marks alone would leave it. Every NFC character of Vietnamese folds to exactly
    one, so positions in the folded text are positions in the original; a character that would fold to more or to none
    is kept as it is.
    """
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


class _Folded(dict[int, str]):
    """What each character folds to, worked out when it is first met: a table is twenty times faster than a function."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = "".join(c for c in unicodedata.normalize("NFD", character.lower()) if not unicodedata.combining(c))
        self[code] = base if len(base) == 1 else character
        return self[code]


# Ð and ð, the Icelandic letter, stand for Đ in texts that were typed with another keyboard: they look the same. So do
# Cyrillic and Greek letters, small or capital, in texts that hide their words from whoever searches for them.
_LOOKALIKES: Final = dict(
    zip(
        "а в е к м н о р с т у х і ј ѕ һ α β ε ζ η ι κ μ ν ο ρ τ υ χ",
        "a b e k m h o p c t y x i j s h a b e z h i k m n o p t y x",
        strict=True,
    )
)
_FOLDED: Final = _Folded(
    dict.fromkeys(map(ord, ("đ", "Đ", "ð", "Ð")), "d")
    | {ord(form): plain for letter, plain in _LOOKALIKES.items() for form in (letter, letter.upper())}
)


_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"


def modern_tone(text: str) -> str:
    """The tone mark where today's spelling puts it: "hoà" -> "hòa", "thuỷ" -> "thủy".

    Old spelling marks the second vowel of an open oa, oe, uy; the mark is moved to the first. Length is kept in NFC.
    """
    return _OPEN_VOWELS.sub(lambda found: _MOVED.get(found.group(), found.group()), text)


def _moved_pairs() -> dict[str, str]:
    """Every pair of an unmarked and a marked vowel, in either case, with the mark moved to the first."""
    pairs = {}
    for pair in ("oa", "oe", "uy"):
        for first, second in itertools.product(*((letter, letter.upper()) for letter in pair)):
            for tone in _TONES:
                old = unicodedata.normalize("NFC", first + second + tone)
                pairs[old] = unicodedata.normalize("NFC", first + tone + second)
    return pairs


_MOVED: Final = _moved_pairs()
# Begins with a plain set of letters, which the regular expression engine finds ten times faster than a look-behind.
_OPEN_VOWELS: Final = re.compile(rf"[oOuU](?<![qQ].)[{''.join({pair[1] for pair in _MOVED})}](?!\w)")


# --- words, as search sees them -----------------------------------------------------------------------------------

_MAX_PHRASES: Final = 64
# Chinese and Japanese are written without spaces: each character is a word, and a run of them a phrase.
_UNSPACED: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_UNSPACED_WORD: Final = re.compile(f"[{_UNSPACED}]")
_LETTER: Final = rf"[^\W_{_UNSPACED}]"
_WORD: Final = re.compile(rf"{_UNSPACED_WORD.pattern}|{_LETTER}{{1,64}}")
_QUOTES: Final = re.compile(r'["\u201c\u201d\u201e\u00ab\u00bb]')


def exact_words(text: str) -> str:
    """The words of a text with their marks: lower case, tone marks in today's places, one space between.

    Every archive splits at these spaces and nowhere else, so all find the same. What runs on for more than 64
    characters is several words.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return modern_tone(" ".join(words))


def small(text: str) -> str:
    """A text in NFC as its `exact_words` are compared, every character in its place.

    The few capitals whose small form is longer stay as they are.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(form if len(form := character.lower()) == 1 else character for character in text)
    return modern_tone(lowered)


def standing(phrase: str) -> re.Pattern[str]:
    """Finds one of `phrases` in a `small` text, or one that is folded in a folded text, whatever stands between its
    words."""
    # Each word begins with its letters, which the regular expression engine finds many times faster than a look-behind.
    words = (
        word if _UNSPACED_WORD.match(word) else rf"{word}(?<!{_LETTER}{word})(?!{_LETTER})"
        for word in phrase.split(" ")
    )
    return re.compile(r"[\W_]*".join(words))


def phrases(query: str) -> tuple[str, ...]:
    """What a search asks for: each as `exact_words`; several words in one must stand together, in this order.

    What stands in double quotes is a phrase, and so is a chain like "covid-19"; nothing else in a query has a meaning.
    The first 64 count.
    """
    found: dict[str, None] = {}
    for position, part in enumerate(_QUOTES.split(query)):
        for chunk in [part] if position % 2 else part.split():
            found[exact_words(chunk)] = None
    found.pop("", None)
    return tuple(found)[:_MAX_PHRASES]


def content_hash(title: str, text: str) -> str:
    """SHA-256 (hex) of an article's words: the same words anywhere have the same hash."""
    return hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest()
