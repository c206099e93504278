"""Answers about images, features, models and their evaluation."""

from __future__ import annotations

from perirad.report.checklists.records import Answer
from perirad.report.contents import ReportContents

__all__ = ["evidence_of_models"]


def evidence_of_models(contents: ReportContents) -> dict[str, Answer]:
    """Answers by key."""
    return {**_images(contents), **_features(contents), **_models(contents), **_sharing(contents)}


def _images(contents: ReportContents) -> dict[str, Answer]:
    if not contents.images:
        none = Answer("n/a", "Features come from a table." if contents.scenarios else "No images.")
        keys = (
            "segmentation",
            "test_masks",
            "preprocessing",
            "resampling",
            "discretisation",
            "image_types",
            "mask",
            "spacing",
            "modality",
            "roi",
            "conversion",
            "interpolated",
            "resegmentation",
            "frames",
            "local",
        )
        return dict.fromkeys(keys, none)
    design = contents.metrics["design"]
    features = design["features"]
    resampled = features["resample_mm"] is not None
    width = (
        f"fixed bin width {features['bin_width']:g}"
        if features["bin_width"] is not None
        else f"{features['bin_count']} bins"
    )
    known = not contents.lengths.assumed
    return {
        "segmentation": Answer(
            "partly", "Methods: outlined lesion, rings made from it in mm. Authors: how it was outlined."
        ),
        "test_masks": Answer("yes" if not contents.agreement else "partly", "One outline for each case was used."),
        "preprocessing": Answer("yes", "Methods: no normalisation; exclusions and filters as in table Settings."),
        "resampling": Answer(
            "yes",
            f"Resampled to {features['resample_mm']:g} mm per pixel."
            if resampled
            else "Images were not resampled; spacings in table Image acquisition.",
        ),
        "discretisation": Answer("yes", f"{width[0].upper()}{width[1:]}, for each region and filtered image."),
        "image_types": Answer(
            "yes",
            f"{', '.join(features['filters'])}{', and responses of IBSI filters' if features['responses'] else ''}.",
        ),
        "mask": Answer("yes", "Pixel masks; a pixel belongs to a region by its centre."),
        "spacing": Answer(
            "yes" if known else "partly",
            "Tables Image acquisition and Where the pixel spacing came from." if known else contents.lengths.note,
        ),
        "modality": Answer("yes", "B-mode ultrasound."),
        "roi": Answer("partly", "Lesion and its surroundings. Authors: organ and view."),
        "conversion": Answer(
            "yes", "Colour pictures are read as grey values; DICOM by its photometric interpretation."
        ),
        "interpolated": Answer(
            "yes" if resampled else "n/a",
            "Bilinear, grid aligned by centres." if resampled else "Images were not resampled.",
        ),
        "resegmentation": Answer(
            "yes",
            "None, but for what [regions] exclude names."
            if features["definitions"] == "pyradiomics"
            else "As in table Settings (features.ibsi).",
        ),
        "frames": Answer("yes", "Still pictures; the frame used is in quality.csv."),
        "local": Answer("yes", "Table Regions and what they lost; Figure Regions and what they lost."),
    }


def _features(contents: ReportContents) -> dict[str, Answer]:
    if not contents.scenarios:
        keys = (
            "extraction",
            "classes",
            "n_features",
            "defaults",
            "reliability",
            "scaling",
            "reduction",
            "nonrobust",
            "redundant",
            "dimension",
            "ibsi",
            "software",
            "texture",
            "feature_stats",
        )
        return dict.fromkeys(keys, Answer("n/a", "The study has no radiomic features."))
    design = contents.metrics["design"]
    features, selection = design["features"], design["selection"]
    read = bool(contents.agreement)
    steps = ", ".join(f"{item['step'].lower()} {item['left']}" for item in selection["steps"])
    measured = features["source"] == "images"
    by = {"ibsi": "IBSI's definitions", "pyradiomics": "PyRadiomics' definitions"}[features["definitions"]]
    few = min(contents.cohorts[0].n_events, contents.cohorts[0].n_patients - contents.cohorts[0].n_events)
    kept = selection["selected"]
    return {
        "extraction": Answer(
            "yes" if measured else "authors",
            f"perirad {contents.versions.get('perirad', '')}, {by} (Methods)."
            if measured
            else "Authors: how the features of the table were measured.",
        ),
        "classes": Answer(
            "yes" if contents.insight.counts else "partly",
            "Table Features through the selection." if contents.insight.counts else "Column names of the table.",
        ),
        "n_features": Answer("yes", f"{features['total']} in all; {steps}; {kept} selected."),
        "defaults": Answer("yes", "Table Settings: every setting in force, defaults included."),
        "reliability": Answer(
            "yes" if read else "no",
            "Table and Figure Agreement of two readers." if read else "Not done: no second outlines.",
        ),
        "nonrobust": Answer(
            "yes" if read and selection["icc"] else "no",
            f"Features with an ICC below {selection['icc']:g} are dropped."
            if read and selection["icc"]
            else "Not done: no second outlines.",
        ),
        "redundant": Answer(
            "yes" if selection["correlation"] < 1 or selection["mrmr"] else "partly",
            f"Correlation above {selection['correlation']:g}; then the LASSO."
            if selection["correlation"] < 1
            else "By the LASSO.",
        ),
        "dimension": Answer(
            "yes" if kept * 10 <= few else "no",
            (
                f"{kept} selected features for {few} training patients of the rarer class; {features['total']} were "
                "offered."
            ),
        ),
        "scaling": Answer("yes", "Standardised by mean and deviation of the training patients."),
        "reduction": Answer("yes", f"Methods; Figure From all features to those selected ({steps}, selected {kept})."),
        "ibsi": Answer(
            "yes" if measured else "authors",
            "perirad's features are tested against the IBSI reference values."
            if measured
            else "Authors: of the software used.",
        ),
        "software": Answer("yes", "Table Versions of the programs used."),
        "texture": Answer(
            "yes",
            "Table Settings; distance 1, four directions, averaged; definitions in the documentation."
            if measured
            else "Features of a table.",
        ),
        "feature_stats": Answer(
            "yes",
            (
                "Tables Features of the Rad-score and Features through the selection; Figure Correlation of the "
                "selected "
                "features."
            ),
        ),
    }


def _models(contents: ReportContents) -> dict[str, Answer]:
    metrics = contents.metrics
    further, internal = metrics["further"], metrics["internal_validation"]
    harmonised = metrics["design"]["harmonisation"] != "none"
    compared = any(item.name == "Clinical" for item in contents.models) and len(contents.models) > 2
    corrected = (
        (
            f"Table Training figures, corrected for optimism: {internal['resamples']} resamples, the whole selection "
            "repeated."
        )
        if internal
        else "No correction for optimism."
    )
    cohorts = metrics["design"]["cohorts"]
    return {
        "guidelines": Answer("yes", "These checklists."),
        "algorithm": Answer(
            "yes", "Methods: penalised logistic regression, logistic regression, nomogram; table Formulas."
        ),
        "tuning": Answer("yes", "Methods; Figure Path of the LASSO and its cross-validation; table Settings."),
        "confounders": Answer(
            "yes" if harmonised else "partly",
            "ComBat for centres."
            if harmonised
            else "Clinical variables in the combined model; centres are not harmonised.",
        ),
        "model_choice": Answer(
            "yes",
            "Scenario chosen by cross-validation inside training (Figure Width profile)."
            if len(contents.scenarios) > 1
            else "One model, fixed beforehand.",
        ),
        "leak": Answer("yes", "All fitting, selection, scaling and cut-offs from training rows alone."),
        "optimism": Answer("yes" if internal else "no", corrected),
        "metrics": Answer(
            "yes", "AUC, sensitivity, specificity, predictive values, calibration, Brier score, net benefit (Methods)."
        ),
        "uncertainty": Answer("yes", "95% intervals throughout; bands of calibration and decision curves."),
        "calibration": Answer("yes", "Figure and table Calibration."),
        "utility": Answer("yes", "Figure Decision curves, table Net benefit."),
        "comparison": Answer(
            "yes" if contents.comparisons else "no",
            "Tables DeLong's test for every pair of models and Models at their cut-offs."
            if contents.comparisons
            else "One model only.",
        ),
        "nonradiomic": Answer(
            "yes" if compared else "no",
            "Clinical model beside Rad-score and nomogram; table What the nomogram adds."
            if compared
            else "No clinical model to compare with.",
        ),
        "simple": Answer("yes", "Logistic regression and LASSO are the classical models."),
        "interpret": Answer(
            "yes" if contents.insight.contributions else "partly",
            "Figures What adds up to the risk of two patients, Where selected features come from, Nomogram."
            if contents.insight.contributions
            else "Formulas.",
        ),
        "performance": Answer("yes", "Table Performance of the models, in every cohort."),
        "subgroups": Answer(
            "yes" if contents.insight.subgroups else "no",
            "Figure Performance in subgroups." if contents.insight.subgroups else "None.",
        ),
        "heterogeneity": Answer(
            "yes" if further["centres"] is not None else "partly" if metrics["design"]["centres"] > 1 else "n/a",
            "Table Leaving one centre out."
            if further["centres"] is not None
            else "Figure Performance in subgroups (centres)."
            if metrics["design"]["centres"] > 1
            else "One centre.",
        ),
        "updating": Answer("n/a", "The model was not updated after its evaluation."),
        "specification": Answer("yes", "Table Formulas; model.json holds the whole model."),
        "output": Answer("yes", "Probability; one cut-off, frozen in training (table Performance)."),
        "evaluation_calc": Answer("yes", "perirad score model.json IMAGE OUTLINE, and the nomogram of this report."),
        "limitations": Answer("yes", "Limitations that the run knows. Authors: those it cannot know."),
        "instability": Answer(
            "yes" if contents.instability else "no",
            "Figure Stability of the predicted risks." if contents.instability else "No resamples.",
        ),
        "handled": Answer("yes", "Numbers stay numbers; categories as in table Settings."),
        "complexity": Answer("partly" if internal else "no", f"Penalised selection, cross-fitted scores. {corrected}"),
        "test_events": Answer(
            "yes"
            if all(min(c["events"], c["nonevents"]) >= 100 for n, c in cohorts.items() if n != "train")
            and len(cohorts) > 1
            else "no",
            "; ".join(
                f"{n}: {c['events']} with, {c['nonevents']} without the event"
                for n, c in cohorts.items()
                if n != "train"
            )
            or "no other cohort",
        ),
    }


def _sharing(contents: ReportContents) -> dict[str, Answer]:
    return {
        "share_features": Answer(
            "partly", "features.parquet can be shared. Authors: where." if contents.scenarios else "No features."
        ),
        "share_settings": Answer("yes", "study.toml and table Settings: share them with the paper."),
        "share_code": Answer("yes", "perirad is open source (BSD-3-Clause)."),
        "share_model": Answer("partly", "model.json is the whole model. Authors: where it can be had."),
        "share_system": Answer(
            "partly", "The nomogram of report.html and perirad score are ready to use. Authors: where."
        ),
    }
