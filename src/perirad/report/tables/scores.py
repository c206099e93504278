"""Tables of the Rad-score: scenarios, selected features, and the formulas in full."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perirad.nomogram.records import RidgeFit, Variable
from perirad.report.contents import ReportContents
from perirad.report.figures.curves import cohort_names, shown_in
from perirad.report.tables.table import frame_of
from perirad.report.text import DASH, auc_text, cohort_label, decimal, percent

__all__ = [
    "equations_table", "model_equation", "radscore_formula", "scenarios_table", "selected_table", "term_label",
]  # fmt: skip


def scenarios_table(contents: ReportContents) -> pd.DataFrame:
    """Features left after each step, penalty, cross-validated AUC and AUC in each cohort, a row for each scenario."""
    if not contents.scenarios:
        return frame_of([], [])
    cohorts = cohort_names([item.result for item in contents.scenarios])
    what = "Regions" if contents.images else "Features"
    columns = [
        what, *(name for name, _ in contents.scenarios[0].steps), "Selected", "λ (rule)",
        "Cross-validated AUC (SE)", *(f"{cohort_label(name)} AUC (95% CI)" for name in cohorts),
    ]  # fmt: skip
    rows = []
    for item in contents.scenarios:
        found = [shown_in(item.result, name) for name in cohorts]
        rows.append([
            f"{item.name} (chosen)" if item.chosen else item.name,
            *(str(left) for _, left in item.steps), str(item.n_selected),
            f"{item.lambda_value:.4g} ({item.lambda_rule})",
            f"{decimal(item.cv_auc, 3)} ({decimal(item.cv_auc_se, 3)})",
            *(DASH if result is None else auc_text(result.auc) for result in found),
        ])  # fmt: skip
    return frame_of(columns, rows)


def selected_table(contents: ReportContents) -> pd.DataFrame:
    """Features of the Rad-score: IBSI code, coefficient per standard deviation, training mean and deviation.

    Where the training was repeated in resamples, also the share of them whose Rad-score has the feature.
    """
    ordered = sorted(contents.selected, key=lambda item: -abs(item.coefficient))
    often = contents.internal.selected if contents.internal else {}
    rows = [
        [item.column, item.ibsi_code or DASH, decimal(item.coefficient, 4), _plain(item.mean), _plain(item.sd),
         *([percent(often[item.column])] if item.column in often else [DASH] if often else [])]
        for item in ordered
    ]  # fmt: skip
    columns = ["Feature", "IBSI code", "Coefficient", "Training mean", "Training SD"]
    return frame_of([*columns, *(["Selected in resamples"] if often else [])], rows)


def radscore_formula(contents: ReportContents) -> str:
    """Rad-score written out, features in the order of their weight."""
    ordered = sorted(contents.selected, key=lambda item: -abs(item.coefficient))
    terms = [(item.coefficient, f"({item.column} − {_plain(item.mean)}) / {_plain(item.sd)}") for item in ordered]
    return "Rad-score = " + _sum(contents.radscore_intercept, terms)


def model_equation(contents: ReportContents) -> str:
    """Logistic model of the nomogram written out; a sentence where no model was fitted."""
    fit = contents.combined_fit
    if fit is None:
        return "no predictor was retained, so there is no combined model"
    terms = [
        (float(coefficient), f"[{term_label(term, fit.variables)}]")
        for coefficient, term in zip(fit.coefficients[1:], fit.terms, strict=True)
    ]
    return f"logit(risk of {contents.event_label}) = " + _sum(float(fit.coefficients[0]), terms)


def equations_table(contents: ReportContents) -> pd.DataFrame:
    """The formulas, a row each: Rad-score, model, and the terms of each spline in it."""
    rows = [["Rad-score", radscore_formula(contents)]] if contents.scenarios else []
    rows.append([f"Model of the nomogram ({_method(contents)})", model_equation(contents)])
    fit = contents.combined_fit
    rows += [[f"Spline of {item.label}", _spline(item)] for item in (fit.variables if fit else ()) if item.knots]
    return frame_of(["Quantity", "Formula"], rows)


def term_label(term: str, variables: Sequence[Variable]) -> str:
    """Term of the design matrix in words: ``birads=4B`` -> ``BI-RADS: 4B vs 3``; unknown terms stay as they are."""
    for variable in variables:
        unit = f" ({variable.unit})" if variable.unit else ""
        if term == variable.name and variable.kind == "continuous":
            return f"{variable.label}{unit}"
        if variable.knots and term.startswith(variable.name) and set(term[len(variable.name) :]) == {"'"}:
            return f"{variable.label}{term[len(variable.name) :]}"
        if variable.kind == "categorical" and term.startswith(f"{variable.name}="):
            level = term[len(variable.name) + 1 :]
            return f"{variable.label}: {level} vs {variable.levels[0]}" if variable.levels else term
    return term


def _spline(variable: Variable) -> str:
    """Terms of a restricted cubic spline written out, for x the variable; (u)+ is u where positive, else 0."""
    knots = variable.knots
    last, before = knots[-1], knots[-2]
    terms = []
    for j, knot in enumerate(knots[:-2], start=1):
        falls, rises = (last - knot) / (last - before), (before - knot) / (last - before)
        terms.append(
            f"[{variable.label}{chr(39) * j}] = ((x − {_plain(knot)})+³ − {_plain(falls)} × (x − {_plain(before)})+³ + "
            f"{_plain(rises)} × (x − {_plain(last)})+³) / {_plain((last - knots[0]) ** 2)}"
        )
    return "; ".join(terms)


def _method(contents: ReportContents) -> str:
    fit = contents.combined_fit
    if fit is None:
        return "not fitted"
    if isinstance(fit, RidgeFit):
        return f"ridge regression, penalty {fit.penalty:g}"
    return {"ml": "maximum likelihood", "firth": "Firth's penalised likelihood"}[fit.method]


def _plain(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _sum(constant: float, terms: Sequence[tuple[float, str]]) -> str:
    parts = [_plain(constant)]
    for coefficient, name in terms:
        parts.append(f" {'−' if coefficient < 0 else '+'} {_plain(abs(coefficient))} × {name}")
    return "".join(parts)
