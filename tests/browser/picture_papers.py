"""Take the pictures of the daily page's documents: `python -m tests.browser.picture_papers FOLDER`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from desk.daily import Edition
from tests.browser import invented, invented_day
from tests.test_official_rendered import printed

_COLOURS = 64
_DPI = 100


def main(folder: Path) -> None:
    """Every sheet of the Word file, as LibreOffice prints it, and of the PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("daily-*-[0-9].png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        for kind, pdf in _papers(Path(scratch)).items():
            subprocess.run(["pdftoppm", "-r", str(_DPI), "-png", pdf, folder / f"daily-{kind}"], check=True)
    for file in folder.glob("daily-*-[0-9].png"):
        Image.open(file).quantize(_COLOURS, kmeans=2).save(file, optimize=True)


def _papers(home: Path) -> dict[str, Path]:
    now = datetime.now(UTC)
    invented_day.fill(home, now)
    invented_day.read_over(home, now)
    summaries = invented.open_desk(home)[0].summaries
    page = summaries.page(invented_day.day(now), Edition.MORNING, by=invented_day.HA)
    assert page is not None
    made = summaries.printed(page)
    own, word = home / "own.pdf", home / "word.docx"
    own.write_bytes(made["pdf"])
    word.write_bytes(made["docx"])
    return {"docx": printed(word), "pdf": own}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
