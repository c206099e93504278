from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import ExplicitVRLittleEndian

from perirad.errors import InputError
from perirad.image.image import Box, Source
from perirad.image.read import read_image

SHAPE = 20, 30
VALUES = np.random.default_rng(2).integers(0, 256, SHAPE, dtype=np.uint8)


def region(
    box: Box,
    cm: tuple[float, float] = (0.01, 0.02),
    *,
    units: int = 3,
    kind: tuple[int, int] = (1, 1),
    flags: int = 0,
) -> Dataset:
    """Region of half-open box, cm per pixel (row, column), kind (spatial format, data type)."""
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType = kind
    item.RegionFlags = flags
    item.RegionLocationMinY0, item.RegionLocationMinX0 = box.top, box.left
    item.RegionLocationMaxY1, item.RegionLocationMaxX1 = box.bottom - 1, box.right - 1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = units
    item.PhysicalDeltaY, item.PhysicalDeltaX = cm
    return item


def write(path: Path, values: NDArray[Any], regions: Sequence[Dataset] = (), **tags: Any) -> Path:
    """Write grey (row, column), colour (row, column, 3) or frames (frame, row, column) of grey."""
    colour = values.ndim == 3 and values.shape[-1] == 3
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.6.1"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.Modality = "US"
    dataset.SamplesPerPixel = 3 if colour else 1
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    dataset.Rows, dataset.Columns = values.shape[:2] if colour else values.shape[-2:]
    dataset.BitsAllocated = dataset.BitsStored = 8 * values.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 0
    if colour:
        dataset.PlanarConfiguration = 0
    elif values.ndim == 3:
        dataset.NumberOfFrames = len(values)
    if regions:
        dataset.SequenceOfUltrasoundRegions = DicomSequence(regions)
    dataset.PixelData = values.tobytes()
    for name, value in tags.items():
        setattr(dataset, name, value)
    dataset.save_as(path, enforce_file_format=True)
    return path


def outline(box: Box) -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, dtype=np.bool_)
    mask[box.top : box.bottom, box.left : box.right] = True
    return mask


def test_region_gives_spacing_and_field_analytic(tmp_path: Path) -> None:
    image = read_image(write(tmp_path / "x.dcm", VALUES, [region(Box(2, 5, 20, 30), (0.007, -0.0125))]))
    assert np.array_equal(image.pixels, VALUES)
    assert image.spacing_mm == pytest.approx((0.07, 0.125), rel=1e-12)
    assert image.field == Box(2, 5, 20, 30)
    assert image.calibration.source is Source.DICOM_REGION
    assert image.calibration.detail == "Sequence of Ultrasound Regions, region at columns 5-29, rows 2-19"


@pytest.mark.parametrize(
    "other",
    [
        region(Box(0, 0, 5, 5), units=0),
        region(Box(0, 0, 5, 5), units=4),
        region(Box(0, 0, 5, 5), (0.0, 0.0)),
        region(Box(0, 0, 5, 5), kind=(0, 1)),
        region(Box(0, 0, 5, 5), kind=(2, 1)),
        region(Box(0, 0, 5, 5), kind=(1, 2)),
        region(Box(5, 5, 5, 5)),
        Dataset(),
    ],
)
def test_what_is_no_calibration_of_tissue_is_passed_over_analytic(tmp_path: Path, other: Dataset) -> None:
    tissue = region(Box(2, 5, 20, 30))
    assert read_image(write(tmp_path / "x.dcm", VALUES, [other, tissue])).field == Box(2, 5, 20, 30)
    with pytest.raises(InputError) as caught:
        read_image(write(tmp_path / "x.dcm", VALUES, [other]))
    assert str(caught.value) == (
        "pixel spacing must be known, got a DICOM file without a calibrated tissue region and without Pixel Spacing"
        " (x.dcm): add a spacing_mm column (millimetres per pixel), or set [calibration] assumed_mm"
    )


def test_pixel_spacing_comes_after_regions_analytic(tmp_path: Path) -> None:
    image = read_image(write(tmp_path / "x.dcm", VALUES, PixelSpacing=[0.08, 0.09]))
    assert (image.spacing_mm, image.field) == ((0.08, 0.09), Box(0, 0, 20, 30))
    assert image.calibration.source is Source.DICOM_PIXEL_SPACING
    both = write(tmp_path / "x.dcm", VALUES, [region(Box(2, 5, 20, 30))], PixelSpacing=[0.08, 0.09])
    assert read_image(both).spacing_mm == pytest.approx((0.1, 0.2))


def test_stated_spacing_wins_and_keeps_the_field_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, [region(Box(2, 5, 20, 30))])
    image = read_image(path, spacing_mm=0.5)
    assert (image.spacing_mm, image.field, image.calibration.source) == ((0.5, 0.5), Box(2, 5, 20, 30), Source.STATED)
    assert image.calibration.detail.endswith("the file's own 0.1 x 0.2 mm (row, column) was not used")
    assert read_image(path, spacing_mm=0.5, assumed=True).calibration.source is Source.DICOM_REGION


def test_region_outside_the_picture_is_not_a_calibration_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, [region(Box(2, 5, 40, 60))])
    with pytest.raises(InputError, match=r"got a calibrated region \(columns 5-59, rows 2-39\) that reaches outside"):
        read_image(path)
    image = read_image(path, spacing_mm=0.1)
    assert (image.field, image.calibration.source) == (Box(0, 0, 20, 30), Source.STATED)


def test_lesion_chooses_the_region_analytic(tmp_path: Path) -> None:
    left, right = Box(0, 0, 20, 15), Box(0, 15, 20, 30)
    path = write(tmp_path / "x.dcm", VALUES, [region(left, (0.01, 0.01)), region(right, (0.02, 0.02))])
    with pytest.raises(InputError) as caught:
        read_image(path)
    assert str(caught.value) == (
        "one calibrated region must be chosen, got 2 (columns 0-14, rows 0-19; columns 15-29, rows 0-19) (x.dcm):"
        " give the lesion's outline, which tells the region"
    )
    image = read_image(path, lesion=outline(Box(5, 18, 8, 22)))
    assert image.field == right
    assert image.spacing_mm == pytest.approx((0.2, 0.2))
    Pillow.fromarray(outline(Box(5, 2, 8, 9))).save(tmp_path / "m.png")
    assert read_image(path, lesion_file=tmp_path / "m.png").field == left
    with pytest.raises(
        InputError, match=r"best columns 0-14, rows 0-19\), got 6 of 27 lesion pixels outside \(x.dcm\)"
    ):
        read_image(path, lesion=outline(Box(5, 8, 8, 17)))
    with pytest.raises(
        InputError, match=r"^lesion must have the size of the image, got 30 x 20 for an image of 20 x 30"
    ):
        read_image(path, lesion=outline(left).T)


def test_overlapping_regions_go_by_priority_then_by_size_analytic(tmp_path: Path) -> None:
    large, inset = Box(0, 0, 20, 30), Box(4, 4, 16, 16)
    lesion = outline(Box(6, 6, 9, 9))
    path = write(tmp_path / "x.dcm", VALUES, [region(large), region(inset)])
    assert read_image(path, lesion=lesion).field == inset
    path = write(tmp_path / "x.dcm", VALUES, [region(large), region(inset, flags=1)])
    assert read_image(path, lesion=lesion).field == large


def test_lesion_outside_the_only_region_is_refused_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, [region(Box(2, 5, 20, 30))])
    with pytest.raises(InputError, match=r"^lesion must lie inside one calibrated region .* got 4 of 8 lesion pixels"):
        read_image(path, lesion=outline(Box(0, 10, 4, 12)))


def test_frames_analytic(tmp_path: Path) -> None:
    frames = np.stack([VALUES, 255 - VALUES, VALUES // 2])
    path = write(tmp_path / "x.dcm", frames, PixelSpacing=[0.1, 0.1])
    with pytest.raises(InputError, match=r"^one frame must be chosen, got a file of 3 frames \(x.dcm\)"):
        read_image(path)
    for frame in range(3):
        assert np.array_equal(read_image(path, frame=frame).pixels, frames[frame])
    with pytest.raises(InputError, match=r"^frame must be 0 to 2, got frame=3 \(x.dcm\)"):
        read_image(path, frame=3)


def test_inverse_grey_is_turned_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, PhotometricInterpretation="MONOCHROME1", PixelSpacing=[0.1, 0.1])
    assert np.array_equal(read_image(path).pixels, 255.0 - VALUES)
    twelve = (VALUES.astype(np.uint16) * 16) + 3
    path = write(
        tmp_path / "x.dcm", twelve, PhotometricInterpretation="MONOCHROME1", BitsStored=12, HighBit=11,
        PixelSpacing=[0.1, 0.1],
    )  # fmt: skip
    assert np.array_equal(read_image(path).pixels, 4095.0 - twelve)


def test_sixteen_bit_and_signed_grey_analytic(tmp_path: Path) -> None:
    wide = VALUES.astype(np.uint16) * 257
    assert np.array_equal(read_image(write(tmp_path / "x.dcm", wide, PixelSpacing=[0.1, 0.1])).pixels, wide)
    signed = VALUES.astype(np.int16) - 100
    path = write(
        tmp_path / "x.dcm", signed, PixelRepresentation=1, PhotometricInterpretation="MONOCHROME1",
        PixelSpacing=[0.1, 0.1],
    )  # fmt: skip
    assert np.array_equal(read_image(path).pixels, -1.0 - signed)


def test_colour_and_its_planes_analytic(tmp_path: Path) -> None:
    colour = np.random.default_rng(4).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
    luma = colour @ np.array([0.299, 0.587, 0.114])
    spacing = {"PixelSpacing": [0.1, 0.1]}
    pixels = read_image(write(tmp_path / "x.dcm", colour, **spacing)).pixels
    assert np.allclose(pixels, luma, rtol=0, atol=1e-9)
    planes = np.ascontiguousarray(colour.transpose(2, 0, 1)).tobytes()
    path = write(tmp_path / "x.dcm", colour, PlanarConfiguration=1, PixelData=planes, **spacing)
    assert np.allclose(read_image(path).pixels, luma, rtol=0, atol=1e-9)


def test_grey_in_ybr_keeps_its_luma_analytic(tmp_path: Path) -> None:
    # Without chroma (Cb = Cr = 128) the luma of a YBR_FULL picture is Y itself.
    full = np.stack([VALUES, np.full_like(VALUES, 128), np.full_like(VALUES, 128)], axis=2)
    path = write(tmp_path / "x.dcm", full, PhotometricInterpretation="YBR_FULL", PixelSpacing=[0.1, 0.1])
    assert np.array_equal(read_image(path).pixels, VALUES)


def test_palette_is_looked_up_analytic(tmp_path: Path) -> None:
    table = (np.arange(256, dtype=np.uint16)[::-1] * 257).astype("<u2").tobytes()
    tags: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR", "PixelSpacing": [0.1, 0.1]}
    for name in ("Red", "Green", "Blue"):
        tags[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        tags[f"{name}PaletteColorLookupTableData"] = table
    assert np.array_equal(read_image(write(tmp_path / "x.dcm", VALUES, **tags)).pixels, (255.0 - VALUES) * 257)


def test_file_without_preamble_is_read_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, PixelSpacing=[0.1, 0.1])
    path.write_bytes(path.read_bytes()[132:])
    assert np.array_equal(read_image(path).pixels, VALUES)


def test_damaged_and_pictureless_files_are_named_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", VALUES, PixelSpacing=[0.1, 0.1])
    content = path.read_bytes()
    for kept in (len(content) - 100, 200):
        path.write_bytes(content[:kept])
        with pytest.raises(InputError, match=r"^(DICOM file|pixel data) must (be whole|hold).*, got .*\(x.dcm\)"):
            read_image(path)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = "1.2.840.10008.5.1.4.1.1.88.11", "1.2.3", "SR"
    dataset.save_as(path, enforce_file_format=True)
    with pytest.raises(InputError, match=r"^DICOM file must hold pixels, got a DICOM SR without them \(x.dcm\)"):
        read_image(path)
