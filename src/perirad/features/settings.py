"""What to extract: how grey values become levels, and which filtered images are measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

from perirad.errors import InputError

__all__ = ["FILTERS", "FeatureSettings"]

FILTERS: dict[str, tuple[str, ...]] = {
    "original": ("original",),
    "wavelet": ("wavelet-LH", "wavelet-HL", "wavelet-HH", "wavelet-LL"),
}
"""Filter -> the images it yields, in the order of the columns."""


@dataclass(frozen=True)
class FeatureSettings:
    """Choices of the extraction.

    Parameters
    ----------
    bin_width : float, optional
        Width of a grey level, in grey values; the lower edges are multiples of it (IBSI fixed bin size with its
        origin at zero). Exactly one of `bin_width` and `bin_count` is given, the other is None.
    bin_count : int, optional
        Number of grey levels between a region's minimum and maximum (IBSI fixed bin number).
    filters : tuple of str
        Of ``"original"`` and ``"wavelet"``; the columns follow this order.
    wavelet : str
        ``"coif1"``, the only one there is.

    Raises
    ------
    InputError
        Both or neither of the bin settings, one that is not positive, an unknown filter or wavelet.
    """

    bin_width: float | None = 25.0
    bin_count: int | None = None
    filters: tuple[str, ...] = ("original", "wavelet")
    wavelet: str = "coif1"

    def __post_init__(self) -> None:
        given = f"bin_width={self.bin_width}, bin_count={self.bin_count}"
        if (self.bin_width is None) == (self.bin_count is None):
            raise InputError(
                "exactly one of bin_width and bin_count must be given", given, mend="set the other to None"
            )
        if self.bin_width is not None and not (math.isfinite(self.bin_width) and self.bin_width > 0.0):
            raise InputError("bin width must be positive", given)
        if self.bin_count is not None and not (self.bin_count >= 1 and self.bin_count == int(self.bin_count)):
            raise InputError("bin count must be a whole number from 1", given)
        for name in self.filters:
            if name not in FILTERS:
                raise InputError(f"a filter must be one of {', '.join(FILTERS)}", repr(name))
        if not self.filters or len(set(self.filters)) != len(self.filters):
            raise InputError("filters must be named, each once", f"filters={self.filters}")
        if self.wavelet != "coif1":
            raise InputError("wavelet must be 'coif1'", repr(self.wavelet))

    @property
    def images(self) -> tuple[str, ...]:
        """Names of the images that are measured, in the order of the columns."""
        return tuple(image for name in self.filters for image in FILTERS[name])
