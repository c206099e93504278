"""Insight filled by hand for reports of tests: paths, counts, correlations, subgroups, two patients and their maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from perirad.nomogram.records import NomogramAxis
from perirad.report.contents import CaseView, CohortPerformance, ReaderAgreement
from perirad.report.insight import (
    Contribution,
    Correlations,
    FeatureCount,
    FeatureCounts,
    FeatureMap,
    Insight,
    NomogramReading,
    PatientContributions,
    PenaltyPath,
    Subgroup,
    WidthResult,
)

__all__ = ["agreement_of", "insight_of"]


def agreement_of(rng: np.random.Generator) -> tuple[ReaderAgreement, ...]:
    return tuple(ReaderAgreement(name, 40, 474, rng.beta(5, 2, 470), 0.75) for name in ("I", "P3", "P5"))


def path_of(rng: np.random.Generator, names: Sequence[str]) -> PenaltyPath:
    lambdas = np.geomspace(0.3, 0.01, 30)
    enter = rng.integers(1, 25, len(names))
    grown = np.clip(np.arange(30)[:, None] - enter, 0, None) * rng.normal(0, 0.04, len(names))
    mean = np.asarray(1.3 + 0.002 * (np.arange(30) - 18.0) ** 2, dtype=np.float64)
    error = np.full(30, 0.05, dtype=np.float64)
    return PenaltyPath(
        lambdas, tuple(names), grown, (grown != 0).sum(axis=1), "deviance", mean, error, 18, 18, 12,
        "lambda.min",
    )  # fmt: skip


def correlations_of(rng: np.random.Generator, names: Sequence[str]) -> Correlations:
    matrix = np.asarray(np.corrcoef(rng.normal(size=(80, len(names))) + rng.normal(size=(80, 1)), rowvar=False))
    return Correlations(tuple(names), matrix, np.arange(len(names)) // 2, 0.5)


def subgroups_of(cohorts: Mapping[str, CohortPerformance], labels: Sequence[str]) -> tuple[Subgroup, ...]:
    found = []
    for name, item in cohorts.items():
        found.append(Subgroup("All", "All patients", name, item.outcome.size, int(item.outcome.sum()), item.auc))
        for label in labels:
            for at, group in enumerate(("< 53.5 years", "a level of it with many words to break over lines")):
                auc = None if at else item.auc
                found.append(Subgroup(label, group, name, item.outcome.size // 2, int(item.outcome.sum()) // 2, auc))
    return tuple(found)


def patient_of(rng: np.random.Generator, view: CaseView, names: Sequence[str]) -> PatientContributions:
    parts = [Contribution(name, "1.234e+05 (z = -2.3)", float(rng.normal(0, 0.5))) for name in names]
    return PatientContributions(view.case_id, "test", view.outcome, 0.3, tuple(parts), 0.71)


def maps_of(rng: np.random.Generator, view: CaseView, names: Sequence[str]) -> list[FeatureMap]:
    lesion = view.masks["I"] != 0
    return [
        FeatureMap(
            view.case_id, view.outcome, name, (-1) ** at * 0.4, 2.5, view.pixels, view.spacing_mm, lesion,
            np.where(view.masks["P5"] != 0, rng.normal(5, 2, lesion.shape), np.nan),
        )
        for at, name in enumerate(names[:3])
    ]  # fmt: skip


def insight_of(
    rng: np.random.Generator, *, names: Sequence[str], cases: Sequence[CaseView], labels: Sequence[str],
    axes: Sequence[NomogramAxis], cohorts: Mapping[str, CohortPerformance],
) -> Insight:  # fmt: skip
    regions = ("I", "P5")
    rows = tuple(
        FeatureCount(region, image, family, (90, 80, 12, 2 if region == "I" else 1))
        for region in regions for image in ("original", "wavelet-LH") for family in ("glcm", "firstorder", "shape2D")
    )  # fmt: skip
    return Insight(
        path=path_of(rng, names) if names else None,
        counts=FeatureCounts(("Candidates", "Defined", "After screening", "Selected"), rows),
        correlations=correlations_of(rng, names) if len(names) > 2 else None,
        widths=tuple(
            WidthResult(name, width, rng.normal(0.78, 0.04, 20), name == "I+P5", share, share)
            for name, width, share in (("I", 0.0, 0.1), ("I+P3", 3.0, 0.2), ("I+P5", 5.0, 0.6), ("I+P8", 8.0, 0.1))
        ),
        subgroups=subgroups_of(cohorts, labels),
        contributions=tuple(patient_of(rng, view, [*names, *labels]) for view in cases[:2]) if names else (),
        reading=NomogramReading(
            cases[0].case_id, "test", 1,
            {axis.variable.name: axis.labels[1] for axis in axes},
            {axis.variable.name: float(axis.points[1]) for axis in axes}, 87.0, 0.77, 0.65, 0.86,
        ),
        maps=tuple(item for view in cases[:2] for item in maps_of(rng, view, names)) if names else (),
    )  # fmt: skip
