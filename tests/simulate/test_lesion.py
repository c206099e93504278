"""Shapes, distances and windows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from perirad.simulate.lesion import ANGLES, Shape, feret_mm, margin_distance_mm, outline_radius, rim_window


def test_distance_from_a_disc_analytic() -> None:
    mm, radius = 0.1, 6.0
    axis = (np.arange(301, dtype=np.float32) - 150) * np.float32(mm)
    distance = margin_distance_mm(np.full(ANGLES.size, radius), axis[:, None], axis[None], spacing_mm=mm)
    expected = np.hypot(axis[:, None], axis[None]) - radius
    assert np.abs(distance - expected).max() < 0.1


@pytest.mark.parametrize("reach", [3.0, 5.0, 8.0])
def test_rim_ends_at_its_reach_and_lies_in_its_outer_half_analytic(reach: float) -> None:
    distance = np.linspace(-2.0, 2.0 * reach, 4001, dtype=np.float32)
    weight = rim_window(distance, reach)
    assert not weight[(distance <= 0.0) | (distance >= reach)].any()
    assert weight.min() >= 0.0
    assert weight.max() == pytest.approx(1.0)
    assert weight[distance > 0.5 * reach].sum() > 0.7 * weight.sum()


def test_diameter_of_a_disc_and_of_a_tilted_bar_analytic() -> None:
    row, column = np.mgrid[:200, :200]
    disc = np.hypot(row - 100, column - 100) <= 40
    assert feret_mm(disc, 0.1) == pytest.approx(8.1, abs=0.05)
    along = (row - 100) * math.sin(0.5) + (column - 100) * math.cos(0.5)
    off = -(row - 100) * math.cos(0.5) + (column - 100) * math.sin(0.5)
    bar = (np.abs(along) <= 70) & (np.abs(off) <= 4)
    assert feret_mm(bar, 0.1) == pytest.approx(math.hypot(14.0, 0.8), abs=0.15)


def test_outlines_are_star_shaped_and_rougher_when_not_circumscribed_analytic() -> None:
    def roughness(margin: str) -> float:
        smooth = []
        for seed in range(30):
            shape = Shape(diameter_mm=16.0, aspect=0.8, angle=0.3, margin=margin)
            radius = outline_radius(np.random.default_rng(seed), shape)
            assert radius.min() > 0.0
            assert radius[0] == pytest.approx(radius[-1])
            turned = ANGLES - shape.angle
            ellipse = 8.0 * 6.4 / np.hypot(6.4 * np.cos(turned), 8.0 * np.sin(turned))
            smooth.append(float(np.std(np.log(radius / ellipse))))
        return float(np.mean(smooth))

    assert roughness("circumscribed") < 0.6 * min(map(roughness, ("indistinct", "angular", "spiculated")))
