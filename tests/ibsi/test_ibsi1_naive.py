"""Counts and sums in a volume against their slow twins, on random regions and on those that break things."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import numpy as np
import pytest
from tests.reference import volume as naive

from perirad.arrays import IntArray
from perirad.features.cells import Cells
from perirad.features.ibsi.aggregation import Plane
from perirad.features.ibsi.cooccurrence import pair_cells
from perirad.features.ibsi.dependence import dependence_cells
from perirad.features.ibsi.distancezone import border_distance, distance_cells
from perirad.features.ibsi.levels import LevelVolume, directions, level_volume
from perirad.features.ibsi.local_intensity import RADIUS_MM, sphere_means
from perirad.features.ibsi.runlength import run_cells
from perirad.features.ibsi.sizezone import zone_cells
from perirad.features.ibsi.spatial import autocorrelation
from perirad.features.ibsi.tone import tone_matrices
from perirad.features.ibsi.zones import find_zones

PLANES: tuple[Plane, ...] = ("2D", "3D")
N_RANDOM = 60


def random_levels(seed: int) -> IntArray:
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 7, size=3)
    levels = rng.integers(1, rng.integers(2, 7), size=shape)
    levels[rng.random(shape) < rng.choice([0.0, 0.2, 0.7])] = 0
    return levels


def degenerate() -> list[IntArray]:
    one = np.zeros((3, 4, 5), dtype=np.int64)
    one[1, 2, 3] = 7
    apart = np.zeros((5, 4, 4), dtype=np.int64)
    apart[0, 0, 0], apart[4, 3, 3], apart[4, 3, 2] = 2, 2, 1
    return [np.zeros((2, 3, 3), dtype=np.int64), one, apart, np.full((3, 4, 2), 3), np.ones((5, 1, 1), dtype=np.int64)]


CASES = [*degenerate(), *(random_levels(seed) for seed in range(N_RANDOM))]


def region_of(levels: IntArray) -> LevelVolume:
    return level_volume(levels[levels > 0], levels > 0)


def parts(levels: IntArray, plane: Plane) -> list[IntArray]:
    """The pieces that have a matrix each: slices with a voxel, or the whole."""
    return [part[None] for part in levels if part.any()] if plane == "2D" else [levels]


def counter(cells: Cells) -> Counter[tuple[int, int, int]]:
    assert np.all(np.diff(cells.matrix) >= 0)
    keys = zip(cells.matrix.tolist(), cells.i.tolist(), cells.j.tolist(), strict=True)
    return Counter(dict(zip(keys, cells.n.astype(int).tolist(), strict=True)))


def numbered(counts: list[Counter[tuple[int, int]]]) -> Counter[tuple[int, int, int]]:
    return Counter(
        dict(chain.from_iterable((((k, *key), n) for key, n in one.items()) for k, one in enumerate(counts)))
    )


@pytest.mark.parametrize("plane", PLANES)
def test_pairs_and_runs_naive(plane: Plane) -> None:
    steps = directions(plane != "3D")
    for levels in CASES:
        region = region_of(levels)
        each = [(part, step) for part in parts(levels, plane) for step in steps]
        assert counter(pair_cells(region, plane)) == numbered([naive.pairs(*one) for one in each])
        assert counter(run_cells(region, plane)) == numbered([naive.runs(*one) for one in each])


@pytest.mark.parametrize("plane", PLANES)
def test_zones_naive(plane: Plane) -> None:
    planar = plane != "3D"
    for levels in CASES:
        region = region_of(levels)
        zones = find_zones(region, planar)
        distance = border_distance(levels > 0, planar)[levels > 0]
        sizes, borders = [], []
        for part in parts(levels, plane):
            found = naive.zones(part, planar)
            sizes.append(Counter((level, len(zone)) for level, zone in found))
            near = [min(naive.border_steps(part > 0, voxel, planar) for voxel in zone) for _, zone in found]
            borders.append(Counter((level, steps) for (level, _), steps in zip(found, near, strict=True)))
        assert counter(zone_cells(region, zones, plane)) == numbered(sizes)
        assert counter(distance_cells(region, zones, distance, plane)) == numbered(borders)


@pytest.mark.parametrize("plane", PLANES)
def test_neighbours_naive(plane: Plane) -> None:
    planar = plane != "3D"
    for levels in CASES:
        region, pieces = region_of(levels), parts(levels, plane)
        found = counter(dependence_cells(region, plane))
        assert found == numbered([naive.dependences(part, planar) for part in pieces])
        matrices = tone_matrices(region, plane)
        assert len(matrices) == len(pieces)
        for (n, s), part in zip(matrices, pieces, strict=True):
            expected = naive.tones(part, planar)
            assert {level: int(n[level]) for level in np.flatnonzero(n)} == {k: v[0] for k, v in expected.items()}
            assert all(s[level] == pytest.approx(total) for level, (_, total) in expected.items())


def test_autocorrelation_naive() -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        shape = tuple(rng.integers(2, 6, size=3))
        image, inside = rng.normal(size=shape), rng.random(shape) < 0.7
        inside[0, 0, 0] = inside[1, 1, 1] = True
        spacing_mm = (3.0, 0.5, 0.7)
        expected = naive.moran_geary(image[inside], np.argwhere(inside) * np.array(spacing_mm))
        assert autocorrelation(image, inside, spacing_mm) == pytest.approx(expected, rel=1e-10)


def test_sphere_means_naive() -> None:
    rng = np.random.default_rng(12)
    for spacing_mm in ((3.0, 2.0, 2.5), (7.0, 4.0, 1.5), (2.0, 0.5, 0.5)):
        image, inside = rng.normal(size=(6, 5, 7)), rng.random((6, 5, 7)) < 0.3
        expected = [
            naive.sphere_mean(image, (int(d), int(r), int(c)), spacing_mm, RADIUS_MM) for d, r, c in np.argwhere(inside)
        ]
        assert sphere_means(image, inside, spacing_mm) == pytest.approx(expected)
