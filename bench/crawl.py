"""How fast articles are collected, and how much memory that takes, beside spiders that keep nothing.

    python -m bench.crawl [FILE.jsonl.gz]

The product's round fetches, extracts, keeps the page as captured, stores and indexes; the baselines fetch the same
pages of the same newsroom as politely and throw the words away. All run by turns, from the start of the command to its
end. Afterwards pages are read without a network, with declared selectors and without.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import home as homes
from bench import measure
from bench.measure import MEGABYTE, Circumstances, Peak, Spread
from config import wiring
from crawlers.collector import Ask, AskKind, Page, Read
from crawlers.newsroom.outlet import Layout
from index.source import Checkpoint, Selectors, Source

LEAST_RATE: Final = 25.0
LEAST_RATIO: Final = 0.7
_ARTICLES: Final = 2_000
_TURNS: Final = 3
_OF_LAYOUT: Final = 100
"""Pages of each layout that are read without a network."""
_BASELINES: Final = {
    "trafilatura": "bare Scrapy with trafilatura, the words alone",
    "trafilatura-whole": "bare Scrapy with trafilatura, also title, author and date",
}
_NEWS_PLEASE: Final = "news-please==1.6.16"
_FOR_NEWS_PLEASE: Final = 300
"""It is so slow that it is given fewer."""
_READINGS: Final = 5
_LAYOUTS: Final = (Layout.CLASSIC, Layout.MAGAZINE, Layout.WIRE, Layout.BARE)
"""Of the outlets of a replayed file, in their order."""
_DECLARED: Final = {
    Layout.CLASSIC: Selectors(title="h1.title", body=".article-content", published=".post-date", byline=".author"),
    Layout.MAGAZINE: Selectors(title="h1", body=".content-body", published=".byline .time", byline=".byline .author"),
    Layout.WIRE: Selectors(title="h1", body=".fck_detail", published=".header-content .date", byline=".author_mail"),
    Layout.BARE: Selectors(title=".h", body=".x", published=".d"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A crawl from the start of its command to its end."""

    articles: int
    seconds: float
    peak: Peak

    @property
    def rate(self) -> float:
        return self.articles / self.seconds


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path, nargs="?", default=measure.NEWS)
    file: Path = arguments.parse_args().file
    around = Circumstances()
    with _newsroom(file, _ARTICLES) as sources:
        runs = _by_turns(sources)
        layouts = {layout: _pages(source) for layout, source in zip(_LAYOUTS, sources, strict=False)}
    with _newsroom(file, _FOR_NEWS_PLEASE) as sources:
        other = _news_please(sources)
    print(_section(around, runs, other, layouts))
    return 0


@contextmanager
def _newsroom(file: Path, count: int) -> Iterator[Sequence[Source]]:
    """The first articles of the file on the air."""
    with (
        homes.first_lines(file, count) as some,
        homes.newsroom(str(some), "--outlets", str(homes.OUTLETS)) as sources,
    ):
        yield sources


# --- crawling ---------------------------------------------------------------------------------------------------------


def _by_turns(sources: Sequence[Source]) -> Mapping[str, Sequence[Run]]:
    runs: dict[str, list[Run]] = defaultdict(list)
    for turn in range(_TURNS):
        measure.progress(f"turn {turn + 1} of {_TURNS}")
        runs["kiemtin"].append(_product(sources))
        for baseline in _BASELINES:
            runs[baseline].append(_spider(sys.executable, baseline, sources))
    return runs


def _product(sources: Sequence[Source]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        homes.make(home, sources)
        seconds, peak, _ = _watched(homes.kiemtin("crawl", "--home", folder))
        return Run(articles=homes.stored(home), seconds=seconds, peak=peak)


def _spider(python: str, extractor: str, sources: Sequence[Source]) -> Run:
    seconds, peak, printed = _watched([python, "bench/bare.py", extractor, *(source.url for source in sources)])
    return Run(articles=int(printed.split()[-1]), seconds=seconds, peak=peak)


def _watched(command: Sequence[str]) -> tuple[float, Peak, str]:
    """How long a command took, the memory it held, and what it printed."""
    process = subprocess.Popen(command, cwd=measure.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with measure.peak_memory(process.pid) as peak:
        printed: list[str] = []
        seconds = measure.seconds(lambda: printed.append(process.communicate()[0]))
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} ended with {process.returncode}")
    return seconds, peak, printed[0]


def _news_please(sources: Sequence[Source]) -> Run | None:
    """news-please in the same spider, in an environment that is thrown away; None where it cannot be installed."""
    with tempfile.TemporaryDirectory() as folder:
        uv, python = str(Path(sys.executable).with_name("uv")), f"{folder}/bin/python"
        steps = ([uv, "venv", "--quiet", folder], [uv, "pip", "install", "--quiet", "--python", python, _NEWS_PLEASE])
        try:
            for step in steps:
                subprocess.run(step, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return _spider(python, "news-please", sources)


# --- reading ----------------------------------------------------------------------------------------------------------


def _pages(source: Source) -> tuple[Source, Sequence[Page]]:
    """Some article pages of an outlet, as they come."""
    collector = wiring.every_collector()[source.collector]
    asks = list(collector.start(source, Checkpoint()))
    pages: list[Page] = []
    while asks and len(pages) < _OF_LAYOUT:
        ask = asks.pop(0)
        with urllib.request.urlopen(ask.url) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            page = Page(ask=ask, url=ask.url, status=answer.status, headers=headers, body=answer.read())
        if ask.kind is AskKind.ARTICLE:
            pages.append(page)
        else:
            asks += [read for read in collector.read(page, source) if isinstance(read, Ask)]
    return source, pages


def _read_all(source: Source, pages: Sequence[Page]) -> Sequence[Read]:
    collector = wiring.every_collector()[source.collector]
    return [read for page in pages for read in collector.read(page, source)]


def _reading_times(source: Source, pages: Sequence[Page], select: Selectors) -> Spread:
    """Milliseconds a page, of several readings of all."""
    told = replace(source, select=select)
    _read_all(told, pages)
    spread = measure.timed(lambda: _read_all(told, pages), times=_READINGS)
    return Spread(values=tuple(value / len(pages) * 1000 for value in spread.values))


# --- telling ----------------------------------------------------------------------------------------------------------


def _section(
    around: Circumstances,
    runs: Mapping[str, Sequence[Run]],
    other: Run | None,
    layouts: Mapping[Layout, tuple[Source, Sequence[Page]]],
) -> str:
    rates = {name: Spread(values=tuple(run.rate for run in of)) for name, of in runs.items()}
    ours = rates["kiemtin"].median
    ratios = {baseline: ours / rates[baseline].median for baseline in _BASELINES}
    rows = [_row("kiemtin crawl: extracted, captured, stored, indexed", runs["kiemtin"], "")]
    rows += [_row(name, runs[baseline], f"{ratios[baseline]:.2f}") for baseline, name in _BASELINES.items()]
    if other is not None:
        rows.append(_row("the bare spider with news-please", [other], f"{ours / other.rate:.1f}"))
    else:
        rows.append(["the bare spider with news-please: it could not be installed", *4 * ["–"]])
    least = min(ratios.values())
    return "\n".join(
        (
            "## Crawl",
            "",
            around.told(),
            f"{_ARTICLES:,} articles of {homes.OUTLETS} outlets on this machine ({_FOR_NEWS_PLEASE} for news-please), "
            f"{_TURNS} turns; one request at a time to each outlet, no delay, robots.txt obeyed. The newsroom that "
            "answers shares the cores. From the start of the command to its end; median (smallest–largest).",
            "",
            measure.table(
                ["", "articles/s", "kiemtin ÷ this", "peak memory, all processes, MB", "largest process, MB"], rows
            ),
            f"Goal: at least {LEAST_RATE:.0f} articles/s: {measure.verdict(ours >= LEAST_RATE)}; "
            f"at least {LEAST_RATIO} of the bare spider: {measure.verdict(least >= LEAST_RATIO)}.",
            "",
            "### A page read with declared selectors, and without",
            "",
            f"{_OF_LAYOUT} pages of each layout, read {_READINGS} times in one process: from bytes to title, words, "
            "author and time.",
            "",
            measure.table(["layout", "declared, ms", "generic, ms", "generic ÷ declared"], list(_compared(layouts))),
        )
    )


def _row(name: str, runs: Sequence[Run], ratio: str) -> list[str]:
    rate = Spread(values=tuple(run.rate for run in runs))
    memory = Spread(values=tuple(run.peak.rss / MEGABYTE for run in runs))
    largest = Spread(values=tuple(run.peak.largest / MEGABYTE for run in runs))
    return [name, rate.told("{:.1f}"), ratio, memory.told("{:.0f}"), largest.told("{:.0f}")]


def _compared(layouts: Mapping[Layout, tuple[Source, Sequence[Page]]]) -> Iterator[list[str]]:
    for layout, (source, pages) in layouts.items():
        declared = _reading_times(source, pages, _DECLARED[layout])
        generic = _reading_times(source, pages, Selectors())
        times = generic.median / declared.median
        yield [layout, declared.told("{:.1f}"), generic.told("{:.1f}"), f"{times:.1f}"]


if __name__ == "__main__":
    sys.exit(main())
