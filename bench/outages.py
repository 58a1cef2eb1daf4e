"""Kill, stop, fill and cut what an office shares, while everybody works, and count what is there afterwards.

    python -m bench.outages [NAME …] [--times N]

Real servers of its own on free ports: the Elasticsearch beside the project, Debian's Redis and PostgreSQL; full disks
need root. Every line of the printed section for docs/performance.md says what was tried, how often, and how much of
what had been acknowledged is missing or there twice. With names, only those; ends with 1 if anything is.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench import outages_books, outages_elastic, outages_moved, outages_shared
from bench.measure import Circumstances, progress, table
from bench.outage import Outage

_TRIED: Final[Mapping[str, tuple[Callable[[Path, int], Iterator[Outage]], int]]] = {
    "node": (outages_elastic.node_killed, 20),
    "cluster": (outages_elastic.one_of_three_killed, 6),
    "redis": (outages_shared.redis_killed, 5),
    "postgres": (outages_books.postgres_stopped, 20),
    "disk": (outages_books.disk_full, 5),
    "server-disk": (outages_elastic.disk_full, 3),
    "network": (outages_elastic.network_cut, 5),
    "reprints": (outages_shared.reprints_together, 500),
    "migrate": (outages_moved.migration_killed, 12),
    "copy": (outages_moved.copy_killed, 10),
}
"""By name what is tried, and how often; of reprints, how many pairs."""
_HEAD: Final = ("tried", "times", "acknowledged", "lost", "doubled", "flagged stories without a case")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", choices=[*_TRIED, []], help="what is tried; everything, unless said")
    arguments.add_argument("--times", type=int, help="how often, instead of as often as it is told in the document")
    asked = arguments.parse_args()
    around = Circumstances()
    began = time.monotonic()
    found = list(_found(asked.names or list(_TRIED), asked.times))
    print(_section(around, (time.monotonic() - began) / 60, found))
    return 1 if any(outage.amiss for outage in found) else 0


def _found(names: Sequence[str], times: int | None) -> Iterator[Outage]:
    for name in names:
        attempt, usual = _TRIED[name]
        with tempfile.TemporaryDirectory(prefix=f"outages-{name}-") as folder:
            for outage in attempt(Path(folder) / name, times or usual):
                progress(f"{outage}")
                yield outage


def _section(around: Circumstances, minutes: float, found: Sequence[Outage]) -> str:
    rows = [
        (
            f"{number}. {outage.tried}",
            f"{outage.times}",
            f"{outage.acknowledged:,} {outage.of}",
            f"{outage.lost}",
            f"{outage.doubled}",
            "–" if outage.open_stories is None else f"{outage.open_stories}",
        )
        for number, outage in enumerate(found, start=1)
    ]
    return "\n".join(
        (
            "## Servers killed, cut and filled\n",
            around.told(),
            f"Real servers on this machine, over {minutes:.0f} minutes, while everybody works. Whoever is refused "
            "tries again; what was acknowledged is counted at the end.\n",
            table(_HEAD, rows),
            *(f"{number}. {outage.told}" for number, outage in enumerate(found, start=1)),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
