"""Peritumoral rings of a width in millimetres, measured from the lesion, whatever the pixels' shape."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.regions.exclusion import Cause, Exclusions, masks_on
from perirad.regions.lesion import check_together, lesion_region
from perirad.regions.measure import Measure, within
from perirad.regions.patch import Patch, patch_outside
from perirad.regions.region import Region
from perirad.regions.seen import seen

__all__ = ["lesion_region", "rings", "union"]


def rings(
    lesion: Region,
    image: Image,
    widths_mm: Sequence[float],
    *,
    measure: Measure = Measure.CENTRE,
    exclusions: Exclusions | None = None,
) -> tuple[Region, ...]:
    r"""Return the peritumoral rings ``P3``, ``P5``, ... of a lesion.

    .. math:: P_k = \{x : 0 < d(x) \le k\,\mathrm{mm}\}

    Parameters
    ----------
    lesion : Region
        Region ``I``; its outlined pixels count, those under calipers too.
    image : Image
        Its image; rings are clipped at its edge, to its calibrated field and outside its other regions.
    widths_mm : sequence of float
        Widths k, each positive; one ring for each, in the same order.
    measure : Measure
        To what d is measured: the nearest centre of a lesion pixel, or the outline between the pixels.
    exclusions : Exclusions, optional
        Pixels that no ring may use.

    Returns
    -------
    tuple of Region
        Named P and the width (``P3``, ``P2.5``). `lost_fraction` has the shares of the whole ring, on the image's
        grid continued beyond its edge, that lie beyond the "image edge", in the picture but "outside field", and
        in each of the exclusions; a pixel is counted under one cause, the first in the order of `Cause`.
        A ring of which nothing is left is an empty region that lost 1.0 in all.

    Raises
    ------
    InputError
        When no width is given, one is not positive, given twice, below one pixel, or too wide for its grid; or when
        lesion, image and exclusions do not belong together.

    Notes
    -----
    d is the Euclidean distance in mm from a pixel's centre, with the row and column spacing each counted as it is;
    d <= k holds with a relative slack of 1e-9. Holes of the lesion are ring.
    """
    widths = _checked_widths(widths_mm)
    check_together(lesion, image)
    masks = masks_on(image, exclusions)
    patch = patch_outside(lesion, image, max(widths), measure)
    return tuple(_ring(width, patch, image, masks) for width in widths)


def union(lesion: Region, ring: Region) -> Region:
    """Return the filled union of a lesion and one of its rings: ``U5`` of ``I`` and ``P5``.

    Parameters
    ----------
    lesion, ring : Region
        Of the same image.

    Returns
    -------
    Region
        d <= k mm; its `lost_fraction` refers to lesion and whole ring together. NaN when nothing is left of the ring,
        whose whole area is then not known; `perirad.regions.named.named_regions` counts it.

    Raises
    ------
    InputError
        When the two are not a lesion and a ring of the same image.
    """
    if lesion.name != "I" or not ring.name.startswith("P") or "px" in ring.name:
        raise InputError("a union must be of lesion I and a ring P", f"{lesion.name} and {ring.name}")
    if lesion.mask.shape != ring.mask.shape or lesion.spacing_mm != ring.spacing_mm:
        raise InputError(
            "lesion and ring must be of the same image",
            f"shapes {lesion.mask.shape} and {ring.mask.shape}, spacings {lesion.spacing_mm} and {ring.spacing_mm} mm",
        )
    n_lesion, n_ring = int(lesion.whole.sum()), _whole_pixels(ring)
    lost = {cause: share * n_ring / (n_ring + n_lesion) for cause, share in ring.lost_fraction.items()}
    for cause, share in lesion.lost_fraction.items():
        lost[cause] = lost.get(cause, 0.0) + share * n_lesion / (n_ring + n_lesion)
    return Region(f"U{ring.name[1:]}", lesion.mask | ring.mask, lesion.spacing_mm, lost, _both_outlined(lesion, ring))


def _whole_pixels(ring: Region) -> float:
    """Return the pixels that the whole ring has, from the share that is left."""
    return round(ring.n_pixels / (1.0 - ring.lost_total)) if ring.n_pixels else math.nan


def _both_outlined(lesion: Region, ring: Region) -> BoolArray | None:
    if lesion.outlined is None and ring.outlined is None:
        return None
    return lesion.whole | ring.whole


def _checked_widths(widths_mm: Sequence[float]) -> tuple[float, ...]:
    widths = tuple(float(width) for width in widths_mm)
    if not widths:
        raise InputError("ring widths must be given", "widths_mm=()", mend="give widths in mm, such as (3, 5, 8)")
    for width in widths:
        if not (math.isfinite(width) and width > 0.0):
            raise InputError("ring width must be positive", f"width_mm={width}")
    names = [_name(width) for width in widths]
    for name in names:
        if names.count(name) > 1:
            raise InputError("ring widths must differ", f"{name} twice")
    return widths


def _name(width_mm: float) -> str:
    return f"P{width_mm:g}"


def _ring(width_mm: float, patch: Patch, image: Image, masks: Mapping[Cause, BoolArray]) -> Region:
    whole = within(patch.distance_mm, width_mm) & ~patch.lesion
    if not whole.any():
        raise InputError(
            f"ring width must reach the next pixel (spacing {min(image.spacing_mm):g} mm)",
            f"width_mm={width_mm:g}",
            file=image.name,
        )
    return seen(_name(width_mm), whole, patch, image, masks)
