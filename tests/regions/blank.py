"""Pictures without content, for tests of where regions lie."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray
from perirad.image.image import Box, Calibration, Image, Source

Pair = tuple[float, float]


def blank(shape: tuple[int, ...], spacing_mm: Pair, field: Box | None = None, others: tuple[Box, ...] = ()) -> Image:
    return Image(
        np.zeros(shape),
        spacing_mm,
        Calibration(Source.STATED, "test"),
        field or Box(0, 0, shape[0], shape[1]),
        "x.png",
        others=others,
    )


def box_mask(shape: tuple[int, int], box: Box) -> BoolArray:
    mask = np.zeros(shape, dtype=np.bool_)
    mask[box.top : box.bottom, box.left : box.right] = True
    return mask
