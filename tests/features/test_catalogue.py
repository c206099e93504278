"""Catalogue: numbers, names, codes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from perirad.features.catalogue import CATALOGUE, FAMILIES
from perirad.features.columns import feature_names, ibsi_code
from perirad.features.firstorder import FIRSTORDER
from perirad.features.glcm import GLCM
from perirad.features.gldm import GLDM
from perirad.features.glrlm import GLRLM
from perirad.features.glszm import GLSZM
from perirad.features.ngtdm import NGTDM
from perirad.features.settings import FeatureSettings
from perirad.features.shape2d import SHAPE2D


def test_numbers_pyradiomics() -> None:
    expected = {"shape2D": 9, "firstorder": 18, "glcm": 24, "glrlm": 16, "glszm": 16, "gldm": 14, "ngtdm": 5}
    assert Counter(feature.family for feature in CATALOGUE) == expected
    assert len(feature_names(FeatureSettings())) == 474
    assert len(feature_names(FeatureSettings(filters=("wavelet",)))) == 4 * 93


def test_order_is_that_of_the_families_analytic() -> None:
    measured = dict(zip(FAMILIES, (SHAPE2D, FIRSTORDER, GLCM, GLRLM, GLSZM, GLDM, NGTDM), strict=True))
    for family, names in measured.items():
        assert names == tuple(feature.name for feature in CATALOGUE if feature.family == family)


def test_every_feature_is_described_analytic() -> None:
    for feature in CATALOGUE:
        assert feature.unit
        assert feature.description.endswith(".")


@pytest.mark.shared
def test_codes_ibsi(shared: Path) -> None:
    table = pd.read_csv(shared / "ibsi" / "ibsi1" / "features.csv", dtype=str)
    family_of = dict(zip(table["ibsi_id"], table["family"], strict=True))
    expected = {"glcm": "(GLCM)", "glrlm": "(GLRLM)", "glszm": "(GLSZM)", "gldm": "(NGLDM)", "ngtdm": "(NGTDM)"}
    codes = [feature.ibsi_code for feature in CATALOGUE if feature.ibsi_code]
    assert len(set(codes)) == len(codes)
    for feature in CATALOGUE:
        if feature.ibsi_code:
            assert expected.get(feature.family, "intensity") in family_of[feature.ibsi_code]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("P5_wavelet-LH_glcm_Contrast", "ACUI"),
        ("I_original_ngtdm_Contrast", "65HE"),
        ("original_firstorder_90Percentile", "8DWT"),
        ("I_original_firstorder_Kurtosis", ""),
        ("I_original_shape2D_Perimeter", ""),
        ("age", ""),
    ],
)
def test_code_of_a_column_ibsi(column: str, code: str) -> None:
    assert ibsi_code(column) == code
