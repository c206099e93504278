"""Grey values as eight bits, for showing them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray

__all__ = ["eight_bits"]


def eight_bits(pixels: FloatArray, ends: tuple[float, float] | None = None) -> NDArray[np.uint8]:
    """Grey values rounded to 0..255: those of eight bits as they are, other scales stretched to their range.

    Parameters
    ----------
    pixels : ndarray of float
        A picture or a part of one, without NaN.
    ends : tuple of float, optional
        Lowest and highest value of the whole picture, where `pixels` is a part; otherwise those of `pixels`.

    Returns
    -------
    ndarray of uint8
        A picture of one value only is black where it is stretched.
    """
    low, high = ends if ends is not None else (float(pixels.min()), float(pixels.max()))
    if low < 0 or high > 255 or high <= 1:
        pixels = (pixels - low) * (255.0 / max(high - low, math.ulp(1.0)))
    return np.clip(np.round(pixels), 0, 255).astype(np.uint8)
