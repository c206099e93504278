"""NIfTI, NRRD and MHA masks on their images: directions, spacing, slices, parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from PIL import Image as Pillow
from tests.image.outline_shapes import SHAPE, SHAPES
from tests.image.outline_volumes import FLIPS, GREY, SUFFIXES, nifti, segments, turned, write

from perirad.errors import InputError
from perirad.image.read import read_image
from perirad.image.roi import read_mask

F, HOLED = SHAPES["F"], SHAPES["holed"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("image_turn", FLIPS)
@pytest.mark.parametrize("mask_turn", FLIPS)
def test_mask_is_mirrored_onto_its_image_simpleitk(
    tmp_path: Path, suffix: str, image_turn: tuple[float, float], mask_turn: tuple[float, float]
) -> None:
    """Where both lie in the patient decides, however each is stored: the mark stays on the same grey pixels."""
    image_file = turned(tmp_path / f"i.{suffix}", GREY, *image_turn)
    mask_file = turned(tmp_path / f"m.{suffix}", F, *mask_turn)
    image = read_image(image_file)
    mask = read_mask(mask_file, image, image_file=image_file)
    across, down = (int(sign) for sign in image_turn)
    assert np.array_equal(image.pixels, GREY[::down, ::across])
    assert np.array_equal(mask, F[::down, ::across])


@pytest.mark.parametrize("across", [-1, 1])
@pytest.mark.parametrize("down", [-1, 1])
def test_flat_image_and_mask_of_one_slice_simpleitk(tmp_path: Path, across: int, down: int) -> None:
    """The image has two dimensions, the mask three."""
    flat = SimpleITK.GetImageFromArray(np.ascontiguousarray(GREY[::down, ::across]))
    flat.SetSpacing((0.1, 0.1))
    flat.SetDirection((across, 0, 0, down))
    SimpleITK.WriteImage(flat, str(tmp_path / "i.nrrd"))
    mask = read_mask(turned(tmp_path / "m.nrrd", F, -1.0, 1.0), SHAPE, image_file=tmp_path / "i.nrrd")
    assert np.array_equal(mask, F[::down, ::across])


@pytest.mark.parametrize("signs", FLIPS)
def test_affine_by_hand_is_mirrored_onto_an_itk_image_nifti(tmp_path: Path, signs: tuple[float, float]) -> None:
    """ITK writes left-posterior directions, which NIfTI has as negative numbers on the diagonal."""
    image_file = turned(tmp_path / "i.nii", GREY, 1.0, 1.0)
    across, down = (int(sign) for sign in signs)
    affine: list[list[float]] = [[-0.1 * across, 0, 0, 0], [0, -0.1 * down, 0, 0], [0, 0, 1, 0]]
    mask_file = nifti(tmp_path / "m.nii", F[::down, ::across], affine)
    assert np.array_equal(read_mask(mask_file, read_image(image_file), image_file=image_file), F)


@pytest.mark.parametrize("signs", FLIPS)
def test_pictures_without_directions_take_the_stored_order_nifti(tmp_path: Path, signs: tuple[float, float]) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "i.png")
    image = read_image(tmp_path / "i.png", spacing_mm=0.1)
    mask_file = nifti(tmp_path / "m.nii", F, [[0.1 * signs[0], 0, 0, 0], [0, 0.1 * signs[1], 0, 0], [0, 0, 1, 0]])
    assert np.array_equal(read_mask(mask_file, image, image_file=tmp_path / "i.png"), F)
    assert np.array_equal(read_mask(mask_file, image), F)


def test_exchanged_and_oblique_axes_are_refused_nifti(tmp_path: Path) -> None:
    image_file = turned(tmp_path / "i.nii", GREY, 1.0, 1.0)
    image = read_image(image_file)
    mask_file = nifti(tmp_path / "m.nii", F, [[0, -0.1, 0, 0], [-0.1, 0, 0, 0], [0, 0, 1, 0]])
    with pytest.raises(InputError, match="must have the directions of its image, got rows and columns exchanged"):
        read_mask(mask_file, image, image_file=image_file)
    mask_file = nifti(tmp_path / "m.nii", F, [[-0.08, -0.06, 0, 0], [0.06, -0.08, 0, 0], [0, 0, 1, 0]])
    with pytest.raises(InputError, match="must have the directions of its image, got a plane turned against it"):
        read_mask(mask_file, image, image_file=image_file)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_spacing_is_another_export_analytic(tmp_path: Path, suffix: str) -> None:
    image_file = write(tmp_path / f"i.{suffix}", GREY, spacing=(0.1, 0.1))
    image = read_image(image_file)
    for spacing in ((0.1, 0.1), (0.1005, 0.0995), (1.0, 1.0)):
        mask_file = write(tmp_path / f"m.{suffix}", F, spacing=spacing)
        assert np.array_equal(read_mask(mask_file, image, image_file=image_file), F)
    mask_file = write(tmp_path / f"m.{suffix}", F, spacing=(0.1, 0.12))
    with pytest.raises(InputError) as caught:
        read_mask(mask_file, image, image_file=image_file)
    assert str(caught.value) == (
        "mask must have the pixel spacing of its image, 0.1 x 0.1 mm (row, column), got 0.1 x 0.12 mm (row, column), as"
        f" of a mask drawn on another export (m.{suffix}): check that the two belong together, or save the mask as PNG"
    )


def test_mask_may_agree_with_the_files_own_spacing_analytic(tmp_path: Path) -> None:
    """Spacing stated in the table against a header, or against print density, which ITK takes for millimetres."""
    image_file = write(tmp_path / "i.nii", GREY, spacing=(0.1, 0.1))
    mask_file = write(tmp_path / "m.nii", F, spacing=(0.1, 0.1))
    stated = read_image(image_file, spacing_mm=0.07)
    assert np.array_equal(read_mask(mask_file, stated, image_file=image_file), F)
    with pytest.raises(InputError, match=r"must have the pixel spacing of its image, 0.07 x 0.07 mm"):
        read_mask(mask_file, stated)
    Pillow.fromarray(GREY).save(tmp_path / "i.tif", dpi=(96, 96))
    mask_file = write(tmp_path / "p.nii", F, spacing=(25.4 / 96, 25.4 / 96))
    stated = read_image(tmp_path / "i.tif", spacing_mm=0.07)
    assert np.array_equal(read_mask(mask_file, stated, image_file=tmp_path / "i.tif"), F)


def test_assumed_spacing_refuses_nothing_analytic(tmp_path: Path) -> None:
    Pillow.fromarray(GREY).save(tmp_path / "i.png")
    image = read_image(tmp_path / "i.png", spacing_mm=0.07, assumed=True)
    assert np.array_equal(read_mask(write(tmp_path / "m.nii", F, spacing=(0.2, 0.2)), image), F)


def test_slices_of_a_mask_are_the_images_frames_analytic(tmp_path: Path) -> None:
    volume = np.stack([GREY, GREY[::-1]])
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(volume), str(tmp_path / "i.nrrd"))
    marks = np.stack([F, HOLED]).astype(np.uint8)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(marks), str(tmp_path / "m.nrrd"))
    assert np.array_equal(read_mask(tmp_path / "m.nrrd", SHAPE, frame=0), F)
    assert np.array_equal(read_mask(tmp_path / "m.nrrd", SHAPE, frame=1), HOLED)
    with pytest.raises(InputError, match=r"^one frame must be chosen, got a file of 2 frames"):
        read_mask(tmp_path / "m.nrrd", SHAPE)
    one = write(tmp_path / "one.nrrd", F)
    assert np.array_equal(read_mask(one, SHAPE, frame=5), F)


@pytest.mark.parametrize(("top", "left"), [(3, 5), (1, 0), (-2, -4)])
def test_part_of_the_picture_at_its_offset_analytic(tmp_path: Path, top: int, left: int) -> None:
    padded = np.zeros((60, 80), np.bool_)
    padded[20 : 20 + SHAPE[0], 20 : 20 + SHAPE[1]] = F
    part = padded[20 + top : 20 + 21, 20 + left : 20 + 20]
    fields = segments(tumour="0 1") | {"Segmentation_ReferenceImageExtentOffset": f"{left} {top} 0"}
    path = write(tmp_path / "m.seg.nrrd", part, fields)
    assert np.array_equal(read_mask(path, SHAPE), F)


def test_part_of_a_mirrored_picture_analytic(tmp_path: Path) -> None:
    """The offset counts in the mask's own order, before it is mirrored onto the image."""
    image_file = turned(tmp_path / "i.nrrd", GREY, -1.0, 1.0)
    fields = segments(tumour="0 1") | {"Segmentation_ReferenceImageExtentOffset": "2 3 0"}
    path = write(tmp_path / "m.seg.nrrd", F[3:21, 2:20], fields)
    assert np.array_equal(read_mask(path, SHAPE, image_file=image_file), F[:, ::-1])


def test_cropped_segmentation_counts_slices_from_its_first_analytic(tmp_path: Path) -> None:
    fields = segments(tumour="0 1") | {"Segmentation_ReferenceImageExtentOffset": "2 3 4"}
    one = write(tmp_path / "one.seg.nrrd", F[3:21, 2:20], fields)
    assert np.array_equal(read_mask(one, SHAPE), F)
    assert np.array_equal(read_mask(one, SHAPE, frame=4), F)
    with pytest.raises(InputError, match="mask must be of frame 5, got one of frame 4 alone"):
        read_mask(one, SHAPE, frame=5)
    volume = SimpleITK.GetImageFromArray(np.stack([HOLED, F, HOLED])[:, 3:21, 2:20].astype(np.uint8))
    for key, value in fields.items():
        volume.SetMetaData(key, value)
    SimpleITK.WriteImage(volume, str(tmp_path / "three.seg.nrrd"), True)
    assert np.array_equal(read_mask(tmp_path / "three.seg.nrrd", SHAPE, frame=5), F)
    with pytest.raises(InputError, match="frame must be 0 to 2, got frame=-1"):
        read_mask(tmp_path / "three.seg.nrrd", SHAPE, frame=3)


def test_part_outside_the_picture_is_refused_analytic(tmp_path: Path) -> None:
    fields = segments(tumour="0 1") | {"Segmentation_ReferenceImageExtentOffset": "20 3 0"}
    path = write(tmp_path / "m.seg.nrrd", F, fields)
    with pytest.raises(InputError, match=r"segmentation must lie inside its image of 24 x 35, got \d+ marked pixels"):
        read_mask(path, SHAPE)
    for text in ("a b c", "1 2", "1 2 3 4", "99999999999 0 0"):
        path = write(tmp_path / "m.seg.nrrd", F, (fields | {"Segmentation_ReferenceImageExtentOffset": text}))
        with pytest.raises(InputError, match="offset of the segmentation must be three whole numbers"):
            read_mask(path, SHAPE)
