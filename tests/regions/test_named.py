from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.reference.distance import distances_mm as centre_twin
from tests.reference.distance import outline_distances_mm as edge_twin
from tests.reference.regions import causes_of, region_pixels
from tests.regions.blank import blank, box_mask

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.image.image import Box
from perirad.regions.exclusion import Cause, Exclusions, without
from perirad.regions.lesion import lesion_region
from perirad.regions.measure import Measure
from perirad.regions.named import named_regions, profile
from perirad.regions.ring import rings, union

NAMES = ("I", "P1.5", "P3", "R1.5-3", "U3", "N0.6", "C0.6", "T1-3")
SHAPE = (13, 15)
FIELD = Box(1, 0, 13, 14)
OTHER = Box(0, 11, 4, 15)
TWINS = {Measure.CENTRE: centre_twin, Measure.EDGE: edge_twin}


def scene(seed: int) -> tuple[BoolArray, tuple[float, float], dict[Cause, BoolArray]]:
    """Return a lesion of one or two boxes with a hole, spacings, and exclusions that overlap each other and it."""
    random = np.random.default_rng(seed)
    lesion = box_mask(SHAPE, Box(int(random.integers(1, 5)), int(random.integers(0, 6)), 9, 11))
    lesion |= box_mask(SHAPE, Box(7, 2, int(random.integers(8, 13)), 6))
    lesion[6, 8] = seed % 2 == 0
    masks = {cause: random.random(SHAPE) < 0.1 for cause in (Cause.SHADOW, Cause.TEXT, Cause.OTHER_LESION)}
    return lesion, (float(random.uniform(0.3, 0.6)), float(random.uniform(0.3, 0.6))), masks


def inside_twin(lesion: BoolArray, spacing: tuple[float, float], measure: Measure) -> FloatArray:
    """Distances of the field's pixels from its background."""
    out = np.zeros(lesion.shape)
    here = np.s_[FIELD.top : FIELD.bottom, FIELD.left : FIELD.right]
    out[here] = TWINS[measure](~lesion[here], spacing, 0)
    return out


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("seed", range(6))
def test_regions_and_their_losses_pixel_by_pixel_naive(seed: int, measure: Measure) -> None:
    lesion, spacing, given = scene(seed)
    image = blank(SHAPE, spacing, FIELD, (OTHER,))
    margin = 11
    outside, inside = TWINS[measure](lesion, spacing, margin), inside_twin(lesion, spacing, measure)
    masks = {"other region": box_mask(SHAPE, OTHER)} | {c.value: given[c] for c in Cause if c in given}
    found = named_regions(lesion_region(lesion, image), image, NAMES, measure=measure, exclusions=Exclusions(given))
    assert [region.name for region in found] == list(NAMES)
    for name, region in zip(NAMES, found, strict=True):
        pixels = region_pixels(name, lesion, outside, inside, margin)
        lost = causes_of(pixels, lesion, FIELD, masks)
        assert set(map(tuple, np.argwhere(region.mask).tolist())) == pixels - set(lost), name
        counts = Counter(lost.values())
        for cause, share in region.lost_fraction.items():
            assert share == pytest.approx(counts[cause] / len(pixels)), (name, cause)
        assert region.lost_total == pytest.approx(len(lost) / len(pixels))
        outline = {p for p in pixels if lost.get(p, "") not in ("image edge", "outside field")}
        assert set(map(tuple, np.argwhere(region.whole).tolist())) == outline


def test_ring_and_its_parts_fit_together_analytic() -> None:
    lesion, spacing, given = scene(2)
    image = blank(SHAPE, spacing, FIELD)
    region = lesion_region(lesion, image)
    inner, outer, between, rim, core = named_regions(region, image, ["P1.5", "P3", "R1.5-3", "N0.6", "C0.6"])
    assert np.array_equal(inner.mask ^ between.mask, outer.mask)
    assert np.array_equal(rim.mask ^ core.mask, lesion)
    assert not (inner.mask & between.mask).any()
    (ring,) = rings(region, image, [3.0], exclusions=Exclusions(given))
    (named,) = named_regions(region, image, ["P3"], exclusions=Exclusions(given))
    assert np.array_equal(ring.mask, named.mask)
    assert ring.lost_fraction == named.lost_fraction


def test_union_of_records_is_the_counted_union_analytic() -> None:
    lesion, spacing, given = scene(4)
    image, exclusions = blank(SHAPE, spacing, FIELD), Exclusions(given)
    region = lesion_region(lesion, image)
    inner, ring, counted = named_regions(region, image, ["I", "P3", "U3"], exclusions=exclusions)
    joined = union(inner, ring)
    assert np.array_equal(joined.mask, counted.mask)
    assert np.array_equal(joined.whole, counted.whole)
    assert dict(joined.lost_fraction) == pytest.approx(dict(counted.lost_fraction))
    assert union(region, ring).lost_total < counted.lost_total


def test_ring_is_measured_from_the_lesion_under_the_calipers_analytic() -> None:
    image = blank((40, 40), (0.5, 0.5))
    lesion = lesion_region(box_mask((40, 40), Box(10, 10, 30, 30)), image)
    marks = Exclusions({Cause.CALIPERS: box_mask((40, 40), Box(18, 0, 20, 40))})
    cut = without(lesion, marks)
    for a, b in zip(rings(cut, image, (2, 4)), rings(lesion, image, (2, 4)), strict=True):
        assert np.array_equal(a.mask, b.mask)


def test_tissue_beside_has_the_depth_of_the_lesion_analytic() -> None:
    image = blank((50, 90), (0.5, 0.5))
    lesion = lesion_region(box_mask((50, 90), Box(20, 30, 30, 50)), image)
    (tissue,) = named_regions(lesion, image, ["T8-13"], measure=Measure.EDGE)
    expected = box_mask((50, 90), Box(20, 4, 30, 14)) | box_mask((50, 90), Box(20, 66, 30, 76))
    assert np.array_equal(tissue.mask, expected)
    assert tissue.lost_total == 0.0


def test_tissue_beside_that_the_picture_does_not_show_is_lost_analytic() -> None:
    image = blank((50, 60), (0.5, 0.5))
    lesion = lesion_region(box_mask((50, 60), Box(20, 30, 30, 50)), image)
    (tissue,) = named_regions(lesion, image, ["T8-13"], measure=Measure.EDGE)
    assert tissue.lost_fraction["image edge"] == pytest.approx(0.5)


def test_profile_is_rings_side_by_side_analytic() -> None:
    image = blank((60, 60), (0.25, 0.25))
    lesion = lesion_region(box_mask((60, 60), Box(25, 25, 35, 35)), image)
    found = profile(lesion, image, step_mm=0.5, out_mm=4.0)
    assert [region.name for region in found][:3] == ["R0-0.5", "R0.5-1", "R1-1.5"]
    assert len(found) == 8
    (whole,) = rings(lesion, image, [4.0])
    assert np.array_equal(sum(region.mask.astype(int) for region in found), whole.mask.astype(int))


def test_profile_of_tenths_has_no_rounded_names_analytic() -> None:
    image = blank((60, 60), (0.05, 0.05))
    lesion = lesion_region(box_mask((60, 60), Box(25, 25, 35, 35)), image)
    names = [region.name for region in profile(lesion, image, step_mm=0.1, out_mm=1.0)]
    assert names[2] == "R0.2-0.3"
    assert names[-1] == "R0.9-1"


@pytest.mark.parametrize(
    ("step", "out", "line"),
    [
        (0.0, 10.0, "step_mm must be positive, got step_mm=0.0"),
        (0.5, float("nan"), "out_mm must be positive, got out_mm=nan"),
        (0.3, 1.0, "out_mm must be 1 to 1000 whole steps, got step_mm=0.3, out_mm=1.0"),
        (0.001, 10.0, "out_mm must be 1 to 1000 whole steps, got step_mm=0.001, out_mm=10.0"),
        (1e-300, 1e300, "out_mm must be 1 to 1000 whole steps, got step_mm=1e-300, out_mm=1e+300"),
        (0.1, 1.0, "region R0-0.1 must have a pixel, got widths below a pixel (spacing 0.25 mm) (x.png)"),
    ],
)
def test_wrong_profile_is_explained_analytic(step: float, out: float, line: str) -> None:
    image = blank((60, 60), (0.25, 0.25))
    with pytest.raises(InputError) as caught:
        profile(lesion_region(box_mask((60, 60), Box(25, 25, 35, 35)), image), image, step_mm=step, out_mm=out)
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ((), "names of regions must be a list, got (): give such as ['I', 'P5']"),
        ("P5", "names of regions must be a list, got 'P5': give such as ['I', 'P5']"),
        (("P5", "I", "P5.0"), "names of regions must differ, got P5 twice"),
        (("C9",), "region C9 must have a pixel, got a lesion that is nowhere deeper than 2.50 mm (x.png)"),
        (("R0.1-0.2",), "region R0.1-0.2 must have a pixel, got widths below a pixel (spacing 0.5 mm) (x.png)"),
    ],
)
def test_region_that_cannot_be_is_explained_analytic(names: tuple[str, ...], line: str) -> None:
    image = blank((20, 20), (0.5, 0.5))
    with pytest.raises(InputError) as caught:
        named_regions(lesion_region(box_mask((20, 20), Box(5, 5, 15, 15)), image), image, names)
    assert str(caught.value) == line


def test_lesion_that_fills_its_field_has_no_rim_analytic() -> None:
    image = blank((20, 20), (0.5, 0.5), Box(5, 5, 15, 15))
    lesion = lesion_region(box_mask((20, 20), Box(5, 5, 15, 15)), image)
    with pytest.raises(InputError, match="region N2 must have a pixel, got a lesion that fills its field"):
        named_regions(lesion, image, ["N2"])
    (core,) = named_regions(lesion, image, ["C2"])
    assert core.n_pixels == 100


def test_edge_of_the_picture_is_no_outline_of_the_lesion_analytic() -> None:
    # The lower half of a lesion lies beyond the picture: its last row is deep inside.
    image = blank((10, 30), (1.0, 1.0))
    lesion = lesion_region(box_mask((10, 30), Box(4, 5, 10, 25)), image)
    rim, core = named_regions(lesion, image, ["N2", "C2"], measure=Measure.EDGE)
    assert np.array_equal(core.mask, box_mask((10, 30), Box(6, 7, 10, 23)))
    assert np.array_equal(rim.mask, lesion.mask & ~core.mask)


def test_nothing_left_of_a_region_is_an_empty_region_analytic() -> None:
    image = blank((20, 20), (0.5, 0.5))
    lesion = lesion_region(box_mask((20, 20), Box(5, 5, 15, 15)), image)
    everything = Exclusions({Cause.TEXT: np.ones((20, 20), dtype=np.bool_)})
    for region in named_regions(lesion, image, ["I", "P1", "N1", "C1", "U1"], exclusions=everything):
        assert region.n_pixels == 0
        assert region.lost_fraction["text"] == 1.0
        assert region.lost_total == 1.0
