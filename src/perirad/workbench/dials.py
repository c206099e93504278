"""The nomogram read for values that are set by hand, with the numbers of `perirad score`."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from perirad.errors import InputError
from perirad.nomogram.design import design_matrix
from perirad.nomogram.imputation import fill
from perirad.nomogram.logistic import expit
from perirad.nomogram.points import read_patient
from perirad.nomogram.records import NomogramAxis
from perirad.study.cells import finite_number, shortest
from perirad.study.model import Model

__all__ = ["Dialled", "Value", "axes_of", "dial", "start_values", "values_of_case"]

_Z95 = 1.959963984540054

Value = float | str


@dataclass(frozen=True)
class Dialled:
    """What a nomogram says of values: points by variable and in all, risk with its 95 % interval.

    `outside` names the variables whose value lies outside what training had seen, with that range.
    """

    points: Mapping[str, float]
    total: float
    risk: float
    lower: float
    upper: float
    cutoff: float
    outside: Mapping[str, tuple[float, float]]

    @property
    def positive(self) -> bool:
        """Whether the risk is at or above the cut-off."""
        return self.risk >= self.cutoff


def axes_of(model: Model) -> tuple[NomogramAxis, ...]:
    """Axes of the nomogram; none where no predictor was retained."""
    return () if model.nomogram is None or model.combined is None else model.nomogram.axes


def start_values(model: Model) -> dict[str, Value]:
    """Middle of what training had seen of each number, and the first level of each category."""
    found: dict[str, Value] = {}
    for axis in axes_of(model):
        low, high = model.file.training.ranges.get(axis.variable.name, (axis.values[0], axis.values[-1]))
        middle = float(f"{(low + high) / 2:.3g}")
        found[axis.variable.name] = axis.variable.levels[0] if axis.variable.levels else middle
    return found


def dial(model: Model, values: Mapping[str, Value]) -> Dialled:
    """Read the nomogram for a value of each of its variables, the Rad-score among them.

    Raises
    ------
    InputError
        The model has no nomogram, or a value is missing, no number, or no level of its variable.
    """
    nomogram, fit = model.nomogram, model.combined
    if nomogram is None or fit is None:
        raise InputError("the model must have a nomogram", "none: no predictor was retained")
    reading = read_patient(nomogram, fit, values)
    matrix, _ = design_matrix({name: [value] for name, value in values.items()}, fit.variables)
    row = np.concatenate(([1.0], matrix[0]))
    margin = _Z95 * math.sqrt(max(float(row @ fit.covariance @ row), 0.0))
    low, high = expit(np.array([reading.linear_predictor - margin, reading.linear_predictor + margin])).tolist()
    return Dialled(
        reading.points, reading.total_points, reading.probability, low, high,
        model.file.cutoffs.get("combined", math.nan), _outside(model, values),
    )  # fmt: skip


def _outside(model: Model, values: Mapping[str, Value]) -> dict[str, tuple[float, float]]:
    found = {}
    for axis in axes_of(model):
        name, value = axis.variable.name, values[axis.variable.name]
        seen = model.file.training.ranges.get(name)
        if seen is not None and isinstance(value, int | float) and not seen[0] <= value <= seen[1]:
            found[name] = seen
    return found


def values_of_case(
    model: Model, cells: Mapping[str, str], radscore: float, missing: Collection[str] = ("",)
) -> dict[str, Value]:
    """A patient's values, from the row of the table and the Rad-score that the run predicted.

    What is missing, a cell with one of the words of `missing`, is filled as the model fills it.

    Raises
    ------
    InputError
        A value is missing that the model cannot fill, or is none of the variable's.
    """
    given: dict[str, Value] = {}
    for variable in model.variables:
        text = cells.get(variable.name, "").strip()
        level = next((word for word in (text, shortest(text)) if word in variable.levels), None)
        if level is not None:
            given[variable.name] = level
        elif not variable.levels and (value := finite_number(text)) is not None:
            given[variable.name] = value
        elif text and text not in missing:
            allowed = f"one of {', '.join(variable.levels)}" if variable.levels else "a number"
            raise InputError(f"{variable.name} must be {allowed}", repr(text[:40]))
    filled = fill(given, model.rules)
    if lacking := [variable.name for variable in model.variables if variable.name not in filled]:
        raise InputError(f"{lacking[0]} must be given", "an empty cell")
    return {**filled, "radscore": radscore}
