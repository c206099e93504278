"""NIfTI, NRRD and MHA masks: named segments, layers, parts, directions and spacing."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from PIL import Image as Pillow
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.outlines.read import read_lesions
from perirad.image.read import read_image
from perirad.image.roi import read_mask

F, HOLED = SHAPES["F"], SHAPES["holed"]
GREY = np.random.default_rng(8).integers(0, 256, SHAPE, dtype=np.uint8)
SUFFIXES = ["nii", "nii.gz", "nrrd", "mha"]
FLIPS = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]


def write(
    path: Path,
    values: NDArray[Any],
    fields: Mapping[str, str] | None = None,
    *,
    spacing: tuple[float, float] = (0.1, 0.1),
) -> Path:
    """Write one slice, spacing (row, column)."""
    volume = SimpleITK.GetImageFromArray(values[None].astype(np.uint8))
    volume.SetSpacing((spacing[1], spacing[0], 1.0))
    for key, value in (fields or {}).items():
        volume.SetMetaData(key, value)
    SimpleITK.WriteImage(volume, str(path), True)
    return path


def turned(path: Path, values: NDArray[Any], across: float, down: float) -> Path:
    """Write the same picture in the patient, stored against its axes where these are negative."""
    volume = SimpleITK.GetImageFromArray(values.astype(np.uint8)[None, :: int(down), :: int(across)])
    volume.SetSpacing((0.1, 0.1, 1.0))
    volume.SetDirection((across, 0, 0, 0, down, 0, 0, 0, 1))
    rows, columns = values.shape
    volume.SetOrigin((0.0 if across > 0 else (columns - 1) * 0.1, 0.0 if down > 0 else (rows - 1) * 0.1, 0.0))
    SimpleITK.WriteImage(volume, str(path), True)
    return path


def nifti(path: Path, values: NDArray[Any], affine: Sequence[Sequence[float]]) -> Path:
    """Write NIfTI-1 by hand; the affine leads to right-anterior-superior millimetres, as the standard says."""
    rows, columns = values.shape
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, columns, rows, 1, 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, 2, 8)
    spacing = np.linalg.norm(np.array(affine)[:, :2], axis=0)
    struct.pack_into("<8f", header, 76, 1.0, *spacing, 1.0, 1.0, 1.0, 1.0, 1.0)
    struct.pack_into("<f", header, 108, 352.0)
    struct.pack_into("<hh", header, 252, 0, 1)
    struct.pack_into("<12f", header, 280, *(value for row in affine for value in row))
    header[123] = 2
    header[344:348] = b"n+1\0"
    path.write_bytes(bytes(header) + values.astype(np.uint8).tobytes())
    return path


def segments(**names: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for place, (key, value) in enumerate(names.items()):
        layer, number = value.split()
        fields |= {
            f"Segment{place}_ID": f"Segment_{place + 1}",
            f"Segment{place}_Name": key,
            f"Segment{place}_LabelValue": number,
            f"Segment{place}_Layer": layer,
        }
    return fields


def layered(path: Path, layers: Sequence[NDArray[Any]], fields: dict[str, str]) -> Path:
    """Write as Slicer does when segments overlap: the layers are the fastest axis."""
    rows, columns = layers[0].shape
    lines = [
        "NRRD0004",
        "type: uint8",
        "dimension: 4",
        "space: left-posterior-superior",
        f"sizes: {len(layers)} {columns} {rows} 1",
        "space directions: none (0.1,0,0) (0,0.1,0) (0,0,1)",
        "kinds: list domain domain domain",
        "encoding: raw",
        "space origin: (0,0,0)",
        *(f"{key}:={value}" for key, value in fields.items()),
    ]
    values = np.stack(layers, axis=-1).astype(np.uint8).tobytes()
    path.write_bytes(("\n".join(lines) + "\n\n").encode() + values)
    return path


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


def test_layers_of_overlapping_segments_analytic(tmp_path: Path) -> None:
    path = layered(tmp_path / "m.seg.nrrd", [F, HOLED], segments(tumour="0 1", cyst="1 1"))
    assert [name for name, _ in read_lesions(path, SHAPE)] == ["tumour", "cyst"]
    assert np.array_equal(read_mask(path, SHAPE, label="tumour"), F)
    assert np.array_equal(read_mask(path, SHAPE, label="cyst"), HOLED)
    assert np.array_equal(read_mask(path, SHAPE, label=2), HOLED)


def test_three_layers_are_not_colour_analytic(tmp_path: Path) -> None:
    thin = SHAPES["thin"]
    path = layered(tmp_path / "m.seg.nrrd", [F, HOLED, thin], segments(a="0 1", b="1 1", c="2 1"))
    assert np.array_equal(read_mask(path, SHAPE, label="c"), thin)
    older = layered(
        tmp_path / "o.seg.nrrd", [F, HOLED, thin], {f"Segment{place}_ID": f"S{place}" for place in range(3)}
    )
    assert np.array_equal(read_mask(older, SHAPE, label="S1"), HOLED)


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


def test_segments_that_contradict_the_values_are_refused_analytic(tmp_path: Path) -> None:
    values = F * 3
    cases = {
        "values of layer 0 must be those of its segments, got 85 pixels of other values": segments(a="0 1"),
        "layers must be 0 to 0, got 4": segments(a="4 3"),
        "each segment must have a value of its own": segments(a="0 3", b="0 3"),
        "Segment0_LabelValue must be a whole number": segments(a="0 -3"),
    }
    for words, fields in cases.items():
        path = write(tmp_path / "m.seg.nrrd", values, fields)
        with pytest.raises(InputError, match=words):
            read_mask(path, SHAPE)


def test_mitk_labels_have_names_analytic(tmp_path: Path) -> None:
    groups = [{"labels": [{"name": "tumour", "value": 1}, {"name": "node", "value": 4}]}]
    fields = {
        "modality": "org.mitk.multilabel.segmentation",
        "org.mitk.multilabel.segmentation.labelgroups": json.dumps(groups),
    }
    values = F + 4 * (HOLED & ~F)
    path = write(tmp_path / "m.nrrd", values, fields)
    assert np.array_equal(read_mask(path, SHAPE, label="node"), HOLED & ~F)
    assert np.array_equal(read_mask(path, SHAPE, label=1), F)
    broken = fields | {"org.mitk.multilabel.segmentation.labelgroups": '[{"labels": [{"name": "x"}]}]'}
    with pytest.raises(InputError, match="MITK's label groups must be as MITK writes them"):
        read_mask(write(tmp_path / "b.nrrd", values, broken), SHAPE)


def test_mitk_groups_are_layers_analytic(tmp_path: Path) -> None:
    groups = [{"labels": [{"name": "tumour", "value": 1}]}, {"labels": [{"name": "node", "value": 2}]}, {}]
    fields = {"org.mitk.multilabel.segmentation.labelgroups": json.dumps(groups)}
    layers = [F.astype(np.uint8), HOLED * np.uint8(2), np.zeros(SHAPE, np.uint8)]
    path = layered(tmp_path / "m.nrrd", layers, fields)
    assert np.array_equal(read_mask(path, SHAPE, label="tumour"), F)
    assert np.array_equal(read_mask(path, SHAPE, label=2), HOLED)


@pytest.mark.parametrize("place", ["../secret.raw", "/etc/passwd", "a/b.raw", "..\\x.raw", "s%03d.raw 1 2 1", "LIST"])
@pytest.mark.parametrize("kind", ["nrrd", "mha"])
def test_values_elsewhere_are_not_opened_analytic(tmp_path: Path, kind: str, place: str) -> None:
    nrrd = f"NRRD0004\ntype: uint8\ndimension: 2\nsizes: 35 24\nencoding: raw\ndata file: {place}\n\n"
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / f"m.{kind}").write_text(nrrd if kind == "nrrd" else f"{size}ElementDataFile = {place}\n")
    with pytest.raises(InputError, match="values must lie in the mask's own file or beside it"):
        read_mask(tmp_path / f"m.{kind}", SHAPE)


@pytest.mark.parametrize("line", ["elementdatafile = LOCAL\nElementDataFile = ../x", "ElementDataFile : ../x"])
def test_no_spelling_hides_another_place_analytic(tmp_path: Path, line: str) -> None:
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / "m.mha").write_text(f"{size}{line}\n")
    with pytest.raises(InputError, match="values must lie in the mask's own file or beside it"):
        read_mask(tmp_path / "m.mha", SHAPE)


def test_values_beside_the_header_are_read_analytic(tmp_path: Path) -> None:
    (tmp_path / "m.raw").write_bytes(F.astype(np.uint8).tobytes())
    size = "ObjectType = Image\nNDims = 2\nDimSize = 35 24\nElementType = MET_UCHAR\n"
    (tmp_path / "m.mhd").write_text(f"{size}ElementDataFile = m.raw\n")
    assert np.array_equal(read_mask(tmp_path / "m.mhd", SHAPE), F)
    (tmp_path / "m.raw").write_bytes(F.astype(np.uint8).tobytes()[:-7])
    with pytest.raises(InputError, match="MHA file must be whole"):
        read_mask(tmp_path / "m.mhd", SHAPE)
    (tmp_path / "m.raw").unlink()
    with pytest.raises(InputError, match="MHA file must be whole"):
        read_mask(tmp_path / "m.mhd", SHAPE)


def test_named_image_record_is_enough_analytic(tmp_path: Path) -> None:
    image_file = write(tmp_path / "i.nrrd", GREY)
    image = read_image(image_file)
    assert isinstance(image, Image)
    assert np.array_equal(read_mask(write(tmp_path / "m.seg.nrrd", F, segments(tumour="0 1")), image), F)
