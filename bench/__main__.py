"""All measurements, told in docs/performance.md: `python -m bench [NAME …]`, or `make bench`.

Each is a program of its own that prints its section; that of an earlier run is replaced, and the others stand. Without
names those run that take minutes: `crawl`, `search` at 10,000 and 100,000 articles, `desk`. By name: `search-large`,
also at a million articles, which takes 16 GB of disk, `soak` and `kills`, which take an hour each, `outages` and
`scale`, which take half of one, the second 6 GB of disk too. Ends with 1 if one came to no end; a goal that was missed
is said in its section.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench import measure

DOCUMENT: Final = measure.ROOT / "docs" / "performance.md"
USUAL: Final = ("crawl", "search", "desk")
_COMMANDS: Final = {
    "crawl": ("bench.crawl",),
    "search": ("bench.search", "--sizes", "10000", "100000", "--cache", "{cache}"),
    "search-large": ("bench.search", "--sizes", "10000", "100000", "1000000", "--cache", "{cache}"),
    "desk": ("bench.desk",),
    "soak": ("bench.soak",),
    "kills": ("bench.faults", "--each", "100"),
    "scale": ("bench.scale", "--folder", "{cache}"),
    "outages": ("bench.outages",),
}
_SECTION: Final = re.compile(r"^(?=## )", re.MULTILINE)
_HEAD: Final = """# Performance

Made by `make bench`; each section says when it was measured and how busy the machine was. Figures of one table were
taken in the same run; each goal stands beside what was measured, also where it was missed.

"""


def main(names: list[str]) -> int:
    failed = []
    for name in names or USUAL:
        measure.progress(name)
        with tempfile.TemporaryDirectory(prefix="bench-") as cache:
            command = [part.format(cache=cache) for part in _COMMANDS[name]]
            done = subprocess.run(
                [sys.executable, "-m", *command], cwd=measure.ROOT, stdout=subprocess.PIPE, text=True, check=False
            )
        if done.stdout.startswith("## "):
            _tell(DOCUMENT, done.stdout)
        else:
            failed.append(name)
    if failed:
        measure.progress(f"came to no end: {', '.join(failed)}")
    return 1 if failed else 0


def _tell(document: Path, section: str) -> None:
    """Put a section where the last one with its heading stands, else at the end."""
    held = _SECTION.split(document.read_text(encoding="utf-8"))[1:] if document.exists() else []
    sections = {one.splitlines()[0]: one for one in [*held, section]}
    told = f"{_HEAD}{measure.machine()}\n\n" + "\n\n".join(one.strip() for one in sections.values()) + "\n"
    document.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
