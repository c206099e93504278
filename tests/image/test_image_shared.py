"""Real files: public DICOM ultrasound samples, two breast-ultrasound collections."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.image.image import Box, Source
from perirad.image.read import read_image
from perirad.image.roi import read_mask

pytestmark = pytest.mark.shared

UNCALIBRATED = [
    ("US1_UNCR.dcm", (480, 640)),
    ("US1_J2KR.dcm", (480, 640)),
    ("US1_RLE.dcm", (480, 640)),
    ("examples_rgb_color.dcm", (240, 320)),
    ("color-pl.dcm", (120, 256)),
    ("color-px.dcm", (120, 256)),
]


@pytest.fixture(scope="module")
def dicom(shared: Path) -> Path:
    return shared / "data" / "dicom_us"


def test_calibrated_linear_probe_regression(dicom: Path) -> None:
    image = read_image(dicom / "US-YBR_FULL_422-EVRLE.dcm")
    assert image.shape == (555, 800)
    assert image.spacing_mm == pytest.approx((0.0616, 0.0616), rel=1e-9)
    assert image.field == Box(75, 184, 555, 800)
    assert 10.0 < image.pixels.mean() < 20.0
    assert image.pixels.max() <= 255.0


@pytest.mark.parametrize("name", ["gdcm-US-ALOKA-16.dcm", "gdcm-US-ALOKA-16_big.dcm"])
def test_two_fields_side_by_side_regression(dicom: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"got 2 \(columns 32-335, rows 24-415; columns 336-639, rows 24-415\)"):
        read_image(dicom / name)
    lesion = np.zeros((480, 640), dtype=np.bool_)
    lesion[200:240, 400:460] = True
    image = read_image(dicom / name, lesion=lesion)
    assert image.field == Box(24, 336, 416, 640)
    assert image.spacing_mm == pytest.approx((0.3826530650, 0.3826530650), rel=1e-7)
    assert image.pixels.max() > 60_000
    assert image.pixels[image.field.top :, image.field.left :].std() > 1_000


def test_byte_order_does_not_matter_regression(dicom: Path) -> None:
    lesion = np.zeros((480, 640), dtype=np.bool_)
    lesion[100:120, 100:130] = True
    little, big = (read_image(dicom / f"gdcm-US-ALOKA-16{order}.dcm", lesion=lesion) for order in ("", "_big"))
    assert np.array_equal(little.pixels, big.pixels)


def test_shrunk_cine_is_refused_unless_stated_regression(dicom: Path) -> None:
    path = dicom / "examples_ybr_color.dcm"
    with pytest.raises(InputError, match=r"^one frame must be chosen, got a file of 30 frames"):
        read_image(path)
    with pytest.raises(InputError, match=r"region \(columns 84-595, rows 31-414\) that reaches outside the picture"):
        read_image(path, frame=0)
    first, last = (read_image(path, frame=frame, spacing_mm=0.8) for frame in (0, 29))
    assert first.shape == (240, 320)
    assert not np.array_equal(first.pixels, last.pixels)


@pytest.mark.parametrize(("name", "shape"), UNCALIBRATED)
def test_uncalibrated_files_need_a_word_regression(dicom: Path, name: str, shape: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=r"^pixel spacing must be known, got a DICOM file without a calibrated tissue"):
        read_image(dicom / name)
    image = read_image(dicom / name, spacing_mm=0.1)
    assert image.shape == shape
    assert image.calibration.source is Source.STATED


def test_lossless_codings_of_one_picture_agree_regression(dicom: Path) -> None:
    plain, wavelet, runs = (
        read_image(dicom / f"US1_{coding}.dcm", spacing_mm=0.1).pixels for coding in ("UNCR", "J2KR", "RLE")
    )
    assert np.array_equal(plain, wavelet)
    assert np.array_equal(plain, runs)


def test_planes_of_one_picture_agree_regression(dicom: Path) -> None:
    planes, pixels = (read_image(dicom / f"color-{name}.dcm", spacing_mm=0.1).pixels for name in ("pl", "px"))
    assert np.array_equal(planes, pixels)


def test_breast_usg_reads_with_plausible_lesions_regression(shared: Path) -> None:
    folder = shared / "data" / "breast_usg"
    areas = []
    with (folder / "clinical.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            image = read_image(folder / "images" / row["Image_filename"], spacing_mm=10.0 * float(row["Pixel_size"]))
            if "tumor" in row["Mask_tumor_filename"]:
                mask = read_mask(folder / "images" / row["Mask_tumor_filename"], image)
                areas.append(mask.sum() * image.spacing_mm[0] * image.spacing_mm[1])
    assert len(areas) == 126
    assert 4.0 < min(areas) < max(areas) < 2000.0
    assert 50.0 < float(np.median(areas)) < 150.0


@pytest.mark.parametrize("case", ["breast_usg_055", "breast_usg_092", "breast_usg_124"])
def test_grey_and_mask_of_the_feature_oracle_pyradiomics(shared: Path, case: str) -> None:
    images = shared / "data" / "breast_usg" / "images"
    with np.load(shared / "oracles" / "pyradiomics" / f"{case}.npz") as known:
        image = read_image(images / f"case{case[-3:]}.png", spacing_mm=0.1)
        assert np.array_equal(np.rint(image.pixels), known["image"])
        assert np.array_equal(read_mask(images / f"case{case[-3:]}_tumor.png", image), known["I"])


def test_busi_masks_have_their_listed_areas_regression(shared: Path) -> None:
    folder = shared / "data" / "busi_sample"
    with (folder / "manifest.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            image = read_image(folder / row["image"], spacing_mm=0.1, assumed=True)
            assert image.shape == (int(row["height"]), int(row["width"]))
            assert read_mask(folder / row["mask"], image).sum() == int(row["mask_area_px"])
