"""A DICOM ultrasound file through the study's road: its own millimetres, its own field."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.features.settings import FeatureSettings
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import extract_case, prepare_case
from perirad.study.recipe import Recipe, RegionRule

RECIPE = Recipe(RegionRule((3.0, 5.0)), FeatureSettings(filters=("original",)))


def _mask(folder: Path, shape: tuple[int, int], row: int, column: int) -> Path:
    y, x = np.mgrid[: shape[0], : shape[1]]
    mask = np.hypot(y - row, x - column) < 30
    Pillow.fromarray((mask * 255).astype(np.uint8)).save(folder / "mask.png")
    return folder / "mask.png"


@pytest.mark.shared
def test_millimetres_come_from_the_region_calibration_analytic(shared: Path, tmp_path: Path) -> None:
    file = shared / "data" / "dicom_us" / "US-YBR_FULL_422-EVRLE.dcm"
    # The region spans columns 184-799; this lesion is 40 pixels, 2.46 mm, from its left edge.
    mask = _mask(tmp_path, (555, 800), 300, 254)
    extracted = extract_case("d", CaseFiles(file, mask), RECIPE)
    assert extracted.quality.calibration == "dicom-region"
    assert extracted.quality.spacing_mm == (0.0616, 0.0616)
    _, (_, ring, wider) = prepare_case(CaseFiles(file, mask), RECIPE)
    assert not wider.mask[:, :184].any()
    assert 0.0 < ring.lost_total < wider.lost_total < 0.3


@pytest.mark.shared
def test_the_region_that_holds_the_lesion_is_taken_analytic(shared: Path, tmp_path: Path) -> None:
    file = shared / "data" / "dicom_us" / "gdcm-US-ALOKA-16.dcm"
    left, _ = prepare_case(CaseFiles(file, _mask(tmp_path, (480, 640), 200, 150)), RECIPE)
    right, _ = prepare_case(CaseFiles(file, _mask(tmp_path, (480, 640), 200, 480)), RECIPE)
    assert left.spacing_mm == right.spacing_mm == pytest.approx((0.383, 0.383), abs=5e-4)
    assert left.field.right <= right.field.left


@pytest.mark.shared
def test_a_file_without_regions_must_be_told_its_spacing_analytic(shared: Path, tmp_path: Path) -> None:
    file = shared / "data" / "dicom_us" / "US1_UNCR.dcm"
    with pytest.raises(InputError, match="pixel spacing must be known"):
        prepare_case(CaseFiles(file, _mask(tmp_path, (480, 640), 200, 300)), RECIPE)
