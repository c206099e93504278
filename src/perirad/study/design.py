"""The design of a run in numbers and words: what Methods and Results of a manuscript quote from `metrics.json`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from perirad.image.image import Source

if TYPE_CHECKING:
    from perirad.study.records import Analysed, Validated

__all__ = ["design_of"]


def design_of(validated: Validated) -> dict[str, Any]:
    """Content of ``design`` in `metrics.json`."""
    analysed = validated.fitted.analysed
    settings = analysed.study.settings
    return {
        "confidence_percent": 95,
        "patients": len({case.patient_id for case in analysed.cases}),
        "cases": len(analysed.cases),
        "table_rows": analysed.cohort.n_rows,
        "excluded": len(analysed.exclusions),
        "exclusions": [
            {"reason": reason, "n": count}
            for reason, count in Counter(item.reason for item in analysed.exclusions).items()
        ],
        "centres": len({case.centre for case in analysed.cases}),
        "cohorts": _cohorts(analysed),
        "split": {
            "by": settings.split.by,
            "train_percent": round(100 * (1 - settings.split.test_fraction)),
            "test_percent": round(100 * settings.split.test_fraction),
            "test_centres": list(settings.split.test_centres),
        },
        "images": _images(analysed) if settings.features.of_images else None,
        "regions": _regions(analysed) if settings.features.of_images else None,
        "features": _features(validated),
        "selection": _selection(validated),
        "score": {
            "folds": settings.score.folds,
            "repeats": settings.score.repeats,
            "scenarios": len(validated.fitted.development.scenarios),
            "training_score": settings.score.training_score,
        },
        "clinical": _clinical(validated),
        "validation": {
            "cutoff": settings.validation.cutoff,
            "at_least_percent": 100 * settings.validation.at_least,
            "thresholds_percent": None
            if settings.validation.thresholds is None
            else [100 * value for value in settings.validation.thresholds],
        },
        "harmonisation": settings.harmonisation.method,
        "seed": settings.seed,
        "preset": {"name": settings.preset, "assumed": len(settings.assumed_choices)} if settings.preset else None,
    }


def _cohorts(analysed: Analysed) -> dict[str, Any]:
    found = {}
    for name in ("train", "test", "external"):
        members = [case for case in analysed.cases if analysed.cohorts[case.case_id] == name]
        if members:
            outcome = {case.patient_id: case.outcome for case in members}
            events = sum(outcome.values())
            found[name] = {
                "patients": len(outcome),
                "cases": len(members),
                "events": events,
                "nonevents": len(outcome) - events,
                "events_percent": 100 * events / len(outcome),
                "centres": dict(sorted(Counter({c.patient_id: c.centre for c in members}.values()).items())),
            }
    return found


def _images(analysed: Analysed) -> dict[str, Any]:
    known = [item.spacing_mm[0] for item in analysed.features.quality if item.calibration != Source.ASSUMED]
    spacings = np.array(known or [np.nan])
    return {
        "sources": dict(Counter(item.calibration for item in analysed.features.quality)),
        "spacing_mm": {
            "median": float(np.median(spacings)), "lowest": float(spacings.min()), "highest": float(spacings.max())
        },
    }  # fmt: skip


def _regions(analysed: Analysed) -> dict[str, Any]:
    settings, quality = analysed.study.settings.regions, analysed.features.quality
    lost = {
        name: np.array([sum(item.lost[name].values()) for item in quality])
        for name in settings.names[1:]
    }  # fmt: skip
    return {
        "widths_mm": list(settings.widths_mm),
        "further": list(settings.further),
        "measure": str(settings.measure),
        "exclude": [str(cause) for cause in settings.exclude],
        "limit_percent": 100 * settings.max_lost_fraction,
        "on_loss": settings.on_loss,
        "lost": {
            name: {
                "median_percent": 100 * float(np.median(share)),
                "largest_percent": 100 * float(share.max()),
                "beyond_limit": int((share > settings.max_lost_fraction).sum()),
            }
            for name, share in lost.items()
        },
    }


def _features(validated: Validated) -> dict[str, Any]:
    analysed = validated.fitted.analysed
    choice = analysed.study.settings.features
    columns = analysed.features.table.columns
    regions = len({name.split("_", 1)[0] for name in columns}) if choice.of_images else 0
    return {
        "source": choice.source,
        "total": len(columns),
        "per_region": len(columns) // regions if regions else None,
        "definitions": choice.definitions,
        "filters": list(choice.filters),
        "log_sigma_mm": list(choice.log_sigma_mm) if "log" in choice.filters else [],
        "responses": len(choice.responses),
        "bin_width": choice.bin_width,
        "bin_count": choice.bin_count,
        "resample_mm": choice.resample_mm,
    }


def _selection(validated: Validated) -> dict[str, Any]:
    development, settings = validated.fitted.development, validated.fitted.analysed.study.settings.selection
    fit = development.scenarios[development.chosen]
    return settings.model_dump(mode="json") | {
        "steps": [{"step": name, "left": left} for name, left in fit.steps],
        "selected": len(fit.score.columns),
        "lambda": fit.lambda_value,
        "peritumoral": sum(not name.startswith("I_") for name in fit.score.columns),
    }


def _clinical(validated: Validated) -> dict[str, Any]:
    settings, development = validated.fitted.analysed.study.settings.clinical, validated.fitted.development
    cases = validated.fitted.analysed.cases
    return {
        "candidates": len(settings.variables),
        "labels": [item.label or item.name for item in settings.variables],
        "retained": [item.label for item in development.retained],
        "keep": settings.keep,
        "alpha": settings.alpha,
        "model": settings.model,
        "missing": settings.missing,
        "imputations": settings.imputations,
        "cases_with_gaps": sum(len(case.clinical) < len(settings.variables) for case in cases),
    }
