"""Tables of performance and of comparisons between models."""

from __future__ import annotations

import math

import pandas as pd

from perirad.report.contents import CohortPerformance, ReportContents
from perirad.report.tables.table import frame_of
from perirad.report.text import (
    auc_text,
    cohort_label,
    count_share,
    decimal,
    estimate_text,
    interval,
    p_text,
    proportion_text,
)

__all__ = [
    "calibration_table",
    "comparison_table",
    "delong_matrix",
    "optimism_table",
    "performance_table",
    "stability_table",
]


def performance_table(contents: ReportContents) -> pd.DataFrame:
    """Discrimination and the two-by-two measures at the frozen cut-off, for every model in every cohort."""
    columns = [
        "Model", "Cohort", "N (events)", "Cut-off", "AUC (95% CI)", "Sensitivity", "Specificity",
        "Positive predictive value", "Negative predictive value", "Accuracy",
    ]  # fmt: skip
    rows = []
    for model in contents.models:
        for item in model.cohorts:
            cut = item.at_cutoff
            shares = (cut.sensitivity, cut.specificity, cut.ppv, cut.npv, cut.accuracy)
            rows.append([
                model.name, cohort_label(item.cohort), f"{len(item.outcome)} ({int(item.outcome.sum())})",
                decimal(cut.cutoff, 3), auc_text(item.auc), *(proportion_text(share) for share in shares),
            ])  # fmt: skip
            if item.cohort == "train":
                rows += _corrected_row(contents, item, model.name, len(shares))
    return frame_of(columns, rows)


def _corrected_row(contents: ReportContents, item: CohortPerformance, model: str, blanks: int) -> list[list[str]]:
    """AUC less its optimism; the two-by-two measures are not corrected."""
    measures = contents.internal.models.get(model) if contents.internal else None
    if measures is None:
        return []
    auc, size = measures["auc"], f"{len(item.outcome)} ({int(item.outcome.sum())})"
    return [[model, "Corrected (.632+)", size, "", decimal(auc.estimate_632_plus), *([""] * blanks)]]


_MEASURES = {
    "auc": "AUC",
    "brier": "Brier score",
    "calibration_slope": "Calibration slope",
    "calibration_intercept": "Calibration intercept",
}


def optimism_table(contents: ReportContents) -> pd.DataFrame:
    """Training figures, apparent and corrected for optimism by repeating the whole selection in resamples."""
    columns = [
        "Model", "Measure", "Apparent", "Corrected (.632+)", "Patients not drawn (95% of resamples)",
        "Optimism (Harrell)", "Apparent less optimism", "Resamples",
    ]  # fmt: skip
    models = contents.internal.models if contents.internal else {}
    rows = [
        [
            model, label, decimal(item.apparent), decimal(item.estimate_632_plus),
            interval(item.out_of_bag, item.lower, item.upper), decimal(item.optimism), decimal(item.corrected),
            str(item.n_used),
        ]
        for model, measures in models.items()
        for label, item in ((_MEASURES[name], item) for name, item in measures.items())
    ]  # fmt: skip
    return frame_of(columns, rows)


def stability_table(contents: ReportContents) -> pd.DataFrame:
    """How often the resamples chose each scenario and retained each clinical variable, and how alike their features."""
    internal = contents.internal
    if internal is None:
        return frame_of([], [])
    labels = {variable.name: variable.label for variable in contents.variables}
    rows = [["Scenario chosen", name, count_share(times, internal.n_fitted)] for name, times in internal.chosen.items()]
    rows += [
        ["Clinical variable retained", labels.get(name, name), count_share(times, internal.n_fitted)]
        for name, times in internal.retained.items()
    ]
    index = internal.stability
    if index is not None:
        rows.append(
            ["Features selected", "Nogueira's stability index", interval(index.estimate, index.lower, index.upper)]
        )
    return frame_of(["Choice", "Name", "Resamples"], rows)


def calibration_table(contents: ReportContents) -> pd.DataFrame:
    """Calibration and overall accuracy of the risks, for every model in every cohort."""
    columns = [
        "Model", "Cohort", "Calibration slope (95% CI)", "Calibration intercept (95% CI)", "Observed/expected",
        "Brier score", "Scaled Brier score", "ICI", "E50", "E90", "Emax",
    ]  # fmt: skip
    rows = []
    for model in contents.models:
        for item in model.cohorts:
            result = item.calibration
            numbers = (result.brier, result.brier_scaled, result.ici, result.e50, result.e90, result.emax)
            rows.append([
                model.name, cohort_label(item.cohort), estimate_text(result.slope), estimate_text(result.intercept),
                decimal(result.observed_expected), *(decimal(value, 3) for value in numbers),
            ])  # fmt: skip
    return frame_of(columns, rows)


def comparison_table(contents: ReportContents) -> pd.DataFrame:
    """DeLong's comparisons of AUCs on the same patients."""
    rows = []
    for item in contents.comparisons:
        test = item.test
        difference = interval(test.difference, test.lower, test.upper, 3)
        rows.append([
            f"{item.first} − {item.second}", cohort_label(item.cohort), difference,
            decimal(test.z) if math.isfinite(test.p) else decimal(math.nan), p_text(test.p),
        ])  # fmt: skip
    return frame_of(["Comparison", "Cohort", "Difference of AUC (95% CI)", "Z", "P"], rows)


def delong_matrix(contents: ReportContents) -> pd.DataFrame:
    """Every pair of models and scenarios, a triangle for each cohort."""
    names = list(dict.fromkeys(name for item in contents.pairs for name in (item.second, item.first)))
    if len(names) < 3:
        return frame_of([], [])
    rows = []
    for cohort in dict.fromkeys(item.cohort for item in contents.pairs):
        rows.append([cohort_label(cohort), *[""] * (len(names) - 1)])
        found = {(item.first, item.second): item.test for item in contents.pairs if item.cohort == cohort}
        for at, first in enumerate(names[1:], start=1):
            tests = [found.get((first, second)) for second in names[:at]]
            cells = ["" if test is None else f"{decimal(test.difference, 3)} ({p_text(test.p)})" for test in tests]
            rows.append([f"  {first}", *cells, *[""] * (len(names) - 1 - at)])
    return frame_of(["Model", *names[:-1]], rows)
