"""Hosts that other machines ask too: what becomes of a source whose host is somebody else's all the while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.engine import FetchSettings
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from crawlers.sharing import Turns
from index.model import OfficerName
from index.shared_errors import QueueUnavailable
from index.source import Checkpoint, Note, Outcome, Tally, Visit, VisitId, VisitReason
from index.sqlite import SqliteArchive
from tests.reading import TIERS, WORDS, source
from tests.servers import Outlet, Reply

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
FEED = """<rss version="2.0"><channel><title>Báo</title><item><title>Tin lũ</title><link>{url}/bai</link>
<description>Nước sông Lô lên nhanh ở thành phố Tuyên Quang trong đêm qua.</description></item></channel></rss>"""


@dataclass(frozen=True)
class Others:
    """Turns that are others': always, or never."""

    always: bool = True
    patience: float = 0.1

    def take(self, host: str, delay: float, turn: str) -> tuple[bool, float]:
        return not self.always, 0.0

    def end(self, host: str, delay: float, turn: str) -> None:
        """Nobody waits for it."""


@dataclass(frozen=True)
class Away(Others):
    """Nobody can say whose turn it is."""

    def take(self, host: str, delay: float, turn: str) -> tuple[bool, float]:
        raise QueueUnavailable(place="redis://may", problem="unreachable", why="")


def read(archive: SqliteArchive, outlet: Outlet, turns: Turns, visits: tuple[Visit, ...] = ()) -> tuple[Outcome, ...]:
    outlet.paths["/rss"] = Reply(
        body=FEED.format(url=outlet.url).encode(), headers={"Content-Type": "application/rss+xml"}
    )
    fetch = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, timeout=2.0, allow_hosts=("127.0.0.1",))
    return tuple(
        run_round(
            [source(url=f"{outlet.url}/rss", full_text=False)],
            visits,
            archive=archive,
            collectors=collectors(WORDS),
            settings=RoundSettings(fetch=fetch, tiers=TIERS, readers=1, turns=turns),
            clock=lambda: NOW,
        )
    )


@pytest.mark.parametrize("turns", [Others(), Away()], ids=["taken", "nobody knows"])
def test_a_source_whose_turn_does_not_come_is_not_asked_and_stays_due(tmp_path: Path, turns: Turns) -> None:
    visit = Visit(
        id=VisitId("v1"),
        url="http://127.0.0.1:9/bai",
        why=VisitReason.BY_HAND,
        by=OfficerName("ha"),
        requested=NOW,
        not_before=NOW,
    )
    with SqliteArchive(tmp_path / "archive.db") as archive, Outlet() as outlet:
        archive.request(visit)
        (outcome,) = read(archive, outlet, turns, (visit,))
        assert (outcome.error, outcome.tally) == (None, Tally())
        assert Note.LEFT_FOR_LATER in outcome.notes
        assert outlet.requests == []
        assert archive.checkpoint(outcome.source_id) == Checkpoint(), "it did not fail, and is due"
        assert archive.visits_due(NOW) == (visit,)
        (outcome,) = read(archive, outlet, Others(always=False))
        assert outcome.tally == Tally(new=1), "the next round reads it"
