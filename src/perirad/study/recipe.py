"""What decides a feature's value, apart from the pixels: kept in the model so that a new patient gets the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from perirad.features.settings import FeatureSettings
from perirad.regions.exclusion import Cause
from perirad.regions.measure import Measure

__all__ = ["CalibrationRule", "Recipe", "RegionRule", "region_names"]


@dataclass(frozen=True)
class CalibrationRule:
    """What to do with a picture whose file and table row do not know its millimetres.

    With `ruler`, ticks drawn in the picture are read, `tick_mm` apart (None: told from their pattern). `assumed_mm` is
    the spacing to assume where that fails too (None: an error).
    """

    assumed_mm: float | None = None
    ruler: bool = False
    tick_mm: float | None = None


@dataclass(frozen=True)
class RegionRule:
    """Which regions are made: the lesion, a ring of each width, and `further` ones by their names.

    `measure` says to what the distance from the lesion is measured, `exclude` which pixels no region may use, by cause.
    """

    widths_mm: tuple[float, ...] = (3.0, 5.0, 8.0)
    further: tuple[str, ...] = ()
    measure: Measure = Measure.CENTRE
    exclude: tuple[Cause, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the regions, the lesion's first."""
        return region_names(self.widths_mm, self.further)


def region_names(widths_mm: Sequence[float], further: Sequence[str]) -> tuple[str, ...]:
    """Names of a study's regions: I, P3, P5, ..., and what else it asks for."""
    return "I", *(f"P{width:g}" for width in widths_mm), *further


@dataclass(frozen=True)
class Recipe:
    """Calibration, regions and features of a case; `resample_mm` brings all images to one spacing first."""

    regions: RegionRule = RegionRule()
    features: FeatureSettings = field(default_factory=FeatureSettings)
    calibration: CalibrationRule = CalibrationRule()
    resample_mm: float | None = None
