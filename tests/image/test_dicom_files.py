"""The public DICOM ultrasound samples: what each one is, from the collection's own table, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import PIL
import pydicom
import pytest
from pydicom.pixels import apply_color_lut, pixel_array

from perirad.errors import InputError
from perirad.image.image import Box, Image, Source
from perirad.image.overlay import OverlayKind, colour_overlay
from perirad.image.read import read_image

pytestmark = pytest.mark.shared

PYDICOM, PILLOW = f"pydicom {pydicom.__version__}", f"Pillow {PIL.__version__}"
UNKNOWN = "pixel spacing must be known, got a DICOM file without a calibrated tissue region and without Pixel Spacing"
RESIZED = (
    "pixel spacing must be known, got a calibrated region (columns 84-595, rows 31-414) that reaches outside the"
    " picture (320 columns, 240 rows)"
)
FRAMES = "one frame must be chosen, got a file of 30 frames"
TWO_FIELDS = "one calibrated region must be chosen, got 2 (columns 32-335, rows 24-415; columns 336-639, rows 24-415)"
ASSUMED_MM = 0.1
LAYER, MARKS = OverlayKind.LAYER, OverlayKind.MARKS


class Sample(NamedTuple):
    """What the collection's table says of a file, and the refusal that follows from it."""

    name: str
    shape: tuple[int, int]
    decoder: str
    overlay: OverlayKind
    spacing_mm: float | None = None
    """From its region, in the table's rounding; None where the file does not know and the user's word is taken."""
    refusals: tuple[str, ...] = (UNKNOWN,)
    """Messages without a word from the user, then with a frame named."""


SAMPLES = [
    Sample("US-YBR_FULL_422-EVRLE", (555, 800), f"Explicit VR Little Endian, by {PYDICOM}", MARKS, 0.0616, ()),
    Sample("gdcm-US-ALOKA-16", (480, 640), f"Implicit VR Little Endian, by {PYDICOM}", MARKS, 0.383, (TWO_FIELDS,)),
    Sample("gdcm-US-ALOKA-16_big", (480, 640), f"Explicit VR Big Endian, by {PYDICOM}", MARKS, 0.383, (TWO_FIELDS,)),
    Sample("examples_ybr_color", (240, 320), f"JPEG Baseline, by {PILLOW}", MARKS, None, (FRAMES, RESIZED)),
    Sample("US1_UNCR", (480, 640), f"Explicit VR Little Endian, by {PYDICOM}", LAYER),
    Sample("US1_J2KR", (480, 640), f"JPEG 2000 Lossless, by {PILLOW}", LAYER),
    Sample("US1_RLE", (480, 640), "RLE Lossless, by perirad", LAYER),
    Sample("examples_rgb_color", (240, 320), f"Explicit VR Little Endian, by {PYDICOM}", LAYER),
    Sample("color-pl", (120, 256), f"Explicit VR Little Endian, by {PYDICOM}", LAYER),
    Sample("color-px", (120, 256), f"Explicit VR Little Endian, by {PYDICOM}", LAYER),
]
"""The last two are colour Doppler, seen by looking at them; the table says so of the US1 files and their crop only."""


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "dicom_us"


def left_lesion() -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Outline in the left one of the two fields side by side."""
    lesion = np.zeros((480, 640), dtype=np.bool_)
    lesion[200:240, 100:160] = True
    return lesion


def read(folder: Path, sample: Sample) -> Image:
    """Read with the words that the sample needs."""
    path = folder / f"{sample.name}.dcm"
    return read_image(
        path,
        frame=0,
        spacing_mm=ASSUMED_MM,
        assumed=True,
        lesion=left_lesion() if sample.refusals == (TWO_FIELDS,) else None,
    )


def test_the_table_is_complete_dicom(folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.dcm")} == {sample.name for sample in SAMPLES}


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_each_file_is_read_or_refused_for_the_right_reason_dicom(folder: Path, sample: Sample) -> None:
    for frame, refusal in zip((None, 0), sample.refusals, strict=False):
        with pytest.raises(InputError) as caught:
            read_image(folder / f"{sample.name}.dcm", frame=frame)
        assert str(caught.value).startswith(refusal)
    image = read(folder, sample)
    assert (image.shape, image.decoder, image.frame) == (sample.shape, sample.decoder, 0)
    assert colour_overlay(image).kind is sample.overlay
    source = Source.ASSUMED if sample.spacing_mm is None else Source.DICOM_REGION
    assert image.calibration.source is source
    assert image.spacing_mm == pytest.approx([sample.spacing_mm or ASSUMED_MM] * 2, rel=1e-3)


def test_fields_and_other_regions_dicom(folder: Path) -> None:
    linear = read_image(folder / "US-YBR_FULL_422-EVRLE.dcm")
    assert linear.field == Box(75, 184, 555, 800)
    assert linear.others == ()
    for name in ("gdcm-US-ALOKA-16", "gdcm-US-ALOKA-16_big"):
        image = read_image(folder / f"{name}.dcm", lesion=left_lesion())
        assert image.field == Box(24, 32, 416, 336)
        neighbour, bar = image.others
        assert neighbour == Box(24, 336, 416, 640)
        assert bar.right - bar.left < 100


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_colours_of_each_file_pydicom(folder: Path, sample: Sample) -> None:
    """Grey and chroma of the other library's RGB; its colour conversion rounds differently by at most one step."""
    dataset = pydicom.dcmread(folder / f"{sample.name}.dcm")
    known = pixel_array(dataset, index=0)
    palette = dataset.PhotometricInterpretation == "PALETTE COLOR"
    known = apply_color_lut(known, dataset) if palette else known
    image = read(folder, sample)
    assert image.chroma is not None
    rounding = 1.0 if "YBR_FULL" in dataset.PhotometricInterpretation else 0.0
    assert np.abs(image.pixels - known @ np.array([0.299, 0.587, 0.114])).max() <= rounding + 1e-6
    spread = (known.max(axis=2).astype(float) - known.min(axis=2)) / (257.0 if palette else 1.0)
    assert np.abs(image.chroma - spread).max() <= (2.0 * rounding or 0.5)


def test_frames_of_the_cine_loop_pydicom(folder: Path) -> None:
    path = folder / "examples_ybr_color.dcm"
    for frame in (0, 17, 29):
        known = pixel_array(pydicom.dcmread(path), index=frame)
        image = read_image(path, frame=frame, spacing_mm=0.8)
        assert image.frame == frame
        assert np.abs(image.pixels - known @ np.array([0.299, 0.587, 0.114])).max() <= 1.0
