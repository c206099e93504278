"""Grey from colour: ITU-R BT.601 luma."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray

__all__ = ["luma"]


def luma(rgb: NDArray[Any]) -> FloatArray:
    """Return the ITU-R BT.601 luma 0.299 R + 0.587 G + 0.114 B.

    Parameters
    ----------
    rgb : ndarray of shape (n_rows, n_columns, 3 or more)
        Colour on any scale; channels after the third (alpha) are ignored.

    Returns
    -------
    ndarray of float64, shape (n_rows, n_columns)
        Luma on the same scale, not rounded; exactly the common value where R = G = B.
    """
    red, green, blue = (rgb[..., channel].astype(np.float64) for channel in range(3))
    # Weights in thousandths are whole numbers, so grey pixels come back without rounding.
    grey: FloatArray = (299.0 * red + 587.0 * green + 114.0 * blue) / 1000.0
    return grey
