"""Documents as files: what a paper says stands in DOCX and PDF, as text and as nothing else."""

from __future__ import annotations

import functools
import hashlib
import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from hatchling.builders.wheel import WheelBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from desk import official
from desk import official_layout as layout
from desk.official_pdf import FONTS
from desk.paper import Bars, Heading, Notice, Paper, Paragraph, Run, Series, Shade, Table
from index.text import one_line
from tests.hostile import HOSTILE
from tests.invented_paper import ARTICLE, CHART, CRITICISM, PAPER

ROOT: Final = Path(__file__).resolve().parents[1]
MADE: Final = datetime(2026, 11, 22, 23, 58, 4, tzinfo=UTC)
FACES: Final = {
    "DroidSansFallback.ttf": "56d3edfb377a8bc3c4b77f4476405c770173c0e31221ad7c77d0a8e1f3039a3e",
    "Tinos-Bold.ttf": "971d6af5fcb3a0c05535a92a635fb63a86ea5eb935639c9b864be33f3bfaba80",
    "Tinos-BoldItalic.ttf": "0cd67b90617a03a69a815e758d0649d00f2be48a0cb570615e94e8e5a13aae2e",
    "Tinos-Italic.ttf": "0f949a3fa0e23cd0ca94a0c4784bd8f9efb99c20070b9f73b5fd592b49c092ad",
    "Tinos-Regular.ttf": "cf264a22292950ca1679b2ade07e9e6ecb26c649ab70975d0e113f979efa827a",
}
"""Of Debian's fonts-croscore 20201225 and fonts-droid-fallback 6.0.1r16."""
VOWELS: Final = "aăâeêioôơuưy"
TONES: Final = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LOWER: Final = "bcdđghklmnpqrstvxfjwz" + "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES
)
LETTERS: Final = LOWER + LOWER.upper()
"""All that Vietnamese is written with."""


def paper(*blocks: Any, title: str = "T") -> Paper:
    return Paper(title=title, blocks=blocks, made=MADE)


def says(text: str, **look: Any) -> Paragraph:
    return Paragraph(runs=(Run(text=text, **look),))


@functools.cache
def daily() -> tuple[bytes, bytes]:
    """The files of the invented page, made once for all who only read them."""
    return official.docx(PAPER), official.pdf(PAPER)


def word(made: Paper) -> WordDocument:
    return Document(io.BytesIO(daily()[0] if made is PAPER else official.docx(made)))


def reader(made: Paper) -> PdfReader:
    return PdfReader(io.BytesIO(daily()[1] if made is PAPER else official.pdf(made)))


def word_lines(document: WordDocument) -> Iterator[str]:
    """Every paragraph in the order of the page, those of cells too."""
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            for row in block.rows:
                for cell in row.cells:
                    yield cell.text
        else:
            yield block.text


def squeezed(text: str) -> str:
    """A text without its spaces, which a page sets as it needs."""
    return "".join(text.split())


def pdf_text(made: Paper, file: PdfReader | None = None) -> str:
    """What the pages say, as one text without spaces and without the numbers at their feet."""
    pages = (file or reader(made)).pages
    said = []
    for number, page in enumerate(pages, start=1):
        foot = squeezed(f"{visible(made.page_word)}{number}/{len(pages)}")
        shown = squeezed(page.extract_text())
        assert shown.endswith(foot)
        said.append(shown.removesuffix(foot))
    return "".join(said)


def visible(text: str) -> str:
    """What is left of a text when nothing of it is hidden."""
    return one_line(text).replace("\ufffe", "").replace("\uffff", "")


def texts(made: Paper) -> Iterator[str]:
    """Every text of a paper; a paragraph's runs as one."""
    yield from (made.title, *made.subtitle, *made.agency, *made.notes)
    for block in made.blocks:
        match block:
            case Heading():
                yield block.text
            case Paragraph() | Notice():
                yield "".join(run.text for run in block.runs)
            case Table():
                yield from block.head
                yield from ("".join(run.text for run in cell) for row in block.rows for cell in row)
            case Bars():
                yield from (block.caption, *block.labels, *block.marks)
                for series in block.series:
                    yield series.name
                    yield from ("–" if count is None else str(count) for count in series.counts)


def everywhere(text: str) -> Paper:
    """A paper that says the same in every place where words can stand."""
    run = Run(text=text, bold=True)
    return Paper(
        title=text,
        subtitle=(text,),
        agency=(text, text),
        blocks=(
            Notice(runs=(run,)),
            Heading(text=text),
            Heading(text=text, level=2),
            Paragraph(runs=(run, Run(text=text, italic=True), Run(text=text, url=ARTICLE))),
            Paragraph(runs=(run,), number="1.", indent=1),
            Table(head=(text, text), rows=(((run,), ()), ((run, run), (run,))), widths=(1, 3)),
            Bars(
                caption=text,
                labels=(f"1 {text}", "2"),
                series=(Series(name=text, counts=(0, None), shade=Shade.OUTLINE),),
                marked={"2": text},
            ),
        ),
        notes=(text,),
        made=MADE,
        page_word=text,
    )


PLACES: Final = 22
"""Of `everywhere`, besides the foot."""


# --- what is said ---------------------------------------------------------------------------------------------------


def test_both_files_say_all_that_the_paper_says() -> None:
    in_word, in_pdf = squeezed("".join(word_lines(word(PAPER)))), pdf_text(PAPER)
    for text in map(squeezed, texts(PAPER)):
        assert text in in_word
        assert text in in_pdf


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert daily() == (official.docx(PAPER), official.pdf(PAPER))


def test_the_only_time_in_a_file_is_the_papers() -> None:
    with zipfile.ZipFile(io.BytesIO(official.docx(PAPER))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 11, 22, 23, 58, 4)}
    properties = word(PAPER).core_properties
    assert (properties.created, properties.modified) == (MADE, MADE)
    said = reader(PAPER).metadata
    assert said is not None
    assert (said.creation_date, said.modification_date) == (MADE, MADE)


def test_an_empty_paper_is_a_page() -> None:
    assert len(reader(paper(title="")).pages) == 1
    assert list(word_lines(word(paper(title="")))) == [""]


# --- what is only text ----------------------------------------------------------------------------------------------

TYPST: Final = (
    '#panic("x")',
    '#read("/etc/passwd")',
    '#image("/etc/passwd")',
    '#link("https://thu.example")[bấm]',
    "#sys.inputs $x^2$ `raw` @ref <label>",
    "= Đề mục giả",
    "// lời bình",
    "*đậm* _nghiêng_ \\u{41} \\",
    '"}], "blocks": [{"kind": "heading"',
    "] #pagebreak() [",
)
WORD: Final = (
    '{ HYPERLINK "https://thu.example" }',
    "{ INCLUDETEXT C:\\\\x } { DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe }",
    "]]><w:p/><![CDATA[",
    '<w:fldSimple w:instr="DDE"/>',
    "&lt;&amp;&#x41;",
)


@pytest.mark.fault(36, 37, 39)
@pytest.mark.parametrize("text", [*HOSTILE, *TYPST, *WORD])
def test_a_text_that_wants_to_be_something_else_stays_a_text(text: str) -> None:
    made, shown = everywhere(text), squeezed(visible(text))
    document = word(made)
    assert squeezed("".join(word_lines(document))).count(shown) >= PLACES
    assert document.element.xpath("count(//w:hyperlink)") == 1
    assert document.element.xpath("count(//w:fldSimple | //w:instrText | //w:object | //w:altChunk)") == 0
    in_pdf = reader(made)
    assert pdf_text(made, in_pdf).count(shown) >= PLACES
    assert set(links(in_pdf)) == {ARTICLE}
    assert len(in_pdf.outline) == 2  # the heading, and the list of those below it


def links(made: PdfReader) -> list[str]:
    annotations = [one.get_object() for page in made.pages for one in page.get("/Annots", [])]
    return [str(annotation["/A"]["/URI"]) for annotation in annotations]


@pytest.mark.fault(39)
def test_nothing_in_a_word_file_leads_elsewhere_but_the_links_of_the_paper() -> None:
    with zipfile.ZipFile(io.BytesIO(official.docx(everywhere(WORD[0])))) as parts:
        relationships = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels"))
        assert not [name for name in parts.namelist() if re.search(r"vba|custom|embeddings|thumbnail", name)]
    external = re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', relationships)
    assert len(external) == 1
    assert f'Target="{ARTICLE}"' in external[0]
    assert "attachedTemplate" not in relationships


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<b>x</b>",
        "file:///etc/passwd",
        "\\\\may-chu\\tep",
        "mailto:a@b.example",
        "ms-word:ofe|u|https://thu.example/x.docm",
        "https://bao.example@thu.example/",
        "https://",
        "https://[1/",
        "/duong/dan",
        "",
    ],
)
def test_a_link_that_is_no_page_of_the_web_is_words(url: str) -> None:
    made = paper(says("xem bài", url=url))
    assert word(made).paragraphs[-1].hyperlinks == []
    assert "xem bài" in list(word_lines(word(made)))
    assert links(reader(made)) == []
    assert "xembài" in pdf_text(made)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (ARTICLE, ARTICLE),
        ("http://bao.example:8080/a?b=1&a=2#c", "http://bao.example:8080/a?b=1&a=2#c"),
        ("HTTPS://Báo.example/Tin mới?q=đập", "https://xn--bo-mia.example/Tin%20m%E1%BB%9Bi?q=%C4%91%E1%BA%ADp"),
        ('https://bao.example/"><w:p/>', "https://bao.example/%22%3E%3Cw:p/%3E"),
    ],
)
def test_a_link_to_a_page_is_written_so_that_word_takes_it(url: str, written: str) -> None:
    made = paper(says("đọc tin này trên báo", url=url))
    assert [link.url for link in word(made).paragraphs[-1].hyperlinks] == [written]
    assert set(links(reader(made))) == {written}


def test_a_short_link_stands_on_one_line() -> None:
    assert word(paper(says("Xem bài", url=ARTICLE))).paragraphs[-1].text == "Xem\N{NO-BREAK SPACE}bài"
    assert word(paper(says("Xem bài"))).paragraphs[-1].text == "Xem bài"


# Anything a text can hold, and much of what a page from the web does hold.
ANY: Final = st.text(max_size=60) | st.text(st.characters(categories=("Cc", "Cf", "Cs", "Co", "Cn")), max_size=8)
HIDDEN: Final = "\0\b\t\n\r\x1b\x85\u200b\u202e\u2066\ufeff\ufffe\uffff\ud800"
PRINTED: Final = st.text(
    st.sampled_from(LETTERS + "0123456789 .,;:-–()“”\"'&<>#$%*_[]{}\\/@越南" + HIDDEN), max_size=60
)


@pytest.mark.fault(21, 23, 39)
@settings(max_examples=15)
@given(text=ANY.filter(visible))
def test_word_opens_whatever_a_text_holds_and_shows_all_that_is_not_control(text: str) -> None:
    assert squeezed("".join(word_lines(word(everywhere(text))))).count(squeezed(visible(text))) >= PLACES


@settings(max_examples=15)
@given(text=PRINTED.filter(visible))
def test_a_pdf_shows_all_that_is_not_control(text: str) -> None:
    assert pdf_text(everywhere(text)).count(squeezed(visible(text))) >= PLACES


@settings(max_examples=10)
@given(text=ANY)
def test_both_files_are_made_whatever_a_text_holds(text: str) -> None:
    assert len(reader(everywhere(text)).pages) >= 1
    assert len(word(everywhere(text)).tables) == 2


@pytest.mark.fault(26)
@pytest.mark.parametrize("unit", ["W", "chữ "], ids=["one word", "many words"])
def test_no_text_is_too_long(unit: str) -> None:
    long = unit * (10_000 // len(unit))
    made = paper(says(long), Heading(text=long), title=long)
    assert [line.strip() for line in word_lines(word(made))] == [long.strip()] * 3
    assert word(made).core_properties.title == long[:255]
    assert pdf_text(made) == squeezed(long) * 3
    crowded = everywhere(long[:2000])
    assert len(word(crowded).tables) == 2
    assert len(reader(crowded).pages) > 5


# --- how it is built ------------------------------------------------------------------------------------------------


def test_the_page_is_the_decrees() -> None:
    section = word(PAPER).sections[0]
    size = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    measures = [length.mm for length in (*size, *margins) if length is not None]
    assert measures == pytest.approx([210, 297, 20, 20, 30, 15], abs=0.1)
    box = reader(PAPER).pages[0].mediabox
    assert (box.width, box.height) == pytest.approx((595.28, 841.89), abs=0.1)


def test_every_script_is_set_in_times_new_roman_and_the_language_is_vietnamese() -> None:
    document = word(PAPER)
    letters = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    fonts = letters.find(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert document.styles.element.xpath("count(w:style//w:rFonts)") == 0
    assert letters.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert str(reader(PAPER).root_object["/Lang"]) == "vi-VN"


def test_the_title_stands_in_the_properties() -> None:
    assert word(PAPER).core_properties.title == PAPER.title
    assert word(PAPER).core_properties.author == PAPER.agency[-1]
    said = reader(PAPER).metadata
    assert said is not None
    assert (said.title, said.author) == (PAPER.title, PAPER.agency[-1])


@pytest.mark.parametrize("lines", [("SỞ B",), ("TỈNH A", "SỞ B"), ("SỞ B", "SỞ B")])
def test_the_issuing_office_alone_is_bold(lines: tuple[str, ...]) -> None:
    made = replace(paper(), agency=lines)
    head = word(made).paragraphs[: len(lines)]
    assert [(one.text, bool(one.runs[0].bold)) for one in head] == [(line, False) for line in lines[:-1]] + [
        ("SỞ B", True)
    ]
    assert reader(made).pages[0].extract_text().splitlines()[: len(lines)] == list(lines)


def test_headings_can_be_walked() -> None:
    headings = [(block.level, block.text) for block in PAPER.blocks if isinstance(block, Heading)]
    styled = [(str(one.style and one.style.name), one.text) for one in word(PAPER).paragraphs]
    assert [(int(style[-1]), text) for style, text in styled if style.startswith("Heading")] == headings
    outline: list[Any] = list(reader(PAPER).outline)
    walked = [[(2, inner.title) for inner in one] if isinstance(one, list) else [(1, one.title)] for one in outline]
    assert list(itertools.chain.from_iterable(walked)) == headings


def test_the_foot_numbers_the_pages() -> None:
    foot = word(PAPER).sections[0].footer.paragraphs[0]
    assert [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert foot.text.startswith("Trang ")
    pages = reader(PAPER).pages
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page.extract_text()


def test_a_table_repeats_its_head_on_every_page() -> None:
    made = paper(replace(CRITICISM, rows=CRITICISM.rows * 6))
    table = word(made).tables[0]
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows][:2] == [True, False]
    pages = reader(made).pages
    assert len(pages) > 2
    assert all("Cơ quan phụ trách" in " ".join(page.extract_text().split()) for page in pages)


def test_columns_are_as_wide_as_they_were_shared_out() -> None:
    columns = word(paper(CRITICISM)).tables[0].columns
    widths = [column.width.mm for column in columns if column.width is not None]
    shares = [layout.TEXT_WIDTH * width / sum(CRITICISM.widths) for width in CRITICISM.widths]
    assert widths == pytest.approx(shares, abs=0.1)


# --- charts ---------------------------------------------------------------------------------------------------------


def test_the_numbers_of_a_chart_stand_below_it() -> None:
    table = word(PAPER).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["", *CHART.labels]
    assert [cell.text for cell in table.rows[1].cells][:7] == ["■ Phản ánh", "3", "4", "0", "2", "5", "–"]
    assert table.rows[4].cells[0].text == "□ Đăng lại"
    in_pdf = " ".join(pdf_line for page in reader(paper(CHART)).pages for pdf_line in page.extract_text().split("\n"))
    assert "Phản ánh 3 4 0 2 5 – 1 3 9 12 6 4 7 9 1" in in_pdf


def test_a_marked_label_is_grey_in_the_numbers_and_told_in_the_caption() -> None:
    document = word(PAPER)
    fills = [
        [fill.get(qn("w:fill")) for fill in cell._tc.iter(qn("w:shd"))] for cell in document.tables[0].rows[1].cells
    ]
    assert [at for at, fill in enumerate(fills) if fill == [layout.BAND]] == [5, 6]
    assert "14/11: 7/22 nguồn không truy cập được từ 18 giờ 00" in list(word_lines(document))
    assert "15/11:chưacódữliệu" in pdf_text(PAPER)


def test_the_picture_of_a_chart_says_what_it_shows_and_is_as_wide_as_the_text() -> None:
    document = word(PAPER)
    (picture,) = document.inline_shapes
    assert picture.width.mm == pytest.approx(layout.TEXT_WIDTH, abs=0.1)
    assert picture._inline.docPr.get("descr") == CHART.caption
    assert set(picture._inline.attrib.values()) == {"0"}


def one_bar(*counts: int | None) -> Bars:
    labels = tuple(f"{at}/11" for at in range(len(counts)))
    return Bars(caption="c", labels=labels, series=(Series(name="s", counts=counts, shade=Shade.OCHRE),))


@pytest.mark.parametrize(
    ("tallest", "top", "step"),
    [
        (0, 1, 1),
        (1, 1, 1),
        (4, 4, 1),
        (5, 6, 2),
        (9, 10, 5),
        (20, 20, 5),
        (21, 30, 10),
        (104, 150, 50),
        (9999, 10000, 5000),
    ],
)
def test_an_axis_begins_at_0_and_has_few_round_steps(tallest: int, top: int, step: int) -> None:
    assert layout.scale(one_bar(tallest, None)) == (top, step)


def test_an_axis_is_as_high_as_the_tallest_pile() -> None:
    piled = replace(
        CHART,
        labels=("1", "2"),
        marked={},
        series=tuple(Series(name=str(at), counts=(at, 10), shade=Shade.GREY) for at in range(3)),
    )
    assert layout.scale(piled) == (30, 10)


def test_a_day_without_articles_is_drawn_and_a_day_without_data_is_not() -> None:
    drawn = {count: word_picture(one_bar(4, count)) for count in (0, None, 1)}
    assert len(set(drawn.values())) == 3


def test_a_day_without_articles_is_drawn_where_another_series_has_nothing_to_say_of_it() -> None:
    apart = Series(name="s", counts=(None, None), shade=Shade.OUTLINE)
    drawn = {count: word_picture(one_bar(4, count)) for count in (0, None)}
    for count, picture in drawn.items():
        bars = one_bar(4, count)
        assert word_picture(replace(bars, series=(*bars.series, apart))) == picture


def word_picture(bars: Bars) -> bytes:
    (picture,) = [bytes(part.blob) for part in word(paper(bars)).part.package.iter_parts() if "media" in part.partname]
    return picture


# --- faces ----------------------------------------------------------------------------------------------------------


def test_the_faces_are_the_ones_that_were_read_and_their_licences_lie_beside_them() -> None:
    assert {face.name: hashlib.sha256(face.read_bytes()).hexdigest() for face in FONTS.glob("*.ttf")} == FACES
    families = {face.partition("-")[0].partition(".")[0] for face in FACES}
    for family in families:
        assert "LICENSE" in (FONTS / f"LICENSE-{family}.txt").read_text(encoding="utf-8").upper()


def test_every_vietnamese_letter_is_in_every_cut_of_the_face() -> None:
    assert len(set(LETTERS)) == 2 * (12 * 6 + 21)
    for bold, italic in itertools.product((False, True), repeat=2):
        made = replace(paper(says(LETTERS, bold=bold, italic=italic)), title="", page_word="")
        assert LETTERS in pdf_text(made)
        assert {name.rpartition("+")[2].partition("-")[0] for name in fonts(reader(made))} == {"Tinos"}


def test_chinese_is_set_in_a_face_that_has_it() -> None:
    made = paper(says("越南宣光省橙子丰收"))
    assert "越南宣光省橙子丰收" in pdf_text(made)
    assert any(name.endswith("DroidSansFallback") for name in fonts(reader(made)))


def fonts(made: PdfReader) -> set[str]:
    """The faces a PDF uses, every one of them embedded."""
    used = [font.get_object() for page in made.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    for font in used:
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    return {str(font["/BaseFont"]) for font in used}


def test_an_installed_program_has_its_template_and_faces() -> None:
    packed = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    beside = {path.relative_to(ROOT).as_posix() for path in (*FONTS.iterdir(), *(ROOT / "desk").glob("*.typ"))}
    assert beside <= packed
    assert len(beside) == len(FACES) + 3
