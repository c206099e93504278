from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tests.reference.distance import distances_mm

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.measure import Measure
from perirad.regions.region import Region
from perirad.regions.ring import lesion_region, rings, union


def blank(shape: tuple[int, int], spacing_mm: tuple[float, float], field: Box | None = None) -> Image:
    return Image(np.zeros(shape), spacing_mm, Calibration(Source.STATED, "test"), field or Box(0, 0, *shape), "x.png")


def disc(shape: tuple[int, int], centre: tuple[float, float], radius_mm: float, spacing_mm: float) -> BoolArray:
    row, column = np.ogrid[: shape[0], : shape[1]]
    inside: BoolArray = np.hypot(row - centre[0], column - centre[1]) * spacing_mm <= radius_mm
    return inside


@pytest.mark.parametrize("width", [3.0, 5.0, 8.0])
def test_area_of_a_disc_ring_analytic(width: float) -> None:
    image = blank((1300, 1300), (0.02, 0.02))
    lesion = lesion_region(disc(image.shape, (649.5, 649.5), 4.0, 0.02), image)
    (ring,) = rings(lesion, image, [width])
    assert ring.area_mm2 == pytest.approx(math.pi * ((4.0 + width) ** 2 - 16.0), rel=0.005)
    assert ring.lost_total == 0.0


def test_rectangle_ring_counts_sides_and_quarter_discs_analytic() -> None:
    image = blank((700, 900), (0.02, 0.02))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[250:450, 300:600] = True
    (ring,) = rings(lesion_region(mask, image), image, [3.0])
    sides = 2 * (200 + 300) * 150
    corners = 4 * sum(math.isqrt(150**2 - i**2) for i in range(1, 151))
    assert ring.n_pixels == sides + corners
    assert ring.area_mm2 == pytest.approx(2 * (4.0 + 6.0) * 3.0 + math.pi * 9.0, rel=0.005)


def test_ring_of_one_pixel_counts_lattice_points_analytic() -> None:
    # 29 points of the unit lattice lie within 3 of the origin, 81 within 5, 197 within 8 (Gauss circle problem).
    image = blank((31, 31), (1.0, 1.0))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[15, 15] = True
    counts = [ring.n_pixels for ring in rings(lesion_region(mask, image), image, (3, 5, 8))]
    assert counts == [28, 80, 196]


def test_width_that_is_a_whole_number_of_pixels_survives_rounding_analytic() -> None:
    # 30 x 0.1 mm is 3.0000000000000004 in floating point: the pixel belongs to the 3 mm ring.
    image = blank((1, 101), (0.1, 0.1))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[0, 50] = True
    (ring,) = rings(lesion_region(mask, image), image, [3.0])
    assert np.flatnonzero(ring.mask[0])[[0, -1]].tolist() == [20, 80]


def test_anisotropic_ring_is_an_ellipse_of_pixels_analytic() -> None:
    image = blank((41, 81), (0.2, 0.1))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[20, 40] = True
    (ring,) = rings(lesion_region(mask, image), image, [2.0])
    assert np.flatnonzero(ring.mask[:, 40])[[0, -1]].tolist() == [10, 30]
    assert np.flatnonzero(ring.mask[20])[[0, -1]].tolist() == [20, 60]
    assert not ring.mask[20, 40]


def test_half_of_the_ring_is_lost_at_the_edge_analytic() -> None:
    # Ring of one pixel in the first row: the upper half is gone, the row itself is kept.
    image = blank((200, 401), (0.05, 0.05))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[0, 200] = True
    (ring,) = rings(lesion_region(mask, image), image, [5.0])
    whole = 2 * ring.n_pixels - 200
    assert ring.lost_fraction == {"image edge": pytest.approx((whole - ring.n_pixels) / whole), "outside field": 0.0}


def test_ring_of_a_disc_cut_by_a_half_plane_analytic() -> None:
    # The edge lies 1 mm above the disc of 2 mm; what is cut off a ring of 3 mm is a circular segment.
    spacing, radius, width, gap = 0.02, 2.0, 3.0, 1.0
    image = blank((600, 700), (spacing, spacing))
    lesion = lesion_region(disc(image.shape, ((radius + gap) / spacing - 0.5, 349.5), radius, spacing), image)
    (ring,) = rings(lesion, image, [width])
    outer, chord = radius + width, radius + gap
    segment = outer**2 * math.acos(chord / outer) - chord * math.sqrt(outer**2 - chord**2)
    assert ring.lost_fraction["image edge"] == pytest.approx(segment / (math.pi * (outer**2 - radius**2)), abs=0.002)


def test_edge_and_field_are_counted_apart_analytic() -> None:
    # Square ring cut into equal quarters: upper half beyond the image, lower half: left out of field.
    image = blank((100, 201), (1.0, 1.0), Box(0, 100, 100, 201))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[0, 100] = True
    (ring,) = rings(lesion_region(mask, image), image, [50.0])
    n_whole = sum(1 for i in range(-50, 51) for j in range(-50, 51) if 0 < i * i + j * j <= 2500)
    n_above = sum(1 for i in range(-50, 0) for j in range(-50, 51) if i * i + j * j <= 2500)
    n_left = sum(1 for i in range(51) for j in range(-50, 0) if i * i + j * j <= 2500)
    assert dict(ring.lost_fraction) == {"image edge": n_above / n_whole, "outside field": n_left / n_whole}
    assert ring.n_pixels == n_whole - n_above - n_left
    assert not ring.mask[:, :100].any()


@pytest.mark.parametrize("seed", range(12))
def test_rings_and_losses_on_random_masks_naive(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = int(random.integers(5, 16)), int(random.integers(5, 16))
    spacing = float(random.uniform(0.2, 1.0)), float(random.uniform(0.2, 1.0))
    field = Box(1, 0, shape[0] - 1, shape[1] - 2)
    mask = np.zeros(shape, dtype=np.bool_)
    mask[1:-1, :-2] = random.random((shape[0] - 2, shape[1] - 2)) < 0.1
    mask[2, 1] = True
    widths = (1.0, 2.5)
    margin = math.ceil(max(widths) / min(spacing)) + 1
    distance = distances_mm(mask, spacing, margin)
    here = slice(margin, margin + shape[0]), slice(margin, margin + shape[1])
    image = blank(shape, spacing, field)
    for width, ring in zip(widths, rings(lesion_region(mask, image), image, widths), strict=True):
        whole = (distance > 0.0) & (distance <= width)
        expected = np.zeros(shape, dtype=np.bool_)
        expected[field.top : field.bottom, field.left : field.right] = whole[here][
            field.top : field.bottom, field.left : field.right
        ]
        assert np.array_equal(ring.mask, expected)
        assert ring.lost_fraction["image edge"] == pytest.approx(1.0 - whole[here].sum() / whole.sum())
        assert ring.lost_total == pytest.approx(1.0 - expected.sum() / whole.sum())


CASES = ["breast_usg_055", "breast_usg_092", "breast_usg_124", "busi_anisotropic", "tiny_noise"]


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
def test_masks_of_the_feature_oracle_pyradiomics(shared: Path, case: str) -> None:
    with np.load(shared / "oracles" / "pyradiomics" / f"{case}.npz") as known:
        spacing = float(known["spacing_mm"][0]), float(known["spacing_mm"][1])
        image = blank(known["image"].shape, spacing)
        lesion = lesion_region(known["I"], image)
        found = rings(lesion, image, (3, 5, 8))
        assert [ring.name for ring in found] == ["P3", "P5", "P8"]
        for region in (*found, union(lesion, found[1])):
            assert np.array_equal(region.mask, known[region.name]), region.name


def test_rings_grow_and_leave_out_the_lesion_analytic() -> None:
    image = blank((120, 160), (0.3, 0.2))
    lesion = lesion_region(disc(image.shape, (60, 80), 3.0, 0.25), image)
    narrow, fraction, wide = rings(lesion, image, (1, 2.5, 4))
    assert (narrow.name, fraction.name, wide.name) == ("P1", "P2.5", "P4")
    assert not (narrow.mask & ~fraction.mask).any()
    assert not (fraction.mask & ~wide.mask).any()
    assert not (wide.mask & lesion.mask).any()
    assert narrow.n_pixels < fraction.n_pixels < wide.n_pixels


def test_union_loses_its_ring_s_pixels_over_a_larger_whole_analytic() -> None:
    image = blank((200, 401), (0.05, 0.05))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[0:3, 199:202] = True
    lesion = lesion_region(mask, image)
    (ring,) = rings(lesion, image, [5.0])
    both = union(lesion, ring)
    whole_ring = round(ring.n_pixels / (1.0 - ring.lost_total))
    assert both.name == "U5"
    assert both.n_pixels == 9 + ring.n_pixels
    assert both.lost_total == pytest.approx((whole_ring - ring.n_pixels) / (whole_ring + 9))


def test_ring_wholly_outside_the_field_is_empty_and_lost_analytic() -> None:
    image = blank((20, 20), (1.0, 1.0), Box(5, 5, 8, 8))
    mask = np.zeros(image.shape, dtype=np.bool_)
    mask[5:8, 5:8] = True
    lesion = lesion_region(mask, image)
    (ring,) = rings(lesion, image, [2.0])
    assert ring.n_pixels == 0
    assert ring.lost_fraction == {"image edge": 0.0, "outside field": 1.0}
    assert math.isnan(union(lesion, ring).lost_total)


def small() -> tuple[Region, Image]:
    image = blank((20, 30), (0.5, 0.5))
    return lesion_region(disc(image.shape, (10, 15), 1.0, 0.5), image), image


@pytest.mark.parametrize(
    ("widths", "line"),
    [
        ((-2.0,), "ring width must be positive, got width_mm=-2.0"),
        ((3, 0), "ring width must be positive, got width_mm=0.0"),
        ((math.nan,), "ring width must be positive, got width_mm=nan"),
        ((math.inf,), "ring width must be positive, got width_mm=inf"),
        ((), "ring widths must be given, got widths_mm=(): give widths in mm, such as (3, 5, 8)"),
        ((3, 5, 3.0), "ring widths must differ, got P3 twice"),
        ((0.4,), "ring width must reach the next pixel (spacing 0.5 mm), got width_mm=0.4 (x.png)"),
        (
            (1e308,),
            "ring must fit into 64 million pixels, got width_mm=1e+308 at a spacing of (0.5, 0.5) mm (x.png):"
            " check that width and spacing are in millimetres",
        ),
        (
            (1e6,),
            "ring must fit into 64 million pixels, got width_mm=1000000.0 at a spacing of (0.5, 0.5) mm (x.png):"
            " check that width and spacing are in millimetres",
        ),
    ],
)
def test_bad_width_is_named_analytic(widths: tuple[float, ...], line: str) -> None:
    lesion, image = small()
    with pytest.raises(InputError) as caught:
        rings(lesion, image, widths)
    assert str(caught.value) == line


def test_bad_lesion_is_named_analytic() -> None:
    image = blank((20, 30), (0.5, 0.5), Box(4, 0, 20, 30))
    mask = np.zeros(image.shape, dtype=np.bool_)
    with pytest.raises(InputError, match=r"^mask must mark a lesion, got no marked pixel \(x.png\)$"):
        lesion_region(mask, image)
    with pytest.raises(InputError, match=r"shape \(30, 20\) for an image of shape \(20, 30\)"):
        lesion_region(mask.T, image)
    mask[3:6, 5:7] = True
    with pytest.raises(InputError) as caught:
        lesion_region(mask, image)
    assert str(caught.value) == (
        "lesion must lie inside the calibrated field (rows 4-19, columns 0-29), got 2 of 6 lesion pixels outside"
        " (x.png): correct the outline"
    )


def test_regions_that_do_not_belong_together_are_named_analytic() -> None:
    lesion, image = small()
    (ring,) = rings(lesion, image, [2.0])
    with pytest.raises(InputError, match=r"lesion and image must have one spacing, got \(0.5, 0.5\) and \(1.0, 1.0\)"):
        rings(lesion, blank((20, 30), (1.0, 1.0)), [2.0])
    with pytest.raises(InputError, match="a union must be of lesion I and a ring P, got P2 and I"):
        union(ring, lesion)
    other = Region("P2", np.zeros((5, 5), dtype=np.bool_), (0.5, 0.5))
    with pytest.raises(InputError, match="lesion and ring must be of the same image"):
        union(lesion, other)


def test_measure_may_be_named_and_a_wrong_one_is_explained_analytic() -> None:
    lesion, image = small()
    (centre,), (edge,) = (rings(lesion, image, [2.0], measure=measure) for measure in (Measure.CENTRE, Measure.EDGE))
    (named,) = rings(lesion, image, [2.0], measure="edge")  # type: ignore[arg-type]
    assert np.array_equal(named.mask, edge.mask)
    assert edge.n_pixels > centre.n_pixels
    with pytest.raises(InputError, match="measure must be one of centre, edge, got 'mid'"):
        rings(lesion, image, [2.0], measure="mid")  # type: ignore[arg-type]
