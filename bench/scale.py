"""The same archive in a file and on an Elasticsearch node while it grows: what writing, looking and the desk take.

    python -m bench.scale --sizes 10000 100000 300000 --folder DIR --json FILE

An office with 1,500 cases has two homes: one with its archive in SQLite, one on a node that is started for this
(`../shared/elasticsearch/start`). Recombined news is written into both up to each size: into the file as the service
does it, onto the node as `kiemtin archive copy` does it, and the last thousand as the service does it on both. Then the
same questions are put to both by turns, and must find the same; and an officer's browser opens the queue of both homes.
The node is asked everything once when it is new; then every answer counts, also a question's first. 300,000 articles
take 6 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench import home as homes
from bench import measure
from bench.browser import shown, signed_in
from bench.measure import SHARED, Circumstances, Spread, progress, table, verdict
from bench.officer import OFFICER
from bench.offices import BATCH, CASES, Grown, Office, grow, opened
from bench.questions import ASKED, EVERYTHING, FACETS, Kind, kinds
from bench.recombined import PROVINCE, News
from config import settings as configured
from config import wiring
from desk.desk import Desk
from index.archive import Archive, Query
from index.model import Article, ArticleId
from index.question import Question
from tests.browser.conftest import Served

TIMES: Final = 2
"""How often each question is asked."""
LOOKS: Final = 12
MOST_MS: Final = 100.0
"""In which 95 of 100 answers must be there at the largest size, on Elasticsearch."""
FLAT: Final = 1.2
"""How many times longer the queue may take at the largest size than at the smallest, to be called flat."""
_LATER: Final = 10_000_000
"""The number of the first article of those that arrive while questions are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Milliseconds of all answers to one kind of question; `cpu` is what the node took of its processors for one,
    `load` the machine's load average after the last."""

    name: str
    articles: int
    matches: int
    file: Spread
    served: Spread
    cpu: float
    load: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Seconds until the queue stands still."""

    articles: int
    file: Spread
    served: Spread
    load: float


# --- asking -------------------------------------------------------------------------------------------------------

Put = Callable[[int], int]
"""A question, put to the archive of one home: 0 the file's, 1 the node's. How many it found."""


def ask(office: Office, news: News, size: int) -> list[Asked]:
    if office.file.facets(EVERYTHING) != office.served.facets(EVERYTHING):
        raise RuntimeError("the two archives are not made of the same")
    asked = []
    for name, puts, before in _questions(office, news, size):
        asked.append(_asked(office, name, size, puts, before))
        progress(f"{size:,}: {name}: {asked[-1].file.told('{:.1f}')}, {asked[-1].served.told('{:.1f}')} ms")
    return asked


def _warm(office: Office, news: News) -> None:
    """A server that has just started compiles its code while it answers: not what an office meets."""
    for kind in kinds(news, office.file).values():
        for query in kind.queries:
            kind.ask(office.served, query)


def _questions(office: Office, news: News, size: int) -> Iterator[tuple[str, Sequence[Put], Callable[[], object]]]:
    """By name; the last is done before each, untimed."""
    both, newcomers = office.both, _newcomers(news, size)

    def nothing() -> None:
        """What was asked last has changed nothing."""

    def arrive() -> None:
        article = next(newcomers)
        for archive in both:
            archive.add((article,))

    for name, kind in kinds(news, office.file).items():
        puts = [partial(_ask, both, kind, query) for query in kind.queries]
        yield name, puts, nothing
        if name == "two syllables and counts":
            yield f"{name}, an article having come", puts, arrive
    yield "articles of one story", [partial(_alike, both, article) for article in _told(news, size)], nothing
    desks = [wiring.open_desk(configured.load(home, environment={})) for home in (office.file_home, office.node_home)]
    texts = [query.text for query in kinds(news, office.file)["two syllables without marks"].queries]
    yield "page of the desk's search", [partial(_searched, desks, text) for text in texts], nothing


def _ask(archives: Sequence[Archive], kind: Kind, query: Query, which: int) -> int:
    return kind.ask(archives[which], query)


def _alike(archives: Sequence[Archive], article: ArticleId, which: int) -> int:
    """What else is told of the same: from an article to its story, and to the articles of that."""
    story = archives[which].story_of(article, PROVINCE)
    assert story is not None, "it was chosen for its story"
    return archives[which].find(replace(EVERYTHING, stories=frozenset({story}))).total


def _searched(desks: Sequence[Desk], text: str, which: int) -> int:
    """What the search page asks for."""
    question = Question(text=text)
    desks[which].search.facets(question, FACETS, by=OFFICER)
    return desks[which].search.find(question, by=OFFICER).total


def _newcomers(news: News, size: int) -> Iterator[Article]:
    """More than are asked for, and none that a later size brings."""
    for batch in news.batches(2 * _LATER, BATCH, first=_LATER + size // BATCH * BATCH):
        yield from batch.articles


def _told(news: News, size: int) -> Sequence[ArticleId]:
    """One article of each of the last stories that have several."""
    (batch,) = news.batches(size, BATCH, first=size - BATCH)
    return [story.articles[0] for story in batch.stories if len(story.articles) > 1][:ASKED]


def _asked(office: Office, name: str, size: int, puts: Sequence[Put], before: Callable[[], object]) -> Asked:
    taken: tuple[list[float], list[float]] = ([], [])
    matches, cpu = [], 0.0
    for put in puts:
        for _ in range(TIMES):
            before()
            found = []
            for which in (0, 1):
                began = office.node.cpu()
                started = time.perf_counter()
                found.append(put(which))
                taken[which].append((time.perf_counter() - started) * 1000)
                cpu += (office.node.cpu() - began) * which
            if found[0] != found[1]:
                raise RuntimeError(f"{name}: the file's archive finds {found[0]}, the node's {found[1]}")
        matches.append(found[0])
    return Asked(
        name=name,
        articles=size,
        matches=sorted(matches)[len(matches) // 2],
        file=Spread(values=tuple(taken[0])),
        served=Spread(values=tuple(taken[1])),
        cpu=cpu * 1000 / len(taken[1]),
        load=os.getloadavg()[0],
    )


# --- looking ------------------------------------------------------------------------------------------------------


def look(office: Office, size: int) -> Looked:
    """At the queue of both homes by turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as stack:
        offices = [_serving(stack, home) for home in (office.file_home, office.node_home)]
        pages = stack.enter_context(signed_in(*offices))
        for number in range(LOOKS + 1):
            for seconds, one, page in zip(taken, offices, pages, strict=True):
                took = measure.seconds(partial(shown, page, partial(page.goto, f"{one.url}/?muc=verify")))
                if number:  # the first time, libraries load
                    seconds.append(took)
    file, served = (Spread(values=tuple(seconds)) for seconds in taken)
    return Looked(articles=size, file=file, served=served, load=os.getloadavg()[0])


def _serving(stack: ExitStack, home: Path) -> Served:
    """A home served as its service would."""
    port = configured.load(home, environment={}).dashboard.port
    command = [sys.executable, "-m", "dashboard.server"]
    stack.enter_context(homes.running(command, home / "logs" / "dashboard.log", KIEMTIN_HOME=str(home)))
    url = f"http://{homes.HOST}:{port}"
    homes.until(lambda: _answers(f"{url}/_stcore/health"), patience=120)
    return Served(home=home, url=url)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


# --- telling ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    grown: list[Grown]
    asked: list[Asked]
    looked: list[Looked]


def section(figures: Figures, when: Circumstances, version: str, heap: str) -> str:
    """The section for docs/performance.md."""
    sizes = [one.articles for one in figures.grown]
    writing = table(
        (
            "articles",
            "SQLite: added/s",
            "reviewed/s",
            "Elasticsearch: carried/s",
            "added/s",
            "reviewed/s",
            "SQLite, MB",
            "Elasticsearch, MB",
            "live heap, MB",
            "memory, MB",
        ),
        [
            (
                f"{one.articles:,}",
                *(f"{rate:,.0f}" for rate in (one.file_added, one.file_recorded)),
                *(f"{rate:,.0f}" for rate in (one.carried, one.added, one.recorded)),
                *(f"{size:,.0f}" for size in (one.file_megabytes, one.held.articles + one.held.others)),
                *(f"{size:,.0f}" for size in (one.held.heap, one.held.memory)),
            )
            for one in figures.grown
        ],
    )
    asking = table(
        (
            "question, ms",
            "articles",
            "matches",
            "SQLite p50",
            "p95",
            "Elasticsearch p50",
            "p95",
            "node's CPU",
            "load",
            "goal",
        ),
        [
            (
                one.name,
                f"{one.articles:,}",
                f"{one.matches:,}",
                *(f"{value:.1f}" for value in (one.file.median, one.file.percentile(0.95))),
                *(f"{value:.1f}" for value in (one.served.median, one.served.percentile(0.95), one.cpu, one.load)),
                f"p95 ≤ {MOST_MS:.0f}: {verdict(_is_quick(one))}" if one.articles == sizes[-1] else "",
            )
            for one in figures.asked
        ],
    )
    p95 = {(one.name, one.articles): (one.file.percentile(0.95), one.served.percentile(0.95)) for one in figures.asked}
    names = list(dict.fromkeys(one.name for one in figures.asked))
    growing = table(
        (f"p95 at {sizes[-1]:,} ÷ p95 at {sizes[0]:,}", "SQLite", "Elasticsearch"),
        [
            (
                name,
                *(f"{last / first:.1f}" for first, last in zip(p95[name, sizes[0]], p95[name, sizes[-1]], strict=True)),
            )
            for name in names
        ],
    )
    looking = table(
        (f"queue of {CASES:,} cases, in a browser, s", "SQLite", "Elasticsearch", "load"),
        [(f"{one.articles:,}", one.file.told(), one.served.told(), f"{one.load:.1f}") for one in figures.looked],
    )
    flat = ", ".join(
        f"{name} × {growth:.2f} ({verdict(growth <= FLAT)})" for name, growth in _queue_growth(figures.looked).items()
    )
    return "\n".join(
        (
            "## At scale\n",
            when.told(),
            f"Elasticsearch {version}, one node, {heap} of heap, one shard. {measure.machine()}\n",
            __doc__ or "",
            writing,
            asking,
            growing,
            looking,
            f"Median at the largest size ÷ at the smallest: {flat}; goal: flat, at most × {FLAT}.",
        )
    )


def _is_quick(one: Asked) -> bool:
    return one.served.percentile(0.95) <= MOST_MS


def _queue_growth(looked: Sequence[Looked]) -> Mapping[str, float]:
    first, last = looked[0], looked[-1]
    return {
        "SQLite": last.file.median / first.file.median,
        "Elasticsearch": last.served.median / first.served.median,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 300_000])
    parser.add_argument("--folder", type=Path, required=True, help="for the homes and the node; emptied by its owner")
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--json", type=Path, help="file for the figures")
    chosen = parser.parse_args()
    when, news = Circumstances(), News(SHARED / "data" / "news")
    figures = Figures(grown=[], asked=[], looked=[])
    with ExitStack() as stack:
        office = opened(stack, chosen.folder, chosen.heap)
        for first, size in pairwise((0, *chosen.sizes)):
            figures.grown.append(grow(office, news, first, size))
            progress(f"{figures.grown[-1]}")
            if not first:
                _warm(office, news)
            figures.asked.extend(ask(office, news, size))
            figures.looked.append(look(office, size))
            progress(f"{figures.looked[-1]}")
            if chosen.json:
                chosen.json.write_text(json.dumps(asdict(figures), indent=1), encoding="utf-8")
        told = section(figures, when, office.node.version, chosen.heap)
    print(told)
    slow = [one for one in figures.asked if one.articles == chosen.sizes[-1] and not _is_quick(one)]
    grew = [growth for growth in _queue_growth(figures.looked).values() if growth > FLAT]
    return 1 if slow or grew else 0


if __name__ == "__main__":
    sys.exit(main())
