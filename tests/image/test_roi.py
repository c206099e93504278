from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.image.roi import read_mask

SHAPE = 20, 30
MASK = np.zeros(SHAPE, dtype=np.bool_)
MASK[4:15, 6:20] = True
MASK[8:10, 10:12] = False


def save(path: Path, values: NDArray[Any]) -> Path:
    Pillow.fromarray(values).save(path)
    return path


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif"])
@pytest.mark.parametrize("marked", [1, 255])
def test_two_valued_masks_analytic(tmp_path: Path, suffix: str, marked: int) -> None:
    path = save(tmp_path / f"m.{suffix}", (MASK * marked).astype(np.uint8))
    assert np.array_equal(read_mask(path, SHAPE), MASK)
    assert np.array_equal(read_mask(path, SHAPE, label=marked), MASK)


def test_one_bit_and_sixteen_bit_masks_analytic(tmp_path: Path) -> None:
    assert np.array_equal(read_mask(save(tmp_path / "bit.png", MASK), SHAPE), MASK)
    assert np.array_equal(read_mask(save(tmp_path / "bit.bmp", MASK), SHAPE), MASK)
    assert np.array_equal(read_mask(save(tmp_path / "m.png", (MASK * 65535).astype(np.uint16)), SHAPE), MASK)


def test_opaque_alpha_does_not_mark_analytic(tmp_path: Path) -> None:
    values = np.zeros((*SHAPE, 4), np.uint8)
    values[..., 3] = 255
    values[MASK, :3] = 255
    assert np.array_equal(read_mask(save(tmp_path / "m.png", values), SHAPE), MASK)
    values[..., 3] = np.where(MASK, 10, 0)
    assert np.array_equal(read_mask(save(tmp_path / "m.png", values), SHAPE), MASK)


@pytest.mark.parametrize("colour", [0, 255])
def test_alpha_marks_where_colour_is_constant_analytic(tmp_path: Path, colour: int) -> None:
    values = np.full((*SHAPE, 4), colour, np.uint8)
    values[..., 3] = np.where(MASK, 255, 0)
    assert np.array_equal(read_mask(save(tmp_path / "m.png", values), SHAPE), MASK)
    assert np.array_equal(read_mask(save(tmp_path / "la.png", values[..., 2:]), SHAPE), MASK)


def test_coloured_and_palette_masks_analytic(tmp_path: Path) -> None:
    red = np.zeros((*SHAPE, 3), np.uint8)
    red[MASK, 0] = 200
    assert np.array_equal(read_mask(save(tmp_path / "red.png", red), SHAPE), MASK)
    for background, lesion in ((0, 1), (1, 0)):
        picture = Pillow.fromarray(np.where(MASK, lesion, background).astype(np.uint8)).convert("P")
        colours = [(0, 0, 0), (0, 0, 0)]
        colours[lesion] = (0, 255, 0)
        picture.putpalette([level for colour in colours for level in colour])
        picture.save(tmp_path / "p.png")
        assert np.array_equal(read_mask(tmp_path / "p.png", SHAPE), MASK)


@pytest.mark.parametrize("suffix", ["nii", "nii.gz", "nrrd", "mha"])
@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.float32])
def test_volume_masks_analytic(tmp_path: Path, suffix: str, kind: type[np.generic]) -> None:
    path = tmp_path / f"m.{suffix}"
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(MASK[None].astype(kind)), str(path))
    assert np.array_equal(read_mask(path, SHAPE), MASK)


def test_labels_are_listed_and_chosen_analytic(tmp_path: Path) -> None:
    values = MASK.astype(np.uint8)
    values[0:2, 0:3] = 3
    path = save(tmp_path / "m.png", values)
    with pytest.raises(InputError) as caught:
        read_mask(path, SHAPE)
    assert str(caught.value) == (
        "mask must mark one lesion, got labels 1, 3 (m.png): say which is the lesion (a mask_label column, or label=)"
    )
    assert np.array_equal(read_mask(path, SHAPE, label=1), MASK)
    assert read_mask(path, SHAPE, label=3).sum() == 6
    with pytest.raises(InputError, match=r"^mask must hold label 2, got labels 1, 3 \(m.png\)"):
        read_mask(path, SHAPE, label=2)


def test_palette_labels_are_indices_analytic(tmp_path: Path) -> None:
    values = MASK.astype(np.uint8)
    values[0:2, 0:3] = 2
    picture = Pillow.fromarray(values).convert("P")
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    picture.save(tmp_path / "m.png")
    with pytest.raises(InputError, match="got labels 1, 2 "):
        read_mask(tmp_path / "m.png", SHAPE)
    assert np.array_equal(read_mask(tmp_path / "m.png", SHAPE, label=1), MASK)


def test_smoothed_masks_are_refused_analytic(tmp_path: Path) -> None:
    smooth = np.asarray(Pillow.fromarray((MASK * 255).astype(np.uint8)).resize((33, 23), Pillow.Resampling.BICUBIC))
    path = save(tmp_path / "m.png", smooth)
    for label in (None, 255):
        with pytest.raises(
            InputError, match=r"^mask must be marked or not marked, got \d+ grey values, as of a smoothed"
        ):
            read_mask(path, (23, 33), label=label)
    SimpleITK.WriteImage(
        SimpleITK.GetImageFromArray(MASK * np.float32(0.5) + MASK[::-1] * np.float32(0.5)), str(tmp_path / "m.nrrd")
    )
    with pytest.raises(InputError, match=r"^mask must be marked or not marked, got 3 grey values"):
        read_mask(tmp_path / "m.nrrd", SHAPE)


def test_jpeg_and_dicom_masks_are_refused_analytic(tmp_path: Path) -> None:
    path = save(tmp_path / "m.jpg", (MASK * 255).astype(np.uint8))
    with pytest.raises(InputError) as caught:
        read_mask(path, SHAPE)
    assert str(caught.value) == (
        "mask must keep its exact values, got a JPEG file, which blurs the outline (m.jpg):"
        " save the mask as PNG from the program it was drawn in"
    )
    (tmp_path / "m.dcm").write_bytes(bytes(128) + b"DICM")
    with pytest.raises(
        InputError, match=r"^mask must be an outline: DICOM SEG or .*, got a DICOM file of another kind"
    ):
        read_mask(tmp_path / "m.dcm", SHAPE)


def test_size_of_another_image_is_named_analytic(tmp_path: Path) -> None:
    path = save(tmp_path / "m.png", MASK)
    with pytest.raises(InputError) as caught:
        read_mask(path, (30, 20))
    assert str(caught.value) == (
        "mask must have the size of its image, got 20 x 30 for an image of 30 x 20 (rows x columns) (m.png):"
        " rows and columns are exchanged, save it untransposed"
    )
    with pytest.raises(InputError, match=r"check that the two belong together$"):
        read_mask(path, (40, 60))
    assert np.array_equal(read_mask(path, None), MASK)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (np.zeros(SHAPE, np.uint8), "mask must mark a lesion, got no marked pixel (m.nrrd): outline the lesion again"),
        (
            np.full(SHAPE, 255, np.uint8),
            "mask must leave tissue around the lesion, got every pixel marked (m.nrrd):"
            " save the lesion as white on black",
        ),
        (
            np.where(MASK, np.float32(np.nan), np.float32(0.0)),
            f"mask values must be finite, got {int(MASK.sum())} NaN or infinite pixels (m.nrrd)",
        ),
        (np.stack([MASK, MASK]).astype(np.uint8), "one frame must be chosen, got a file of 2 frames (m.nrrd)"),
    ],
)
def test_unusable_masks_are_named_analytic(tmp_path: Path, values: NDArray[Any], line: str) -> None:
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(values), str(tmp_path / "m.nrrd"))
    with pytest.raises(InputError) as caught:
        read_mask(tmp_path / "m.nrrd", SHAPE)
    assert str(caught.value).startswith(line)


def test_colour_and_transparency_must_agree_analytic(tmp_path: Path) -> None:
    """White on transparent black is clear; a hidden white part under full transparency is not."""
    values = np.zeros((*SHAPE, 4), np.uint8)
    values[MASK] = 255
    assert np.array_equal(read_mask(save(tmp_path / "m.png", values), SHAPE), MASK)
    values[0, 0, :3] = 255
    with pytest.raises(InputError, match="must be marked by colour or by transparency, got 1 pixels marked by one"):
        read_mask(save(tmp_path / "m.png", values), SHAPE)
    values[0, 0] = 0
    values[0, 1, 3] = 255
    with pytest.raises(InputError, match="got 1 pixels marked by one and not by the other"):
        read_mask(save(tmp_path / "m.png", values), SHAPE)


def test_blurred_transparency_is_refused_analytic(tmp_path: Path) -> None:
    values = np.zeros((*SHAPE, 4), np.uint8)
    values[MASK, :3] = 255
    values[MASK, 3] = np.arange(1, MASK.sum() + 1)
    with pytest.raises(InputError, match="must be marked by colour or by transparency, got a blurred transparency"):
        read_mask(save(tmp_path / "m.png", values), SHAPE)


def test_image_file_gives_the_size_analytic(tmp_path: Path) -> None:
    image = save(tmp_path / "i.png", np.zeros(SHAPE, np.uint8))
    path = save(tmp_path / "m.png", MASK)
    assert np.array_equal(read_mask(path, None, image_file=image), MASK)
    with pytest.raises(InputError, match="rows and columns are exchanged"):
        read_mask(path, None, image_file=save(tmp_path / "t.png", np.zeros(SHAPE[::-1], np.uint8)))
