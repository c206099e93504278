"""Profile likelihood intervals of a logistic model's coefficients."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.nomogram.design import Columns, design_matrix, outcome_vector
from perirad.nomogram.newton import Solution, maximise, maximise_penalised, penalised_slope
from perirad.nomogram.records import LogisticFit, RidgeFit

__all__ = ["profile_intervals"]

_CLOSE = 1e-10  # of the likelihood-ratio statistic, to its critical value


class _Profile(NamedTuple):
    """Best solution with one coefficient held (value, start), and the likelihood's slope in that coefficient there."""

    held: Callable[[float, FloatArray], Solution]
    slope: Callable[[FloatArray], float]


def profile_intervals(
    fit: LogisticFit, columns: Columns, outcome: IntArray, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Limits at which the likelihood-ratio test of a coefficient's value just rejects it.

    Parameters
    ----------
    fit : LogisticFit
        By maximum likelihood or Firth's penalised likelihood, which is then profiled (doi:10.1002/sim.1047).
    columns, outcome
        That it was fitted to.
    confidence : float

    Returns
    -------
    lower, upper : ndarray of shape (1 + n_terms,)
        The intercept's first.

    Raises
    ------
    InputError
        For a ridge fit, whose likelihood has no such interval, or where a limit is not found.
    """
    if isinstance(fit, RidgeFit):
        raise InputError("a profile interval needs a fit without a ridge penalty", f"a penalty of {fit.penalty:g}")
    if not 0.0 < confidence < 1.0:
        raise InputError("confidence must be between 0 and 1", f"confidence={confidence}")
    design, _ = design_matrix(columns, fit.variables)
    y = outcome_vector(outcome, design.shape[0])
    mean, sd = design.mean(axis=0), design.std(axis=0)
    crossing = float(special.ndtri((1.0 + confidence) / 2.0))
    raw_se = np.sqrt(np.diag(fit.covariance))
    limits = np.empty((2, fit.coefficients.size))
    for j in range(fit.coefficients.size):
        # The intercept of centred columns is another one than the user's: it is profiled without the centring.
        centre = np.zeros_like(mean) if j == 0 else mean
        X = np.column_stack([np.ones(y.size), (design - centre) / sd])
        beta = np.concatenate(([fit.coefficients[0] + centre @ fit.coefficients[1:]], fit.coefficients[1:] * sd))
        unit = 1.0 if j == 0 else float(sd[j - 1])
        profile = _firth(X, y, j) if fit.method == "firth" else _likelihood(X, y, j)
        for side in (-1, 1):
            limits[max(side, 0), j] = _limit(profile, beta, j, side * crossing, float(raw_se[j]) * unit) / unit
    return frozen(limits[0]), frozen(limits[1])


def _likelihood(X: FloatArray, y: FloatArray, j: int) -> _Profile:
    rest = np.arange(X.shape[1]) != j

    def held(value: float, start: FloatArray) -> Solution:
        solution = maximise(X[:, rest], y, limit=np.inf, offset=X[:, j] * value, start=start[rest])
        return solution._replace(beta=np.insert(solution.beta, j, value))

    def slope(beta: FloatArray) -> float:
        return float(X[:, j] @ (y - special.expit(X @ beta)))

    return _Profile(held, slope)


def _firth(X: FloatArray, y: FloatArray, j: int) -> _Profile:
    free = np.arange(X.shape[1]) != j

    def held(value: float, start: FloatArray) -> Solution:
        moved = start.copy()
        moved[j] = value
        return maximise_penalised(X, y, free, start=moved)

    def slope(beta: FloatArray) -> float:
        return float(penalised_slope(X @ beta, X, y)[0][j])

    return _Profile(held, slope)


def _at(profile: _Profile, j: int, value: float, start: FloatArray) -> Solution:
    """Best solution with coefficient j at a value; in several small steps where one is too far for the iteration."""
    for pieces in (1, 4, 16, 64):
        beta = start
        for between in np.linspace(start[j], value, pieces + 1)[1:]:
            solution = profile.held(float(between), beta)
            beta = solution.beta
            if not solution.converged:
                break
        else:
            return solution
    raise InputError("the profile likelihood must converge", f"none with coefficient {j} at {value:g}")


def _limit(profile: _Profile, beta: FloatArray, j: int, crossing: float, se: float) -> float:
    """Value on one side at which the signed root of the likelihood ratio reaches the crossing.

    Newton's steps on that root, which is nearly a straight line; within a bracket once there is one, and by halves
    where they do not shrink it fast.
    """
    estimate, side = float(beta[j]), float(np.sign(crossing))
    best = _at(profile, j, estimate, beta).log_likelihood
    inside, outside = estimate, side * np.inf
    value, target = estimate + crossing * se, crossing**2
    for iteration in range(200):
        solution = _at(profile, j, value, beta)
        statistic = max(0.0, 2.0 * (best - solution.log_likelihood))
        if abs(statistic - target) <= _CLOSE * target:
            return value
        if statistic < target:
            inside = value
        else:
            outside = value
        beta = solution.beta
        slope, root = profile.slope(beta), np.sqrt(statistic)
        step = (abs(crossing) - root) * root / -slope if slope * side < 0.0 else side * np.inf
        before, value = value, _within(value + step, estimate, inside, outside, halve=iteration % 3 == 2)
        if abs(value - before) <= 1e-14 * abs(value - estimate):
            return value
    raise InputError("the profile likelihood must reach its limit", f"none near {value:g} of coefficient {j}")


def _within(proposed: float, estimate: float, inside: float, outside: float, *, halve: bool) -> float:
    """The proposed value, or a safer one: at most thrice as far as known to be inside, or the middle of the bracket."""
    if np.isinf(outside):
        farthest = estimate + 3.0 * (inside - estimate)
        ahead = (proposed - inside) * (farthest - inside) > 0.0
        return farthest if not ahead or abs(proposed - estimate) > abs(farthest - estimate) else proposed
    if not halve and (proposed - inside) * (proposed - outside) < 0.0:
        return proposed
    return inside + (outside - inside) / 2.0
