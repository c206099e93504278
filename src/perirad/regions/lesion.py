"""The lesion as a region of its image."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Box, Image
from perirad.regions.region import Region

__all__ = ["box_of", "check_together", "lesion_region"]


def lesion_region(mask: BoolArray, image: Image) -> Region:
    """Return the lesion as region ``I``.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        True in the lesion.
    image : Image
        Its image.

    Raises
    ------
    InputError
        When the mask is empty, of another size than the image, or reaches outside the calibrated field, where its
        millimetres would not hold.
    """
    if mask.shape != image.shape:
        raise InputError(
            "mask must have the size of its image",
            f"shape {mask.shape} for an image of shape {image.shape}",
            file=image.name,
        )
    size = int(np.count_nonzero(mask))
    if size == 0:
        raise InputError("mask must mark a lesion", "no marked pixel", file=image.name)
    top, left, bottom, right = image.field
    missed = size - int(np.count_nonzero(mask[top:bottom, left:right]))
    if missed:
        raise InputError(
            f"lesion must lie inside the calibrated field (rows {top}-{bottom - 1}, columns {left}-{right - 1})",
            f"{missed} of {size} lesion pixels outside",
            file=image.name,
            mend="correct the outline",
        )
    return Region("I", mask, image.spacing_mm)


def check_together(lesion: Region, image: Image) -> None:
    """Raise InputError unless a region is the lesion of an image, with its spacing and inside its field."""
    if lesion.spacing_mm != image.spacing_mm:
        raise InputError(
            "lesion and image must have one spacing",
            f"{lesion.spacing_mm} and {image.spacing_mm} mm",
            file=image.name,
        )
    lesion_region(lesion.whole, image)


def box_of(mask: BoolArray) -> Box:
    """Return the smallest box that holds the marked pixels, of which there is at least one."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
