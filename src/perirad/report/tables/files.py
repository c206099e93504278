"""The folder of tables: each as CSV, HTML, Word and LaTeX."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from perirad.report.contents import ReportContents
from perirad.report.lengths import Lengths
from perirad.report.tables.all import report_tables, table_html
from perirad.report.tables.latex import latex_table
from perirad.report.word import table_document

__all__ = ["write_tables"]

_COLUMN = "Image lengths"
"""Not those of the clinical table: what was measured at the scanner stays in mm."""


def write_tables(contents: ReportContents, folder: Path) -> tuple[Path, ...]:
    """Write every table as CSV (UTF-8), HTML fragment, Word document and LaTeX into a folder, made if need be.

    A CSV has no foot: where spacings are assumed, a last column, Image lengths, says so in every row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in report_tables(contents):
        csv = _marked(table.frame, contents.lengths).to_csv(index=False, lineterminator="\n")
        files = {
            "csv": csv.encode(), "html": table_html(table).encode(), "docx": table_document(table),
            "tex": latex_table(table).encode(),
        }  # fmt: skip
        for form, content in files.items():
            path = folder / f"{table.stem}.{form}"
            path.write_bytes(content)
            written.append(path)
    return tuple(written)


def _marked(frame: pd.DataFrame, lengths: Lengths) -> pd.DataFrame:
    if not lengths.assumed:
        return frame
    unit = pd.Series(lengths.unit, index=frame.index, name=_COLUMN, dtype=object)
    return pd.concat([frame, unit], axis=1)
