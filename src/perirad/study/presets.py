"""Designs of published studies as settings, with every choice that the publication does not state called assumed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["ASSUMED", "PRESETS", "with_preset"]

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({
    "her2-low-2025": {
        "outcome": {
            "rule": "her2-low", "ultralow": "zero", "label": "HER2 status", "event_label": "HER2-low",
            "nonevent_label": "HER2-zero",
        },
        "split": {"by": "random", "test_fraction": 0.3},
        "regions": {"widths_mm": [3.0, 5.0, 8.0], "measure": "centre", "on_loss": "keep"},
        "features": {"definitions": "pyradiomics", "filters": ["original", "wavelet"]},
        "selection": {"test": "mann-whitney", "alpha": 0.05, "correlation": 0.9, "folds": 10, "rule": "lambda.min"},
        "score": {"scenarios": ["I", "I+P3", "I+P5", "I+P8"], "folds": 5, "repeats": 4},
        "clinical": {"keep": "multivariable", "alpha": 0.05},
        "validation": {"cutoff": "youden"},
    },
})  # fmt: skip
"""Settings of each preset; what the study's own file says goes before them.

``her2-low-2025``: peritumoral ultrasound radiomics of HER2-low breast cancer, two centres, 433 patients.
"""

ASSUMED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "her2-low-2025": {
        "outcome.ultralow": "the abstract has HER2-low and HER2-zero only",
        "split.by": "7:3 is stated, but not by what patients were divided",
        "regions.measure": "how the lesion was expanded is not stated",
        "regions.on_loss": "what was done with rings beyond the picture is not stated",
        "features.definitions": "no software is named",
        "features.filters": "no filters are named",
        "features.bin_width": "no discretisation is named",
        "features.resample_mm": "no resampling is named",
        "selection.test": "the steps of the selection are not stated",
        "selection.alpha": "the steps of the selection are not stated",
        "selection.correlation": "the steps of the selection are not stated",
        "selection.folds": "the cross-validation is not stated",
        "selection.rule": "the rule for the penalty is not stated",
        "selection.icc": "readers and their agreement are not stated",
        "score.folds": "how the best scenario was chosen is not stated; here by cross-validation within training",
        "score.repeats": "how the best scenario was chosen is not stated; here by cross-validation within training",
        "score.training_score": "not stated; cross-fitted scores keep the nomogram honest",
        "clinical.keep": "how clinical variables were chosen is not stated",
        "clinical.alpha": "how clinical variables were chosen is not stated",
        "clinical.missing": "missing values are not spoken of",
        "validation.cutoff": "no rule for the cut-off is stated",
        "validation.bootstrap": "no internal validation is stated",
    },
})  # fmt: skip
"""Of each preset: setting -> why it is an assumption."""


def with_preset(given: Mapping[str, Any], preset: str) -> dict[str, Any]:
    """Settings of a file laid over those of a preset, table by table."""
    return _over(PRESETS[preset], given)


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(below)
    for name, value in above.items():
        known = laid.get(name)
        laid[name] = _over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return laid
