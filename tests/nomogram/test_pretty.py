"""Round tick values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perirad.errors import InputError
from perirad.nomogram.pretty import pretty


@pytest.mark.parametrize(
    ("lower", "upper", "n", "first", "last", "step"),
    [
        (1, 10, 5, 0, 10, 2),
        (1, 10, 10, 1, 10, 1),
        (1, 10, 21, 1, 10, 0.5),
        (1, 20, 2, 0, 20, 10),
        (1, 20, 10, 0, 20, 2),
        (0, 1, 5, 0, 1, 0.2),
        (21, 72, 10, 20, 75, 5),
        (4, 49.5, 10, 0, 50, 5),
        (-4.03906016345762, 1.70742405032162, 10, -4.5, 2, 0.5),
        (0, 204.115, 10, 0, 220, 20),
    ],
)
def test_ticks_of_a_range_r(lower: float, upper: float, n: int, first: float, last: float, step: float) -> None:
    ticks = pretty(lower, upper, n)
    np.testing.assert_allclose(ticks, np.arange(first, last + step / 2, step), rtol=0, atol=1e-12)


def test_ticks_are_the_shortest_decimals_analytic() -> None:
    assert pretty(0.0, 1.0).tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert pretty(-1e-3, 0.0, 4).tolist() == [-0.001, -0.0008, -0.0006, -0.0004, -0.0002, 0.0]


@settings(derandomize=True, deadline=None)
@given(
    lower=st.floats(-1e3, 1e3),
    width=st.floats(1.0, 1e6),
    n=st.integers(1, 20),
)
def test_ticks_cover_the_range_evenly_analytic(lower: float, width: float, n: int) -> None:
    ticks = pretty(lower, lower + width, n)
    steps = np.diff(ticks)
    step = steps.mean()
    assert ticks[0] <= lower + 1e-9 * step
    assert ticks[-1] >= lower + width - 1e-9 * step
    np.testing.assert_allclose(steps, step, rtol=1e-6)
    mantissa = step / 10.0 ** np.floor(np.log10(step) + 1e-9)
    assert min(abs(mantissa - round_one) for round_one in (1.0, 2.0, 5.0, 10.0)) < 1e-6
    assert n // 3 <= steps.size <= 3 * n + 1


@pytest.mark.parametrize("value", [0.0, 5.0, -3.2, 1234.5])
def test_single_value_is_widened_analytic(value: float) -> None:
    ticks = pretty(value, value)
    assert ticks[0] <= value <= ticks[-1]
    assert ticks.size >= 4


@pytest.mark.parametrize(("lower", "upper"), [(2.0, 1.0), (np.nan, 1.0), (0.0, np.inf)])
def test_range_must_be_one_mechanics(lower: float, upper: float) -> None:
    with pytest.raises(InputError, match=r"^an axis must go from a finite lower to a larger upper value, got "):
        pretty(lower, upper)
