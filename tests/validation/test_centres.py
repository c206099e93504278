"""Performance centre by centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.arrays import IntArray
from perirad.errors import InputError
from perirad.validation.centres import Centres, centre_performance, leave_one_centre_out
from perirad.validation.pooled import pool_random_effects
from perirad.validation.records import Estimate

from .models import Dice, Logistic


def half(estimate: Estimate) -> float:
    return (estimate.upper - estimate.lower) / (2.0 * 1.959963984540054)


@pytest.fixture(scope="module")
def centres(shared: Path) -> Centres:
    table = pd.read_csv(shared / "oracles" / "data.csv")
    columns = [np.ones(len(table)), *table[["age", "size_mm", "family_history"]].to_numpy(dtype=np.float64).T]
    columns += [(table["birads"] == level).to_numpy(dtype=np.float64) for level in ("4B", "4C")]
    model = Logistic(np.column_stack(columns), table["malignant"].to_numpy(dtype=np.int64))
    return leave_one_centre_out(model.y, table["centre"].tolist(), model.fit, model.predict)


def test_each_centre_r(centres: Centres, oracle: dict[str, Any]) -> None:
    for got, expected in zip(centres.centres, oracle["iecv"]["centres"], strict=True):
        assert (got.centre, got.n, got.n_events) == (expected["centre"], expected["n"], expected["events"])
        assert got.auc.estimate == pytest.approx(expected["auc"], abs=1e-10)
        assert got.scale["auc"] == pytest.approx((expected["logit_auc"], expected["logit_se"]), abs=1e-8)
        assert (got.slope.estimate, half(got.slope)) == pytest.approx(
            (expected["slope"], expected["slope_se"]), abs=1e-6
        )
        assert (got.intercept.estimate, half(got.intercept)) == pytest.approx(
            (expected["citl"], expected["citl_se"]), abs=1e-6
        )
        assert got.brier == pytest.approx(expected["brier"], abs=1e-9)


def test_pooled_over_centres_r_metafor(centres: Centres, oracle: dict[str, Any]) -> None:
    slope, wanted = centres.pooled["slope"], oracle["iecv"]["pooled_slope"]
    assert [slope.estimate.estimate, slope.estimate.lower, slope.estimate.upper] == pytest.approx(
        [wanted["est"], *wanted["ci"]], abs=1e-6
    )
    assert [slope.prediction_lower, slope.prediction_upper] == pytest.approx(wanted["prediction"], abs=1e-6)
    area, wanted = centres.pooled["auc"], oracle["iecv"]["pooled_logit_auc"][1]
    on_its_scale = 1.0 / (1.0 + np.exp(-np.array([wanted["est"], *wanted["ci"], *wanted["prediction"]])))
    got = [area.estimate.estimate, area.estimate.lower, area.estimate.upper, area.prediction_lower]
    assert [*got, area.prediction_upper] == pytest.approx(on_its_scale.tolist(), abs=1e-6)
    assert area.centres == ("A", "B", "C", "D")
    assert area.left_out == ()


def test_observed_over_expected_on_the_log_scale_analytic(centres: Centres) -> None:
    logs = [np.log(part.observed_expected.estimate) for part in centres.centres]
    errors = [np.sqrt((1.0 - part.n_events / part.n) / part.n_events) for part in centres.centres]
    expected = pool_random_effects(np.array(logs), np.array(errors))
    got = centres.pooled["observed_expected"]
    assert got.estimate.estimate == pytest.approx(np.exp(expected.estimate))
    assert got.prediction_upper == pytest.approx(np.exp(expected.prediction_upper))


def test_undefined_centres_are_named_analytic() -> None:
    y = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0])
    p = np.array([0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.3, 0.6, 0.1, 0.2, 0.3, 0.4])
    names = ["N"] * 4 + ["E"] * 4 + ["W"] * 4
    got = centre_performance(y, p, names)
    assert [part.centre for part in got.centres] == ["E", "N", "W"]
    assert np.isnan([got.centres[2].auc.estimate, got.centres[2].slope.estimate]).all()
    assert got.pooled["auc"].left_out == ("W",)
    assert got.pooled["auc"].centres == ("E", "N")
    assert got.pooled["observed_expected"].left_out == ("W",)
    alone = centre_performance(y[:4], p[:4], names[:4]).pooled["auc"]
    assert alone.pooled is None
    assert np.isnan([alone.estimate.estimate, alone.prediction_lower]).all()


def test_perfect_centre_has_no_logit_analytic() -> None:
    got = centre_performance(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]), ["A"] * 4).centres[0]
    assert got.auc.estimate == 1.0
    assert np.isnan([got.auc.lower, got.scale["auc"][0]]).all()


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_do_not_change_the_result_analytic(workers: int) -> None:
    y, names, dice = np.arange(30) % 2, list("ABC" * 10), Dice()
    one = leave_one_centre_out(y, names, dice.fit, dice.predict, seed=1)
    more = leave_one_centre_out(y, names, dice.fit, dice.predict, seed=1, workers=workers)
    assert one.predictions.tobytes() == more.predictions.tobytes()
    assert [np.unique(one.predictions[place::3]).size for place in range(3)] == [1, 1, 1]


def test_own_centre_is_not_seen_analytic() -> None:
    names = np.array(list("AABBBC"))
    seen: list[set[str]] = []

    def fit(rows: IntArray, seed: int) -> float:
        seen.append(set(names[rows]))
        return 0.5

    leave_one_centre_out(np.array([0, 1, 0, 1, 0, 1]), names.tolist(), fit, lambda m, rows: np.full(rows.size, m))
    assert seen == [{"B", "C"}, {"A", "C"}, {"A", "B"}]


def test_bad_centres_are_named_mechanics() -> None:
    dice = Dice()
    with pytest.raises(InputError, match=r"^at least two centres are needed, got 1$"):
        leave_one_centre_out(np.array([0, 1]), ["A", "A"], dice.fit, dice.predict)
    with pytest.raises(InputError, match=r"^one centre is needed for each of 2 patients, got 3$"):
        centre_performance(np.array([0, 1]), np.array([0.2, 0.4]), ["A", "B", "C"])
