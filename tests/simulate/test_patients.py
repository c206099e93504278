"""The latent cause, HER2 status and clinical columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.simulate.patients import Patient, draw_patient, groups, probability_low
from perirad.simulate.settings import CohortSettings

NULL = CohortSettings(effect_lesion=0.0, effect_rim=0.0, effect_clinical=0.0)


def cohort(settings: CohortSettings) -> list[Patient]:
    return [draw_patient(i, group, settings) for i, group in enumerate(groups(settings))]


def is_low(patient: Patient) -> bool:
    return patient.her2.ihc == "1+" or (patient.her2.ihc, patient.her2.ish) == ("2+", "negative")


def is_analysed(patient: Patient) -> bool:
    return patient.her2.ihc in {"0", "1+"} or (patient.her2.ihc, patient.her2.ish) == ("2+", "negative")


@pytest.mark.parametrize("n_patients", [1, 20, 433])
def test_exactly_the_wanted_number_stays_in_the_analysis_analytic(n_patients: int) -> None:
    settings = CohortSettings(n_patients=n_patients)
    patients = cohort(settings)
    assert sum(map(is_analysed, patients)) == n_patients
    assert len(patients) == settings.n_images
    assert len({patient.case_id for patient in patients}) == settings.n_images


def test_excluded_patients_are_of_the_three_kinds_analytic() -> None:
    settings = CohortSettings()
    kinds = Counter((p.her2.ihc, p.her2.ish) for p in cohort(settings) if not is_analysed(p))
    assert kinds == {("3+", ""): 39, ("2+", "positive"): 15, ("2+", "not done"): 11}
    assert sum(kinds.values()) == pytest.approx(0.15 * 433, abs=1)


def test_in_situ_hybridisation_is_given_for_two_plus_only_analytic() -> None:
    for patient in cohort(CohortSettings()):
        assert (patient.her2.ish != "") == (patient.her2.ihc == "2+")


@pytest.mark.parametrize("prevalence", [0.3, 0.575])
def test_prevalence_is_the_mean_of_the_generating_probability_analytic(prevalence: float) -> None:
    settings = CohortSettings(prevalence=prevalence)
    node = np.linspace(-6.0, 6.0, 2001)
    weight = np.exp(-0.5 * node**2)
    probability = np.array([probability_low(float(u), settings) for u in node])
    assert np.average(probability, weights=weight) == pytest.approx(prevalence, abs=1e-3)


def test_share_of_low_follows_the_generating_probability_analytic() -> None:
    patients = [p for p in cohort(CohortSettings()) if is_analysed(p)]
    probability = np.array([p.probability for p in patients])
    sd = np.sqrt(np.sum(probability * (1.0 - probability))) / len(patients)
    assert np.mean([is_low(p) for p in patients]) == pytest.approx(probability.mean(), abs=3.0 * sd)
    assert 0.52 < np.mean([is_low(p) for p in patients]) < 0.62


def test_null_cohort_has_one_probability_for_everyone_analytic() -> None:
    assert {patient.probability for patient in cohort(NULL)} == {NULL.prevalence}


def test_null_cohort_does_not_use_the_cause_analytic() -> None:
    for index in range(20):
        low, high = (draw_patient(index, "analysed", NULL, u=u) for u in (-2.5, 2.5))
        assert replace(low, u=0.0) == replace(high, u=0.0)


@pytest.mark.parametrize(
    ("effect", "changed"),
    [
        ("effect_lesion", {"density", "heterogeneity_db"}),
        ("effect_rim", {"rim_db"}),
        ("effect_clinical", set[str]()),
    ],
)
def test_each_effect_changes_its_own_part_only_analytic(effect: str, changed: set[str]) -> None:
    settings = replace(NULL, **{effect: 1.0})  # type: ignore[arg-type]
    low, high = (draw_patient(3, "analysed", settings, u=u) for u in (-1.0, 1.0))
    different = {name for name in vars(low.visible) if getattr(low.visible, name) != getattr(high.visible, name)}
    assert different == changed
    assert (low.clinical != high.clinical) == (effect == "effect_clinical")


def test_density_and_rim_rise_with_the_cause_analytic() -> None:
    for index in range(20):
        low, high = (draw_patient(index, "analysed", CohortSettings(), u=u).visible for u in (-1.0, 1.0))
        assert low.density < high.density
        assert low.rim_db < high.rim_db


def test_clinical_columns_are_valid_and_plausible_analytic() -> None:
    clinical = [p.clinical for p in cohort(CohortSettings())]
    assert {c.menopause for c in clinical} == {"pre", "post"}
    assert {c.birads for c in clinical} == {"4A", "4B", "4C", "5"}
    assert {c.grade for c in clinical} == {1, 2, 3}
    for name in ("er", "pr", "nodal"):
        assert {getattr(c, name) for c in clinical} == {"positive", "negative"}
    assert all(1 <= c.ki67 <= 95 and 26 <= c.age <= 86 for c in clinical)
    assert 0.6 < np.mean([c.er == "positive" for c in clinical]) < 0.85
    post, pre = ([c.age for c in clinical if c.menopause == kind] for kind in ("post", "pre"))
    assert np.mean(post) > np.mean(pre) + 10.0


@pytest.mark.parametrize(
    "setting",
    [
        {"n_patients": 0},
        {"seed": -1},
        {"rim_reach_mm": 0.0},
        {"prevalence": 1.0},
        {"effect_rim": -0.1},
        {"centre_a": 2},
    ],
)
def test_impossible_settings_are_refused_analytic(setting: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(setting))):
        CohortSettings(**setting)  # type: ignore[arg-type]
