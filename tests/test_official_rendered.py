"""Documents as a reader sees them: the PDF in Poppler, the Word file in LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from desk import official
from desk import official_layout as layout
from desk.official_pdf import FONTS
from desk.paper import Heading, Paper, Paragraph, Run
from tests.invented_paper import ARTICLE, CRITICISM, PAPER
from tests.test_official import everywhere, squeezed, texts

pytestmark = pytest.mark.service

POINTS: Final = 72 / 25.4
WORD: Final = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
LONG: Final = f"https://baovungcao.example/{'duong-dan-rat-dai-' * 8}{'x' * 200}.html"
PATIENCE_S: Final = 180
# The faces of the project stand in for those of an office's machine, so that every machine renders the same.
FACES: Final = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{FONTS}</dir><cachedir prefix="cwd">cache</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>
</fontconfig>"""


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    for program, package in (("soffice", "libreoffice-writer-nogui"), ("pdftotext", "poppler-utils")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} not found (Debian: apt-get install {package})")


def rendered(made: Paper, folder: Path) -> Iterator[Path]:
    """The paper as PDF, and its Word file as LibreOffice prints it."""
    own, word = folder / "own.pdf", folder / "word.docx"
    own.write_bytes(official.pdf(made))
    word.write_bytes(official.docx(made))
    yield from (own, printed(word))


def printed(word: Path) -> Path:
    """A Word file as LibreOffice prints it, beside it."""
    folder = word.parent
    (folder / "fonts.conf").write_text(FACES, encoding="utf-8")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            word,
        ],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    return word.with_suffix(".pdf")


def read(pdf: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, pdf, "-"], check=True, capture_output=True, text=True).stdout


def faces(pdf: Path) -> set[str]:
    listed = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    return {line.split()[0].partition("+")[2] for line in listed}


def outside(pdf: Path) -> list[str]:
    """Words that stand in a margin, but for the foot."""
    left, right = layout.MARGIN_LEFT * POINTS, (layout.PAGE_WIDTH - layout.MARGIN_RIGHT) * POINTS
    bottom = (layout.PAGE_HEIGHT - layout.MARGIN_BOTTOM) * POINTS
    words = WORD.findall(read(pdf, "-bbox"))
    assert words
    strayed = []
    for *edges, word in words:
        x0, y0, x1, y1 = map(float, edges)
        if y0 < bottom and (x0 < left - 1 or x1 > right + 1 or y1 > bottom + 3):
            strayed.append(word)
    return strayed


def test_the_daily_page_is_set_alike_by_both(tmp_path: Path) -> None:
    pages = []
    for pdf in rendered(PAPER, tmp_path):
        said = read(pdf)
        pages.append(said.count("\f"))
        shown = squeezed(read(pdf, "-raw"))
        missing = [text for text in texts(PAPER) if squeezed(text) not in shown]
        assert missing == []
        assert outside(pdf) == []
        assert {face.partition("-")[0] for face in faces(pdf)} == {"Tinos", "DroidSansFallback"}
        assert "Trang 3/3" in said
    assert pages == [3, 3]


def test_a_long_word_is_broken_wherever_it_stands(tmp_path: Path) -> None:
    run = Run(text=LONG, url=ARTICLE)
    rows = (((run,), *CRITICISM.rows[0][1:]), *CRITICISM.rows)
    table = type(CRITICISM)(head=CRITICISM.head, rows=rows, widths=CRITICISM.widths)
    blocks = (Heading(text=LONG), Paragraph(runs=(run,), number="1."), Paragraph(runs=(run,), indent=2), table)
    made = Paper(title=LONG, subtitle=(LONG,), agency=(LONG,), blocks=blocks, notes=(LONG,), made=PAPER.made)
    for pdf in rendered(made, tmp_path):
        assert outside(pdf) == []


def test_libreoffice_opens_what_hostile_texts_are_in(tmp_path: Path) -> None:
    text = "]]><w:p/> { DDEAUTO c:\\cmd.exe } \x00\x1b\ud800\uffff \u202eđảo &amp; <b> " + "ắ" * 3000
    for pdf in rendered(everywhere(text), tmp_path):
        assert squeezed("]]><w:p/> { DDEAUTO c:\\cmd.exe }") in squeezed(read(pdf, "-raw"))


def test_every_page_of_the_daily_page_shows_something(tmp_path: Path) -> None:
    for pdf in rendered(PAPER, tmp_path):
        subprocess.run(["pdftoppm", "-r", "30", "-gray", pdf, pdf.with_suffix("")], check=True)
        pictures = sorted(tmp_path.glob(f"{pdf.stem}-*.pgm"))
        assert len(pictures) == 3
        for picture in pictures:
            shades = picture.read_bytes().split(b"\n", 3)[3]
            dark = sum(shade < 128 for shade in shades) / len(shades)
            assert 0.005 < dark < 0.2
