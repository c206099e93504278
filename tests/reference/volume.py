"""Slow twins of the IBSI counts in a volume: voxel by voxel. Levels from 1, 0 outside; axes (slice, row, column)."""

from __future__ import annotations

import itertools
import math
from collections import Counter

from perirad.arrays import BoolArray, FloatArray, IntArray

Step = tuple[int, int, int]
Voxel = tuple[int, int, int]


def level_at(levels: IntArray, voxel: Voxel) -> int:
    inside = all(0 <= place < side for place, side in zip(voxel, levels.shape, strict=True))
    return int(levels[voxel]) if inside else 0


def voxels(levels: IntArray) -> list[Voxel]:
    return [(int(d), int(r), int(c)) for d, r, c in zip(*levels.nonzero(), strict=True)]


def moved(voxel: Voxel, step: Step, times: int = 1) -> Voxel:
    return voxel[0] + times * step[0], voxel[1] + times * step[1], voxel[2] + times * step[2]


def all_steps(planar: bool) -> list[Step]:
    around = itertools.product((0,) if planar else (-1, 0, 1), (-1, 0, 1), (-1, 0, 1))
    return [step for step in around if step != (0, 0, 0)]


def pairs(levels: IntArray, step: Step) -> Counter[tuple[int, int]]:
    found = Counter[tuple[int, int]]()
    for voxel in voxels(levels):
        for way in (1, -1):
            other = level_at(levels, moved(voxel, step, way))
            if other:
                found[int(levels[voxel]), other] += 1
    return found


def runs(levels: IntArray, step: Step) -> Counter[tuple[int, int]]:
    found = Counter[tuple[int, int]]()
    for voxel in voxels(levels):
        level = int(levels[voxel])
        if level_at(levels, moved(voxel, step, -1)) == level:
            continue
        length = 1
        while level_at(levels, moved(voxel, step, length)) == level:
            length += 1
        found[level, length] += 1
    return found


def zones(levels: IntArray, planar: bool) -> list[tuple[int, list[Voxel]]]:
    left = {voxel: int(levels[voxel]) for voxel in voxels(levels)}
    found = []
    while left:
        start, level = left.popitem()
        zone, todo = [start], [start]
        while todo:
            here = todo.pop()
            for step in all_steps(planar):
                there = moved(here, step)
                if left.get(there) == level:
                    del left[there]
                    zone.append(there)
                    todo.append(there)
        found.append((level, zone))
    return found


def border_steps(inside: BoolArray, voxel: Voxel, planar: bool) -> int:
    """Smallest city-block distance to a voxel outside, the image's surroundings being outside."""
    down, rows, columns = inside.shape
    around = itertools.product(range(-1, down + 1), range(-1, rows + 1), range(-1, columns + 1))
    return min(
        sum(abs(a - b) for a, b in zip(voxel, other, strict=True))
        for other in around
        if (not planar or other[0] == voxel[0]) and not level_at(inside.astype(int), other)
    )


def dependences(levels: IntArray, planar: bool) -> Counter[tuple[int, int]]:
    found = Counter[tuple[int, int]]()
    for voxel in voxels(levels):
        level = int(levels[voxel])
        found[level, 1 + sum(level_at(levels, moved(voxel, step)) == level for step in all_steps(planar))] += 1
    return found


def tones(levels: IntArray, planar: bool) -> dict[int, tuple[int, float]]:
    """Voxels with a neighbour, and their summed differences, by level."""
    found: dict[int, tuple[int, float]] = {}
    for voxel in voxels(levels):
        near = [level_at(levels, moved(voxel, step)) for step in all_steps(planar)]
        near = [level for level in near if level]
        if near:
            level = int(levels[voxel])
            n, s = found.get(level, (0, 0.0))
            found[level] = n + 1, s + abs(level - sum(near) / len(near))
    return found


def moran_geary(values: FloatArray, points_mm: FloatArray) -> tuple[float, float]:
    mean = sum(values) / len(values)
    variation = sum((x - mean) ** 2 for x in values)
    weights = products = gaps = 0.0
    for (x, a), (y, b) in itertools.permutations(zip(values, points_mm, strict=True), 2):
        w = 1.0 / math.dist(a, b)
        weights += w
        products += w * (x - mean) * (y - mean)
        gaps += w * (x - y) ** 2
    n = len(values)
    return n / weights * products / variation, (n - 1) / (2.0 * weights) * gaps / variation


def sphere_mean(image: FloatArray, voxel: Voxel, spacing_mm: tuple[float, float, float], radius_mm: float) -> float:
    near = []
    for other in itertools.product(*map(range, image.shape)):
        gap = [(a - b) * step for a, b, step in zip(voxel, other, spacing_mm, strict=True)]
        if math.hypot(*gap) <= radius_mm:
            near.append(float(image[other]))
    return sum(near) / len(near)
