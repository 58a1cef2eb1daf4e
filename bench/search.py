"""The archive's search at several sizes, beside a plain FTS5 table: what it takes to write, to look, and to look deep.

    python -m bench.search --sizes 10000 100000 1000000 --cache DIR --json FILE --out docs/performance

The news is recombined from the development data (`bench.recombined`) and built once for each size, in the folder of
`--cache`: archive and baseline by turns, so that both meet the same machine. Then each question is asked of both, by
turns too. The baseline (`bench.baseline`) is what one gets by SQLite's manual: a table, one FTS5 table that leaves out
marks, bm25 over all matches, GROUP BY over all matches. Its text has d for đ, which FTS5 does not fold, and the
questions come without đ, so that both have the same matches.

A million articles take about 16 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from bench.baseline import Baseline
from bench.measure import MEGABYTE, SHARED, Circumstances, Spread, machine, seconds, table, verdict
from bench.questions import Kind, kinds
from bench.recombined import News
from index.archive import Query
from index.schema import VERSION
from index.sqlite import SqliteArchive

BATCH: Final = 500
TIMES: Final = 3
"""How often each question is asked; its median counts."""
SLOW_MS: Final = 300
"""The baseline is asked no second time for what took it longer,"""
PATIENCE_S: Final = 30
"""and no further question of a kind that has taken it so long: at a million articles it would take hours."""
DEEP: Final = 50
"""The page of the deep question."""
RATE: Final = 1_000
TARGETS: Final = {"first page": 30.0, "first page and counts": 100.0, "exact phrase": 30.0}
"""Milliseconds in which 95 of 100 answers must be there, at `TARGET_SIZE`."""
TARGET_SIZE: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """How an archive and the baseline came to be: articles a second, and megabytes on disk."""

    articles: int
    added: float
    recorded: float
    plain: float
    megabytes: float
    plain_megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of question: milliseconds for the archive's answers and the baseline's, and how much they found."""

    name: str
    articles: int
    p50: float
    p95: float
    plain_p50: float
    plain_p95: float
    matches: int
    most_matches: int

    @property
    def ratio(self) -> float:
        return self.p50 / self.plain_p50


# --- building -------------------------------------------------------------------------------------------------------


def build(news: News, size: int, cache: Path) -> Built:
    """Write so many articles into both, unless the folder has them from before."""
    folder = cache / f"{size}-{VERSION}"
    told = folder / "built.json"
    if not told.exists():
        folder.mkdir(parents=True)
        told.write_text(json.dumps(asdict(_written(news, size, folder))), encoding="utf-8")
    return Built(**json.loads(told.read_text(encoding="utf-8")))


def _written(news: News, size: int, folder: Path) -> Built:
    adding = recording = plain = 0.0
    with SqliteArchive(folder / "archive.db") as archive, Baseline(folder / "plain.db") as baseline:
        for number, batch in enumerate(news.batches(size, BATCH)):
            adding += seconds(lambda: archive.add(batch.articles))  # noqa: B023 (called at once)
            recording += seconds(lambda: archive.record(batch.reviews, batch.stories))  # noqa: B023
            plain += seconds(lambda: baseline.add(batch))  # noqa: B023
            if number % 20 == 19:
                print(f"{(number + 1) * BATCH} of {size} written", file=sys.stderr)
    megabytes = {
        name: sum(file.stat().st_size for file in folder.glob(f"{name}.db*")) / MEGABYTE
        for name in ("archive", "plain")
    }
    return Built(
        articles=size,
        added=size / adding,
        recorded=size / recording,
        plain=size / plain,
        megabytes=megabytes["archive"],
        plain_megabytes=megabytes["plain"],
    )


# --- asking ---------------------------------------------------------------------------------------------------------

Ask = Callable[[], int]
"""A question, asked; how many matches it has."""


def ask(news: News, built: Built, cache: Path) -> list[Asked]:
    folder = cache / f"{built.articles}-{VERSION}"
    with SqliteArchive(folder / "archive.db") as archive, Baseline(folder / "plain.db") as baseline:
        kinds = questions(news, archive, baseline)
        return [_asked(name, built.articles, pairs) for name, pairs in kinds.items()]


def questions(news: News, archive: SqliteArchive, baseline: Baseline) -> dict[str, list[tuple[Ask, Ask]]]:
    """By kind, each as it is put to the archive and to the baseline."""

    def counted(query: Query) -> int:
        baseline.counts(query.text)
        return baseline.containing(query.text) if query.text else baseline.newest()

    plain: dict[str, Callable[[Query], int]] = {
        "first page": lambda _: baseline.newest(),
        "first page and counts": counted,
        "two syllables without marks": lambda query: baseline.containing(query.text),
        "two syllables and counts": counted,
        "exact phrase": lambda query: baseline.containing(query.text),
        "most relevant": lambda query: baseline.best(query.text),
        "place and tone": lambda query: baseline.marked(query.place or "", query.tone or ""),
    }
    asked = kinds(news, archive)
    late = f"page {DEEP} of two syllables"
    pages = [_deep(archive, query) for query in asked["two syllables without marks"].queries]
    asked[late] = Kind(queries=[page for page in pages if page is not None])
    plain[late] = lambda query: baseline.containing(query.text, DEEP - 1)
    return {
        name: [(partial(kind.ask, archive, query), partial(plain[name], query)) for query in kind.queries]
        for name, kind in asked.items()
        if name in plain
    }


def _deep(archive: SqliteArchive, query: Query) -> Query | None:
    """The question for a late page; None where there are not so many."""
    for _ in range(DEEP - 1):
        after = archive.find(query).next
        if after is None:
            return None
        query = replace(query, after=after)
    return query


def _asked(name: str, articles: int, pairs: Sequence[tuple[Ask, Ask]]) -> Asked:
    ours, plain, matches = list[float](), list[float](), list[int]()
    spent = 0.0
    for one, other in pairs:
        matches.append(one())
        ours.append(Spread(values=tuple(seconds(one) * 1000 for _ in range(TIMES))).median)
        if spent > PATIENCE_S:
            continue
        started = time.perf_counter()
        if (theirs_found := other()) != matches[-1]:
            print(f"{name}: {matches[-1]} matches, but {theirs_found} in the baseline", file=sys.stderr)
        took = [(time.perf_counter() - started) * 1000]
        if took[0] < SLOW_MS:
            took = [seconds(other) * 1000 for _ in range(TIMES)]
        plain.append(Spread(values=tuple(took)).median)
        spent += time.perf_counter() - started
    mine, theirs = Spread(values=tuple(ours)), Spread(values=tuple(plain))
    asked = Asked(
        name=name,
        articles=articles,
        p50=mine.median,
        p95=mine.percentile(0.95),
        plain_p50=theirs.median,
        plain_p95=theirs.percentile(0.95),
        matches=sorted(matches)[len(matches) // 2],
        most_matches=max(matches),
    )
    print(f"{articles}: {name}: {asked.p50:.1f} / {asked.p95:.1f} ms", file=sys.stderr)
    return asked


# --- telling --------------------------------------------------------------------------------------------------------


def section(built: Sequence[Built], asked: Sequence[Asked], when: Circumstances) -> str:
    """The section for docs/performance.md."""
    writing = table(
        ("articles", "written/s", "reviewed/s", "baseline/s", "MB", "baseline MB"),
        [
            (
                f"{one.articles:,}",
                f"{one.added:,.0f}",
                f"{one.recorded:,.0f}",
                f"{one.plain:,.0f}",
                f"{one.megabytes:,.0f}",
                f"{one.plain_megabytes:,.0f}",
            )
            for one in built
        ],
    )
    asking = table(
        (
            "question",
            "articles",
            "matches (most)",
            "p50 ms",
            "p95 ms",
            "baseline p50",
            "baseline p95",
            "ratio",
            "target",
        ),
        [
            (
                one.name,
                f"{one.articles:,}",
                f"{one.matches:,} ({one.most_matches:,})",
                f"{one.p50:.1f}",
                f"{one.p95:.1f}",
                f"{one.plain_p50:.1f}",
                f"{one.plain_p95:.1f}",
                f"{one.ratio:.2f}",
                _target(one),
            )
            for one in asked
        ],
    )
    names = list(dict.fromkeys(one.name for one in asked))
    sizes = [one.articles for one in built]
    p95 = {(one.name, one.articles): one.p95 for one in asked}
    growth = table(
        ("p95 ms", *(f"{size:,}" for size in sizes), "growth"),
        [
            (name, *(f"{p95[name, size]:.1f}" for size in sizes), f"× {p95[name, sizes[-1]] / p95[name, sizes[0]]:.1f}")
            for name in names
            if all((name, size) in p95 for size in sizes)
        ],
    )
    return "\n".join(("## Search", "", machine(), "", when.told(), __doc__ or "", writing, asking, growth))


def _target(one: Asked) -> str:
    if one.articles != TARGET_SIZE or one.name not in TARGETS:
        return ""
    return f"p95 ≤ {TARGETS[one.name]:.0f} ms: {verdict(one.p95 <= TARGETS[one.name])}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--cache", type=Path, required=True, help="folder in which what was built is kept")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--out", type=Path, help="folder for search.md, the section for docs/performance.md")
    asked = parser.parse_args()
    when, news = Circumstances(), News(SHARED / "data" / "news")
    built = [build(news, size, asked.cache) for size in asked.sizes]
    answers = [answer for one in built for answer in ask(news, one, asked.cache)]
    told = section(built, answers, when)
    print(told)
    if asked.json:
        figures = {"built": [asdict(one) for one in built], "asked": [asdict(one) for one in answers]}
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if asked.out:
        (asked.out / "search.md").write_text(told, encoding="utf-8")
    slow = [one for one in built if one.added < RATE]
    missed = [
        one for one in answers if one.articles == TARGET_SIZE and one.name in TARGETS and one.p95 > TARGETS[one.name]
    ]
    return 1 if slow or missed else 0


if __name__ == "__main__":
    sys.exit(main())
