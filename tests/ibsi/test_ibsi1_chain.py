"""IBSI 1: diagnostic values of the re-segmented CT phantom, configurations A to E."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.ibsi.configurations import IBSI, SETTINGS, read

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.features.ibsi.chain import Processed, process, resegmented
from perirad.features.ibsi.discretise import grey_levels
from perirad.features.ibsi.settings import Binning, IbsiSettings

AXES = {"x": 2, "y": 1, "z": 0}
STEPS = ("interpolated ROI", "re-segmented ROI")


@cache
def processed(dataset: str) -> Processed:
    image, spacing_mm = read(IBSI / "ct_phantom" / "image.nii.gz")
    mask, _ = read(IBSI / "ct_phantom" / "mask.nii.gz")
    return process(np.round(image.astype(np.float64)), mask, spacing_mm, SETTINGS[dataset])


def diagnostic(region: Processed, quantity: str, axis: str, step: str) -> float:
    morphological = quantity.startswith("morphological") or quantity.endswith("in morphological mask")
    mask = region.morphological if morphological or step == "interpolated ROI" else region.intensity
    values = region.image[mask]
    if "bounding box" in quantity:
        return _extent(mask, AXES[axis])
    if quantity == "intensity mask dimension":
        return float(mask.shape[AXES[axis]])
    if quantity.startswith("number of voxels"):
        return float(mask.sum())
    return {"mean": float(values.mean()), "minimum": float(values.min()), "maximum": float(values.max())}[
        quantity.partition(" ")[0]
    ]


def _extent(mask: BoolArray, axis: int) -> float:
    where = np.nonzero(mask)[axis]
    return float(where.max() - where.min() + 1)


@pytest.mark.shared
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("dataset", [name for name in SETTINGS if name != "digital_phantom"])
def test_masks_of_the_ct_phantom_ibsi(shared: Path, dataset: str, step: str) -> None:
    with (shared / "ibsi" / "ibsi1" / "diagnostics.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[:2] == [dataset, step]]
    assert len(rows) == 14
    for _, _, quantity, axis, _, value, tolerance in rows:
        found = diagnostic(processed(dataset), quantity, axis, step)
        assert abs(float(f"{found:.3g}") - float(f"{float(value):.3g}")) <= float(tolerance) + 1e-9, (quantity, axis)


def test_resegmentation_analytic() -> None:
    image = np.array([0.0] * 99 + [1000.0])
    inside = np.ones(100, dtype=np.bool_)
    assert resegmented(image, inside, IbsiSettings(outlier_sigma=3.0)).sum() == 99
    both = IbsiSettings(resegment=(0.0, 1000.0), outlier_sigma=20.0)
    assert resegmented(image, inside, both).all()
    assert resegmented(image, inside, IbsiSettings(resegment=(1.0, 999.0))).sum() == 0


def test_grey_levels_analytic() -> None:
    values = np.array([0.0, 24.9, 25.0, 99.9, 100.0])
    assert grey_levels(values, Binning("width", 25.0), None).tolist() == [1, 1, 2, 4, 5]
    assert grey_levels(values, Binning("width", 25.0), -50.0).tolist() == [3, 3, 4, 6, 7]
    assert grey_levels(values, Binning("count", 4), None).tolist() == [1, 1, 2, 4, 4]
    assert grey_levels(np.full(3, 7.0), Binning("count", 4), None).tolist() == [1, 1, 1]
    assert grey_levels(np.array([3.0, 1.0]), None, None).tolist() == [3, 1]


@pytest.mark.parametrize("values", [[0.0, 1.0], [1.5], [-1.0], [70_000.0]])
def test_intensities_that_are_no_levels_analytic(values: list[float]) -> None:
    with pytest.raises(InputError, match="grey levels must be whole numbers from 1"):
        grey_levels(np.array(values), None, None)


def test_bad_settings_analytic() -> None:
    with pytest.raises(InputError, match="bin width must be positive"):
        Binning("width", 0.0)
    with pytest.raises(InputError, match="whole number from 1"):
        Binning("count", 2.5)
    with pytest.raises(InputError, match="from low to high"):
        IbsiSettings(resegment=(1.0, 0.0))
    with pytest.raises(InputError, match="outlier limit"):
        IbsiSettings(outlier_sigma=-3.0)
    with pytest.raises(InputError, match="same two or three axes"):
        process(np.zeros((3, 3)), np.zeros((3, 4)), (1.0, 1.0), IbsiSettings())
    with pytest.raises(InputError, match="spacing must be positive"):
        process(np.zeros((3, 3)), np.zeros((3, 3)), (1.0, 0.0), IbsiSettings())
