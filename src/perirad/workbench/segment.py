"""First outlines by the machine, for a reader to correct: what is unlike its surroundings in a box (GrabCut)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Image

__all__ = ["from_box"]

# Parts of the half axes of the ellipse that fills the box. Found on 63 of the 126 outlined lesions of BrEaST
# (doi 10.1038/s41597-024-02984-z) with boxes 5 to 20 % wider on each side than the lesion.
_SURELY_LESION = 0.5
_PROBABLY_LESION = 0.8
_SURELY_AROUND = 1.08
_CONTEXT = 0.2
"""Share of the box's sides that is looked at beyond it."""
_SIDE_PX = 200
"""Longest side of the picture that is worked on."""
_BLURS = (0.02, 0.055)
"""Standard deviations that calm the speckle, in box sides."""
_ROUNDS = 2
_LEAST_PX = 8


def from_box(image: Image, first: tuple[float, float], second: tuple[float, float]) -> BoolArray:
    """Lesion in a box, by GrabCut (Rother et al., doi 10.1145/1015706.1015720).

    Each pixel is described by its grey value, calmed at two scales, and by how far it lies from the middle of the box;
    the ellipse that fills the box says what is lesion to begin with. One piece, without holes, inside the box.

    Parameters
    ----------
    image : Image
    first, second : tuple of float
        Opposite corners (row, column), px; may lie beyond the picture.

    Returns
    -------
    ndarray of bool, shape of the image
        The same box gives the same pixels.

    Raises
    ------
    InputError
        When the box has less than 8 x 8 pixels in the picture, or OpenCV is not installed.
    """
    top, bottom = (float(np.clip(side, 0, image.shape[0] - 1)) for side in sorted((first[0], second[0])))
    left, right = (float(np.clip(side, 0, image.shape[1] - 1)) for side in sorted((first[1], second[1])))
    height, width = bottom - top + 1, right - left + 1
    if min(height, width) < _LEAST_PX:
        raise InputError(f"a box must be {_LEAST_PX} pixels wide or more", f"{round(height)} x {round(width)}")
    rows = _about(top, bottom, _CONTEXT * height, image.shape[0])
    columns = _about(left, right, _CONTEXT * width, image.shape[1])
    away = np.hypot(
        _offset(rows, (top + bottom) / 2, height / 2)[:, None], _offset(columns, (left + right) / 2, width / 2)[None, :]
    )
    part = image.pixels[rows, columns]
    found = _cut(part, away, (height * width) ** 0.5)
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[rows, columns] = found
    mask[: int(np.ceil(top))] = mask[int(bottom) + 1 :] = False
    mask[:, : int(np.ceil(left))] = mask[:, int(right) + 1 :] = False
    return mask


def _about(low: float, high: float, more: float, size: int) -> slice:
    return slice(max(0, int(low - more)), min(size, int(np.ceil(high + more)) + 1))


def _offset(part: slice, middle: float, half: float) -> FloatArray:
    """Distance of each row or column from the middle of the box, in half sides."""
    return np.asarray((np.arange(part.start, part.stop) - middle) / half, dtype=np.float64)


def _cut(part: FloatArray, away: FloatArray, side_px: float) -> BoolArray:
    """Pixels of the lesion in the part of a picture about a box; `away` is 1 on the ellipse that fills the box."""
    cv2 = _opencv()
    scale = min(1.0, _SIDE_PX / max(part.shape))
    size = (max(_LEAST_PX, round(part.shape[1] * scale)), max(_LEAST_PX, round(part.shape[0] * scale)))
    small = cv2.resize(part.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    far = cv2.resize(away.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    calm = [cv2.GaussianBlur(small, (0, 0), max(0.6, blur * side_px * scale)) for blur in _BLURS]
    seen = np.dstack([*(_spread(channel) for channel in calm), np.clip(far * 136.0, 0, 255)]).astype(np.uint8)
    marks = np.full(small.shape, cv2.GC_BGD, dtype=np.uint8)
    marks[far <= _SURELY_AROUND] = cv2.GC_PR_BGD
    marks[far <= _PROBABLY_LESION] = cv2.GC_PR_FGD
    marks[far <= _SURELY_LESION] = cv2.GC_FGD
    cv2.setRNGSeed(1)  # the mixtures begin with random clusters
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(seen), marks, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    lesion = _whole((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), far <= _SURELY_LESION)
    large = cv2.resize(lesion.astype(np.float32), part.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(large > 0.5, dtype=np.bool_)


def _spread(channel: Any) -> FloatArray:
    """Grey values from the darkest to the brightest hundredth over 0 to 255."""
    low, high = np.percentile(channel, [1, 99])
    return np.asarray(np.clip((channel - low) / max(high - low, 1e-6) * 255.0, 0, 255), dtype=np.float64)


def _whole(mask: BoolArray, core: BoolArray) -> BoolArray:
    """The piece that holds the core, without thin outgrowths and holes, its edge smoothed."""
    from scipy import ndimage  # noqa: PLC0415

    least = min(mask.shape)
    opened = ndimage.binary_opening(mask, iterations=max(1, round(0.03 * least))) | core
    labels, _ = ndimage.label(opened)
    sizes = np.bincount(labels[core])
    filled = ndimage.binary_fill_holes(labels == int(sizes[1:].argmax()) + 1)
    return np.asarray(ndimage.gaussian_filter(filled.astype(np.float64), 0.025 * least) > 0.5, dtype=np.bool_)


def _opencv() -> ModuleType:
    try:
        import cv2  # noqa: PLC0415  (a large library, for this tool only)
    except ImportError:
        mend = "pip install 'perirad[workbench]'"
        raise InputError("the box needs the package opencv-python-headless", "none", mend=mend) from None
    return cv2
