"""Results, as a paper would say them: every number is quoted from `metrics.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.prose.quotes import Passage, quoted
from perirad.report.text import cohort_label

__all__ = ["results"]


def results(contents: ReportContents) -> dict[str, list[Passage]]:
    """Paragraphs by heading."""
    metrics = contents.metrics
    found = {
        "Patients": _patients(metrics),
        "Regions": _regions(metrics) if contents.images else iter(()),
        "Rad-score": _score(metrics) if contents.scenarios else iter(()),
        "Models": _models(contents, metrics),
        "Validation": _validation(contents, metrics),
    }
    filled = {head: [quoted(template, metrics) for template in templates] for head, templates in found.items()}
    return {head: passages for head, passages in filled.items() if passages}


def _patients(metrics: Mapping[str, Any]) -> Iterator[str]:
    yield "{design/patients|count} patients were analysed"
    yield ", with {design/cases|count} images" if metrics["design"]["cases"] != metrics["design"]["patients"] else ""
    yield ". "
    for name in metrics["design"]["cohorts"]:
        place = f"design/cohorts/{name}"
        yield (
            f"The {cohort_label(name).lower()} cohort had {{{place}/patients|count}} patients, of whom "
            f"{{{place}/events|count}} "
            f"({{{place}/events_percent|percent}}) had the event ({{outcome/event_label|text}}). "
        )


def _regions(metrics: Mapping[str, Any]) -> Iterator[str]:
    for name in metrics["design"]["regions"]["lost"]:
        place = f"design/regions/lost/{name}"
        yield (
            f"Of {name}, a median of {{{place}/median_percent|percent}} and at most "
            f"{{{place}/largest_percent|percent}} was lost; "
            f"images that lost more than {{design/regions/limit_percent|limit}}: {{{place}/beyond_limit|count}}. "
        )


def _score(metrics: Mapping[str, Any]) -> Iterator[str]:
    scenario = metrics["scenario"]
    if len(scenario["cross_validated_auc"]) > 1:
        parts = [f"{{scenario/cross_validated_auc/{name}|d3}} for {name}" for name in scenario["cross_validated_auc"]]
        yield (
            f"In cross-validation inside the training cohort the mean AUC was {', '.join(parts)}; "
            f"{{scenario/chosen|text}} was kept. "
        )
    steps = metrics["design"]["selection"]["steps"]
    path = ", ".join(
        f"{{design/selection/steps/{k}/left|count}} ({item['step'].lower()})" for k, item in enumerate(steps)
    )
    yield f"Its features dwindled from {path} to {{design/selection/selected|count}} in the Rad-score"
    around = metrics["design"]["selection"]["peritumoral"]
    ringed = around and "+" in scenario["chosen"]
    yield ", {design/selection/peritumoral|count} of them peritumoral. " if ringed else ". "
    internal = metrics["internal_validation"]
    if internal is not None and internal["scenario_chosen"]:
        yield (
            "In the resamples, {scenario/chosen|text} was chosen in "
            f"{{internal_validation/scenario_chosen/{scenario['chosen']}|count}} of "
            "{internal_validation/resamples|count}. "
        )
    if internal is not None and internal["feature_stability"] is not None:
        yield (
            "The stability of the selection (Nogueira's index; one is perfect, zero is chance) was "
            "{internal_validation/feature_stability|interval}."
        )


def _models(contents: ReportContents, metrics: Mapping[str, Any]) -> Iterator[str]:
    retained = metrics["clinical_retained"]
    if contents.nomogram is None:
        yield "No predictor was retained, so there is no combined model."
        return
    if metrics["design"]["clinical"]["candidates"]:
        some = "Of the clinical candidates, {design/clinical/retained|list} entered the combined model. "
        yield some if retained else "No clinical candidate entered the combined model. "
    tests = metrics["further"]["regression"]["combined"] if metrics["further"]["regression"] else []
    for at, item in enumerate(tests):
        if item["variable"]["kind"] == "continuous" and not item["variable"]["knots"] and item["rows"]:
            place = f"further/regression/combined/{at}"
            yield (
                f"The odds ratio of {{{place}/variable/label|text}} was {{{place}/rows/0/odds_ratio|d2}} "
                f"({{design/confidence_percent|count}}% CI {{{place}/rows/0/lower|d2}} to {{{place}/rows/0/upper|d2}}; "
                f"{{{place}/p|p}}) per unit. "
            )


def _validation(contents: ReportContents, metrics: Mapping[str, Any]) -> Iterator[str]:
    model = main_model(contents)
    if model is None:
        return
    name = model.name
    for item in model.cohorts:
        place = f"models/{name}/{item.cohort}"
        apparent = " (apparent)" if item.cohort == "train" else ""
        yield (
            f"In the {cohort_label(item.cohort).lower()} cohort the AUC of the {name.lower()} was "
            f"{{{place}/auc|auc}}{apparent}; at the "
            f"frozen cut-off of {{{place}/at_cutoff/cutoff|d3}}, sensitivity was "
            f"{{{place}/at_cutoff/sensitivity|share}} and "
            f"specificity {{{place}/at_cutoff/specificity|share}}; the calibration slope was "
            f"{{{place}/calibration/slope|interval}}, "
            f"the intercept {{{place}/calibration/intercept|interval}} and the Brier score "
            f"{{{place}/calibration/brier|d3}}. "
        )
    internal = metrics["internal_validation"]
    if internal is not None and name in internal["models"] and internal["models"][name]["auc"]["n_used"]:
        place = f"internal_validation/models/{name}/auc"
        yield (
            f"Corrected for optimism, the training AUC was {{{place}/estimate_632_plus|d3}} (apparent "
            f"{{{place}/apparent|d3}}, among the "
            f"patients not drawn {{{place}/out_of_bag|d3}}). "
        )
    judged = {item.cohort for item in model.cohorts[1:] or model.cohorts}
    for at, item in enumerate(metrics["delong"]):
        if item["cohort"] in judged and item["first"] == name:
            yield (
                f"In the {cohort_label(item['cohort']).lower()} cohort its AUC less that of the {item['second']} model "
                "was "
                f"{{delong/{at}|difference}} ({{delong/{at}/p|p}}). "
            )
    if metrics["further"]["nested"] is not None:
        yield "The nested cross-validation gave a mean AUC of {nested_auc|d3}."
