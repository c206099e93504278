"""Files of the results as the pages read them: what is missing, or of another version, is said in one line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import perirad
from perirad.errors import InputError, StudyError
from perirad.study.cohort import COHORTS
from perirad.study.evaluation import CLINICAL, NOMOGRAM, radscore_name
from perirad.study.model import Model, load_model

__all__ = ["FIGURES", "Auc", "Comparison", "ModelRow", "compare", "figure_file", "one_line", "read_model"]

FIGURES = ("width_profile", "roc_scenarios", "roc")
"""Figures that the pages show beside the report: names that a browser may ask for, and no others."""

_AGAIN = "run the study again"


@dataclass(frozen=True)
class Auc:
    """An area under the ROC curve with its 95 % interval (NaN where it has none), of `n` cases with `n_events`."""

    estimate: float
    lower: float
    upper: float
    n: int
    n_events: int


@dataclass(frozen=True)
class ModelRow:
    """A scenario or a model: its AUC in each cohort, and for a scenario what cross-validation found in training.

    `name` is what a person calls it (``I+P5``, ``Nomogram``), `selected` the number of features, `cv_auc` the mean AUC
    of the held-out folds with its standard error; both are NaN, and `selected` None, where it is no scenario.
    """

    name: str
    chosen: bool
    selected: int | None
    cv_auc: float
    cv_se: float
    aucs: Mapping[str, Auc]


@dataclass(frozen=True)
class Comparison:
    """Scenarios in the order of the study, then the other models; `cohorts` are those that any of them has."""

    scenarios: tuple[ModelRow, ...]
    models: tuple[ModelRow, ...]
    cohorts: tuple[str, ...]

    @property
    def chosen(self) -> ModelRow | None:
        """The scenario that the nomogram uses."""
        return next((row for row in self.scenarios if row.chosen), None)


def read_model(results: Path) -> Model:
    """The model of the results.

    Raises
    ------
    InputError
        In one line, however much of the file is wrong: it is missing, or was written by another version.
    """
    path = results / "model.json"
    if not path.is_file():
        raise InputError("the results must have model.json", "no such file", mend=_AGAIN)
    try:
        return load_model(path)
    except (InputError, StudyError) as error:
        raise InputError(
            f"model.json must be one of perirad {perirad.__version__}", f"{_origin(path)} ({one_line(error)})",
            mend=_AGAIN,
        ) from None  # fmt: skip


def one_line(error: InputError | StudyError | OSError) -> str:
    """What went wrong in one line; of several things the first, and how many more there are."""
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}: {Path(str(error.filename or '')).name}"
    first, further = error.problems[0], len(error.problems) - 1
    return first.line() + (f"; and {further} more" if further else "")


def _origin(path: Path) -> str:
    """Who wrote a model file that cannot be read."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        version = known.get("perirad_version") if isinstance(known, dict) else None
    except (OSError, ValueError):
        version = None
    return f"one of perirad {version}" if isinstance(version, str) else "something else"


def compare(results: Path) -> Comparison:
    """Scenarios and models side by side, as `metrics.json` has them.

    Raises
    ------
    InputError
        In one line: the file is missing, is no JSON, or lacks what this version writes.
    """
    path = results / "metrics.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError("the results must have metrics.json", "no such file", mend=_AGAIN) from None
    except ValueError:
        raise InputError("metrics.json must be JSON", "something else", mend=_AGAIN) from None
    try:
        return _comparison(known)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = f"a file of perirad {_version(known)}"
        found += f" without {error}" if isinstance(error, KeyError) else f" in which something differs ({error})"
        raise InputError(
            f"metrics.json must hold what perirad {perirad.__version__} writes", found, mend=_AGAIN
        ) from None


def _version(known: Any) -> str:
    """Version that wrote a file of numbers."""
    versions = known.get("versions") if isinstance(known, dict) else None
    found = versions.get("perirad") if isinstance(versions, dict) else None
    return found if isinstance(found, str) else "(version not known)"


def _comparison(known: Mapping[str, Any]) -> Comparison:
    scenario, models = known["scenario"], known["models"]
    scenarios = tuple(
        ModelRow(
            name, name == scenario["chosen"], int(scenario["features_selected"][name]), _number(cv),
            _number(scenario["cross_validated_auc_se"][name]), _aucs(models.get(radscore_name(name), {})),
        )
        for name, cv in scenario["cross_validated_auc"].items()
    )  # fmt: skip
    others = tuple(
        ModelRow(name, False, None, math.nan, math.nan, _aucs(models[name]))
        for name in (CLINICAL, NOMOGRAM)
        if name in models
    )
    met = {cohort for row in (*scenarios, *others) for cohort in row.aucs}
    return Comparison(scenarios, others, tuple(name for name in COHORTS if name in met))


def _aucs(found: Mapping[str, Any]) -> dict[str, Auc]:
    return {
        cohort: Auc(
            _number(item["auc"]["estimate"]), _number(item["auc"]["lower"]), _number(item["auc"]["upper"]),
            int(item["n"]), int(item["n_events"]),
        )
        for cohort, item in found.items()
    }  # fmt: skip


def _number(value: float | None) -> float:
    """JSON has no NaN: what is undefined is null there."""
    return math.nan if value is None else float(value)


def figure_file(results: Path, name: str) -> Path | None:
    """A figure of the results by one of the names of `FIGURES`; None for any other name, and where it was not drawn."""
    if name not in FIGURES:
        return None
    found = (results / "figures" / f"{name}.{kind}" for kind in ("svg", "png"))
    return next((path for path in found if path.is_file()), None)
