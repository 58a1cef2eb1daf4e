"""Which addresses may be asked: the one rule for crawling, mail and webhooks. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from index.errors import AddressRefused

SCHEMES: Final = {"http": 80, "https": 443}
PORTS: Final = frozenset({80, 443, 8080, 8443})
# RFC 6598 shared space and 6to4/NAT64/Teredo forms carry inner addresses that `is_global` does not always see through.
_NEVER: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.88.99.0/24", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32")
)


def is_public(address: str) -> bool:
    """Does an IP address, as the resolver gave it, lie on the public internet?"""
    try:
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip.version == n.version and ip in n for n in _NEVER)


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
    if not parts.hostname or "@" in parts.netloc or "\\" in url:
        raise AddressRefused(url=url, why="malformed")
    if is_allowed(parts.hostname, port, allow_hosts):
        return
    if port not in PORTS:
        raise AddressRefused(url=url, why="port")
    if _is_number(parts.hostname) and not is_public(parts.hostname):
        raise AddressRefused(url=url, why="address")
    if parts.hostname.lower().rstrip(".").endswith(("localhost", ".local", ".internal")):
        raise AddressRefused(url=url, why="address")


def _is_number(host: str) -> bool:
    """An IP literal, or one of the decimal, octal, hexadecimal or shortened forms that resolvers read as one."""
    if ":" in host:
        return True
    last = host.rstrip(".").rpartition(".")[2].lower()
    return last.isdigit() or last.startswith("0x")
