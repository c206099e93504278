"""The axis of a spline: rising values below the line, falling ones above, and what the tables say of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.report.conftest import make_contents

from perirad.nomogram.design import design_matrix
from perirad.nomogram.logistic import fit_logistic, linear_predictor
from perirad.nomogram.points import build_nomogram
from perirad.nomogram.records import Variable
from perirad.nomogram.spline import spline_knots
from perirad.nomogram.tables import multivariable
from perirad.report.contents import ReportContents
from perirad.report.figures.nomogram import nomogram
from perirad.report.tables.scores import equations_table


def bowed() -> ReportContents:
    """Contents whose model has one variable: risk is lowest in the middle of its range."""
    random = np.random.default_rng(2)
    age = random.uniform(30, 80, 400)
    outcome = (random.random(400) < 1 / (1 + np.exp(1.5 - 0.006 * (age - 58) ** 2))).astype(np.int64)
    variable = Variable("age", "Age", "continuous", (), "years", spline_knots(age, 4))
    columns: dict[str, list[object]] = {"age": age.tolist()}
    fit = fit_logistic(columns, outcome, [variable])
    made = build_nomogram(fit, {"age": (30.0, 80.0)}, outcome_label="Risk")
    tests = multivariable(columns, outcome, [variable])
    return replace(make_contents(), combined_fit=fit, nomogram=made, combined_tests=tests, multivariable=tests)


def test_falling_values_stand_above_the_line_analytic() -> None:
    contents = bowed()
    assert contents.nomogram is not None
    axis = contents.nomogram.axes[0]
    falling = {label for label, step in zip(axis.labels, np.diff(axis.points), strict=False) if step < 0}
    rising = {label for label, step in zip(axis.labels, np.diff(axis.points), strict=False) if step > 0}
    assert falling
    assert rising
    figure = nomogram(contents)
    texts = {text.get_text(): text for text in figure.axes[0].texts}
    line = next(text for name, text in texts.items() if name.startswith("Age")).get_position()[1]
    shown = {name: text.get_position()[1] for name, text in texts.items() if name in falling | rising}
    own = {name: at for name, at in shown.items() if abs(at - line) < 5}
    assert {name for name, at in own.items() if at > line} == falling & set(own)
    assert {name for name, at in own.items() if at < line} >= rising & set(own)


def test_the_formula_of_a_spline_is_the_model_analytic() -> None:
    contents = bowed()
    fit = contents.combined_fit
    assert fit is not None
    rows = dict(equations_table(contents).to_numpy().tolist())
    text = rows["Spline of Age"].replace("−", "-")
    x = 66.5
    values = [x]
    for part in text.split("; "):
        _, formula = part.split(" = ")
        bare = formula.replace("x", str(x)).replace("×", "*").replace(")+³", ").clip(0) ** 3")
        bare = bare.replace("(" + str(x), "np.float64(" + str(x))
        values.append(float(eval(bare, {"np": np})))  # noqa: S307  (a formula of our own, with numbers only)
    expected = design_matrix({"age": [x]}, fit.variables)[0][0]
    np.testing.assert_allclose(values, expected, rtol=2e-4)
    risk = float(fit.coefficients[0] + fit.coefficients[1:] @ np.array(values))
    np.testing.assert_allclose(risk, linear_predictor(fit, {"age": [x]})[0], rtol=5e-3)


def test_the_odds_ratio_of_a_spline_names_its_values_analytic() -> None:
    from perirad.report.tables.regression import regression_table

    row = regression_table(bowed().combined_tests).iloc[0]
    assert row["Variable"].startswith("Age (years): ")
    assert " against " in row["Variable"]
