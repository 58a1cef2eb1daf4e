"""Fills the stores of a home until the system lets no file grow further, and says what was acknowledged until then.

    python -m tests.faults.no_room HOME BYTES

The system refuses the write itself (RLIMIT_FSIZE): what is seen is what a full disk does to a process.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from crawlers.collector import Ask, Page
from index.account import Account, Role
from index.casebook import Casebook
from index.errors import StoreError
from index.model import OfficerName, ProvinceId
from index.snapshots import Snapshots
from index.sqlite import SqliteArchive
from index.store import Folder
from tests.killed_writer import batch

PROVINCE = ProvinceId("tuyen-quang")
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def main(home: Path, most: int) -> None:
    with SqliteArchive(home / "archive.db") as archive, Casebook.open(home / "casebook.db") as casebook:
        snapshots = Snapshots(Folder(home / "snapshots"))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        done = {
            "batches": list(_until_refused(lambda number: archive.add(batch(number)))),
            "accounts": list(_until_refused(partial(add_account, casebook))),
            "pages": list(_until_refused(partial(keep_page, snapshots, size=most // 4))),
        }
    print(json.dumps({name: [len(said) - 1, said[-1]] for name, said in done.items()}))  # noqa: T201


def add_account(casebook: Casebook, number: int) -> None:
    with casebook.write(PROVINCE) as book:
        account = Account(name=OfficerName(f"ha{number}"), display_name="x" * 4000, roles=frozenset({Role.MONITOR}))
        book.staff.add(account, "-", by=OfficerName("an"), at=NOW)


def keep_page(snapshots: Snapshots, number: int, *, size: int) -> str:
    """One that is larger by `size` bytes than the last, and that nothing can pack."""
    body = random.Random(number).randbytes(size * (number + 1))
    url = f"https://bao.example/{number}"
    return snapshots.keep(Page(ask=Ask(url=url), url=url, status=200, body=body), NOW)


def _until_refused(write: Callable[[int], Any]) -> Iterator[str]:
    """A word for each write that was acknowledged, and last how the next was refused."""
    for number in count():
        try:
            yield str(write(number))
        except StoreError as error:
            yield error.code
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
