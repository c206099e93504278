"""Slow twin of the recursive Laplacian of Gaussian: one line at a time, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad.arrays import FloatArray


def line(values: Sequence[float], k: Sequence[float]) -> list[float]:
    """Sum of a forward and a backward recursion, as if the border values went on without end."""
    n, d, m, bn, bm = (list(k[at : at + 4]) for at in range(0, 20, 4))
    size = len(values)

    def at(place: int) -> float:
        return values[min(max(place, 0), size - 1)]

    forward: list[float] = []
    for i in range(size):
        fed = at(i) * n[0] + at(i - 1) * n[1] + at(i - 2) * n[2] + at(i - 3) * n[3]
        back = [forward[i - 1 - j] * d[j] if i > j else at(0) * bn[j] for j in range(4)]
        forward.append(fed - (back[0] + back[1] + back[2] + back[3]))
    backward = [0.0] * size
    for i in reversed(range(size)):
        fed = at(i + 1) * m[0] + at(i + 2) * m[1] + at(i + 3) * m[2] + at(i + 4) * m[3]
        back = [backward[i + 1 + j] * d[j] if i + 1 + j < size else at(size - 1) * bm[j] for j in range(4)]
        backward[i] = fed - (back[0] + back[1] + back[2] + back[3])
    return [a + b for a, b in zip(forward, backward, strict=True)]


def along(picture: FloatArray, k: FloatArray, axis: int) -> FloatArray:
    """All lines of a picture along an axis, rounded to single precision."""
    lines = np.moveaxis(picture, axis, -1)
    out = np.array([line([float(v) for v in one], k.tolist()) for one in lines])
    return np.moveaxis(out.astype(np.float32).astype(np.float64), -1, axis)
