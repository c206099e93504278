from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.score.radscore import RadScore
from perirad.table import FeatureTable


def _score(k: int = 7, seed: int = 0) -> RadScore:
    random = np.random.default_rng(seed)
    return RadScore(
        "I+P5",
        tuple(f"P5_original_glcm_f{j}" for j in range(k)),
        random.normal(size=k) * 10,
        random.random(k) + 0.1,
        random.normal(size=k),
        -0.4,
    )


def _table(n: int, columns: tuple[str, ...], seed: int = 1) -> FeatureTable:
    random = np.random.default_rng(seed)
    names = (*columns[::-1], "I_original_firstorder_Mean")
    return FeatureTable(tuple(f"C{i}" for i in range(n)), names, random.normal(size=(n, len(names))) * 10)


def test_scores_of_the_study_r_glmnet(shared: Path) -> None:
    """Coefficients of glmnet at lambda.min on both cohorts, against the scores that R computed from them."""
    data = pd.read_csv(shared / "oracles" / "data.csv", index_col="id")
    train = data[data["cohort"] == "train"].filter(regex=r"_f\d\d$")
    glmnet = json.loads((shared / "oracles" / "expected" / "glmnet.json").read_text())
    coef = glmnet["lasso_tight"]["cv_deviance"]["coef_min"]
    columns = tuple(name for name, b in coef.items() if b != 0.0 and name != "(Intercept)")
    score = RadScore(
        "all",
        columns,
        train[list(columns)].mean().to_numpy(),
        train[list(columns)].std(ddof=1).to_numpy(),
        np.array([coef[name] for name in columns]),
        coef["(Intercept)"],
    )
    table = FeatureTable.from_pandas(data.filter(regex=r"_f\d\d$"))
    predictions = pd.read_csv(shared / "oracles" / "predictions.csv", index_col="id")
    expected = predictions["radscore"].to_numpy()
    np.testing.assert_allclose(score.predict(table), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(score.probability(table), 1.0 / (1.0 + np.exp(-expected)), rtol=0, atol=1e-12)


def test_one_case_alone_scores_the_same_bits_analytic() -> None:
    score = _score(40)
    table = _table(300, score.columns)
    together, risks = score.predict(table), score.probability(table)
    for i in range(0, 300, 7):
        alone = table.take(rows=[f"C{i}"])
        assert score.predict(alone).tobytes() == together[i : i + 1].tobytes()
        assert score.probability(alone).tobytes() == risks[i : i + 1].tobytes()


def test_sum_naive() -> None:
    score = _score()
    table = _table(9, score.columns)
    frame = table.to_pandas()
    for i, value in enumerate(score.predict(table)):
        total = score.intercept
        for name, mean, sd, b in zip(score.columns, score.means, score.sds, score.coefficients, strict=True):
            total += float(b) * (float(frame.iloc[i][name]) - float(mean)) / float(sd)
        assert value == pytest.approx(total, abs=1e-12)


def test_contributions_add_up_analytic() -> None:
    score = _score()
    table = _table(9, score.columns)
    parts = score.contributions(table)
    assert parts.shape == (9, 7)
    np.testing.assert_allclose(parts.sum(axis=1) + score.intercept, score.predict(table), atol=1e-12)


def test_no_feature_selected_analytic() -> None:
    empty = RadScore("I", (), np.empty(0), np.empty(0), np.empty(0), -1.5)
    table = _table(4, ("P5_a_b_c",))
    assert empty.is_constant
    assert not _score().is_constant
    assert empty.predict(table).tolist() == [-1.5] * 4
    np.testing.assert_allclose(empty.probability(table), 1.0 / (1.0 + np.exp(1.5)), rtol=1e-15)


def test_extreme_scores_have_finite_risk_analytic() -> None:
    table = FeatureTable(("a", "b"), ("I_f",), np.array([[1e4], [-1e4]]))
    score = RadScore("I", ("I_f",), np.zeros(1), np.ones(1), np.ones(1), 0.0)
    assert score.probability(table).tolist() == [1.0, 0.0]


def test_undefined_feature_names_case_and_feature_analytic() -> None:
    score = _score(2)
    values = np.ones((2, 2))
    values[1, 0] = np.nan
    with pytest.raises(InputError, match=r"P5_original_glcm_f0, got nan \(case C1\)"):
        score.predict(FeatureTable(("C0", "C1"), score.columns, values))
    with pytest.raises(InputError, match="must be in the table"):
        score.predict(FeatureTable(("C0",), ("I_f",), np.ones((1, 1))))


def test_unused_undefined_features_do_no_harm_analytic() -> None:
    score = _score(1)
    table = FeatureTable(("a",), (*score.columns, "I_f"), np.array([[1.0, np.nan]]))
    assert np.isfinite(score.predict(table)).all()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("means", [1.0], "2 entries"),
        ("sds", [1.0, 0.0], "positive"),
        ("coefficients", [1.0, np.nan], "finite"),
        ("intercept", np.inf, "finite"),
        ("columns", ("a", "a"), "once"),
    ],
)
def test_bad_signature_is_refused_analytic(field: str, value: object, message: str) -> None:
    parts: dict[str, object] = {
        "scenario": "I", "columns": ("a", "b"), "means": [0.0, 0.0], "sds": [1.0, 1.0], "coefficients": [1.0, 1.0],
        "intercept": 0.0,
    }  # fmt: skip
    with pytest.raises(InputError, match=message):
        RadScore(**{**parts, field: value})  # type: ignore[arg-type]


def test_record_cannot_be_edited_analytic() -> None:
    means = np.zeros(1)
    score = RadScore("I", ("I_f",), means, np.ones(1), np.ones(1), 0.0)
    means[0] = 5.0
    assert score.means[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        score.means[0] = 1.0
