"""Writes batches into an archive and says after each that it is kept, until it is killed. Run with -m, as a process.

Arguments: the archive's file, the first batch, how many.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from index.model import Article
from index.sqlite import SqliteArchive
from tests.contract.nouns import NOON, article, minutes, review, story

BATCH: Final = 20


def batch(number: int) -> list[Article]:
    """Twenty articles at one minute, so that a batch is told by its time."""
    text = " ".join(f"câu {number} {word}" for word in range(50))
    return [
        article(f"bai-{number}-{each}", title=f"Tin {number}", text=text, collected=NOON + minutes(number))
        for each in range(BATCH)
    ]


def main(path: str, first: str, count: str) -> None:
    with SqliteArchive(Path(path)) as archive:
        for number in range(int(first), int(first) + int(count)):
            articles = batch(number)
            archive.add(articles)
            archive.record([review(held) for held in articles], [story(f"s{number}", *articles)])
            print(number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
