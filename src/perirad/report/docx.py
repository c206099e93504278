"""The report as a Word document: the same tables and figures, to be copied into a manuscript."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.shared import Mm, RGBColor

from perirad.report.contents import ReportContents
from perirad.report.drawn import Drawn, draw_all
from perirad.report.figures.entry import ReportFigure
from perirad.report.prose.manuscript import add_chapter, manuscript
from perirad.report.sections import report_sections
from perirad.report.summary import banner, said_of_all, summary
from perirad.report.tables.table import ReportTable
from perirad.report.text import printable
from perirad.report.word import A4_MM, MARGIN_MM, add_caption, add_table, is_wide, new_document, same_each_time, turn

__all__ = ["write_docx"]


def write_docx(contents: ReportContents, path: Path, drawn: Mapping[str, Drawn] | None = None) -> None:
    """Write the report as a Word document: real tables with repeated header rows, figures as 300 dpi PNG.

    Wide tables stand on landscape pages. The same contents give the same bytes. `drawn` are the figures, where they are
    drawn already.
    """
    drawn = draw_all(contents, formats=()) if drawn is None else drawn
    document = new_document(contents.title, banner(contents))
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
    for chapter in manuscript(contents):
        add_chapter(document, chapter)
    for section in report_sections(contents):
        turn(document, landscape=bool(section.items) and is_wide(section.items[0][1]))
        document.add_heading(section.title, 1)
        for number, item in section.items:
            if isinstance(item, ReportTable):
                add_table(document, item, f"Table {number}.")
            else:
                _figure(document, contents, item, drawn[item.stem], number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(same_each_time(document))


def _figure(document: Any, contents: ReportContents, item: ReportFigure, drawn: Drawn, number: int) -> None:
    turn(document, landscape=False)
    width_mm, height_mm = drawn.size_mm
    shrink = min(1.0, (A4_MM[0] - 2 * MARGIN_MM) / width_mm, (A4_MM[1] - 2 * MARGIN_MM - 45) / height_mm)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(drawn.preview), width=Mm(width_mm * shrink))
    shape._inline.docPr.set("descr", printable(item.alt))
    add_caption(document, f"Figure {number}.", f"{item.title}. {item.caption} {said_of_all(contents)}", keep=False)
