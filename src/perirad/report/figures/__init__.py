"""Figures of the report, one file each; `perirad.report.drawn` draws and writes them all."""

from perirad.report.figures.all import ReportFigure, report_figures

__all__ = ["ReportFigure", "report_figures"]
