"""The files under `results/` that people and scripts rely on."""

from __future__ import annotations

import dataclasses
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from perirad.study.cohort import COHORTS
from perirad.study.design import design_of
from perirad.study.evaluation import radscore_name
from perirad.study.provenance import provenance, versions
from perirad.study.readers import reader_agreement
from perirad.study.store import write_bytes, write_csv, write_json, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perirad.report.contents import CohortPerformance
    from perirad.study.extraction import CaseQuality
    from perirad.study.records import Analysed, Fitted, Validated
    from perirad.study.settings import Study

__all__ = [
    "metrics",
    "performance_summary",
    "up_to_date",
    "write_extraction",
    "write_model",
    "write_provenance",
    "write_validation",
]

_FILES = (
    "features.parquet",
    "model.json",
    "predictions.csv",
    "metrics.json",
    "quality.csv",
    "report.html",
    "report.docx",
    "provenance.json",
)


def up_to_date(study: Study, digest: str) -> bool:
    """Whether the results on disk are complete and made from the same inputs."""
    if any(not (study.results / name).is_file() for name in _FILES):
        return False
    try:
        known = json.loads((study.results / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and known.get("analysis_sha256") == digest


def write_extraction(analysed: Analysed) -> None:
    """Write `features.parquet` (index case_id) and `quality.csv` (a row for every row of the table)."""
    stream = io.BytesIO()
    # Hardly a feature value occurs twice: looking for repetitions takes longer than writing, and saves no space.
    frame = analysed.features.table.to_pandas()
    lengths = analysed.lengths()
    if lengths.assumed:
        frame.attrs["lengths"] = lengths.note
    frame.to_parquet(stream, use_dictionary=False)
    write_bytes(analysed.study.results / "features.parquet", stream.getvalue())
    write_second(analysed)
    write_quality(analysed)


def write_second(analysed: Analysed) -> None:
    """Write `features_2.parquet`, the features by the second reader's outlines, where there are any."""
    place, second = analysed.study.results / "features_2.parquet", analysed.features.second
    if second is None:
        place.unlink(missing_ok=True)
        return
    stream = io.BytesIO()
    second.to_pandas().to_parquet(stream, use_dictionary=False)
    write_bytes(place, stream.getvalue())


def write_quality(analysed: Analysed) -> None:
    """Write `quality.csv`: calibration, areas, share of every ring lost by cause, and who was excluded and why."""
    regions = analysed.study.settings.regions.names
    header = [
        *("case_id", "patient_id", "status", "reason", "detail", "cohort", "calibration", "calibration_detail"),
        *("decoder", "frame"),
        *("spacing_row_mm", "spacing_column_mm", "image_rows", "image_columns", "lesion_area_mm2"),
        *(f"{region}_pixels" for region in regions),
        *(f"{region}_lost_percent" for region in regions),
        "lost_by_cause",
        "flagged",
    ]
    limit = analysed.study.settings.regions.max_lost_fraction
    patient = {case.case_id: case.patient_id for case in analysed.cases}
    rows: list[Sequence[object]] = []
    for item in analysed.features.quality:
        if item.case_id in patient:
            head = (item.case_id, patient[item.case_id], "analysed", "", "", analysed.cohorts[item.case_id])
            rows.append([*head, *_quality_cells(item, regions, limit)])
    blank = [""] * (len(header) - 6)
    if not analysed.features.quality:  # features of a table: nothing was looked at
        rows += [
            [case_id, patient_id, "analysed", "", "", analysed.cohorts[case_id], *blank]
            for case_id, patient_id in patient.items()
        ]
    rows += [
        [item.case_id, item.patient_id, "excluded", item.reason, item.detail, "", *blank]
        for item in analysed.exclusions
    ]
    write_csv(analysed.study.results / "quality.csv", header, rows)


def _quality_cells(item: CaseQuality, regions: Sequence[str], limit: float) -> list[object]:
    lost = {region: sum(item.lost[region].values()) for region in regions}
    causes = "; ".join(
        f"{region} {cause} {100 * share:.1f} %"
        for region in regions
        for cause, share in item.lost[region].items()
        if share > 0
    )
    return [
        item.calibration,
        item.calibration_detail,
        item.decoder,
        item.frame,
        *item.spacing_mm,
        *item.shape,
        item.lesion_area_mm2,
        *(item.n_pixels[region] for region in regions),
        *(100.0 * lost[region] for region in regions),
        causes,
        "yes" if max(lost.values()) > limit else "no",
    ]


def write_model(fitted: Fitted) -> None:
    """Write `model.json`; from here on the results are incomplete, so their seal, `provenance.json`, goes first."""
    (fitted.analysed.study.results / "provenance.json").unlink(missing_ok=True)
    write_text(fitted.analysed.study.results / "model.json", fitted.model.save_text())


def write_validation(validated: Validated) -> None:
    """Write `predictions.csv` and `metrics.json`; the cases left out since extraction are added to `quality.csv`."""
    analysed = validated.fitted.analysed
    write_quality(analysed)
    write_predictions(validated)
    write_instability(validated)
    write_json(analysed.study.results / "metrics.json", metrics(validated))


def write_predictions(validated: Validated) -> None:
    """Write `predictions.csv`, a row per analysed case, numbers with all their digits."""
    analysed, predictions = validated.fitted.analysed, validated.predictions
    scores, development = predictions.scores, validated.fitted.development
    scenarios = list(predictions.radscores)
    cutoff = development.cutoffs.get("combined", development.prevalence)
    crossed = dict(zip(_training_ids(analysed), development.cross.scores[development.chosen], strict=True))
    header = [
        *("case_id", "patient_id", "centre", "cohort", "outcome"),
        *(f"radscore_{name}" for name in scenarios),
        *("radscore", "radscore_cross_fitted", "p_radscore", "p_clinical", "total_points", "linear_predictor"),
        *("probability", "probability_lower", "probability_upper", "positive", "calibration"),
    ]
    calibration = {item.case_id: item.calibration for item in analysed.features.quality}
    rows = []
    for i, case in enumerate(analysed.cases):
        rows.append(
            [
                *(case.case_id, case.patient_id, case.centre, analysed.cohorts[case.case_id], case.outcome),
                *(predictions.radscores[name][i] for name in scenarios),
                *(scores.radscore[i], crossed.get(case.case_id, ""), scores.p_radscore[i]),
                "" if scores.p_clinical is None else scores.p_clinical[i],
                *(predictions.total_points[i], scores.linear_predictor[i], scores.p_combined[i]),
                *(scores.lower[i], scores.upper[i], int(scores.p_combined[i] >= cutoff)),
                calibration.get(case.case_id, ""),
            ]
        )
    write_csv(analysed.study.results / "predictions.csv", header, rows)


def _training_ids(analysed: Analysed) -> Iterator[str]:
    return (case.case_id for case in analysed.cases if analysed.cohorts[case.case_id] == "train")


def performance_summary(item: CohortPerformance) -> dict[str, Any]:
    """Numbers of one model in one cohort, without its curves."""
    calibration = dataclasses.asdict(item.calibration)
    del calibration["curve"], calibration["groups"]
    return {
        "n": len(item.outcome),
        "n_events": int(item.outcome.sum()),
        "auc": dataclasses.asdict(item.auc),
        "at_cutoff": dataclasses.asdict(item.at_cutoff),
        "calibration": calibration,
    }


def metrics(validated: Validated) -> dict[str, Any]:
    """Content of `metrics.json`."""
    fitted = validated.fitted
    analysed, development = fitted.analysed, fitted.development
    settings, lengths = analysed.study.settings, analysed.lengths()
    return {
        "title": settings.title,
        "kind": settings.kind,
        "features_from": settings.features.source,
        "calibration": {
            "assumed": lengths.n_assumed,
            "images": lengths.n,
            "assumed_mm": lengths.assumed_mm,
            "note": lengths.note,
        },
        "outcome": settings.outcome.model_dump(mode="json"),
        "design": design_of(validated),
        "cases": {name: analysed.cohort_of_row.count(name) for name in COHORTS if name in analysed.cohort_of_row},
        "scenario": {
            "chosen": development.chosen,
            "chosen_by": "mean AUC of the held-out folds of cross-validation inside the training set",
            "cross_validated_auc": {name: aucs.mean() for name, aucs in development.cross.fold_aucs.items()},
            "cross_validated_auc_se": {
                name: aucs.std(ddof=1) / np.sqrt(len(aucs)) for name, aucs in development.cross.fold_aucs.items()
            },
            "features_selected": {name: len(fit.score.columns) for name, fit in development.scenarios.items()},
        },
        "clinical_retained": [variable.name for variable in development.retained],
        "radscore_odds_ratio_upper_against_lower_quartile": {
            name: dataclasses.asdict(item) for name, item in development.radscore_effects.items()
        },
        "models": {
            name: {item.cohort: performance_summary(item) for item in result.cohorts}
            for name, result in validated.evaluation.results.items()
        },
        "delong": [
            {"first": item.first, "second": item.second, "cohort": item.cohort, **dataclasses.asdict(item.test)}
            for item in validated.evaluation.comparisons
        ],
        "readers": readers(validated),
        "further": plain(validated.further),
        "nested_auc": None if validated.further.nested is None else float(np.mean(validated.further.nested.aucs)),
        "internal_validation": internal_validation(validated),
        "chosen_radscore": radscore_name(development.chosen),
        "notes": list(development.notes),
        "versions": versions(),
    }


def plain(record: Any) -> Any:
    """Return a record as JSON has it: tables and lists for records and arrays."""
    if dataclasses.is_dataclass(record):
        return {item.name: plain(getattr(record, item.name)) for item in dataclasses.fields(record)}
    if isinstance(record, np.ndarray):
        return record.tolist()
    if isinstance(record, (list, tuple)):
        return [plain(item) for item in record]
    if isinstance(record, Mapping):
        return {str(key): plain(value) for key, value in record.items()}
    return record


def readers(validated: Validated) -> dict[str, Any]:
    """Agreement of two readers by region, where training cases were outlined twice."""
    return {
        item.region: {
            "cases": item.n_cases,
            "features": item.n_features,
            "median_icc": float(np.median(item.correlations)) if item.correlations.size else None,
            "reliable": int((item.correlations >= item.limit).sum()),
        }
        for item in reader_agreement(validated.fitted.analysed)
    }


def internal_validation(validated: Validated) -> dict[str, Any] | None:
    """Training figures corrected for optimism; None when the bootstrap was switched off."""
    if validated.internal is None:
        return None
    figures, spread = validated.internal.figures, validated.internal.spread
    return {
        "method": "bootstrap of the training patients, with the whole selection repeated in every resample",
        "resamples": figures.n_resamples,
        "failed": len(figures.failures),
        "failures": dict(Counter(figures.failures)),
        "models": {
            name: {measure: dataclasses.asdict(item) for measure, item in measures.items()}
            for name, measures in figures.models.items()
        },
        "net_benefit": plain(figures.benefit),
        "scenario_chosen": dict(figures.chosen),
        "clinical_retained": dict(figures.retained),
        "feature_selected_share": dict(figures.selected),
        "feature_stability": None if figures.stability is None else dataclasses.asdict(figures.stability),
        "mean_absolute_change_of_risk": None if spread is None else spread.mean_mape,
    }


def write_instability(validated: Validated) -> None:
    """Write `instability.csv`: how far each training patient's risk moved from resample to resample."""
    analysed = validated.fitted.analysed
    place = analysed.study.results / "instability.csv"
    if validated.internal is None or validated.internal.spread is None:
        place.unlink(missing_ok=True)
        return
    spread = validated.internal.spread
    columns = (spread.original, spread.lower, spread.upper, spread.mape, spread.flipped)
    header = ("case_id", "probability", "lower", "upper", "mean_absolute_change", "share_other_side_of_cutoff")
    rows = [(case, *numbers) for case, *numbers in zip(_training_ids(analysed), *columns, strict=True)]
    write_csv(place, header, rows)


def write_provenance(validated: Validated) -> None:
    """Write `provenance.json`, last: its digest says that everything before it is complete."""
    analysed = validated.fitted.analysed
    content = provenance(analysed) | {"analysis_sha256": validated.fitted.model.file.provenance["analysis_sha256"]}
    write_json(analysed.study.results / "provenance.json", content)
