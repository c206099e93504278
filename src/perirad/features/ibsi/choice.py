"""What a study can ask of IBSI's features in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from perirad.errors import InputError

__all__ = ["SLICE_FAMILIES", "Aggregation", "IbsiChoice"]

SLICE_FAMILIES = ("local", "statistics", "histogram", "ivh", "glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")
"""IBSI's families that have a meaning in a slice, in the order of the manual (morphology is of volumes)."""

Aggregation = Literal["averaged", "merged"]
"""Features of the four directions' matrices averaged (IBSI BTW3), or features of their sum (SUJT)."""


@dataclass(frozen=True)
class IbsiChoice:
    """Choices of the IBSI chain, in the order of its steps; grey levels are those of `FeatureSettings`.

    Parameters
    ----------
    spacing_mm : float, optional
        Image and regions are brought to square pixels of this side. None: they stay on their grid.
    interpolation : {"nearest", "linear", "cubic"}
        Of the image; regions are interpolated linearly, from a half on inside.
    whole_intensities : bool
        Round the interpolated image to whole numbers.
    resegment : tuple of float, optional
        Lowest and highest grey value of the (interpolated) image that stays in the intensity mask.
    outlier_sigma : float, optional
        Pixels further than so many standard deviations from the region's mean leave the intensity mask; IBSI has 3.
    families : tuple of str
        Of `SLICE_FAMILIES`; the columns follow that order.
    aggregations : tuple of {"averaged", "merged"}
        Of co-occurrence and run length matrices.
    ivh_bins : int
        Steps of the intensity-volume histogram between a region's minimum and maximum.

    Raises
    ------
    InputError
        A value that is none of these.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "allow_inf_nan": False}

    spacing_mm: float | None = None
    interpolation: Literal["nearest", "linear", "cubic"] = "linear"
    whole_intensities: bool = False
    resegment: tuple[float, float] | None = None
    outlier_sigma: float | None = None
    families: tuple[str, ...] = SLICE_FAMILIES
    aggregations: tuple[Aggregation, ...] = ("averaged",)
    ivh_bins: int = 1000

    def __post_init__(self) -> None:
        for name in ("spacing_mm", "outlier_sigma"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0.0):
                raise InputError(f"{name} must be positive", f"{value}")
        if self.interpolation not in {"nearest", "linear", "cubic"}:
            raise InputError("interpolation must be nearest, linear or cubic", repr(self.interpolation))
        if self.resegment is not None and not self.resegment[0] < self.resegment[1]:
            raise InputError("re-segmentation range must run from low to high", f"resegment={self.resegment}")
        for what, given, known in (
            ("families", self.families, SLICE_FAMILIES),
            ("aggregations", self.aggregations, ("averaged", "merged")),
        ):
            if not given or len(set(given)) != len(given) or not set(given) <= set(known):
                raise InputError(f"{what} must be of {', '.join(known)}, each once", f"{given}")
        if not 2 <= self.ivh_bins <= 1_000_000:
            raise InputError("ivh_bins must be 2 to 1000000", f"{self.ivh_bins}")
