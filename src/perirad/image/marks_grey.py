"""Grey on the scale 0-255, which the limits of all estimators are given in, from files of any depth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad.image.image import Image

__all__ = ["Grey8", "eight_bits", "grey_scale"]

Grey8 = NDArray[np.uint8]


def grey_scale(image: Image) -> float:
    """Return the factor that brings an image's grey values to the scale 0-255.

    1 for 8-bit files; files of more bits, whose values exceed 255, and of fractions, whose values do not exceed 1, are
    brought to 255 by their largest value.
    """
    largest = float(image.pixels.max())
    return 1.0 if largest <= 0.0 or 1.0 < largest <= 255.0 else 255.0 / largest


def eight_bits(image: Image) -> Grey8:
    """Return the grey values on the scale 0-255 as whole numbers; negative ones are black."""
    scale = grey_scale(image)
    grey = image.pixels if scale == 1.0 else np.rint(image.pixels * scale)
    return np.clip(grey, 0.0, 255.0).astype(np.uint8)
