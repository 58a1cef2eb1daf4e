"""robots.txt as RFC 9309 reads it. Pure."""

from __future__ import annotations

from typing import Final

from protego import Protego

from index.errors import RobotsForbid, RobotsUnreadable

MAX_BYTES: Final = 500 * 1024
"""RFC 9309 §2.5: what stands behind the first 500 KiB does not count."""
MAX_DELAY: Final = 60.0
"""Seconds; a longer Crawl-delay is kept as this one, or a source would be read once a week."""


class Robots:
    """What a host asks of those who read it by machine. `agent` is the product token that its rules may name."""

    def __init__(self, agent: str, *, status: int, text: str) -> None:
        """`text` is what counts of the file. Raises `RobotsUnreadable` for a status that says nothing; one that says
        "no such file" allows everything."""
        if status >= 500:  # noqa: PLR2004
            raise RobotsUnreadable(status=str(status))
        self._agent = agent
        self._rules = Protego.parse(text if 200 <= status < 300 else "")  # noqa: PLR2004

    def check(self, url: str) -> None:
        """Raises `RobotsForbid`."""
        if not self._rules.can_fetch(url, self._agent):
            raise RobotsForbid(url=url)

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 if it asks for none."""
        asked = self._rules.crawl_delay(self._agent) or 0.0
        return min(max(asked, 0.0), MAX_DELAY)


def counted(body: bytes) -> str:
    """The lines that count; one that the limit cuts would say something else."""
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "replace")
