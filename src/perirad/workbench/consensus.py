"""One outline of several readers': half way between them, what all marked, or what any marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError

__all__ = ["RULES", "Rule", "join"]

Rule = Literal["halfway", "all", "any"]
RULES: tuple[Rule, ...] = get_args(Rule)


def join(masks: Sequence[BoolArray], rule: Rule, spacing_mm: tuple[float, float]) -> BoolArray:
    """Outline of several outlines of one lesion.

    Parameters
    ----------
    masks : sequence of ndarray of bool, shape (n_rows, n_columns)
        Two or more, none empty.
    rule : {"halfway", "all", "any"}
        "halfway": pixels whose signed distance to the outline is 0 or less in the mean over the readers (shape-based
        mean, Raya and Udupa, IEEE Trans Med Imaging 9 (1990) 32), so that the outline runs half way between two
        readers'; "all": pixels that all marked; "any": pixels that one or more marked.
    spacing_mm : tuple of float
        (row, column), mm per pixel.

    Raises
    ------
    InputError
        When there are fewer than two masks, they differ in shape, one is empty, or the result is.
    """
    if len(masks) < 2:
        raise InputError("a consensus must be of two outlines or more", f"{len(masks)}")
    if len({mask.shape for mask in masks}) > 1 or not all(mask.any() for mask in masks):
        raise InputError("outlines of a consensus must be of one picture, and none empty", "others")
    if rule == "halfway":
        mean = np.mean([_signed_mm(mask, spacing_mm) for mask in masks], axis=0)
        found = mean <= 0
    else:
        found = np.logical_and.reduce(masks) if rule == "all" else np.logical_or.reduce(masks)
    if not found.any():
        raise InputError("outlines of a consensus must overlap", f"nothing left by the rule '{rule}'")
    return np.asarray(found, dtype=np.bool_)


def _signed_mm(mask: BoolArray, spacing_mm: tuple[float, float]) -> FloatArray:
    """Distance of pixel centres to the other side's nearest one: below 0 inside, above 0 outside."""
    from scipy import ndimage  # noqa: PLC0415

    within = ndimage.distance_transform_edt(mask, sampling=spacing_mm)
    beyond = ndimage.distance_transform_edt(~mask, sampling=spacing_mm)
    return np.asarray(beyond - within, dtype=np.float64)
