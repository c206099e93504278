"""Where every figure came from: versions, settings, inputs, and a digest that tells whether work is still valid."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

import perirad
from perirad.study.store import digest, file_digest

if TYPE_CHECKING:
    from perirad.study.records import Analysed

__all__ = ["analysis_digest", "provenance", "versions"]

_PACKAGES = ("numpy", "scipy", "pandas", "pydicom", "SimpleITK", "Pillow", "matplotlib")


def versions() -> dict[str, str]:
    """Versions of perirad and of what its figures rest on."""
    found = {"perirad": perirad.__version__, "Python": platform.python_version()}
    return found | {name: metadata.version(name) for name in _PACKAGES}


def analysis_digest(analysed: Analysed) -> str:
    """Digest of all that fitting and validation depend on: features, cases, settings, version."""
    cases = [
        (case.case_id, case.patient_id, case.outcome, case.centre, analysed.cohorts[case.case_id], dict(case.clinical))
        for case in analysed.cases
    ]
    calibrations = [(item.case_id, item.calibration) for item in analysed.features.quality]
    exclusions = [(item.case_id, item.reason, item.detail) for item in analysed.exclusions]
    table, second = analysed.features.table, analysed.features.second
    return digest(
        perirad.__version__,
        json.dumps(analysed.study.settings.model_dump(mode="json"), sort_keys=True),
        json.dumps([cases, exclusions, calibrations], sort_keys=True),
        json.dumps(table.columns),
        np.ascontiguousarray(table.values).tobytes(),
        b"" if second is None else json.dumps(second.case_ids).encode() + np.ascontiguousarray(second.values).tobytes(),
    )


def provenance(analysed: Analysed) -> dict[str, Any]:
    """Content of `provenance.json`; it holds no date, so that the same study gives the same bytes."""
    study = analysed.study
    return {
        "table": {"file": study.settings.table, "sha256": file_digest(study.table), "rows": analysed.cohort.n_rows},
        "cases": len(analysed.cases),
        "excluded": len(analysed.exclusions),
        "seed": study.settings.seed,
        "settings": study.settings.model_dump(mode="json"),
        "versions": versions(),
    }
