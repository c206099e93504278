"""Tables of the patients: flow, cohorts, regions cut by the image edge, where the millimetres came from."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from perirad.report.contents import ReportContents
from perirad.report.tables.table import frame_of
from perirad.report.text import cohort_label, count_share, decimal, percent

__all__ = ["agreement_table", "cohort_table", "flow_table", "ring_loss_table", "spacing_table"]


def flow_table(contents: ReportContents) -> pd.DataFrame:
    """Every step of the patient flow: how many were removed, how many were left."""
    rows = [[step.label, str(step.n_removed), str(step.n_left)] for step in contents.flow]
    return frame_of(["Step", "Removed", "Left"], rows)


def cohort_table(contents: ReportContents) -> pd.DataFrame:
    """Patients, images and events of each cohort, and patients by centre where centres are known."""
    rows = []
    several = any(item.n_cases != item.n_patients for item in contents.cohorts)
    counted = contents.images or several
    for item in contents.cohorts:
        centres = "; ".join(f"{name}: {count}" for name, count in item.n_by_centre.items())
        rows.append([
            cohort_label(item.name), str(item.n_patients), *([str(item.n_cases)] if counted else []),
            count_share(item.n_events, item.n_patients),
            count_share(item.n_patients - item.n_events, item.n_patients), centres or "not recorded",
        ])  # fmt: skip
    images = ["Images" if contents.images else "Rows"] if counted else []
    columns = ["Cohort", "Patients", *images, contents.event_label, contents.nonevent_label, "By centre"]
    return frame_of(columns, rows)


def ring_loss_table(contents: ReportContents) -> pd.DataFrame:
    """Share of each region that was lost, and to what."""
    rows = [
        [
            contents.lengths.ring(item.region), percent(item.median), percent(item.upper_quartile),
            percent(item.maximum), count_share(item.n_flagged, item.n_cases),
            "; ".join(f"{cause} {percent(share)}" for cause, share in item.by_cause.items()) or "none",
        ]
        for item in contents.ring_losses
    ]  # fmt: skip
    limit = percent(contents.ring_losses[0].limit) if contents.ring_losses else "the limit"
    columns = ["Region", "Median lost", "Upper quartile", "Maximum", f"Images losing more than {limit}"]
    return frame_of([*columns, "Mean loss by cause"], rows)


def agreement_table(contents: ReportContents) -> pd.DataFrame:
    """How well two readers' outlines agree in the features, a row for each region."""
    rows = [
        [
            item.region, str(item.n_cases), str(item.n_features),
            decimal(float(np.median(item.correlations)) if item.correlations.size else math.nan),
            *(count_share(int((item.correlations >= limit).sum()), item.n_features) for limit in (0.75, 0.9)),
            count_share(int((item.correlations >= item.limit).sum()), item.n_features),
        ]
        for item in contents.agreement
    ]  # fmt: skip
    limit = f"At or above {contents.agreement[0].limit:g} (used)" if contents.agreement else ""
    return frame_of(["Region", "Cases", "Features", "Median ICC", "ICC at least 0.75", "ICC at least 0.9", limit], rows)


def spacing_table(contents: ReportContents) -> pd.DataFrame:
    """How many images got their millimetres from where."""
    total = sum(contents.calibrations.values())
    names = {"assumed": f"assumed: lengths in {contents.lengths.pixels}"} if contents.lengths.assumed else {}
    rows = [[names.get(name, name), count_share(count, total)] for name, count in contents.calibrations.items()]
    return frame_of(["Source of the pixel spacing", "Images"], rows)
