"""Five asymmetric shapes that a wrong flip, shift, fill or join would change."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray

SHAPE = 24, 35


def _letter_f() -> BoolArray:
    mask = np.zeros(SHAPE, np.bool_)
    mask[4:20, 6:9] = True
    mask[4:7, 6:18] = True
    mask[11:13, 6:14] = True
    return mask


def _holed() -> BoolArray:
    mask = np.zeros(SHAPE, np.bool_)
    mask[3:19, 10:30] = True
    mask[6:10, 13:20] = False
    mask[7:9, 15:18] = True
    mask[12, 22] = False
    mask[13, 23] = False
    return mask


def _at_the_border() -> BoolArray:
    mask = np.zeros(SHAPE, np.bool_)
    mask[0:9, 0:5] = True
    mask[0:2, 0:35] = True
    mask[0:24, 33:] = True
    return mask


def _thin() -> BoolArray:
    """One pixel wide, with a step across a corner."""
    mask = np.zeros(SHAPE, np.bool_)
    mask[5, 3:20] = True
    mask[6:15, 20] = True
    mask[15, 21] = True
    mask[16, 22:34] = True
    mask[2, 2] = True
    return mask


def _speckled() -> BoolArray:
    mask: BoolArray = np.random.default_rng(3).random(SHAPE) < 0.45
    return mask


SHAPES = {
    "F": _letter_f(),
    "holed": _holed(),
    "border": _at_the_border(),
    "thin": _thin(),
    "speckled": _speckled(),
}
