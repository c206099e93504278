"""Near-duplicates: copies are found however they were saved, strangers are left alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.pictures import speckle

from perirad.arrays import FloatArray
from perirad.image.read import read_image
from perirad.study.near_duplicates import FLIPS, fingerprint, near_duplicates, tissue


def _pillow(pixels: FloatArray) -> Pillow.Image:
    return Pillow.fromarray(pixels.astype(np.uint8))


def _jpeg(pixels: FloatArray) -> FloatArray:
    stream = io.BytesIO()
    _pillow(pixels).save(stream, "JPEG", quality=40)
    return np.asarray(Pillow.open(stream)).astype(np.float64)


def _half(pixels: FloatArray) -> FloatArray:
    size = (pixels.shape[1] * 3 // 5, pixels.shape[0] * 3 // 5)
    return np.asarray(_pillow(pixels).resize(size)).astype(np.float64)


def _brighter(pixels: FloatArray) -> FloatArray:
    return np.clip(1.15 * pixels + 12.0, 0.0, 255.0)


def _framed(pixels: FloatArray) -> FloatArray:
    return np.pad(pixels, ((20, 35), (60, 15)))


def _marked(pixels: FloatArray) -> FloatArray:
    marked = pixels.copy()
    for row, column in ((60, 70), (80, 130)):
        marked[row - 4 : row + 5, column] = 255.0
        marked[row, column - 4 : column + 5] = 255.0
    return marked


@pytest.mark.parametrize("change", [_jpeg, _half, _brighter, _framed, _marked])
def test_a_copy_is_found_among_strangers_analytic(change: Callable[[FloatArray], FloatArray]) -> None:
    prints = [fingerprint(speckle(seed)) for seed in range(30)]
    copy = fingerprint(change(speckle(7)))
    (pair,) = near_duplicates([*prints, copy])
    assert pair[:3] == (7, 30, "")
    assert pair.correlation >= 0.98


@pytest.mark.parametrize("turned", FLIPS)
def test_a_mirrored_copy_is_found_and_named_analytic(turned: str) -> None:
    picture = speckle(3)
    copies = dict(zip(FLIPS, (picture, picture[:, ::-1], picture[::-1], picture[::-1, ::-1]), strict=True))
    (pair,) = near_duplicates([fingerprint(picture), fingerprint(speckle(4)), fingerprint(copies[turned])])
    assert pair[:3] == (0, 2, turned)
    assert pair.correlation == pytest.approx(1.0, abs=1e-6)


def test_the_same_tissue_with_another_lesion_is_no_copy_analytic() -> None:
    """Half of the picture is shared: the hash may propose the pair, the thumbnails do not agree."""
    picture, other = speckle(1), speckle(2)
    other[:, :100] = picture[:, :100]
    assert near_duplicates([fingerprint(picture), fingerprint(other)]) == ()


def test_pairs_equal_a_comparison_of_all_with_all_naive() -> None:
    pictures = [speckle(seed) for seed in range(12)]
    pictures += [_jpeg(pictures[2]), _half(pictures[5])[:, ::-1], _brighter(pictures[2])]
    prints = [fingerprint(picture) for picture in pictures]
    expected = set()
    for i, first in enumerate(prints):
        for j in range(i + 1, len(prints)):
            for turned in (prints[j].thumbnail, prints[j].thumbnail[:, ::-1]):
                if np.corrcoef(first.thumbnail.ravel(), turned.ravel())[0, 1] >= 0.98:
                    expected.add((i, j))
    assert {pair[:2] for pair in near_duplicates(prints)} == expected == {(2, 12), (2, 14), (12, 14), (5, 13)}


def test_pictures_without_contrast_accuse_nobody_analytic() -> None:
    flat = fingerprint(np.full((80, 90), 7.0))
    assert near_duplicates([flat, flat]) == ()
    assert near_duplicates([]) == ()
    assert fingerprint(np.full((1, 1), 3.0)).thumbnail.shape == (64, 64)


def test_tissue_is_what_is_left_without_margins_analytic() -> None:
    picture = np.zeros((100, 120))
    picture[10:60, 30:110] = 80.0
    picture[90, 5] = 255.0  # a stray letter
    assert tissue(picture).shape == (50, 80)


def test_a_fingerprint_is_the_mean_of_areas_naive() -> None:
    """90 rows and 130 columns on 64 x 64: every cell against a picture enlarged until all borders are whole."""
    picture = np.round(speckle(5)[:90, :130])
    large = picture.repeat(64, axis=0).repeat(64, axis=1)
    means = large.reshape(64, 90, 64, 130).mean(axis=(1, 3))
    expected = np.round((means - means.min()) * 255.0 / np.ptp(means))
    assert np.abs(fingerprint(picture).thumbnail - expected).max() <= 1


@pytest.mark.shared
def test_real_patients_are_no_copies_of_each_other_analytic(shared: Path) -> None:
    files = sorted((shared / "data" / "breast_usg" / "images").glob("case???.png"))[::3]
    prints = [fingerprint(read_image(file, spacing_mm=0.1).pixels) for file in files]
    assert len(prints) > 40
    assert near_duplicates(prints) == ()
    copy = fingerprint(_jpeg(_half(read_image(files[11], spacing_mm=0.1).pixels)))
    assert [pair[:2] for pair in near_duplicates([*prints, copy])] == [(11, len(files))]
