"""A source tried out: read once, as a round would, into an archive that is thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from config import wiring
from config.settings import Settings
from crawlers.round import run_round
from index.archive import Reviewed
from index.source import Outcome, Source
from index.sqlite import SqliteArchive

BUDGET: Final = timedelta(minutes=1)
SHOWN: Final = 20
"""How many articles are shown."""


def read(settings: Settings, source: Source) -> tuple[Outcome, Sequence[Reviewed]]:
    """Its outcome, and what would be stored. Waits for the round that is running, if one is."""
    with (
        wiring.alone(settings, wiring.ROUND_LOCK),
        TemporaryDirectory() as folder,
        SqliteArchive(Path(folder) / "archive.db") as archive,
    ):
        (outcome,) = run_round(
            [source],
            archive=archive,
            collectors=wiring.every_collector(),
            settings=replace(wiring.round_settings(settings, BUDGET), manners=None),  # as if met for the first time
            clock=wiring.clock,
        )
        return outcome, tuple(archive.stored(settings.province, limit=SHOWN))
