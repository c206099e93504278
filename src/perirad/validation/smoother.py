"""Local regression, for flexible calibration curves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from perirad.arrays import FloatArray

__all__ = ["local_quadratic", "local_quadratic_error", "lowess"]

TIED = 1e-100  # values closer than this are one and the same
BLOCK = 256  # fits at a time, so that memory grows with the patients and not with their square


def local_quadratic(x: FloatArray, y: FloatArray, at: FloatArray, *, span: float = 0.75) -> FloatArray:
    """Local quadratic regression with tricube weights, solved at every point (doi:10.1080/01621459.1979.10481038).

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Observations, at least one.
    at : ndarray of shape (m,)
        Where to fit; values that occur in `x`.
    span : float
        Share of the observations within reach of each fit.

    Returns
    -------
    ndarray of shape (m,)
        Fitted values, not confined to the range of `y`. This is R's `loess` with ``surface = "direct"``. Where too
        few different values are within reach for a parabola, the shortest of the least-squares solutions is taken:
        a single value gives the mean of its own observations.
    """
    fitted = []
    for block in _blocks(at):
        first, powers = _solved(x, block, _reach(x, span))
        fitted.append(np.einsum("mj,jm->m", first, powers @ y))
    return np.concatenate(fitted)


def local_quadratic_error(x: FloatArray, variance: FloatArray, at: FloatArray, *, span: float = 0.75) -> FloatArray:
    """Standard error of `local_quadratic` where the observations are independent, each with its own variance.

    Parameters
    ----------
    x, variance : ndarray of shape (n,)
    at : ndarray of shape (m,)
    span : float

    Returns
    -------
    ndarray of shape (m,)
        The fit is a weighted sum of the observations, so that its variance is the sum of theirs, weights squared.
    """
    errors = []
    for block in _blocks(at):
        first, powers = _solved(x, block, _reach(x, span))
        share = np.einsum("mj,jmn->mn", first, powers)
        errors.append(np.sqrt(share**2 @ variance))
    return np.concatenate(errors)


def _blocks(at: FloatArray) -> list[FloatArray]:
    return np.array_split(at, max(1, -(-at.size // BLOCK)))


def _reach(x: FloatArray, span: float) -> int:
    return max(1, int(x.size * span + 1e-5))


def _solved(x: FloatArray, at: FloatArray, nearest: int) -> tuple[FloatArray, FloatArray]:
    """Row of the inverse normal matrix that gives the fit itself, and the weighted powers of the distances."""
    distance = np.abs(at[:, np.newaxis] - x)
    reach = np.partition(distance, nearest - 1, axis=1)[:, nearest - 1 : nearest]
    tied = reach < TIED
    away = np.clip((x - at[:, np.newaxis]) / np.where(tied, 1.0, reach), -1.0, 1.0)
    weight = np.where(tied, distance < TIED, (1.0 - np.abs(away) ** 3) ** 3)
    powers = np.empty((5, *weight.shape))
    powers[0] = weight
    for k in range(1, 5):
        np.multiply(powers[k - 1], away, out=powers[k])
    moments = powers.sum(axis=2)
    normal = moments[np.add.outer(np.arange(3), np.arange(3))].transpose(2, 0, 1)
    inverse = np.linalg.pinv(normal, rcond=1e-12, hermitian=True)
    return inverse[:, 0, :], powers[:3]


def lowess(x: FloatArray, y: FloatArray, at: FloatArray, *, span: float = 2.0 / 3.0) -> FloatArray:
    """Local linear regression with tricube weights as R's `lowess` without robustness steps, between its points.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Observations, at least one.
    at : ndarray of shape (m,)
        Where to read the curve, linearly between its points; NaN beyond the observations.
    span : float
        Share of the observations within reach of each fit.

    Returns
    -------
    ndarray of shape (m,)
        Cleveland 1979, doi:10.1080/01621459.1979.10481038. As in R, points closer than a hundredth of the range to
        the last one fitted are not fitted but interpolated.
    """
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    window = _Window(x, y, max(2, min(x.size, int(span * x.size + 1e-7))))
    knots, fitted = window.walk(0.01 * float(x[-1] - x[0]))
    return np.interp(at, knots, fitted, left=np.nan, right=np.nan)


class _Window(NamedTuple):
    """Sorted observations and the number of neighbours of each fit."""

    x: FloatArray
    y: FloatArray
    nearest: int

    def walk(self, skip: float) -> tuple[FloatArray, FloatArray]:
        """Fit at the first value, then at the last one within `skip` of it or, if there is none, at the next."""
        values = np.unique(self.x)
        places, i = [0], 0
        while i < values.size - 1:
            within = int(np.searchsorted(values, values[i] + skip, side="right")) - 1
            i = max(within, i + 1)
            places.append(i)
        knots = values[places]
        return knots, np.array([self.fit(float(at)) for at in knots])

    def fit(self, at: float) -> float:
        """Value at `at` of the line through its neighbours."""
        distance = np.abs(self.x - at)
        reach = float(np.partition(distance, min(self.nearest, self.x.size) - 1)[min(self.nearest, self.x.size) - 1])
        near = distance <= 0.999 * reach
        weight = np.where(distance <= 0.001 * reach, 1.0, (1.0 - (distance / (reach or 1.0)) ** 3) ** 3)
        weight = np.where(near, weight, 0.0)
        weight = weight / weight.sum()
        centre = float(weight @ self.x)
        spread = float(weight @ (self.x - centre) ** 2)
        value = float(weight @ self.y)
        if np.sqrt(spread) > 0.001 * float(self.x[-1] - self.x[0]):
            value += (at - centre) / spread * float(weight @ ((self.x - centre) * self.y))
        return value
