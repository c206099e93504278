"""What decides a feature's value, apart from the pixels: kept in the model so that a new patient gets the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from perirad.features.settings import FeatureSettings

__all__ = ["CalibrationRule", "Recipe", "RegionRule"]


@dataclass(frozen=True)
class CalibrationRule:
    """What to do with a picture whose file and table row do not know its millimetres.

    `assumed_mm` is the spacing to assume then (None: an error).
    """

    assumed_mm: float | None = None


@dataclass(frozen=True)
class RegionRule:
    """Which regions are made: the lesion and a ring of each width."""

    widths_mm: tuple[float, ...] = (3.0, 5.0, 8.0)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the regions, the lesion's first."""
        return "I", *(f"P{width:g}" for width in self.widths_mm)


@dataclass(frozen=True)
class Recipe:
    """Calibration, regions and features of a case; `resample_mm` brings all images to one spacing first."""

    regions: RegionRule = RegionRule()
    features: FeatureSettings = field(default_factory=FeatureSettings)
    calibration: CalibrationRule = CalibrationRule()
    resample_mm: float | None = None
