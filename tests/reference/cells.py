"""Slow twins of the sums over cells: the definitions written out, one matrix at a time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import numpy as np

Table = Mapping[tuple[int, int], int]
"""Count by row and column of one matrix."""


def _mean(table: Table, weight: Callable[[int, int], float]) -> float:
    return math.fsum(n * weight(i, j) for (i, j), n in table.items()) / sum(table.values())


def _margin(table: Table, index: Callable[[int, int], int]) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    for (i, j), n in table.items():
        sums[index(i, j)] += n
    return sums


def _entropy(counts: Iterable[int]) -> float:
    counts = list(counts)
    total = sum(counts)
    return -math.fsum(n / total * math.log2(n / total) for n in counts)


def sizes(table: Table) -> dict[str, float]:
    """Emphases, variances, entropy and squared margins of a matrix of level by size."""
    level, size = _mean(table, lambda i, _: i), _mean(table, lambda _, j: j)
    return {
        "total": sum(table.values()),
        "small": _mean(table, lambda _, j: 1 / j**2),
        "large": _mean(table, lambda _, j: j**2),
        "low": _mean(table, lambda i, _: 1 / i**2),
        "high": _mean(table, lambda i, _: i**2),
        "small_low": _mean(table, lambda i, j: 1 / (i * j) ** 2),
        "small_high": _mean(table, lambda i, j: i**2 / j**2),
        "large_low": _mean(table, lambda i, j: j**2 / i**2),
        "large_high": _mean(table, lambda i, j: (i * j) ** 2),
        "level_variance": _mean(table, lambda i, _: (i - level) ** 2),
        "size_variance": _mean(table, lambda _, j: (j - size) ** 2),
        "entropy": _entropy(table.values()),
        "levels_squared": sum(n**2 for n in _margin(table, lambda i, _: i).values()),
        "sizes_squared": sum(n**2 for n in _margin(table, lambda _, j: j).values()),
    }


def pairs(table: Table, n_levels: int) -> dict[str, float]:
    """Co-occurrence features of one symmetric matrix of more than one level, by PyRadiomics' names."""
    average, difference = _mean(table, lambda i, _: i), _mean(table, lambda i, j: abs(i - j))
    variance = _mean(table, lambda i, _: (i - average) ** 2)
    joint, marginal = _entropy(table.values()), _entropy(_margin(table, lambda i, _: i).values())
    information = joint - 2 * marginal
    total = sum(table.values())

    def cluster(power: int) -> float:
        return _mean(table, lambda i, j: (i + j - 2 * average) ** power)

    return {
        "Autocorrelation": _mean(table, lambda i, j: i * j),
        "ClusterProminence": cluster(4),
        "ClusterShade": cluster(3),
        "ClusterTendency": cluster(2),
        "Contrast": _mean(table, lambda i, j: (i - j) ** 2),
        "Correlation": _mean(table, lambda i, j: (i - average) * (j - average)) / variance,
        "DifferenceAverage": difference,
        "DifferenceEntropy": _entropy(_margin(table, lambda i, j: abs(i - j)).values()),
        "DifferenceVariance": _mean(table, lambda i, j: (abs(i - j) - difference) ** 2),
        "Id": _mean(table, lambda i, j: 1 / (1 + abs(i - j))),
        "Idm": _mean(table, lambda i, j: 1 / (1 + (i - j) ** 2)),
        "Idmn": _mean(table, lambda i, j: 1 / (1 + (i - j) ** 2 / n_levels**2)),
        "Idn": _mean(table, lambda i, j: 1 / (1 + abs(i - j) / n_levels)),
        "Imc1": information / marginal,
        "Imc2": math.sqrt(1 - math.exp(min(2 * information, 0.0))),
        "InverseVariance": _mean(table, lambda i, j: 1 / (i - j) ** 2 if i != j else 0.0),
        "JointAverage": average,
        "JointEnergy": math.fsum((n / total) ** 2 for n in table.values()),
        "JointEntropy": joint,
        "MCC": maximal_correlation(table),
        "MaximumProbability": max(table.values()) / total,
        "SumAverage": _mean(table, lambda i, j: i + j),
        "SumEntropy": _entropy(_margin(table, lambda i, j: i + j).values()),
        "SumSquares": variance,
    }


def maximal_correlation(table: Table) -> float:
    """Root of the second largest eigenvalue of Q(i, j) = sum over k of p(i, k) p(j, k) / (p(i) p(k))."""
    levels = sorted({i for i, _ in table})
    p = np.array([[table.get((i, j), 0) for j in levels] for i in levels]) / sum(table.values())
    margin = p.sum(axis=0)
    q = np.einsum("ik,jk,i,k->ij", p, p, 1.0 / margin, 1.0 / margin)
    return math.sqrt(max(float(np.sort(np.linalg.eigvals(q).real)[-2]), 0.0))


def tones(levels: Mapping[int, tuple[int, float]]) -> dict[str, float]:
    """Tone difference features by name, of level -> (pixels, summed difference), more than one level."""
    n_pixels = sum(n for n, _ in levels.values())
    table = [(i, n, n / n_pixels, s) for i, (n, s) in levels.items()]
    weighted, total = math.fsum(p * s for _, _, p, s in table), math.fsum(s for *_, s in table)
    ordered = [(a, b) for a in table for b in table]
    busy = sum(abs(i * n - j * m) for (i, n, *_), (j, m, *_) in ordered) / n_pixels
    complexity = math.fsum(abs(i - j) * (p * s + q * t) / (p + q) for (i, _, p, s), (j, _, q, t) in ordered)
    spread = math.fsum(p * q * (i - j) ** 2 for (i, _, p, _), (j, _, q, _) in ordered)
    distance = math.fsum((p + q) * (i - j) ** 2 for (i, _, p, _), (j, _, q, _) in ordered)
    return {
        "Busyness": weighted / busy if busy else 0.0,
        "Coarseness": 1 / weighted if weighted else 1e6,
        "Complexity": complexity / n_pixels,
        "Contrast": spread / (len(table) * (len(table) - 1)) * total / n_pixels,
        "Strength": distance / total if total else 0.0,
    }
