"""Grey and colourfulness from colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray

__all__ = ["chroma", "luma"]


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


def chroma(rgb: NDArray[Any], white: int) -> NDArray[np.uint8]:
    """Return how coloured each pixel is.

    Parameters
    ----------
    rgb : ndarray of whole numbers, shape (n_rows, n_columns, 3 or more)
        Colour from 0 to `white`; channels after the third (alpha) are ignored.
    white : int
        The largest value of a channel: 255 for 8 bits, 65535 for 16.

    Returns
    -------
    ndarray of uint8, shape (n_rows, n_columns)
        The largest minus the smallest of red, green and blue, brought to the scale 0-255 and rounded; 0 where the
        three are equal.
    """
    # Channel by channel: along an axis of three NumPy is ten times slower.
    red, green, blue = (np.ascontiguousarray(rgb[..., channel]) for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    if white != 255:
        spread = np.rint(spread * (255.0 / white))
    share: NDArray[np.uint8] = spread.astype(np.uint8)
    return share
