"""Tables and pages of a Word document, shared by the report, single tables, texts and checklists."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from perirad.report.figures.entry import ReportFigure
from perirad.report.tables.table import ReportTable
from perirad.report.text import printable

__all__ = [
    "A4_MM", "MARGIN_MM", "add_caption", "add_table", "is_wide", "new_document", "same_each_time", "set_page",
    "table_document", "turn",
]  # fmt: skip

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
A4_MM = (210, 297)
MARGIN_MM = 18
_PORTRAIT_COLUMNS = 8  # more do not fit upright in a readable size


def new_document(title: str, comments: str) -> Any:
    """Empty document on upright A4; its dates are fixed, so that the same contents give the same bytes."""
    document: Any = docx.Document()
    core = document.core_properties
    core.title, core.author, core.comments = printable(title)[:255], "perirad", printable(comments)[:255]
    core.created = core.modified = _EPOCH
    core.last_modified_by, core.revision, core.language = "perirad", 1, "en"
    set_page(document.sections[0], landscape=False)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10)
    return document


def table_document(table: ReportTable) -> bytes:
    """One table as a document of its own."""
    document = new_document(table.title, table.caption)
    add_table(document, table, "")
    return same_each_time(document)


def set_page(section: Any, *, landscape: bool) -> None:
    """A4, upright or across, with equal margins."""
    width, height = reversed(A4_MM) if landscape else A4_MM
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)


def turn(document: Any, *, landscape: bool) -> None:
    """Begin a new page of the other orientation, if the page is not so already."""
    now = document.sections[-1]
    if (now.orientation == WD_ORIENT.LANDSCAPE) != landscape:
        set_page(document.add_section(), landscape=landscape)


def add_caption(document: Any, label: str, text: str, *, keep: bool) -> None:
    """Bold label and text, kept with what follows where asked for."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.add_run(label + " ").bold = True
    paragraph.add_run(printable(text))


def is_wide(item: ReportTable | ReportFigure) -> bool:
    """Whether a table needs a page across."""
    return isinstance(item, ReportTable) and len(item.frame.columns) > _PORTRAIT_COLUMNS


def add_table(document: Any, table: ReportTable, label: str) -> None:
    """A table with caption, three rules and notes; its header row is repeated on every page."""
    n_columns = len(table.frame.columns)
    wide = is_wide(table)
    turn(document, landscape=wide)
    add_caption(document, label, table.caption, keep=True)
    rows = [
        [str(name) for name in table.frame.columns],
        *([str(cell) for cell in row] for row in table.frame.to_numpy()),
    ]
    made = document.add_table(rows=len(rows), cols=n_columns)
    made.autofit = False
    _rules(made)
    size = Pt(8 if n_columns <= 5 else 7)
    page_mm = A4_MM[1 if wide else 0] - 2 * MARGIN_MM
    for column, width_mm in zip(made.columns, _column_widths_mm(rows, page_mm), strict=True):
        column.width = Mm(width_mm)
        for cell in column.cells:
            cell.width = Mm(width_mm)
    for place, (line, cells) in enumerate(zip(made.rows, rows, strict=True)):
        for cell, text in zip(line.cells, cells, strict=True):
            run = cell.paragraphs[0].add_run(text.replace("  ", "\u2003", 1) if text.startswith("  ") else text)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
            run.font.size = size
            run.bold = place == 0
        _row_marks(line, header=place == 0)
    for note in table.notes:
        document.add_paragraph().add_run(printable(note)).font.size = Pt(8)
    document.add_paragraph()


def _rules(made: Any) -> None:
    """Draw three horizontal rules, as journals do: above the table, under its header, below it."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_rule(side, eighths_of_point=8))
    made._tbl.tblPr.append(borders)
    for cell in made.rows[0].cells:
        under = OxmlElement("w:tcBorders")
        under.append(_rule("bottom", eighths_of_point=4))
        cell._tc.get_or_add_tcPr().append(under)


def _rule(side: str, *, eighths_of_point: int) -> Any:
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths_of_point)), ("space", "0"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    return rule


def _column_widths_mm(rows: list[list[str]], page_mm: float) -> list[float]:
    """Widths in proportion to each column's longest cell, short ones not starved, no wider than the page."""
    longest = [max(10, 3 + min(40, max(len(row[k]) for row in rows))) for k in range(len(rows[0]))]
    room = min(page_mm, 2.0 * sum(longest))
    return [room * length / sum(longest) for length in longest]


def _row_marks(line: Any, *, header: bool) -> None:
    """Repeat the header row on every page, and never break a row over two pages."""
    marks = line._tr.get_or_add_trPr()  # python-docx has no public word for these
    for name in ("w:cantSplit", *(("w:tblHeader",) if header else ())):
        element = OxmlElement(name)
        element.set(qn("w:val"), "true")
        marks.append(element)


def same_each_time(document: Any) -> bytes:
    """Bytes of the document with the dates of the ZIP members set to one fixed day."""
    written = io.BytesIO()
    document.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, (2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(member))
    return fixed.getvalue()
