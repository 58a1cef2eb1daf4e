"""One page has one address, and from it one id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.url import MAX_LENGTH, article_id, canonical_url, unaddressed_id

PAGE = "https://bao.example/tin/lu-quet-123.html"


@pytest.mark.parametrize(
    "written",
    [
        PAGE,
        "HTTPS://BAO.Example/tin/lu-quet-123.html",
        "https://bao.example:443/tin/lu-quet-123.html",
        "https://bao.example./tin/lu-quet-123.html",
        "https://user:secret@bao.example/tin/lu-quet-123.html",
        "https://bao.example/tin/lu-quet-123.html#binh-luan",
        "https://bao.example/tin/lu-quet-123.html?",
        "https://bao.example/tin/lu-quet-123.html?utm_source=zalo&utm%5Fmedium=x&fbclid=1&gclid=2",
        "https://bao.example/tin/lu%2Dquet-%31%32%33.html",
        "https://bao.example/tin/./x/../lu-quet-123.html",
        "https://bao.example/tin/%2e/x/%2E%2e/lu-quet-123.html",
        "https://bao.example/../tin/lu-quet-123.html",
        "  https://bao.example/tin/lu-\nquet-123.html\t",
    ],
)
def test_a_page_is_known_under_one_address(written: str) -> None:
    assert canonical_url(written) == PAGE


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("http://bao.example", "http://bao.example/"),
        ("http://bao.example:80/", "http://bao.example/"),
        ("http://bao.example:8080/", "http://bao.example:8080/"),
        ("http://bao.example/?b=2&a=1&a=0", "http://bao.example/?a=0&a=1&b=2"),
        ("http://bao.example/?z=1&é=2", "http://bao.example/?%C3%A9=2&z=1"),
        ("http://bao.example/?q", "http://bao.example/?q"),
        ("http://bao.example/?page=2&amp=1&ref=home", "http://bao.example/?page=2"),
        ("http://bao.example/a b/%c3%a9%2f", "http://bao.example/a%20b/%C3%A9%2F"),
        ("http://bao.example/100%", "http://bao.example/100%25"),
        ("http://bao.example/lũ", "http://bao.example/l%C5%A9"),
        ("http://bao.example//a//b/", "http://bao.example//a//b/"),
        ("http://bao.example/a/..", "http://bao.example/"),
        ("http://bao.example/a/.", "http://bao.example/a/"),
        ("http://báo.example/", "http://xn--bo-mia.example/"),
        ("http://bao\u3002example\u3002/", "http://bao.example/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://10.0.0.1/", "http://10.0.0.1/"),
    ],
)
def test_an_address_in_its_canonical_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


def test_what_may_be_another_page_is_kept_apart() -> None:
    pages = [
        "http://bao.example/a",
        "https://bao.example/a",
        "https://www.bao.example/a",
        "https://bao.example/A",
        "https://bao.example/a/",
        "https://bao.example/a?page=2",
        "https://bao.example/a?page=3",
    ]
    assert len({canonical_url(page) for page in pages}) == len(pages)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "lu-quet.html",
        "/tin/lu-quet.html",
        "javascript:alert(1)",
        "data:text/html,<p>",
        "mailto:toa-soan@bao.example",
        "ftp://bao.example/a",
        "file:///etc/passwd",
        "http://",
        "http:///a",
        "http://./",
        "http://a..b/",
        "http://bao.example:x/",
        "http://bao.example:99999/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://bao example/",
        "http://ba%6f.example/",
        "http://bao.example\\@khac.example/",
        "http://" + "a" * 64 + ".example/",
        "http://bao.example/" + "a" * MAX_LENGTH,
    ],
)
def test_what_is_no_page_has_no_address(written: str) -> None:
    assert canonical_url(written) is None


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("b.html", "https://bao.example/tin/b.html"),
        ("/b.html", "https://bao.example/b.html"),
        ("../b.html", "https://bao.example/b.html"),
        ("//khac.example/b", "https://khac.example/b"),
        ("?trang=2", "https://bao.example/tin/a.html?trang=2"),
        ("#cuoi", "https://bao.example/tin/a.html"),
        ("http://khac.example/", "http://khac.example/"),
        ("javascript:void(0)", None),
        ("http://[x", None),
    ],
)
def test_a_link_is_read_from_the_page_it_stood_on(link: str, page: str | None) -> None:
    assert canonical_url(link, "https://bao.example/tin/a.html") == page


near_urls = st.builds(
    "{}://{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["bao.example", "BAO.example:80", "u@báo.example.", "[::1]", "bao.example:0"]),
    st.text(st.sampled_from("ab./%2fF5eE~é \\?&=;:@"), max_size=12),
    st.text(st.sampled_from("zé&=%26uUtm_ref#+"), max_size=12),
    st.text(max_size=3),
)


@given(st.text(max_size=30) | near_urls)
@example("http://bao.example/%%34%31")
@example("http://bao.example/?é=1&z=1&utm%5Fx=1")
def test_the_canonical_form_is_its_own(written: str) -> None:
    canonical = canonical_url(written)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert canonical.isascii()
        assert canonical_url(written, "https://khac.example/") is not None


# --- ids ----------------------------------------------------------------------------------------------------------


def test_an_id_is_the_same_for_ever() -> None:
    """Ids are stored: a change here would collect every article a second time."""
    assert article_id(PAGE) == "a391cbfc76b7ed58d81344397677cf14"


def test_an_item_without_address_is_told_by_where_what_and_when() -> None:
    when = datetime(2026, 3, 2, tzinfo=UTC)
    ids = [
        unaddressed_id("bao", "Lũ", "Nước", when),
        unaddressed_id("dai", "Lũ", "Nước", when),
        unaddressed_id("bao", "Lũ quét", "Nước", when),
        unaddressed_id("bao", "Lũ", "Nước dâng", when),
        unaddressed_id("bao", "Lũ", "Nước", None),
    ]
    assert len(set(ids)) == len(ids)
    assert ids[0] == unaddressed_id("bao", "Lũ", "Nước", when)
    assert {len(one) for one in ids} == {32}
