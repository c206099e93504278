"""What table 1 computes, against R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perirad.report.tables.baseline import categorical_p, continuous_p, mean_difference, share_difference

pytestmark = pytest.mark.shared


def groups(data: pd.DataFrame, part: str, by: str) -> list[pd.DataFrame]:
    if part != "train_vs_test":
        data = data[data["cohort"] == part.split("_", maxsplit=1)[0]]
    return [own for _, own in data.groupby(by)]


@pytest.fixture(scope="module")
def oracle(shared: Path) -> tuple[pd.DataFrame, dict[str, list[dict[str, Any]]]]:
    data = pd.read_csv(shared / "oracles" / "data.csv")
    return data, json.loads((shared / "oracles" / "expected" / "table1.json").read_text())


@pytest.mark.parametrize("part", ["train_by_outcome", "test_by_outcome", "train_vs_test"])
def test_numbers_r_tableone(part: str, oracle: tuple[pd.DataFrame, dict[str, list[dict[str, Any]]]]) -> None:
    data, expected = oracle
    for item in expected[part]:
        if "median" not in item:
            continue
        order = [str(level) for level in item["levels"]]
        split = sorted(groups(data, part, item["by"]), key=lambda own: order.index(str(own[item["by"]].iloc[0])))
        first, second = (own[item["variable"]].to_numpy(dtype=float) for own in split)
        assert continuous_p(first, second) == pytest.approx(item["p_wilcox"], abs=1e-8)
        assert mean_difference(first, second) == pytest.approx(item["smd"], abs=1e-8)
        for values, name in ((first, 0), (second, 1)):
            found = np.quantile(values, (0.25, 0.5, 0.75))
            np.testing.assert_allclose(found, [item[key][name] for key in ("q1", "median", "q3")], atol=1e-9)


@pytest.mark.parametrize("part", ["train_by_outcome", "test_by_outcome", "train_vs_test"])
def test_categories_r_tableone(part: str, oracle: tuple[pd.DataFrame, dict[str, list[dict[str, Any]]]]) -> None:
    data, expected = oracle
    for item in expected[part]:
        if "counts" not in item:
            continue
        counts = np.array(item["counts"], dtype=np.int64)
        levels = [str(level) for level in item["levels"]]
        tables = {
            str(own[item["by"]].iloc[0]): own[item["variable"]].astype(str) for own in groups(data, part, item["by"])
        }
        ours = np.array([[int((tables[level] == row).sum()) for level in levels] for row in item["rows"]])
        np.testing.assert_array_equal(ours, counts)
        p, sign = categorical_p(counts)
        exact = counts.shape == (2, 2) and item["expected_min"] < 5
        assert p == pytest.approx(item["p_fisher"] if exact else item["p_chisq_uncorrected"], abs=1e-8)
        assert sign == ("*" if exact else "†" if item["expected_min"] < 5 else "")
        assert share_difference(counts) == pytest.approx(item["smd"], abs=1e-8)
