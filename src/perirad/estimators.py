"""The fitted pieces as scikit-learn knows them, for pipelines of one's own; needs ``pip install perirad[sklearn]``.

Every estimator is a thin cover of a function of perirad and has no arithmetic of its own.
"""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import ClassifierTags
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from perirad.arrays import BoolArray, FloatArray, IntArray
from perirad.nomogram.logistic import expit, fit_logistic, linear_predictor
from perirad.nomogram.records import LogisticFit, Variable
from perirad.nomogram.ridge import choose_penalty
from perirad.nomogram.spline import spline_knots
from perirad.selection.cv_loss import Measure
from perirad.selection.folds import stratified_folds
from perirad.selection.lasso import Rule, cv_lasso
from perirad.selection.mrmr import MrmrScheme, mrmr
from perirad.selection.redundancy import prune_correlated
from perirad.selection.scaling import fit_scaler, usable_columns
from perirad.selection.univariate import Adjustment, screen
from perirad.study.fitting import fit_radscore
from perirad.study.settings import StudySettings
from perirad.study.training import Training
from perirad.table import FeatureTable

__all__ = [
    "CorrelationPruner",
    "LassoLogistic",
    "LogisticModel",
    "MrmrSelector",
    "RadScoreClassifier",
    "UnivariateScreen",
]


class _Binary(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What the classifiers share: two classes, of which the second in order is the event."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _checked(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, IntArray]:
        values, target = validate_data(self, X, y, dtype=np.float64)
        kind = type_of_target(target, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        self.classes_, code = np.unique(target, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y must have both classes, found one class only: {self.classes_[0]!r}")
        return values, code.astype(np.int64)

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Probability of either class, shape (n_cases, 2)."""
        risk = self._risk(X)
        return np.column_stack([1.0 - risk, risk])

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Class whose probability is at least one half; cut-offs for use are better learnt (`validation.cutoffs`)."""
        event = self._risk(X) >= 0.5
        return np.asarray(self.classes_[event.astype(np.int64)])

    def _risk(self, X: ArrayLike) -> FloatArray:
        raise NotImplementedError


class LassoLogistic(_Binary):
    """Logistic LASSO, elastic net or ridge with its penalty chosen by cross-validation; features are z-scored first.

    Parameters
    ----------
    mixing : float
        glmnet's alpha: 1 for the LASSO, 0 for ridge.
    rule, measure
        As for :func:`perirad.selection.lasso.cv_lasso`.
    n_folds, seed : int
        Of the stratified folds; fewer folds where a class has fewer cases.

    Attributes
    ----------
    coef_, intercept_ : ndarray of shape (n_features,), float
        On the features' own scale.
    lambda_ : float
    """

    def __init__(
        self,
        mixing: float = 1.0,
        rule: Rule = "lambda.min",
        measure: Measure | None = None,
        n_folds: int = 10,
        seed: int = 1,
    ) -> None:
        self.mixing = mixing
        self.rule = rule
        self.measure = measure
        self.n_folds = n_folds
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit; features that do not vary get no weight."""
        values, target = self._checked(X, y)
        usable = usable_columns(values)
        scaler = fit_scaler(values[:, usable])
        folds = _folds(target, self.n_folds, self.seed)
        found = cv_lasso(
            scaler.transform(values[:, usable]), target, folds, alpha=self.mixing, rule=self.rule, measure=self.measure
        )
        weights = found.coefficients / scaler.sd
        self.coef_ = np.zeros(values.shape[1])
        self.coef_[usable] = weights
        self.intercept_ = found.intercept - float(weights @ scaler.mean)
        self.lambda_ = found.chosen_lambda
        return self

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Log-odds of the event, shape (n_cases,)."""
        check_is_fitted(self)
        values = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(values @ self.coef_ + self.intercept_, dtype=np.float64)

    def _risk(self, X: ArrayLike) -> FloatArray:
        return expit(self.decision_function(X))


class LogisticModel(_Binary):
    """Logistic regression as the nomogram uses it.

    Parameters
    ----------
    model : {"auto", "ml", "firth", "ridge"}
        Maximum likelihood, Firth's penalised likelihood, the former with the latter where the outcome is separated, or
        the ridge penalty of `penalties` with the best AIC.
    knots : int
        0, or 3 to 7: every column enters as a restricted cubic spline.
    penalties : tuple of float

    Attributes
    ----------
    fit_ : LogisticFit
    """

    def __init__(
        self,
        model: Literal["auto", "ml", "firth", "ridge"] = "auto",
        knots: int = 0,
        penalties: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0),
    ) -> None:
        self.model = model
        self.knots = knots
        self.penalties = penalties

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit; columns must vary and not depend on each other."""
        values, target = self._checked(X, y)
        variables = [
            Variable(f"x{j}", f"x{j}", "continuous", knots=spline_knots(values[:, j], self.knots) if self.knots else ())
            for j in range(values.shape[1])
        ]
        columns = _columns(values)
        if self.model == "ridge":
            self.fit_: LogisticFit = choose_penalty(columns, target, variables, self.penalties)
        else:
            self.fit_ = fit_logistic(columns, target, variables, method=self.model)
        return self

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Log-odds of the event, shape (n_cases,)."""
        check_is_fitted(self)
        return linear_predictor(self.fit_, _columns(validate_data(self, X, dtype=np.float64, reset=False)))

    def _risk(self, X: ArrayLike) -> FloatArray:
        return expit(self.decision_function(X))


class RadScoreClassifier(_Binary):
    """The whole Rad-score: screening, pruning, ranking and LASSO, as `[selection]` of a study.

    Parameters
    ----------
    selection : dict, optional
        Settings of `[selection]`, e.g. ``{"mrmr": 20, "rule": "lambda.1se"}``.
    seed : int
        Of the folds that choose the penalty.

    Attributes
    ----------
    radscore_ : RadScore
    steps_ : tuple of (str, int)
        What each step of the selection left.
    """

    def __init__(self, selection: dict[str, Any] | None = None, seed: int = 1) -> None:
        self.selection = selection
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit on numbers without missing values."""
        values, target = self._checked(X, y)
        content = {"outcome": {"column": "y"}, "features": {"source": "table"}, "selection": self.selection or {}}
        settings = StudySettings.model_validate(content)
        folds = _possible(target, settings.selection.folds)
        narrowed = settings.selection.model_copy(update={"folds": folds})
        training = Training(_table(values), target, np.arange(len(target), dtype=np.int64))
        found = fit_radscore(training, "all", settings.model_copy(update={"selection": narrowed}), (self.seed, 4))
        self.radscore_, self.steps_ = found.score, found.steps
        return self

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Rad-score of each case, shape (n_cases,)."""
        check_is_fitted(self)
        return self.radscore_.predict(_table(validate_data(self, X, dtype=np.float64, reset=False)))

    def _risk(self, X: ArrayLike) -> FloatArray:
        scores = self.decision_function(X)
        return self.radscore_.risk(scores)


class _Selector(SelectorMixin, BaseEstimator):  # type: ignore[misc]
    """What the selectors share: `transform` keeps the columns of `support_`."""

    def _get_support_mask(self) -> BoolArray:
        check_is_fitted(self)
        return np.asarray(self.support_)


class UnivariateScreen(_Selector):
    """Keep features that differ between the classes; parameters as :func:`perirad.selection.univariate.screen`."""

    def __init__(
        self,
        test: Literal["mann-whitney", "t-test", "welch"] = "mann-whitney",
        alpha: float = 0.05,
        adjustment: Adjustment = "none",
    ) -> None:
        self.test = test
        self.alpha = alpha
        self.adjustment = adjustment

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Test every feature."""
        values, target = validate_data(self, X, y, dtype=np.float64)
        self.support_ = screen(values, _codes(target), test=self.test, alpha=self.alpha, adjustment=self.adjustment)
        return self

    def __sklearn_tags__(self) -> Any:
        return _of_two_classes(super().__sklearn_tags__())


class CorrelationPruner(_Selector):
    """Of features correlated beyond `cutoff` keep one, as R's caret."""

    def __init__(self, cutoff: float = 0.9, method: Literal["spearman", "pearson"] = "spearman") -> None:
        self.cutoff = cutoff
        self.method = method

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Find what to keep; `y` is not looked at. Features that do not vary go."""
        values = validate_data(self, X, dtype=np.float64)
        self.support_ = np.zeros(values.shape[1], dtype=np.bool_)
        usable = np.flatnonzero(usable_columns(values))
        self.support_[usable] = prune_correlated(values[:, usable], cutoff=self.cutoff, method=self.method)
        return self


class MrmrSelector(_Selector):
    """Keep the first `n_features` by relevance and redundancy; see :func:`perirad.selection.mrmr.mrmr`."""

    def __init__(self, n_features: int = 20, scheme: MrmrScheme = "MID") -> None:
        self.n_features = n_features
        self.scheme = scheme

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Rank the features that vary."""
        values, target = validate_data(self, X, y, dtype=np.float64)
        usable = np.flatnonzero(usable_columns(values))
        self.support_ = np.zeros(values.shape[1], dtype=np.bool_)
        order = mrmr(values[:, usable], _codes(target), self.n_features, scheme=self.scheme).order
        self.support_[usable[order]] = True
        return self

    def __sklearn_tags__(self) -> Any:
        return _of_two_classes(super().__sklearn_tags__())


def _of_two_classes(tags: Any) -> Any:
    """Tags of a selector that looks at an outcome of two classes."""
    tags.target_tags.required = True
    tags.classifier_tags = ClassifierTags(multi_class=False)
    return tags


def _codes(target: np.ndarray) -> IntArray:
    """Classes as 0 and 1, in their order."""
    classes, codes = np.unique(target, return_inverse=True)
    if len(classes) != 2:
        raise ValueError(f"y must have two classes, found {len(classes)} class{'es' if len(classes) > 1 else ''}")
    return np.asarray(codes, dtype=np.int64)


def _possible(target: IntArray, n_folds: int) -> int:
    """Folds wanted, or as many as the rarer class has cases."""
    rarer = int(min(target.sum(), len(target) - target.sum()))
    if rarer < 2:
        raise ValueError(f"cross-validation needs two cases of each class, found {rarer} of the rarer one")
    return min(n_folds, rarer)


def _folds(target: IntArray, n_folds: int, seed: int) -> IntArray:
    return stratified_folds(target, _possible(target, n_folds), seed=seed)


def _columns(values: FloatArray) -> dict[str, list[object]]:
    return {f"x{j}": column.tolist() for j, column in enumerate(values.T)}


def _table(values: FloatArray) -> FeatureTable:
    names = tuple(f"x{j}" for j in range(values.shape[1]))
    return FeatureTable(tuple(map(str, range(len(values)))), names, values)
