"""What lies above the skin: gel, a stand-off pad, a cover, the transducer's face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray, FloatArray
from perirad.image.image import Image
from perirad.regions.estimate import Estimate, nothing

__all__ = ["above_skin"]

DEEPEST_MM = 15.0
"""Skin is looked for down to here."""
FACE_MM = 1.0
"""What lights up in the first millimetre may be the transducer's own face."""
LEAST_GEL_MM = 0.4
DARK = 0.3
"""Gel is darker than this share of the tissue's median grey."""
BRIGHT = 1.2
"""The skin's line is brighter than this multiple of it."""
LINE_MM = 0.8
"""How soon below the gel the line must come."""
LEAST_WIDTH_MM = 6.0
ACROSS_MM, DOWN_MM = 1.0, 0.2
"""Smoothing, against speckle."""
LARGEST_STEP_MM = 0.6
"""The skin is no rougher than this from one smoothed column to the next."""


def above_skin(image: Image, sector: BoolArray) -> Estimate:
    """Find the pixels between the top of the sector and the skin.

    Parameters
    ----------
    image : Image
        Grey values on any scale from black at 0; see `perirad.image.marks_grey`.
    sector : ndarray of bool, shape (n_rows, n_columns)
        The insonated part, from `perirad.regions.sector.scan_sector`.

    Returns
    -------
    Estimate
        Empty, and not `clear`, unless dark gel, from 1 mm to at least 1.4 mm below the top, ends at a bright line over
        at least 6 mm across. The skin itself is not part of it; gel as bright as tissue is not found.
    """
    columns = np.flatnonzero(sector.any(axis=0))
    if columns.size == 0:
        return nothing(image.shape, "no sector, no skin")
    mm_down, mm_across = image.spacing_mm
    top = np.argmax(sector, axis=0)
    first = int(top[columns].min())
    smooth = _smoothed(image, first)
    tissue = _tissue_level(image, sector, first)
    if tissue <= 0.0 or smooth.shape[0] < 3:
        return nothing(image.shape, "no tissue bright enough to see a skin line against")
    skin = _skin_rows(smooth, top - first, tissue, mm_down)
    skin[~sector.any(axis=0)] = -1
    skin = _wide_enough(skin, mm_across, mm_down)
    found = skin >= 0
    if not found.any():
        return nothing(image.shape, "no gel above a clear skin line")
    rows = np.arange(image.shape[0])[:, None]
    mask = sector & found & (rows < skin + first)
    depth_mm = float(np.median(mask.sum(axis=0)[found])) * mm_down
    share = 100.0 * found.sum() / columns.size
    return Estimate(mask, True, f"{depth_mm:.1f} mm of gel above the skin over {share:.0f} % of the width")


def _smoothed(image: Image, first: int) -> FloatArray:
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    mm_down, mm_across = image.spacing_mm
    upper = image.pixels[first : first + round(DEEPEST_MM / mm_down)]
    size = (max(1, round(DOWN_MM / mm_down)), max(1, round(ACROSS_MM / mm_across)))
    smooth: FloatArray = ndimage.uniform_filter(upper, size, mode="nearest")
    return smooth


def _tissue_level(image: Image, sector: BoolArray, first: int) -> float:
    """Median grey of the upper tissue, every third pixel."""
    part = slice(first, first + round(2.0 * DEEPEST_MM / image.spacing_mm[0]), 3)
    values = image.pixels[part, ::3][sector[part, ::3]]
    return float(np.median(values)) if values.size else 0.0


def _skin_rows(smooth: FloatArray, top: NDArray[np.intp], tissue: float, mm: float) -> NDArray[np.intp]:
    """Return the first row of the skin in each column, -1 where there is no gel or no line below it."""
    from scipy import ndimage  # noqa: PLC0415  (longer to import than a picture to read)

    n_rows, n_columns = smooth.shape
    rows, column = np.arange(n_rows)[:, None], np.arange(n_columns)
    below_face = rows >= top + round(FACE_MM / mm)
    dark = smooth < DARK * tissue
    # The gel must reach up to the face: what is not dark just below it is skin already.
    start = np.minimum(top + round(FACE_MM / mm), n_rows - 1)
    lit = below_face & ~dark
    end = np.where(lit.any(axis=0), np.argmax(lit, axis=0), n_rows)
    line = max(1, round(LINE_MM / mm))
    peak = ndimage.maximum_filter1d(smooth, line, axis=0, origin=-(line // 2), mode="nearest")
    bright = peak[np.minimum(end, n_rows - 1), column] >= BRIGHT * tissue
    thick = end - top >= round((FACE_MM + LEAST_GEL_MM) / mm)
    seen = dark[start, column] & thick & bright & (end < n_rows)
    return np.where(seen, end, -1)


def _wide_enough(skin: NDArray[np.intp], mm_across: float, mm_down: float) -> NDArray[np.intp]:
    """Keep the stretches of columns whose skin runs on without a step, and that are wide enough."""
    joined = np.abs(np.diff(skin)) * mm_down <= LARGEST_STEP_MM
    joined &= (skin[1:] >= 0) & (skin[:-1] >= 0)
    stretch = np.concatenate([[0], np.cumsum(~joined)])
    width_mm = np.bincount(stretch) * mm_across
    return np.where((width_mm[stretch] >= LEAST_WIDTH_MM) & (skin >= 0), skin, -1)
