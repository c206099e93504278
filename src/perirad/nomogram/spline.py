"""Restricted cubic splines: a curve in a continuous variable that is a straight line beyond its outer knots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from perirad.arrays import FloatArray
from perirad.errors import InputError

__all__ = ["check_knots", "spline_basis", "spline_knots"]

_TIED = 0.05  # share of the values at one end from which that end gets a knot of its own


def spline_knots(values: ArrayLike, n_knots: int) -> tuple[float, ...]:
    """Knots of a restricted cubic spline at quantiles of the values, as `rms::rcs` places them.

    Parameters
    ----------
    values : array of shape (n_patients,)
        Finite, of training patients.
    n_knots : int
        3 to 7.

    Returns
    -------
    tuple of float
        At the 10th, 50th and 90th percentile for three knots; evenly spaced in rank from the 5th to the 95th percentile
        for four to six, from the 2.5th to the 97.5th for seven. With fewer than 100 patients the outer knots are the
        fifth smallest and fifth largest value. Where the smallest or largest value makes up 5 % or more, and no other
        value does, the outer knot on that side is the next value, and the others follow from what lies inside.

    Raises
    ------
    InputError
        Fewer than six patients, or too few distinct values for so many knots.

    Notes
    -----
    Harrell 2015, doi:10.1007/978-3-319-19425-7, section 2.4.6.
    """
    x = np.sort(np.asarray(values, dtype=np.float64))
    if not 3 <= n_knots <= 7:
        raise InputError("a spline must have 3 to 7 knots", f"{n_knots}")
    if x.ndim != 1 or x.size < 6 or not np.isfinite(x).all():
        raise InputError("knots need the finite values of at least six patients", f"{x.size} values")
    distinct, counts = np.unique(x, return_counts=True)
    if distinct.size - 2 <= n_knots:
        raise InputError(
            f"{n_knots} knots need at least {n_knots + 3} distinct values", f"{distinct.size}", mend="use fewer knots"
        )
    first, last, x = _tied_ends(x, distinct, counts)
    outer = 0.1 if n_knots == 3 else 0.05 if n_knots < 7 else 0.025
    knots = np.quantile(x, _levels(outer, n_knots - len(first) - len(last)))
    if x.size < 100:
        knots[0] = knots[0] if first else x[4]
        knots[-1] = knots[-1] if last else x[-5]
    placed = np.unique([*first, *knots.tolist(), *last])
    if placed.size < n_knots:
        raise InputError(f"{n_knots} knots must be distinct", f"{placed.size}", mend="use fewer knots, or give them")
    return tuple(float(knot) for knot in placed)


def spline_basis(values: FloatArray, knots: Sequence[float]) -> FloatArray:
    """Columns of a restricted cubic spline, shape (n_patients, n_knots - 1): the values, then the cubic terms.

    The cubic terms are divided by the squared distance of the outer knots, so that all are in the variable's unit.
    """
    t = np.asarray(knots, dtype=np.float64)
    x = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    scale = (t[-1] - t[0]) ** 2
    cubes = np.maximum(x - t, 0.0) ** 3
    inner, next_to_last, last = cubes[:, :-2], cubes[:, -2:-1], cubes[:, -1:]
    gap = t[-1] - t[-2]
    terms = inner - next_to_last * (t[-1] - t[:-2]) / gap + last * (t[-2] - t[:-2]) / gap
    return np.concatenate([x, terms / scale], axis=1)


def check_knots(knots: Sequence[float], name: str) -> None:
    """Knots of a variable: none, or three or more that ascend."""
    t = np.asarray(knots, dtype=np.float64)
    if t.size and (t.size < 3 or not np.isfinite(t).all() or (np.diff(t) <= 0.0).any()):
        raise InputError(f"the knots of {name} must be at least three ascending numbers", f"{list(knots)}")


def _levels(outer: float, n: int) -> FloatArray:
    """Ranks of the knots between the ends, as shares."""
    if n == 1:
        return np.array([0.5])
    return np.linspace(0.5 if n == 2 else outer, 1.0 - outer, n)


def _tied_ends(x: FloatArray, distinct: FloatArray, counts: np.ndarray) -> tuple[list[float], list[float], FloatArray]:
    """Outer knots where one end is heavily tied, and the values strictly between them."""
    first: list[float] = []
    last: list[float] = []
    share = counts / x.size
    if share[1:-1].max() >= _TIED:
        return first, last, x
    if share[0] >= _TIED:
        first = [float(distinct[1])]
        x = x[x > first[0]]
    if share[-1] >= _TIED:
        last = [float(distinct[-2])]
        x = x[x < last[0]]
    return first, last, x
