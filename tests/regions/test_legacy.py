from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from tests.reference.regions import dilated
from tests.regions.blank import blank, box_mask

from perirad.errors import InputError
from perirad.image.image import Box
from perirad.regions.exclusion import Cause, Exclusions
from perirad.regions.legacy import Element, LegacyRing, legacy_ring, legacy_ring_of_mm
from perirad.regions.lesion import lesion_region
from perirad.regions.named import named_regions
from perirad.regions.ring import rings, union


@pytest.mark.parametrize("element", list(Element))
@pytest.mark.parametrize("seed", range(4))
def test_dilation_of_random_masks_naive(seed: int, element: Element) -> None:
    random = np.random.default_rng(seed)
    mask = random.random((14, 17)) < 0.04
    mask[6, 8] = True
    image, n = blank(mask.shape, (0.1, 0.3)), 1 + seed
    lesion, grown = lesion_region(mask, image), dilated(mask, n, element.value)
    assert np.array_equal(legacy_ring(lesion, image, LegacyRing(n, element)).mask, grown & ~mask)
    assert np.array_equal(legacy_ring(lesion, image, LegacyRing(n, element, filled=True)).mask, grown)


@pytest.mark.parametrize(
    ("element", "structure"),
    [(Element.SQUARE, np.ones((3, 3))), (Element.DIAMOND, ndimage.generate_binary_structure(2, 1))],
)
def test_repeated_dilation_with_the_smallest_element_scipy(element: Element, structure: np.ndarray) -> None:
    mask = np.random.default_rng(5).random((40, 50)) < 0.01
    image = blank(mask.shape, (1.0, 1.0))
    ring = legacy_ring(lesion_region(mask, image), image, LegacyRing(6, element, filled=True))
    assert np.array_equal(ring.mask, ndimage.binary_dilation(mask, structure, iterations=6))


@pytest.mark.parametrize(
    ("element", "n_pixels"), [(Element.SQUARE, 120), (Element.CROSS, 20), (Element.DIAMOND, 60), (Element.DISC, 80)]
)
def test_ring_of_one_pixel_counts_the_element_analytic(element: Element, n_pixels: int) -> None:
    image = blank((31, 31), (0.2, 0.1))
    lesion = lesion_region(box_mask((31, 31), Box(15, 15, 16, 16)), image)
    ring = legacy_ring(lesion, image, LegacyRing(5, element))
    assert (ring.name, ring.n_pixels) == (f"P5px-{element.value}", n_pixels)


def test_disc_of_square_pixels_is_the_ring_in_mm_analytic() -> None:
    image = blank((60, 60), (0.1, 0.1))
    lesion = lesion_region(box_mask((60, 60), Box(25, 20, 35, 40)), image)
    (ring,) = rings(lesion, image, [1.5])
    assert np.array_equal(legacy_ring(lesion, image, LegacyRing(15, Element.DISC)).mask, ring.mask)


def test_losses_of_a_square_at_the_corner_of_the_picture_analytic() -> None:
    image = blank((20, 20), (1.0, 1.0))
    lesion = lesion_region(box_mask((20, 20), Box(0, 0, 2, 2)), image)
    drawn = Exclusions({Cause.TEXT: box_mask((20, 20), Box(0, 0, 1, 20))})
    ring, filled = named_regions(lesion, image, ["P2px-square", "P2px-square-filled"], exclusions=drawn)
    assert (ring.name, filled.name) == ("P2px-square", "P2px-square-filled")
    assert ring.lost_fraction == {"image edge": 20 / 32, "outside field": 0.0, "text": 2 / 32}
    assert filled.lost_fraction == {"image edge": 20 / 36, "outside field": 0.0, "text": 4 / 36}


@pytest.mark.parametrize(
    ("width", "spacing", "n_pixels"), [(5.0, 0.1, 50), (2.0, 0.08, 25), (0.25, 0.1, 3), (1.0, 0.3, 3), (0.3, 0.1, 3)]
)
def test_pixels_of_assumed_millimetres_analytic(width: float, spacing: float, n_pixels: int) -> None:
    assert legacy_ring_of_mm(width, spacing, Element.DISC) == LegacyRing(n_pixels, Element.DISC)


@pytest.mark.parametrize(
    ("width", "spacing", "line"),
    [
        (0.0, 0.1, "width_mm must be positive, got width_mm=0.0"),
        (1.0, float("inf"), "assumed_spacing_mm must be positive, got assumed_spacing_mm=inf"),
        (0.04, 0.1, "pixels of a dilation must be a whole number of 1 or more, got n_pixels=0"),
        (1e300, 1e-300, "ring must have no more than 100000 pixels, got width_mm=1e+300, assumed_spacing_mm=1e-300"),
    ],
)
def test_wrong_millimetres_are_explained_analytic(width: float, spacing: float, line: str) -> None:
    with pytest.raises(InputError) as caught:
        legacy_ring_of_mm(width, spacing, Element.DISC)
    assert str(caught.value) == line


def test_wrong_ring_is_explained_analytic() -> None:
    image = blank((20, 20), (1.0, 1.0))
    lesion = lesion_region(box_mask((20, 20), Box(0, 0, 2, 2)), image)
    with pytest.raises(InputError, match=r"got n_pixels=2\.5$"):
        LegacyRing(2.5, Element.DISC)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="structuring element must be one of square, cross, diamond, disc, got 'ball'"):
        LegacyRing(2, "ball")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"ring must fit into 64 million pixels, got n_pixels=99999 \(x.png\)"):
        legacy_ring(lesion, image, LegacyRing(99999, Element.SQUARE))
    ring = legacy_ring(lesion, image, LegacyRing(2, Element.SQUARE))
    with pytest.raises(InputError, match="a union must be of lesion I and a ring P, got I and P2px-square"):
        union(lesion, ring)
