"""Local regression, for flexible calibration curves."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray

__all__ = ["local_quadratic"]

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
    blocks = np.array_split(at, -(-at.size // BLOCK))
    return np.concatenate([_fit(x, y, block, max(1, int(x.size * span + 1e-5))) for block in blocks])


def _fit(x: FloatArray, y: FloatArray, at: FloatArray, nearest: int) -> FloatArray:
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
    fitted: FloatArray = np.einsum("mj,jm->m", inverse[:, 0, :], powers[:3] @ y)
    return fitted
