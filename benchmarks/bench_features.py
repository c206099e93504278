"""Time of the extraction: 474 features of four regions, and each family's counting on the largest ring."""

from __future__ import annotations

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.features.discretise import LevelImage, discretise, level_image, place_of
from perirad.features.extract import extract
from perirad.features.glcm import pair_cells
from perirad.features.gldm import dependence_cells
from perirad.features.glrlm import run_cells
from perirad.features.glszm import zone_cells
from perirad.features.ngtdm import ngtdm
from perirad.features.settings import FeatureSettings
from perirad.features.wavelet import bands
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING = (0.07, 0.07)
SHAPE = (600, 800)


def speckle() -> FloatArray:
    """Smoothed noise with a dark ellipse, 0 to 255."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=SHAPE)
    for axis in (0, 1):
        noise = sum((np.roll(noise, k, axis) for k in (1, 2)), noise)
    grey = 110.0 + 18.0 * noise - 50.0 * (distance_mm() <= 0.0)
    return np.asarray(np.clip(np.round(grey), 0.0, 255.0), dtype=np.float64)


def distance_mm() -> FloatArray:
    """Distance to an ellipse of about 11 x 8 mm in the middle, nearly."""
    row, column = np.indices(SHAPE)
    radius = np.hypot((row - 300) / 57.0, (column - 400) / 78.0)
    return np.asarray(np.maximum(radius - 1.0, 0.0) * 4.7, dtype=np.float64)


def rings() -> dict[str, BoolArray]:
    """I, P3, P5 and P8."""
    distance = distance_mm()
    return {"I": distance <= 0.0} | {f"P{mm}": (distance > 0.0) & (distance <= mm) for mm in (3, 5, 8)}


class Extract:
    """One case."""

    params = ("bin width 25", "32 bins")

    def setup(self, setting: str) -> None:
        pixels = speckle()
        self.settings = FeatureSettings() if setting == "bin width 25" else FeatureSettings(None, 32)
        self.image = Image(pixels, SPACING, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, *SHAPE))
        self.regions = [Region(name, mask, SPACING) for name, mask in rings().items()]

    def time_extract(self, setting: str) -> None:
        extract(self.image, self.regions, self.settings)


class Count:
    """One family on P8."""

    params = ("glcm", "glrlm", "glszm", "gldm", "ngtdm", "wavelet")

    def setup(self, family: str) -> None:
        self.pixels = speckle()
        self.levels = self.level_image()
        self.count = {
            "glcm": pair_cells,
            "glrlm": run_cells,
            "glszm": zone_cells,
            "gldm": dependence_cells,
            "ngtdm": ngtdm,
            "wavelet": self.bands,
        }[family]

    def level_image(self) -> LevelImage:
        place = place_of(rings()["P8"])
        return level_image(discretise(self.pixels.reshape(-1)[place.in_image], FeatureSettings()), place)

    def bands(self, _: LevelImage) -> FloatArray:
        return bands(self.pixels)

    def time_count(self, family: str) -> None:
        self.count(self.levels)


def main() -> None:
    """Print milliseconds, the best of five."""
    from time import perf_counter  # noqa: PLC0415

    for suite, run in ((Extract, "time_extract"), (Count, "time_count")):
        for param in suite.params:
            bench = suite()
            bench.setup(param)
            times = []
            for _ in range(5):
                start = perf_counter()
                getattr(bench, run)(param)
                times.append(perf_counter() - start)
            print(f"{suite.__name__} {param}: {1e3 * min(times):.1f} ms")


if __name__ == "__main__":
    main()
