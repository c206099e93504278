"""What to extract: how grey values become levels, and which filtered images are measured."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from perirad.errors import InputError
from perirad.features.filters.records import ResponseFilter
from perirad.features.ibsi.choice import IbsiChoice

__all__ = ["FILTERS", "FeatureSettings", "filter_images"]

FILTERS = (
    "original", "wavelet", "log", "square", "squareroot", "logarithm", "exponential", "gradient", "lbp-2d",
)  # fmt: skip
"""The filters, in the order of PyRadiomics' columns."""

_BANDS = ("wavelet-LH", "wavelet-HL", "wavelet-HH", "wavelet-LL")
_BANDS_IN_SPACE = tuple(f"wavelet-{x}{y}{z}" for x, y, z in ("LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"))


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
        Of `FILTERS`; the columns follow this order.
    wavelet : str
        ``"coif1"``, the only one there is.
    log_sigma_mm : tuple of float
        Standard deviations of the filter ``"log"`` in millimetres, one image each.
    responses : tuple of ResponseFilter
        Filters of IBSI 2, whose images follow those of `filters`.
    definitions : {"pyradiomics", "ibsi"}
        Whose features are measured.
    ibsi : IbsiChoice
        How, where they are IBSI's.
    slice_mm : float, optional
        With PyRadiomics' definitions: measure the picture as a volume of one slice of this thickness, as PyRadiomics
        does without ``force2D``: shape in space, and eight wavelet bands. None: as a picture.

    Raises
    ------
    InputError
        Both or neither of the bin settings, one that is not positive, an unknown filter or wavelet, no sigma or one
        that is not positive or is given twice, two responses of one name, unknown definitions, a thickness that is not
        positive or that goes with IBSI's definitions or with a filter that PyRadiomics does not have of one slice.
    """

    bin_width: float | None = 25.0
    bin_count: int | None = None
    filters: tuple[str, ...] = ("original", "wavelet")
    wavelet: str = "coif1"
    log_sigma_mm: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 5.0)
    responses: tuple[ResponseFilter, ...] = ()
    definitions: Literal["pyradiomics", "ibsi"] = "pyradiomics"
    ibsi: IbsiChoice = field(default_factory=IbsiChoice)
    slice_mm: float | None = None

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
        if not (self.filters or self.responses) or len(set(self.filters)) != len(self.filters):
            raise InputError("filters must be named, each once", f"filters={self.filters}")
        if self.wavelet != "coif1":
            raise InputError("wavelet must be 'coif1'", repr(self.wavelet))
        sigmas = self.log_sigma_mm
        if not sigmas or len(set(sigmas)) != len(sigmas) or not all(math.isfinite(s) and s > 0.0 for s in sigmas):
            raise InputError("sigmas of LoG must be positive, each given once", f"log_sigma_mm={sigmas}")
        self._check_definitions()

    def _check_definitions(self) -> None:
        if self.definitions not in {"pyradiomics", "ibsi"}:
            raise InputError("definitions must be pyradiomics or ibsi", repr(self.definitions))
        if len(set(self.images)) != len(self.images):
            twice = next(name for name in self.images if self.images.count(name) > 1)
            raise InputError("every filtered image must occur once", f"{twice!r} more than once")
        thickness = self.slice_mm
        if thickness is None:
            return
        if not (math.isfinite(thickness) and thickness > 0.0):
            raise InputError("slice thickness must be positive", f"slice_mm={thickness}")
        for name in ("log", "lbp-2d"):
            if name in self.filters:
                expected = "with slice_mm a filter must work on one slice, where PyRadiomics leaves out log and lbp-2d"
                raise InputError(expected, repr(name))
        if self.definitions == "ibsi":
            raise InputError("slice_mm goes with PyRadiomics' definitions", "definitions='ibsi'", mend="leave it out")

    @property
    def images(self) -> tuple[str, ...]:
        """Names of the images that are measured, in the order of the columns."""
        named = tuple(image for name in self.filters for image in filter_images(name, self))
        return named + tuple(chosen.name for chosen in self.responses)


def filter_images(name: str, settings: FeatureSettings) -> tuple[str, ...]:
    """Names of the images that a filter yields, as PyRadiomics has them: ``log-sigma-2-0-mm-3D``, ``lbp-2D``."""
    if name == "wavelet":
        return _BANDS if settings.slice_mm is None else _BANDS_IN_SPACE
    if name == "log":
        return tuple(f"log-sigma-{str(float(s)).replace('.', '-')}-mm-3D" for s in settings.log_sigma_mm)
    return ("lbp-2D",) if name == "lbp-2d" else (name,)
