"""How IBSI measures a volume: interpolation, re-segmentation, discretisation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from perirad.errors import InputError

__all__ = ["Binning", "IbsiSettings"]


@dataclass(frozen=True)
class Binning:
    """Rule that makes grey levels of intensities.

    Parameters
    ----------
    rule : {"width", "count"}
        Fixed bin size (IBSI Q3RU) or fixed bin number (IBSI K15C).
    value : float
        Width in intensity units, or number of bins.

    Raises
    ------
    InputError
        A width that is not positive, a number of bins that is not a whole number from 1.
    """

    rule: Literal["width", "count"]
    value: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value > 0.0):
            raise InputError(f"bin {self.rule} must be positive", f"{self.value}")
        if self.rule == "count" and self.value != int(self.value):
            raise InputError("bin count must be a whole number from 1", f"{self.value}")


@dataclass(frozen=True)
class IbsiSettings:
    """Choices of the IBSI processing chain, in the order of its steps.

    Parameters
    ----------
    new_spacing_mm : tuple of float, optional
        Spacing after interpolation, one value for each axis of the array (slice, row, column). An axis whose spacing
        stays as it is is left alone. None: no interpolation.
    image_order : {0, 1, 3}
        Nearest neighbour, linear, cubic spline. The region is always interpolated linearly, from a half on inside.
    whole_intensities : bool
        Round to whole numbers after interpolation, as for CT.
    resegment : tuple of float, optional
        Lowest and highest intensity that stays in the intensity mask, both included.
    outlier_sigma : float, optional
        Intensities further than so many standard deviations from the region's mean leave the intensity mask (3 by
        IBSI). Mean and deviation are those of the region before any re-segmentation.
    levels : Binning, optional
        For the intensity histogram and all texture. None: intensities are grey levels already.
    ivh : Binning, optional
        For the intensity-volume histogram. None: whole-numbered intensities as they are.
    planes : tuple of {"2D", "2.5D", "3D"}
        Aggregations of texture: by slice, merged over slices, in the volume. A single slice has no ``"3D"``.

    Raises
    ------
    InputError
        A range that is empty, a sigma that is not positive, an unknown aggregation.
    """

    new_spacing_mm: tuple[float, ...] | None = None
    image_order: Literal[0, 1, 3] = 1
    whole_intensities: bool = False
    resegment: tuple[float, float] | None = None
    outlier_sigma: float | None = None
    levels: Binning | None = None
    ivh: Binning | None = None
    planes: tuple[Literal["2D", "2.5D", "3D"], ...] = ("2D", "2.5D", "3D")

    def __post_init__(self) -> None:
        if self.resegment is not None and not self.resegment[0] <= self.resegment[1]:
            raise InputError("re-segmentation range must run from low to high", f"resegment={self.resegment}")
        if self.outlier_sigma is not None and not self.outlier_sigma > 0.0:
            raise InputError("outlier limit must be positive", f"outlier_sigma={self.outlier_sigma}")
        for plane in self.planes:
            if plane not in {"2D", "2.5D", "3D"}:
                raise InputError("an aggregation must be one of 2D, 2.5D, 3D", repr(plane))
