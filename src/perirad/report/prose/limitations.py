"""Limitations that the run itself knows, a sentence each, with the figures that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.prose.quotes import Passage, quoted
from perirad.report.text import cohort_label

__all__ = ["limitations"]

_FEW_EVENTS = 100
_APART = 5.0
_UNSTABLE = 0.75
_OFTEN = 0.8


def limitations(contents: ReportContents) -> list[Passage]:
    """Sentences, those about the data first; empty only where the run knows of none."""
    metrics = contents.metrics
    return [
        quoted(template, metrics)
        for template in (
            *_images(contents, metrics),
            *_patients(contents, metrics),
            *_models(metrics),
            *_drift(contents),
        )
    ]


def _images(contents: ReportContents, metrics: Mapping[str, Any]) -> Iterator[str]:
    design = metrics["design"]
    if contents.kind == "simulated":
        yield "The cohort is simulated; the figures show what the method does, and say nothing about patients."
    if design["preset"] is not None:
        yield (
            "{design/preset/assumed|count} choices of the preset {design/preset/name|text} are assumptions, "
            "because its publication "
            "does not state them."
        )
    if metrics["calibration"]["assumed"]:
        yield (
            "The pixel spacing of {calibration/assumed|count} of {calibration/images|count} images was assumed, so "
            "that the ring "
            "widths are known in pixels, not in millimetres."
        )
    if contents.images:
        for name, lost in design["regions"]["lost"].items():
            if lost["beyond_limit"]:
                yield (
                    f"In {{design/regions/lost/{name}/beyond_limit|count}} of {{design/cases|count}} images more than "
                    f"{{design/regions/limit_percent|limit}} of {name} was not in the picture; its features "
                    "describe what is left."
                )
    if design["cases"] > design["patients"]:
        yield (
            "{design/cases|count} images are of {design/patients|count} patients; intervals treat images as "
            "independent and are too "
            "narrow."
        )


def _patients(contents: ReportContents, metrics: Mapping[str, Any]) -> Iterator[str]:
    design = metrics["design"]
    if design["clinical"]["cases_with_gaps"]:
        yield "{design/clinical/cases_with_gaps|count} cases lacked a clinical value, which was imputed."
    if design["centres"] == 1:
        yield "All patients are of one centre; how the model does elsewhere is not known."
    if list(design["cohorts"]) == ["train"]:
        yield "There is no cohort beside the training cohort."
    for name, cohort in design["cohorts"].items():
        if name != "train" and min(cohort["events"], cohort["nonevents"]) < _FEW_EVENTS:
            fewer = "events" if cohort["events"] <= cohort["nonevents"] else "nonevents"
            word = "with" if fewer == "events" else "without"
            yield (
                f"The {cohort_label(name).lower()} cohort has {{design/cohorts/{name}/{fewer}|count}} patients {word} "
                "the event, too "
                "few to judge calibration closely."
            )
    train = design["cohorts"].get("train")
    for name, cohort in design["cohorts"].items():
        if train is not None and name != "train" and abs(cohort["events_percent"] - train["events_percent"]) > _APART:
            yield (
                f"The event was present in {{design/cohorts/train/events_percent|percent}} of the training and "
                f"{{design/cohorts/{name}/events_percent|percent}} of the {cohort_label(name).lower()} patients; "
                "predictive values "
                "hold for such prevalences only."
            )


def _models(metrics: Mapping[str, Any]) -> Iterator[str]:
    for at, item in enumerate(metrics["further"]["needed"]):
        if item["n"] < item["size"]["n"]:
            yield (
                f"For {{further/needed/{at}/n_parameters|count}} candidate parameters ({item['candidates']}) "
                "the criteria of Riley "
                f"and others ask for {{further/needed/{at}/size/n|count}} training patients; there are "
                f"{{further/needed/{at}/n|count}}."
            )
    internal = metrics["internal_validation"]
    if internal is not None:
        chosen, counts = metrics["scenario"]["chosen"], internal["scenario_chosen"]
        fitted = sum(counts.values())
        if len(counts) > 1 and fitted and counts.get(chosen, 0) < _OFTEN * fitted:
            yield (
                f"The choice of {{scenario/chosen|text}} is uncertain: it was chosen in "
                f"{{internal_validation/scenario_chosen/{chosen}|count}} "
                "of {internal_validation/resamples|count} resamples."
            )
        stability = internal["feature_stability"]
        if stability is not None and stability["estimate"] < _UNSTABLE:
            yield (
                "The selected features are not stable: Nogueira's index is "
                "{internal_validation/feature_stability/estimate|d2}, where "
                "one is perfect."
            )
        if internal["mean_absolute_change_of_risk"]:
            yield (
                "From resample to resample a patient's risk moves by "
                "{internal_validation/mean_absolute_change_of_risk|d2} on average."
            )


def _drift(contents: ReportContents) -> Iterator[str]:
    """What the main model loses outside training."""
    model = main_model(contents)
    if model is None:
        return
    name = model.name
    for item in model.cohorts:
        if item.cohort == "train":
            continue
        slope, intercept = item.calibration.slope, item.calibration.intercept
        place, cohort = f"models/{name}/{item.cohort}/calibration", cohort_label(item.cohort).lower()
        if slope.upper < 1:
            yield f"Predictions are too extreme in the {cohort} cohort: calibration slope {{{place}/slope|interval}}."
        if slope.lower > 1:
            yield (
                f"Predictions are not spread enough in the {cohort} cohort: calibration slope "
                f"{{{place}/slope|interval}}."
            )
        if intercept.lower > 0 or intercept.upper < 0:
            way = "low" if intercept.lower > 0 else "high"
            yield f"Risks are too {way} in the {cohort} cohort: calibration intercept {{{place}/intercept|interval}}."
        fall = model.cohorts[0].auc.estimate - item.auc.estimate
        if model.cohorts[0].cohort == "train" and fall > _APART / 100:
            yield (
                f"The AUC falls from {{models/{name}/train/auc/estimate|d2}} in training to "
                f"{{models/{name}/{item.cohort}/auc/estimate|d2}} in the {cohort} cohort."
            )
