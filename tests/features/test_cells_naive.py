"""Features made of sums over cells, against slow twins that write the definitions out, on random matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from tests.reference import cells as naive

from perirad.arrays import IntArray
from perirad.features.cells import Cells, emphases
from perirad.features.glcm import GLCM, glcm
from perirad.features.ngtdm import NGTDM, level_tones, ngtdm

N_RANDOM = 500

# What cancels where it is nearly 0: shade and covariance of even matrices, and information and eigenvalues of
# independent neighbours; Imc2, and the twin's MCC, are roots of such a number.
ABSOLUTE = {"ClusterShade": 1e-9, "Correlation": 1e-12, "Imc1": 1e-12, "Imc2": 1e-7, "MCC": 1e-7}


def cells_of(tables: Sequence[naive.Table]) -> Cells:
    rows = np.array([(m, i, j, n) for m, table in enumerate(tables) for (i, j), n in table.items()], dtype=np.int64)
    matrix, i, j, n = rows.reshape(-1, 4).T
    return Cells(matrix, i, j, n.astype(np.float64), len(tables))


def table_of(counts: IntArray) -> naive.Table:
    return {(int(i) + 1, int(j) + 1): int(counts[i, j]) for i, j in zip(*np.nonzero(counts), strict=True)}


def random_counts(rng: np.random.Generator, shape: tuple[int, int]) -> IntArray:
    """Few or many cells, small or large counts, and at least one."""
    counts = rng.integers(1, int(rng.choice([2, 10, 100_000])), size=shape)
    counts[rng.random(shape) > rng.choice([0.1, 0.5, 1.0])] = 0
    counts[rng.integers(shape[0]), rng.integers(shape[1])] += 1
    return counts


def assert_alike(found: Mapping[str, float], expected: Mapping[str, float], *, rel: float = 1e-11) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=rel, abs=ABSOLUTE.get(name, 1e-300)), name


def test_sizes_naive() -> None:
    rng = np.random.default_rng(1)
    tables = [
        table_of(random_counts(rng, (int(rng.integers(1, 12)), int(rng.choice([1, 9, 400]))))) for _ in range(N_RANDOM)
    ]
    sums = emphases(cells_of(tables))
    for m, table in enumerate(tables):
        expected = naive.sizes(table)
        flat = {name for name in ("level_variance", "size_variance", "entropy") if expected[name] < 1e-20}
        assert_alike({name: sums[name][m] for name in sums}, expected | dict.fromkeys(flat, 0.0))


def test_an_empty_matrix_between_others_has_a_total_only_analytic() -> None:
    sums = emphases(cells_of([{(1, 1): 2}, {}, {(2, 3): 1}, {}]))
    np.testing.assert_array_equal(sums.pop("total"), [2.0, 0.0, 1.0, 0.0])
    for name, values in sums.items():
        np.testing.assert_array_equal(np.isnan(values), [False, True, False, True], err_msg=name)


def test_cells_in_any_order_and_memory_layout_analytic() -> None:
    rng = np.random.default_rng(2)
    counts = random_counts(rng, (6, 50))
    rows = np.array([(0, i, j, n) for (i, j), n in table_of(counts).items()])
    mixed = rng.permutation(rows)
    one, other = (emphases(Cells(part[:, 0], part[:, 1], part[:, 2], part[:, 3], 1)) for part in (rows, mixed))
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12, err_msg=name)


def test_pairs_naive() -> None:
    rng = np.random.default_rng(3)
    tables: list[naive.Table] = []
    n_levels: list[int] = []
    while len(tables) < N_RANDOM:
        side = int(rng.integers(2, 20))
        counts = random_counts(rng, (side, side))
        counts += counts.T
        if np.count_nonzero(counts.any(axis=0)) > 1:
            tables.append(table_of(counts))
            n_levels.append(int(rng.integers(side, 2 * side)))
    values = glcm(cells_of([part for table in tables for part in (table, {}, {}, {})]), np.array(n_levels))
    for table, levels, row in zip(tables, n_levels, values, strict=True):
        assert_alike(dict(zip(GLCM, row, strict=True)), naive.pairs(table, levels), rel=1e-9)


@pytest.mark.parametrize("side", [63, 64, 65, 100])
def test_maximal_correlation_of_many_levels_naive(side: int) -> None:
    rng = np.random.default_rng(side)
    counts = rng.integers(1, 9, size=(side, side))
    table = table_of(counts + counts.T)
    value = glcm(cells_of([table, {}, {}, {}]), np.array([side]))[0, GLCM.index("MCC")]
    assert value == pytest.approx(naive.maximal_correlation(table), rel=1e-9)


def test_maximal_correlation_analytic() -> None:
    alike = {(1, 1): 4, (3, 3): 1, (9, 9): 7}  # every level neighbours itself only: the eigenvalues are all 1
    swapped = {(2, 5): 3, (5, 2): 3}  # 1 and -1
    independent = {(i, j): i * j for i in range(1, 9) for j in range(1, 9)}
    two = {(1, 1): 3, (1, 2): 1, (2, 1): 1, (2, 2): 3}  # 1 and 1/2
    flat = {(4, 4): 2}
    tables: list[naive.Table] = [alike, swapped, independent, two]
    values = glcm(cells_of([part for table in tables for part in (table, {}, {}, {})]), np.full(4, 9))
    np.testing.assert_allclose(values[:, GLCM.index("MCC")], [1.0, 1.0, 0.0, 0.5], atol=1e-12)
    one_direction_flat = glcm(cells_of([flat, two, {}, {}, flat, {}, flat, {}]), np.full(2, 4))
    np.testing.assert_allclose(one_direction_flat[:, GLCM.index("MCC")], [(0.0 + 0.5) / 2.0, 1.0], rtol=1e-12)


def test_tones_naive() -> None:
    rng = np.random.default_rng(4)
    counts = np.stack([random_counts(rng, (1, 24))[0] for _ in range(N_RANDOM)])
    counts[:, 3] += np.where(np.count_nonzero(counts, axis=1) == 1, 2, 0)
    counts[:, 7] += np.where(np.count_nonzero(counts, axis=1) == 1, 1, 0)
    sums = rng.random(counts.shape) * counts * (rng.random((N_RANDOM, 1)) > 0.1)
    first = 1 + np.argmax(counts > 0, axis=1)
    values = ngtdm(level_tones(counts, sums, first))
    for n, s, start, row in zip(counts, sums, first, values, strict=True):
        levels = {int(at) + 2 - int(start): (int(n[at]), float(s[at])) for at in np.flatnonzero(n)}
        assert_alike(dict(zip(NGTDM, row, strict=True)), naive.tones(levels))


def test_tones_of_nothing_and_of_one_level_analytic() -> None:
    counts = np.array([[0, 0, 0], [0, 5, 0], [2, 0, 1]])
    values = ngtdm(level_tones(counts, np.zeros(counts.shape), np.array([1, 2, 1])))
    np.testing.assert_array_equal(values[0], np.full(5, np.nan))
    np.testing.assert_array_equal(values[1:], [[0.0, 1e6, 0.0, 0.0, 0.0]] * 2)
