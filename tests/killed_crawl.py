"""A round of one source in a process of its own, for tests that kill it: `killed_crawl.py ARCHIVE FEED`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawlers.engine import FetchSettings
from crawlers.register import collectors
from crawlers.round import RoundSettings, run_round
from index.sqlite import SqliteArchive
from tests.reading import TIERS, WORDS, source

if __name__ == "__main__":
    fetch = FetchSettings(user_agent="KiemTin/0.1", delay=0.0, allow_hosts=("127.0.0.1",))
    with SqliteArchive(Path(sys.argv[1])) as archive:
        for _ in run_round(
            [source(url=sys.argv[2])],
            archive=archive,
            collectors=collectors(WORDS),
            settings=RoundSettings(fetch=fetch, tiers=TIERS),
            clock=lambda: datetime.now(UTC),
        ):
            pass
