from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.image.painter import Pixels, as_image
from tests.regions.test_sector import COLUMNS, ROWS, tissue

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Box
from perirad.regions.shadow import posterior_shadow
from perirad.simulate.bmode import CENTRES
from perirad.simulate.cohort import CohortSettings, simulate_case

MM = 0.1
HIGH, LOW, LEFT, RIGHT = 100, 180, 240, 360


def lesion() -> BoolArray:
    mask = np.zeros((ROWS, COLUMNS), dtype=bool)
    mask[HIGH:LOW, LEFT:RIGHT] = True
    return mask


def shadowed(share: float, columns: slice, last: int = ROWS) -> tuple[Pixels, BoolArray]:
    """Tissue of even grey whose mean behind the lesion is a share of that beside; and the shadow."""
    pixels = np.full((ROWS, COLUMNS), 80.0) + np.random.default_rng(4).normal(0.0, 8.0, (ROWS, COLUMNS))
    truth = np.zeros(pixels.shape, dtype=bool)
    truth[LOW:last, columns] = True
    pixels[truth] *= share
    pixels[lesion()] *= 0.4
    return pixels, truth


def overlap(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("share", [0.2, 0.4, 0.5])
def test_shadow_of_the_whole_width_simulated(share: float) -> None:
    pixels, truth = shadowed(share, slice(LEFT, RIGHT))
    found = posterior_shadow(as_image(pixels, MM), lesion())
    assert found.clear
    assert overlap(found.mask, truth) >= 0.95
    assert "shadow behind 100 %" in found.words


def test_shadow_of_some_columns_that_ends_simulated() -> None:
    pixels, truth = shadowed(0.3, slice(270, 320), last=300)
    found = posterior_shadow(as_image(pixels, MM), lesion())
    assert overlap(found.mask, truth) >= 0.85


@pytest.mark.parametrize("share", [0.85, 1.0, 1.6])
def test_no_shadow_or_enhancement_simulated(share: float) -> None:
    pixels, _ = shadowed(share, slice(LEFT, RIGHT))
    found = posterior_shadow(as_image(pixels, MM), lesion())
    assert not found.mask.any()
    assert found.words == "no shadow behind the lesion"


def test_ratio_decides_simulated() -> None:
    pixels, _ = shadowed(0.6, slice(LEFT, RIGHT))
    image = as_image(pixels, MM)
    assert posterior_shadow(image, lesion(), 0.7).clear
    assert not posterior_shadow(image, lesion(), 0.5).clear


def test_picture_that_darkens_with_depth_has_no_shadow_simulated() -> None:
    pixels = tissue() * np.linspace(1.5, 0.3, ROWS)[:, None]
    assert not posterior_shadow(as_image(pixels, MM), lesion()).mask.any()


def test_dark_on_one_side_only_is_no_shadow_simulated() -> None:
    """Left half dark from top to bottom: what is behind the lesion is as dark as its left neighbour."""
    pixels, _ = shadowed(1.0, slice(LEFT, RIGHT))
    pixels[:, :RIGHT] *= 0.4
    assert not posterior_shadow(as_image(pixels, MM), lesion()).mask.any()


def test_lesion_at_the_lower_edge_has_nothing_behind_analytic() -> None:
    mask = np.zeros((ROWS, COLUMNS), dtype=bool)
    mask[300:, 200:300] = True
    found = posterior_shadow(as_image(tissue(), MM), mask)
    assert not found.mask.any()
    assert found.words == "nothing is seen below the lesion"


def test_lesion_of_the_whole_width_has_nothing_beside_analytic() -> None:
    mask = np.zeros((ROWS, COLUMNS), dtype=bool)
    mask[100:200] = True
    found = posterior_shadow(as_image(tissue(), MM), mask)
    assert not found.mask.any()
    assert found.words == "no lit tissue beside to compare with"


@pytest.mark.parametrize("level", [0.0, 60.0])
def test_flat_picture_has_no_shadow_analytic(level: float) -> None:
    assert not posterior_shadow(as_image(np.full((ROWS, COLUMNS), level), MM), lesion()).mask.any()


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (5, 9)])
def test_tiny_pictures_have_no_shadow_analytic(shape: tuple[int, int]) -> None:
    mask = np.zeros(shape, dtype=bool)
    mask[0, 0] = True
    assert not posterior_shadow(as_image(np.full(shape, 50.0), MM), mask).mask.any()


def test_shadow_stays_in_the_field_simulated() -> None:
    pixels, truth = shadowed(0.3, slice(LEFT, RIGHT))
    field = Box(50, 150, 350, 450)
    found = posterior_shadow(as_image(pixels, MM).within(field), lesion())
    truth[field.bottom :] = False
    assert overlap(found.mask, truth) >= 0.95
    assert not (found.mask & ~truth)[field.bottom :].any()


def test_bad_input_is_refused_analytic() -> None:
    image = as_image(tissue(), MM)
    with pytest.raises(InputError, match="size of its image"):
        posterior_shadow(image, np.ones((3, 3), dtype=bool))
    with pytest.raises(InputError, match="must mark a lesion"):
        posterior_shadow(image, np.zeros(image.shape, dtype=bool))
    with pytest.raises(InputError, match="must mark a lesion"):
        posterior_shadow(image.within(Box(0, 0, HIGH, COLUMNS)), lesion())
    for ratio in (0.0, 1.0, float("nan")):
        with pytest.raises(InputError, match="ratio must lie between"):
            posterior_shadow(image, lesion(), ratio)


def test_shadows_of_the_simulated_cohort_simulated() -> None:
    """The generator's posterior feature is the truth; many of its shadows are faint behind a small lesion."""
    settings = CohortSettings(n_patients=40, seed=11)
    found: dict[str, list[bool]] = {"none": [], "enhancement": [], "shadowing": []}
    for index in range(28):
        patient, picture = simulate_case(index, "analysed", settings)
        image = as_image(picture.pixels, CENTRES[patient.centre].spacing_mm)
        found[patient.visible.posterior].append(posterior_shadow(image, picture.mask).clear)
    assert all(len(cases) >= 5 for cases in found.values())
    assert sum(found["none"] + found["enhancement"]) <= 1
    assert np.mean(found["shadowing"]) >= 0.4


@pytest.mark.shared
def test_shadow_agrees_with_the_readers_of_real_pictures(shared: Path) -> None:
    """The readers' word for the posterior features; that for shadowing is not often wrong, but often milder."""
    folder = shared / "data" / "breast_usg"
    with (folder / "clinical.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["Mask_tumor_filename"]]
    found: dict[str, list[bool]] = {"shadowing": [], "enhancement": [], "no": []}
    n_no = 0
    for row in rows:
        n_no += row["Posterior_features"] == "no"
        if row["Posterior_features"] not in found or (row["Posterior_features"] == "no" and n_no % 4):
            continue
        pixels = np.asarray(Pillow.open(folder / "images" / row["Image_filename"]).convert("L"), dtype=np.float64)
        mask = np.asarray(Pillow.open(folder / "images" / row["Mask_tumor_filename"]).convert("L")) > 0
        image = as_image(pixels, 10.0 * float(row["Pixel_size"]))
        found[row["Posterior_features"]].append(posterior_shadow(image, mask).clear)
    assert not any(found["enhancement"])
    assert np.mean(found["no"]) <= 0.15
    assert np.mean(found["shadowing"]) >= 0.5
