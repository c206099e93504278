"""Made-up pictures: speckle over smooth tissue, as different from each other as two patients."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region
from perirad.regions.ring import lesion_region, rings

ROWS, COLUMNS = 150, 200


def speckle(seed: int, shape: tuple[int, int] = (ROWS, COLUMNS)) -> FloatArray:
    """Grey tissue, 0 to 255: blobs of about 20 pixels, and speckle of about two."""
    rng = np.random.default_rng(seed)
    grey = 90.0 + 35.0 * _smooth(rng.normal(size=shape), 20) + 18.0 * _smooth(rng.normal(size=shape), 2)
    return np.clip(np.round(grey), 0.0, 255.0)


def _smooth(noise: FloatArray, size: int) -> FloatArray:
    kernel = np.hanning(2 * size + 3)
    for axis in (0, 1):
        noise = np.apply_along_axis(np.convolve, axis, noise, kernel, mode="same")
    unit: FloatArray = noise / noise.std()
    return unit


def disc(
    radius: float, centre: tuple[float, float] = (75.0, 100.0), shape: tuple[int, int] = (ROWS, COLUMNS)
) -> BoolArray:
    row, column = np.mgrid[: shape[0], : shape[1]]
    inside: BoolArray = np.hypot(row - centre[0], column - centre[1]) <= radius
    return inside


def case(pixels: FloatArray, mask: BoolArray, *, mm: float = 0.2, **more: object) -> tuple[Image, tuple[Region, ...]]:
    """An image with its lesion and the rings P1 and P2."""
    source = more.pop("source", Source.STATED)
    assert isinstance(source, Source)
    field = Box(0, 0, *pixels.shape)
    image = Image(pixels, (mm, mm), Calibration(source, "made up"), field, "made.png", **more)  # type: ignore[arg-type]
    lesion = lesion_region(mask, image)
    return image, (lesion, *rings(lesion, image, (1.0, 2.0)))
