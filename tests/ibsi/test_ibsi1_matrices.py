"""IBSI 1: texture matrices of the digital phantom, by slice, in space and merged, cell by cell."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from perirad.features.cells import Cells
from perirad.features.ibsi.aggregation import Plane, directional_groups
from perirad.features.ibsi.cooccurrence import pair_cells
from perirad.features.ibsi.dependence import dependence_cells
from perirad.features.ibsi.distancezone import border_distance, distance_cells
from perirad.features.ibsi.levels import LevelVolume, directions, level_volume
from perirad.features.ibsi.runlength import run_cells
from perirad.features.ibsi.sizezone import zone_cells
from perirad.features.ibsi.tone import tone_matrices
from perirad.features.ibsi.zones import find_zones

pytestmark = pytest.mark.shared

PLANES: dict[str, Plane] = {"2D": "2D", "3D": "3D"}
FAMILIES = ("GLCM", "GLRLM", "GLSZM", "GLDZM", "NGLDM")
Cell = tuple[int, int, int]


def phantom(shared: Path) -> LevelVolume:
    folder = shared / "ibsi" / "ibsi1" / "digital_phantom"
    image, mask = (
        SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(folder / f"{n}.nii.gz"))) for n in ("image", "mask")
    )
    return level_volume(image[mask > 0].astype(np.int64), mask > 0)


def counted(region: LevelVolume, family: str, plane: Plane) -> Cells:
    if family == "GLCM":
        return pair_cells(region, plane)
    if family == "GLRLM":
        return run_cells(region, plane)
    if family == "NGLDM":
        return dependence_cells(region, plane)
    zones = find_zones(region, plane != "3D")
    if family == "GLSZM":
        return zone_cells(region, zones, plane)
    distance = border_distance(region.levels > 0, plane != "3D").reshape(-1)[region.at]
    return distance_cells(region, zones, distance, plane)


def counter(cells: Cells) -> Counter[Cell]:
    keys = zip(cells.matrix.tolist(), cells.i.tolist(), cells.j.tolist(), strict=True)
    return Counter(dict(zip(keys, cells.n.astype(int).tolist(), strict=True)))


def table(shared: Path, family: str, mode: str) -> list[dict[str, str]]:
    path = shared / "ibsi" / "ibsi1" / "digital_phantom" / "texture_matrices.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["matrix"] == family and row["mode"] == mode]


def direction_number(text: str, plane: Plane) -> int:
    """The table gives (x, y, z); ours are (slice, row, column) = (z, y, x), and one of two opposite ones."""
    x, y, z = (int(part) for part in text.split())
    steps = directions(plane != "3D")
    return steps.index((z, y, x)) if (z, y, x) in steps else steps.index((-z, -y, -x))


@pytest.mark.parametrize("mode", ["2D", "3D"])
@pytest.mark.parametrize("family", FAMILIES)
def test_matrices_ibsi(shared: Path, family: str, mode: str) -> None:
    plane, expected = PLANES[mode], Counter[Cell]()
    n_steps = len(directions(plane != "3D")) if family in {"GLCM", "GLRLM"} else 1
    for row in table(shared, family, mode):
        at = 0 if mode == "3D" else int(row["slice"]) - 1
        step = direction_number(row["direction_xyz"], plane) if n_steps > 1 else 0
        expected[at * n_steps + step, int(row["i"]), int(row["j"])] += int(row["n"])
    assert expected
    assert counter(counted(phantom(shared), family, plane)) == expected


@pytest.mark.parametrize(("mode", "plane", "code"), [("2D, merged", "2D", "SUJT"), ("3D, merged", "3D", "IAZD")])
@pytest.mark.parametrize("family", ["GLCM", "GLRLM"])
def test_merged_matrices_ibsi(shared: Path, family: str, mode: str, plane: Plane, code: str) -> None:
    region = phantom(shared)
    ways = {groups.code: groups for groups in directional_groups(region, len(directions(plane != "3D")), plane)}
    expected = Counter[Cell]()
    for row in table(shared, family, mode):
        expected[0 if plane == "3D" else int(row["slice"]) - 1, int(row["i"]), int(row["j"])] += int(row["n"])
    assert expected
    assert counter(ways[code].gather(counted(region, family, plane))) == expected


@pytest.mark.parametrize("mode", ["2D", "3D"])
def test_tone_matrices_ibsi(shared: Path, mode: str) -> None:
    matrices = tone_matrices(phantom(shared), PLANES[mode])
    rows = table(shared, "NGTDM", mode)
    assert matrices[:, 0].sum() == sum(int(row["n"]) for row in rows)
    for row in rows:
        n, s = matrices[0 if mode == "3D" else int(row["slice"]) - 1, :, int(row["i"])]
        assert n == int(row["n"])
        assert s == pytest.approx(float(row["s"]), abs=5e-4 * max(1.0, abs(float(row["s"]))))
