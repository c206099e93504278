from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.regions.blank import blank, box_mask

from perirad.errors import InputError
from perirad.image.image import Box
from perirad.regions.exclusion import Cause, Exclusions, masks_on, without
from perirad.regions.lesion import lesion_region
from perirad.regions.region import Region
from perirad.regions.ring import rings

SHAPE = (40, 60)
IMAGE = blank(SHAPE, (0.5, 0.5))
LESION = lesion_region(box_mask(SHAPE, Box(15, 20, 25, 40)), IMAGE)
LEFT = box_mask(SHAPE, Box(0, 0, 40, 20))
UPPER = box_mask(SHAPE, Box(0, 0, 15, 60))


def test_pixel_is_counted_under_the_first_cause_alone_analytic() -> None:
    given = {Cause.SHADOW: LEFT, Cause.ABOVE_SKIN: UPPER}
    (whole,) = rings(LESION, IMAGE, [3.0])
    (ring,) = rings(LESION, IMAGE, [3.0], exclusions=Exclusions(given))
    n = whole.n_pixels
    assert list(ring.lost_fraction) == ["image edge", "outside field", "above skin", "shadow"]
    assert ring.lost_fraction["above skin"] == np.count_nonzero(whole.mask & UPPER) / n
    assert ring.lost_fraction["shadow"] == np.count_nonzero(whole.mask & LEFT & ~UPPER) / n
    assert ring.lost_total == pytest.approx(1.0 - ring.n_pixels / n)
    assert ring.outlined is not None
    assert np.array_equal(ring.outlined, whole.mask)


def test_order_of_causes_is_that_of_the_record_not_of_the_caller_analytic() -> None:
    one = Exclusions({Cause.SHADOW: LEFT, Cause.ABOVE_SKIN: UPPER})
    other = Exclusions({Cause.ABOVE_SKIN: UPPER, Cause.SHADOW: LEFT})
    assert list(one.masks) == list(other.masks) == [Cause.ABOVE_SKIN, Cause.SHADOW]


def test_other_regions_of_the_image_are_no_tissue_analytic() -> None:
    image = blank(SHAPE, (0.5, 0.5), others=(Box(-5, -5, 40, 20), Box(0, 55, 90, 99)))
    (ring,) = rings(LESION, image, [3.0])
    (whole,) = rings(LESION, IMAGE, [3.0])
    assert ring.lost_fraction["other region"] == np.count_nonzero(whole.mask & LEFT) / whole.n_pixels
    assert not (ring.mask & LEFT).any()
    both = masks_on(image, Exclusions({Cause.OTHER_REGION: UPPER}))[Cause.OTHER_REGION]
    assert np.array_equal(both, LEFT | UPPER | box_mask(SHAPE, Box(0, 55, 40, 60)))


def test_cause_that_takes_nothing_is_listed_with_nothing_analytic() -> None:
    (ring,) = rings(LESION, IMAGE, [3.0], exclusions=Exclusions({Cause.NEEDLE: np.zeros(SHAPE, dtype=np.bool_)}))
    assert ring.lost_fraction == {"image edge": 0.0, "outside field": 0.0, "needle": 0.0}
    assert ring.outlined is None


def test_lesion_loses_only_what_is_drawn_over_it_analytic() -> None:
    stripe = box_mask(SHAPE, Box(15, 0, 17, 60))
    given = {Cause.TEXT: stripe, Cause.CALIPERS: LEFT | stripe, Cause.SHADOW: box_mask(SHAPE, Box(0, 0, 40, 60))}
    cut = without(LESION, Exclusions(given))
    assert cut.lost_fraction == {"text": 40 / 200, "calipers": 0.0}
    assert cut.n_pixels == 160
    assert np.array_equal(cut.whole, LESION.mask)
    assert without(cut, Exclusions({})).n_pixels == 200


@pytest.mark.parametrize(
    ("masks", "line"),
    [
        (
            {"glare": LEFT},
            "cause of an exclusion must be one of other region, outside sector, above skin, below chest wall, other"
            " lesion, text, calipers, needle, coloured overlay, marked by hand, shadow, got 'glare'",
        ),
        (
            {Cause.IMAGE_EDGE: LEFT},
            "'image edge' and 'outside field' are found from the image, got a mask of image edge",
        ),
        ({Cause.TEXT: LEFT.astype(np.uint8)}, "mask of text must be boolean (row, column), got uint8, shape (40, 60)"),
        ({Cause.TEXT: LEFT[0]}, "mask of text must be boolean (row, column), got bool, shape (60,)"),
        (
            {Cause.TEXT: LEFT, Cause.NEEDLE: LEFT.T},
            "masks of exclusions must have one shape, got text (40, 60), needle (60, 40)",
        ),
    ],
)
def test_wrong_exclusions_are_explained_analytic(masks: dict[Cause, np.ndarray], line: str) -> None:
    with pytest.raises(InputError) as caught:
        Exclusions(masks)
    assert str(caught.value) == line


def test_exclusions_of_another_image_are_refused_analytic() -> None:
    turned = Exclusions({Cause.TEXT: LEFT.T})
    with pytest.raises(InputError, match=r"mask of text must have the size of its image, got shape \(60, 40\)"):
        rings(LESION, IMAGE, [3.0], exclusions=turned)
    with pytest.raises(InputError, match="mask of text must have the size of the lesion's"):
        without(LESION, turned)


def test_records_cannot_be_edited_analytic() -> None:
    given = {Cause.TEXT: LEFT.copy()}
    exclusions = Exclusions(given)
    with pytest.raises(ValueError, match="read-only"):
        exclusions.masks[Cause.TEXT][0, 0] = False
    with pytest.raises(TypeError):
        exclusions.masks[Cause.SHADOW] = LEFT  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        exclusions.masks = {}  # type: ignore[misc]


def test_outlined_pixels_hold_the_mask_analytic() -> None:
    with pytest.raises(InputError, match="outlined pixels of region I must hold its mask"):
        Region("I", LEFT, (1.0, 1.0), {}, UPPER)
    with pytest.raises(InputError, match="mask and outlined pixels of region I must have one shape"):
        Region("I", LEFT, (1.0, 1.0), {}, LEFT.T)
