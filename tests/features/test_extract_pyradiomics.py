"""All 1404 features of five regions against PyRadiomics 3.1.0, to 1e-6."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.features.exceptions import EXCEPTIONS

from perirad.features.columns import feature_names
from perirad.features.extract import extract
from perirad.features.presets import preset
from perirad.features.settings import FILTERS, FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

CASES = ("tiny_noise", "breast_usg_055", "breast_usg_092", "breast_usg_124", "busi_anisotropic")
SETTINGS = {"bw25": preset(1404), "bc32": FeatureSettings(bin_width=None, bin_count=32, filters=FILTERS[:8])}
ZERO = 1e-15
"""PyRadiomics adds 2.2e-16 under each logarithm, so that an entropy of 0 is -3.2e-16 there."""
REGIONS = ("I", "P3", "P5", "P8", "U5")


def read_case(folder: Path, case: str) -> tuple[Image, list[Region]]:
    with np.load(folder / f"{case}.npz") as stored:
        down, across = (float(mm) for mm in stored["spacing_mm"])
        pixels = stored["image"].astype(np.float64)
        masks = {name: stored[name] for name in REGIONS}
    image = Image(pixels, (down, across), Calibration(Source.STATED, "test"), Box(0, 0, *pixels.shape), case)
    return image, [Region(name, mask, (down, across)) for name, mask in masks.items()]


def read_expected(folder: Path, case: str, setting: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{case}.{setting}.csv", index_col="feature")


@pytest.mark.shared
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", CASES)
def test_all_features_pyradiomics(shared: Path, case: str, setting: str) -> None:
    folder = shared / "oracles" / "pyradiomics"
    image, regions = read_case(folder, case)
    expected = read_expected(folder, case, setting)
    table = extract(image, regions, SETTINGS[setting], case_id=case)
    found = pd.Series(table.values[0], index=table.columns)
    wrong = {}
    for region in REGIONS:
        for feature, value in expected[region].items():
            ours = float(found[f"{region}_{feature}"])
            if not abs(ours - value) <= max(1e-6 * abs(value), ZERO):
                wrong[case, setting, region, str(feature)] = (ours, value)
    allowed = {key for key in EXCEPTIONS if key[:2] == (case, setting)}
    assert set(wrong) == allowed, {key: wrong.get(key) for key in set(wrong) ^ allowed}


@pytest.mark.shared
@pytest.mark.parametrize("count", [102, 474, 939, 1404])
def test_names_and_their_order_pyradiomics(shared: Path, count: int) -> None:
    expected = read_expected(shared / "oracles" / "pyradiomics", "tiny_noise", "bw25")
    names = feature_names(preset(count))
    assert len(names) == count
    assert list(expected.index[:count]) == list(names)
