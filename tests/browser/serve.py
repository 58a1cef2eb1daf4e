"""Serve an invented office: `python -m tests.browser.serve HOME PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from dashboard import screen
from dashboard.office import Office
from tests.browser import invented


def main(home: Path, port: int) -> None:
    desk, archive = invented.open_desk(home)
    office = Office(
        name=invented.PROVINCE_NAME,
        places=invented.PLACES,
        collectors=("feed", "pages", "sitemap"),
        desk=desk,
        archive=archive,
    )
    screen.serve(office, address="127.0.0.1", port=port)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
