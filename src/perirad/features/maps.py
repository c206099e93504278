"""Feature maps: a texture feature of the square window around each pixel of a region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from perirad._kernels import window_dependents, window_pairs, window_runs, window_tones, window_zones
from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.catalogue import FAMILIES
from perirad.features.cells import Cells
from perirad.features.discretise import discretise, level_image, place_of
from perirad.features.maps_pairs import pair_feature
from perirad.features.maps_sizes import size_feature
from perirad.features.maps_values import LEVEL_FORMULAS, level_feature, value_feature
from perirad.features.ngtdm import NGTDM, ngtdm
from perirad.features.pictures import pictures
from perirad.features.settings import FILTERS, FeatureSettings, filter_images
from perirad.image.image import Box, Image
from perirad.regions.region import Region

__all__ = ["feature_map", "level_map"]

_CHUNK_CELLS = 400_000
_MOST_WINDOWS = 256

Kernel = Callable[
    [NDArray[np.uint16], int, IntArray, int, IntArray, FloatArray, IntArray, IntArray],
    int,
]


@dataclass(frozen=True)
class _Windows:
    """Cells of a number of windows."""

    cells: Cells
    n_pixels: IntArray
    n_levels: IntArray


def feature_map(
    image: Image,
    region: Region,
    feature: str,
    settings: FeatureSettings = FeatureSettings(),  # noqa: B008  (a frozen record)
    *,
    radius: int = 5,
    picture: str = "original",
) -> FloatArray:
    """Map a feature: its value in the window around each pixel of a region.

    Parameters
    ----------
    image : Image
        Filters see the whole picture.
    region : Region
        On the image's grid. Windows are restricted to it.
    feature : str
        PyRadiomics' name of family and feature, such as ``"glcm_JointEntropy"``; any but shape.
    settings : FeatureSettings
        Grey levels are those of the region: discretised once over all its pixels, as PyRadiomics' voxel-based
        extraction does. `filters` is not read.
    radius : int
        Pixels from the middle of a window to its edge; it is 2 radius + 1 pixels wide and high.
    picture : str
        Filtered image to map, named as in the feature table: ``"original"``, ``"wavelet-LH"``,
        ``"log-sigma-2-0-mm-3D"`` (sigma one of ``settings.log_sigma_mm``).

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        NaN outside the region and where the feature of the window is undefined: what a region of the window's pixels
        would have, see each family's function. NaN everywhere where the filter is undefined.

    Raises
    ------
    InputError
        Unknown feature or picture, a radius below 1, a mask that is not of the image's shape, more than 65,535 levels.
    """
    family, name = _family_and_name(feature)
    if radius < 1 or radius != int(radius):
        raise InputError("radius must be a whole number of pixels from 1", f"radius={radius}", file=image.name)
    if region.mask.shape != image.shape:
        found = f"region {region.name} of shape {region.mask.shape}"
        raise InputError(f"a region must have the image's shape {image.shape}", found, file=image.name)
    values = np.full(image.shape, np.nan)
    if not region.mask.any():
        return values
    box = _box_of(region)
    inside = (slice(box.top, box.bottom), slice(box.left, box.right))
    radius = min(int(radius), max(box.bottom - box.top, box.right - box.left))  # a wider window holds nothing more
    grey = _picture(image, box, picture, settings)
    if grey is not None:
        mask = region.mask[inside]
        place = place_of(mask)
        try:
            levels = level_image(discretise(grey.reshape(-1)[place.in_image], settings), place).levels[1:-1, 1:-1]
        except InputError as error:
            raise InputError.of(error.problem.at(file=image.name)) from error
        if family == "firstorder" and name not in LEVEL_FORMULAS:
            area_mm2 = region.spacing_mm[0] * region.spacing_mm[1]
            values[inside][mask] = _map_values(np.where(mask, grey, np.nan), name, radius, area_mm2)
        else:
            values[inside][mask] = level_map(levels, family, name, radius)
    return values


def level_map(levels: NDArray[np.uint16], family: str, name: str, radius: int) -> FloatArray:
    """One feature of the window around each pixel that has a level, in row order.

    Parameters
    ----------
    levels : ndarray of uint16, shape (rows, columns)
        Level from 1, 0 outside the region.
    family, name : str
        A texture family, or ``firstorder`` with Entropy or Uniformity.
    radius : int
        Of the window.
    """
    kernel, n_matrices, measure = _FAMILIES[family]
    parts = [measure(name, windows) for windows in _windows(levels, kernel, n_matrices, radius)]
    return np.concatenate(parts) if parts else np.zeros(0)


_FAMILIES: dict[str, tuple[Kernel, int, Callable[[str, _Windows], FloatArray]]] = {
    "firstorder": (window_tones, 1, lambda name, of: level_feature(name, of.cells)),
    "glcm": (window_pairs, 4, lambda name, of: pair_feature(name, of.cells, of.n_levels)),
    "glrlm": (window_runs, 4, lambda name, of: size_feature("glrlm", name, of.cells, of.n_pixels)),
    "glszm": (window_zones, 1, lambda name, of: size_feature("glszm", name, of.cells, of.n_pixels)),
    "gldm": (window_dependents, 1, lambda name, of: size_feature("gldm", name, of.cells, of.n_pixels)),
    "ngtdm": (window_tones, 1, lambda name, of: ngtdm(of.cells)[:, NGTDM.index(name)]),
}


def _windows(levels: NDArray[np.uint16], kernel: Kernel, n_matrices: int, radius: int) -> Iterator[_Windows]:
    """Count a chunk of windows at a time, so that its cells stay in the processor's cache."""
    padded = np.pad(levels, radius)
    centres = np.flatnonzero(padded)
    n_levels = int(levels.max(initial=0))
    most_cells = n_matrices * (2 * radius + 1) ** 2
    chunk = max(1, min(_MOST_WINDOWS, _CHUNK_CELLS // max(most_cells, n_matrices * (n_levels + 1))))
    indices = np.empty((3, chunk * most_cells + 1), dtype=np.int64)
    n = np.empty(chunk * most_cells + 1)
    for start in range(0, len(centres), chunk):
        some = centres[start : start + chunk]
        pixels, highest = np.empty(len(some), dtype=np.int64), np.empty(len(some), dtype=np.int64)
        size = kernel(padded, n_levels, some, radius, indices, n, pixels, highest)
        matrix, i, j = indices[:, :size]
        yield _Windows(Cells(matrix, i, j, n[:size], len(some) * n_matrices), pixels, highest)


def _map_values(grey: FloatArray, name: str, radius: int, pixel_area_mm2: float) -> FloatArray:
    """Statistics of the grey values of the windows, outside being NaN."""
    padded = np.pad(grey.astype(np.float64, copy=False), radius, constant_values=np.nan)
    centres = np.flatnonzero(~np.isnan(padded))
    across = np.arange(-radius, radius + 1)
    offsets = (across[:, None] * padded.shape[1] + across).reshape(-1)
    chunk = max(1, _CHUNK_CELLS // 8 // len(offsets))
    flat = padded.reshape(-1)
    parts = [
        value_feature(name, flat[centres[start : start + chunk, None] + offsets], pixel_area_mm2)
        for start in range(0, len(centres), chunk)
    ]
    return np.concatenate(parts)


def _family_and_name(feature: str) -> tuple[str, str]:
    family, _, name = feature.partition("_")
    if family == "shape2D" or name not in [row[0] for row in FAMILIES.get(family, ())]:
        raise InputError("a mapped feature must be named FAMILY_FEATURE, such as glcm_JointEntropy", repr(feature))
    return family, name


def _picture(
    image: Image, box: Box, picture: str, settings: FeatureSettings
) -> FloatArray | NDArray[np.float32] | None:
    for name in FILTERS:
        images = filter_images(name, settings)
        if picture in images:
            return pictures(image, box, replace(settings, filters=(name,)))[images.index(picture)]
    known = ", ".join(image_name for name in FILTERS for image_name in filter_images(name, settings))
    raise InputError(f"a mapped picture must be one of {known}", repr(picture), file=image.name)


def _box_of(region: Region) -> Box:
    rows, columns = np.flatnonzero(region.mask.any(axis=1)), np.flatnonzero(region.mask.any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
