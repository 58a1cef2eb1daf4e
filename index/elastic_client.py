"""The way to an Elasticsearch server, and what is wrong where it does not do what it was asked."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from elastic_transport import ConnectionTimeout, TlsError
from elasticsearch import ApiError, Elasticsearch, SerializationError, TransportError, UnsupportedProductError

from index.elastic_rest import Rest, RestingTransport
from index.errors import ArchiveError, ArchiveRefused, ArchiveUnavailable

TIMEOUT: Final = 30.0
"""Seconds after which an answer is not waited for any longer."""
_VERSIONS: Final = range(8, 10)
_PORTS: Final = {"http": 80, "https": 443}
_UNVERIFIED: Final = re.compile(r"certificate verify failed: (.+?)(?: \(_ssl\.c:\d+\))?\)*$")
_REFUSED: Final = re.compile(r"\[Errno \d+\] ([^'\")]+)|(Name or service not known|[Nn]o address associated)")
_FULL: Final = "disk usage exceeded flood-stage watermark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who asks: an API key (`id:key`, or both as one encoded word), or a user; and the authority that signed the
    server's certificate."""

    api_key: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None


ANONYMOUS: Final = Login()


def connect(address: str, login: Login, rest: Rest | None = None) -> Elasticsearch:
    """A client of the server. Raises `ArchiveRefused` for a file that holds no authority, and what `our_errors` does
    where something else answers at the address, or another version. With a `rest` it waits for one time-out, not for
    four in a row."""
    client = _client(address, login, rest)
    try:
        with our_errors(address):
            _check_version(client, address)
    except BaseException:
        client.close()
        raise
    return client


def _client(address: str, login: Login, rest: Rest | None) -> Elasticsearch:
    parts = urlsplit(address)
    port = parts.port or _PORTS[parts.scheme]
    secure: dict[str, Any] = {}
    key = login.api_key or ""
    if login.ca_file is not None and parts.scheme == "https":
        _check_authority(login.ca_file, address)
        secure = {"ca_certs": str(login.ca_file)}
    client = Elasticsearch(
        f"{parts.scheme}://{parts.netloc.removesuffix(f':{parts.port}')}:{port}{parts.path}",
        api_key=_encoded(key) if ":" in key else key or None,
        basic_auth=_encoded(f"{login.user}:{login.password or ''}") if login.user is not None else None,
        **secure,
        transport_class=RestingTransport,
        request_timeout=TIMEOUT,
        max_retries=3,
        # A write that was done after all is a conflict the second time, and read again.
        retry_on_timeout=rest is None,
    )
    assert isinstance(client.transport, RestingTransport)
    client.transport.rest = rest
    return client


def _encoded(login: str) -> str:
    """As RFC 7617 has it; the client itself would take ASCII alone."""
    return b64encode(login.encode()).decode()


def _check_authority(file: Path, address: str) -> None:
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:  # also what is no certificate
        raise ArchiveRefused(place=address, problem="ca_file", file=str(file), why=error.strerror or "") from error


def _check_version(client: Elasticsearch, address: str) -> None:
    """An API key may be one that is not allowed to ask for the version; then the answers themselves must do."""
    try:
        version = client.info()["version"]
    except ApiError as error:
        if error.status_code == HTTPStatus.FORBIDDEN:
            return
        raise
    found = str(version["number"])
    if "distribution" in version or int(found.partition(".")[0]) not in _VERSIONS:
        found = f"{version.get('distribution', 'Elasticsearch')} {found}"
        raise ArchiveRefused(place=address, problem="version", why=found)


# --- what is wrong ------------------------------------------------------------------------------------------------


@contextmanager
def our_errors(place: str) -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        raise _answered(error, place) from error
    except TransportError as error:
        raise _unanswered(error, place) from error


def refused(error: Mapping[str, Any], status: int, place: str, **more: str) -> ArchiveError:
    """The house's error for one of the server's: its status, and its `type` and `reason`."""
    kind, why = str(error.get("type", "")), str(error.get("reason", ""))
    if kind == "cluster_block_exception":
        found: _Sort = (ArchiveUnavailable, "disk_full" if _FULL in why else "closed")
    else:
        found = _BY_TYPE.get(kind) or _BY_STATUS.get(status) or (ArchiveError, "not_done")
    sort, problem = found
    return sort(place=place, problem=problem, status=str(int(status)), why=f"{kind}: {why}" if kind else why, **more)


_Sort = tuple[type[ArchiveError], str]
_BY_TYPE: Final[Mapping[str, _Sort]] = {
    "media_type_header_exception": (ArchiveRefused, "version"),
    "index_not_found_exception": (ArchiveRefused, "empty"),
}
_BY_STATUS: Final[Mapping[int, _Sort]] = {
    HTTPStatus.UNAUTHORIZED: (ArchiveRefused, "login"),
    HTTPStatus.FORBIDDEN: (ArchiveRefused, "permission"),
    HTTPStatus.NOT_ACCEPTABLE: (ArchiveRefused, "version"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (ArchiveError, "too_large"),
    HTTPStatus.TOO_MANY_REQUESTS: (ArchiveUnavailable, "busy"),
    HTTPStatus.REQUEST_TIMEOUT: (ArchiveUnavailable, "unready"),
    HTTPStatus.INTERNAL_SERVER_ERROR: (ArchiveUnavailable, "unready"),
    HTTPStatus.BAD_GATEWAY: (ArchiveUnavailable, "unready"),
    HTTPStatus.SERVICE_UNAVAILABLE: (ArchiveUnavailable, "unready"),
    HTTPStatus.GATEWAY_TIMEOUT: (ArchiveUnavailable, "unready"),
}


def _answered(error: ApiError, place: str) -> ArchiveError:
    foreign = isinstance(error, UnsupportedProductError)
    stranger = error.meta.headers.get("x-elastic-product") is None
    if foreign or (stranger and error.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, 405)):
        return ArchiveRefused(place=place, problem="not_elasticsearch", status=str(error.status_code))
    body = error.body if isinstance(error.body, dict) else {}
    said = body.get("error")
    if not isinstance(said, dict):
        said = {"reason": said if isinstance(said, str) else HTTPStatus(error.status_code).phrase}
    return refused(said, error.status_code, place)


def _unanswered(error: TransportError, place: str) -> ArchiveError:
    said = str(error)
    if isinstance(error, TlsError):
        unverified = _UNVERIFIED.search(error.message)
        if unverified is None:
            return ArchiveRefused(place=place, problem="no_tls", why=error.message)
        return ArchiveRefused(place=place, problem="certificate", why=unverified[1])
    if isinstance(error, ConnectionTimeout):
        return ArchiveUnavailable(place=place, problem="slow", why=said)
    if isinstance(error, SerializationError):
        return ArchiveRefused(place=place, problem="not_elasticsearch", why=said)
    found = _REFUSED.search(said)
    why = next((part for part in found.groups() if part), said) if found else said
    return ArchiveUnavailable(place=place, problem="unreachable", why=why)
