"""A picture as a volume of one slice, against PyRadiomics 3.1.0 without `force2D` (see one_slice.py)."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from tests.features.one_slice import CASES, make

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.extract import extract
from perirad.features.presets import preset
from perirad.features.settings import FILTERS, FeatureSettings
from perirad.features.slice import SHAPE, shape_in_space
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

FIXTURE = Path(__file__).parent / "data" / "one_slice.csv"


def measured(name: str) -> dict[str, float]:
    grey, mask, (down, across, thick) = make(name)
    image = Image(grey, (down, across), Calibration(Source.STATED, ""), Box(0, 0, *grey.shape))
    filters = ("original", "wavelet", *FILTERS[3:8]) if name == "round" else ("original", "wavelet")
    table = extract(image, [Region("I", mask, (down, across))], FeatureSettings(filters=filters, slice_mm=thick))
    names = (column.removeprefix("I_") for column in table.columns)
    return dict(zip(names, table.values[0].tolist(), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_all_features_pyradiomics(name: str) -> None:
    """Rounding errors of the H bands across slices included: 1e-6 of values around 1e-14."""
    with FIXTURE.open(encoding="utf-8", newline="") as stream:
        expected = {row["feature"]: float(row["value"]) for row in csv.DictReader(stream) if row["case"] == name}
    found = measured(name)
    assert set(found) == set(expected)
    assert len(found) == (1316 if name == "round" else 851)
    for feature, value in expected.items():
        # Of a least axis of 0, PyRadiomics leaves rounding errors.
        slack = 1e-15 if feature in {"original_shape_LeastAxisLength", "original_shape_Flatness"} else 0.0
        assert found[feature] == pytest.approx(value, rel=1e-6, abs=slack), feature


@pytest.mark.parametrize("name", ["log", "lbp-2d"])
def test_filters_that_need_more_slices_are_refused_pyradiomics(name: str) -> None:
    """PyRadiomics 3.1.0 leaves them out without a word in the table."""
    with pytest.raises(InputError, match=f"with slice_mm a filter must work on one slice, .* got '{name}'"):
        FeatureSettings(filters=("original", name), slice_mm=1.0)


def test_the_order_of_the_bands_is_pyradiomics() -> None:
    images = [name for name in preset(851).images if name != "original"]
    assert images == [f"wavelet-{band}" for band in ("LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL")]


def corners(mask: BoolArray, spacing_mm: FloatArray) -> FloatArray:
    """Middle of every edge of the grid of voxels that joins one inside and one outside; (slice, row, column) in mm."""
    inside = np.pad(mask[None], 1)
    found = []
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 0.5
        found.append(np.argwhere(np.diff(inside.astype(np.int8), axis=axis) != 0) + step)
    return np.concatenate(found) * spacing_mm


def widest(points: FloatArray, axis: int | None) -> float:
    """Largest distance of two points, those that share a coordinate only where an axis is given."""
    gap = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    if axis is not None:
        gap = gap[np.isclose(points[:, None, axis], points[None, :, axis])]
    return float(gap.max())


@pytest.mark.parametrize("seed", range(8))
def test_diameters_are_those_of_all_pairs_of_corners_naive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.random((7, 9)) < (0.15 if seed % 2 else 0.6)
    mask[3, 4] = True
    mm = rng.uniform(0.2, 2.0, size=3)
    found = dict(zip(SHAPE, shape_in_space(mask, (mm[1], mm[2]), float(mm[0])).tolist(), strict=True))
    points = corners(mask, mm)
    for name, axis in (("3DDiameter", None), ("2DDiameterSlice", 0), ("2DDiameterColumn", 1), ("2DDiameterRow", 2)):
        assert found[f"Maximum{name}"] == pytest.approx(widest(points, axis), rel=1e-12), name


def test_one_voxel_is_an_octahedron_analytic() -> None:
    found = dict(zip(SHAPE, shape_in_space(np.ones((1, 1), dtype=np.bool_), (2.0, 2.0), 2.0).tolist(), strict=True))
    assert found["MeshVolume"] == pytest.approx(4.0 / 3.0)
    assert found["SurfaceArea"] == pytest.approx(8 * math.sqrt(3.0) / 2.0)
    assert found["VoxelVolume"] == 8.0
    assert [found[name] for name in SHAPE if "Diameter" in name] == [2.0] * 4
    assert math.isnan(found["Elongation"])
    assert math.isnan(found["Flatness"])


def test_no_voxel_has_no_shape_analytic() -> None:
    assert np.isnan(shape_in_space(np.zeros((3, 3), dtype=np.bool_), (1.0, 1.0), 1.0)).all()
