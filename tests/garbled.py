"""Vietnamese as old encodings wrote it and as it is garbled: the way there, for tests of the way back.

The tables are written by letter, apart from those of the product, which read by code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

_TONES: Final = "\u0301\u0300\u0309\u0303\u0323"


def from_bytes(body: bytes) -> str:
    """Bytes as a browser shows them that takes them for Windows' Western code."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in body
    )


def as_utf_8(text: str) -> str:
    """UTF-8 that was taken for Windows' Western code."""
    return from_bytes(text.encode())


class OneByte:
    """An encoding by letter; called, it gives what its bytes look like to a Western browser."""

    def __init__(self, codes: Mapping[str, bytes]) -> None:
        self._codes = codes

    def encode(self, text: str) -> bytes:
        return b"".join(self._codes.get(letter) or letter.encode("ascii") for letter in text)

    def __call__(self, text: str) -> str:
        return from_bytes(self.encode(text))


# TCVN 5712:1993 as the .Vn fonts have it, in the order of its own table; its capitals with tones are the small ones.
_TCVN_LETTERS: Final = (
    "A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ C9ẫ "
    "CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ E8ố E9ộ "
    "EAờ EBở ECỡ EDớ EEợ EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ"
)
_SMALL: Final = {entry[2:]: bytes.fromhex(entry[:2]) for entry in _TCVN_LETTERS.split()}
TCVN3: Final = OneByte({letter.upper(): code for letter, code in _SMALL.items()} | _SMALL)


def _vni_codes() -> dict[str, bytes]:
    codes: dict[str, bytes] = {}
    marks = {"": "ùøûõï", "\u0302": "áàåãä", "\u0306": "éèúüë"}
    bare = {"\u0302": "â", "\u0306": "ê"}
    for vowel in "aeiouyơư":
        written = {"ơ": "ô", "ư": "ö"}.get(vowel, vowel)
        for quality, signs in marks.items():
            base = unicodedata.normalize("NFC", vowel + quality)
            if len(base) > 1 or (quality and vowel not in "aeo") or (quality == "\u0306" and vowel != "a"):
                continue
            codes[base] = (written + bare.get(quality, "")).encode("latin-1")
            for tone, sign in zip(_TONES, signs, strict=True):
                codes[unicodedata.normalize("NFC", base + tone)] = (written + sign).encode("latin-1")
    codes |= {"í": b"\xed", "ì": b"\xec", "ỉ": b"\xe6", "ĩ": b"\xf3", "ị": b"\xf2", "ỵ": b"\xee", "đ": b"\xf1"}
    capitals = {letter.upper(): code.decode("latin-1").upper().encode("latin-1") for letter, code in codes.items()}
    return capitals | codes


VNI: Final = OneByte({letter: code for letter, code in _vni_codes().items() if not letter.isascii()})


def cp1258(text: str) -> bytes:
    """Windows' Vietnamese: tones are characters of their own."""
    return b"".join(_windows(letter) for letter in text)


def _windows(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in _TONES)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        return (base + tones).encode("cp1258")


def WINDOWS(text: str) -> str:  # noqa: N802  (beside TCVN3 and VNI)
    return from_bytes(cp1258(text))


_TYPED: Final = dict(zip("\u0301\u0300\u0309\u0303\u0323\u0302\u0306\u031b", "'`?~.^(+", strict=True)) | {
    "đ": "dd",
    "Đ": "DD",
}


def viqr(text: str) -> str:
    """Marks typed after their letters, the quality before the tone."""
    typed = []
    for letter in text:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        qualities = [mark for mark in marks if mark not in _TONES]
        tones = [mark for mark in marks if mark in _TONES]
        typed.append("".join(_TYPED.get(part, part) for part in (base, *qualities, *tones)))
    return "".join(typed)


VIQR: Final = viqr
