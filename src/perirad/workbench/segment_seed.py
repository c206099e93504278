"""First outlines by the machine from a point: an active contour about it, the best of all, not the nearest."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.errors import InputError
from perirad.image.image import Image, Source
from perirad.image.polygon import rasterise

__all__ = ["from_seed"]

_RAYS = 90
_STEP_MM = 0.25
_REACH_MM = 20.0
_BLUR_MM = 0.5
_SIDE_MM = 1.5
"""How far inside and outside of the contour grey values are compared."""
_ASPECT = 1.3
"""Breast lesions are wider than tall: rays reach so much farther across than down (by its square root each way)."""
_SEED_MM, _AROUND_MM = 1.5, 12.0
_DARKNESS, _LENGTH = 0.1, 0.25
"""Weights of dark pixels along a ray, per mm, and of the logarithm of its length, beside that of the edge."""
_JUMP, _BEND = 2, 0.05
"""Most steps between neighbouring rays, and what each step costs."""
_OUTSIDE = 0.3
_LEAST_SPAN = 0.03
"""Least difference of seed and surroundings that is taken for one, as a share of the grey values' range."""
_DEEPEST_MM = 300.0
_USUAL_DEPTH_MM = 42.0
"""Depth of a picture whose millimetres nobody knows: the median of BrEaST."""


def from_seed(image: Image, row: int, column: int) -> BoolArray:
    """Lesion about a point: the closed contour with the strongest edge from dark to bright around dark tissue.

    The contour is an active contour in polar coordinates whose best state is found by dynamic programming
    (Amini, Weymouth and Jain, IEEE PAMI 12 (1990) 855), so that it does not depend on where it begins.

    Parameters
    ----------
    image : Image
        Where its spacing is assumed only, or makes it deeper than 300 mm, a depth of 42 mm is taken.
    row, column : int
        The seed, px.

    Returns
    -------
    ndarray of bool, shape of the image
        One piece without holes that holds the seed.

    Raises
    ------
    InputError
        When the seed lies outside the picture.
    """
    if not (0 <= row < image.shape[0] and 0 <= column < image.shape[1]):
        raise InputError("a seed must lie in the picture", f"row {row}, column {column}")
    from scipy import ndimage  # noqa: PLC0415

    down, across = _spacing_mm(image)
    reach = [int(np.ceil((_REACH_MM + _AROUND_MM) / mm)) for mm in (down, across)]
    top, left = max(0, row - reach[0]), max(0, column - reach[1])
    part = image.pixels[top : row + reach[0] + 1, left : column + reach[1] + 1]
    calm = ndimage.gaussian_filter(part, (_BLUR_MM / down, _BLUR_MM / across))
    rows, columns = _rays((row - top, column - left), (down, across))
    grey = ndimage.map_coordinates(calm, [rows, columns], order=1, mode="nearest")
    inside = (rows >= 0) & (rows <= part.shape[0] - 1) & (columns >= 0) & (columns <= part.shape[1] - 1)
    dark, span = _levels(calm, (row - top, column - left), (down, across))
    worth = _worth(grey, dark, span) - np.where(inside, 0.0, _OUTSIDE)
    length = ndimage.gaussian_filter1d(_best_closed(worth).astype(np.float64), 1.5, mode="wrap")
    every = np.arange(_RAYS)
    ends = [ndimage.map_coordinates(places, [every, length], order=1, mode="nearest") for places in (rows, columns)]
    corners = np.column_stack([ends[0] + top, ends[1] + left])
    corners = np.clip(corners, 0.0, np.array(image.shape) - 1.0)
    mask = rasterise([corners], image.shape)
    mask[row, column] = True
    # Where the contour is thinner than a pixel the grid tears it: only the piece with the seed was meant.
    pieces, _ = ndimage.label(mask)
    return np.asarray(ndimage.binary_fill_holes(pieces == pieces[row, column]), dtype=np.bool_)


def _spacing_mm(image: Image) -> tuple[float, float]:
    """Spacing of the picture; one that nobody knows, or that no probe has, is told from the usual depth."""
    depth_mm = image.shape[0] * image.spacing_mm[0]
    if image.calibration.source is not Source.ASSUMED and depth_mm <= _DEEPEST_MM:
        return image.spacing_mm
    return (_USUAL_DEPTH_MM / image.shape[0],) * 2


def _rays(seed: tuple[int, int], spacing_mm: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """Places (rows, columns) along rays from the seed, each of shape (n_rays, n_steps)."""
    steps = np.arange(1, int(_REACH_MM / _STEP_MM)) * _STEP_MM
    angle = np.linspace(0.0, 2.0 * np.pi, _RAYS, endpoint=False)
    rows = seed[0] + np.outer(np.sin(angle), steps) / spacing_mm[0] / _ASPECT**0.5
    columns = seed[1] + np.outer(np.cos(angle), steps) / spacing_mm[1] * _ASPECT**0.5
    return rows, columns


def _levels(calm: FloatArray, seed: tuple[int, int], spacing_mm: tuple[float, float]) -> tuple[float, float]:
    """Grey value half way between the seed and the tissue around, and how far these are apart (not 0)."""
    y = (np.arange(calm.shape[0]) - seed[0])[:, None] * spacing_mm[0]
    x = (np.arange(calm.shape[1]) - seed[1])[None, :] * spacing_mm[1]
    away = np.hypot(y, x)
    near = away <= max(_SEED_MM, float(away.min()))
    within, around = float(calm[near].mean()), float(np.median(calm[away <= _AROUND_MM]))
    span = max(abs(around - within), _LEAST_SPAN * float(np.ptp(calm)), 1e-12)
    return within + span / 2, span


def _worth(grey: FloatArray, dark: float, span: float) -> FloatArray:
    """What a contour gains at each place of each ray: its edge, the dark tissue inside, its length."""
    reach = round(_SIDE_MM / _STEP_MM)
    count = grey.shape[1]
    total = np.cumsum(np.pad(grey, ((0, 0), (reach, reach)), mode="edge"), axis=1)
    total = np.pad(total, ((0, 0), (1, 0)))
    within = (total[:, reach : reach + count] - total[:, :count]) / reach
    beyond = (total[:, 2 * reach : 2 * reach + count] - total[:, reach : reach + count]) / reach
    edge = np.clip((beyond - within) / span, -1.0, 1.5)
    darkness = np.cumsum(np.clip((dark - grey) / span, -1.0, 1.0) * _STEP_MM, axis=1)
    length = np.log(np.arange(1, count + 1) * _STEP_MM)
    return np.asarray(edge + _DARKNESS * darkness + _LENGTH * length[None, :], dtype=np.float64)


def _best_closed(worth: FloatArray) -> IntArray:
    """Step of each ray on the contour that gains most; neighbours differ by `_JUMP` steps at most.

    The rays are gone round twice and the middle round is kept, so that its ends meet.
    """
    rays, count = worth.shape
    turned = np.concatenate([worth, worth, worth[:1]])
    best, came = turned[0].copy(), np.zeros(turned.shape, dtype=np.int64)
    shifts = np.arange(-_JUMP, _JUMP + 1)
    places = np.arange(count)
    for at in range(1, len(turned)):
        padded = np.pad(best, _JUMP, constant_values=-np.inf)
        options = np.stack([padded[_JUMP + s : _JUMP + s + count] - _BEND * abs(s) for s in shifts])
        chosen = options.argmax(axis=0)
        came[at] = np.clip(places + shifts[chosen], 0, count - 1)
        best = turned[at] + options.max(axis=0)
    path = np.empty(len(turned), dtype=np.int64)
    path[-1] = int(best.argmax())
    for at in range(len(turned) - 1, 0, -1):
        path[at - 1] = came[at, path[at]]
    middle = np.arange(rays // 2, rays // 2 + rays)
    found = np.empty(rays, dtype=np.int64)
    found[middle % rays] = path[middle]
    return found
