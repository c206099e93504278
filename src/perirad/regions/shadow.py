"""The posterior acoustic shadow: the dark column behind a lesion."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.marks_grey import grey_scale
from perirad.regions.estimate import Estimate, nothing

__all__ = ["SHADOW_RATIO", "posterior_shadow"]

SHADOW_RATIO = 0.7
"""Behind the lesion, less than this share of the mean grey beside it at the same depth is shadow."""
APART_MM = 2.0
"""Between the lesion's sides and the tissue that is compared: the shadow's own soft flanks."""
LEAST_BESIDE_MM, MOST_BESIDE_MM = 4.0, 15.0
"""Width of that tissue on each side: that of the lesion within these bounds, less where the picture ends."""
ACROSS_MM, DOWN_MM = 2.0, 2.0
"""Smoothing, against speckle."""
NEAR_MM = 4.0
"""How soon behind the lesion a shadow begins."""
BRIDGED_MM = 2.0
"""Bright strands across the shadow, up to so thick, do not end it."""
LEAST_DEEP_MM = 4.0
"""A shadow is at least so deep; what is darker for less is a vessel or a lobule."""
LEAST_WIDE_MM = 2.0
LEAST_GREY = 8.0
"""Mean grey beside, below which the tissue is too dark for a shadow to be seen."""


class _Behind(NamedTuple):
    """The rows below the lesion's upper edge: ratio to the tissue beside, and which pixels lie behind the lesion."""

    top: int
    left: int
    ratio: FloatArray
    behind: BoolArray


def posterior_shadow(image: Image, lesion: BoolArray, ratio: float = SHADOW_RATIO) -> Estimate:
    """Find the shadow behind a lesion.

    Parameters
    ----------
    image : Image
        Grey values on any scale from black at 0. Depth is taken to run down the rows: for a fan, whose beams spread,
        this holds near its middle.
    lesion : ndarray of bool, shape (n_rows, n_columns)
        Its mask.
    ratio : float
        Between 0 and 1; see `SHADOW_RATIO`. Grey is logarithmic in the echo, so this is no attenuation.

    Returns
    -------
    Estimate
        In each column of the lesion the pixels below it, down to where the grey, averaged over 2 x 2 mm, comes back to
        `ratio` of that beside for more than 2 mm. Columns count when they get dark within 4 mm of the lesion and stay
        so for at least 4 mm, or to the picture's end if that is nearer but at least 2 mm away, over at least 2 mm
        across. Empty, and not `clear`, where there is no such column, nothing below the lesion, or no lit tissue beside
        it. The tissue beside is the darker of the two sides.

    Raises
    ------
    InputError
        When mask and image differ in shape, the mask is empty within the field, or the ratio is not between 0 and 1.
    """
    _check(image, lesion, ratio)
    compared = _behind(image, lesion)
    if not compared.behind.any():
        return nothing(image.shape, "nothing is seen below the lesion")
    if not np.isfinite(compared.ratio[compared.behind.any(axis=1)]).any():
        return nothing(image.shape, "no lit tissue beside to compare with")
    dark = _runs_down(compared, ratio, image.spacing_mm)
    if not dark.any():
        return nothing(image.shape, "no shadow behind the lesion")
    mask = np.zeros(image.shape, dtype=np.bool_)
    rows, columns = dark.shape
    mask[compared.top : compared.top + rows, compared.left : compared.left + columns] = dark
    share = 100.0 * dark.any(axis=0).sum() / compared.behind.any(axis=0).sum()
    level = float(np.nanmean(compared.ratio[dark & np.isfinite(compared.ratio)]))
    return Estimate(mask, True, f"shadow behind {share:.0f} % of the lesion's width, {level:.2f} of the grey beside it")


def _check(image: Image, lesion: BoolArray, ratio: float) -> None:
    if lesion.shape != image.shape:
        raise InputError("mask must have the size of its image", f"{lesion.shape}, image {image.shape}")
    top, left, bottom, right = image.field
    if not lesion[top:bottom, left:right].any():
        raise InputError("mask must mark a lesion in the calibrated field", "no marked pixel", file=image.name)
    if not 0.0 < ratio < 1.0:
        raise InputError("shadow ratio must lie between 0 and 1", f"ratio={ratio}")


def _behind(image: Image, lesion: BoolArray) -> _Behind:
    """Compare each pixel in the lesion's columns with the mean grey of the same row on either side."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    mm_down, mm_across = image.spacing_mm
    top, left, bottom, right = image.field
    rows, columns = (np.flatnonzero(lesion[top:bottom, left:right].any(axis=axis)) for axis in (1, 0))
    first, last = left + int(columns[0]), left + int(columns[-1]) + 1
    upper = top + int(rows[0])
    width_mm = float(np.clip((last - first) * mm_across, LEAST_BESIDE_MM, MOST_BESIDE_MM))
    apart, width = round(APART_MM / mm_across), round(width_mm / mm_across)
    beside = _mean_beside(
        image.pixels[upper:bottom, max(first - apart - width, left) : max(first - apart, left)],
        image.pixels[upper:bottom, min(last + apart, right) : min(last + apart + width, right)],
        round(DOWN_MM / mm_down),
        LEAST_GREY / grey_scale(image),
    )
    size = (max(1, round(DOWN_MM / mm_down)), max(1, round(ACROSS_MM / mm_across)))
    smooth = ndimage.uniform_filter(image.pixels[upper:bottom, first:last], size, mode="nearest")
    below = _below(lesion[upper:bottom, first:last])
    return _Behind(upper, first, smooth / beside[:, None], below)


def _mean_beside(left: FloatArray, right: FloatArray, n_rows: int, least: float) -> FloatArray:
    """Return each row's mean grey beside the lesion, smoothed down; NaN where it is too dark or there is none.

    The darker side counts: where one side alone outshines the lesion's column, the difference is not the lesion's.
    """
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    sides = [side.mean(axis=1) for side in (left, right) if side.shape[1] > 0]
    if not sides:
        return np.full(left.shape[0], np.nan)
    smooth = [ndimage.uniform_filter1d(side, max(1, n_rows), mode="nearest") for side in sides]
    mean = np.min(smooth, axis=0)
    return np.where(mean >= least, mean, np.nan)


def _below(lesion: BoolArray) -> BoolArray:
    """Return the pixels deeper than the lesion's last one in their column."""
    deepest = lesion.shape[0] - 1 - np.argmax(lesion[::-1], axis=0)
    below: BoolArray = np.arange(lesion.shape[0])[:, None] > deepest
    return below & lesion.any(axis=0)


def _runs_down(compared: _Behind, ratio: float, spacing_mm: tuple[float, float]) -> BoolArray:
    """Keep, in each column, the dark run that starts near the lesion, if it is deep enough and has neighbours."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    mm_down, mm_across = spacing_mm
    behind = compared.behind
    dark = behind & (np.nan_to_num(compared.ratio, nan=np.inf) < ratio)
    dark |= behind & _bridged(dark, round(BRIDGED_MM / mm_down))
    n_rows = behind.shape[0]
    room = behind.sum(axis=0)
    start = _first(dark, n_rows)
    rows = np.arange(n_rows)[:, None]
    stop = _first(behind & ~dark & (rows > start), n_rows)
    near = start - (n_rows - room) <= round(NEAR_MM / mm_down)
    to_the_end = (stop == n_rows) & ((stop - start) * mm_down >= LEAST_DEEP_MM / 2.0)
    deep = ((stop - start) * mm_down >= LEAST_DEEP_MM) | to_the_end
    column = near & deep & (start < n_rows)
    column = ndimage.binary_opening(column, np.ones(max(1, round(LEAST_WIDE_MM / mm_across)), dtype=np.bool_))
    shadow: BoolArray = behind & column & (rows < stop)
    return shadow


def _bridged(dark: BoolArray, gap: int) -> BoolArray:
    """Close gaps of up to so many rows."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    if gap < 1:
        return dark
    padded = np.pad(dark, ((gap, gap), (0, 0)))
    closed: BoolArray = ndimage.binary_closing(padded, np.ones((gap + 1, 1), dtype=np.bool_))[gap:-gap]
    return closed


def _first(mask: BoolArray, otherwise: int) -> FloatArray:
    """Return the first marked row of each column."""
    return np.where(mask.any(axis=0), np.argmax(mask, axis=0), otherwise).astype(np.float64)
