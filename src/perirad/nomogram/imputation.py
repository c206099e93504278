"""Missing clinical values: several completions for a fit, and one frozen rule for the patients that come after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.nomogram.design import design_matrix
from perirad.nomogram.logistic import expit, fit_logistic, linear_predictor
from perirad.nomogram.records import LogisticFit, Variable

__all__ = ["FrozenRule", "Rows", "complete", "fill", "fit_rules", "pool_fits"]

Rows = Sequence[Mapping[str, float | str]]
"""Values of each patient; a name that is not there is a missing value."""
Columns = dict[str, list[object]]

_DONORS = 5
_ROUNDS = 5
_OUTCOME = Variable("outcome", "outcome", "continuous")


@dataclass(frozen=True)
class FrozenRule:
    """How a missing value of one variable is filled from the others, without the outcome.

    Parameters
    ----------
    variable : Variable
    others : tuple of Variable
        Its predictors.
    coefficients : ndarray of shape (n_rows, 1 + n_terms)
        The intercept first. Of a number: one row, of a linear regression. Of a category: a row for each level, of a
        logistic regression of that level against the rest; the level with the highest score is filled in.
    typical : float or str
        Median, or commonest level: stands in for this variable where it is missing as a predictor.
    """

    variable: Variable
    others: tuple[Variable, ...]
    coefficients: FloatArray
    typical: float | str


def complete(rows: Rows, variables: Sequence[Variable], outcome: IntArray, m: int, *, seed: int) -> tuple[Rows, ...]:
    """Complete the values of training patients several times, by chained equations.

    Parameters
    ----------
    rows : sequence of mappings
    variables : sequence of Variable
        Straight (without knots); the imputation model of each has all others and the outcome, as it should where a
        model of that outcome is fitted next (doi:10.1016/j.jclinepi.2006.01.009).
    outcome : ndarray of int of shape (n,)
    m : int
        Completions.
    seed : int

    Returns
    -------
    tuple of m sequences of mappings
        One, the rows as they are, where nothing is missing.

    Raises
    ------
    InputError
        When a variable is known for fewer than ten patients.

    Notes
    -----
    Numbers by predictive mean matching with five donors, categories from logistic regressions in bootstrap samples.
    van Buuren, Groothuis-Oudshoorn 2011, doi:10.18637/jss.v045.i03.
    """
    gaps = {item.name: np.array([item.name not in row for row in rows]) for item in variables}
    holes = [item for item in variables if gaps[item.name].any()]
    if not holes:
        return (rows,)
    for item in holes:
        known = int((~gaps[item.name]).sum())
        if known < 2 * _DONORS:
            raise InputError(f"{item.name} must be known for at least {2 * _DONORS} training patients", f"{known}")
    seeds = np.random.SeedSequence(seed).spawn(m)
    return tuple(_completed(rows, variables, holes, gaps, outcome, np.random.default_rng(child)) for child in seeds)


def _completed(
    rows: Rows,
    variables: Sequence[Variable],
    holes: Sequence[Variable],
    gaps: Mapping[str, np.ndarray],
    outcome: IntArray,
    random: np.random.Generator,
) -> Rows:
    columns: Columns = {item.name: [row.get(item.name) for row in rows] for item in variables}
    columns[_OUTCOME.name] = outcome.astype(np.float64).tolist()
    for item in holes:  # a first guess, from those who have a value
        known = [value for value in columns[item.name] if value is not None]
        for i in np.flatnonzero(gaps[item.name]):
            columns[item.name][i] = known[int(random.integers(len(known)))]
    for _ in range(_ROUNDS):
        for item in holes:
            others = [other for other in variables if other.name != item.name] + [_OUTCOME]
            draw = _matched if item.kind == "continuous" else _drawn
            values = draw(columns, item, others, gaps[item.name], random)
            for i, value in zip(np.flatnonzero(gaps[item.name]), values, strict=True):
                columns[item.name][i] = value
    names = [item.name for item in variables]
    return [{name: columns[name][i] for name in names} for i in range(len(rows))]  # type: ignore[misc]


def _matched(
    columns: Columns, item: Variable, others: Sequence[Variable], gap: np.ndarray, random: np.random.Generator
) -> list[object]:
    """Values of patients whose prediction is close: predictive mean matching."""
    X = _with_intercept(columns, others)
    y = np.array(columns[item.name], dtype=np.float64)
    known = ~gap
    beta, _, rank, _ = np.linalg.lstsq(X[known], y[known], rcond=None)
    residual = y[known] - X[known] @ beta
    freedom = max(1, int(known.sum()) - int(rank))
    sigma = np.sqrt(float(residual @ residual) / float(random.chisquare(freedom)))
    factor = np.linalg.pinv(X[known]).T  # factor.T @ factor is the inverse of X'X
    drawn = beta + sigma * (factor.T @ random.standard_normal(len(factor)))
    predicted, wanted = X[known] @ beta, X[gap] @ drawn
    values = y[known]
    nearest = np.argsort(np.abs(predicted[None, :] - wanted[:, None]), axis=1, kind="stable")[:, :_DONORS]
    return [float(values[place[int(random.integers(place.size))]]) for place in nearest]


def _drawn(
    columns: Columns, item: Variable, others: Sequence[Variable], gap: np.ndarray, random: np.random.Generator
) -> list[object]:
    """Levels drawn by their probabilities, which are learnt in a bootstrap sample of those who have a value."""
    known = np.flatnonzero(~gap)
    rows = known[random.integers(known.size, size=known.size)]
    try:
        scores = _level_scores(columns, item, others, rows)
    except InputError:  # a sample without some level or variation: all who have a value
        scores = _level_scores(columns, item, others, known)
    share = scores[gap] / scores[gap].sum(axis=1, keepdims=True)
    return [item.levels[int(random.choice(len(item.levels), p=row))] for row in share]


def _level_scores(columns: Columns, item: Variable, others: Sequence[Variable], rows: IntArray) -> FloatArray:
    """Probability of each level against the rest, shape (n, n_levels)."""
    return np.column_stack([expit(linear) for linear in _level_predictors(columns, item, others, rows)[0]])


def _level_predictors(
    columns: Columns, item: Variable, others: Sequence[Variable], rows: IntArray
) -> tuple[list[FloatArray], list[LogisticFit]]:
    part: Columns = {other.name: [columns[other.name][i] for i in rows] for other in others}
    level = [columns[item.name][i] for i in rows]
    fits = [
        fit_logistic(part, np.array([value == name for value in level], dtype=np.int64), others, method="firth")
        for name in item.levels
    ]
    whole: Columns = {other.name: columns[other.name] for other in others}
    return [linear_predictor(fit, whole) for fit in fits], fits


def _with_intercept(columns: Columns, others: Sequence[Variable]) -> FloatArray:
    design, _ = design_matrix({other.name: columns[other.name] for other in others}, others)
    return np.column_stack([np.ones(len(design)), design])


def fit_rules(completions: Sequence[Rows], variables: Sequence[Variable], known: Rows) -> tuple[FrozenRule, ...]:
    """Learn how values that are missing for later patients are filled, without the outcome, from completed patients.

    Parameters
    ----------
    completions : sequence of sequences of mappings
        All of them count, so that the rule knows what is uncertain.
    variables : sequence of Variable
    known : sequence of mappings
        The values before completion, for the typical ones.

    Notes
    -----
    The outcome of a later patient is not known, so no rule may use it (doi:10.1177/09622802231165001).
    """
    rows = [row for completion in completions for row in completion]
    columns: Columns = {item.name: [row[item.name] for row in rows] for item in variables}
    everyone = np.arange(len(rows), dtype=np.int64)
    rules = []
    for item in variables:
        others = tuple(other for other in variables if other.name != item.name)
        values = [row[item.name] for row in known if item.name in row]
        if not others:
            coefficients = np.zeros((max(1, len(item.levels)), 1))
            if item.kind == "continuous":
                coefficients[0, 0] = float(np.median(np.array(values, dtype=np.float64)))
            else:
                coefficients[item.levels.index(_commonest(values, item)), 0] = 1.0
        elif item.kind == "continuous":
            X, y = _with_intercept(columns, others), np.array(columns[item.name], dtype=np.float64)
            coefficients = np.array([np.linalg.lstsq(X, y, rcond=None)[0]])
        else:
            fits = _level_predictors(columns, item, others, everyone)[1]
            coefficients = np.array([fit.coefficients for fit in fits])
        typical = _commonest(values, item) if item.levels else float(np.median(np.array(values, dtype=np.float64)))
        rules.append(FrozenRule(item, others, frozen(coefficients), typical))
    return tuple(rules)


def _commonest(values: Sequence[float | str], item: Variable) -> str:
    return max(item.levels, key=lambda level: sum(value == level for value in values))


def fill(row: Mapping[str, float | str], rules: Sequence[FrozenRule]) -> dict[str, float | str]:
    """Values of one patient, what is missing filled by the frozen rules; the same whoever else is scored with them."""
    filled = dict(row)
    typical = {rule.variable.name: rule.typical for rule in rules}
    for rule in rules:
        if rule.variable.name in row:
            continue
        columns: Columns = {item.name: [row.get(item.name, typical[item.name])] for item in rule.others}
        design = design_matrix(columns, rule.others)[0][0] if rule.others else np.zeros(0)
        scores = [float(own[0]) + sum(float(b) * float(x) for b, x in zip(own[1:], design, strict=True))
                  for own in rule.coefficients]  # fmt: skip
        levels = rule.variable.levels
        filled[rule.variable.name] = levels[int(np.argmax(scores))] if levels else scores[0]
    return filled


def pool_fits(fits: Sequence[LogisticFit]) -> LogisticFit:
    """Pool a model fitted in each completion by Rubin's rules: mean coefficients, covariance within and between.

    The log-likelihoods are means, which is what they say of one completion. The fits must share their knots.
    """
    if len(fits) == 1:
        return fits[0]
    first, m = fits[0], len(fits)
    if any(fit.terms != first.terms or fit.variables != first.variables for fit in fits):
        raise InputError("fits to pool must be of the same model", "others among them")
    each = np.array([fit.coefficients for fit in fits])
    mean = each.mean(axis=0)
    within = np.mean([fit.covariance for fit in fits], axis=0)
    between = (each - mean).T @ (each - mean) / (m - 1)
    return LogisticFit(
        variables=first.variables,
        terms=first.terms,
        coefficients=frozen(mean),
        covariance=frozen(within + (1.0 + 1.0 / m) * between),
        log_likelihood=float(np.mean([fit.log_likelihood for fit in fits])),
        null_log_likelihood=float(np.mean([fit.null_log_likelihood for fit in fits])),
        n=first.n,
        n_events=first.n_events,
        method="firth" if any(fit.method == "firth" for fit in fits) else "ml",
    )
