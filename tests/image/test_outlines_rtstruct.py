from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.image.outline_files import identity, structures, us_image
from tests.image.outline_shapes import SHAPE, SHAPES

from perirad.errors import InputError
from perirad.image.outlines.read import read_outlines
from perirad.image.outlines.records import Target
from perirad.image.outlines.trace import trace
from perirad.image.roi import read_mask

SPACING = 0.13, 0.08
ORIGIN = np.array([-31.5, 12.25, 88.0])


def directions(*degrees: float) -> NDArray[Any]:
    """Axes of an image turned about x, y and z."""
    axes = np.eye(3)[:2]
    for axis, angle in enumerate(degrees):
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        turn = np.eye(3)
        first, second = [place for place in range(3) if place != axis]
        turn[first, first] = turn[second, second] = cosine
        turn[first, second], turn[second, first] = -sine, sine
        axes = axes @ turn
    return axes


STRAIGHT, OBLIQUE = directions(), directions(31.0, -17.0, 55.0)


def placed(path: Path, axes: NDArray[Any]) -> Path:
    return us_image(
        path,
        SHAPE,
        ImagePositionPatient=ORIGIN.tolist(),
        ImageOrientationPatient=[round(float(value), 9) for value in axes.ravel()],
        PixelSpacing=list(SPACING),
        FrameOfReferenceUID="1.2.3",
    )


def in_patient(ring: NDArray[Any], axes: NDArray[Any]) -> NDArray[Any]:
    """Millimetres of a ring of pixel corners: first pixel's centre at ORIGIN."""
    row, column = (ring - 0.5).T
    points: NDArray[Any] = ORIGIN + np.outer(column * SPACING[1], axes[0]) + np.outer(row * SPACING[0], axes[1])
    return points


def rings_of(name: str, axes: NDArray[Any]) -> list[NDArray[Any]]:
    outer, holes = trace(SHAPES[name])
    return [in_patient(ring, axes) for ring in (*outer, *holes)]


@pytest.mark.parametrize("axes", [STRAIGHT, OBLIQUE])
@pytest.mark.parametrize("name", SHAPES)
def test_same_pixels_analytic(tmp_path: Path, name: str, axes: NDArray[Any]) -> None:
    image = placed(tmp_path / "i.dcm", axes)
    path = structures(tmp_path / "s.dcm", [("tumour", rings_of(name, axes))], of=identity(image))
    assert np.array_equal(read_mask(path, SHAPE, image_file=image), SHAPES[name])
    assert np.array_equal(read_mask(path, None, image_file=image, label="Tumour"), SHAPES[name])


def test_structures_are_chosen_by_name_or_number_analytic(tmp_path: Path) -> None:
    image = placed(tmp_path / "i.dcm", STRAIGHT)
    contours = [("tumour", rings_of("F", STRAIGHT)), ("node", rings_of("holed", STRAIGHT))]
    path = structures(tmp_path / "s.dcm", contours)
    assert np.array_equal(read_mask(path, SHAPE, image_file=image, label="node"), SHAPES["holed"])
    assert np.array_equal(read_mask(path, SHAPE, image_file=image, label=1), SHAPES["F"])
    with pytest.raises(InputError, match=r"mask must mark one lesion, got lesions 1 'tumour' \(85 pixels\), 2 'node'"):
        read_mask(path, SHAPE, image_file=image)


def test_ultrasound_without_a_place_is_told_so_analytic(tmp_path: Path) -> None:
    image = us_image(tmp_path / "i.dcm", SHAPE)
    path = structures(tmp_path / "s.dcm", [("tumour", rings_of("F", STRAIGHT))])
    with pytest.raises(InputError) as caught:
        read_mask(path, SHAPE, image_file=image)
    assert str(caught.value) == (
        "image must say where it lies (Image Position, Image Orientation, Pixel Spacing), got an image without a place"
        " in the patient, as ultrasound usually is (i.dcm): export the outline as DICOM SEG or as a mask"
    )
    with pytest.raises(InputError, match=r"contours in patient coordinates need their DICOM image, got none \(s.dcm\)"):
        read_mask(path, SHAPE)


@pytest.mark.parametrize("axes", [STRAIGHT, OBLIQUE])
def test_contours_off_the_plane_are_refused_analytic(tmp_path: Path, axes: NDArray[Any]) -> None:
    image = placed(tmp_path / "i.dcm", axes)
    normal = np.cross(axes[0], axes[1])
    near = structures(tmp_path / "n.dcm", [("t", [ring + 0.4 * normal for ring in rings_of("F", axes)])])
    assert np.array_equal(read_mask(near, SHAPE, image_file=image), SHAPES["F"])
    far = structures(tmp_path / "f.dcm", [("t", [ring + 0.6 * normal for ring in rings_of("F", axes)])])
    with pytest.raises(InputError, match=r"must lie in the plane of their image, got one 0.6 mm off \(f.dcm\)"):
        read_mask(far, SHAPE, image_file=image)


def test_contours_of_other_images_are_not_ours_analytic(tmp_path: Path) -> None:
    image = placed(tmp_path / "i.dcm", STRAIGHT)
    path = structures(tmp_path / "s.dcm", [("t", rings_of("F", STRAIGHT))], of="1.2.3.4")
    with pytest.raises(InputError, match="mask must mark a lesion, got no marked pixel"):
        read_mask(path, SHAPE, image_file=image)


def test_points_and_lines_are_refused_unless_of_another_name_analytic(tmp_path: Path) -> None:
    image = placed(tmp_path / "i.dcm", STRAIGHT)
    path = structures(tmp_path / "s.dcm", [("needle", rings_of("F", STRAIGHT))], kind="OPEN_PLANAR")
    with pytest.raises(InputError, match=r"must be closed \(CLOSED_PLANAR\), got a contour of type OPEN_PLANAR"):
        read_mask(path, SHAPE, image_file=image)
    target = Target(SHAPE, file=image)
    assert read_outlines(path, target, "tumour").skipped == ("a contour of type OPEN_PLANAR in 'needle'",)


def test_contours_outside_the_picture_are_refused_analytic(tmp_path: Path) -> None:
    image = placed(tmp_path / "i.dcm", STRAIGHT)
    path = structures(tmp_path / "s.dcm", [("t", [ring - 5.0 * STRAIGHT[0] for ring in rings_of("F", STRAIGHT)])])
    with pytest.raises(InputError, match="outline must lie inside the picture of 24 x 35"):
        read_mask(path, SHAPE, image_file=image)


@pytest.mark.filterwarnings("ignore")
def test_truncated_and_altered_files_never_crash_regression(tmp_path: Path) -> None:
    image = placed(tmp_path / "i.dcm", STRAIGHT)
    content = structures(tmp_path / "s.dcm", [("t", rings_of("F", STRAIGHT))]).read_bytes()
    generator = np.random.default_rng(2)
    refused = 0
    for trial in range(120):
        damaged = bytearray(content)
        if trial % 2:
            del damaged[int(generator.integers(140, len(content))) :]
        else:
            for place in generator.integers(132, len(content), 4):
                damaged[place] = int(generator.integers(0, 256))
        (tmp_path / "d.dcm").write_bytes(damaged)
        try:
            read_mask(tmp_path / "d.dcm", SHAPE, image_file=image)
        except InputError:
            refused += 1
    assert refused > 60
