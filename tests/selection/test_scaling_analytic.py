from __future__ import annotations

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.selection.scaling import fit_scaler, usable_columns


def test_mean_zero_and_sd_one_with_n_minus_one_analytic() -> None:
    X = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
    scaler = fit_scaler(X)
    np.testing.assert_allclose(scaler.mean, [2.0, 20.0])
    np.testing.assert_allclose(scaler.sd, [1.0, 10.0])
    np.testing.assert_allclose(scaler.transform(X), [[-1, -1], [0, 1], [1, 0]])
    np.testing.assert_allclose(scaler.transform(np.array([[4.0, 5.0]])), [[2.0, -1.5]])


def test_constant_to_rounding_is_not_usable_analytic() -> None:
    X = np.array([[0.1 + 0.2, 5.0, 1.0, 1e8, 0.0], [0.3, 5.0, np.nan, 1e8 + 1, 1e-300], [0.3, 5.0, 2.0, 1e8, 0.0]])
    np.testing.assert_array_equal(usable_columns(X), [False, False, False, True, True])
    scaler = fit_scaler(X)
    np.testing.assert_array_equal(scaler.sd[:2], [0.0, 0.0])
    assert np.isnan(scaler.transform(X)[:, :3]).all()
    assert not scaler.mean.flags.writeable


def test_infinite_values_are_not_usable_analytic() -> None:
    X = np.array([[np.inf, 1.0], [1.0, 2.0]])
    np.testing.assert_array_equal(usable_columns(X), [False, True])
    assert np.isnan(fit_scaler(X).sd).tolist() == [True, False]
    assert usable_columns(np.empty((0, 3))).tolist() == [False, False, False]


def test_bad_input_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="two rows"):
        fit_scaler(np.ones((1, 3)))
    with pytest.raises(InputError, match="3 columns"):
        fit_scaler(np.eye(3)).transform(np.ones((2, 2)))
    with pytest.raises(InputError, match="cases by features"):
        fit_scaler(np.ones(3))
