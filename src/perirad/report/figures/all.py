"""All figures of a report, in reading order."""

from __future__ import annotations

from perirad.report.contents import ReportContents
from perirad.report.figures.entry import ReportFigure
from perirad.report.figures.of_models import figures_of_models
from perirad.report.figures.of_patients import figures_of_patients
from perirad.report.figures.of_score import figures_of_score

__all__ = ["ReportFigure", "report_figures"]


def report_figures(contents: ReportContents) -> tuple[ReportFigure, ...]:
    """Figures this report can show, in reading order; those without anything to draw are left out."""
    return (*figures_of_patients(contents), *figures_of_score(contents), *figures_of_models(contents))
