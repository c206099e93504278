"""ComBat: takes differences in mean and spread between centres out of features, learnt once and then frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from perirad.arrays import FloatArray, IntArray, frozen
from perirad.errors import InputError
from perirad.selection.inputs import matrix

__all__ = ["Combat", "fit_combat"]

_CHANGE = 1e-4  # relative change at which sva ends the iteration of the parametric prior


@dataclass(frozen=True)
class Combat:
    """Frozen estimates of ComBat.

    Parameters
    ----------
    centres : tuple of str
        Those it was learnt from.
    mean, scale : ndarray of shape (n_features,)
        Mean over the centres (by their size) and pooled standard deviation of each feature.
    slopes : ndarray of shape (n_covariates, n_features)
        What the covariates do to the features, which is kept.
    shift, spread : ndarray of shape (n_centres, n_features)
        Shift of each centre in units of `scale`, and its variance as a multiple of ``scale ** 2``; 0 and 1 where a
        feature is left as it is (constant within some centre).
    """

    centres: tuple[str, ...]
    mean: FloatArray
    scale: FloatArray
    slopes: FloatArray
    shift: FloatArray
    spread: FloatArray

    def only(self, columns: IntArray) -> Combat:
        """Return the estimates of some of the features."""
        return replace(
            self,
            mean=frozen(self.mean[columns]),
            scale=frozen(self.scale[columns]),
            slopes=frozen(self.slopes[:, columns]),
            shift=frozen(self.shift[:, columns]),
            spread=frozen(self.spread[:, columns]),
        )

    def transform(self, X: ArrayLike, centres: Sequence[str], covariates: ArrayLike | None = None) -> FloatArray:
        """Features with the centres' differences taken out, shape of `X`.

        Parameters
        ----------
        X : array of shape (n_cases, n_features)
        centres : sequence of str
            Centre of each case; one that was not seen in training cannot be harmonised.
        covariates : array of shape (n_cases, n_covariates), optional
            Where it was fitted with some.

        Raises
        ------
        InputError
            For an unknown centre, or covariates that do not fit.
        """
        values = matrix(X)
        of_case = self._places(centres, len(values))
        extra = _covariates(covariates, len(values))
        if extra.shape[1] != len(self.slopes):
            raise InputError(f"ComBat was fitted with {len(self.slopes)} covariates", f"{extra.shape[1]}")
        kept = self.mean + extra @ self.slopes
        standard = (values - kept) / self.scale
        return np.asarray(
            (standard - self.shift[of_case]) / np.sqrt(self.spread[of_case]) * self.scale + kept, dtype=np.float64
        )

    def _places(self, centres: Sequence[str], n_cases: int) -> IntArray:
        if len(centres) != n_cases:
            raise InputError(f"every case must have a centre ({n_cases})", f"{len(centres)}")
        place = {name: k for k, name in enumerate(self.centres)}
        unknown = [name for name in centres if name not in place]
        if unknown:
            raise InputError(
                f"the centre must be one that ComBat was learnt from ({', '.join(self.centres)})",
                repr(unknown[0]),
                mend="its shift is not known: fit a model with cases of that centre, or one without ComBat",
            )
        return np.array([place[name] for name in centres], dtype=np.int64)


def fit_combat(
    X: ArrayLike,
    centres: Sequence[str],
    *,
    covariates: ArrayLike | None = None,
    parametric: bool = True,
    mean_only: bool = False,
    reference: str = "",
) -> Combat:
    """Estimate each centre's shift and spread of each feature, drawn towards what they are over all features.

    Parameters
    ----------
    X : array of shape (n_cases, n_features)
        Finite, of training cases.
    centres : sequence of str
        Centre of each case.
    covariates : array of shape (n_cases, n_covariates), optional
        What may differ between the centres' patients and is to be kept. For a model that scores new patients these must
        be known for them, which the outcome is not.
    parametric : bool
        Normal and inverse gamma prior; else the empirical distribution over the features.
    mean_only : bool
        Leave the spread as it is.
    reference : str, optional
        Centre to which the others are fitted, and which stays as it is.

    Returns
    -------
    Combat

    Raises
    ------
    InputError
        For fewer than two centres, an unknown reference, a centre with one case only (unless `mean_only`), covariates
        that tell the centre, or a value that is not finite.

    Notes
    -----
    As `sva::ComBat`. Johnson, Li, Rabinovic 2007, doi:10.1093/biostatistics/kxj037. A feature that is constant within
    some centre is left as it is.
    """
    values = matrix(X)
    names = tuple(sorted(set(centres)))
    of_case = np.array([names.index(name) for name in centres], dtype=np.int64)
    extra = _covariates(covariates, len(values))
    _check(values, of_case, names, reference, mean_only=mean_only)
    adjusted = ~np.any([np.ptp(values[of_case == k], axis=0) == 0.0 for k in range(len(names))], axis=0)
    if mean_only:  # a centre of one case is constant, but its mean can be shifted
        adjusted = np.ptp(values, axis=0) > 0.0
    p, k = values.shape[1], len(names)
    mean, scale, slopes = np.zeros(p), np.ones(p), np.zeros((extra.shape[1], p))
    shift, spread = np.zeros((k, p)), np.ones((k, p))
    if adjusted.any():
        part = values[:, adjusted]
        at = names.index(reference) if reference else -1
        mean[adjusted], scale[adjusted], slopes[:, adjusted] = _standard(part, of_case, extra, k, at)
        standard = (part - mean[adjusted] - extra @ slopes[:, adjusted]) / scale[adjusted]
        for centre in range(k):
            if centre == at:
                continue
            own = standard[of_case == centre]
            shift[centre, adjusted], spread[centre, adjusted] = _centre(own, parametric=parametric, mean_only=mean_only)
    return Combat(names, frozen(mean), frozen(scale), frozen(slopes), frozen(shift), frozen(spread))


def _standard(
    values: FloatArray, of_case: IntArray, extra: FloatArray, k: int, reference: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean over centres, pooled standard deviation (n in the denominator), and slopes of the covariates."""
    design = np.hstack([np.eye(k)[of_case], extra])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise InputError("covariates must not tell the centre", "some that do, or that depend on each other")
    beta = np.linalg.solve(design.T @ design, design.T @ values)
    residual = values - design @ beta
    if reference >= 0:
        mean, rows = beta[reference], of_case == reference
    else:
        mean, rows = np.bincount(of_case, minlength=k) / len(values) @ beta[:k], np.ones(len(values), dtype=np.bool_)
    scale = np.sqrt((residual[rows] ** 2).mean(axis=0))
    if (scale == 0.0).any():
        raise InputError("features must vary within the centres", f"{int((scale == 0.0).sum())} that do not")
    return mean, scale, beta[k:]


def _centre(standard: FloatArray, *, parametric: bool, mean_only: bool) -> tuple[FloatArray, FloatArray]:
    """Shift and spread of one centre, drawn towards those of its other features."""
    n, p = standard.shape
    shift = standard.mean(axis=0)
    spread = np.ones(p) if mean_only else standard.var(axis=0, ddof=1)
    if p < 2:
        return shift, spread  # no other feature to learn from
    if not parametric:
        return _empirical(standard, shift, spread, mean_only=mean_only)
    centre, width = shift.mean(), shift.var(ddof=1)
    if mean_only:
        return (width * shift + centre) / (width + 1.0), spread
    m, s2 = spread.mean(), spread.var(ddof=1)
    a, b = (2.0 * s2 + m**2) / s2, (m * s2 + m**3) / s2
    g, d, change = shift, spread, 1.0
    while change > _CHANGE:
        new_g = (width * n * shift + d * centre) / (width * n + d)
        squares = ((standard - new_g) ** 2).sum(axis=0)
        new_d = (0.5 * squares + b) / (n / 2.0 + a - 1.0)
        # As in sva, the change of the shift is relative to its signed value.
        change = max(float((np.abs(new_g - g) / g).max()), float((np.abs(new_d - d) / d).max()))
        g, d = new_g, new_d
    return g, d


def _empirical(
    standard: FloatArray, shift: FloatArray, spread: FloatArray, *, mean_only: bool
) -> tuple[FloatArray, FloatArray]:
    """Posterior means under the other features' own shifts and spreads."""
    n, p = standard.shape
    sums, squares = standard.sum(axis=0), (standard**2).sum(axis=0)
    distance = squares[:, None] - 2.0 * sums[:, None] * shift + n * shift**2
    likelihood = -0.5 * n * np.log(2.0 * np.pi * spread) - distance / (2.0 * spread)
    likelihood[np.arange(p), np.arange(p)] = -np.inf  # a feature has no say about itself
    weight = special.softmax(likelihood, axis=1)
    return weight @ shift, spread if mean_only else weight @ spread


def _covariates(covariates: ArrayLike | None, n_cases: int) -> FloatArray:
    if covariates is None:
        return np.zeros((n_cases, 0))
    extra = matrix(covariates)
    if len(extra) != n_cases or not np.isfinite(extra).all():
        raise InputError(f"covariates must be finite and of {n_cases} cases", f"shape {extra.shape}")
    return extra


def _check(values: FloatArray, of_case: IntArray, names: tuple[str, ...], reference: str, *, mean_only: bool) -> None:
    if len(of_case) != len(values):
        raise InputError(f"every case must have a centre ({len(values)})", f"{len(of_case)}")
    if len(names) < 2:
        raise InputError("ComBat needs at least two centres", f"{len(names)}: {', '.join(names) or 'none'}")
    if reference and reference not in names:
        raise InputError(f"the reference centre must be one of {', '.join(names)}", repr(reference))
    strange = int((~np.isfinite(values)).any(axis=0).sum())
    if strange:
        raise InputError("every feature value must be finite", f"{strange} features with others")
    counts = np.bincount(of_case, minlength=len(names))
    if counts.min() < 2 and not mean_only:
        found = f"one of {names[int(np.argmin(counts))]}"
        raise InputError("ComBat needs at least two cases of each centre", found, mend="use mean_only")
