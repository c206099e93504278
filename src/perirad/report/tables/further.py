"""Tables beside the main ones: added value, sample size, other prevalence, centres, nested cross-validation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.tables.table import frame_of
from perirad.report.text import DASH, cohort_label, count_share, decimal, estimate_text, interval, p_text
from perirad.validation.decision_curve import interventions_avoided, standardised_net_benefit

__all__ = [
    "added_table",
    "benefit_table",
    "centres_table",
    "classified_table",
    "model_table",
    "needed_table",
    "nested_table",
    "prevalence_table",
    "requested_table",
]  # fmt: skip

_MEASURES = {
    "auc": "AUC", "slope": "Calibration slope", "intercept": "Calibration intercept",
    "observed_expected": "Observed/expected",
}  # fmt: skip


def added_table(contents: ReportContents) -> pd.DataFrame:
    """What the nomogram adds to the clinical model and to the Rad-score."""
    rows = []
    for item in contents.further.added:
        auc, brier, test = item.value.auc, item.value.brier, item.test
        rows.append([
            f"{item.new} against {item.old}", cohort_label(item.cohort),
            interval(auc.difference, auc.lower, auc.upper, 3), p_text(auc.p),
            interval(brier.estimate, brier.lower, brier.upper, 3),
            decimal(item.value.fraction_new), DASH if test is None else f"{decimal(test.chi2)} ({test.df})",
            DASH if test is None else p_text(test.p),
        ])  # fmt: skip
    columns = [
        "Models", "Cohort", "AUC gained (95% CI)", "P (DeLong)", "Brier score gained (95% CI)",
        "Share of new information", "Likelihood ratio χ² (df)", "P",
    ]  # fmt: skip
    return frame_of(columns, rows)


def model_table(contents: ReportContents) -> pd.DataFrame:
    """How well the combined model describes its training patients, and how its variables hang together."""
    found = contents.further.regression
    if found is None or found.statistics is None:
        return frame_of([], [])
    item, labels = found.statistics, {variable.name: variable.label for variable in contents.variables}
    rows = [
        ["Likelihood ratio χ² (df)", f"{decimal(item.lr_chi2)} ({item.df:g}), P {p_text(item.p)}"],
        ["AIC", decimal(item.aic, 1)], ["BIC", decimal(item.bic, 1)],
        ["R² (Nagelkerke)", decimal(item.r2_nagelkerke)], ["R² (Cox-Snell)", decimal(item.r2_cox_snell)],
    ]  # fmt: skip
    rows += [
        [f"Variance inflation: {'Rad-score' if name == 'radscore' else labels.get(name, name)}", decimal(value)]
        for name, value in found.inflation.items()
    ]
    return frame_of(["Combined model, training", "Value"], rows)


def classified_table(contents: ReportContents) -> pd.DataFrame:
    """The nomogram against the other models at the frozen cut-offs, on the same patients."""
    rows = []
    for item in contents.further.classified:
        parts = (item.test.sensitivity, item.test.specificity, item.test.accuracy)
        rows.append([
            f"{item.first} − {item.second}", cohort_label(item.cohort),
            *(f"{decimal(part.difference, 3)} ({part.only_first}/{part.only_second}), P {p_text(part.p_exact)}"
              for part in parts),
        ])  # fmt: skip
    return frame_of(["Models", "Cohort", "Sensitivity", "Specificity", "Accuracy"], rows)


def benefit_table(contents: ReportContents) -> pd.DataFrame:
    """Net benefit of the main model at some thresholds, also as a share of the most possible, and what is avoided."""
    low, high = contents.thresholds or (0.1, 0.9)
    wanted = np.round(np.linspace(low, high, 5), 2)
    model, rows = main_model(contents), []
    for item in model.cohorts if model is not None else ():
        curve = item.decision
        share, avoided = standardised_net_benefit(curve), interventions_avoided(curve)
        for threshold in wanted:
            at = int(np.argmin(np.abs(curve.thresholds - threshold)))
            rows.append([
                cohort_label(item.cohort), decimal(float(curve.thresholds[at])),
                decimal(float(curve.net_benefit[at]), 3), decimal(float(curve.treat_all[at]), 3),
                decimal(float(share[at])), decimal(float(avoided[at]), 1),
            ])  # fmt: skip
    columns = [
        "Cohort", "Threshold", "Net benefit", "Treating all", "Standardised net benefit",
        "Interventions avoided per 100",
    ]  # fmt: skip
    return frame_of(columns, rows)


def needed_table(contents: ReportContents) -> pd.DataFrame:
    """Training patients needed by published criteria, and those that there were."""
    rows = [
        [
            item.candidates, str(item.n_parameters), decimal(item.r2), str(item.size.n_shrinkage),
            str(item.size.n_optimism), str(item.size.n_overall_risk), f"{item.size.n} ({item.size.events})",
            f"{item.n} ({item.n_events})", "yes" if item.n >= item.size.n else "no",
        ]
        for item in contents.further.needed
    ]  # fmt: skip
    columns = [
        "Candidates", "Parameters", "R² anticipated", "For shrinkage", "For optimism", "For overall risk",
        "Patients needed (events)", "In training (events)", "Enough",
    ]  # fmt: skip
    return frame_of(columns, rows)


def prevalence_table(contents: ReportContents) -> pd.DataFrame:
    """Predictive values at a stated prevalence."""
    rows = [
        [item.model, cohort_label(item.cohort), decimal(item.values.prevalence, 3), estimate_text(item.values.ppv),
         estimate_text(item.values.npv)]
        for item in contents.further.at_prevalence
    ]  # fmt: skip
    columns = [
        "Model",
        "Cohort",
        "Prevalence",
        "Positive predictive value (95% CI)",
        "Negative predictive value (95% CI)",
    ]
    return frame_of(columns, rows)


def centres_table(contents: ReportContents) -> pd.DataFrame:
    """Each training centre predicted by the models of the others, and the pooled figures."""
    found = contents.further.centres
    if found is None:
        return frame_of([], [])
    rows = [
        [
            item.centre, f"{item.n} ({item.n_events})", estimate_text(item.auc), estimate_text(item.slope),
            estimate_text(item.intercept), estimate_text(item.observed_expected),
        ]
        for item in found.centres
    ]  # fmt: skip
    pooled = [found.pooled[name] for name in _MEASURES]  # type: ignore[index]
    rows.append(["Pooled", "", *(estimate_text(item.estimate) for item in pooled)])
    between = [f"{decimal(item.prediction_lower)} to {decimal(item.prediction_upper)}" for item in pooled]
    rows.append(["A new centre (95% prediction)", "", *between])
    return frame_of(["Centre left out", "N (events)", *(f"{name} (95% CI)" for name in _MEASURES.values())], rows)


def nested_table(contents: ReportContents) -> pd.DataFrame:
    """AUC of the whole development in nested cross-validation, and the scenarios it chose."""
    found = contents.further.nested
    if found is None:
        return frame_of([], [])
    fits = sum(found.chosen.values())
    rows = [[f"Repeat {k}", decimal(value, 3)] for k, value in enumerate(found.aucs, start=1)]
    rows.append(["Mean of the repeats", decimal(float(found.aucs.mean()), 3)])
    rows += [[f"Scenario {name} chosen", count_share(count, fits)] for name, count in found.chosen.items()]
    return frame_of([f"Nested cross-validation, {found.n_folds} folds", "AUC of the nomogram, or fits"], rows)


def requested_table(contents: ReportContents) -> pd.DataFrame:
    """Tests that the settings ask for although they mislead when they stand alone."""
    rows = []
    for item in contents.further.requested:
        if item.hosmer_lemeshow is not None:
            test = item.hosmer_lemeshow
            text = f"χ² {decimal(test.chi2)} ({test.df} df), P {p_text(test.p)}"
            rows.append([item.model, cohort_label(item.cohort), "Hosmer–Lemeshow", text, test.caution])
        if item.reclassification is not None:
            nri = item.reclassification.nri
            text = f"{interval(nri.estimate, nri.lower, nri.upper)}, P {p_text(nri.p)}"
            name = f"{item.model} against {item.against}"
            rows.append(
                [
                    name,
                    cohort_label(item.cohort),
                    "Net reclassification (continuous)",
                    text,
                    item.reclassification.caution,
                ]
            )
    return frame_of(["Model", "Cohort", "Test", "Result", "Caution"], rows)
