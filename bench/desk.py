"""How long an officer waits: pages in a real browser over a full archive, and writes while the crawler runs.

    python -m bench.desk --articles 100000 --cases 1500

The archive holds news put together anew from the development data, a thousand a day until now; the cases are those of
the invented office of the browser tests, one of them with a hundred articles. Pages are opened by turns in Chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from bench import home as homes
from bench import measure
from bench.browser import shown, signed_in
from bench.measure import Circumstances, Spread
from bench.recombined import Batch, News
from config import settings as configured
from desk.daily import Edition
from desk.desk import Desk
from index.account import Officer, Role
from index.casebook_queue import Filters, Tab
from index.clock import local
from index.model import FlagKind, Harm, OfficerName, Topic, Track
from index.sqlite import SqliteArchive
from tests.browser import invented
from tests.browser.conftest import Served, serving

MOST_SECONDS: Final = 1.0
MOST_TIMES: Final = 10.0
_BATCH: Final = 1_000
_A_DAY: Final = 1_000
"""Articles, as the news is placed."""
_LARGE: Final = "lon"
_LARGE_STORY: Final = 100
_EVERY_REPRINT: Final = 3
_EVERY_EDIT: Final = 5
_SIGNS: Final = {
    FlagKind.INCIDENT: "harm_to_life",
    FlagKind.UNVERIFIED: "said_unconfirmed",
    FlagKind.CRITICISM: "complaint",
}
"""Of the large story, with the reason of each."""
_LOOKS: Final = 15
_WRITES: Final = 150
_THINKING: Final = 0.05
"""Seconds between two writes: an officer is no loop."""
_HA: Final = Officer(name=OfficerName("ha"), display_name="", roles=frozenset({Role.MONITOR}))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=100_000)
    arguments.add_argument("--cases", type=int, default=1_500)
    asked = arguments.parse_args()
    around = Circumstances()
    with tempfile.TemporaryDirectory(prefix="desk-") as folder, homes.newsroom(str(measure.NEWS)) as sources:
        home = Path(folder)
        homes.make(home, sources)
        _fill(home, articles=asked.articles, cases=asked.cases)
        measure.progress("pages")
        pages = _pages(home)
        measure.progress("writes")
        desk, _ = invented.open_desk(home)
        alone = _writes(desk)
        crawl = homes.kiemtin("crawl", "--home", folder, *chain(*(("--source", source.id) for source in sources)))
        before = homes.stored(home)
        with homes.running(crawl, home / "crawl.log") as crawler:
            homes.until(lambda: homes.stored(home) > before)
            crowded = _writes(desk)
            if crawler.poll() is not None:
                raise RuntimeError("the crawl was over before the officer was")
    told = f"{asked.articles:,} articles in the archive, {asked.cases:,} cases in the queue"
    print(_section(around, pages, alone, crowded, told))
    return 0


# --- filling ----------------------------------------------------------------------------------------------------------


def _fill(home: Path, *, articles: int, cases: int) -> None:
    now = datetime.now(UTC)
    news = News(measure.NEWS.parent)
    invented.fill(home, now, (*invented.TOLD, _large_story(news)), more=cases)
    with SqliteArchive(home / configured.ARCHIVE_FILE) as archive:
        for batch in _until(now, news.batches(articles, _BATCH), articles):
            archive.add(batch.articles)
            archive.record(batch.reviews, batch.stories)
    desk, _ = invented.open_desk(home)
    desk.summaries.make(local(now).date(), Edition.MORNING, now=now)


def _until(now: datetime, batches: Iterable[Batch], count: int) -> Iterator[Batch]:
    """The batches moved in time so that the last of their articles is published now."""
    later: timedelta | None = None
    for batch in batches:
        if later is None:
            later = now - batch.articles[0].when - timedelta(days=count / _A_DAY)
        yield Batch(
            articles=[
                replace(article, published=article.when + later, collected=article.collected + later)
                for article in batch.articles
            ],
            reviews=batch.reviews,
            stories=[replace(story, first_seen=story.first_seen + later) for story in batch.stories],
        )


def _large_story(news: News) -> invented.Told:
    """A story of a hundred articles as long as real ones: a third are reprints, a fifth were edited."""
    (batch,) = news.batches(_LARGE_STORY, _LARGE_STORY)
    first = batch.articles[0]
    written = [
        invented.Written(
            source=invented.SOURCES[number % len(invented.SOURCES)].id,
            hours=1 + number / 4,
            title=first.title if number % _EVERY_REPRINT == 0 else article.title,
            text=first.text if number % _EVERY_REPRINT == 0 else article.text,
            copy=number > 0 and number % _EVERY_REPRINT == 0,
            edited=article.text[: len(article.text) // 2] if number % _EVERY_EDIT == 1 else None,
        )
        for number, article in enumerate(batch.articles)
    ]
    signs = [
        invented.Shown(kind=kind, article=place, quote=written[place].text.partition("\n")[0], code=code)
        for place, (kind, code) in enumerate(_SIGNS.items(), start=1)
    ]
    return invented.Told(id=_LARGE, articles=tuple(written), signs=tuple(signs), topic=Topic.DISASTER, harm=Harm.LIFE)


# --- pages ------------------------------------------------------------------------------------------------------------


def _pages(home: Path) -> Mapping[str, Spread]:
    """Seconds until each page stands still, by what was done."""
    with serving(home) as url, signed_in(Served(home=home, url=url)) as (page,):
        seconds: dict[str, list[float]] = defaultdict(list)
        for look in range(_LOOKS + 1):
            for what, open_page in _openings(page, url).items():
                taken = measure.seconds(partial(shown, page, open_page))
                if look:  # the first time, libraries load
                    seconds[what].append(taken)
    return {what: Spread(values=tuple(values)) for what, values in seconds.items() if what}


def _openings(page: Page, url: str) -> Mapping[str, Callable[[], object]]:
    """What is opened, in an order in which each can follow the one before; what has no name is not told."""
    story = f"story of {_LARGE_STORY} articles"
    return {
        "search for a word, by its address": lambda: page.goto(f"{url}/tim-kiem?tim=tinh"),
        f"{story}, by its address": lambda: page.goto(f"{url}/vu-viec?story={_LARGE}"),
        "daily page, by its address": lambda: page.goto(f"{url}/diem-bao"),
        "queue, by its address": lambda: page.goto(f"{url}/?muc=verify"),
        "": lambda: page.goto(f"{url}/?muc=answer"),  # where the large story stands first
        f"{story}, from the queue": lambda: page.keyboard.press("m"),
    }


# --- writes -----------------------------------------------------------------------------------------------------------


def _writes(desk: Desk) -> Spread:
    """Seconds of each of an officer's writes: a case is taken, and given back."""
    items = desk.triage.queue(_HA, Tab.VERIFY, Filters()).items
    case = items[-1].case
    seconds: list[float] = []
    while len(seconds) < _WRITES:
        for write in (desk.triage.take, desk.triage.release):
            began = time.perf_counter()
            case = write(case.id, Track.VERIFY, by=_HA, at=datetime.now(UTC), revision=case.revision)
            seconds.append(time.perf_counter() - began)
            time.sleep(_THINKING)
    return Spread(values=tuple(seconds))


# --- telling ----------------------------------------------------------------------------------------------------------


def _section(around: Circumstances, pages: Mapping[str, Spread], alone: Spread, crowded: Spread, told: str) -> str:
    rows = [[what, spread.told(), f"{spread.percentile(0.95):.2f}", _reached(spread)] for what, spread in pages.items()]
    times = crowded.percentile(0.95) / alone.percentile(0.95)
    writes = [
        [what, spread.told("{:.1f}"), f"{spread.percentile(0.95):.1f}"]
        for what, spread in (
            ("alone", Spread(values=tuple(value * 1000 for value in alone.values))),
            ("while the crawler runs at full speed", Spread(values=tuple(value * 1000 for value in crowded.values))),
        )
    ]
    return "\n".join(
        (
            "## Desk",
            "",
            around.told(),
            f"{told}. Chromium of the system, 1366 × 768, {_LOOKS} times each by turns, until the script has run and "
            "nothing on the page waits to be drawn; seconds, median (smallest–largest).",
            "",
            measure.table(["page", "seconds", "p95", f"goal: ≤ {MOST_SECONDS:.0f} s"], rows),
            f"### An officer's write\n\n{_WRITES} times a case is taken or given back, with {_THINKING:.2f} s between.",
            "",
            measure.table(["write", "ms", "p95, ms"], writes),
            f"p95 beside the crawler is {times:.1f} times p95 alone; goal: at most {MOST_TIMES:.0f} times: "
            f"{measure.verdict(times <= MOST_TIMES)}.",
            "",
        )
    )


def _reached(spread: Spread) -> str:
    return measure.verdict(spread.median <= MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
