"""What the header of a DICOM file says: regions, spacing, layout; and what it must not say."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless
from tests.image.dicom_files import dataset_of, save, write
from tests.image.test_read_dicom import outline, region
from tests.image.test_read_dicom import write as write_regions

from perirad.errors import InputError
from perirad.image import dicom
from perirad.image.image import Box, Source
from perirad.image.read import read_image

SHAPE = 20, 30
GREY = np.random.default_rng(2).integers(0, 256, SHAPE, dtype=np.uint8)
COLOUR = np.random.default_rng(2).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
FIELD = Box(2, 5, 18, 25)


def regions_file(tmp_path: Path, *regions: Dataset, **tags: Any) -> Path:
    return write_regions(tmp_path / "x.dcm", GREY, regions, **tags)


def test_all_other_regions_are_kept_and_clipped_analytic(tmp_path: Path) -> None:
    path = regions_file(
        tmp_path,
        region(Box(0, 0, 20, 4), units=0, kind=(0, 13)),
        region(FIELD),
        region(Box(10, 20, 50, 60), units=4, kind=(3, 3)),
        region(Box(5, 10, 9, 14), kind=(1, 2)),
        region(Box(30, 30, 40, 40), units=0, kind=(5, 0)),
    )
    image = read_image(path)
    assert image.field == FIELD
    assert image.others == (Box(0, 0, 20, 4), Box(10, 20, 20, 30), Box(5, 10, 9, 14))


def test_a_region_over_the_whole_field_is_no_other_region_analytic(tmp_path: Path) -> None:
    """The flow layer of the field itself, and the picture that the field is an inset of."""
    path = regions_file(tmp_path, region(FIELD), region(FIELD, kind=(1, 2)), region(Box(0, 0, 20, 30)))
    image = read_image(path, lesion=outline(Box(6, 8, 9, 12)))
    assert (image.field, image.others) == (FIELD, ())


def test_tissue_without_centimetres_is_no_other_region_analytic(tmp_path: Path) -> None:
    path = regions_file(tmp_path, region(FIELD, units=0), region(Box(0, 0, 20, 4), units=0, kind=(0, 13)))
    image = read_image(path, spacing_mm=0.1)
    assert (image.field, image.others) == (Box(0, 0, *SHAPE), (Box(0, 0, 20, 4),))


def test_regions_of_other_pixels_are_not_believed_analytic(tmp_path: Path) -> None:
    path = regions_file(tmp_path, region(Box(2, 5, 40, 60)), region(Box(0, 0, 20, 4), units=0, kind=(0, 13)))
    image = read_image(path, spacing_mm=0.1)
    assert (image.field, image.others) == (Box(0, 0, *SHAPE), ())


@pytest.mark.parametrize("units", [0, 1, 2, 4, 5, 6, 7, 8, 12])
def test_other_units_are_never_taken_for_millimetres_dicom(tmp_path: Path, units: int) -> None:
    with pytest.raises(InputError, match=r"^pixel spacing must be known"):
        read_image(regions_file(tmp_path, region(FIELD, units=units)))
    mixed = region(FIELD)
    mixed.PhysicalUnitsXDirection = units
    with pytest.raises(InputError, match=r"^pixel spacing must be known"):
        read_image(regions_file(tmp_path, mixed))


@pytest.mark.parametrize(("across", "down"), [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_sign_of_delta_tells_a_direction_only_analytic(tmp_path: Path, across: int, down: int) -> None:
    image = read_image(regions_file(tmp_path, region(FIELD, (down * 0.007, across * 0.0125))))
    assert image.spacing_mm == pytest.approx((0.07, 0.125), rel=1e-12)


def test_low_priority_is_bit_zero_of_the_flags_dicom(tmp_path: Path) -> None:
    """PS3.3, C.8.5.5.1.3: 1 means low priority; bit 1 (scaling protection) says nothing of it."""
    large, inset = Box(0, 0, 20, 30), Box(4, 4, 16, 16)
    lesion = outline(Box(6, 6, 9, 9))
    for flags, field in (((1, 0), inset), ((0, 1), large), ((2, 3), large), ((3, 2), inset), ((2, 0), inset)):
        path = regions_file(tmp_path, region(large, flags=flags[0]), region(inset, flags=flags[1]))
        assert read_image(path, lesion=lesion).field == field


def test_kind_of_pixel_spacing_is_told_dicom(tmp_path: Path) -> None:
    path = regions_file(tmp_path, PixelSpacing=[0.08, 0.09], PixelSpacingCalibrationType="GEOMETRY")
    calibration = read_image(path).calibration
    assert calibration.source is Source.DICOM_PIXEL_SPACING
    assert calibration.detail == "Pixel Spacing (0028,0030), calibration type GEOMETRY"


def test_spacing_of_the_detector_is_not_used_dicom(tmp_path: Path) -> None:
    path = regions_file(tmp_path, ImagerPixelSpacing=[0.1, 0.1], NominalScannedPixelSpacing=[0.1, 0.1])
    with pytest.raises(InputError, match=r"^pixel spacing must be known, got a DICOM file without a calibrated tissue"):
        read_image(path)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"PhotometricInterpretation": "CMYK"}, "colours must be MONOCHROME1, .*, got CMYK"),
        ({"PhotometricInterpretation": "YBR_PARTIAL_422"}, "colours must be MONOCHROME1, .*, got YBR_PARTIAL_422"),
        ({"PhotometricInterpretation": "RGB"}, "RGB must have 3 samples per pixel, got 1"),
        ({"SamplesPerPixel": 2}, "MONOCHROME2 must have 1 sample per pixel, got 2"),
        ({"PixelPresentation": "MIXED"}, "grey must be grey alone, got a supplemental palette over the grey values"),
        ({"BitsAllocated": 32}, "pixels must be kept in 8 or 16 bits, got Bits Allocated 32"),
        ({"BitsAllocated": 1}, "pixels must be kept in 8 or 16 bits, got Bits Allocated 1"),
        ({"BitsStored": 9}, "Bits Stored, High Bit and Bits Allocated must fit each other, got 9, 7 and 8"),
        ({"HighBit": 8}, "Bits Stored, High Bit and Bits Allocated must fit each other, got 8, 8 and 8"),
        ({"NumberOfFrames": -2}, "a file must hold at least one frame, got Number of Frames -2"),
        ({"NumberOfFrames": 2}, "pixel data must hold 2 frames of 600 bytes, got 600 bytes"),
        ({"NumberOfFrames": 2**31 - 1}, "pixel data must hold 2147483647 frames of 600 bytes, got 600 bytes"),
        ({"Rows": 65535, "Columns": 65535}, "a picture must have at most 64 million pixels, got 65535 x 65535"),
        ({"Rows": 8000, "Columns": 7999}, "pixel data must hold 1 frame of 63992000 bytes, got 600 bytes"),
    ],
)
def test_impossible_headers_are_named_analytic(tmp_path: Path, tags: dict[str, Any], message: str) -> None:
    path = save(dataset_of(GREY, "MONOCHROME2", **tags), tmp_path / "x.dcm")
    with pytest.raises(InputError, match=rf"^{message} \(x.dcm\)"):
        read_image(path, frame=0)


def test_colours_that_contradict_the_coding_are_named_analytic(tmp_path: Path) -> None:
    path = save(dataset_of(COLOUR, "YBR_RCT"), tmp_path / "x.dcm")
    with pytest.raises(InputError, match=r"^YBR_RCT must be JPEG 2000, got another coding \(x.dcm\)"):
        read_image(path)
    path = save(dataset_of(COLOUR[:, :29], "YBR_FULL_422"), tmp_path / "x.dcm")
    with pytest.raises(InputError, match=r"^YBR_FULL_422 needs an even number of columns, got 29 \(x.dcm\)"):
        read_image(path)
    path = save(dataset_of(COLOUR, "RGB", PixelRepresentation=1), tmp_path / "x.dcm")
    with pytest.raises(InputError, match=r"^colours must be without sign, got Pixel Representation 1 \(x.dcm\)"):
        read_image(path)


def test_frames_are_counted_before_unpacking_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dcm", [b"\xff\xd8\xff\xd9"], JPEGBaseline8Bit, GREY, "MONOCHROME2", NumberOfFrames=900)
    with pytest.raises(InputError, match=r"^pixel data must hold 900 frames, got 1 fragments \(x.dcm\)"):
        read_image(path, frame=0)


def test_code_of_another_size_is_named_analytic(tmp_path: Path) -> None:
    header = b"\xff\xd8\xff\xc0\0\x0b\x08\x03\xe8\x03\xe8\1\1\x11\0"
    path = write(tmp_path / "x.dcm", [header], JPEGBaseline8Bit, GREY, "MONOCHROME2")
    with pytest.raises(InputError) as caught:
        read_image(path)
    assert str(caught.value) == (
        "a frame must be coded as its header says, 20 x 30 x 1 (rows x columns x samples), got 1000 x 1000 x 1 (x.dcm):"
        " export it again, uncompressed"
    )


def test_runs_do_not_unpack_beyond_the_picture_analytic(tmp_path: Path) -> None:
    """One segment of 5 million full runs would be 640 MB; reading stops when the picture is full."""
    code = np.array([1, 64] + [0] * 14, "<u4").tobytes() + b"\x81\x05" * 100_000
    path = write(tmp_path / "x.dcm", [code], RLELossless, GREY, "MONOCHROME2")
    assert (read_image(path).pixels == 5.0).all()


def test_deflated_bomb_is_refused_analytic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(dataset_of(GREY, "MONOCHROME2"), tmp_path / "x.dcm", DeflatedExplicitVRLittleEndian)
    assert np.array_equal(read_image(path).pixels, GREY)
    head = path.read_bytes()
    start = 144 + int(pydicom.dcmread(path).file_meta.FileMetaInformationGroupLength)
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(bytes(8 << 20)) + packer.flush()
    path.write_bytes(head[:start] + bomb)
    monkeypatch.setattr(dicom, "_MAX_INFLATED", 4 << 20)
    monkeypatch.setattr(pydicom, "dcmread", lambda *_a, **_k: pytest.fail("must not be unpacked"))
    with pytest.raises(InputError, match=r"^a deflated file must unpack to at most 4 MB, got more \(x.dcm\)"):
        read_image(path)


def test_deflated_file_without_preamble_is_refused_analytic(tmp_path: Path) -> None:
    path = save(dataset_of(GREY, "MONOCHROME2"), tmp_path / "x.dcm", DeflatedExplicitVRLittleEndian)
    path.write_bytes(path.read_bytes()[132:])
    with pytest.raises(InputError, match=r"^a deflated file must be whole, got one without its preamble \(x.dcm\)"):
        read_image(path)


def test_old_file_without_its_syntax_is_read_analytic(tmp_path: Path) -> None:
    """Without group 0002 the encoding is found while reading."""
    for implicit in (False, True):
        dataset = dataset_of(GREY, "MONOCHROME2")
        del dataset.file_meta
        dataset.save_as(tmp_path / "x.dcm", implicit_vr=implicit, little_endian=True)
        image = read_image(tmp_path / "x.dcm")
        assert np.array_equal(image.pixels, GREY)
        assert image.decoder.startswith("Implicit VR" if implicit else "Explicit VR")
