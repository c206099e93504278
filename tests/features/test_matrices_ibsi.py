"""Texture matrices and features of the IBSI digital phantom, slice by slice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk  # noqa: N813
from tests.features.small_regions import counter_of, level_image_of

from perirad.arrays import FloatArray, IntArray
from perirad.features.catalogue import CATALOGUE
from perirad.features.cells import Cells
from perirad.features.discretise import LevelImage
from perirad.features.glcm import glcm, pair_cells
from perirad.features.gldm import dependence_cells, gldm
from perirad.features.glrlm import glrlm, run_cells
from perirad.features.glszm import glszm, zone_cells
from perirad.features.ngtdm import difference_sums, ngtdm, tone_cells

pytestmark = pytest.mark.shared

COUNTS = {"GLCM": pair_cells, "GLRLM": run_cells, "GLSZM": zone_cells, "NGLDM": dependence_cells}
DIRECTIONS = ("0 1 0", "1 0 0", "1 1 0", "1 -1 0")


def slices(shared: Path) -> list[IntArray]:
    folder = shared / "ibsi" / "ibsi1" / "digital_phantom"
    image = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "image.nii.gz"))).astype(np.int64)
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "mask.nii.gz"))) > 0
    # Stored (z, y, x): a slice has its rows along x and its columns along y, as the directions of the table have it.
    return [np.ascontiguousarray(level.T) for level in np.where(mask, image, 0)]


def matrices(shared: Path) -> pd.DataFrame:
    table = pd.read_csv(shared / "ibsi" / "ibsi1" / "digital_phantom" / "texture_matrices.csv", dtype=str)
    return table[table["mode"] == "2D"]


@pytest.mark.parametrize("family", COUNTS)
def test_matrices_ibsi(shared: Path, family: str) -> None:
    table = matrices(shared)
    for number, levels in enumerate(slices(shared), start=1):
        rows = table[(table["matrix"] == family) & (table["slice"] == str(number))]
        directed = family in {"GLCM", "GLRLM"}
        keys = [
            (DIRECTIONS.index(direction) if directed else 0, int(i), int(j))
            for direction, i, j in zip(rows["direction_xyz"], rows["i"], rows["j"], strict=True)
        ]
        expected = Counter(dict(zip(keys, rows["n"].astype(int), strict=True)))
        assert expected
        assert counter_of(COUNTS[family](level_image_of(levels))) == expected


def test_tone_differences_ibsi(shared: Path) -> None:
    table = matrices(shared)
    for number, levels in enumerate(slices(shared), start=1):
        rows = table[(table["matrix"] == "NGTDM") & (table["slice"] == str(number))]
        image = level_image_of(levels)
        sums = difference_sums(image)
        assert len(rows) == np.count_nonzero(image.counts)
        for level, n, s in zip(rows["i"].astype(int), rows["n"].astype(int), rows["s"].astype(float), strict=True):
            assert image.counts[level] == n
            assert sums[level] == pytest.approx(s, rel=1e-4)


def _features(image: LevelImage) -> dict[str, FloatArray]:
    levels, pixels = np.array([image.n_levels]), np.array([image.n_pixels])

    def cells(family: str) -> Cells:
        return COUNTS[family](image)

    return {
        "glcm": glcm(cells("GLCM"), levels)[0],
        "glrlm": glrlm(cells("GLRLM"), pixels)[0],
        "glszm": glszm(cells("GLSZM"), pixels)[0],
        "gldm": gldm(cells("NGLDM"))[0],
        "ngtdm": ngtdm(tone_cells(image))[0],
    }


def test_features_ibsi(shared: Path) -> None:
    table = pd.read_csv(shared / "ibsi" / "reference_ibsi1.csv", dtype={"ibsi_id": str})
    table = table[(table["dataset"] == "digital_phantom") & table["aggregation_id"].isin(["BTW3", "8QNN"])]
    reference = {
        code: (float(value), float(tolerance))
        for code, value, tolerance in zip(table["ibsi_id"], table["value"], table["tolerance"], strict=True)
    }
    of_slices = [_features(level_image_of(levels)) for levels in slices(shared)]
    compared = 0
    for family in of_slices[0]:
        features = [feature for feature in CATALOGUE if feature.family == family]
        means = np.mean([values[family] for values in of_slices], axis=0)
        for feature, mean in zip(features, means, strict=True):
            if not feature.ibsi_code:
                continue
            value, tolerance = reference[feature.ibsi_code]
            assert abs(float(f"{mean:.3g}") - value) <= tolerance + 1e-9 * abs(value), (feature, mean, value)
            compared += 1
    assert compared == 24 - 1 + 16 + 16 + 14 + 5
