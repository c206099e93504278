"""Figures of the report, one file each; `write_figures` draws them all."""

from perirad.report.figures.all import ReportFigure, report_figures, write_figures

__all__ = ["ReportFigure", "report_figures", "write_figures"]
