"""Grey values as eight bits."""

from __future__ import annotations

import numpy as np

from perirad.image.eight_bits import eight_bits


def test_eight_bits_stay_and_other_scales_are_stretched_analytic() -> None:
    np.testing.assert_array_equal(eight_bits(np.array([[0.0, 7.4], [7.6, 255.0]])), [[0, 7], [8, 255]])
    np.testing.assert_array_equal(eight_bits(np.array([0.0, 0.2, 1.0])), [0, 51, 255])
    np.testing.assert_array_equal(eight_bits(np.array([-100.0, -20.0, 100.0])), [0, 102, 255])
    np.testing.assert_array_equal(eight_bits(np.array([400.0, 1600.0]), (0.0, 2000.0)), [51, 204])
    np.testing.assert_array_equal(eight_bits(np.full(3, 1000.0)), [0, 0, 0])
