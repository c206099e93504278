"""Round tick values of an axis."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError

__all__ = ["pretty"]


def pretty(lower: float, upper: float, n: int = 10) -> FloatArray:
    """About n + 1 equally spaced round values that cover an interval, as R's `pretty` chooses them.

    Parameters
    ----------
    lower, upper : float
        The interval; a single point is widened around it.
    n : int
        Wanted number of steps.

    Returns
    -------
    ndarray
        Multiples of 1, 2 or 5 times a power of ten, ascending, at least ``n // 3`` steps of them.

    Notes
    -----
    The step is the smallest candidate close enough to ``(upper - lower) / n``, with R's default preference for
    larger steps (1.5, and 2.75 for fives).
    """
    if not (math.isfinite(lower) and math.isfinite(upper) and lower <= upper and n >= 1):
        raise InputError("an axis must go from a finite lower to a larger upper value", f"{lower} to {upper}, n={n}")
    fewest = n // 3
    step, decimals = _step(_cell(lower, upper, n, fewest))
    first, last = math.floor(lower / step + 1e-10), math.ceil(upper / step - 1e-10)
    lacking = fewest - (last - first)
    if lacking > 0:
        first, last = _widened(first, last, lacking, lower=lower, upper=upper)
    values = np.arange(first, last + 1, dtype=np.float64) * step
    return np.round(values, decimals) + 0.0


def _cell(lower: float, upper: float, n: int, fewest: int) -> float:
    """Width that one step should have."""
    largest = max(abs(lower), abs(upper))
    smallest = largest * (1.0 + 1.0 / 2.5) * n * np.finfo(np.float64).eps * 3.0
    if upper - lower > smallest:
        return (upper - lower) / n
    cell = 1.0 if largest == 0.0 else largest
    cell = 9.0 + cell / 10.0 if cell > 10.0 else cell
    return 0.75 * cell / max(1, fewest)


def _step(cell: float) -> tuple[float, int]:
    """Round step close to a width, and the decimals that it needs."""
    exponent = math.floor(math.log10(cell))
    base = 10.0**exponent
    factor = 1
    for candidate, bias in ((2, 1.5), (5, 2.75), (10, 1.5)):
        if candidate * base - cell >= bias * (cell - factor * base):
            break
        factor = candidate
    return factor * base, max(0, -exponent)


def _widened(first: int, last: int, lacking: int, *, lower: float, upper: float) -> tuple[int, int]:
    """Add steps at both ends; zero stays the end of an axis that begins or ends there."""
    half = lacking // 2
    if lower == 0.0 and first == 0 and upper != 0.0:
        return first, last + lacking
    if upper == 0.0 and last == 0 and lower != 0.0:
        return first - lacking, last
    if first >= 0:
        return first - (lacking - half), last + half
    return first - half, last + (lacking - half)
