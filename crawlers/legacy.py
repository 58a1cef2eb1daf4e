"""Vietnamese as it was written before Unicode, or garbled on the way, made legible. Pure.

Outlets' old pages, and texts pasted out of old documents, hold TCVN3, VNI or VIQR in place of letters; bytes of UTF-8
or of Windows' Vietnamese that passed for Western ones come as "Thá»§". What is meant is told by Vietnamese itself: its
syllables are few, and a piece of text is changed only where as it stands it is hardly made of them and, read in one of
these ways, almost wholly is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from html.entities import name2codepoint
from itertools import pairwise
from typing import Final

_Reading = Callable[[str], str | None]
"""What a token says when it is read in one way; None where it cannot be."""

_FEWEST: Final = 3
"""Different words of one piece of text that must turn into syllables, more than were syllables as they stood."""
_ALMOST: Final = 0.8
_LONGEST: Final = 100
"""Characters of a token that may be a word, garbled over and over; longer ones are code."""
_MOJIBAKE_DEPTH: Final = 3
"""How often a text may have been garbled over; each time makes it longer, more is hardly met."""


def legible(markup: str) -> str:
    """A text or markup with such pieces replaced; the same object where there are none.

    Pieces are what stands between tags, in attributes and on lines, so that a garbled paragraph in a sound page is
    mended by itself. Short ones are only where a longer one shows how they are meant. References to single characters
    (`&#184;`) count as the characters.
    """
    for _ in range(_MOJIBAKE_DEPTH):
        mended = _mended(markup)
        if mended == markup:
            break
        markup = mended
    return markup


def from_single_bytes(body: bytes) -> str:
    """The text of bytes that are not UTF-8 and declare nothing: an old Vietnamese encoding, else Windows' own."""
    as_western = "".join(_WESTERN[byte] for byte in body)
    mended = legible(as_western)
    return mended if mended != as_western else body.decode("cp1258", "replace")


def _mended(markup: str) -> str:
    pieces = {piece: _resolved(piece) for piece in _pieces(markup)}
    suspects = {piece: tokens for piece, text in pieces.items() if (tokens := _suspects(text))}
    readings = {piece: reading for piece, tokens in suspects.items() if (reading := _meant(tokens))}
    for piece, tokens in suspects.items():
        if piece not in readings:
            fitting = (reading for reading in dict.fromkeys(readings.values()) if _fits(tokens, reading))
            if reading := next(fitting, None):
                readings[piece] = reading
    replaced = {piece: _read(pieces[piece], reading) for piece, reading in readings.items()}
    for piece, text in pieces.items():
        if piece not in replaced and (read := _from_viqr(text)) is not None:
            replaced[piece] = read
    if not replaced:
        return markup
    return _PIECE.sub(lambda piece: replaced.get(piece[0], piece[0]), markup)


_BETWEEN: Final = '<>"\n'
_PIECE: Final = re.compile(f"[^{_BETWEEN}]+")


def _pieces(markup: str) -> set[str]:
    """The different pieces of a text or markup; cut this way, not by `_PIECE`, for every page passes here."""
    for sign in _BETWEEN[1:]:
        markup = markup.replace(sign, _BETWEEN[0])
    return set(markup.split(_BETWEEN[0]))


_REFERENCE: Final = re.compile(r"&(?:#(\d{3})|#[xX]([0-9a-fA-F]{2})|([A-Za-z]{3,6}));")


def _resolved(piece: str) -> str:
    return _REFERENCE.sub(_character, piece) if "&" in piece else piece


def _character(reference: re.Match[str]) -> str:
    number, hexadecimal, name = reference.groups()
    code = int(number) if number else int(hexadecimal, 16) if hexadecimal else name2codepoint.get(name, 0)
    return chr(code) if code in range(0x80, 0x100) else reference[0]


# --- what a syllable is -------------------------------------------------------------------------------------------

# Vowels with their marks as in VIQR: a( is a breve, a^ a circumflex, o+ a horn.
_ONSETS: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_OPEN: Final = (
    "a ai am an ang anh ao au ay a(m a(n a(ng a^m a^n a^ng a^u a^y e em en eng eo e^ e^m e^n e^nh e^u i ia im in "
    "inh iu ie^m ie^n ie^ng ie^u o oi om on ong oong o^ o^i o^m o^n o^ng o+ o+i o+m o+n u ua ui um un ung uo^i "
    "uo^m uo^n uo^ng u+ u+a u+i u+m u+n u+ng u+u u+o+i u+o+m u+o+n u+o+ng u+o+u oa oai oam oan oang oanh oao oay "
    "oa(m oa(n oa(ng oe oen oeo ua^n ua^ng ua^y ue^ ue^n ue^nh uo+ uy uya uyn uynh uyu uye^n y ye^m ye^n ye^ng "
    "ye^u"
)
_STOPPED: Final = (
    "ac ach ap at a(c a(p a(t a^c a^p a^t ec ep et e^ch e^p e^t ich ip it ie^c ie^p ie^t oc op ot ooc o^c o^p o^t "
    "o+p o+t uc up ut uo^c uo^t u+c u+t u+o+c u+o+p u+o+t oac oach oap oat oa(c oa(t oet ua^t ue^ch uych uyt uyp "
    "uye^t ye^t"
)
_QUALITIES: Final = {"(": "\u0306", "^": "\u0302", "+": "\u031b"}
_TONES: Final = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_ON_STOPS: Final = frozenset("\u0301\u0323")


def _either(notation: str) -> str:
    marked = notation.translate({ord(sign): mark for sign, mark in _QUALITIES.items()})
    return "|".join(sorted(unicodedata.normalize("NFC", marked).split(), key=len, reverse=True))


_SYLLABLE: Final = re.compile(rf"(?:{_either(_ONSETS)})?(?:(?:{_either(_OPEN)})|(?P<stopped>{_either(_STOPPED)}))")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_WORDS: Final = re.compile(r"[\W\d_]*[^\W\d_]+(?:[-–/.,:;'’&+\d]+[^\W\d_]+)*[\W\d_]*")


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    """Could this be a written syllable of Vietnamese: an onset, a rime, at most one tone that the rime can carry?"""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [part for part in parts if part in _TONES.values()]
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES.values()))
    found = _SYLLABLE.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    return not tones or found["stopped"] is None or tones[0] in _ON_STOPS


def _is_vietnamese(token: str) -> bool:
    """Is a token a syllable, or several with nothing between them but what joins words?"""
    return bool(_WORDS.fullmatch(token)) and all(map(_is_syllable, _LETTERS.findall(token)))


# --- letters that passed for Western ones ---------------------------------------------------------------------------


def _western(byte: int) -> str:
    """Windows' Western code, and where it has nothing the control character that browsers put there."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_WESTERN: Final = tuple(map(_western, range(0x100)))
_BYTES: Final = {ord(character): byte for byte, character in enumerate(_WESTERN)} | {
    code: code for code in range(0x80, 0xA0)
}
_HIGH: Final = re.compile(f"[{re.escape(''.join(map(chr, (code for code in _BYTES if code > 0x7F))))}]")  # noqa: PLR2004
# Every letter and mark from U+0100 on that is not among them: Latin, Greek, Cyrillic, combining marks, Chinese, Hangul.
_UNICODE: Final = re.compile(f"[^\\x00-\xff\u2000-\u2bff\ufe00-\uffff{re.escape(''.join(_WESTERN[0x80:0xA0]))}]")
_TOKEN: Final = re.compile(r"[^ \t\r\n]+")


def _suspects(piece: str) -> list[str]:
    """The different tokens that may be garbled; none where the piece holds a letter that no Western code has: there
    somebody wrote Unicode."""
    if piece.isascii() or not _HIGH.search(piece) or _UNICODE.search(piece):
        return []
    tokens = dict.fromkeys(_TOKEN.findall(piece))
    return [token for token in tokens if len(token) <= _LONGEST and _HIGH.search(token)]


def _meant(tokens: list[str]) -> _Reading | None:
    """The reading that turns almost all of the tokens into Vietnamese, if few of them are as they stand."""
    sound = sum(map(_is_vietnamese, tokens))
    if len(tokens) - sound < _FEWEST:
        return None
    best = max(_READINGS, key=lambda reading: _understood(tokens, reading))
    understood = _understood(tokens, best)
    enough = understood >= _ALMOST * len(tokens) and understood - sound >= _FEWEST
    return best if enough else None


def _fits(tokens: list[str], reading: _Reading) -> bool:
    return _understood(tokens, reading) == len(tokens) > sum(map(_is_vietnamese, tokens))


def _understood(tokens: Iterable[str], reading: _Reading) -> int:
    """A word that comes out as no syllable counts only if it came out of bytes of UTF-8, which nothing else looks
    like: foreign names and quotation marks are garbled with the rest."""
    read = [(reading(token), reading is _from_utf_8) for token in tokens]
    return sum(text is not None and (by_itself or _is_vietnamese(text)) for text, by_itself in read)


def _read(piece: str, reading: _Reading) -> str:
    def once(token: re.Match[str]) -> str:
        return (reading(token[0]) or token[0]) if _HIGH.search(token[0]) else token[0]

    return unicodedata.normalize("NFC", _TOKEN.sub(once, piece))


def _bytes(token: str) -> bytes | None:
    codes = [_BYTES.get(ord(character)) for character in token]
    return None if None in codes else bytes(code for code in codes if code is not None)


# --- the readings ---------------------------------------------------------------------------------------------------

# TCVN 5712:1993, as the fonts named .Vn had it: the letters from 0xA1 on, the places it leaves free as they are.
_TCVN3: Final = {
    code: letter
    for start, letters in {
        0xA1: "Ă Â Ê Ô Ơ Ư Đ ă â ê ô ơ ư đ",
        0xB5: "à ả ã á ạ",
        0xBB: "ằ ẳ ẵ ắ",
        0xC6: "ặ ầ ẩ ẫ ấ ậ è",
        0xCE: "ẻ ẽ é ẹ ề ể ễ ế ệ ì ỉ",
        0xDC: "ĩ í ị ò",
        0xE1: "ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù",
        0xF1: "ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ",
    }.items()
    for code, letter in enumerate(letters.split(), start)
}


def _from_tcvn3(token: str) -> str | None:
    return token.translate(_TCVN3)


# VNI: the mark follows its letter; some letters are one character.
_VNI_ALONE: Final = {
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}
_VNI_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_MARKS: Final = {
    mark: quality + tone
    for quality, marks in {"\u0302": "â á à å ã ä", "\u0306": "ê é è ú ü ë"}.items()
    for mark, tone in zip(marks.split(), ("", *_VNI_TONES.values()), strict=True)
} | _VNI_TONES
_VNI_VOWELS: Final = (*"aeouy", "ô", "ö")
_VNI: Final = re.compile(
    rf"([{''.join(_VNI_VOWELS)}])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_ALONE)}])",
    re.IGNORECASE,
)


def _from_vni(token: str) -> str | None:
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, token))


def _vni_letter(found: re.Match[str]) -> str:
    letter, mark, alone = found.groups()
    if alone:
        return _cased(_VNI_ALONE[alone.lower()], alone)
    return _cased(_VNI_ALONE.get(letter.lower(), letter), letter) + _VNI_MARKS[mark.lower()]


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def _from_windows(token: str) -> str | None:
    raw = _bytes(token)
    try:
        return unicodedata.normalize("NFC", raw.decode("cp1258")) if raw else None
    except UnicodeDecodeError:
        return None


def _from_utf_8(token: str) -> str | None:
    raw = _bytes(token)
    try:
        text = raw.decode() if raw else None
    except UnicodeDecodeError:
        return None
    if text is None or not _SENSIBLE.fullmatch(text):
        return None
    return text if _is_vietnamese(text) or not _is_vietnamese(token) else None


# Vietnamese and Western letters, signs of sentences and money, Chinese; and Western ones garbled once more.
_SENSIBLE: Final = re.compile(
    r"[\x20-\x7e\x80-\xff\u0102\u0103\u0110\u0111\u0128\u0129\u0152\u0153\u0160\u0161\u0168\u0169\u0178\u017d\u017e"
    r"\u0192\u01a0\u01a1\u01af\u01b0\u02c6\u02dc\u1ea0-\u1ef9\u2010-\u2026\u2030\u2039\u203a\u20ab\u20ac\u2122"
    r"\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]+"
)
_READINGS: Final[tuple[_Reading, ...]] = (_from_utf_8, _from_tcvn3, _from_vni, _from_windows)


# --- VIQR: marks typed after their letters ----------------------------------------------------------------------------

_VIQR: Final = re.compile(r"([aeiouy])([(^+]?)(['`?~.]?)|(d)d", re.IGNORECASE)
_VIQR_MARKED: Final = re.compile(r"[aeou][(^+]|[aeiouy]['`?~.](?=[a-z])|dd", re.IGNORECASE)
# Looks for the sign first: letters stand everywhere.
_VIQR_QUALITY: Final = re.compile(r"[(^+](?<=[aeoAEO]\^|[ouOU]\+|[aA]\()")
_CODE_WORD: Final = 16
"""Characters to a space on average: more in code than in any writing."""
_VIQR_FEWEST: Final = 5
_VIQR_SHARE: Final = 0.3


def _from_viqr(piece: str) -> str | None:
    """None for what is not VIQR: sums, code and plain sentences use the same signs, but not in a third of their words
    and not so that syllables come of it."""
    if piece.count(" ") * _CODE_WORD < len(piece) or not _VIQR_QUALITY.search(piece):
        return None
    tokens = _TOKEN.findall(piece)
    marked = [token for token in dict.fromkeys(tokens) if _VIQR_MARKED.search(token)]
    words = sum(bool(_LETTERS.search(token)) for token in dict.fromkeys(tokens))
    if len(marked) < _VIQR_FEWEST or len(marked) < _VIQR_SHARE * words:
        return None
    if sum(_is_vietnamese(_viqr(token, ends=False)) for token in marked) < _ALMOST * len(marked):
        return None
    ends = [not after[:1].islower() for _, after in pairwise([*tokens, ""])]
    read = iter([_viqr(token, ends=end) for token, end in zip(tokens, ends, strict=True)])
    return _TOKEN.sub(lambda _: next(read), piece)


def _viqr(token: str, *, ends: bool) -> str:
    """One token; `ends`: a dot or question mark behind it ends a sentence."""

    def letter(found: re.Match[str]) -> str:
        vowel, quality, tone, stroke = found.groups()
        if stroke:
            return _cased("đ", stroke)
        mark = _QUALITIES.get(quality, "")
        if tone in (".", "?") and ends and found.end() == len(token):
            return unicodedata.normalize("NFC", vowel + mark) + tone
        return unicodedata.normalize("NFC", vowel + mark + _TONES.get(tone, ""))

    return _VIQR.sub(letter, token)
