"""Interpolation: polynomials that it must reproduce, grids of known size, and IBSI's diagnostics of the CT phantom."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk  # noqa: N813

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.interpolation import interpolate, interpolate_mask

Phantom = tuple[FloatArray, BoolArray, tuple[float, ...]]


@pytest.fixture(scope="module")
def phantom(shared: Path) -> Phantom:
    folder = shared / "ibsi" / "ct_phantom"
    image = sitk.ReadImage(str(folder / "image.nii.gz"))
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "mask.nii.gz"))) > 0
    return np.rint(sitk.GetArrayFromImage(image).astype(np.float64)), mask, image.GetSpacing()[::-1]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("configuration", "new_spacing_mm", "order"),
    [("ct_B", (3.0, 2.0, 2.0), 1), ("ct_C", (2.0, 2.0, 2.0), 1), ("ct_E", (2.0, 2.0, 2.0), 3)],
)
def test_ct_phantom_ibsi(
    shared: Path, phantom: Phantom, configuration: str, new_spacing_mm: tuple[float, ...], order: Literal[1, 3]
) -> None:
    image, mask, spacing_mm = phantom
    new = interpolate(image, (3.0, *spacing_mm[1:]), new_spacing_mm, order=order)
    inside = interpolate_mask(mask, (3.0, *spacing_mm[1:]), new_spacing_mm)
    rounded = np.rint(new)
    assert inside.shape == new.shape
    found = {
        "img_dim_x_interp_img": new.shape[2],
        "img_dim_y_interp_img": new.shape[1],
        "img_dim_z_interp_img": new.shape[0],
        "mean_int_interp_img": new.mean(),
        "min_int_interp_img": new.min(),
        "max_int_interp_img": new.max(),
        "int_mask_bb_dim_z_interp_roi": np.ptp(np.nonzero(inside)[0]) + 1,
        "int_mask_bb_dim_y_interp_roi": np.ptp(np.nonzero(inside)[1]) + 1,
        "int_mask_bb_dim_x_interp_roi": np.ptp(np.nonzero(inside)[2]) + 1,
        "int_mask_vox_count_interp_roi": np.count_nonzero(inside),
        "int_mask_mean_int_interp_roi": rounded[inside].mean(),
        "int_mask_min_int_interp_roi": rounded[inside].min(),
        "int_mask_max_int_interp_roi": rounded[inside].max(),
    }
    table = pd.read_csv(shared / "ibsi" / "ibsi1" / "diagnostics.csv")
    rows = table[(table["dataset"] == configuration) & table["tag"].isin(found)]
    assert len(rows) == len(found)
    for tag, value, tolerance in zip(rows["tag"], rows["value"], rows["tolerance"], strict=True):
        assert abs(float(f"{found[tag]:.3g}" if abs(found[tag]) < 100 else round(found[tag])) - value) <= tolerance, tag


@pytest.mark.parametrize("order", [1, 3])
def test_straight_line_analytic(order: Literal[1, 3]) -> None:
    line = np.arange(41.0) * 0.7
    new = interpolate(line, (0.7,), (0.5,), order=order)
    centred = 14.0 + (np.arange(58) - 28.5) * 0.5
    middle = slice(18, 40)  # away from the ends, where the reflection bends a spline
    np.testing.assert_allclose(new[middle], centred[middle], atol=1e-4 if order == 3 else 1e-12)
    assert new.shape == (58,)


@pytest.mark.parametrize("order", [0, 1, 3])
def test_own_grid_analytic(order: Literal[0, 1, 3]) -> None:
    image = np.random.default_rng(1).normal(size=(4, 5, 6))
    np.testing.assert_array_equal(interpolate(image, (3.0, 1.0, 1.0), (3.0, 1.0, 1.0), order=order), image)


def test_other_slices_are_left_out_analytic() -> None:
    image = np.random.default_rng(2).normal(size=(3, 9, 8))
    new = interpolate(image, (3.0, 1.0, 1.0), (3.0, 0.6, 1.4), order=3)
    alone = interpolate(image[1], (1.0, 1.0), (0.6, 1.4), order=3)
    np.testing.assert_allclose(new[1], alone, atol=1e-13)


def test_nearest_neighbour_analytic() -> None:
    new = interpolate(np.array([3.0, 8.0]), (1.0,), (0.4,), order=0)
    np.testing.assert_array_equal(new, [3.0, 3.0, new[2], 8.0, 8.0])


def test_size_is_not_rounded_up_by_rounding_errors_analytic() -> None:
    assert interpolate(np.zeros(60), (1.0,), (0.1,), order=1).shape == (600,)
    assert interpolate(np.zeros(10), (0.3,), (0.1,), order=1).shape == (30,)
    assert interpolate(np.zeros(10), (0.3,), (0.2,), order=1).shape == (15,)
    assert interpolate(np.zeros(11), (0.3,), (0.2,), order=1).shape == (17,)


def test_mask_at_one_half_is_inside_analytic() -> None:
    # Three centres at 0, 1, 2; ten new ones at -0.35, -0.05, ..., 2.35 by steps of 0.3, then 0.5 and 1.5 exactly.
    mask = np.array([False, True, False])
    inside = interpolate_mask(mask, (1.0,), (0.3,))
    np.testing.assert_array_equal(np.nonzero(inside)[0], [3, 4, 5, 6])
    inside = interpolate_mask(np.array([False, True]), (1.0,), (2.0,))
    np.testing.assert_array_equal(inside, [True])


def test_spacing_must_be_positive_analytic() -> None:
    with pytest.raises(InputError, match="spacing must be positive, got"):
        interpolate(np.zeros((2, 2)), (1.0, 1.0), (1.0, 0.0), order=1)
    with pytest.raises(InputError, match="one value for each of 2 axes"):
        interpolate(np.zeros((2, 2)), (1.0, 1.0), (1.0,), order=1)
