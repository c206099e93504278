"""The report in a few sentences, every number out of the record, and the banner that says what was looked at."""

from __future__ import annotations

from perirad.report.contents import CohortPerformance, ModelResult, ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.text import (
    auc_text,
    cohort_label,
    count_share,
    decimal,
    estimate_text,
    interval,
    listed,
    p_text,
    plural,
)
from perirad.validation.records import Proportion

__all__ = ["banner", "said_of_all", "summary"]


def banner(contents: ReportContents) -> str:
    """One line above everything: simulated, or real images and of which outcome; and the unit, if it is not mm."""
    lengths = f". Image lengths in {contents.lengths.unit}" if contents.lengths.assumed else ""
    if contents.kind == "simulated":
        return f"SIMULATED COHORT — these figures say nothing about patients{lengths}"
    outcome = f"{contents.outcome_label} ({contents.event_label} versus {contents.nonevent_label})"
    return f"{contents.kind_label}; outcome: {outcome}{lengths}"


def said_of_all(contents: ReportContents) -> str:
    """What ends every caption of a figure: simulated or real, and the unit, if it is not mm."""
    kind = f"{contents.kind_label}."
    return f"{kind} Image lengths in {contents.lengths.unit}." if contents.lengths.assumed else kind


def summary(contents: ReportContents) -> tuple[str, ...]:
    """Cohorts, choice of the Rad-score, performance and comparisons of the main model, in plain words."""
    said = [_patients(contents)]
    if contents.lengths.assumed:
        said.append(contents.lengths.note)
    chosen = [item for item in contents.scenarios if item.chosen]
    if chosen:
        item = chosen[0]
        kept = plural(item.n_selected, "feature") if item.n_selected else "no feature, so it is the same for everybody"
        what = "regions" if contents.images else "features"
        auc = f"mean AUC {decimal(item.cv_auc)}"
        said.append(
            f"Of {len(contents.scenarios)} sets of {what}, {item.name} was chosen by cross-validation within the "
            f"training cohort ({auc}). Its Rad-score kept {kept}."
            if len(contents.scenarios) > 1
            else f"The Rad-score of {item.name} kept {kept} (cross-validation within the training cohort: {auc})."
        )
    model = main_model(contents)
    if model is not None and model.cohorts:
        judged = model.cohorts[1:] or model.cohorts
        corrected = _corrected(contents, model)
        if model.cohorts[1:]:
            said += corrected
        said += [_performance(model, result) for result in judged]
        if not model.cohorts[1:]:
            said.append(
                "There is no cohort beside the one the model was made on, so these figures are optimistic: "
                "they say how well the model fits, not how well it will do on new patients."
            )
            said += corrected
        said += _compared(contents, model)
    return tuple(said)


def _patients(contents: ReportContents) -> str:
    total = sum(item.n_patients for item in contents.cohorts)
    events = sum(item.n_events for item in contents.cohorts)
    parts = [f"{item.n_patients} in the {cohort_label(item.name).lower()} cohort" for item in contents.cohorts]
    return (
        f"{plural(total, 'patient')} were analysed, {listed(parts)}; "
        f"{count_share(events, total)} were {contents.event_label}."
    )


def _performance(model: ModelResult, item: CohortPerformance) -> str:
    cut, agreement = item.at_cutoff, item.calibration
    return (
        f"{cohort_label(item.cohort)} cohort, {model.name}: AUC {auc_text(item.auc)}; at the cut-off "
        f"{decimal(cut.cutoff, 3)}, sensitivity {_share(cut.sensitivity)} and specificity "
        f"{_share(cut.specificity)}; calibration slope {estimate_text(agreement.slope)}, intercept "
        f"{estimate_text(agreement.intercept)}, Brier score {decimal(agreement.brier, 3)}."
    )


def _corrected(contents: ReportContents, model: ModelResult) -> list[str]:
    """The training AUC next to what is left of it when the whole selection is repeated in resamples."""
    internal = contents.internal
    if internal is None or model.name not in internal.models:
        return []
    failed = len(internal.failures)
    several = f"{plural(internal.n_resamples, 'bootstrap resample')} of the training patients"
    lost = f" ({failed} of them could not be fitted)" if failed else ""
    auc, slope = internal.models[model.name]["auc"], internal.models[model.name]["calibration_slope"]
    if not auc.n_used:
        return [f"The training figures could not be corrected for optimism: none of {several} could be fitted."]
    return [
        f"Training cohort, {model.name}: apparent AUC {decimal(auc.apparent)}, corrected for optimism "
        f"{decimal(auc.estimate_632_plus)} (.632+ bootstrap). For this, the whole selection was repeated in "
        f"{several}{lost}; among the patients not drawn, the mean AUC was {decimal(auc.out_of_bag)} and the mean "
        f"calibration slope {decimal(slope.out_of_bag)}."
    ]


def _share(share: Proportion) -> str:
    """``0.78 (0.71–0.85; 45 of 60)``."""
    text = interval(share.estimate, share.lower, share.upper)
    counts = f"{share.numerator} of {share.denominator}"
    return f"{text.removesuffix(')')}; {counts})" if text.endswith(")") else f"not defined ({counts})"


def _compared(contents: ReportContents, model: ModelResult) -> list[str]:
    """Comparisons of the main model, outside the training cohort where there is such a cohort."""
    judged = {item.cohort for item in model.cohorts[1:] or model.cohorts}
    said = []
    for item in contents.comparisons:
        if item.cohort in judged and item.first == model.name:
            test = item.test
            said.append(
                f"{cohort_label(item.cohort)} cohort: AUC of {item.first} minus that of {item.second} "
                f"{interval(test.difference, test.lower, test.upper)}, P {_equals(p_text(test.p))}."
            )
    return said


def _equals(p: str) -> str:
    return p if p[0] in "<>" else "not defined" if not p[0].isdigit() else f"= {p}"
