"""Regions by their names, and the profile of rings from the lesion outwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.regions.exclusion import Cause, Exclusions, masks_on, without
from perirad.regions.legacy import LegacyRing, legacy_ring
from perirad.regions.lesion import box_of, check_together
from perirad.regions.measure import Measure, within
from perirad.regions.names import Kind, RegionName, parse_region_name
from perirad.regions.patch import Patch, patch_inside, patch_outside
from perirad.regions.region import Region
from perirad.regions.seen import seen

__all__ = ["named_regions", "profile"]

_INSIDE = (Kind.RIM, Kind.CORE)


def named_regions(
    lesion: Region,
    image: Image,
    names: Sequence[str],
    *,
    measure: Measure = Measure.CENTRE,
    exclusions: Exclusions | None = None,
) -> tuple[Region, ...]:
    r"""Return regions by their names, in the same order.

    With d the distance from the lesion's outline in mm:

    =========  ====================================================================================================
    ``I``      the lesion, without what is drawn over it
    ``P5``     peritumoral ring, outside, 0 < d <= 5
    ``R3-5``   ring between two widths, outside, 3 < d <= 5
    ``U5``     the lesion and P5 in one
    ``N2``     inner rim, inside, d <= 2
    ``C2``     core, inside, d > 2
    ``T8-13``  normal tissue at the same depth: outside, 8 < d <= 13, in the lesion's rows, left and right of its
               columns
    =========  ====================================================================================================

    ``P20px-square`` and the like are rings of a number of pixels, see `perirad.regions.legacy`.

    Parameters
    ----------
    lesion : Region
        Region ``I``; its outlined pixels count, those under calipers too.
    image : Image
        Its image.
    names : sequence of str
        As `perirad.regions.names.parse_region_name` reads them; none twice.
    measure : Measure
        To what distances are measured.
    exclusions : Exclusions, optional
        Pixels that no region may use. The lesion's own pixels are taken only by text, calipers and needle, also in
        U, N and C.

    Returns
    -------
    tuple of Region
        `lost_fraction` refers to the whole of each region, on the image's grid continued beyond its edge; that of U
        is counted, lesion and ring together. A region that has pixels of which none is left is empty and lost 1.0.

    Raises
    ------
    InputError
        When a name is wrong or given twice, or a region has no pixel to begin with: a ring below one pixel, a core of
        a lesion that is nowhere so deep, a rim of a lesion that fills its field. An empty mask there would say that
        something was lost.

    Notes
    -----
    Inside, the distance is measured from the background that the field shows; the field's edge, where it cuts the
    lesion off, is not its outline.
    """
    wanted = _checked_names(names)
    check_together(lesion, image)
    masks = masks_on(image, exclusions)
    patches = _patches(lesion, image, [name for name in wanted if isinstance(name, RegionName)], measure)

    def one(name: RegionName | LegacyRing) -> Region:
        if isinstance(name, LegacyRing):
            return legacy_ring(lesion, image, name, exclusions=exclusions)
        if name.kind is Kind.LESION:
            return without(lesion, exclusions) if exclusions else lesion
        return _measured(name, patches(name.kind in _INSIDE), image, masks)

    return tuple(one(name) for name in wanted)


def profile(
    lesion: Region,
    image: Image,
    *,
    step_mm: float = 0.5,
    out_mm: float = 10.0,
    measure: Measure = Measure.CENTRE,
    exclusions: Exclusions | None = None,
) -> tuple[Region, ...]:
    """Return rings of one width side by side: ``R0-0.5``, ``R0.5-1``, ... as far as `out_mm`.

    Parameters
    ----------
    lesion, image, measure, exclusions
        As of `named_regions`.
    step_mm : float
        Width of each ring; no less than a pixel.
    out_mm : float
        Outer limit of the last ring, a whole number of steps.

    Raises
    ------
    InputError
        As `named_regions`, and when `out_mm` is not a whole number of steps, or more than 1000.
    """
    for name, number in (("step_mm", step_mm), ("out_mm", out_mm)):
        if not (math.isfinite(number) and number > 0.0):
            raise InputError(f"{name} must be positive", f"{name}={number}")
    n_steps = round(min(out_mm / step_mm, 1e6))
    if not 1 <= n_steps <= 1000 or not math.isclose(n_steps * step_mm, out_mm, rel_tol=1e-9):
        raise InputError("out_mm must be 1 to 1000 whole steps", f"step_mm={step_mm}, out_mm={out_mm}")
    limits = [f"{i * step_mm:.9g}" for i in range(n_steps + 1)]
    names = [f"R{a}-{b}" for a, b in pairwise(limits)]
    return named_regions(lesion, image, names, measure=measure, exclusions=exclusions)


def _checked_names(names: Sequence[str]) -> list[RegionName | LegacyRing]:
    if isinstance(names, str) or not names:
        raise InputError("names of regions must be a list", repr(names), mend="give such as ['I', 'P5']")
    wanted = [parse_region_name(name) for name in names]
    for name in wanted:
        if wanted.count(name) > 1:
            raise InputError("names of regions must differ", f"{name} twice")
    return wanted


def _patches(lesion: Region, image: Image, names: Sequence[RegionName], measure: Measure) -> Callable[[bool], Patch]:
    """Return a function that measures inside or outside the lesion, each when first asked and once."""
    widest = max((name.to_mm for name in names if name.kind not in _INSIDE), default=0.0)

    @cache
    def measured(inside: bool) -> Patch:
        return patch_inside(lesion, image, measure) if inside else patch_outside(lesion, image, widest, measure)

    return measured


def _measured(name: RegionName, patch: Patch, image: Image, masks: Mapping[Cause, BoolArray]) -> Region:
    whole = _whole(name, patch)
    if not whole.any():
        raise InputError(f"region {name} must have a pixel", _why_empty(name, patch, image), file=image.name)
    return seen(str(name), whole, patch, image, masks)


def _whole(name: RegionName, patch: Patch) -> BoolArray:
    near = within(patch.distance_mm, name.to_mm)
    match name.kind:
        case Kind.RIM:
            return near & patch.lesion
        case Kind.CORE:
            return ~near & patch.lesion
        case Kind.UNION:
            return near
        case Kind.TISSUE:
            return near & ~within(patch.distance_mm, name.from_mm) & _beside(patch.lesion)
        case _:
            return near & ~patch.lesion & ~(within(patch.distance_mm, name.from_mm))


def _beside(lesion: BoolArray) -> BoolArray:
    box = box_of(lesion)
    beside = np.zeros_like(lesion)
    beside[box.top : box.bottom, : box.left] = True
    beside[box.top : box.bottom, box.right :] = True
    return beside


def _why_empty(name: RegionName, patch: Patch, image: Image) -> str:
    deepest = float(patch.distance_mm[patch.lesion].max())
    if name.kind is Kind.CORE:
        return f"a lesion that is nowhere deeper than {deepest:.2f} mm"
    if name.kind is Kind.RIM and not math.isfinite(deepest):
        return "a lesion that fills its field"
    return f"widths below a pixel (spacing {min(image.spacing_mm):g} mm)"
