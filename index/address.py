"""Which addresses may be asked: the one rule for crawling, mail and webhooks. Pure."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from index.errors import AddressRefused

SCHEMES: Final = {"http": 80, "https": 443}
PORTS: Final = frozenset({80, 443, 8080, 8443})
# What `is_global` lets through although no public host has it: shared space (RFC 6598), protocol assignments (RFC
# 6890), 6to4 and Teredo, which carry another address inside, and documentation (RFC 9637).
_NEVER: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "2001::/32", "2002::/16", "3fff::/20")
)
# The only part of IPv6 that is given out. Outside lie the other forms that hide an IPv4 address: `::127.0.0.1`, NAT64.
_UNICAST: Final = ipaddress.ip_network("2000::/3")
_DOTS: Final = str.maketrans("\u3002\uff0e\uff61", "...")


def is_public(address: str) -> bool:
    """Does an IP address, as the resolver gave it, lie on the public internet?"""
    try:
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return ip.is_global and ip in _UNICAST and not any(ip in network for network in _NEVER)
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)


def is_allowed(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    """Is this host, as written in the address, one that the office allows inside its machine or network?"""
    host = host.lower().rstrip(".").strip("[]")
    wanted = {entry.lower().strip() for entry in allow_hosts}
    return bool({host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"} & wanted)


def check(url: str, allow_hosts: Collection[str]) -> None:
    """Refuse an address by its words alone; what its name resolves to is checked when it is dialled.

    Raises `AddressRefused` for a scheme that is not http(s), user-info, a backslash, a port that is not a web port, or
    an IP literal (in any of its spellings) inside the machine or its network, unless the host is allowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or SCHEMES.get(parts.scheme.lower(), 0)
    except ValueError as error:
        raise AddressRefused(url=url, why="malformed") from error
    if parts.scheme.lower() not in SCHEMES:
        raise AddressRefused(url=url, why="scheme")
    host = _as_resolved(parts.hostname or "")
    if not host or "@" in parts.netloc or "\\" in url:
        raise AddressRefused(url=url, why="malformed")
    if is_allowed(host, port, allow_hosts):
        return
    if port not in PORTS:
        raise AddressRefused(url=url, why="port")
    if _is_number(host) and not is_public(host):
        raise AddressRefused(url=url, why="address")
    if f".{host}".endswith((".localhost", ".local", ".internal")):
        raise AddressRefused(url=url, why="address")


def _as_resolved(host: str) -> str:
    """A host as a resolver reads it: full-width letters, figures and dots are the plain ones."""
    return unicodedata.normalize("NFKC", host.translate(_DOTS)).lower().rstrip(".")


def _is_number(host: str) -> bool:
    """An IP literal, or one of the decimal, octal, hexadecimal or shortened forms that resolvers read as one."""
    if ":" in host:
        return True
    last = host.rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")
