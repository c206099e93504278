"""Time of the extraction: whole cases, and each family's counting and each filter."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.features.discretise import LevelImage, discretise, level_image, place_of
from perirad.features.extract import extract
from perirad.features.glcm import pair_cells
from perirad.features.gldm import dependence_cells
from perirad.features.glrlm import run_cells
from perirad.features.glszm import zone_cells
from perirad.features.log import laplacian_of_gaussian
from perirad.features.ngtdm import difference_sums
from perirad.features.pointwise import gradient, local_binary_patterns
from perirad.features.presets import preset
from perirad.features.settings import FeatureSettings
from perirad.features.wavelet import bands
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING = (0.08, 0.08)
SHAPE = (600, 800)
FOUR = ("I", "P3", "P5", "P8")
SEVEN = (*FOUR, "I+3", "I+5", "I+8")
CASES = {
    "474 features, 4 regions": (preset(474), FOUR),
    "474 features, 4 regions, 32 bins": (FeatureSettings(None, 32), FOUR),
    "939 features, 7 regions": (preset(939), SEVEN),
    "102 features, 7 regions": (preset(102), SEVEN),
}


def speckle() -> FloatArray:
    """Smoothed noise with a dark ellipse, 0 to 255."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=SHAPE)
    for axis in (0, 1):
        noise = sum((np.roll(noise, k, axis) for k in (1, 2)), noise)
    grey = 110.0 + 18.0 * noise - 50.0 * (distance_mm() <= 0.0)
    return np.asarray(np.clip(np.round(grey), 0.0, 255.0), dtype=np.float64)


def distance_mm() -> FloatArray:
    """Distance to an ellipse of 22,000 pixels in the middle, nearly."""
    row, column = np.indices(SHAPE)
    radius = np.hypot((row - 300) / 70.0, (column - 400) / 100.0)
    return np.asarray(np.maximum(radius - 1.0, 0.0) * 6.6, dtype=np.float64)


def regions() -> dict[str, BoolArray]:
    """I, the rings P3, P5 and P8, and their unions with I."""
    distance = distance_mm()
    rings = {f"P{mm}": (distance > 0.0) & (distance <= mm) for mm in (3, 5, 8)}
    return {"I": distance <= 0.0} | rings | {f"I+{mm}": distance <= mm for mm in (3, 5, 8)}


class Extract:
    """One case."""

    params = tuple(CASES)

    def setup(self, case: str) -> None:
        self.settings, names = CASES[case]
        self.image = Image(speckle(), SPACING, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, *SHAPE))
        self.regions = [Region(name, regions()[name], SPACING) for name in names]

    def time(self, _: str) -> None:
        extract(self.image, self.regions, self.settings)


class Count:
    """One family on P8, alone, or one filter of the whole picture."""

    params = ("glcm", "glrlm", "glszm", "gldm", "ngtdm", "wavelet", "log 3 mm", "gradient", "lbp-2d")

    def setup(self, _: str) -> None:
        self.pixels = speckle()
        place = place_of(regions()["P8"])
        levels = level_image(discretise(self.pixels.reshape(-1)[place.in_image], FeatureSettings()), place)
        self.levels: LevelImage = levels
        self.work: dict[str, Callable[[], object]] = {
            "glcm": lambda: pair_cells(levels),
            "glrlm": lambda: run_cells(levels),
            "glszm": lambda: zone_cells(levels),
            "gldm": lambda: dependence_cells(levels),
            "ngtdm": lambda: difference_sums(levels),
            "wavelet": lambda: bands(self.pixels),
            "log 3 mm": lambda: laplacian_of_gaussian(self.pixels, SPACING, 3.0),
            "gradient": lambda: gradient(self.pixels, SPACING),
            "lbp-2d": lambda: local_binary_patterns(self.pixels),
        }

    def time(self, what: str) -> None:
        self.work[what]()


def main() -> None:
    """Print milliseconds of processor time, the best of ten."""
    for suite in (Extract, Count):
        for param in suite.params:
            bench = suite()
            bench.setup(param)
            times = []
            for _ in range(10):
                start = process_time()
                bench.time(param)
                times.append(process_time() - start)
            print(f"{suite.__name__} {param}: {1e3 * min(times):.1f} ms")


if __name__ == "__main__":
    main()
