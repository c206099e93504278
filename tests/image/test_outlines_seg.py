from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from tests.image.outline_files import identity, item, save, segmentation, us_image
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.roi import read_mask

F, HOLED, THIN = SHAPES["F"], SHAPES["holed"], SHAPES["thin"]
ODD = 5, 7


def measures(spacing: tuple[float, float], *, origin: list[float] | None = None) -> Dataset:
    shared = item(PixelMeasuresSequence=[item(PixelSpacing=list(spacing))])
    if origin is not None:
        shared.PlanePositionSequence = pydicom.Sequence([item(ImagePositionPatient=origin)])
    return shared


def test_frames_that_begin_inside_a_byte_analytic(tmp_path: Path) -> None:
    """Frames of 35 bits: the second begins at bit 3 of byte 4."""
    masks = np.random.default_rng(4).random((5, *ODD)) < 0.5
    image = us_image(tmp_path / "i.dcm", ODD)
    source = identity(image)
    path = segmentation(tmp_path / "s.dcm", [(place, mask, source, None) for place, mask in enumerate(masks, 1)])
    for place, mask in enumerate(masks, 1):
        assert np.array_equal(read_mask(path, ODD, label=place, image_file=image), mask)
        assert np.array_equal(read_mask(path, ODD, label=f"part {place}"), mask)
    with pytest.raises(InputError, match=r"must mark one lesion, got lesions 1 'part 1' \(\d+ pixels\), 2 'part 2'"):
        read_mask(path, ODD)


def test_frame_of_the_image_is_found_analytic(tmp_path: Path) -> None:
    image = us_image(tmp_path / "i.dcm", SHAPE, n_frames=3)
    source = identity(image)
    frames = [(1, F, source, 1), (1, HOLED, source, 3), (2, THIN, source, 3), (1, THIN, "1.2.3", 2)]
    path = segmentation(tmp_path / "s.dcm", frames)
    assert np.array_equal(read_mask(path, SHAPE, frame=0, image_file=image), F)
    assert np.array_equal(read_mask(path, SHAPE, frame=2, label=1, image_file=image), HOLED)
    assert np.array_equal(read_mask(path, SHAPE, frame=2, label=2, image_file=image), THIN)
    with pytest.raises(InputError, match=r"segmentation must be of frame 1 of the image, got frames of other images"):
        read_mask(path, SHAPE, frame=1, image_file=image)
    with pytest.raises(InputError, match="each segment must have one frame of the image, got two of 1"):
        read_mask(path, SHAPE, image_file=image)


def test_segmentation_of_another_image_is_refused_analytic(tmp_path: Path) -> None:
    image = us_image(tmp_path / "i.dcm", SHAPE)
    path = segmentation(tmp_path / "s.dcm", [(1, F, "1.2.3", None)])
    with pytest.raises(InputError, match="segmentation must be of the image, got frames of other images"):
        read_mask(path, SHAPE, image_file=image)
    nameless = segmentation(tmp_path / "n.dcm", [(1, F, "", None)])
    assert np.array_equal(read_mask(nameless, SHAPE, image_file=image), F)


@pytest.mark.parametrize("maximum", [255, 100, 1])
def test_fractional_counts_from_half_of_the_maximum_analytic(tmp_path: Path, maximum: int) -> None:
    values = np.where(F, -(-maximum // 2), 0)
    values[0, 0] = max((maximum - 1) // 2, 0)
    values[5, 7] = maximum
    path = segmentation(tmp_path / "s.dcm", [(1, values, "", None)], kind="FRACTIONAL", maximum=maximum)
    assert np.array_equal(read_mask(path, SHAPE), F)


def test_label_maps_hold_segment_numbers_analytic(tmp_path: Path) -> None:
    values = F + 2 * (HOLED & ~F)
    path = segmentation(tmp_path / "s.dcm", [(1, values, "", None)], kind="LABELMAP")
    dataset: Any = pydicom.dcmread(path)
    dataset.SegmentSequence = pydicom.Sequence(
        [item(SegmentNumber=number, SegmentLabel=name) for number, name in ((1, "tumour"), (2, "cyst"))]
    )
    save(dataset, path)
    assert np.array_equal(read_mask(path, SHAPE, label="tumour"), F)
    assert np.array_equal(read_mask(path, SHAPE, label="cyst"), HOLED & ~F)


def test_packed_frames_pydicom(tmp_path: Path) -> None:
    path = segmentation(tmp_path / "s.dcm", [(1, 255 * F, "", None), (2, 255 * THIN, "", None)], kind="FRACTIONAL")
    dataset: Any = pydicom.dcmread(path)
    dataset.compress(pydicom.uid.RLELossless)
    save(dataset, path)
    assert np.array_equal(read_mask(path, SHAPE, label=1), F)
    assert np.array_equal(read_mask(path, SHAPE, label=2), THIN)


def test_size_spacing_and_place_must_be_the_images_analytic(tmp_path: Path) -> None:
    image = us_image(
        tmp_path / "i.dcm",
        SHAPE,
        PixelSpacing=[0.1, 0.1],
        ImagePositionPatient=[0, 0, 0],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
    )
    frames = [(1, F, identity(image), None)]
    same = segmentation(tmp_path / "s.dcm", frames, shared=measures((0.1005, 0.1), origin=[0.04, 0, 0]))
    assert np.array_equal(read_mask(same, SHAPE, image_file=image), F)
    other = segmentation(tmp_path / "o.dcm", frames, shared=measures((0.102, 0.1)))
    with pytest.raises(InputError, match=r"the spacing of its image, 0.1 x 0.1 mm, got 0.102 x 0.1 \(o.dcm\)"):
        read_mask(other, SHAPE, image_file=image)
    shifted = segmentation(tmp_path / "p.dcm", frames, shared=measures((0.1, 0.1), origin=[0.2, 0, 0]))
    with pytest.raises(InputError, match=r"segmentation must lie on its image, got a first pixel 0.2 mm off"):
        read_mask(shifted, SHAPE, image_file=image)
    with pytest.raises(InputError, match="mask must have the size of its image, got 24 x 35 for an image of 35 x 24"):
        read_mask(same, SHAPE[::-1], image_file=image)


@pytest.mark.filterwarnings("ignore")
def test_truncated_and_altered_files_never_crash_regression(tmp_path: Path) -> None:
    content = segmentation(tmp_path / "s.dcm", [(1, F, "", None), (2, THIN, "", None)]).read_bytes()
    generator = np.random.default_rng(3)
    refused = 0
    for trial in range(120):
        damaged = bytearray(content)
        if trial % 2:
            del damaged[int(generator.integers(140, len(content))) :]
        else:
            for place in generator.integers(132, len(content) - 200, 4):
                damaged[place] = int(generator.integers(0, 256))
        (tmp_path / "d.dcm").write_bytes(damaged)
        try:
            read_mask(tmp_path / "d.dcm", SHAPE, label=1)
        except InputError:
            refused += 1
    assert refused > 60


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ("NumberOfFrames", 2**31 - 1, "each frame must have its functional groups, got 1 of 2147483647"),
        ("Rows", 65535, "mask must have the size of its image"),
        ("SegmentationType", "SURFACE", "segmentation must be BINARY, FRACTIONAL or LABELMAP"),
    ],
)
def test_absurd_elements_are_refused_analytic(tmp_path: Path, element: str, value: Any, words: str) -> None:
    path = segmentation(tmp_path / "s.dcm", [(1, F, "", None)])
    dataset: Any = pydicom.dcmread(path)
    setattr(dataset, element, value)
    save(dataset, path)
    with pytest.raises(InputError, match=words):
        read_mask(path, SHAPE)
