"""The smallest box and the smallest ellipsoid around a convex body."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull

from perirad.arrays import FloatArray

__all__ = ["smallest_box", "smallest_ellipsoid"]

_CLOSE = 1e-7


def smallest_box(corners: FloatArray, normals: FloatArray) -> tuple[float, float, float]:
    """Sides of the smallest box, in any direction, that has a side flush with a face of the body.

    That is not always the smallest of all boxes, which may touch edges only; it is exact for the rectangle around
    the body's shadow, one of whose sides is always flush with an edge of the shadow.

    Parameters
    ----------
    corners : ndarray of shape (n_corners, 3)
        Corners of a convex body.
    normals : ndarray of shape (n_faces, 3)
        Unit normals of its faces.
    """
    best = (np.inf, (np.inf, np.inf, np.inf))
    for normal in _distinct(normals):
        across = np.linalg.svd(normal[None])[2][1:]
        shadow = corners @ across.T
        width, length = _smallest_rectangle(shadow[ConvexHull(shadow).vertices])
        height = float(np.ptp(corners @ normal))
        best = min(best, (height * width * length, (height, width, length)))
    return best[1]


def _distinct(normals: FloatArray) -> FloatArray:
    """One of parallel normals: a face and the one across give the same boxes."""
    sign = np.sign(np.where(np.abs(normals) > _CLOSE, normals, 0.0))
    first = sign[np.arange(len(sign)), (sign != 0.0).argmax(axis=1)]
    return np.asarray(np.unique(np.round(normals * first[:, None], 7), axis=0), dtype=np.float64)


def _smallest_rectangle(polygon: FloatArray) -> tuple[float, float]:
    edge = np.roll(polygon, -1, axis=0) - polygon
    along = edge / np.linalg.norm(edge, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    width, length = (np.ptp(polygon @ way.T, axis=0) for way in (along, across))
    at = int((width * length).argmin())
    return float(width[at]), float(length[at])


def smallest_ellipsoid(corners: FloatArray) -> tuple[float, float, float]:
    """Semi-axes, longest first, of the ellipsoid of least volume around points that do not lie in a plane.

    Khachiyan's ascent with steps towards the furthest point and away from the one furthest within, until the volume
    is settled to about 10⁻⁷ (Todd & Yıldırım 2007, doi:10.1016/j.dam.2007.02.013); grown to hold every point.

    Parameters
    ----------
    corners : ndarray of shape (n_corners, 3)
    """
    points = corners - corners.mean(axis=0)
    lifted = np.column_stack([points, np.ones(len(points))])
    weight = np.full(len(points), 1.0 / len(points))
    for _ in range(100_000):
        moment = np.einsum("ni,ij,nj->n", lifted, np.linalg.inv(lifted.T @ (weight[:, None] * lifted)), lifted)
        far, near = int(moment.argmax()), int(np.where(weight > 0.0, moment, np.inf).argmin())
        if max(moment[far] - 4.0, 4.0 - moment[near]) < 4.0 * _CLOSE:
            break
        at = far if moment[far] - 4.0 >= 4.0 - moment[near] else near
        least = -weight[at] / (1.0 - weight[at])
        step = (moment[at] - 4.0) / (4.0 * (moment[at] - 1.0)) if moment[at] > 1.0 else least
        step = max(float(step), float(least))
        weight *= 1.0 - step
        weight[at] = 0.0 if step == least else weight[at] + step
    from_centre = points - weight @ points
    shape = 3.0 * (from_centre.T @ (weight[:, None] * from_centre))
    grown = float(np.einsum("ni,ij,nj->n", from_centre, np.linalg.inv(shape), from_centre).max())
    c, b, a = np.sqrt(np.linalg.eigvalsh(shape) * grown)
    return float(a), float(b), float(c)
