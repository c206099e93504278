"""What one look at a case's pixels tells about their quality; small enough to keep for a whole cohort."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from perirad.image.image import Source
from perirad.image.marks import BORDER, find_marks
from perirad.image.marks_strokes import box_dilate
from perirad.image.overlay import coloured
from perirad.study.near_duplicates import Fingerprint, fingerprint
from perirad.study.seam import seam, second_view

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray
    from perirad.image.image import Image
    from perirad.regions.region import Region

__all__ = ["PICTURE", "CaseLook", "Clipped", "look_at"]

PICTURE: Final = "picture"


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
    `field_pixels` is how many the calibrated field has. `marked` maps what is drawn in grey (text, calipers, a needle)
    to its pixels in each region. `edges` are the sides of the field that the lesion touches.
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
    marked: Mapping[str, Mapping[str, int]]
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
        marked=_marked(image, regions),
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
    mask = coloured(image)
    counts = {region.name: int(np.count_nonzero(mask & region.mask)) for region in regions}
    return {PICTURE: int(np.count_nonzero(mask[top:bottom, left:right])), **counts}


def _marked(image: Image, regions: Sequence[Region]) -> dict[str, dict[str, int]]:
    """Pixels of grey marks in each region; coloured ones are counted as such."""
    marks, colours = find_marks(replace(image, chroma=None)), box_dilate(coloured(image), BORDER)
    found = {"text": marks.text, "calipers": marks.calipers, "a needle": marks.needle}
    counts = {
        name: {region.name: int(np.count_nonzero(mask & region.mask & ~colours)) for region in regions}
        for name, mask in found.items()
        if mask.any()
    }
    return {name: regions for name, regions in counts.items() if any(regions.values())}


def _clipped(grey: FloatArray) -> Clipped:
    lowest, highest = float(grey.min()), float(grey.max())
    return Clipped(float(np.mean(grey == lowest)), float(np.mean(grey == highest)), lowest, highest)


def _digest(pixels: FloatArray | BoolArray) -> str:
    content = np.ascontiguousarray(pixels)
    return hashlib.sha256(f"{content.dtype}{content.shape}".encode() + content.tobytes()).hexdigest()
