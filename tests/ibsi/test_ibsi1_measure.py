"""IBSI features: surfaces with a known size, flat and tiny regions, slices, and the same matrices elsewhere."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.special import eval_legendre

from perirad.arrays import FloatArray, IntArray
from perirad.errors import InputError
from perirad.features.catalogue import FAMILIES
from perirad.features.discretise import level_image, place_of
from perirad.features.glcm import glcm
from perirad.features.glcm import pair_cells as pairs_in_slice
from perirad.features.gldm import dependence_cells as dependences_in_slice
from perirad.features.gldm import gldm
from perirad.features.glrlm import glrlm
from perirad.features.glrlm import run_cells as runs_in_slice
from perirad.features.glszm import glszm
from perirad.features.glszm import zone_cells as zones_in_slice
from perirad.features.ibsi.catalogue import IBSI_CATALOGUE
from perirad.features.ibsi.enclosing import smallest_box, smallest_ellipsoid
from perirad.features.ibsi.ivh import ivh_features
from perirad.features.ibsi.measure import ibsi_features
from perirad.features.ibsi.mesh import hull_of, measure_mesh
from perirad.features.ibsi.morphology import ellipsoid_area
from perirad.features.ibsi.settings import Binning, IbsiSettings

SPACING_MM = (2.0, 1.0, 0.5)
EIGHT = IbsiSettings(levels=Binning("count", 8), ivh=Binning("count", 1000))


def noise(*shape: int) -> IntArray:
    return np.random.default_rng(3).integers(1, 40, size=shape)


@pytest.mark.parametrize("sides", [(1, 1, 1), (2, 1, 1), (3, 4, 5), (6, 2, 2)])
def test_mesh_of_a_box_analytic(sides: tuple[int, int, int]) -> None:
    # Every edge is cut off at half a voxel, an eighth of a voxel per voxel of length; a corner loses 5/48.
    mesh = measure_mesh(np.ones(sides, dtype=np.bool_), (1.0, 1.0, 1.0))
    assert mesh.volume_mm3 == pytest.approx(math.prod(sides) - (sum(sides) - 3) / 2.0 - 5.0 / 6.0)
    scaled = measure_mesh(np.ones(sides, dtype=np.bool_), SPACING_MM)
    assert scaled.volume_mm3 == pytest.approx(mesh.volume_mm3 * math.prod(SPACING_MM))


def test_mesh_of_one_voxel_analytic() -> None:
    assert measure_mesh(np.ones((1, 1, 1), dtype=np.bool_), (1.0, 1.0, 1.0)).area_mm2 == pytest.approx(math.sqrt(3.0))


def test_mesh_has_no_gap_analytic() -> None:
    # The volume is summed from tetrahedra to the origin: it stays where the region is moved only if the surface closes.
    rng = np.random.default_rng(4)
    for _ in range(50):
        inside = rng.random((5, 6, 7)) < rng.random()
        here, there = (
            measure_mesh(inside, SPACING_MM),
            measure_mesh(np.pad(inside, ((9, 0), (7, 0), (5, 0))), SPACING_MM),
        )
        assert there.volume_mm3 == pytest.approx(here.volume_mm3)
        assert there.area_mm2 == pytest.approx(here.area_mm2)
        assert 0.0 <= here.volume_mm3 <= inside.sum() * math.prod(SPACING_MM)
        turned = measure_mesh(inside.transpose(2, 0, 1)[::-1], (1.0, 1.0, 1.0))
        assert turned.volume_mm3 == pytest.approx(measure_mesh(inside, (1.0, 1.0, 1.0)).volume_mm3)


def test_ellipsoid_area_analytic() -> None:
    assert ellipsoid_area(3.0, 3.0, 3.0) == pytest.approx(36.0 * math.pi)


def test_ellipsoid_area_naive() -> None:
    for a, b, c in ((3.0, 2.0, 1.0), (3.0, 2.9, 2.8), (5.0, 1.0, 0.5)):
        alpha, beta = math.sqrt(1.0 - (b / a) ** 2), math.sqrt(1.0 - (c / a) ** 2)
        order = np.arange(21)
        terms = (alpha * beta) ** order / (1.0 - 4.0 * order**2)
        terms *= eval_legendre(order, (alpha**2 + beta**2) / (2.0 * alpha * beta))
        assert ellipsoid_area(a, b, c) == pytest.approx(4.0 * math.pi * a * b * terms.sum())


def turned(points: FloatArray) -> FloatArray:
    q, _ = np.linalg.qr(np.random.default_rng(8).normal(size=(3, 3)))
    return np.asarray(points @ q, dtype=np.float64)


def test_enclosing_box_and_ellipsoid_analytic() -> None:
    half = np.array([4.0, 2.0, 1.0])
    corners = turned(np.array(list(itertools.product((-1.0, 1.0), repeat=3))) * half)
    hull = hull_of(corners)
    assert sorted(smallest_box(hull.corners_mm, hull.normals)) == pytest.approx([2.0, 4.0, 8.0])
    assert smallest_ellipsoid(corners) == pytest.approx(half * math.sqrt(3.0), rel=1e-6)
    sphere = np.random.default_rng(9).normal(size=(4000, 3))
    sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
    assert smallest_ellipsoid(turned(sphere * half) + 7.0) == pytest.approx(half, rel=0.01)


def test_form_of_a_ball_analytic() -> None:
    ball = np.linalg.norm(np.indices((25, 25, 25)) - 12.0, axis=0) <= 11.5
    found = ibsi_features(np.ones(ball.shape), ball, (1.0, 1.0, 1.0), IbsiSettings(planes=()))
    form = {code: value for (code, _), value in found.items()}
    assert form["RNU0"] == pytest.approx(4.0 / 3.0 * math.pi * 11.5**3, rel=0.01)
    assert form["L0JK"] == pytest.approx(23.0, rel=0.05)
    # Semi-axes are twice the standard deviation, r / sqrt(5) for a ball.
    assert form["TDIC"] == pytest.approx(4.0 * 11.5 / math.sqrt(5.0), rel=0.01)
    assert form["6BDE"] == pytest.approx((math.sqrt(5.0) / 2.0) ** 3, rel=0.01)
    assert form["TDIC"] == pytest.approx(form["7J51"], rel=1e-9)
    assert form["ZH1A"] == pytest.approx(math.pi / 6.0, rel=0.05)
    assert form["SWZ1"] == pytest.approx((23.0 / form["L0JK"]) ** 3, rel=0.01)
    assert form["KLMA"] == pytest.approx(0.0, abs=1e-9)
    assert form["99N0"] == pytest.approx(form["RNU0"])


def test_slice_is_a_volume_of_one_slice_analytic() -> None:
    image, mask = noise(9, 11).astype(float), np.ones((9, 11))
    alone = ibsi_features(image, mask, (1.0, 0.5), EIGHT)
    stacked = ibsi_features(image[None], mask[None], (1.0, 1.0, 0.5), EIGHT)
    assert alone == pytest.approx({key: stacked[key] for key in alone})
    assert {code for _, code in stacked} - {code for _, code in alone} == {"ITBB", "IAZD", "KOBO"}
    assert "RNU0" not in {code for code, _ in alone}
    for code in ("5QRC", "QCDE", "SODN"):
        assert alone[code, "8QNN"] == pytest.approx(alone[code, "62GR"])
        assert stacked[code, "KOBO"] == pytest.approx(alone[code, "8QNN"])


def test_slice_pyradiomics() -> None:
    """The engine of slices, exact to PyRadiomics, and IBSI's definitions: the same where the catalogue says so."""
    levels = np.where(np.random.default_rng(6).random((12, 14)) < 0.2, 0, noise(12, 14) % 5 + 1)
    place = place_of(levels > 0)
    image = level_image(levels.reshape(-1)[place.in_image], place)
    n_pixels, n_levels = np.array([image.n_pixels]), np.array([image.n_levels])
    values = {
        "glcm": glcm(pairs_in_slice(image), n_levels),
        "glrlm": glrlm(runs_in_slice(image), n_pixels),
        "glszm": glszm(zones_in_slice(image), n_pixels),
        "gldm": gldm(dependences_in_slice(image)),
    }
    names = {family: {f"{family}_{row[0]}": k for k, row in enumerate(FAMILIES[family])} for family in values}
    found = ibsi_features(levels, levels > 0, (1.0, 1.0), IbsiSettings())
    compared = 0
    for feature in IBSI_CATALOGUE:
        family = feature.pyradiomics.partition("_")[0]
        if family in values:
            expected = values[family][0, names[family][feature.pyradiomics]]
            way = "BTW3" if family in {"glcm", "glrlm"} else "8QNN"
            assert found[feature.code, way] == pytest.approx(expected), feature
            compared += 1
    assert compared == 23 + 16 + 16 + 14


def test_undefined_values_analytic() -> None:
    image, empty = noise(4, 5, 6).astype(float), np.zeros((4, 5, 6))
    assert all(math.isnan(value) for value in ibsi_features(image, empty, SPACING_MM, EIGHT).values())
    one = empty.copy()
    one[1, 2, 3] = 1.0
    found = ibsi_features(image, one, SPACING_MM, EIGHT)
    assert all(math.isnan(found[code, "DHQ4"]) for code in ("TDIC", "6BDE", "N365", "NPT7"))
    assert math.isnan(found["TU9B", "IAZD"])
    assert math.isnan(found["QCDE", "KOBO"])
    assert found["22OV", "IAZD"] == 1.0
    assert found["Q4LE", "DHQ4"] == image[1, 2, 3]


def test_flat_region_analytic() -> None:
    found = ibsi_features(np.full((4, 5, 6), 7.0), np.ones((4, 5, 6)), SPACING_MM, EIGHT)
    undefined = {code for (code, _), value in found.items() if math.isnan(value)}
    assert undefined == {"NI2N", "R8DG", "N365", "NPT7"} | {"GBPN:10", "CNV2"} & undefined
    assert found["TU9B", "IAZD"] == 0.0
    assert found["QCDE", "KOBO"] == 1e6
    assert found["65HE", "KOBO"] == found["NQ30", "KOBO"] == found["1X9X", "KOBO"] == 0.0
    assert found["5QRC", "KOBO"] == pytest.approx(1.0 / 120.0**2)


def test_resegmented_to_nothing_analytic() -> None:
    settings = IbsiSettings(resegment=(100.0, 200.0), levels=Binning("width", 5.0))
    found = ibsi_features(noise(4, 5, 6).astype(float), np.ones((4, 5, 6)), SPACING_MM, settings)
    assert found["YEKZ", "DHQ4"] == 120.0
    assert all(math.isnan(found[key]) for key in (("Q4LE", "DHQ4"), ("TU9B", "IAZD"), ("BC2M:10", "DHQ4")))


def test_histogram_of_volumes_analytic() -> None:
    found = ivh_features(np.array([10.0, 20.0, 30.0]), np.array([1.0, 0.5, 0.25]))
    assert found["BC2M:10"] == 0.5
    assert found["BC2M:90"] == 0.25
    assert found["GBPN:90"] == 20.0
    assert math.isnan(found["GBPN:10"])
    assert found["9CMM"] == pytest.approx(0.5 * 0.75 + 0.5 * 0.375)


def test_fractions_need_binning_analytic() -> None:
    with pytest.raises(InputError, match="needs whole intensities"):
        ibsi_features(noise(3, 3) + 0.5, np.ones((3, 3)), (1.0, 1.0), IbsiSettings(levels=Binning("count", 4)))
