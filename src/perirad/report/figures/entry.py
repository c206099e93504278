"""A figure of the report: its file, its words, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from perirad.report.contents import ReportContents

__all__ = ["ReportFigure"]


@dataclass(frozen=True)
class ReportFigure:
    """A figure with its file stem, title, caption and alternative text; `draw` makes it anew."""

    stem: str
    title: str
    caption: str
    alt: str
    draw: Callable[[ReportContents], Figure]
