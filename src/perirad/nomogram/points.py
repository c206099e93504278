"""A logistic model as a nomogram: points per value, total points, risk."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, frozen
from perirad.errors import InputError
from perirad.nomogram.design import design_matrix
from perirad.nomogram.effects import coefficients_of
from perirad.nomogram.logistic import expit, linear_predictor
from perirad.nomogram.pretty import pretty
from perirad.nomogram.records import LogisticFit, Nomogram, NomogramAxis, PatientReading, Variable

__all__ = ["build_nomogram", "read_patient"]

RISKS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def build_nomogram(fit: LogisticFit, ranges: Mapping[str, tuple[float, float]], *, outcome_label: str) -> Nomogram:
    """Turn a logistic model into a sum of points, with the arithmetic of `rms::nomogram`.

    Parameters
    ----------
    fit : LogisticFit
    ranges : mapping of str to (float, float)
        Smallest and largest value of each continuous variable (in training); its axis covers them with round ticks.
    outcome_label : str
        What the risk scale is called, e.g. ``"Risk of malignancy"``.

    Returns
    -------
    Nomogram
        The axis with the widest contribution spans 0 to 100 points; each axis starts at 0 points where its
        contribution is smallest: the upper end of a variable with a negative coefficient, some tick of a spline. Total
        and risk ticks are those that some patient within the axes can reach.

    Notes
    -----
    Where no value changes the risk (all coefficients zero) no axis can span 100 points: `points_per_lp` is then 1.
    """
    values = [_axis_values(variable, ranges) for variable in fit.variables]
    contributions = [_contributions(fit, v, at) for v, at in zip(fit.variables, values, strict=True)]
    widest = max(float(np.ptp(part)) for part in contributions)
    points_per_lp = 100.0 / widest if widest > 0.0 else 1.0
    axes = tuple(
        NomogramAxis(
            variable=variable,
            values=frozen(at),
            labels=_labels(variable, at),
            points=frozen(points_per_lp * (part - part.min())),
        )
        for variable, at, part in zip(fit.variables, values, contributions, strict=True)
    )
    lp_at_zero = float(fit.coefficients[0]) + sum(float(part.min()) for part in contributions)
    most = sum(float(axis.points.max()) for axis in axes)
    reach = most * (1.0 + 1e-12)
    risk_points = points_per_lp * (special.logit(np.array(RISKS)) - lp_at_zero)
    reachable = (risk_points >= -1e-12 * most) & (risk_points <= reach)
    total_ticks = pretty(0.0, most) if most > 0.0 else np.zeros(1)
    return Nomogram(
        axes=axes,
        points_per_lp=points_per_lp,
        lp_at_zero_points=lp_at_zero,
        total_ticks=frozen(total_ticks[total_ticks <= reach]),
        risk_ticks=frozen(np.array(RISKS)[reachable]),
        risk_points=frozen(risk_points[reachable]),
        outcome_label=outcome_label,
    )


def read_patient(nomogram: Nomogram, fit: LogisticFit, values: Mapping[str, object]) -> PatientReading:
    """Read one patient off the nomogram.

    Parameters
    ----------
    nomogram : Nomogram
        Of this fit.
    fit : LogisticFit
    values : mapping of str to object
        The patient's value of each variable.

    Returns
    -------
    PatientReading
        Points are below 0 or beyond the end of an axis where a value lies outside it: nothing is clipped.
        The probability is that of `probability`, not one rounded through the points.

    Raises
    ------
    InputError
        A value is missing, not a number or not a level of its variable.
    """
    single = {name: [value] for name, value in values.items()}
    design_matrix(single, fit.variables)
    points = {}
    for axis in nomogram.axes:
        variable = axis.variable
        if variable.kind == "categorical":
            own = design_matrix(single, [variable])[0][0]
            points[variable.name] = float(axis.points[int(np.argmax(own)) + 1 if own.any() else 0])
        else:
            own = design_matrix({variable.name: [values[variable.name], axis.values[0]]}, [variable])[0]
            away = math.fsum((own[0] - own[1]) * coefficients_of(fit, variable))
            points[variable.name] = float(axis.points[0]) + nomogram.points_per_lp * away
    lp = linear_predictor(fit, single)
    return PatientReading(points, math.fsum(points.values()), float(lp[0]), float(expit(lp)[0]))


def _axis_values(variable: Variable, ranges: Mapping[str, tuple[float, float]]) -> FloatArray:
    if variable.kind == "categorical":
        return np.arange(len(variable.levels), dtype=np.float64)
    if variable.name not in ranges:
        raise InputError(f"the range of {variable.name} is needed for its axis", ", ".join(ranges) or "no ranges")
    lower, upper = (float(end) for end in ranges[variable.name])
    if not (math.isfinite(lower) and math.isfinite(upper) and lower <= upper):
        raise InputError(f"the range of {variable.name} must go from a lower to an upper value", f"{lower} to {upper}")
    return pretty(lower, upper)


def _contributions(fit: LogisticFit, variable: Variable, values: FloatArray) -> FloatArray:
    """Part of the linear predictor at each tick."""
    beta = coefficients_of(fit, variable)
    if variable.kind == "categorical":
        return np.concatenate(([0.0], beta))
    contributions: FloatArray = design_matrix({variable.name: values}, [variable])[0] @ beta
    return contributions


def _labels(variable: Variable, values: FloatArray) -> tuple[str, ...]:
    return variable.levels if variable.kind == "categorical" else tuple(f"{value:.12g}" for value in values)
