"""One outline of several readers'."""

from __future__ import annotations

import numpy as np
import pytest

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.workbench.consensus import RULES, Rule, join

SPACING_MM = (0.1, 0.05)


def disc(radius_mm: float, shift_mm: float = 0.0) -> BoolArray:
    y, x = np.indices((160, 320))
    return np.asarray(np.hypot((y - 80) * 0.1, (x - 160) * 0.05 - shift_mm) <= radius_mm)


def test_half_way_between_concentric_discs_is_the_disc_of_the_mean_radius_analytic() -> None:
    found = join([disc(3.0), disc(5.0)], "halfway", SPACING_MM)
    assert (found & ~disc(4.0 + 0.1)).sum() == 0
    assert (disc(4.0 - 0.1) & ~found).sum() == 0


def test_half_way_between_shifted_discs_is_the_disc_between_analytic() -> None:
    found = join([disc(4.0, -0.5), disc(4.0, 0.5)], "halfway", SPACING_MM)
    between = disc(4.0)
    assert 2 * (found & between).sum() / (found.sum() + between.sum()) > 0.98


def test_all_and_any_are_intersection_and_union_naive() -> None:
    masks = [disc(4.0, -1.0), disc(3.0), disc(4.0, 1.0)]
    np.testing.assert_array_equal(join(masks, "all", SPACING_MM), masks[0] & masks[1] & masks[2])
    np.testing.assert_array_equal(join(masks, "any", SPACING_MM), masks[0] | masks[1] | masks[2])


@pytest.mark.parametrize("rule", RULES)
def test_equal_outlines_are_their_own_consensus_whatever_the_order_naive(rule: Rule) -> None:
    np.testing.assert_array_equal(join([disc(3.0), disc(3.0)], rule, SPACING_MM), disc(3.0))
    masks = [disc(3.0, 0.3), disc(4.0)]
    np.testing.assert_array_equal(join(masks, rule, SPACING_MM), join(masks[::-1], rule, SPACING_MM))


def test_what_cannot_be_joined_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="two outlines"):
        join([disc(3.0)], "halfway", SPACING_MM)
    with pytest.raises(InputError, match="none empty"):
        join([disc(3.0), np.zeros((160, 320), dtype=np.bool_)], "any", SPACING_MM)
    with pytest.raises(InputError, match="overlap"):
        join([disc(1.0, -4.0), disc(1.0, 4.0)], "all", SPACING_MM)
