"""Intraclass correlations against psych::ICC, a naive twin and exact cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.selection.agreement import ICC_KINDS, IccKind, icc, mean_squares, reliable


@pytest.fixture(scope="module")
def ratings(shared: Path) -> FloatArray:
    data = pd.read_csv(shared / "oracles" / "icc.csv")
    features = data.columns[2:]
    return np.stack([data[data["rater"] == r][features].to_numpy(dtype=np.float64) for r in (1, 2, 3)])


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, Any]:
    return dict(json.loads((shared / "oracles" / "expected" / "icc.json").read_text()))


def _of(expected: list[dict[str, Any]], kind: str, field: str) -> list[float]:
    return [next(row[field] for row in item["results"] if row["type"] == kind) for item in expected]


@pytest.mark.parametrize("readers", [2, 3])
@pytest.mark.parametrize("kind", ICC_KINDS)
def test_six_kinds_r_psych(kind: IccKind, readers: int, ratings: FloatArray, expected: dict[str, Any]) -> None:
    want = expected["raters_1_2" if readers == 2 else "raters_1_2_3"]
    got = icc(ratings[:readers], kind)
    np.testing.assert_allclose(got.estimate, _of(want, kind, "ICC"), rtol=0, atol=1e-10)
    np.testing.assert_allclose(got.lower, _of(want, kind, "lo"), rtol=0, atol=1e-8)
    np.testing.assert_allclose(got.upper, _of(want, kind, "hi"), rtol=0, atol=1e-8)
    np.testing.assert_allclose(got.f, _of(want, kind, "F"), rtol=1e-9)
    np.testing.assert_allclose(got.p, _of(want, kind, "p"), rtol=1e-6, atol=1e-300)


@pytest.mark.parametrize("readers", [2, 3])
def test_mean_squares_r_aov(readers: int, ratings: FloatArray, expected: dict[str, Any]) -> None:
    want = expected["raters_1_2" if readers == 2 else "raters_1_2_3"]
    got = mean_squares(ratings[:readers])
    for own, name in ((got.cases, "MSR"), (got.readers, "MSC"), (got.error, "MSE"), (got.within, "MSW")):
        np.testing.assert_allclose(own, [item[name] for item in want], rtol=1e-9)


def test_shrout_and_fleiss_table_2_doi() -> None:
    """Four judges and six targets of doi:10.1037/0033-2909.86.2.420, table 2, whose six values are in table 4."""
    judged = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    ratings = np.array(judged, dtype=np.float64).T[:, :, None]
    found = [round(float(icc(ratings, kind).estimate[0]), 2) for kind in ICC_KINDS]
    assert found == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def test_many_features_at_once_naive(ratings: FloatArray) -> None:
    """The same as one feature at a time, with an F test of scipy's own."""
    whole = icc(ratings, "ICC1", confidence=0.9)
    for j in (0, 17, 39):
        alone = icc(ratings[:, :, j : j + 1], "ICC1", confidence=0.9)
        for name in ("estimate", "lower", "upper", "f", "p"):
            assert getattr(alone, name)[0] == pytest.approx(getattr(whole, name)[j], rel=1e-12)
        f, p = stats.f_oneway(*ratings[:, :, j].T)
        assert whole.f[j] == pytest.approx(f, rel=1e-9)
        assert whole.p[j] == pytest.approx(p, rel=1e-6)


def test_what_is_undefined_is_rejected_analytic(ratings: FloatArray) -> None:
    changed = ratings[:, :, :4].copy()
    changed[1, 3, 0] = np.nan
    changed[0, 2, 1] = np.inf
    changed[:, :, 2] = 0.1
    for kind in ICC_KINDS:
        got = icc(changed, kind)
        for part in (got.estimate, got.lower, got.upper, got.f, got.p):
            assert np.isnan(part).tolist() == [True, True, True, False]
        assert reliable(got, -1.0).tolist() == [False, False, False, True]
        assert reliable(got, -1.0, by="lower").tolist() == [False, False, False, True]


@pytest.mark.parametrize("kind", ICC_KINDS)
def test_readers_who_agree_exactly_analytic(kind: IccKind) -> None:
    table = np.arange(12.0).reshape(6, 2) ** 2
    got = icc(np.stack([table, table, table]), kind)
    np.testing.assert_array_equal([got.estimate, got.lower, got.upper], np.ones((3, 2)))
    assert (got.f == np.inf).all()
    assert (got.p == 0.0).all()


def test_reader_who_adds_a_constant_analytic() -> None:
    """Consistency is perfect, agreement is not; units and origin do not matter."""
    table = np.array([[1.0], [2.0], [4.0], [8.0]])
    ratings = np.stack([table, table + 3.0])
    assert icc(ratings, "ICC3").estimate[0] == pytest.approx(1.0, abs=1e-12)
    assert icc(ratings, "ICC2").estimate[0] == pytest.approx(2.0 * np.var(table, ddof=1) / (2 * 9.583333333333334 + 9))
    moved = icc(1e4 * ratings - 7e5, "ICC2")
    np.testing.assert_allclose(moved.estimate, icc(ratings, "ICC2").estimate, rtol=1e-9)
    np.testing.assert_allclose(moved.lower, icc(ratings, "ICC2").lower, rtol=1e-9)


def test_interval_covers_the_truth_analytic() -> None:
    """95 of 100 intervals of a consistency, which are exact, hold the value that the data were drawn with."""
    random = np.random.default_rng(4)
    case, reader = random.normal(size=(1, 30, 1000)), 0.5 * random.normal(size=(3, 1, 1000))
    ratings = case + reader + 0.6 * random.normal(size=(3, 30, 1000))
    truth = 1.0 / (1.0 + 0.36)
    got = icc(ratings, "ICC3")
    covered = np.mean((got.lower <= truth) & (truth <= got.upper))
    assert 0.92 <= covered <= 0.98


def test_threshold_is_inclusive_analytic(ratings: FloatArray) -> None:
    got = icc(ratings)
    median = float(np.sort(got.lower)[20])
    assert reliable(got, median, by="lower").sum() == 20
    assert (reliable(got, 0.9) >= reliable(got, 0.9, by="lower")).all()


def test_bad_input_is_refused_mechanics(ratings: FloatArray) -> None:
    with pytest.raises(InputError, match="at least two readers and two cases"):
        icc(ratings[:1])
    with pytest.raises(InputError, match="at least two readers and two cases"):
        icc(ratings[:, :1])
    with pytest.raises(InputError, match="one of ICC1, ICC2"):
        icc(ratings, "ICC4")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="confidence"):
        icc(ratings, confidence=95.0)
    with pytest.raises(InputError, match="'estimate' or 'lower'"):
        reliable(icc(ratings), by="upper")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="threshold"):
        reliable(icc(ratings), 75)
    for strange in ([[["a"]]], None, [[1.0, 2.0], [3.0]]):
        with pytest.raises(InputError):
            icc(strange)  # type: ignore[arg-type]
    assert icc(np.empty((2, 5, 0))).estimate.shape == (0,)
