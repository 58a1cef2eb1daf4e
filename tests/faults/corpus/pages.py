"""Articles' pages as they should not be."""

from __future__ import annotations

from typing import Final

from index.errors import Unreadable
from tests.faults.corpus.specimen import Specimen
from tests.garbled import TCVN3, VNI, as_utf_8, cp1258, viqr

TITLE: Final = "Nước lũ dâng nhanh trong đêm ở vùng cao"
TEXT: Final = (
    "Công an tỉnh đã huy động lực lượng giúp bà con sơ tán đến nơi an toàn trong đêm. "
    "Nhiều hộ dân ven sông bị chia cắt, học sinh được nghỉ học. "
    "Chính quyền xã cảnh báo nguy cơ sạt lở đất trên đường liên thôn."
)
_HTML: Final = "text/html; charset=utf-8"
_BARE: Final = "text/html"


def page(title: str = TITLE, text: str = TEXT, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1><article><p>{text}</p></article></body></html>"
    )


READABLE: Final = (
    Specimen(name="utf-8", faults=(20,), body=page().encode(), content_type=_HTML),
    Specimen(
        name="utf-8-said-latin-1", faults=(20,), body=page().encode(), content_type="text/html; charset=iso-8859-1"
    ),
    Specimen(
        name="latin-1-said-utf-8",
        faults=(19, 20),
        body=cp1258(page(head="<meta charset='utf-8'>")),
        content_type=_HTML,
    ),
    Specimen(name="windows-1258", faults=(19,), body=cp1258(page()), content_type="text/html; charset=windows-1258"),
    Specimen(name="windows-1258-unsaid", faults=(19,), body=cp1258(page()), content_type=_BARE),
    Specimen(
        name="windows-1258-said-latin-1",
        faults=(19,),
        body=cp1258(page()),
        content_type="text/html; charset=iso-8859-1",
    ),
    Specimen(name="tcvn3", faults=(19,), body=TCVN3.encode(page()), content_type=_BARE),
    Specimen(
        name="tcvn3-said-windows-1252",
        faults=(19,),
        body=TCVN3.encode(page()),
        content_type="text/html; charset=windows-1252",
    ),
    Specimen(
        name="tcvn3-said-windows-1258",
        faults=(19,),
        body=TCVN3.encode(page()),
        content_type="text/html; charset=windows-1258",
    ),
    Specimen(name="tcvn3-in-utf-8", faults=(19,), body=TCVN3(page()).encode(), content_type=_HTML),
    Specimen(
        name="tcvn3-as-references",
        faults=(19,),
        body="".join(c if c.isascii() else f"&#{ord(c)};" for c in TCVN3(page())).encode(),
        content_type=_HTML,
    ),
    Specimen(name="vni", faults=(19,), body=VNI.encode(page()), content_type=_BARE),
    Specimen(name="vni-in-utf-8", faults=(19,), body=VNI(page()).encode(), content_type=_HTML),
    Specimen(name="viqr", faults=(19,), body=page(viqr(TITLE), viqr(TEXT)).encode(), content_type=_HTML),
    Specimen(name="mojibake", faults=(20,), body=as_utf_8(page()).encode(), content_type=_HTML),
    Specimen(name="mojibake-twice", faults=(20,), body=as_utf_8(as_utf_8(page())).encode(), content_type=_HTML),
    Specimen(
        name="decomposed",
        faults=(22,),
        body=page().encode().replace("ũ".encode(), "u\u0303".encode()),
        content_type=_HTML,
    ),
    Specimen(
        name="invisible",
        faults=(23,),
        body=page().replace("lũ", "l\u200bũ\u00ad").replace("tỉnh", "\u202etỉnh\u202c").encode(),
        content_type=_HTML,
    ),
    Specimen(
        name="control-characters",
        faults=(21,),
        body=page().replace("lũ ", "lũ\x00 ").replace("tỉnh ", "tỉnh\x1b ").encode(),
        content_type=_HTML,
    ),
    Specimen(
        name="unclosed",
        faults=(7,),
        body=page().replace("</p></article></body></html>", "").encode(),
        content_type=_HTML,
    ),
    Specimen(name="served-as-pdf", faults=(12,), body=page().encode(), content_type="application/pdf"),
)
"""Each says TITLE and TEXT."""

REFUSED: Final = (
    Specimen(name="empty", faults=(9,), body=b"", error=Unreadable.code),
    Specimen(name="binary", faults=(8, 21), body=bytes(range(256)) * 50, error=Unreadable.code),
    Specimen(
        name="deep", faults=(4,), body=("<html>" + "<div>" * 200_000 + "x").encode(), error=Unreadable.code, heavy=True
    ),
    Specimen(
        name="deep-lists",
        faults=(4,),
        body=("<html><body>" + "<ul><li>" * 50_000 + "x").encode(),
        error=Unreadable.code,
        heavy=True,
    ),
    Specimen(name="doctypes", faults=(1,), body=b"<!DOCTYPE x [<!ENTITY a 'b'>]>" * 5_000, error=Unreadable.code),
    Specimen(name="comment-without-end", faults=(26,), body=b"<html><!--" + b"-" * 1_000_000, error=Unreadable.code),
    Specimen(
        name="login", faults=(8,), body=page(text="Mời đăng nhập<input type=password>").encode(), error=Unreadable.code
    ),
)

LONG: Final = {
    "one-word": "a" * 1_000_000,
    "spaces": " " * 1_000_000 + "x",
    "brackets": "(" * 300_000 + "x",
    "dates": "1/1/" * 250_000,
    "commas": ", " * 500_000,
    "marks": "a^" * 500_000,
    "sentences": "Có. " * 250_000,
    "high-letters": "Ã©" * 500_000,
    "tokens": "tõ " * 300_000,
    "references": "&#184;" * 150_000,
    "lines": "\n \n" * 300_000 + "x",
    "json": '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"'
    + "1" * 500_000
    + '"}</script>x',
    "json-deep": '<script type="application/ld+json">' + "[" * 200_000 + "</script>x",
}
"""Made to choke a reader: what takes a step for every pair of characters does not come to an end here (26)."""
