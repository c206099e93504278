"""Milliseconds of rings P3, P5 and P8 of a 1024 x 768 image, and how near their areas come to the true ones.

Usage: python -m benchmarks.bench_regions [--areas N]    (N random shapes of each kind)
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from time import process_time

import numpy as np
from scipy import ndimage
from tests.reference.shapes import Shape

from perirad.arrays import BoolArray
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.exclusion import Cause, Exclusions
from perirad.regions.lesion import lesion_region
from perirad.regions.measure import Measure
from perirad.regions.named import named_regions, profile
from perirad.regions.ring import rings

SHAPE = (768, 1024)
SPACING = (0.08, 0.08)
WIDTHS = (3.0, 5.0, 8.0)
NAMES = ("I", "P3", "P5", "P8", "R3-5", "U5", "N2", "C2", "T8-13")


def blank(mask: BoolArray, spacing_mm: tuple[float, float]) -> Image:
    rows, columns = mask.shape
    return Image(np.zeros(mask.shape), spacing_mm, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, rows, columns))


def lobed() -> BoolArray:
    """About 22,000 pixels with a wavy outline."""
    row, column = np.ogrid[: SHAPE[0], : SHAPE[1]]
    down, aside = row - 350.0, column - 500.0
    angle = np.arctan2(down, aside)
    lesion: BoolArray = np.hypot(1.25 * down, aside) <= 92.0 + 7.0 * np.sin(7.0 * angle) + 3.0 * np.cos(19.0 * angle)
    return lesion


class Rings:
    """Regions of one image."""

    params = tuple(Measure)

    def setup(self, measure: Measure) -> None:
        mask = lobed()
        self.image, self.measure = blank(mask, SPACING), measure
        self.lesion = lesion_region(mask, self.image)
        masks = {cause: np.zeros(SHAPE, dtype=np.bool_) for cause in (Cause.TEXT, Cause.CALIPERS, Cause.SHADOW)}
        masks[Cause.SHADOW][400:, 450:550] = True
        self.exclusions = Exclusions(masks)

    def time_rings(self, measure: Measure) -> None:
        rings(self.lesion, self.image, WIDTHS, measure=measure)

    def time_rings_excluded(self, measure: Measure) -> None:
        rings(self.lesion, self.image, WIDTHS, measure=measure, exclusions=self.exclusions)

    def time_named(self, measure: Measure) -> None:
        named_regions(self.lesion, self.image, NAMES, measure=measure)

    def time_profile(self, measure: Measure) -> None:
        profile(self.lesion, self.image, measure=measure)


def whole_picture(mask: BoolArray) -> list[BoolArray]:
    """Return the rings as SciPy's distance transform of the whole picture gives them."""
    away = ndimage.distance_transform_edt(~mask, sampling=SPACING)
    return [(away > 0.0) & (away <= width) for width in WIDTHS]


def milliseconds(task: Callable[[], object], times: int = 20) -> float:
    taken = []
    for _ in range(times):
        start = process_time()
        task()
        taken.append(process_time() - start)
    return 1e3 * min(taken)


def speed() -> None:
    mask = lobed()
    known = milliseconds(lambda: whole_picture(mask), 5)
    print(f"lesion of {np.count_nonzero(mask)} pixels; SciPy, whole picture: {known:.1f} ms")
    for measure in Measure:
        bench = Rings()
        bench.setup(measure)
        for task in (bench.time_rings, bench.time_rings_excluded, bench.time_named, bench.time_profile):
            took = milliseconds(lambda task=task, measure=measure: task(measure))  # type: ignore[misc]
            print(f"{measure} {task.__name__[5:]}: {took:.2f} ms, SciPy / perirad {known / took:.1f}", flush=True)


def spacings(random: np.random.Generator) -> tuple[float, float]:
    """Spacings of 0.05 to 0.15 mm, 1:1 to 1:2."""
    fine = random.uniform(0.05, 0.15)
    pair = (fine, min(0.15, fine * random.choice([1.0, 1.3, 2.0])))
    return pair if random.random() < 0.5 else pair[::-1]


def shapes(kind: str, random: np.random.Generator) -> tuple[Shape, tuple[float, float]]:
    spacing = spacings(random)
    if kind == "discs":
        radius = random.uniform(20.0, 200.0) * math.sqrt(spacing[0] * spacing[1])
        return Shape(radius_mm=min(radius, 20.0)), spacing
    sides = random.uniform(6.0, 20.0), random.uniform(5.0, 15.0)
    if kind == "oblique":
        return Shape(sides, angle=float(random.choice([5, 15, 30, 45, 60, random.uniform(0, 90)]))), spacing
    spacing = (float(random.choice([0.05, 0.0625, 0.1, 0.125])), float(random.choice([0.05, 0.0625, 0.1, 0.125])))
    whole = [2.0 * round(side / 2.0 / mm) * mm for side, mm in zip(sides, spacing[::-1], strict=True)]
    return Shape((whole[0], whole[1])), spacing


def errors(kind: str, measure: Measure, n: int) -> Iterator[list[float]]:
    """Yield, shape by shape, the errors of the areas of the rings in per cent."""
    random = np.random.default_rng(7)
    for _ in range(n):
        shape, spacing = shapes(kind, random)
        offset = (0.0, 0.0) if kind == "upright" else (random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5))
        mask = shape.mask(spacing, max(WIDTHS) + 0.5, offset)
        image = blank(mask, spacing)
        found = rings(lesion_region(mask, image), image, WIDTHS, measure=measure)
        yield [100.0 * (ring.area_mm2 / shape.ring_mm2(w) - 1.0) for w, ring in zip(WIDTHS, found, strict=True)]


def areas(n: int) -> None:
    for measure in Measure:
        for kind in ("discs", "upright", "oblique"):
            table = np.array(list(errors(kind, measure, n)))
            for i, width in enumerate(WIDTHS):
                e = table[:, i]
                share = np.mean(np.abs(e) <= 0.5)
                print(
                    f"{measure} {kind} P{width:g}: mean {e.mean():+.2f} %, rms {np.sqrt(np.mean(e**2)):.2f} %,"
                    f" largest {np.abs(e).max():.2f} %, within 0.5 %: {100 * share:.0f} % of {n}"
                )


def main() -> None:
    """Print the speed, or the errors of the areas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, metavar="N")
    n = parser.parse_args().areas
    if n:
        areas(n)
    else:
        speed()


if __name__ == "__main__":
    main()
