"""The order in which figures and tables stand, the same on the web page and in the document."""

from __future__ import annotations

from dataclasses import dataclass

from perirad.report.contents import ReportContents
from perirad.report.figures.all import ReportFigure, report_figures
from perirad.report.tables.all import report_tables
from perirad.report.tables.table import ReportTable

__all__ = ["Section", "report_sections"]

# The table of the flow is left out: the figure says the same, and its alternative text says it in full.
_ORDER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("patients", "Patients", ("figure:flow", "figure:workflow", "table:cohorts", "table:baseline",
    "table:sample_size")),
    ("images", "Images and regions", ("figure:cases", "table:acquisition", "table:spacing", "figure:ring_loss",
                                         "table:ring_loss", "table:agreement", "figure:reader_icc")),
    (
        "rad-score", "Rad-score",
        ("table:scenarios", "figure:feature_counts", "table:feature_counts", "figure:width_profile",
         "figure:roc_scenarios", "figure:penalty", "figure:coefficients", "table:selected_features",
         "figure:correlations", "figure:waterfall", "figure:feature_maps"),
    ),
    (
        "models", "Clinical and combined models",
        ("table:univariable", "table:multivariable", "table:combined", "figure:nomogram",
         "figure:nomogram_reading", "figure:contributions", "table:model", "table:equations"),
    ),
    (
        "performance", "Performance",
        ("figure:roc", "table:performance", "figure:confusion", "table:optimism", "figure:instability",
         "table:stability", "table:comparisons", "table:delong",
         "table:added_value", "table:classified",
         "table:prevalence",
         "table:centres", "table:nested",
         "figure:radscore", "figure:predictions", "figure:forest", "figure:calibration", "table:calibration",
         "figure:decision_curve",
         "table:net_benefit", "table:requested"),
    ),
    ("settings", "Settings and versions", ("table:settings", "table:versions")),
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A chapter: figures and tables in reading order, each with its number over the whole report."""

    anchor: str
    title: str
    items: tuple[tuple[int, ReportFigure | ReportTable], ...]


def report_sections(contents: ReportContents) -> tuple[Section, ...]:
    """Sections that have something to show; figures and tables are numbered in two series, in reading order."""
    found: dict[str, ReportFigure | ReportTable] = {f"figure:{item.stem}": item for item in report_figures(contents)}
    found |= {f"table:{item.stem}": item for item in report_tables(contents)}
    counts = {"figure": 0, "table": 0}
    sections = []
    for anchor, title, names in _ORDER:
        items = []
        for name in names:
            if name in found:
                series = name.split(":", 1)[0]
                counts[series] += 1
                items.append((counts[series], found[name]))
        if items:
            sections.append(Section(anchor, title, tuple(items)))
    return tuple(sections)
