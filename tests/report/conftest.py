"""A complete report filled by hand: random outcomes and predictions, statistics by the plainest arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from tests.report.insight_of import agreement_of, insight_of

from perirad.arrays import FloatArray, IntArray
from perirad.nomogram.records import LogisticFit, Nomogram, NomogramAxis, OddsRatio, Variable, VariableTest
from perirad.report.contents import (
    CaseView,
    CohortPerformance,
    CohortSize,
    Comparison,
    FlowStep,
    ModelResult,
    ReportContents,
    RingLoss,
    ScenarioResult,
    SelectedFeature,
)
from perirad.report.lengths import Lengths
from perirad.validation.records import (
    Auc,
    AucComparison,
    Calibration,
    CalibrationGroups,
    DecisionCurve,
    Estimate,
    Proportion,
    RocCurve,
    SmoothCalibration,
    ThresholdMetrics,
)

NAN = float("nan")
SCRIPT = "<script>alert(1)</script>"
LONG = "P5_log-sigma-3-0-mm-3D-wavelet-LHL_glszm_SmallAreaLowGrayLevelEmphasisOfAVeryLongWindedKindIndeed"


def auc_direct(outcome: IntArray, score: FloatArray) -> Auc:
    events, others = score[outcome == 1], score[outcome == 0]
    wins = (events[:, None] > others[None, :]) + 0.5 * (events[:, None] == others[None, :])
    variance = float(wins.mean(axis=1).var(ddof=1) / events.size + wins.mean(axis=0).var(ddof=1) / others.size)
    estimate, half = float(wins.mean()), 1.959964 * variance**0.5
    return Auc(estimate, max(0, estimate - half), min(1, estimate + half), variance, events.size, others.size)


def roc_direct(outcome: IntArray, score: FloatArray) -> RocCurve:
    distinct = np.unique(score)
    cuts = np.concatenate([[np.inf], ((distinct[1:] + distinct[:-1]) / 2)[::-1], [-np.inf]])
    sensitivity = np.array([(score[outcome == 1] >= cut).mean() for cut in cuts])
    specificity = np.array([(score[outcome == 0] < cut).mean() for cut in cuts])
    return RocCurve(cuts, sensitivity, specificity)


def wilson(k: int, n: int) -> Proportion:
    if n == 0:
        return Proportion(NAN, NAN, NAN, k, n)
    z, p = 1.959964, k / n
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return Proportion(p, max(0.0, low), min(1.0, high), k, n)


def metrics_direct(outcome: IntArray, score: FloatArray, cutoff: float) -> ThresholdMetrics:
    called = score >= cutoff
    tp, fp = int((called & (outcome == 1)).sum()), int((called & (outcome == 0)).sum())
    tn, fn = int((~called & (outcome == 0)).sum()), int((~called & (outcome == 1)).sum())
    return ThresholdMetrics(
        cutoff, tp, fp, tn, fn, wilson(tp, tp + fn), wilson(tn, tn + fp), wilson(tp, tp + fp), wilson(tn, tn + fn),
        wilson(tp + tn, outcome.size),
    )  # fmt: skip


def calibration_direct(outcome: IntArray, p: FloatArray, *, undefined: bool) -> Calibration:
    order = np.argsort(p, kind="stable")
    groups = [part for part in np.array_split(order, 8) if part.size]
    shares = [wilson(int(outcome[part].sum()), part.size) for part in groups]
    grid = np.linspace(p.min(), p.max(), 60)
    weights = np.exp(-0.5 * ((grid[:, None] - p[None, :]) / 0.12) ** 2)
    smooth = (weights * outcome).sum(axis=1) / weights.sum(axis=1)
    brier = float(((p - outcome) ** 2).mean())
    prevalence = float(outcome.mean())
    none = Estimate(NAN, NAN, NAN)
    return Calibration(
        outcome.size, int(outcome.sum()), none if undefined else Estimate(-0.04, -0.31, 0.22),
        none if undefined else Estimate(0.93, 0.71, 1.15), prevalence / float(p.mean()), brier,
        1 - brier / (prevalence * (1 - prevalence)), 0.031, 0.027, 0.064, 0.081, SmoothCalibration(grid, smooth),
        CalibrationGroups(
            np.array([p[part].mean() for part in groups]), np.array([s.estimate for s in shares]),
            np.array([s.lower for s in shares]), np.array([s.upper for s in shares]),
            np.array([float(part.size) for part in groups]),
        ),
    )  # fmt: skip


def decision_direct(outcome: IntArray, p: FloatArray) -> DecisionCurve:
    cuts = np.arange(0.01, 1.0, 0.01)
    odds = cuts / (1 - cuts)
    benefit = [
        ((p >= t) & (outcome == 1)).mean() - ((p >= t) & (outcome == 0)).mean() * w
        for t, w in zip(cuts, odds, strict=True)
    ]
    prevalence = float(outcome.mean())
    return DecisionCurve(cuts, np.array(benefit), prevalence - (1 - prevalence) * odds, prevalence)


def performance(
    cohort: str, outcome: IntArray, p: FloatArray, cutoff: float, *, undefined: bool = False
) -> CohortPerformance:
    return CohortPerformance(
        cohort, outcome, p, auc_direct(outcome, p), roc_direct(outcome, p), metrics_direct(outcome, p, cutoff),
        calibration_direct(outcome, p, undefined=undefined), decision_direct(outcome, p),
    )  # fmt: skip


def variables_of(n_levels: int, n_variables: int, *, nasty: bool) -> tuple[Variable, ...]:
    plain = [
        Variable("age", "Age", "continuous", (), "years"),
        Variable("birads", "BI-RADS category", "categorical", ("3", "4A", "4B", "4C", "5")),
        Variable("size", "Maximum diameter", "continuous", (), "mm"),
        Variable("margin", "Margin", "categorical", ("circumscribed", "not circumscribed")),
    ]
    for at in range(max(0, n_variables - len(plain))):
        levels = tuple(f"level {letter} of them" if nasty else letter for letter in "ABCDEFGH"[:n_levels])
        label = f"Clinical variable number {at} with a rather long-winded name {SCRIPT if at == 0 else ''}"
        plain.append(Variable(f"v{at}", label if nasty else f"Variable {at}", "categorical", levels))
    return tuple(plain[:n_variables])


def axes_of(variables: tuple[Variable, ...], rng: np.random.Generator, *, nasty: bool) -> tuple[NomogramAxis, ...]:
    axes = []
    for at, variable in enumerate(variables):
        if variable.kind == "continuous":
            values = np.linspace(20, 90, 15)
            top = 100.0 if at == 0 else (0.7 if nasty else 45.0)
            points = np.linspace(0, top, 15)
            if at == 2:
                points = points[::-1].copy()
            axes.append(NomogramAxis(variable, values, tuple(f"{v:g}" for v in values), points))
        else:
            span = 1.2 if nasty and at % 2 else 55.0
            points = rng.uniform(0, span, len(variable.levels))
            points -= points.min()
            axes.append(NomogramAxis(variable, np.arange(float(len(points))), variable.levels, points))
    return tuple(axes)


def variable_tests(variables: tuple[Variable, ...], method: Literal["ml", "firth"] = "ml") -> tuple[VariableTest, ...]:
    found = []
    for at, variable in enumerate(variables):
        names = [f"{variable.name}={level}" for level in variable.levels[1:]] or [variable.name]
        rows = tuple(OddsRatio(name, 1.5 + at, 1.1 + at / 2, 2.2 + 2 * at, 0.01 / (at + 1) ** 4) for name in names)
        found.append(VariableTest(variable, rows, 7.1, len(names), 0.0004 if at % 2 else 0.041, method))
    return tuple(found)


def picture(rng: np.random.Generator, case_id: str, outcome: int) -> CaseView:
    rows, columns, mm = 180, 260, 0.15
    y, x = np.mgrid[0:rows, 0:columns] * mm
    d = np.hypot((y - 11) / 0.8, x - 20 + rng.uniform(-3, 3)) - 5.5
    grey = np.clip((110 - 70 * (d < 0) - 2 * y) * rng.rayleigh(0.8, d.shape), 0, 255)
    masks = {"I": d <= 0} | {f"P{w}": (d > 0) & (d <= w) for w in (3, 5, 8)}
    return CaseView(
        case_id, outcome, grey, (mm, mm), {name: mask.astype(np.int64) for name, mask in masks.items()},
        f"Predicted risk 0.71; {case_id} is one of the cases nearest to the median risk of its group",
    )  # fmt: skip


def make_contents(
    kind: Literal["simulated", "real"] = "simulated",
    seed: int = 1,
    n: int = 360,
    *,
    cohorts: tuple[str, ...] = ("train", "test"),
    n_variables: int = 4,
    n_levels: int = 4,
    selected: int = 7,
    nasty: bool = False,
) -> ReportContents:
    rng = np.random.default_rng(seed)
    variables = variables_of(n_levels, n_variables, nasty=nasty)
    share = {"train": 0.7, "test": 0.3, "external": 0.25}
    outcomes = {name: (rng.random(round(n * share[name])) < 0.42).astype(np.int64) for name in cohorts}

    def model(name: str, strength: float, *, undefined: bool = False) -> ModelResult:
        items = []
        for cohort, y in outcomes.items():
            lp = strength * (y - 0.45) + rng.normal(0, 1, y.size) * (strength > 0) - 0.3
            items.append(performance(cohort, y, 1 / (1 + np.exp(-lp)), 0.42, undefined=undefined))
        return ModelResult(name, 0.42, tuple(items))

    scenarios = tuple(
        ScenarioResult(name, (("Candidates", 1023 * k), ("Defined", 1015 * k), ("After screening", 120 * k)),
                       selected if chosen else selected + k, "lambda.1se",
                       0.0312,
                       0.80 if chosen else 0.71 + k / 100, 0.021, chosen, model(f"Rad-score {name}", 0.9 + 0.2 * k))
        for k, (name, chosen) in enumerate((("I", False), ("I+P3", False), ("I+P5", True), ("I+P8", False)), start=1)
    )  # fmt: skip
    models = (
        model(f"Clinical {SCRIPT}" if nasty else "Clinical", 0.0 if nasty else 0.8, undefined=nasty),
        scenarios[2].result,
        model("Nomogram", 1.9),
    )
    baseline = pd.DataFrame(
        {
            "cohort": np.repeat(list(outcomes), [y.size for y in outcomes.values()]),
            "outcome": np.concatenate(list(outcomes.values())),
        }
    )
    for variable in variables:
        if variable.kind == "continuous":
            column = pd.Series(rng.normal(52, 11, len(baseline)).round(1))
            column[rng.random(len(column)) < 0.04] = np.nan
            baseline[variable.name] = column
        else:
            levels = pd.Series(rng.choice(list(variable.levels), len(baseline)), dtype=object)
            levels[rng.random(len(levels)) < 0.02] = None
            baseline[variable.name] = levels
    rad = Variable("radscore", "Rad-score", "continuous")
    used = variables if not selected else (rad, *variables)
    terms = tuple(term for v in used for term in ([f"{v.name}={level}" for level in v.levels[1:]] or [v.name]))
    risks = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    names = [LONG if nasty else "", "P5_wavelet-LH_glcm_Contrast", "I_original_firstorder_Skewness",
             "P5_wavelet-HH_glszm_SmallAreaLowGrayLevelEmphasis", "I_original_shape2D_Elongation",
             "P5_log-sigma-2-0-mm_gldm_DependenceVariance", "I_wavelet-LL_ngtdm_Busyness",
             "P5_original_glrlm_RunEntropy", SCRIPT if nasty else "I_original_firstorder_Kurtosis"]  # fmt: skip
    total = sum(y.size for y in outcomes.values())
    cases = tuple(picture(rng, f"case {at} {SCRIPT}" if nasty else f"case-{at:03d}", at % 2) for at in range(4))
    axes = axes_of(used, rng, nasty=nasty)
    insight = insight_of(
        np.random.default_rng(seed), names=[name for name in names if name][:selected], cases=cases, axes=axes,
        labels=[item.label for item in variables], cohorts={item.cohort: item for item in models[-1].cohorts},
    )  # fmt: skip
    return ReportContents(
        title=f"HER2-low breast cancer {SCRIPT}" if nasty else "HER2-low breast cancer",
        kind=kind, outcome_label="HER2 status", event_label="HER2-low", nonevent_label="HER2-zero",
        lengths=Lengths(0.1, 5, n, ("I", "P3", "P5", "P8")) if nasty else Lengths(),
        flow=(
            FlowStep("Images in the table", 0, n + 30), FlowStep("No outline of the lesion", 12, n + 18),
            FlowStep("Outcome missing", 18, n), FlowStep("Ring P8 with fewer than 50 pixels inside the image", 0, n),
        ),
        cohorts=tuple(
            CohortSize(name, y.size, y.size, int(y.sum()), {"A": y.size // 2, "B": y.size - y.size // 2})
            for name, y in outcomes.items()
        ),
        variables=variables, baseline=baseline,
        ring_losses=tuple(
            RingLoss(f"P{w}", 0.004 * w, 0.02 * w, min(1, 0.09 * w), w * 3, total, 0.3, {"image edge": 0.005 * w})
            for w in (3, 5, 8)
        ),
        scenarios=scenarios,
        selected=tuple(
            SelectedFeature(name, "ACUI" if at % 2 else "", float(rng.normal(0, 0.4)), float(rng.normal(5, 3)), 1.7)
            for at, name in enumerate([name for name in names if name][:selected])
        ),
        radscore_intercept=-0.318, univariable=variable_tests(used),
        multivariable=variable_tests(used[:3], "firth" if nasty else "ml"),
        combined_fit=LogisticFit(
            used, terms, rng.normal(0, 0.5, 1 + len(terms)), np.eye(1 + len(terms)) * 0.04, -101.2, -140.9, n,
            int(sum(y.sum() for y in outcomes.values())), "ml",
        ),
        combined_tests=variable_tests(used),
        nomogram=Nomogram(
            axes, 18.0, -4.2, np.arange(0, 241, 20.0), risks,
            18.0 * (np.log(risks / (1 - risks)) + 4.2), "HER2-low",
        ),
        models=models,
        comparisons=tuple(
            Comparison("Nomogram", models[at].name, cohort, AucComparison(0.08, -0.01, 0.17, 1.74, 0.08 if at else NAN))
            for cohort in outcomes for at in (0, 1)
        ),
        cases=cases, insight=insight, agreement=agreement_of(np.random.default_rng(seed)),
        warnings=("The test cohort has fewer than 100 events.", f"Case {SCRIPT} has no spacing.") if nasty else (),
        settings_toml=f'[regions]\nwidths_mm = [3, 5, 8]\nname = "{SCRIPT}"\n',
        versions={"perirad": "0.1.0", "numpy": "2.4"},
        split="random 7:3, stratified by outcome, by patient", seed=seed,
        calibrations={"dicom-region": n - 5, "assumed": 5} if nasty else {"dicom-region": n},
    )  # fmt: skip


@pytest.fixture(scope="session")
def contents_of() -> Callable[..., ReportContents]:
    return make_contents
