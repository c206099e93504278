from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.image import Source
from perirad.image.read import read_image
from perirad.image.roi import read_mask

VALUES = np.random.default_rng(5).integers(0, 256, (50, 70), dtype=np.uint8)
SUFFIXES = ["nii", "nii.gz", "nrrd", "mha"]


def write(path: Path, array: NDArray[Any], spacing_mm: tuple[float, float] | None, *, packed: bool = True) -> Path:
    """Write (row, column) or (slice, row, column), spacing (row, column)."""
    volume = SimpleITK.GetImageFromArray(array, isVector=False)
    if spacing_mm is not None:
        volume.SetSpacing((spacing_mm[1], spacing_mm[0], 3.0)[: array.ndim])
    SimpleITK.WriteImage(volume, str(path), packed)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("slices", [False, True])
def test_rows_columns_and_spacing_analytic(tmp_path: Path, suffix: str, slices: bool) -> None:
    path = write(tmp_path / f"x.{suffix}", VALUES[None] if slices else VALUES, (0.07, 0.13))
    image = read_image(path)
    assert np.array_equal(image.pixels, VALUES)
    assert image.spacing_mm == (0.07, 0.13)
    assert image.calibration.source is Source.HEADER


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_mask_lies_on_its_image_analytic(tmp_path: Path, suffix: str) -> None:
    image = read_image(write(tmp_path / f"i.{suffix}", VALUES, (0.07, 0.13)))
    mask = write(tmp_path / f"m.{suffix}", (VALUES > 128).astype(np.uint8), None)
    assert np.array_equal(read_mask(mask, image), VALUES > 128)


def test_directions_turn_neither_image_nor_mask_analytic(tmp_path: Path) -> None:
    for name, values in (("i.nrrd", VALUES), ("m.nrrd", (VALUES > 128).astype(np.uint8))):
        volume = SimpleITK.GetImageFromArray(values)
        volume.SetDirection((-1.0, 0.0, 0.0, -1.0))
        volume.SetSpacing((0.1, 0.1))
        SimpleITK.WriteImage(volume, str(tmp_path / name))
    image = read_image(tmp_path / "i.nrrd")
    assert np.array_equal(image.pixels, VALUES)
    assert np.array_equal(read_mask(tmp_path / "m.nrrd", image), image.pixels > 128)


def test_stated_wins_over_the_header_and_the_header_over_assumed_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.nrrd", VALUES, (0.07, 0.13))
    stated = read_image(path, spacing_mm=0.1)
    assert (stated.spacing_mm, stated.calibration.source) == ((0.1, 0.1), Source.STATED)
    assert stated.calibration.detail == (
        "stated as 0.1 x 0.1 mm (row, column); the file's own 0.07 x 0.13 mm (row, column) was not used"
    )
    assert read_image(path, spacing_mm=0.1, assumed=True).spacing_mm == (0.07, 0.13)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_by_one_header_is_not_believed_analytic(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"x.{suffix}", VALUES, None)
    with pytest.raises(InputError, match="header of exactly 1 x 1 mm, which programs write when they do not know"):
        read_image(path)
    assert read_image(path, spacing_mm=1.0).spacing_mm == (1.0, 1.0)
    assert read_image(path, spacing_mm=0.1, assumed=True).calibration.source is Source.ASSUMED


def test_colour_becomes_luma_analytic(tmp_path: Path) -> None:
    colour = np.random.default_rng(6).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    volume = SimpleITK.GetImageFromArray(colour, isVector=True)
    SimpleITK.WriteImage(volume, str(tmp_path / "x.nrrd"))
    found = read_image(tmp_path / "x.nrrd", spacing_mm=0.1).pixels
    assert np.allclose(found, colour @ np.array([0.299, 0.587, 0.114]), rtol=0, atol=1e-9)


def test_several_slices_need_a_choice_analytic(tmp_path: Path) -> None:
    path = write(tmp_path / "x.nrrd", np.stack([VALUES, VALUES[::-1]]), (0.1, 0.1))
    with pytest.raises(InputError, match=r"^one frame must be chosen, got a file of 2 frames \(x.nrrd\)"):
        read_image(path)
    assert np.array_equal(read_image(path, frame=1).pixels, VALUES[::-1])
    with pytest.raises(InputError, match=r"^frame must be 0 to 1, got frame=-1"):
        read_image(path, frame=-1)


def test_what_is_not_a_grey_slice_is_named_analytic(tmp_path: Path) -> None:
    write(tmp_path / "x.nii", np.zeros((2, 2, 3, 4), np.uint8), None)
    with pytest.raises(InputError, match=r"^an image must be two-dimensional, got 4 dimensions \(x.nii\)"):
        read_image(tmp_path / "x.nii", spacing_mm=0.1)
    volume = SimpleITK.GetImageFromArray(np.zeros((4, 5, 2), np.uint8), isVector=True)
    SimpleITK.WriteImage(volume, str(tmp_path / "x.nrrd"))
    with pytest.raises(InputError, match=r"^pixels must be grey or RGB, got 2 components each \(x.nrrd\)"):
        read_image(tmp_path / "x.nrrd", spacing_mm=0.1)
    values = np.ones((4, 5), np.float32)
    values[1, 1] = np.nan
    write(tmp_path / "x.mha", values, None)
    with pytest.raises(InputError, match=r"^pixel values must be finite, got 1 NaN"):
        read_image(tmp_path / "x.mha", spacing_mm=0.1)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_truncated_file_is_named_analytic(tmp_path: Path, suffix: str, packed: bool) -> None:
    path = write(tmp_path / f"x.{suffix}", VALUES, (0.1, 0.1), packed=packed)
    content = path.read_bytes()
    for lost in (20, 1000):
        path.write_bytes(content[:-lost])
        with pytest.raises(InputError, match=r"file must be whole, got a damaged or unsupported one"):
            read_image(path)


@pytest.mark.parametrize("suffix", ["nii.gz", "nrrd", "mha"])
def test_damaged_packing_is_named_analytic(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"x.{suffix}", VALUES, (0.1, 0.1))
    content = bytearray(path.read_bytes())
    content[-1500] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"file must be whole, got a damaged or unsupported one"):
        read_image(path)


def test_absurd_size_is_refused_before_unpacking_analytic(tmp_path: Path) -> None:
    header = "NRRD0004\ntype: uint8\ndimension: 2\nsizes: 100000 100000\nencoding: raw\n\n"
    (tmp_path / "x.nrrd").write_bytes(header.encode())
    with pytest.raises(InputError, match=r"^a picture must have at most 64 million pixels, got 100000 x 100000"):
        read_image(tmp_path / "x.nrrd", spacing_mm=0.1)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_undefined_pixels_are_refused_analytic(tmp_path: Path, suffix: str, value: float, kind: type) -> None:
    """The library reads NaN of a NIfTI file as 0."""
    values: NDArray[Any] = VALUES.astype(kind)
    values[20, 30] = value
    with pytest.raises(InputError, match="pixel values must be finite, got 1 NaN or infinite pixels"):
        read_image(write(tmp_path / f"x.{suffix}", values, (0.07, 0.13)))
    with pytest.raises(InputError, match="must be finite, got 1 NaN or infinite pixels"):
        read_mask(tmp_path / f"x.{suffix}", (50, 70))


@pytest.mark.parametrize("suffix", ["nrrd", "mha", "nii"])
@pytest.mark.parametrize(("kind", "factor"), [(np.uint8, 1), (np.uint16, 257)])
def test_chroma_and_decoder_of_colour_analytic(tmp_path: Path, suffix: str, kind: type, factor: int) -> None:
    colour: NDArray[Any] = np.random.default_rng(6).integers(0, 256, (5, 7, 3)).astype(kind)
    volume = SimpleITK.GetImageFromArray(colour * kind(factor), isVector=True)
    SimpleITK.WriteImage(volume, str(tmp_path / f"x.{suffix}"))
    image = read_image(tmp_path / f"x.{suffix}", spacing_mm=0.1)
    assert image.chroma is not None
    assert np.array_equal(image.chroma, colour.max(axis=2) - colour.min(axis=2))
    assert image.decoder.endswith(f", by SimpleITK {SimpleITK.__version__}")


def test_grey_has_no_chroma_and_the_slice_is_recorded_analytic(tmp_path: Path) -> None:
    image = read_image(write(tmp_path / "x.nrrd", np.stack([VALUES, VALUES]), (0.1, 0.1)), frame=1)
    assert (image.chroma, image.frame, image.others) == (None, 1, ())
    assert image.decoder == f"NRRD, by SimpleITK {SimpleITK.__version__}"


def test_colours_without_a_known_scale_are_refused_analytic(tmp_path: Path) -> None:
    volume = SimpleITK.GetImageFromArray(np.ones((4, 5, 3), np.float32), isVector=True)
    SimpleITK.WriteImage(volume, str(tmp_path / "x.nrrd"))
    with pytest.raises(InputError, match=r"^colours must be whole numbers of 8 or 16 bits without sign, got float32"):
        read_image(tmp_path / "x.nrrd", spacing_mm=0.1)
