"""The daily pages of a province: what they are made of, the words they are set in, where they are kept."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time
from functools import cache, partial
from pathlib import Path
from typing import Final

from config import profile
from config.naming import foreign_private_names, private_names
from config.typed import read_yaml
from desk.editions import Editions
from desk.routing import Agency
from desk.summary import Summaries
from desk.summary_kept import waited
from desk.summary_paper import PageWords, paper
from index.archive import Archive
from index.casebook import Casebook
from index.errors import StoreError
from index.model import ProvinceId

_WORDS: Final = Path(__file__).with_name("daily_page.yaml")
_LOCK: Final = "writing.lock"


@cache
def page_words() -> PageWords:
    return read_yaml(_WORDS, PageWords)


def editions(
    archive: Archive,
    casebook: Casebook,
    province: ProvinceId,
    agencies: Sequence[Agency],
    *,
    folder: Path,
    ready: time,
) -> Editions:
    """`folder` is where the pages are kept, `ready` the hour at which the morning page is put together."""
    names = private_names(province)
    home = profile.province(province)
    words = page_words()
    return Editions(
        Summaries(
            archive,
            casebook,
            province,
            agencies=agencies,
            names=names,
            foreign_names=foreign_private_names(province),
            ready=ready,
            waited=partial(waited, folder),
        ),
        casebook,
        province,
        names,
        foreign_names=foreign_private_names(province),
        folder=folder,
        alone=partial(_alone, folder),
        paper=lambda page: paper(page, words, agency=(f"{home.kind.capitalize()} {home.name}",)),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes in the folder. The system lets go of the lock of one that was killed."""
    lock = folder / _LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    except OSError as error:
        raise StoreError(path=str(lock), why=str(error)) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
