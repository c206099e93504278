"""From clinical columns to the design matrix of a logistic model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.nomogram.records import Variable
from perirad.nomogram.spline import check_knots, spline_basis

__all__ = ["Columns", "design_matrix", "outcome_vector", "term_names"]

Columns: TypeAlias = Mapping[str, Sequence[object] | NDArray[Any]]


def term_names(variable: Variable) -> tuple[str, ...]:
    """Names of a variable's columns: ``age``, ``age'`` for splines, ``birads=4B`` for each level but the reference."""
    if variable.kind == "continuous":
        return tuple(variable.name + "'" * j for j in range(max(1, len(variable.knots) - 1)))
    return tuple(f"{variable.name}={level}" for level in variable.levels[1:])


def design_matrix(columns: Columns, variables: Sequence[Variable]) -> tuple[FloatArray, tuple[str, ...]]:
    """Design matrix of the variables, without the intercept.

    Parameters
    ----------
    columns : mapping of str to sequence
        One value per patient for each variable, all of one length; other columns are not looked at.
        Levels may be text or whole numbers (``1`` and ``1.0`` are the level ``"1"``).
    variables : sequence of Variable
        At least one, names unique.

    Returns
    -------
    matrix : ndarray of shape (n_patients, n_terms)
        Numbers as they are, followed by their spline terms where the variable has knots; 0 or 1 for the levels of a
        categorical variable.
    terms : tuple of str
        Names of the columns.

    Raises
    ------
    InputError
        A column is absent or shorter than the others, a value is missing, not a finite number or not a level.
    """
    _check_variables(variables)
    parts = [_continuous(columns, v) if v.kind == "continuous" else _categorical(columns, v) for v in variables]
    first = variables[0]
    for variable, part in zip(variables, parts, strict=True):
        if part.shape[0] != parts[0].shape[0]:
            raise InputError(
                f"all variables must have as many values as {first.name} ({parts[0].shape[0]})",
                f"{part.shape[0]} values of {variable.name}",
            )
    return np.concatenate(parts, axis=1), tuple(name for variable in variables for name in term_names(variable))


def outcome_vector(outcome: Sequence[int] | np.ndarray, n_patients: int) -> FloatArray:
    """Outcome as zeros and ones in floating point; both classes must be there."""
    y = np.asarray(outcome)
    if y.ndim != 1 or y.size != n_patients:
        raise InputError(f"the outcome must have one value for each of {n_patients} patients", f"shape {y.shape}")
    wrong = ~((y == 0) | (y == 1))
    if np.any(wrong):
        raise InputError("the outcome must be 0 or 1", f"{y[wrong][0]!s}")
    n_events = int(np.count_nonzero(y))
    if n_events in {0, n_patients}:
        raise InputError(
            "patients with and without the event are needed to fit a model", f"{n_events} events in {n_patients}"
        )
    return y.astype(np.float64)


def _check_variables(variables: Sequence[Variable]) -> None:
    if not variables:
        raise InputError("a model must have at least one variable", "none")
    names = [variable.name for variable in variables]
    for variable in variables:
        if names.count(variable.name) > 1:
            raise InputError("every variable must occur once in a model", f"{variable.name} more than once")
        check_knots(variable.knots, variable.name)
        if variable.knots and variable.kind == "categorical":
            raise InputError("only a continuous variable can have knots", f"{variable.name} with levels")
        if variable.kind == "categorical" and len(set(variable.levels)) < max(2, len(variable.levels)):
            raise InputError(
                f"{variable.name} must have at least two levels, all different", f"levels {list(variable.levels)}"
            )


def _column(columns: Columns, variable: Variable) -> Sequence[object] | NDArray[Any]:
    if variable.name not in columns:
        given = ", ".join(columns) or "no columns"
        raise InputError(f"{variable.name} must be among the columns", given, mend=f"add {variable.name}")
    values = columns[variable.name]
    if isinstance(values, str) or not hasattr(values, "__len__"):
        raise InputError(f"{variable.name} must be a sequence of values, one per patient", repr(values))
    return values


def _continuous(columns: Columns, variable: Variable) -> FloatArray:
    values = _column(columns, variable)
    array = np.asarray(values)
    if array.ndim == 1 and array.dtype.kind in "fiub":
        numbers = array.astype(np.float64)
    else:
        numbers = np.array([_number(value) for value in values], dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        row = int(wrong[0])
        raise InputError(f"{variable.name} must be a finite number", f"{_said(values, row)} in row {row + 1}")
    return spline_basis(numbers, variable.knots) if variable.knots else numbers.reshape(-1, 1)


def _categorical(columns: Columns, variable: Variable) -> FloatArray:
    values = _column(columns, variable)
    array = np.asarray(values)
    if array.dtype.kind != "U":
        array = np.array([_level(value) for value in values], dtype=np.str_)
    levels = np.array(variable.levels, dtype=np.str_)
    matches = array.reshape(-1, 1) == levels
    wrong = np.flatnonzero(~matches.any(axis=1))
    if wrong.size:
        row = int(wrong[0])
        raise InputError(
            f"{variable.name} must be one of {', '.join(variable.levels)}", f"{_said(values, row)} in row {row + 1}"
        )
    indicators: FloatArray = matches[:, 1:].astype(np.float64)
    return indicators


def _number(value: object) -> float:
    """Finite number of a cell, NaN when it holds none (Python would read ``1_0`` as ten)."""
    if isinstance(value, str) and "_" in value:
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]  # whatever a table may hold
    except (TypeError, ValueError):
        return math.nan


def _level(value: object) -> str:
    if isinstance(value, (float, np.floating)) and math.isfinite(value) and float(value).is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _said(values: Sequence[object] | NDArray[Any], row: int) -> str:
    value = list(values)[row]
    if value is None or value == "" or (isinstance(value, (float, np.floating)) and math.isnan(value)):
        return "a missing value"
    return repr(value.item() if isinstance(value, np.generic) else value)
