"""The report as a Word document: the same tables and figures, to be copied into a manuscript."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from perirad.report.contents import ReportContents
from perirad.report.figures.all import ReportFigure
from perirad.report.sections import report_sections
from perirad.report.style import render
from perirad.report.summary import banner, said_of_all, summary
from perirad.report.tables.table import ReportTable
from perirad.report.text import printable

__all__ = ["write_docx"]

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_A4_MM = (210, 297)
_MARGIN_MM = 18
_PORTRAIT_COLUMNS = 8  # more do not fit upright in a readable size


def write_docx(contents: ReportContents, path: Path) -> None:
    """Write the report as a Word document: real tables with repeated header rows, figures as 300 dpi PNG.

    Wide tables stand on landscape pages. The same contents give the same bytes.
    """
    document: Any = docx.Document()
    _properties(document, contents)
    _page(document.sections[0], landscape=False)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(printable(contents.title), 0)
    line = document.add_paragraph().add_run(printable(banner(contents)))
    line.bold = True
    line.font.color.rgb = RGBColor(0x8C, 0x1D, 0x18) if contents.kind == "simulated" else RGBColor(0x12, 0x35, 0x5B)
    document.add_heading("Summary", 1)
    for sentence in summary(contents):
        document.add_paragraph(printable(sentence))
    if contents.warnings:
        document.add_heading("Warnings", 1)
        for warning in contents.warnings:
            document.add_paragraph(printable(warning), style="List Bullet")
    for section in report_sections(contents):
        _turn(document, landscape=bool(section.items) and _is_wide(section.items[0][1]))
        document.add_heading(section.title, 1)
        for number, item in section.items:
            if isinstance(item, ReportTable):
                _table(document, item, number)
            else:
                _figure(document, contents, item, number)
    _settings(document, contents)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_same_each_time(document))


def _properties(document: Any, contents: ReportContents) -> None:
    core = document.core_properties
    core.title, core.author, core.comments = (
        printable(contents.title)[:255],
        "perirad",
        printable(banner(contents))[:255],
    )
    core.created = core.modified = _EPOCH
    core.last_modified_by, core.revision, core.language = "perirad", 1, "en"


def _page(section: Any, *, landscape: bool) -> None:
    width, height = reversed(_A4_MM) if landscape else _A4_MM
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)


def _turn(document: Any, *, landscape: bool) -> None:
    """Begin a new page of the other orientation, if the page is not so already."""
    now = document.sections[-1]
    if (now.orientation == WD_ORIENT.LANDSCAPE) != landscape:
        _page(document.add_section(), landscape=landscape)


def _caption(document: Any, label: str, text: str, *, keep: bool) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.add_run(label + " ").bold = True
    paragraph.add_run(printable(text))


def _is_wide(item: ReportTable | ReportFigure) -> bool:
    return isinstance(item, ReportTable) and len(item.frame.columns) > _PORTRAIT_COLUMNS


def _table(document: Any, table: ReportTable, number: int) -> None:
    n_columns = len(table.frame.columns)
    wide = _is_wide(table)
    _turn(document, landscape=wide)
    _caption(document, f"Table {number}.", table.caption, keep=True)
    rows = [
        [str(name) for name in table.frame.columns],
        *([str(cell) for cell in row] for row in table.frame.to_numpy()),
    ]
    made = document.add_table(rows=len(rows), cols=n_columns)
    made.autofit = False
    _rules(made)
    size = Pt(8 if n_columns <= 5 else 7)
    page_mm = _A4_MM[1 if wide else 0] - 2 * _MARGIN_MM
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


def _figure(document: Any, contents: ReportContents, item: ReportFigure, number: int) -> None:
    _turn(document, landscape=False)
    figure = item.draw(contents)
    inches = figure.get_size_inches()
    width_mm, height_mm = inches[0] * 25.4, inches[1] * 25.4
    shrink = min(1.0, (_A4_MM[0] - 2 * _MARGIN_MM) / width_mm, (_A4_MM[1] - 2 * _MARGIN_MM - 30) / height_mm)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(render(figure, "png")), width=Mm(width_mm * shrink))
    shape._inline.docPr.set("descr", printable(item.alt))
    _caption(document, f"Figure {number}.", f"{item.title}. {item.caption} {said_of_all(contents)}", keep=False)


def _settings(document: Any, contents: ReportContents) -> None:
    _turn(document, landscape=False)
    document.add_heading("Settings and versions", 1)
    if contents.lengths.assumed:
        document.add_paragraph(printable(contents.lengths.note))
    programs = "; ".join(f"{name} {version}" for name, version in contents.versions.items())
    document.add_paragraph(printable(f"Random seed {contents.seed}. {programs}"))
    run = document.add_paragraph().add_run(printable(contents.settings_toml))
    run.font.name, run.font.size = "Consolas", Pt(8)


def _same_each_time(document: Any) -> bytes:
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
