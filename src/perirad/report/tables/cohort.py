"""Tables of the patients: flow, cohorts, regions cut by the image edge, where the millimetres came from."""

from __future__ import annotations

import pandas as pd

from perirad.report.contents import ReportContents
from perirad.report.tables.table import frame_of
from perirad.report.text import cohort_label, count_share, percent

__all__ = ["cohort_table", "flow_table", "ring_loss_table", "spacing_table"]


def flow_table(contents: ReportContents) -> pd.DataFrame:
    """Every step of the patient flow: how many were removed, how many were left."""
    rows = [[step.label, str(step.n_removed), str(step.n_left)] for step in contents.flow]
    return frame_of(["Step", "Removed", "Left"], rows)


def cohort_table(contents: ReportContents) -> pd.DataFrame:
    """Patients, images and events of each cohort, and patients by centre where centres are known."""
    rows = []
    for item in contents.cohorts:
        centres = "; ".join(f"{name}: {count}" for name, count in item.n_by_centre.items())
        rows.append([
            cohort_label(item.name), str(item.n_patients), str(item.n_cases),
            count_share(item.n_events, item.n_patients),
            count_share(item.n_patients - item.n_events, item.n_patients), centres or "not recorded",
        ])  # fmt: skip
    columns = ["Cohort", "Patients", "Images", contents.event_label, contents.nonevent_label, "By centre"]
    return frame_of(columns, rows)


def ring_loss_table(contents: ReportContents) -> pd.DataFrame:
    """Share of each region outside the image."""
    rows = [
        [
            item.region, percent(item.median), percent(item.upper_quartile), percent(item.maximum),
            count_share(item.n_cases_above_30_percent, item.n_cases),
        ]
        for item in contents.ring_losses
    ]  # fmt: skip
    return frame_of(["Region", "Median lost", "Upper quartile", "Maximum", "Images losing more than 30%"], rows)


def spacing_table(contents: ReportContents) -> pd.DataFrame:
    """How many images got their millimetres from where."""
    total = sum(contents.calibrations.values())
    rows = [[name, count_share(count, total)] for name, count in contents.calibrations.items()]
    return frame_of(["Source of the pixel spacing", "Images"], rows)
