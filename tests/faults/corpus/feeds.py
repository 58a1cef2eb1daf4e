"""Feeds as they should not be: written for the project, after what feed readers have met."""

from __future__ import annotations

import json
from typing import Final

from crawlers.feed import MAX_ENTRIES
from index.errors import Unreadable
from index.source import Note
from tests.faults.corpus.specimen import Specimen

WORDS: Final = "<description>Nước sông dâng cao từ rạng sáng, nhiều hộ dân phải sơ tán.</description>"
DAMAGED: Final = {Note.LIST_DAMAGED: 1}


def item(number: int = 1, *, title: str = "Lũ về", link: str | None = None, more: str = WORDS) -> str:
    return f"<item><title>{title}</title><link>{link or f'/lu-{number}.html'}</link>{more}</item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', more: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Báo</title>{more}{"".join(items)}</channel></rss>'.encode()


def dated(*dates: str) -> bytes:
    return rss(*(item(number, more=f"{WORDS}<pubDate>{date}</pubDate>") for number, date in enumerate(dates)))


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{levels}]>'


_DEEP: Final = 50_000
_WHOLE: Final = rss(item(1), item(2), item(3))

FEEDS: Final = (
    Specimen(
        name="billion-laughs", faults=(1,), body=rss(item(title="x &l9; y"), head=_laughs()), kept=1, notes=DAMAGED
    ),
    Specimen(
        name="quadratic-entity",
        faults=(2,),
        body=rss(item(title="&a;" * 2_000), head=f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>'),
        kept=1,
        notes=DAMAGED,
    ),
    *(
        Specimen(
            name=f"external-entity-{kind}",
            faults=(3,),
            body=rss(item(title="x &f;"), head=f'<?xml version="1.0"?><!DOCTYPE r [{declared}]>'),
            kept=1,
        )
        for kind, declared in {
            "file": '<!ENTITY f SYSTEM "file:///etc/passwd">',
            "http": '<!ENTITY f SYSTEM "http://127.0.0.1:8080/">',
            "parameter": '<!ENTITY % p SYSTEM "http://127.0.0.1:8080/x.dtd"> %p; <!ENTITY f "">',
        }.items()
    ),
    Specimen(
        name="deep-elements",
        faults=(4,),
        body=rss("<a>" * _DEEP + "</a>" * _DEEP, item()),
        kept=1,
        heavy=True,
    ),
    Specimen(
        name="deep-markup",
        faults=(4,),
        body=rss(item(more=f"<description>{'&lt;div&gt;' * _DEEP}Lũ</description>")),
        kept=1,
        heavy=True,
    ),
    Specimen(
        name="endless-title",
        faults=(5,),
        body=rss(item(title="Lũ về " * 400_000)),
        kept=1,
        heavy=True,
    ),
    Specimen(
        name="too-many-entries",
        faults=(6,),
        body=rss(*(item(number, more="") for number in range(100_000))),
        kept=MAX_ENTRIES,
        notes={Note.LIST_CUT: 1},
        heavy=True,
    ),
    *(
        Specimen(
            name=f"cut-in-{where}", faults=(7,), body=_WHOLE[: _WHOLE.index(b"/lu-3") + more], kept=2, notes=DAMAGED
        )
        for where, more in {"a-link": 3, "a-tag": 14, "a-letter": 32}.items()
    ),
    Specimen(
        name="cut-in-cdata",
        faults=(7,),
        body=rss(item(1)).removesuffix(b"</channel></rss>") + b"<item><title><![CDATA[L",
        kept=1,
        notes=DAMAGED,
    ),
    Specimen(name="head-alone", faults=(7,), body=b'<?xml version="1.0"?><rss version="2.0"><chan', notes=DAMAGED),
    Specimen(
        name="error-page",
        faults=(8,),
        body="<!DOCTYPE html><html><head><title>404</title></head><body><h1>Không tìm thấy</h1></body></html>".encode(),
        error=Unreadable.code,
    ),
    Specimen(
        name="login-page", faults=(8,), body=b"<html><body><input type=password></body></html>", error=Unreadable.code
    ),
    Specimen(
        name="json",
        faults=(8,),
        body=json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": []}).encode(),
        content_type="application/json",
        error=Unreadable.code,
    ),
    Specimen(name="pdf", faults=(8,), body=b"%PDF-1.7 ...", error=Unreadable.code),
    Specimen(name="sitemap", faults=(8,), body=b"<urlset><url><loc>/a</loc></url></urlset>", error=Unreadable.code),
    Specimen(name="empty", faults=(9,), body=b"", error=Unreadable.code),
    Specimen(name="spaces", faults=(9,), body=b"\xef\xbb\xbf \r\n\t ", error=Unreadable.code),
    Specimen(name="zeros", faults=(9, 21), body=b"\0" * 5_000, error=Unreadable.code),
    Specimen(name="no-entries", faults=(9,), body=rss()),
    *(
        Specimen(
            name=f"served-as-{kind.partition('/')[2] or 'nothing'}",
            faults=(12,),
            body=rss(item()),
            kept=1,
            content_type=kind,
        )
        for kind in ("text/html", "application/octet-stream", "image/png", "", "text/xml; charset=klingon")
    ),
    Specimen(
        name="guids-twice",
        faults=(13,),
        body=rss(item(1, more=f"{WORDS}<guid>x</guid>"), item(2, more=f"{WORDS}<guid>x</guid>")),
        kept=2,
    ),
    Specimen(
        name="links-twice",
        faults=(13,),
        body=rss(item(1, more=f"{WORDS}<guid>x</guid>"), item(1, more=f"{WORDS}<guid>y</guid>")),
        kept=1,
        notes={Note.ENTRY_DUPLICATE: 1},
    ),
    Specimen(
        name="guid-for-link",
        faults=(13,),
        body=rss(f"<item><title>Lũ</title><guid>https://songlo.example/lu.html</guid>{WORDS}</item>"),
        kept=1,
    ),
    Specimen(
        name="years-that-cannot-be",
        faults=(15,),
        body=dated(
            "9999-12-31T23:59:59Z",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "0000-00-00 00:00:00",
            "Sat, 30 Feb 2025 10:00:00 +0700",
        ),
        kept=4,
        notes={Note.DATE_IMPLAUSIBLE: 1, Note.DATE_UNREADABLE: 2},
    ),
    Specimen(
        name="days-as-they-are-written",
        faults=(15,),
        body=dated(
            "Thứ bảy, 22/11/2025 14:05 GMT+7", "22/11/2025 14:05", "2025-11-22 14:05", "Sat, 22 Nov 2025 14:05:00 GMT+7"
        ),
        kept=4,
    ),
    Specimen(
        name="month-first",
        faults=(15,),
        body=dated("11/22/2025 14:05"),
        kept=1,
        notes={Note.DATE_UNREADABLE: 1},
    ),
    *(
        Specimen(
            name=f"link-{link.partition(':')[0]}",
            faults=(16,),
            body=rss(f"<item><title>Lũ về</title><link>{link}</link></item>"),
            notes={Note.ENTRY_WITHOUT_LINK: 1},
        )
        for link in (
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@bao.example",
            "tel:113",
            "ftp://bao.example/a",
        )
    ),
    Specimen(
        name="relative-links",
        faults=(16,),
        body=rss(
            item(link="lu.html"),
            item(link="../lu-2.html"),
            item(link="//songlo.example/lu-3.html"),
            item(link="?bai=4"),
        ),
        kept=4,
    ),
    Specimen(name="bare-ampersand", faults=(7,), body=rss(item(title="Lũ & sạt lở")), kept=1, notes=DAMAGED),
    Specimen(name="unknown-entity", faults=(7,), body=rss(item(title="Lũ&nbsp;về &hellip;")), kept=1, notes=DAMAGED),
    Specimen(
        name="undeclared-prefix", faults=(7,), body=rss(item(more=f"{WORDS}<media:x y='1'/>")), kept=1, notes=DAMAGED
    ),
    Specimen(name="something-before", faults=(7,), body=b"<!-- x -->\n\n" + rss(item()), kept=1, notes=DAMAGED),
    Specimen(
        name="warning-before", faults=(7,), body=b"Warning: mysql_connect()\n" + rss(item()), kept=1, notes=DAMAGED
    ),
    Specimen(name="declared-twice", faults=(7,), body=b'<?xml version="1.0"?>' + rss(item()), kept=1, notes=DAMAGED),
    Specimen(name="something-behind", faults=(7,), body=rss(item()) + b"<script>x()</script>", kept=1, notes=DAMAGED),
    Specimen(name="unclosed", faults=(7,), body=rss(item()).replace(b"</title>", b""), error=Unreadable.code),
    Specimen(
        name="unquoted",
        faults=(7,),
        body=rss(item(more=f"{WORDS}<enclosure url=/a.mp3 length=1>")),
        kept=1,
        notes=DAMAGED,
    ),
    Specimen(
        name="capitals",
        faults=(7,),
        body=b"<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>L</TITLE><LINK>/a</LINK></ITEM></CHANNEL></RSS>",
        kept=1,
    ),
    Specimen(name="two-roots", faults=(7,), body=rss(item(1)) + rss(item(2)), kept=2, notes=DAMAGED),
    Specimen(
        name="control-characters",
        faults=(21,),
        body=rss(item(title="L\x00ũ \x0b\x1b[31m về\x7f")),
        kept=1,
        notes=DAMAGED,
    ),
    Specimen(
        name="invalid-utf-8", faults=(21,), body=rss(item(title="Lũ")).replace(b"L\xc5\xa9", b"L\xc5 v\xff\xfe"), kept=1
    ),
    Specimen(
        name="lone-surrogates", faults=(21,), body=rss(item(title="Lũ &#xD800; &#55357; \ufffe")), kept=1, notes=DAMAGED
    ),
    Specimen(
        name="characters-that-are-none",
        faults=(21,),
        body=rss(item(title="Lũ &#0; &#x1F; &#x110000; &#99999999999;")),
        kept=1,
        notes=DAMAGED,
    ),
)
