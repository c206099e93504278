"""Small regions for the kernel tests: random ones, and those that break things."""

from __future__ import annotations

from collections import Counter

import numpy as np

from perirad.arrays import IntArray
from perirad.features.cells import Cells
from perirad.features.discretise import LevelImage, level_image, place_of

N_RANDOM = 500


def level_image_of(levels: IntArray) -> LevelImage:
    """Level image of a picture of levels in which 0 is outside."""
    place = place_of(levels > 0)
    return level_image(levels.reshape(-1)[place.in_image], place)


def degenerate() -> dict[str, IntArray]:
    """Regions of one pixel, of one level, in pieces, in a line, and filling the picture."""
    one = np.zeros((5, 6), dtype=np.int64)
    one[2, 3] = 4
    corner = np.zeros((3, 3), dtype=np.int64)
    corner[0, 0] = 1
    pieces = np.zeros((9, 11), dtype=np.int64)
    pieces[0, 0], pieces[8, 10], pieces[0, 10] = 2, 2, 5
    pieces[4:6, 4:6] = 5
    checkers = np.indices((6, 7)).sum(axis=0) % 2 * 3
    spiral = np.array([[1, 1, 1, 1, 1], [2, 2, 2, 2, 1], [1, 1, 1, 2, 1], [1, 2, 2, 2, 1], [1, 1, 1, 1, 1]])
    return {
        "one pixel": one,
        "one pixel in a corner": corner,
        "two pixels off every line": np.array([[1, 0, 0], [0, 0, 1]]),
        "pieces": pieces,
        "flat": np.full((7, 4), 3),
        "row": np.array([[1, 1, 2, 2, 2, 7]]),
        "column": np.array([[1], [1], [3]]),
        "diagonal": np.diag([2, 2, 2, 1]),
        "checkers": checkers,
        "spiral": spiral,
        "high levels": np.array([[1, 65535], [65535, 400]]),
    }


def random_regions() -> list[IntArray]:
    """Random levels in random masks, from sparse to full, touching the border."""
    rng = np.random.default_rng(20240229)
    regions = []
    for _ in range(N_RANDOM):
        shape = rng.integers(1, 13, size=2)
        levels = rng.integers(1, rng.integers(2, 9), size=shape)
        levels[rng.random(shape) > rng.choice([0.3, 0.7, 0.95, 1.0])] = 0
        if not levels.any():
            levels[0, 0] = 1
        regions.append(levels)
    return regions


def all_regions() -> list[IntArray]:
    """Random and degenerate regions."""
    return [*random_regions(), *degenerate().values()]


def counter_of(cells: Cells) -> Counter[tuple[int, int, int]]:
    """Cells as the slow twins count them."""
    return Counter({
        (int(m), int(i), int(j)): int(n)
        for m, i, j, n in zip(cells.matrix, cells.i, cells.j, cells.n, strict=True)
    })  # fmt: skip
