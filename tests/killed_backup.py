"""Makes a backup of a home, or a home of a backup, and stops at every step until it is told to go on, or is killed.

python -m tests.killed_backup backup HOME FILE
python -m tests.killed_backup restore HOME FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.restore import examine, restore
from tests.saved import back_up


def tell(done: int) -> None:
    print(done, flush=True)  # noqa: T201
    sys.stdin.readline()


def main(what: str, home: Path, file: Path) -> None:
    if what == "backup":
        back_up(home, file, tell)
    else:
        restore(file, examine(file), home, tell)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
