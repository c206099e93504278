"""The region record: which pixels, and what of the region could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from perirad.arrays import BoolArray, frozen
from perirad.errors import InputError

__all__ = ["Region"]


@dataclass(frozen=True)
class Region:
    """A set of pixels of an image.

    Parameters
    ----------
    name : str
        ``I`` intratumoral, ``P5`` peritumoral ring 0 < d <= 5 mm, ``U5`` filled union.
    mask : ndarray of bool, shape (n_rows, n_columns)
        True where the pixel's centre belongs to the region; same shape as the image.
    spacing_mm : tuple of float
        (row, column), copied from the image.
    lost_fraction : mapping of str to float
        Cause -> share (0 to 1) of the region's full area that is not in `mask`, e.g. ``{"image edge": 0.21}``.
        The full area counts pixels on the image's grid continued beyond its edge.
    outlined : ndarray of bool, shape (n_rows, n_columns), optional
        The region's pixels before text, calipers, shadow and other causes inside the field were taken out, for
        features of its outline. None when nothing was taken out.
    """

    name: str
    mask: BoolArray
    spacing_mm: tuple[float, float]
    lost_fraction: Mapping[str, float] = field(default_factory=dict)
    outlined: BoolArray | None = None

    def __post_init__(self) -> None:
        mask = np.ascontiguousarray(self.mask, dtype=np.bool_)
        if mask.ndim != 2:
            raise InputError(f"mask of region {self.name} must be (row, column)", f"shape {mask.shape}")
        object.__setattr__(self, "mask", frozen(mask))
        object.__setattr__(self, "lost_fraction", MappingProxyType(dict(self.lost_fraction)))
        if self.outlined is not None:
            object.__setattr__(self, "outlined", frozen(self._checked_outline(self.outlined)))

    def _checked_outline(self, outlined: BoolArray) -> BoolArray:
        outline = np.ascontiguousarray(outlined, dtype=np.bool_)
        if outline.shape != self.mask.shape:
            raise InputError(
                f"mask and outlined pixels of region {self.name} must have one shape",
                f"{self.mask.shape} and {outline.shape}",
            )
        if (self.mask & ~outline).any():
            raise InputError(f"outlined pixels of region {self.name} must hold its mask", "pixels of the mask outside")
        return outline

    @property
    def whole(self) -> BoolArray:
        """The pixels before exclusion: `outlined`, or `mask` where nothing was taken out."""
        return self.mask if self.outlined is None else self.outlined

    @property
    def morphological_mask(self) -> BoolArray:
        """The pixels whose shape is measured (IBSI's morphological mask): `whole`, but none where nothing is left."""
        return self.whole if self.mask.any() else self.mask

    @property
    def n_pixels(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.mask))

    @property
    def area_mm2(self) -> float:
        """Area: pixels times the area of one."""
        return self.n_pixels * self.spacing_mm[0] * self.spacing_mm[1]

    @property
    def lost_total(self) -> float:
        """Share of the region lost to all causes together."""
        return float(sum(self.lost_fraction.values()))
