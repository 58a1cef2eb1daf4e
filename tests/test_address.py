"""Nothing inside the machine or its network is asked, however it is spelled."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address import check, is_allowed, is_public
from index.errors import AddressRefused

PUBLIC = ("8.8.8.8", "1.1.1.1", "203.113.131.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "2001:4860:4860::8888")
INSIDE = (
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.fault(28)
def test_an_address_inside_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("word", ["", "localhost", "bao.example", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0x7f000001", "%"])
def test_what_is_no_address_is_not_public(word: str) -> None:
    assert not is_public(word)


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_no_address_inside_gets_through_within_another(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for outer in (
        number,
        0xFFFF << 32 | number,
        0xFFFF << 48 | number,
        0x0064FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | number ^ 0xFFFFFFFF,
    ):
        assert not is_public(str(ipaddress.IPv6Address(outer)))


@given(st.ip_addresses())
def test_an_address_is_never_public_where_python_says_it_is_not_global(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert ip.is_global or not is_public(str(ip))


# --- addresses as written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://baotuyenquang.com.vn/",
        "http://bao.example:8080/rss?a=1",
        "HTTPS://BAO.EXAMPLE.",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://báo.example/",
        "https://localhost.example/",
        "https://internal-news.example/",
    ],
)
def test_a_public_page_may_be_asked(url: str) -> None:
    check(url, ())


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://bao.example/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("//bao.example/", "scheme"),
        ("", "scheme"),
        ("http://", "malformed"),
        ("http:///x", "malformed"),
        ("http://bao.example:99999/", "malformed"),
        ("http://bao.example:x/", "malformed"),
        ("http://[::1/", "malformed"),
        ("http://user:secret@bao.example/", "malformed"),
        ("http://bao.example@127.0.0.1/", "malformed"),
        ("http://169.254.169.254:80\\@bao.example/", "malformed"),
        ("http://bao.example\\@127.0.0.1/", "malformed"),
        ("http://bao.example:22/", "port"),
        ("http://bao.example:9200/", "port"),
        ("http://127.0.0.1/", "address"),
        ("http://127.0.0.1./", "address"),
        ("http://2130706433/", "address"),
        ("http://0x7f000001/", "address"),
        ("http://0X7F.1/", "address"),
        ("http://0177.0.0.1/", "address"),
        ("http://127.1/", "address"),
        ("http://0/", "address"),
        ("http://\uff11\uff12\uff17.0.0.1/", "address"),
        ("http://127\u30020\u30020\u30021/", "address"),
        ("http://[::1]/", "address"),
        ("http://[::ffff:127.0.0.1]/", "address"),
        ("http://[fe80::1%25eth0]/", "address"),
        ("http://169.254.169.254/latest/meta-data/", "address"),
        ("http://localhost/", "address"),
        ("http://LOCALHOST./", "address"),
        ("http://a.localhost/", "address"),
        ("http://\u24c1ocalhost/", "address"),
        ("http://may-in.local/", "address"),
        ("http://metadata.google.internal/", "address"),
    ],
)
@pytest.mark.fault(28)
def test_an_address_that_leads_inside_or_nowhere_is_refused(url: str, why: str) -> None:
    with pytest.raises(AddressRefused) as raised:
        check(url, ())
    assert raised.value.params == {"url": url, "why": why}


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global), st.sampled_from(["%d", "0x%x", "0%o"]))
@pytest.mark.fault(28)
def test_no_spelling_of_a_number_leads_inside(ip: ipaddress.IPv4Address, form: str) -> None:
    with pytest.raises(AddressRefused):
        check(f"http://{form % int(ip)}/", ())


# --- what an office allows ----------------------------------------------------------------------------------------


def test_what_the_office_allows_by_name_may_be_asked() -> None:
    check("http://127.0.0.1:8765/rss", ("127.0.0.1:8765",))
    check("http://localhost:9/", ("LOCALHOST",))
    check("http://[::1]:8765/", ("[::1]:8765",))
    check("http://may-chu.local/", (" may-chu.local ",))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8766/", "http://127.0.0.2:8765/", "http://[::1]:8765/"])
def test_an_allowance_is_for_one_host_and_port(url: str) -> None:
    with pytest.raises(AddressRefused):
        check(url, ("127.0.0.1:8765",))


@pytest.mark.parametrize("url", ["file://127.0.0.1/etc", "http://a@127.0.0.1:8765/", "http://127.0.0.1:8765\\@x/"])
def test_an_allowed_host_must_still_be_asked_properly(url: str) -> None:
    with pytest.raises(AddressRefused):
        check(url, ("127.0.0.1:8765", "127.0.0.1"))


def test_an_allowance_is_compared_as_a_whole() -> None:
    allowed = ("bao.local",)
    assert is_allowed("BAO.local.", 80, allowed)
    assert not is_allowed("xbao.local", 80, allowed)
    assert not is_allowed("bao.local.evil.example", 80, allowed)
    assert not is_allowed("", 80, ())
