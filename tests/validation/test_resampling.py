"""Bootstrap optimism, .632 and .632+, instability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.validation.discrimination import auc_delong
from perirad.validation.instability import calibration_instability, instability
from perirad.validation.optimism import estimate_632, no_information_brier, optimism
from perirad.validation.resamples import bootstrap_rows
from perirad.validation.resampling import Resampled, bootstrap_models
from perirad.validation.smoother import lowess
from perirad.validation.workers import Pool

from .conftest import Predictions
from .models import Dice, Logistic

INDICES = ("Dxy", "R2", "Intercept", "Slope", "D", "U", "Q", "B")


@pytest.fixture(scope="module")
def logistic(shared: Path, cohorts: dict[str, Predictions]) -> Logistic:
    table = pd.read_csv(shared / "oracles" / "data.csv")
    table = table[table["cohort"] == "train"]
    columns = [np.ones(len(table)), *table[["age", "size_mm"]].to_numpy(dtype=np.float64).T]
    columns += [(table["birads"] == level).to_numpy(dtype=np.float64) for level in ("4B", "4C")]
    return Logistic(
        np.column_stack([*columns, cohorts["train"]["radscore"]]), table["malignant"].to_numpy(dtype=np.int64)
    )


@pytest.fixture(scope="module")
def drawn(shared: Path) -> IntArray:
    return pd.read_csv(shared / "oracles" / "boot_idx_train.csv").to_numpy(dtype=np.int64)


@pytest.fixture(scope="module")
def resampled(logistic: Logistic, drawn: IntArray) -> Resampled:
    return bootstrap_models(303, logistic.fit, logistic.indices, drawn, predict=logistic.predict)


def test_optimism_r_rms(resampled: Resampled, oracle: dict[str, Any]) -> None:
    got = optimism(resampled)
    for place, expected in enumerate(oracle["validate"]["exact_glm"]):
        assert expected["index"] == INDICES[place]
        wanted = [expected[name] for name in ("orig", "training", "test", "optimism", "corrected")]
        parts = (got.apparent, got.training, got.test, got.optimism, got.corrected)
        assert [part[place] for part in parts] == pytest.approx(wanted, abs=1e-9)
    for expected in oracle["validate"]["rms_validate_default_eps"]:
        if expected["index"] in INDICES:
            place = INDICES.index(expected["index"])
            assert got.corrected[place] == pytest.approx(expected["index.corrected"], abs=1e-6)
            assert got.n_used[place] == expected["n"]
    for name in ("Dxy", "R2", "D", "B"):
        place = INDICES.index(name)
        assert got.lower[place] < got.corrected[place] < got.upper[place]


def test_632_of_the_area_r(logistic: Logistic, drawn: IntArray, oracle: dict[str, Any]) -> None:
    def area(beta: FloatArray, rows: IntArray) -> tuple[float]:
        return (auc_delong(logistic.y[rows], logistic.X[rows] @ beta).estimate,)

    expected = oracle["validate"]["auc_632"]
    resampled = bootstrap_models(303, logistic.fit, area, drawn)
    np.testing.assert_allclose(resampled.out_of_bag[:, 0], expected["oob"], rtol=0, atol=1e-9)
    got = estimate_632(resampled, [0.5])
    wanted = [expected[name] for name in ("apparent", "oob_mean", "auc632", "auc632plus")]
    parts = (got.apparent, got.out_of_bag, got.estimate_632, got.estimate_632_plus)
    assert [float(part[0]) for part in parts] == pytest.approx(wanted, abs=1e-9)


def test_calibration_curve_corrected_for_optimism_r_rms(
    logistic: Logistic, drawn: IntArray, oracle: dict[str, Any]
) -> None:
    at = np.array(oracle["calibrate"]["predy"])

    def distance(beta: FloatArray, rows: IntArray) -> FloatArray:
        curve = lowess(logistic.predict(beta, rows), logistic.y[rows].astype(np.float64), at)
        return np.asarray(curve - at)

    got = optimism(bootstrap_models(303, logistic.fit, distance, drawn))
    for place, expected in enumerate(oracle["calibrate"]["rms_calibrate"]):
        assert got.n_used[place] == expected["n"]
        wanted = [expected[name] for name in ("index.orig", "training", "test", "index.corrected")]
        parts = (got.apparent, got.training, got.test, got.corrected)
        assert [float(part[place]) for part in parts] == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(("workers", "pool"), [(2, "threads"), (3, "threads"), (2, "processes")])
def test_workers_do_not_change_the_result_analytic(workers: int, pool: Pool) -> None:
    rows, dice = bootstrap_rows(20, 12, seed=4), Dice()
    one = bootstrap_models(20, dice.fit, dice.measure, rows, seed=7, predict=dice.predict)
    more = bootstrap_models(20, dice.fit, dice.measure, rows, seed=7, predict=dice.predict, workers=workers, pool=pool)
    for name in ("apparent", "training", "test", "out_of_bag", "predictions"):
        assert getattr(one, name).tobytes() == getattr(more, name).tobytes()
    assert np.unique(one.training[:, 0]).size == 12
    first = bootstrap_models(20, dice.fit, dice.measure, rows[:3], seed=7)
    assert first.training.tobytes() == one.training[:3].tobytes()
    assert bootstrap_models(20, dice.fit, dice.measure, rows, seed=8).training[0, 0] != one.training[0, 0]


def test_rows_that_each_model_meets_naive() -> None:
    rows, dice = bootstrap_rows(9, 5, seed=1), Dice()
    got = bootstrap_models(9, dice.fit, dice.measure, rows)
    for k, row in enumerate(rows):
        assert got.training[k, 1] == sum(row)
        assert got.test[k, 1] == sum(range(9))
        assert got.out_of_bag[k, 1] == sum(i for i in range(9) if i not in row)
    assert np.isfinite(got.apparent).all()


def test_failures_are_told_analytic() -> None:
    y = np.array([0, 0, 0, 0, 1, 1, 0, 1])
    x = np.array([1.0, 2.0, 3.0, 8.0, 3.5, 6.0, 7.0, 9.0])
    model = Logistic(np.column_stack([np.ones(8), x]), y)
    rows = np.array([[0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 1, 1, 4, 4, 5, 5], [0, 0, 1, 1, 2, 2, 3, 3]])
    got = bootstrap_models(8, model.fit, model.indices, rows, predict=model.predict)
    assert [failure.resample for failure in got.failures] == [1, 2]
    assert got.failures[0].reason == "a maximum must exist, got separation"
    assert np.isnan(got.training[1:]).all()
    assert optimism(got).n_used.tolist() == [1] * 8
    assert got.predictions is not None
    assert instability(model.predict(model.fit(rows[0], 0), rows[0]), got.predictions).n_models == 1
    with pytest.raises(InputError, match=r"^the model of all rows must be fitted and measured, got a maximum must"):
        bootstrap_models(8, Logistic(model.X, (x > 5).astype(np.int64)).fit, model.indices, rows)


def made_up(apparent: float, out_of_bag: float) -> Resampled:
    table = np.full((2, 1), out_of_bag)
    return Resampled(np.array([apparent]), table, table, table, None, ())


def test_632_plus_at_its_ends_analytic() -> None:
    honest, memory = estimate_632(made_up(0.8, 0.8), [0.5]), estimate_632(made_up(1.0, 0.5), [0.5])
    assert (honest.overfitting[0], honest.estimate_632_plus[0]) == pytest.approx((0.0, 0.8))
    assert (memory.overfitting[0], memory.estimate_632_plus[0]) == pytest.approx((1.0, 0.5))
    assert memory.estimate_632[0] == pytest.approx(0.368 + 0.316)
    worse = estimate_632(made_up(1.0, 0.4), [0.5])
    assert (worse.overfitting[0], worse.estimate_632_plus[0]) == pytest.approx((1.0, 0.5))
    better = estimate_632(made_up(0.7, 0.8), [0.5])
    assert (better.overfitting[0], better.estimate_632_plus[0]) == pytest.approx((0.0, 0.368 * 0.7 + 0.632 * 0.8))
    loss = estimate_632(made_up(0.1, 0.2), [0.3])
    weight = 0.632 / (1.0 - 0.368 * 0.5)
    assert loss.estimate_632_plus[0] == pytest.approx((1.0 - weight) * 0.1 + weight * 0.2)
    nothing = estimate_632(made_up(0.8, np.nan), [0.5])
    assert np.isnan([nothing.estimate_632[0], nothing.estimate_632_plus[0], nothing.overfitting[0]]).all()


def test_brier_of_shuffled_predictions_naive() -> None:
    y, p = np.array([0, 1, 1]), np.array([0.2, 0.9, 0.4])
    assert no_information_brier(y, p) == pytest.approx(np.mean([(a - q) ** 2 for a in y for q in p]))


def test_instability_of_each_patient_naive(resampled: Resampled, logistic: Logistic) -> None:
    assert resampled.predictions is not None
    everyone = np.arange(303)
    p = logistic.predict(logistic.fit(everyone, 0), everyone)
    got = instability(p, resampled.predictions, cutoff=0.3)
    for patient in (0, 17, 302):
        models = [float(row[patient]) for row in resampled.predictions]
        assert got.mape[patient] == pytest.approx(np.mean([abs(q - p[patient]) for q in models]))
        assert got.flipped[patient] == np.mean([(q >= 0.3) != (p[patient] >= 0.3) for q in models])
        assert [got.lower[patient], got.upper[patient]] == pytest.approx(np.quantile(models, [0.025, 0.975]).tolist())
    assert got.mean_mape == pytest.approx(got.mape.mean())
    assert np.isnan(instability(p, resampled.predictions).flipped).all()
    curves = calibration_instability(logistic.y, resampled.predictions[:3], np.array([0.2, 0.5]))
    expected = lowess(resampled.predictions[2], logistic.y.astype(np.float64), np.array([0.2, 0.5]))
    np.testing.assert_array_equal(curves[2], expected)


def test_stratified_and_patient_resamples_analytic() -> None:
    outcome, patients = np.repeat([0, 1], [14, 6]), np.repeat(np.arange(10), 2)
    rows = bootstrap_rows(20, 30, seed=0, outcome=outcome)
    assert {int(outcome[row].sum()) for row in rows} == {6}
    whole = bootstrap_rows(20, 30, seed=0, patients=patients)
    for row in whole:
        counts = np.bincount(row, minlength=20)
        np.testing.assert_array_equal(counts[::2], counts[1::2])
    again = bootstrap_rows(20, 30, seed=0, outcome=outcome)
    np.testing.assert_array_equal(rows, again)


def test_bad_wishes_are_named_mechanics() -> None:
    dice = Dice()
    with pytest.raises(InputError, match=r"^at least one worker is needed, got workers=0$"):
        bootstrap_models(4, dice.fit, dice.measure, bootstrap_rows(4, 2, seed=0), workers=0)
    with pytest.raises(InputError, match=r"^workers are threads or processes, got 'fibres'$"):
        bootstrap_models(4, dice.fit, dice.measure, bootstrap_rows(4, 2, seed=0), pool="fibres")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^resamples must hold rows from 0 to 3, got others among them$"):
        bootstrap_models(4, dice.fit, dice.measure, [np.array([0, 4])])
    with pytest.raises(InputError, match=r"^at least one resample is needed, got none$"):
        bootstrap_models(4, dice.fit, dice.measure, [])
    with pytest.raises(InputError, match=r"^resamples are stratified or of whole patients, got both"):
        bootstrap_rows(2, 2, seed=0, outcome=np.array([0, 1]), patients=np.array([0, 1]))
    with pytest.raises(InputError, match=r"^1 no-information values are needed, got an array of shape \(2,\)$"):
        estimate_632(made_up(0.8, 0.7), [0.5, 0.5])
