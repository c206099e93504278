"""How lengths are written: in mm, or in pixels where the spacing behind them is assumed and no millimetre is known."""

from __future__ import annotations

from dataclasses import dataclass

from perirad.regions.legacy import LegacyRing
from perirad.regions.names import Kind, parse_region_name

__all__ = ["Lengths", "pixels_text"]

_TWO = (Kind.BETWEEN, Kind.TISSUE)


def pixels_text(length_mm: float, assumed_mm: float) -> str:
    """Length on an image of assumed spacing, in pixels of its file: ``50 px (assumed 0.1 mm)``."""
    return f"{_number(length_mm / assumed_mm)} px (assumed {assumed_mm:g} mm)"


@dataclass(frozen=True)
class Lengths:
    """The unit of all lengths that were taken from some images.

    Parameters
    ----------
    assumed_mm : float, optional
        Spacing that was assumed for the images without one (mm per pixel). None: all spacings are known.
    n_assumed, n : int
        For how many of how many images it was assumed.
    regions : tuple of str
        Names of the regions, whose widths `note` gives in pixels.
    """

    assumed_mm: float | None = None
    n_assumed: int = 0
    n: int = 0
    regions: tuple[str, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether any spacing is assumed."""
        return self.assumed_mm is not None and self.n_assumed > 0

    @property
    def mixed(self) -> bool:
        """Whether some spacings are assumed and others are known."""
        return self.assumed and self.n_assumed < self.n

    @property
    def counts(self) -> str:
        """``3 of 60 images``, ``all 60 images``: those of assumed spacing."""
        return f"{self.n_assumed} of {self.n} images" if self.mixed else f"all {self.n} images"

    @property
    def unit(self) -> str:
        """``mm``, ``px (assumed 0.1 mm)``, or both with the number of images where some are assumed."""
        if not self.assumed:
            return "mm"
        return f"mm, and {self.pixels} in {self.counts}" if self.mixed else self.pixels

    @property
    def pixels(self) -> str:
        """``px (assumed 0.1 mm)``: the unit on the images of assumed spacing; empty where there are none."""
        return "" if self.assumed_mm is None else f"px (assumed {self.assumed_mm:g} mm)"

    @property
    def note(self) -> str:
        """Two sentences for the margin of a figure or the foot of a table; empty where all spacings are known."""
        if not self.assumed:
            return ""
        widths = [f"{name} is {width}" for name in self.regions if (width := self.width(name))]
        said = f"In {self.counts} the spacing is assumed: lengths taken from them are in {self.pixels}, not mm."
        return f"{said} {', '.join(widths)}." if widths else said

    def ring(self, region: str) -> str:
        """Region with its width: ``P5 (50 px, assumed 0.1 mm)``; its name alone where all millimetres are known."""
        width = self.width(region)
        if not width:
            return region
        said = f"{width}, assumed {self.assumed_mm:g} mm"
        return f"{region} ({said}, in {self.counts})" if self.mixed else f"{region} ({said})"

    def width(self, region: str) -> str:
        """Width of a region on the images of assumed spacing: ``50 px``, ``30-50 px``.

        Empty for the lesion, for rings that are counted in pixels anyway, and where all millimetres are known.
        """
        name = parse_region_name(region)
        if self.assumed_mm is None or not self.assumed or isinstance(name, LegacyRing) or name.kind is Kind.LESION:
            return ""
        ends = (name.from_mm, name.to_mm) if name.kind in _TWO else (name.to_mm,)
        return f"{'-'.join(_number(end / self.assumed_mm) for end in ends)} px"


def _number(pixels: float) -> str:
    return f"{pixels:.0f}" if pixels >= 1000 else f"{pixels:.3g}"
