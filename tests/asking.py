"""Asking the local newsroom over HTTP, with the hands of its clock held."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from index.clock import ZONE
from tests.conftest import ROOT

FOLDER = ROOT / "config" / "newsroom"
START = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE)
SPEED = 60.0
END = START + timedelta(days=1) / SPEED
AT_ONCE = timedelta(0)


@dataclass
class Hands:
    """A clock whose hands a test may move."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Told:
    """What a server answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Told:
    """One request; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, parts.path or "/", headers=dict(headers or {}))
        answer = connection.getresponse()
        return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def in_line(text: str) -> str:
    return " ".join(text.split())


def locations(text: str) -> list[str]:
    return re.findall("<loc>(.*?)</loc>", text)
