"""A case as a small picture with its outlines: what a montage is made of."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import contourpy
import numpy as np
from matplotlib.path import Path as Curve
from PIL import Image as Pillow

from perirad.arrays import BoolArray, FloatArray
from perirad.image.eight_bits import eight_bits
from perirad.image.image import Image, Source
from perirad.regions.region import Region
from perirad.report.crop import about

__all__ = ["WIDTH", "Bar", "Montage", "Tile", "make_tile"]

WIDTH: Final = 300
"""Pixels across: enough to see an outline that is off by a millimetre, and 433 cases stay under 10 MB."""
_QUALITY = 55
_SMOOTH = 0.35
"""Pixels by which an outline may be simplified."""
_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

Outline = tuple[FloatArray, ...]
"""Lines of points (x, y), shape (n, 2), in pixels of the tile."""


@dataclass(frozen=True)
class Bar:
    """A scale bar: its length in pixels of the tile, and what it stands for."""

    length: float
    text: str


@dataclass(frozen=True)
class Tile:
    """A case in small.

    Parameters
    ----------
    case_id : str
        The case.
    jpeg : bytes
        The picture in grey, square pixels.
    size : tuple of int
        (width, height) in pixels.
    outlines : mapping of str to Outline
        Region -> its outer border; rings are drawn together with what they surround, open where the picture ends.
    bar : Bar
        About a quarter of the width, in mm, or in pixels where millimetres are only assumed.
    calibration : str
        Where the millimetres came from.
    lost : mapping of str to float
        Region -> share (0 to 1) of it that is not in the picture.
    flags : tuple of str
        Why the case should be looked at, worst first.
    """

    case_id: str
    jpeg: bytes
    size: tuple[int, int]
    outlines: Mapping[str, Outline]
    bar: Bar
    calibration: str
    lost: Mapping[str, float]
    flags: tuple[str, ...] = ()

    def losses(self, limit: float) -> tuple[str, ...]:
        """One flag that names the rings of which more than a share (0 to 1) is lost; none where there are none."""
        lost = [f"{100 * share:.0f} % of {name}" for name, share in self.lost.items() if share > limit]
        return (f"lost: {', '.join(lost)}",) if lost else ()


@dataclass(frozen=True)
class Montage:
    """All cases on one page; `unread` are those without a picture, `general` what concerns the whole study."""

    title: str
    simulated: bool
    tiles: tuple[Tile, ...]
    unread: tuple[str, ...] = field(default=())
    general: tuple[str, ...] = field(default=())

    @property
    def in_order(self) -> tuple[Tile, ...]:
        """Flagged ones first, those with most flags before the others; the order of the table apart from that."""
        return tuple(sorted(self.tiles, key=lambda tile: -len(tile.flags)))

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of all regions drawn."""
        return tuple(dict.fromkeys(name for tile in self.tiles for name in tile.outlines))


def make_tile(
    case_id: str, image: Image, regions: Sequence[Region], *, margin_mm: float | None = None, width: int = WIDTH
) -> Tile:
    """Draw a case small: grey picture, outline of the lesion (first of `regions`) and of its rings, scale bar.

    Parameters
    ----------
    margin_mm : float, optional
        Cut the picture to all regions and so much about them; None: the whole picture.
    width : int
        Pixels across; the height is at most five quarters of it.
    """
    down, across = image.spacing_mm
    cut = (slice(None), slice(None))
    if margin_mm is not None:
        cut = about(np.logical_or.reduce([region.mask for region in regions]), margin_mm, image.spacing_mm)
    pixels = image.pixels[cut]
    rows, columns = pixels.shape
    height_mm, width_mm = rows * down, columns * across
    scale = min(width / width_mm, 1.25 * width / height_mm)
    size = max(8, round(width_mm * scale)), max(8, round(height_mm * scale))
    lesion = regions[0].mask
    return Tile(
        case_id=case_id,
        jpeg=_jpeg(pixels, size, (float(image.pixels.min()), float(image.pixels.max()))),
        size=size,
        outlines={region.name: _outline((region.mask | lesion)[cut], size) for region in regions},
        bar=_bar(image, size[0], columns),
        calibration=_calibration(image),
        lost={region.name: region.lost_total for region in regions[1:]},
    )


def _jpeg(pixels: FloatArray, size: tuple[int, int], ends: tuple[float, float]) -> bytes:
    picture = Pillow.fromarray(eight_bits(pixels, ends))
    stream = io.BytesIO()
    picture.resize(size, Pillow.Resampling.BOX).save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def _outline(mask: BoolArray, size: tuple[int, int]) -> Outline:
    shares = Pillow.fromarray(mask.astype(np.uint8) * 255).resize(size, Pillow.Resampling.BILINEAR)
    lines = contourpy.contour_generator(z=np.asarray(shares, dtype=np.float64)).lines(127.5)
    return tuple(_simple(np.asarray(line) + 0.5) for line in lines if len(line) > 2)


def _simple(points: FloatArray) -> FloatArray:
    curve = Curve(points)
    curve.should_simplify = True
    curve.simplify_threshold = _SMOOTH
    cleaned = curve.cleaned(simplify=True)
    kept: FloatArray = np.asarray(cleaned.vertices, dtype=np.float64)[np.asarray(cleaned.codes) != Curve.STOP]
    return kept


def _bar(image: Image, width: int, columns: int) -> Bar:
    across = image.spacing_mm[1]
    per_column = width / columns
    assumed = image.calibration.source is Source.ASSUMED
    one = per_column if assumed else per_column / across
    length = max((n for n in _LENGTHS if n * one <= width / 4), default=1)
    unit = f"px (assumed {across:.3g} mm)" if assumed else "mm"
    return Bar(length * one, f"{length} {unit}")


def _calibration(image: Image) -> str:
    return f"{image.calibration.source.value}: {image.spacing_mm[0]:.4g} x {image.spacing_mm[1]:.4g} mm"
