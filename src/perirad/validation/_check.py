"""Checks of outcomes and predictions, the same for every measure."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError

__all__ = [
    "check_fraction",
    "check_level",
    "check_linear_predictor",
    "check_outcome",
    "check_probability",
    "check_score",
]

LARGEST_LOGIT = 1e6  # a risk whose distance from certainty has half a million zeros


def check_outcome(outcome: IntArray, *, both: bool = False) -> BoolArray:
    """Outcome as booleans, True where the event is present; with `both`, each class must be there."""
    y = np.asarray(outcome)
    if y.ndim != 1 or y.size == 0:
        raise InputError("the outcome must have one value per patient", f"an array of shape {y.shape}")
    event: BoolArray = y == 1
    wrong = ~(event | (y == 0))
    if np.any(wrong):
        raise InputError("the outcome must be 0 or 1", str(y[wrong][0]))
    if both and (event.all() or not event.any()):
        raise InputError(
            "patients with and without the event are needed", f"{np.count_nonzero(event)} events in {y.size}"
        )
    return event


def check_score(score: FloatArray, n_patients: int, what: str = "score") -> FloatArray:
    """Scores as floating point, one finite value per patient."""
    try:
        values = np.asarray(score, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"every {what} must be a number", "something else among them") from None
    if values.shape != (n_patients,):
        raise InputError(f"one {what} is needed for each of {n_patients} patients", f"an array of shape {values.shape}")
    finite = np.isfinite(values)
    if not finite.all():
        row = int(np.flatnonzero(~finite)[0])
        raise InputError(f"every {what} must be finite", f"{values[row]} in row {row + 1}")
    return values


def check_probability(probability: FloatArray, n_patients: int) -> FloatArray:
    """Probabilities as floating point, within 0 and 1, one per patient."""
    values = check_score(probability, n_patients, "probability")
    if values.size == 0:
        raise InputError("at least one patient is needed", "none")
    if values.min() < 0.0 or values.max() > 1.0:
        row = int(np.flatnonzero((values < 0.0) | (values > 1.0))[0])
        raise InputError("every probability must be within 0 and 1", f"{values[row]} in row {row + 1}")
    return values


def check_linear_predictor(linear_predictor: FloatArray, n_patients: int) -> FloatArray:
    """Logits as floating point, finite and of a size whose sums are finite too, one per patient."""
    values = check_score(linear_predictor, n_patients, "linear predictor")
    if values.size and np.abs(values).max() > LARGEST_LOGIT:
        raise InputError(f"linear predictors must be within {LARGEST_LOGIT:g}", f"{np.abs(values).max():g}")
    return values


def check_fraction(what: str, value: float) -> float:
    """Share that is asked for, above 0 and at most 1."""
    if not 0.0 < value <= 1.0:
        raise InputError(f"{what} must be above 0 and at most 1", str(value))
    return float(value)


def check_level(level: float) -> float:
    """Confidence level, strictly within 0 and 1."""
    if not 0.0 < level < 1.0:
        raise InputError("confidence level must be within 0 and 1", f"level={level}")
    return float(level)


def check_within(name: str, value: float) -> None:
    """Share strictly between 0 and 1."""
    if not 0.0 < value < 1.0:
        raise InputError(f"{name} must be above 0 and below 1", str(value))
