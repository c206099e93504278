"""All figures of a report, in reading order, and their files."""

from __future__ import annotations

from pathlib import Path

from perirad.report.contents import ReportContents
from perirad.report.figures.entry import ReportFigure
from perirad.report.figures.of_models import figures_of_models
from perirad.report.figures.of_patients import figures_of_patients
from perirad.report.figures.of_score import figures_of_score
from perirad.report.style import FORMATS, render

__all__ = ["ReportFigure", "report_figures", "write_figures"]


def report_figures(contents: ReportContents) -> tuple[ReportFigure, ...]:
    """Figures this report can show, in reading order; those without anything to draw are left out."""
    return (*figures_of_patients(contents), *figures_of_score(contents), *figures_of_models(contents))


def write_figures(contents: ReportContents, folder: Path) -> tuple[Path, ...]:
    """Write every figure as SVG, PDF and PNG (300 dpi) into a folder, made if need be; same contents, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for item in report_figures(contents):
        figure = item.draw(contents)
        for form in FORMATS:
            path = folder / f"{item.stem}.{form}"
            path.write_bytes(render(figure, form))
            written.append(path)
    return tuple(written)
