"""The written cohort, and what the planted effects do to the pictures."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from perirad.errors import InputError
from perirad.simulate.anatomy import Picture
from perirad.simulate.bmode import CENTRES
from perirad.simulate.cohort import CohortSettings, simulate_case, simulate_cohort, write_png

SMALL = CohortSettings(n_patients=14, her2_3plus=0.1, ish_positive=0.1, ish_not_done=0.1)
NULL = CohortSettings(effect_lesion=0.0, effect_rim=0.0, effect_clinical=0.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cohort")
    simulate_cohort(path, SMALL)
    return path


def rows(folder: Path, name: str = "cases.csv") -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def picture(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        assert image.mode == "L"
        return np.array(image)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_bytes_whatever_the_number_of_workers_analytic(folder: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    simulate_cohort(tmp_path, SMALL, workers=2, progress=lambda done, total: seen.append((done, total)))
    assert digests(tmp_path) == digests(folder)
    assert seen == [(k, SMALL.n_images) for k in range(1, SMALL.n_images + 1)]


def test_another_seed_gives_other_pictures_analytic(folder: Path, tmp_path: Path) -> None:
    simulate_cohort(tmp_path, replace(SMALL, n_patients=1, seed=1))
    assert digests(tmp_path)["images/0001.png"] != digests(folder)["images/0001.png"]


def test_no_two_pictures_are_alike_analytic(folder: Path) -> None:
    pictures = [value for name, value in digests(folder).items() if name.startswith("images/")]
    assert len(set(pictures)) == SMALL.n_images


def test_masks_are_one_piece_inside_the_picture_analytic(folder: Path) -> None:
    for row in rows(folder):
        pixels = picture(folder / row["mask"])
        assert pixels.shape == picture(folder / row["image"]).shape
        assert set(np.unique(pixels)) == {0, 255}
        assert ndimage.label(pixels)[1] == 1
        edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        assert not edge.any()


def test_pictures_have_the_size_and_depth_of_a_breast_scan_analytic(folder: Path) -> None:
    for row in rows(folder):
        height, columns = picture(folder / row["image"]).shape
        mm = float(row["spacing_mm"])
        assert mm == CENTRES[row["centre"]].spacing_mm
        assert 39.0 < columns * mm < 51.0
        assert 35.0 < height * mm < 46.0


def test_reported_size_is_that_of_the_mask_within_reading_error_naive(folder: Path) -> None:
    for row in rows(folder):
        points = np.argwhere(picture(folder / row["mask"]) > 0)
        points = points[:: max(1, len(points) // 1500)]
        longest = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)).max() * float(row["spacing_mm"])
        assert float(row["size_mm"]) == pytest.approx(longest, abs=2.2)


def test_table_has_the_promised_columns_and_values_analytic(folder: Path) -> None:
    table = rows(folder)
    assert ",".join(table[0]) == (
        "case_id,patient_id,image,mask,spacing_mm,centre,age,menopause,size_mm,birads,margin,posterior,"
        "ki67,er,pr,nodal,grade,her2_ihc,her2_ish"
    )
    allowed = {
        "centre": {"A", "B"},
        "margin": {"circumscribed", "indistinct", "angular", "spiculated"},
        "posterior": {"none", "enhancement", "shadowing"},
        "her2_ihc": {"0", "1+", "2+", "3+"},
        "her2_ish": {"", "negative", "positive", "not done"},
    }
    for row in table:
        assert all(row[name] in values for name, values in allowed.items())
        assert row["image"] == f"images/{row['case_id']}.png"
        assert row["mask"] == f"masks/{row['case_id']}.png"


def test_truth_stands_beside_every_case_analytic(folder: Path) -> None:
    truth = rows(folder, "truth.csv")
    assert [row["case_id"] for row in truth] == [row["case_id"] for row in rows(folder)]
    assert all(0.0 < float(row["probability"]) < 1.0 for row in truth)
    assert {"u", "density", "rim_db", "halo_db", "gain_db", "lesion_db"} <= set(truth[0])


def band_mean(scan: Picture, mm: float, low: float, high: float) -> float:
    distance = ndimage.distance_transform_edt(~scan.mask) * mm
    return float(scan.pixels[(distance > low) & (distance <= high)].mean())


@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_rim_is_brighter_with_the_cause_and_nothing_changes_beyond_its_reach_analytic(index: int) -> None:
    settings = replace(NULL, effect_rim=1.0)
    (patient, dark), (_, bright) = (simulate_case(index, "analysed", settings, u=u) for u in (-1.5, 1.5))
    mm = CENTRES[patient.centre].spacing_mm
    assert np.array_equal(dark.mask, bright.mask)
    gain = {
        band: band_mean(bright, mm, *band) - band_mean(dark, mm, *band) for band in ((0.3, 2.0), (3, 4.5), (6.5, 9))
    }
    assert gain[3, 4.5] > 12.0
    assert gain[3, 4.5] > 1.5 * gain[0.3, 2.0]
    assert abs(gain[6.5, 9]) < 1.0


@pytest.mark.parametrize("index", [0, 1])
def test_without_effect_the_cause_changes_no_pixel_analytic(index: int) -> None:
    _, one = simulate_case(index, "analysed", NULL, u=-2.0)
    _, other = simulate_case(index, "analysed", NULL, u=2.0)
    assert np.array_equal(one.pixels, other.pixels)


def test_lesion_is_hypoechoic_analytic() -> None:
    for index in range(6):
        patient, scan = simulate_case(index, "analysed", CohortSettings())
        mm = CENTRES[patient.centre].spacing_mm
        assert scan.pixels[scan.mask].mean() < band_mean(scan, mm, 0.5, 8.0) - 10.0


def test_png_writer_gives_back_the_pixels_analytic(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (37, 53)).astype(np.uint8)
    write_png(tmp_path / "x.png", pixels)
    assert np.array_equal(picture(tmp_path / "x.png"), pixels)


def test_negative_workers_are_refused_analytic(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="workers must not be negative, got workers=-1"):
        simulate_cohort(tmp_path, SMALL, workers=-1)
