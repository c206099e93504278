"""Real images and masks in every format and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.image.outlines.choose import pieces
from perirad.image.outlines.picture import picture_shape
from perirad.image.outlines.records import Lesion, Target
from perirad.image.outlines.write import write_outlines
from perirad.image.roi import read_mask

pytestmark = pytest.mark.shared

ENDINGS = ["png", "nii.gz", "seg.nrrd", "json", "coco.json", "rle.json", "xml"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_breast_usg_masks_there_and_back_analytic(shared: Path, tmp_path: Path, ending: str) -> None:
    images = shared / "data" / "breast_usg" / "images"
    for file in sorted(images.glob("*_tumor.png"))[:5]:
        image = images / file.name.replace("_tumor", "")
        mask = read_mask(file, None, image_file=image)
        out = tmp_path / f"m.{ending}"
        write_outlines(out, [Lesion(1, "tumour", mask)], Target(picture_shape(image), image.name, file=image))
        assert np.array_equal(read_mask(out, None, image_file=image), mask)
        assert len(pieces(mask)) >= 1


@pytest.mark.parametrize("name", ["US-YBR_FULL_422-EVRLE.dcm", "US1_UNCR.dcm", "gdcm-US-ALOKA-16.dcm"])
@pytest.mark.filterwarnings("ignore")
def test_segmentation_of_real_ultrasound_highdicom(shared: Path, tmp_path: Path, name: str) -> None:
    pytest.importorskip("highdicom", reason="DICOM SEG is written by highdicom")
    image = shared / "data" / "dicom_us" / name
    mask = np.zeros(picture_shape(image), np.bool_)
    mask[200 : 200 + SHAPE[0], 301 : 301 + SHAPE[1]] = SHAPES["holed"]
    write_outlines(tmp_path / "m.dcm", [Lesion(1, "tumour", mask)], Target(picture_shape(image), name, file=image))
    assert np.array_equal(read_mask(tmp_path / "m.dcm", None, label="tumour", image_file=image), mask)
