"""Array types shared by all rooms. Axes of images and masks are (row, column)."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "FloatArray", "IntArray", "frozen"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


T = TypeVar("T", bound=NDArray[Any])


def frozen(array: T) -> T:
    """Return a read-only view of an array, so that a record that holds it cannot be edited through it."""
    view = array.view()
    view.flags.writeable = False
    return view
