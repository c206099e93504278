"""Milliseconds of one feature map of a 400 x 400 region, bins of width 25, windows of 11 x 11, one core.

Usage: python benchmarks/bench_maps.py [--all]    (one feature of each kind, or every feature)
"""

from __future__ import annotations

import argparse
from time import process_time

import numpy as np

from perirad.features.catalogue import CATALOGUE
from perirad.features.maps import feature_map
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SHAPE = (400, 400)
SPACING = (0.08, 0.08)
SOME = (
    "firstorder_Mean", "firstorder_Median", "firstorder_Entropy", "firstorder_Skewness", "glcm_JointEntropy",
    "glcm_Contrast", "glcm_Correlation", "glcm_ClusterShade", "glcm_Imc1", "glcm_MCC", "glrlm_RunEntropy",
    "glszm_ZoneEntropy", "gldm_DependenceEntropy", "ngtdm_Busyness", "ngtdm_Coarseness", "ngtdm_Strength",
)  # fmt: skip


def speckle() -> Image:
    """Smoothed noise, 0 to 255: about nine grey levels, half a dozen in a window."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=SHAPE)
    for axis in (0, 1):
        noise = noise + np.roll(noise, 1, axis) + np.roll(noise, 2, axis)
    grey = np.clip(np.round(110.0 + 14.0 * noise), 0.0, 255.0)
    return Image(grey, SPACING, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, *SHAPE))


class Map:
    """One feature of the whole picture."""

    params = SOME

    def setup(self, feature: str) -> None:
        self.image = speckle()
        self.region = Region("I", np.ones(SHAPE, dtype=np.bool_), SPACING)

    def time_map(self, feature: str) -> None:
        feature_map(self.image, self.region, feature, FeatureSettings())


def main() -> None:
    """Print milliseconds of processor time, the better of two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    every = [f"{feature.family}_{feature.name}" for feature in CATALOGUE if feature.family != "shape2D"]
    for feature in every if parser.parse_args().all else SOME:
        bench = Map()
        bench.setup(feature)
        times = []
        for _ in range(2):
            start = process_time()
            bench.time_map(feature)
            times.append(process_time() - start)
        print(f"{feature}: {1e3 * min(times):.0f} ms", flush=True)


if __name__ == "__main__":
    main()
