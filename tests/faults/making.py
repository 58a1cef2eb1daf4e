"""Makes new archives and casebooks in a folder, and says after each pair that it is there, until it is killed."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from index.casebook import Casebook
from index.sqlite import SqliteArchive

if __name__ == "__main__":
    for number in count():
        SqliteArchive(Path(sys.argv[1]) / f"archive-{number}.db").close()
        Casebook.open(Path(sys.argv[1]) / f"casebook-{number}.db").close()
        print(number, flush=True)  # noqa: T201
