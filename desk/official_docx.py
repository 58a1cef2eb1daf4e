"""A paper as DOCX.

It looks through its styles, whose names a clerk finds in Word, and holds nothing that leads elsewhere: no template, no
macro, no field but the page numbers, no relationship but the links the paper names.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Final

import docx as word
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_UNDERLINE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from desk import official_layout as layout
from desk.official_pdf import chart
from desk.paper import Bars, Block, Heading, Notice, Paper, Paragraph, Run, Shade, Table

FONT: Final = "Times New Roman"
_LANGUAGE: Final = "vi-VN"
_LONGEST_PROPERTY: Final = 255
_EIGHTHS: Final = 8
"""Of a point: what borders are measured in."""
_KEPT_PARTS: Final = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.THEME,
}
_KEPT_STYLES: Final = {
    *("Normal", "Default Paragraph Font", "Normal Table", "No List"),
    *("Title", "Subtitle", "heading 1", "heading 2", "caption", "footer", "Table Grid"),
}
_NO_DATA: Final = "–"


def docx(paper: Paper) -> bytes:
    """A Word document of a paper whose texts are clean (`desk.official`)."""
    document = _blank()
    _settle(document, paper)
    _styles(document)
    _head(document, paper)
    for block in paper.blocks:
        _block(document, block, paper)
    if paper.notes:
        _rule(document, left=0, length=layout.NOTE_RULE)
    for note in paper.notes:
        document.add_paragraph(note, style="Note")
    written = io.BytesIO()
    document.save(written)
    return _dated(written, paper)


def _dated(written: io.BytesIO, paper: Paper) -> bytes:
    """The same file with the paper's time on every part, where the library puts the time of writing."""
    made = paper.made.astimezone(UTC)
    dated = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return dated.getvalue()


# --- the document ---------------------------------------------------------------------------------------------------


def _blank() -> Document:
    """A document with nothing of the library's template but what every Word file has."""
    document = word.Document()
    package = document.part.package
    assert package is not None
    for rels in (package.rels, document.part.rels):
        for key in [key for key, relationship in rels.items() if relationship.reltype not in _KEPT_PARTS]:
            del rels[key]
    for style in document.styles.element.xpath("w:style"):
        if style.name_val not in _KEPT_STYLES:
            style.getparent().remove(style)
    for old in document.styles.element.xpath("w:style/w:link"):
        old.getparent().remove(old)
    # Tables stand with their border at the margin from Word 2013 on.
    document.settings.element.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']")[0].set(qn("w:val"), "15")
    return document


def _settle(document: Document, paper: Paper) -> None:
    """Properties, page and foot."""
    said = document.core_properties
    said.title = paper.title[:_LONGEST_PROPERTY]
    said.author = said.last_modified_by = " ".join(paper.agency[-1:])[:_LONGEST_PROPERTY]
    said.comments = ""
    said.language = _LANGUAGE
    said.created = said.modified = paper.made.astimezone(UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP), Mm(layout.MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT), Mm(layout.MARGIN_RIGHT)
    section.footer_distance = Mm(layout.FOOT)
    foot = section.footer.paragraphs[0]
    if paper.page_word:
        foot.add_run(f"{paper.page_word} ")
    _field(foot, "PAGE")
    foot.add_run("/")
    _field(foot, "NUMPAGES")


def _field(paragraph: WordParagraph, name: str) -> None:
    """A number that Word works out when it shows the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _styles(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    letters = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    letters.clear()
    fonts, language = OxmlElement("w:rFonts"), OxmlElement("w:lang")
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    language.set(qn("w:val"), _LANGUAGE)
    language.set(qn("w:eastAsia"), "zh-CN")
    letters.extend((fonts, language))
    defaults.remove(defaults.find(qn("w:pPrDefault")))

    centre, justify = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
    body, small, figure = layout.BODY_SIZE, layout.SMALL_SIZE, layout.FIGURE_SIZE
    line = layout.LINE_SPACE
    _style(document, "Normal", size=body, before=layout.PARAGRAPH_SPACE - line, after=line, align=justify)
    _style(document, "Title", size=layout.TITLE_SIZE, bold=True, align=centre, before=14, after=6)
    _style(document, "Subtitle", size=body, italic=True, align=centre, after=4)
    _style(document, "Heading 1", size=body, bold=True, before=9, after=3, keep=True)
    _style(document, "Heading 2", size=body, bold=True, before=6, after=2, keep=True)
    agency = _style(document, "Agency", size=body, align=centre, keep=True)
    agency.paragraph_format.right_indent = Mm(layout.TEXT_WIDTH - layout.HEAD_WIDTH)
    notice = _style(document, "Notice", size=body, bold=True, before=8, after=8, colour=layout.NOTICE)
    notice.paragraph_format.left_indent = Mm(layout.NOTICE_INDENT)
    _border(notice.element.get_or_add_pPr(), "left", points=2.5, space=6, colour=layout.NOTICE)
    _style(document, "Caption", size=small, bold=True, before=2, after=2, keep=True)
    _style(document, "Picture", size=figure, keep=True)
    _style(document, "Cell", size=small)
    _style(document, "Cell Head", size=small, bold=True, align=centre, keep=True)
    _style(document, "Figure", size=figure, align=centre, keep=True)
    _style(document, "Figure Name", size=figure, keep=True)
    _style(document, "Figure Mark", size=figure, italic=True, after=2)
    _style(document, "Gap", size=4)
    _style(document, "Note", size=small, italic=True, before=3)
    _style(document, "Footer", size=small, align=centre)
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline = WD_UNDERLINE.SINGLE
    link.font.color.rgb = RGBColor.from_string(layout.LINK)


def _style(
    document: Document,
    name: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
    colour: str | None = None,
) -> ParagraphStyle:
    """A paragraph style with these measures and no others; `keep` holds it on the page of what follows."""
    known = name in document.styles
    style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    for old in style.element.xpath("w:rPr | w:pPr/*[not(self::w:outlineLvl)]"):
        old.getparent().remove(old)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    form = style.paragraph_format
    form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(after)
    form.line_spacing, form.keep_with_next, form.widow_control = 1.0, keep, True
    return style


def _border(properties: BaseOxmlElement, side: str, *, points: float, space: int, colour: str) -> None:
    """A line at one side of a paragraph, `points` thick and `space` points away from its words."""
    borders, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", f"{points * _EIGHTHS:.0f}"), ("space", f"{space}"), ("color", colour)):
        edge.set(qn(f"w:{key}"), value)
    borders.append(edge)
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    properties.insert_element_before(borders, *after)


def _head(document: Document, paper: Paper) -> None:
    if paper.agency:
        *above, issuing = paper.agency
        for line in above:
            document.add_paragraph(line, style="Agency")
        document.add_paragraph(style="Agency").add_run(issuing).bold = True
        _rule(document, left=(layout.HEAD_WIDTH - layout.HEAD_RULE) / 2, length=layout.HEAD_RULE)
    document.add_paragraph(paper.title, style="Title")
    for line in paper.subtitle:
        document.add_paragraph(line, style="Subtitle")


def _rule(document: Document, *, left: float, length: float) -> None:
    """A line across a part of the page, in mm from its margin: the lower border of an empty paragraph, as the decree's
    annex draws it."""
    rule = document.add_paragraph(style="Gap")
    rule.paragraph_format.left_indent = Mm(left)
    rule.paragraph_format.right_indent = Mm(layout.TEXT_WIDTH - left - length)
    _border(rule._p.get_or_add_pPr(), "bottom", points=0.75, space=0, colour="000000")


# --- blocks ---------------------------------------------------------------------------------------------------------


def _block(document: Document, block: Block, paper: Paper) -> None:
    match block:
        case Heading():
            document.add_paragraph(block.text, style=f"Heading {block.level}")
        case Paragraph():
            _paragraph(document.add_paragraph(), block)
        case Notice():
            _runs(document.add_paragraph(style="Notice"), block.runs)
        case Table():
            _table(document, block)
        case Bars():
            _chart(document, block, paper)


def _paragraph(paragraph: WordParagraph, block: Paragraph) -> None:
    form = paragraph.paragraph_format
    if block.indent:
        form.space_before = Pt(0)
    if block.number:
        form.left_indent = Mm(layout.STEP * (block.indent + 1))
        form.first_line_indent = Mm(-layout.STEP)
        paragraph.add_run(f"{block.number}\t")
    elif block.indent:
        form.left_indent = Mm(layout.STEP * block.indent)
    else:
        form.first_line_indent = Mm(layout.FIRST_LINE)
    _runs(paragraph, block.runs)


def _runs(paragraph: WordParagraph, runs: Iterable[Run]) -> None:
    for run in runs:
        put = paragraph.add_run(run.text, style="Hyperlink" if run.url else None)
        # What a style made bold stays so.
        put.bold, put.italic = run.bold or None, run.italic or None
        if run.url:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(run.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            link.append(put._r)
            paragraph._p.append(link)


def _table(document: Document, table: Table) -> None:
    share = layout.TEXT_WIDTH / sum(table.widths)
    grid = _grid(document, 1 + len(table.rows), [share * width for width in table.widths], side=1.6, top=1.0)
    for cell, text in zip(grid.rows[0].cells, table.head, strict=True):
        _fill(cell, layout.HEAD_FILL)
        _only(cell, "Cell Head").add_run(text)
    for row, cells in zip(list(grid.rows)[1:], table.rows, strict=True):
        for cell, runs in zip(row.cells, cells, strict=True):
            _runs(_only(cell, "Cell"), runs)
    document.add_paragraph(style="Gap")


def _chart(document: Document, bars: Bars, paper: Paper) -> None:
    """The picture of the bars, and under each bar its numbers."""
    document.add_paragraph(bars.caption, style="Caption")
    picture = (
        document.add_paragraph(style="Picture")
        .add_run()
        .add_picture(io.BytesIO(chart(bars, paper)), width=Mm(layout.TEXT_WIDTH))
    )
    picture._inline.docPr.set("descr", bars.caption)
    for side in ("distT", "distB", "distL", "distR"):
        picture._inline.set(side, "0")  # left out, LibreOffice takes 3 mm
    column = (layout.TEXT_WIDTH - layout.CHART_NAMES) / len(bars.labels)
    widths = [layout.CHART_NAMES, *[column] * len(bars.labels)]
    grid = _grid(document, 1 + len(bars.series), widths, side=0.4, top=0.6)
    names = ["", *bars.labels]
    for at, (cell, label) in enumerate(zip(grid.rows[0].cells, names, strict=True)):
        _only(cell, "Figure" if at else "Figure Name").add_run(label)
    for row, series in zip(list(grid.rows)[1:], bars.series, strict=True):
        name, *numbers = row.cells
        swatch = _only(name, "Figure Name")
        outlined = series.shade is Shade.OUTLINE
        swatch.add_run("□ " if outlined else "■ ").font.color.rgb = RGBColor.from_string(
            layout.LINE if outlined else layout.SHADES[series.shade]
        )
        swatch.add_run(series.name)
        for cell, count in zip(numbers, series.counts, strict=True):
            _only(cell, "Figure").add_run(_NO_DATA if count is None else str(count))
    for row in grid.rows:
        for cell, label in zip(row.cells, names, strict=True):
            if label in bars.marked:
                _fill(cell, layout.BAND)
    document.add_paragraph(style="Gap")
    for mark in bars.marks:
        document.add_paragraph(mark, style="Figure Mark")


# --- tables ---------------------------------------------------------------------------------------------------------


def _grid(document: Document, rows: int, widths: Sequence[float], *, side: float, top: float) -> WordTable:
    """An empty table of these widths and cell margins, in mm; its first row is repeated on every page."""
    grid: WordTable = document.add_table(rows, len(widths), style="Table Grid")
    grid.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", top), ("left", side), ("bottom", top), ("right", side)):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), str(Mm(width).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in grid.rows[0].cells:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return grid


def _only(cell: Cell, style: str) -> WordParagraph:
    """The one paragraph of a cell."""
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.style = style
    return paragraph


def _fill(cell: Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().insert_element_before(shading, "w:noWrap", "w:tcMar", "w:textDirection", "w:vAlign")
