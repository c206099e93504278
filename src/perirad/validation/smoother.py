"""Local regression, for flexible calibration curves."""

from __future__ import annotations

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
    knots = _spaced(np.unique(x), 0.01 * float(x.max() - x.min()))
    fitted = _lines(x, y, knots, max(2, int(span * x.size + 1e-7)))
    return np.interp(at, knots, fitted, left=np.nan, right=np.nan)


def _spaced(values: FloatArray, skip: float) -> FloatArray:
    """First of ascending values, then each time the last within `skip` or, if there is none, the next."""
    places = [0]
    while places[-1] < values.size - 1:
        within = int(np.searchsorted(values, values[places[-1]] + skip, side="right")) - 1
        places.append(max(within, places[-1] + 1))
    return values[places]


def _lines(x: FloatArray, y: FloatArray, at: FloatArray, nearest: int) -> FloatArray:
    """Values at some points of the weighted lines through their neighbours."""
    distance = np.abs(x - at[:, np.newaxis])
    last = min(nearest, x.size) - 1
    reach = np.partition(distance, last, axis=1)[:, last : last + 1]
    away = distance / np.where(reach > 0.0, reach, 1.0)
    # R's own margins: full weight very near, none at the very edge
    weight = np.where(distance <= 0.001 * reach, 1.0, np.clip(1.0 - away**3, 0.0, None) ** 3)
    weight = np.where(distance <= 0.999 * reach, weight, 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    centre = weight @ x
    apart = x - centre[:, np.newaxis]
    spread = (weight * apart**2).sum(axis=1)
    steep = np.sqrt(spread) > 0.001 * float(x.max() - x.min())
    slope = np.divide((weight * apart) @ y, spread, out=np.zeros_like(spread), where=steep)
    fitted: FloatArray = weight @ y + (at - centre) * slope
    return fitted
