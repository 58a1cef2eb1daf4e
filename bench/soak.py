"""The whole service for an hour over a day of news: memory, open files and what lies on the disk, sampled and drawn.

    python -m bench.soak [FILE.jsonl.gz] --minutes 60 --out docs/performance

The service is `kiemtin run` with its dashboard. The last day of the written week is played so fast that it fits into
the time, and the file's articles are spread evenly over it; a browser looks at the queue, a story and the sources every
half minute. `soak.csv` and `soak.svg` are written, the section for docs/performance.md is printed.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from bench import home as homes
from bench import measure
from bench.measure import MEGABYTE, Circumstances
from bench.plot import Curve, drawn
from config import settings as configured
from config import wiring
from desk.accounts import Accounts
from index.account import CONSOLE, Role
from index.casebook import Casebook
from tests.browser import invented
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Served, looking, settled, sign_in

SAMPLE_EVERY: Final = 10.0
LOOK_EVERY: Final = 30.0
MOST_MEMORY: Final = 1024
"""Megabytes that the whole service may take, without models."""
_OFFICER: Final = "ha"
_SCHEDULE: Final = {"tier1": "15s", "tier2": "20s", "tier3": "30s", "review_every": "15s"}
_WARM: Final = 1 / 3
"""Share of the time after which memory is expected to stand still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The service at one moment: resident megabytes of each of its parts, `pss` of all with shared pages counted
    once; megabytes on disk."""

    seconds: float
    service: float
    dashboard: float
    crawler: float
    all: float
    pss: float
    processes: int
    files: int
    archive: float
    casebook: float
    articles: int
    looks: int


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path, nargs="?", default=measure.NEWS)
    arguments.add_argument("--minutes", type=float, default=60.0)
    arguments.add_argument("--articles", type=int, default=8_000, help="how many articles the file holds")
    arguments.add_argument("--out", type=Path, default=measure.ROOT / "docs" / "performance")
    asked = arguments.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    around = Circumstances()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, ExitStack() as stack:
        home = Path(folder)
        minutes: float = asked.minutes
        week = stack.enter_context(homes.newsroom("--speed", str(round(24 * 60 / minutes, 2))))
        replayed = stack.enter_context(homes.newsroom(str(asked.file), "--outlets", str(homes.OUTLETS)))
        delay = round(minutes * 60 * homes.OUTLETS / asked.articles, 2)
        port = homes.free_port()
        homes.make(home, [*week, *replayed], fetch={"delay": delay}, schedule=_SCHEDULE, dashboard={"port": port})
        service = stack.enter_context(
            homes.running(homes.kiemtin("run", "--home", str(home)), home / "logs" / "run.log")
        )
        looker = _Looker(Served(home=home, url=f"http://{homes.HOST}:{port}"))
        stack.enter_context(looker.looking())
        samples = list(_samples(home, service.pid, minutes * 60, looker, asked.out / "soak.csv"))
        log = (home / "logs" / "run.log").read_text(encoding="utf-8", errors="replace")
    if "Traceback" in log:
        print(log, file=sys.stderr)
    (asked.out / "soak.svg").write_text(_picture(samples), encoding="utf-8")
    print(_section(samples, around, minutes, delay=delay, failed=looker.failed, errors=log.count("Traceback")))
    return 0


# --- looking ----------------------------------------------------------------------------------------------------------


class _Looker:
    """Somebody who comes by with a browser: signs in, then opens a page of each kind again and again."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._over = threading.Event()
        self.looks = 0
        self.failed = 0

    @contextmanager
    def looking(self) -> Iterator[None]:
        with Casebook.open(self._served.home / configured.CASEBOOK_FILE) as casebook:
            Accounts(casebook, homes.PROVINCE).add_account(
                _OFFICER, "", frozenset({Role.MONITOR}), invented.PASSWORD, by=CONSOLE, at=wiring.clock()
            )
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self) -> None:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            with looking(chromium) as context:
                page: Page | None = None
                while not self._over.wait(LOOK_EVERY):
                    try:
                        page = page or sign_in(context, self._served, _OFFICER)
                        self._round(page)
                    except (BrowserError, AssertionError) as error:
                        self.failed += 1
                        print(error, file=sys.stderr)
                        if page is not None:
                            page.close()
                        page = None
            chromium.close()

    def _round(self, page: Page) -> None:
        visits: Sequence[Callable[[], object]] = (
            lambda: page.goto(f"{self._served.url}/?muc=inform"),
            lambda: page.keyboard.press("m"),
            lambda: page.goto(f"{self._served.url}/nguon"),
        )
        for visit in visits:
            visit()
            settled(page)
            self.looks += 1


# --- sampling ---------------------------------------------------------------------------------------------------------


def _samples(home: Path, service: int, until: float, looker: _Looker, kept: Path) -> Iterator[Sample]:
    """One every ten seconds until the time is over, each written down at once."""
    began = time.monotonic()
    with kept.open("w", newline="") as file:
        lines = csv.DictWriter(file, list(Sample.__dataclass_fields__))
        lines.writeheader()
        for number in count(1):
            time.sleep(max(0.0, began + number * SAMPLE_EVERY - time.monotonic()))
            at = time.monotonic() - began
            if at > until:
                return
            sample = _sample(home, service, at, articles=homes.stored(home), looks=looker.looks)
            lines.writerow(asdict(sample))
            file.flush()
            yield sample


def _sample(home: Path, service: int, at: float, *, articles: int, looks: int) -> Sample:
    parts = {"service": 0.0, "dashboard": 0.0, "crawler": 0.0}
    family = measure.family(service)
    for process in family:
        part = "service" if process.pid == service else "dashboard" if "dashboard" in process.command else "crawler"
        parts[part] += process.rss / MEGABYTE
    rounded = {part: round(megabytes, 1) for part, megabytes in parts.items()}
    return Sample(
        seconds=round(at, 1),
        **rounded,
        all=round(sum(parts.values()), 1),
        pss=round(sum(process.pss for process in family) / MEGABYTE, 1),
        processes=len(family),
        files=sum(process.files for process in family),
        archive=_on_disk(home, configured.ARCHIVE_FILE),
        casebook=_on_disk(home, configured.CASEBOOK_FILE),
        articles=articles,
        looks=looks,
    )


def _on_disk(home: Path, name: str) -> float:
    """Megabytes of a database with its journal."""
    return round(sum(file.stat().st_size for file in home.glob(f"{name}*")) / MEGABYTE, 1)


# --- telling ----------------------------------------------------------------------------------------------------------


def _picture(samples: Sequence[Sample]) -> str:
    """Three panels above one time axis."""
    minutes = [sample.seconds / 60 for sample in samples]

    def curves(**named: str) -> list[Curve]:
        return [
            Curve(name=name.replace("_", " "), xs=minutes, ys=[float(getattr(sample, field)) for sample in samples])
            for name, field in named.items()
        ]

    return drawn(
        {
            "Memory, MB resident": curves(all="all", service="service", dashboard="dashboard", crawler="crawler"),
            "Open files": curves(open_files="files"),
            "On disk, MB": curves(archive="archive", casebook="casebook"),
        },
        across="minutes",
    )


def _section(
    samples: Sequence[Sample],
    around: Circumstances,
    minutes: float,
    *,
    delay: float,
    failed: int,
    errors: int,
) -> str:
    warm = [sample for sample in samples if sample.seconds >= minutes * 60 * _WARM]
    third = max(1, len(warm) // 3)
    rows = []
    for name in ("service", "dashboard", "crawler", "all", "pss", "files", "archive", "casebook", "articles"):
        values = [getattr(sample, name) for sample in samples]
        warmed = [getattr(sample, name) for sample in warm]
        rows.append(
            [name, *(f"{value:,.0f}" for value in (median(warmed[:third]), median(warmed[-third:]), max(values)))]
        )
    most = max(sample.all for sample in samples)
    growth = median(s.all for s in warm[-third:]) / median(s.all for s in warm[:third]) - 1
    return "\n".join(
        (
            f"## The whole service for {minutes:.0f} minutes",
            "",
            around.told(),
            "`kiemtin run` with its dashboard; a day of the written week in that time, and beside it the articles of "
            f"the file, a request to each outlet every {delay:.1f} s; a browser looks at a page of each kind every "
            f"{LOOK_EVERY:.0f} s ({samples[-1].looks} looks, {failed} that failed; {errors} errors in the log). "
            f"Sampled every {SAMPLE_EVERY:.0f} s; the first third, in which libraries load and caches fill, is left "
            "out of the first two columns.",
            "",
            measure.table(
                [
                    "MB resident; MB on disk; number",
                    "median of the third after warming up",
                    "of the last third",
                    "most",
                ],
                rows,
            ),
            f"Goal: at most {MOST_MEMORY} MB without models: {most:.0f} MB, {measure.verdict(most <= MOST_MEMORY)}. "
            f"Between the two columns memory changed by {growth:+.1%}. `all` counts pages that processes share once "
            "for each of them; `pss` counts them once.",
            "",
            "![Memory, open files and database size over time](performance/soak.svg)",
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
