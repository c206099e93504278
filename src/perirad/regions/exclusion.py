"""What a region loses, and to what: beyond the picture, no tissue, other tissue, or something drawn over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from perirad.arrays import BoolArray, frozen
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.regions.region import Region

__all__ = ["DRAWN_OVER", "Cause", "Exclusions", "masks_on", "without"]


class Cause(StrEnum):
    """Why a pixel of a region is not used, the first that holds counted alone."""

    IMAGE_EDGE = "image edge"
    """On the image's grid continued beyond the picture."""
    OUTSIDE_FIELD = "outside field"
    """In the picture, outside its calibrated field."""
    OTHER_REGION = "other region"
    """A second view, a Doppler window or a grey bar."""
    OUTSIDE_SECTOR = "outside sector"
    """In the field, outside what the transducer scans."""
    ABOVE_SKIN = "above skin"
    BELOW_CHEST_WALL = "below chest wall"
    OTHER_LESION = "other lesion"
    TEXT = "text"
    CALIPERS = "calipers"
    NEEDLE = "needle"
    COLOUR = "coloured overlay"
    """A Doppler or elastography window painted over the tissue."""
    MARKED = "marked by hand"
    """Whatever a reader painted over to be left out."""
    SHADOW = "shadow"
    """Posterior shadow, when the study drops it."""


DRAWN_OVER = frozenset({Cause.TEXT, Cause.CALIPERS, Cause.NEEDLE, Cause.COLOUR, Cause.MARKED})
"""What hides the lesion's own tissue; the other causes only bound the tissue about it."""

_FROM_IMAGE = (Cause.IMAGE_EDGE, Cause.OUTSIDE_FIELD)


@dataclass(frozen=True)
class Exclusions:
    """Pixels that no region may use, by cause.

    Parameters
    ----------
    masks : mapping of Cause to ndarray of bool, shape (n_rows, n_columns)
        True where the cause holds; of the image's size. "image edge" and "outside field" are not given here, since
        they follow from the image.

    Raises
    ------
    InputError
        When a cause is unknown or not to be given, or a mask is not boolean or not of the others' shape.
    """

    masks: Mapping[Cause, BoolArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        masks = {_cause(cause): _mask(cause, mask) for cause, mask in self.masks.items()}
        if len({mask.shape for mask in masks.values()}) > 1:
            shapes = ", ".join(f"{cause} {mask.shape}" for cause, mask in masks.items())
            raise InputError("masks of exclusions must have one shape", shapes)
        ordered = {cause: frozen(masks[cause]) for cause in Cause if cause in masks}
        object.__setattr__(self, "masks", MappingProxyType(ordered))


def masks_on(image: Image, exclusions: Exclusions | None) -> dict[Cause, BoolArray]:
    """Return the masks that count on an image, in order of priority, its other regions among them.

    Raises
    ------
    InputError
        When a mask has another shape than the image.
    """
    masks = dict(exclusions.masks) if exclusions else {}
    for cause, mask in masks.items():
        if mask.shape != image.shape:
            raise InputError(
                f"mask of {cause} must have the size of its image",
                f"shape {mask.shape} for an image of shape {image.shape}",
                file=image.name,
            )
    if image.others:
        masks[Cause.OTHER_REGION] = _others(image) | masks.get(Cause.OTHER_REGION, np.False_)
    return {cause: masks[cause] for cause in Cause if cause in masks}


def without(lesion: Region, exclusions: Exclusions) -> Region:
    """Return the lesion without what is drawn over it: text, calipers, a needle.

    Parameters
    ----------
    lesion : Region
        Region ``I``.
    exclusions : Exclusions
        Of its image. Causes that do not hide tissue (shadow, a second lesion, ...) take nothing from the lesion.

    Returns
    -------
    Region
        `lost_fraction` has the share of the outlined pixels that each cause took; `outlined` are all of them, so that
        rings are still measured from the whole lesion. Empty, with 1.0 lost, when nothing is left.

    Raises
    ------
    InputError
        When lesion and exclusions differ in shape.
    """
    left, n_whole = lesion.whole, int(np.count_nonzero(lesion.whole))
    lost = {}
    for cause, mask in exclusions.masks.items():
        if mask.shape != left.shape:
            raise InputError(f"mask of {cause} must have the size of the lesion's", f"{mask.shape} for {left.shape}")
        if cause in DRAWN_OVER:
            lost[cause.value] = int(np.count_nonzero(left & mask)) / n_whole
            left = left & ~mask
    outlined = lesion.whole if any(lost.values()) else None
    return Region(lesion.name, left, lesion.spacing_mm, lost, outlined)


def _cause(cause: Cause) -> Cause:
    try:
        known = Cause(cause)
    except ValueError:
        given = ", ".join(each for each in Cause if each not in _FROM_IMAGE)
        raise InputError(f"cause of an exclusion must be one of {given}", repr(cause)) from None
    if known in _FROM_IMAGE:
        raise InputError("'image edge' and 'outside field' are found from the image", f"a mask of {known}")
    return known


def _mask(cause: Cause, mask: BoolArray) -> BoolArray:
    array = np.ascontiguousarray(mask)
    if array.dtype != np.bool_ or array.ndim != 2:
        raise InputError(f"mask of {cause} must be boolean (row, column)", f"{array.dtype}, shape {array.shape}")
    return array


def _others(image: Image) -> BoolArray:
    mask = np.zeros(image.shape, dtype=np.bool_)
    for box in image.others:
        mask[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)] = True
    return mask
