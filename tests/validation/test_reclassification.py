"""Net reclassification and integrated discrimination improvement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.validation.reclassification import Improvement, discrimination_improvement, reclassification

from .conftest import Predictions


def numbers(got: Improvement) -> list[float]:
    return [got.estimate, got.se, got.z]


@pytest.mark.parametrize("cutoffs", [(), (0.15, 0.4)])
@pytest.mark.parametrize("cohort", ["train", "test"])
def test_reclassification_r_hmisc(
    cohort: str, cutoffs: tuple[float, ...], cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    patients, expected = cohorts[cohort], oracle["reclassification"][cohort]
    got = reclassification(patients.outcome, patients["p_clinical"], patients["p_combined"], cutoffs=cutoffs)
    wanted = expected["categorical" if cutoffs else "continuous"]
    for part, name in ((got.nri, "nri"), (got.events, "nri.ev"), (got.nonevents, "nri.ne")):
        assert numbers(part) == pytest.approx([wanted[name], wanted[f"se.{name}"], wanted[f"z.{name}"]], abs=1e-11)
    assert [got.nri.lower, got.nri.upper, got.nri.p] == pytest.approx([*wanted["nri_ci"], wanted["p_nri"]], abs=1e-12)
    assert "Not recommended alone" in got.caution
    if cutoffs:
        assert got.table_events is not None
        assert got.table_nonevents is not None
        assert got.table_events.tolist() == expected["table_events_rows_old"]
        assert got.table_nonevents.tolist() == expected["table_nonevents_rows_old"]
    else:
        assert got.table_events is None


@pytest.mark.parametrize("cohort", ["train", "test"])
def test_discrimination_improvement_r_hmisc(
    cohort: str, cohorts: dict[str, Predictions], oracle: dict[str, Any]
) -> None:
    patients, wanted = cohorts[cohort], oracle["reclassification"][cohort]["continuous"]
    got = discrimination_improvement(patients.outcome, patients["p_clinical"], patients["p_combined"])
    assert numbers(got) == pytest.approx([wanted["idi"], wanted["se.idi"], wanted["z.idi"]], abs=1e-11)
    assert [got.lower, got.upper, got.p] == pytest.approx([*wanted["idi_ci"], wanted["p_idi"]], abs=1e-12)


def test_nothing_changes_analytic() -> None:
    y, p = np.array([0, 1, 0, 1]), np.array([0.1, 0.6, 0.3, 0.2])
    same, idi = reclassification(y, p, p), discrimination_improvement(y, p, p)
    for part in (same.nri, same.events, same.nonevents, idi):
        assert part.estimate == 0.0
        assert np.isnan([part.se, part.lower, part.p]).all()


def test_limit_belongs_to_the_upper_category_analytic() -> None:
    got = reclassification(np.array([1, 0]), np.array([0.19, 0.2]), np.array([0.2, 0.2]), cutoffs=(0.2,))
    assert got.table_events is not None
    assert got.table_events.tolist() == [[0, 1], [0, 0]]
    assert (got.events.estimate, got.nonevents.estimate) == (1.0, 0.0)


def test_bad_categories_are_named_mechanics() -> None:
    y, p = np.array([0, 1]), np.array([0.2, 0.8])
    for wrong in ((0.4, 0.15), (0.0,), (0.5, np.nan)):
        with pytest.raises(InputError, match=r"^risk categories need ascending limits within 0 and 1, got"):
            reclassification(y, p, p, cutoffs=wrong)
