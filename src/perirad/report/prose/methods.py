"""Methods, as a paper would say them, from the settings and records of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from perirad.report.contents import ReportContents
from perirad.report.prose.quotes import Passage, quoted

__all__ = ["methods"]

_TESTS = {"mann-whitney": "the Mann-Whitney test", "t-test": "Student's t test", "welch": "Welch's t test"}
_CUTOFFS = {
    "youden": "by Youden's index",
    "closest": "as the point of the ROC curve closest to the corner",
    "sensitivity": "as the best with a sensitivity of at least {design/validation/at_least_percent|limit}",
    "specificity": "as the best with a specificity of at least {design/validation/at_least_percent|limit}",
}
_SOURCES = {
    "dicom-region": "the calibrated region of the DICOM file",
    "dicom-pixel-spacing": "the pixel spacing of the DICOM file",
    "header": "the image file",
    "stated": "the table of cases",
    "ruler": "the ruler in the picture",
    "calipers": "two points of known distance",
    "depth": "the depth of the picture",
    "assumed": "an assumption",
}
_SPLITS = {
    "random": (
        "divided at random, by patient and stratified by outcome, into a training "
        "({design/split/train_percent|count}%) and a test cohort ({design/split/test_percent|count}%)"
    ),
    "centre": "divided by centre; patients of {design/split/test_centres|list} formed the test cohort",
    "cohort": "divided into cohorts as laid down beforehand in the table of cases",
}


def methods(contents: ReportContents) -> dict[str, list[Passage]]:
    """Paragraphs by heading; a sentence stands only where the run did what it says."""
    metrics = contents.metrics
    found = {
        "Study population": _population(contents),
        "Images and regions": _regions(metrics["design"]) if contents.images else iter(()),
        "Features": _features(metrics["design"]) if contents.scenarios else iter(()),
        "Selection and Rad-score": _score(metrics["design"]) if contents.scenarios else iter(()),
        "Clinical and combined models": _models(contents, metrics["design"]),
        "Performance and validation": _validation(contents, metrics),
        "Software": _software(contents),
    }
    filled = {head: [quoted(template, metrics) for template in templates] for head, templates in found.items()}
    return {head: passages for head, passages in filled.items() if passages}


def _population(contents: ReportContents) -> Iterator[str]:
    design = contents.metrics["design"]
    if contents.kind == "simulated":
        yield "The cohort was simulated: no patient is behind any figure of this report. "
    if design["preset"] is not None:
        yield (
            "The design is that of the preset {design/preset/name|text}; {design/preset/assumed|count} choices that "
            "its "
        )
        yield "publication does not state are assumed, and marked so in the table of settings. "
    unit = "image" if contents.images else "row"
    yield f"The table of cases held {{design/table_rows|count}} {unit}s; {{design/excluded|count}} were excluded, "
    places = [f"design/exclusions/{at}" for at in range(len(design["exclusions"]))]
    reasons = "; ".join(f"{{{place}/reason|text}}: {{{place}/n|count}}" for place in places)
    yield f"for the reasons that the patient flow gives ({reasons}). " if reasons else "as the patient flow shows. "
    yield "The outcome was {outcome/label|text}, with {outcome/event_label|text} as the event. "
    if contents.metrics["outcome"]["rule"] == "her2-low":
        yield (
            "It was derived from immunohistochemistry (IHC) and in situ hybridisation by the rules of the ASCO/CAP "
            "guideline. "
        )
    yield f"The patients were {_SPLITS[design['split']['by']]}. "
    yield (
        "Everything that was learnt was learnt from the training cohort alone; each other cohort was met once, by "
        "models frozen before."
    )


def _regions(design: Mapping[str, Any]) -> Iterator[str]:
    images, regions = design["images"], design["regions"]
    assumed = images["sources"].get("assumed", 0)
    if assumed == sum(images["sources"].values()):
        yield "No image told its pixel spacing. {calibration/note|text} "
    else:
        sources = ", ".join(
            f"{_SOURCES.get(name, name)} ({{design/images/sources/{name}|count}} images)" for name in images["sources"]
        )
        yield f"Millimetres came from {sources}; "
        yield "the median pixel measured {design/images/spacing_mm/median|number} mm. "
    if 0 < assumed < sum(images["sources"].values()):
        yield "{calibration/note|text} "
    yield "The outlined lesion was the intratumoral region (I). "
    unit = "mm of the assumed spacing" if assumed else "mm"
    to = "the centre of the nearest lesion pixel" if regions["measure"] == "centre" else "the outline of the lesion"
    yield (
        f"Peritumoral rings held the pixels within {{design/regions/widths_mm|list}} {unit} of it, by Euclidean "
        "distance "
        f"to {to}, "
        "inside the field of view. "
    )
    if regions["further"]:
        yield "Further regions were {design/regions/further|list}. "
    if regions["exclude"]:
        yield "Pixels of these kinds were left out of all regions: {design/regions/exclude|list}. "
    what = {
        "keep": "was flagged and kept",
        "drop ring": "led to the ring's or the case's exclusion",
        "drop case": "led to exclusion",
    }
    yield f"A ring of which more than {{design/regions/limit_percent|limit}} was lost {what[regions['on_loss']]}."


def _features(design: Mapping[str, Any]) -> Iterator[str]:
    features = design["features"]
    if features["source"] == "table":
        yield (
            "{design/features/total|count} features were taken from a table; how they were measured is not known to "
            "this report."
        )
        return
    whose = {
        "ibsi": "of the Image Biomarker Standardisation Initiative (IBSI)",
        "pyradiomics": (
            "of PyRadiomics, which are those of the Image Biomarker Standardisation Initiative (IBSI) with known "
            "exceptions"
        ),
    }[features["definitions"]]
    yield f"{{design/features/per_region|count}} features of each region were measured by the definitions {whose}, "
    yield "from these images: {design/features/filters|list}"
    yield " (standard deviations {design/features/log_sigma_mm|list} mm)" if features["log_sigma_mm"] else ""
    if features["responses"]:
        yield ", and {design/features/responses|count} filter responses by IBSI's second chapter"
    yield "; {design/features/total|count} in all. "
    if features["bin_width"] is not None:
        yield "Grey values were discretised in bins of a fixed width of {design/features/bin_width|number}. "
    else:
        yield "Grey values were discretised in {design/features/bin_count|count} bins within each region. "
    if features["resample_mm"] is None:
        yield "Images were not resampled."
    else:
        yield "Images were resampled to {design/features/resample_mm|number} mm per pixel."


def _score(design: Mapping[str, Any]) -> Iterator[str]:
    selection = design["selection"]
    if design["harmonisation"] == "combat":
        yield (
            "Differences between centres were taken out of the features by ComBat, learnt in each fit from its "
            "training rows. "
        )
    steps = ["features that were undefined or constant in training were dropped"]
    if any(item["step"] == "Reliable between readers" for item in selection["steps"]):
        steps.append(
            "those with an intraclass correlation between two readers below {design/selection/icc|number} were dropped"
        )
    if selection["test"] != "none":
        steps.append(
            f"features were screened by {_TESTS[selection['test']]} (P < "
            f"{{design/selection/alpha|number}}{_adjusted(selection)})"
        )
    if selection["correlation"] < 1:
        steps.append(
            f"of each pair with a {selection['correlation_method'].capitalize()} correlation above "
            f"{{design/selection/correlation|number}} one was dropped"
        )
    if selection["mrmr"]:
        steps.append("at most {design/selection/mrmr|count} were kept by minimum redundancy and maximum relevance")
    if selection["stability"]:
        steps.append(
            "those selected in less than a share of {design/selection/stability|number} of halves of the patients "
            "were dropped"
        )
    yield "In this order: " + "; ".join(steps) + "; what was left was standardised. "
    kind = "logistic LASSO" if selection["mixing"] == 1 and selection["loss"] == "logistic" else "elastic net"
    if selection["loss"] == "squared":
        kind = "LASSO by least squares on the label"
    yield (
        f"The Rad-score is the linear predictor of a {kind}, its penalty chosen by cross-validation in "
        f"{{design/selection/folds|count}} folds ({{design/selection/rule|text}}). "
    )
    if design["score"]["scenarios"] > 1:
        yield (
            "The {design/score/scenarios|count} scenarios were compared by the mean AUC of cross-validation inside the "
            "training cohort "
            "({design/score/folds|count} folds, {design/score/repeats|count} repeats, the whole selection repeated in "
            "each fold), and the best one was kept; the other cohorts had no say in it. "
        )
    if design["score"]["training_score"] == "cross-fitted":
        yield (
            "Downstream models were fitted on cross-fitted Rad-scores: each training patient's score came from fits "
            "that had not seen the patient."
        )


def _adjusted(selection: Mapping[str, Any]) -> str:
    return "" if selection["adjustment"] == "none" else f", adjusted by {selection['adjustment']}"


def _models(contents: ReportContents, design: Mapping[str, Any]) -> Iterator[str]:
    clinical = design["clinical"]
    if clinical["candidates"]:
        yield "Clinical candidates were {design/clinical/labels|list}. "
        yield {
            "all": "All of them entered, without a choice by P. ",
            "multivariable": (
                "Those with P < {design/clinical/alpha|number} alone and again together entered, as such studies do; "
                "a choice by P makes a model less sure of itself than it looks. "
            ),
            "backward": "They were reduced backward by Akaike's information criterion. ",
        }[clinical["keep"]]
        if clinical["missing"] == "impute" and clinical["cases_with_gaps"]:
            yield (
                "Missing values ({design/clinical/cases_with_gaps|count} cases) were imputed "
                "{design/clinical/imputations|count} times by "
                "chained equations, and the models pooled by Rubin's rules; other cohorts were filled by a rule "
                "frozen in training. "
            )
        elif clinical["missing"] == "exclude":
            yield "Patients with a missing clinical value were excluded and counted. "
    if contents.nomogram is not None:
        how = {"ridge": "ridge regression", "firth": "Firth's penalised likelihood"}.get(
            clinical["model"], "logistic regression"
        )
        yield f"The combined model was fitted by {how} and is shown as a nomogram. "
    yield f"Cut-offs were found in the training cohort {_CUTOFFS[design['validation']['cutoff']]}, and frozen."


def _validation(contents: ReportContents, metrics: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "Discrimination is given as area under the ROC curve (AUC) with DeLong's {design/confidence_percent|count}% "
        "interval and DeLong's test, "
    )
    yield (
        "calibration as slope, intercept and Brier score with a smooth curve, and clinical usefulness as net benefit "
        "over threshold probabilities. "
    )
    if metrics["design"]["validation"]["thresholds_percent"] is not None:
        yield (
            "Threshold probabilities of {design/validation/thresholds_percent|list} percent bound those that make "
            "sense for the decision. "
        )
    if metrics["internal_validation"] is not None:
        yield (
            "Training figures were corrected for optimism in {internal_validation/resamples|count} bootstrap "
            "resamples of the "
            "training patients, with scaling, selection, choice of the scenario and both models repeated in each; the "
            "corrected "
            "estimate is that of Efron and Tibshirani. "
        )
    if metrics["further"]["nested"] is not None:
        yield (
            "The whole development was also repeated in a nested cross-validation of {further/nested/n_folds|count} "
            "outer folds. "
        )
    if metrics["further"]["centres"] is not None:
        yield "Every training centre was left out in turn and predicted by what the others taught. "
    yield "Shares have Wilson's intervals. No P was corrected for multiple comparisons."


def _software(contents: ReportContents) -> Iterator[str]:
    yield (
        "All steps were done with perirad {versions/perirad|text} (Python {versions/Python|text}, numpy "
        "{versions/numpy|text}, SciPy {versions/scipy|text}); random seed {design/seed|whole}."
    )
