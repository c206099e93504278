"""What one look at a case's pixels tells about their quality; small enough to keep for a whole cohort."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from perirad.image.image import Source
from perirad.study.near_duplicates import Fingerprint, fingerprint
from perirad.study.seam import seam, second_view

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray
    from perirad.image.image import Image
    from perirad.regions.region import Region

__all__ = ["PICTURE", "CaseLook", "Clipped", "look_at"]

PICTURE: Final = "picture"
COLOURED: Final = 64
"""Chroma (0-255) from which a pixel is coloured: the tint of a real machine reaches 28, JPEG adds about 20."""
ABOVE_TINT: Final = 40
"""And by how much it exceeds the tint that most pixels of the same grey have."""
_BANDS = 16


class Clipped(NamedTuple):
    """Shares (0 to 1) of lesion and widest ring that have the lowest and the highest grey value there, and these."""

    dark: float
    bright: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class CaseLook:
    """Measured once per case while its image is open.

    `coloured` maps "picture" and each region to its coloured pixels, and is empty where the file has no colours;
    `field_pixels` is how many the calibrated field has. `edges` are the sides of the field that the lesion touches.
    `views` says what looks like a second view. `picture_digest` and `lesion_digest` are equal where the pixels are.
    """

    case_id: str
    file: str
    mask_file: str
    shape: tuple[int, int]
    spacing_mm: tuple[float, float]
    assumed: bool
    lesion_pixels: int
    diameter_mm: float
    edges: tuple[str, ...]
    views: str
    coloured: Mapping[str, int]
    field_pixels: int
    clipped: Clipped
    n_levels: int
    n_measured: int
    picture_digest: str
    lesion_digest: str
    print: Fingerprint


def look_at(case_id: str, image: Image, regions: Sequence[Region], mask_file: str = "") -> CaseLook:
    """Look at a case.

    Parameters
    ----------
    case_id : str
        The case.
    image : Image
        Its image.
    regions : sequence of Region
        Lesion first, then its rings, the widest last.
    mask_file : str
        Name of the outline's file, for messages.
    """
    lesion = regions[0]
    top, left, bottom, right = image.field
    field = image.pixels[top:bottom, left:right]
    measured = image.pixels[lesion.mask | regions[-1].mask]
    return CaseLook(
        case_id=case_id,
        file=image.name,
        mask_file=mask_file,
        shape=image.shape,
        spacing_mm=image.spacing_mm,
        assumed=image.calibration.source is Source.ASSUMED,
        lesion_pixels=lesion.n_pixels,
        diameter_mm=2.0 * math.sqrt(lesion.area_mm2 / math.pi),
        edges=_edges(lesion.mask[top:bottom, left:right]),
        views=second_view(image) or seam(field),
        coloured=_coloured(image, regions),
        field_pixels=field.size,
        clipped=_clipped(measured),
        n_levels=len(np.unique(measured)),
        n_measured=len(measured),
        picture_digest=_digest(image.pixels),
        lesion_digest=_digest(lesion.mask),
        print=fingerprint(field),
    )


def _edges(lesion: BoolArray) -> tuple[str, ...]:
    sides = {"top": lesion[0], "bottom": lesion[-1], "left": lesion[:, 0], "right": lesion[:, -1]}
    return tuple(name for name, line in sides.items() if line.any())


def _coloured(image: Image, regions: Sequence[Region]) -> dict[str, int]:
    if image.chroma is None:
        return {}
    top, left, bottom, right = image.field
    mask = coloured_pixels(image)
    counts = {region.name: int(np.count_nonzero(mask & region.mask)) for region in regions}
    return {PICTURE: int(np.count_nonzero(mask[top:bottom, left:right])), **counts}


def coloured_pixels(image: Image) -> BoolArray:
    """Return the pixels whose colour is more than the tint of the machine's grey scale, shape (n_rows, n_columns)."""
    assert image.chroma is not None
    chroma = image.chroma.astype(np.int64)
    vivid: BoolArray = chroma >= COLOURED
    if vivid.any():
        band = np.digitize(image.pixels, np.linspace(0.0, 255.0, _BANDS + 1)[1:-1])
        tint = np.array([np.percentile(chroma[band == i], 20) if (band == i).any() else 0.0 for i in range(_BANDS)])
        vivid &= chroma >= tint[band] + ABOVE_TINT
    return vivid


def _clipped(grey: FloatArray) -> Clipped:
    lowest, highest = float(grey.min()), float(grey.max())
    return Clipped(float(np.mean(grey == lowest)), float(np.mean(grey == highest)), lowest, highest)


def _digest(pixels: FloatArray | BoolArray) -> str:
    content = np.ascontiguousarray(pixels)
    return hashlib.sha256(f"{content.dtype}{content.shape}".encode() + content.tobytes()).hexdigest()
