"""From the cells of a row to a calibrated picture and its regions, with what is left out of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy.ndimage import gaussian_filter

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.features.settings import FeatureSettings
from perirad.image.image import Source
from perirad.regions.exclusion import Cause
from perirad.study.casefiles import Calipers, CaseFiles, Depth, read_files
from perirad.study.extraction import prepare_case
from perirad.study.recipe import CalibrationRule, Recipe, RegionRule

SHAPE = (160, 200)
RULE = RegionRule((2.0,))


def disc(shape: tuple[int, int], centre: tuple[float, float], radius: float) -> BoolArray:
    """Pixels whose centre lies within a radius of a point."""
    row, column = np.ogrid[: shape[0], : shape[1]]
    inside: BoolArray = np.hypot(row - centre[0], column - centre[1]) <= radius
    return inside


def _save(path: Path, pixels: BoolArray | np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Path:
    Pillow.fromarray((pixels * 255).astype(np.uint8) if pixels.dtype == np.bool_ else pixels).save(path)
    return path


@pytest.fixture
def case(tmp_path: Path) -> CaseFiles:
    """Speckle with a round lesion of 20 pixels' radius in the middle."""
    noise = gaussian_filter(np.random.default_rng(1).standard_normal(SHAPE), 1.5)
    speckle = np.clip(90.0 + 60.0 * noise, 0.0, 255.0).astype(np.uint8)
    mask = disc(SHAPE, (80.0, 100.0), 20.0)
    return CaseFiles(_save(tmp_path / "i.png", speckle), _save(tmp_path / "m.png", mask), (0.1, 0.1))


def _with(files: CaseFiles, **changes: object) -> CaseFiles:
    return CaseFiles(**{**vars(files), **changes})


def _row(**cells: str) -> dict[str, str]:
    return {"case_id": "c", "image": "i.png", "mask": "m.png", **cells}


def test_cells_of_a_row_analytic() -> None:
    row = _row(
        mask_label="tumour", frame="3", lesions="largest", other_mask="a.png; b.png", exclude_mask="x.png",
        chest_wall_mm="31.5", caliper_mm="12.5", caliper_points="10 20 30.5 40", tick_mm="5",
    )  # fmt: skip
    files, problems = read_files(row, Path("study"), "cases.csv")
    assert problems == []
    assert files == CaseFiles(
        Path("study/i.png"), Path("study/m.png"), None, "tumour", 3, "largest",
        (Path("study/a.png"), Path("study/b.png")), Path("study/x.png"), 31.5,
        Calipers((10.0, 20.0), (30.5, 40.0), 12.5), None, 5.0,
    )  # fmt: skip
    assert {path.name for path in files.paths} == {"i.png", "m.png", "a.png", "b.png", "x.png"}
    assert read_files(_row(depth_mm="40", depth_rows="5 405"), Path(), "t")[0].depth == Depth(40.0, (5.0, 405.0))
    assert read_files(_row(mask_label="2"), Path(), "t")[0].label == 2


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"frame": "-1"}, "frame must be a whole number, got '-1'"),
        ({"lesions": "some"}, "lesions must be one of one, largest, all, got 'some'"),
        ({"chest_wall_mm": "0"}, "chest_wall_mm must be a positive number, got '0'"),
        ({"caliper_mm": "5"}, "caliper_mm and caliper_points must be given together, got 'one of them'"),
        ({"caliper_points": "1 2 3"}, "caliper_points must be 4 numbers, got '1 2 3'"),
        ({"depth_rows": "1 2"}, "depth_rows must come with depth_mm, got 'depth_rows alone'"),
        (
            {"spacing_mm": "0.1", "depth_mm": "40"},
            "the scale must be stated once (spacing_mm, caliper_mm or depth_mm), got 'spacing_mm and depth_mm'",
        ),
    ],
)
def test_a_bad_cell_is_one_line_analytic(cells: dict[str, str], line: str) -> None:
    (problem,) = read_files(_row(**cells), Path(), "cases.csv")[1]
    assert problem.line() == f"{line} (case c, cases.csv)"


def test_calipers_and_depth_give_the_millimetres_analytic(case: CaseFiles) -> None:
    calipers = _with(case, spacing_mm=None, calipers=Calipers((10.0, 20.0), (40.0, 60.0), 10.0))
    image, _ = prepare_case(calipers, Recipe(RULE))
    assert image.calibration.source is Source.CALIPERS
    assert image.spacing_mm == pytest.approx((0.2, 0.2))
    depth = _with(case, spacing_mm=None, depth=Depth(32.0))
    image, _ = prepare_case(depth, Recipe(RULE))
    assert image.calibration.source is Source.DEPTH
    assert image.spacing_mm == pytest.approx((0.2, 0.2))


def test_without_a_ruler_the_picture_is_refused_or_assumed_analytic(case: CaseFiles) -> None:
    bare = _with(case, spacing_mm=None)
    with pytest.raises(InputError, match=r"pixel spacing must be known, got a picture without one, and no ruler"):
        prepare_case(bare, Recipe(RULE, calibration=CalibrationRule(ruler=True, tick_mm=5.0)))
    image, _ = prepare_case(bare, Recipe(RULE, calibration=CalibrationRule(0.12, ruler=True)))
    assert image.calibration.source is Source.ASSUMED
    assert image.spacing_mm == (0.12, 0.12)
    assert "no ruler was seen" in image.calibration.detail


def test_a_ruler_is_read_only_where_the_study_says_so_simulated(tmp_path: Path) -> None:
    from perirad.simulate.screenshot import simulate_screenshot

    shot = simulate_screenshot(3003)
    size = shot.pixels.shape
    mask = disc(size, (size[0] / 2, size[1] / 2), 30.0)
    files = CaseFiles(_save(tmp_path / "s.png", shot.pixels), _save(tmp_path / "m.png", mask), tick_mm=shot.tick_mm)
    with pytest.raises(InputError, match="pixel spacing must be known"):
        prepare_case(files, Recipe(RULE))
    image, _ = prepare_case(files, Recipe(RULE, calibration=CalibrationRule(ruler=True)))
    assert image.calibration.source is Source.RULER
    assert image.spacing_mm == pytest.approx(shot.spacing_mm, rel=0.01)


def test_other_lesions_and_painted_areas_leave_the_ring_analytic(case: CaseFiles, tmp_path: Path) -> None:
    other = disc(SHAPE, (80.0, 132.0), 8.0)
    painted = np.zeros(SHAPE, dtype=np.bool_)
    painted[:, :85] = True
    files = _with(case, others=(_save(tmp_path / "o.png", other),), left_out=_save(tmp_path / "x.png", painted))
    _, (lesion, ring) = prepare_case(files, Recipe(RULE))
    _, (whole, whole_ring) = prepare_case(case, Recipe(RULE))
    assert np.array_equal(ring.mask, whole_ring.mask & ~other & ~painted)
    assert np.array_equal(lesion.mask, whole.mask & ~painted)
    assert np.array_equal(lesion.whole, whole.mask)
    size = whole_ring.n_pixels
    assert ring.lost_fraction["other lesion"] == np.count_nonzero(whole_ring.mask & other) / size
    assert ring.lost_fraction["marked by hand"] == np.count_nonzero(whole_ring.mask & painted) / size


def test_the_other_labels_of_a_mask_are_other_lesions_when_asked_for_analytic(case: CaseFiles, tmp_path: Path) -> None:
    labels = disc(SHAPE, (80.0, 100.0), 20.0).astype(np.uint8) + 2 * disc(SHAPE, (80.0, 132.0), 8.0)
    files = _with(case, mask=_save(tmp_path / "l.png", labels.astype(np.uint8)), label=1)
    _, (_, kept) = prepare_case(files, Recipe(RULE))
    _, (_, ring) = prepare_case(files, Recipe(RegionRule((2.0,), exclude=(Cause.OTHER_LESION,))))
    assert np.array_equal(ring.mask, kept.mask & (labels != 2))
    assert ring.n_pixels < kept.n_pixels


def test_letters_and_a_stated_chest_wall_leave_the_ring_simulated(case: CaseFiles, tmp_path: Path) -> None:
    pixels = np.asarray(Pillow.open(case.image)).copy()
    pixels[80:82, 55:76] = pixels[70:92, 64:66] = 255
    files = _with(case, image=_save(tmp_path / "cross.png", pixels), chest_wall_mm=9.0)
    wanted = (Cause.TEXT, Cause.CALIPERS)
    _, (_, ring) = prepare_case(files, Recipe(RegionRule((5.0,), exclude=wanted)))
    cross = np.zeros(SHAPE, dtype=np.bool_)
    cross[80:82, 55:76] = cross[70:92, 64:66] = True
    assert not (ring.mask & cross).any()
    assert sum(ring.lost_fraction.get(cause, 0.0) for cause in wanted) > 0
    assert not ring.mask[91:].any()
    assert ring.lost_fraction["below chest wall"] > 0.2


def test_features_of_shape_are_those_of_the_whole_outline_analytic(case: CaseFiles, tmp_path: Path) -> None:
    from perirad.study.extraction import extract_case

    painted = np.zeros(SHAPE, dtype=np.bool_)
    painted[60:101, 99:102] = True
    recipe = Recipe(RULE, FeatureSettings(filters=("original",)))
    files = _with(case, left_out=_save(tmp_path / "x.png", painted))
    whole, cut = (extract_case("c", each, recipe).table.to_pandas().iloc[0] for each in (case, files))
    shape = [name for name in whole.index if name.startswith("I_original_shape2D")]
    grey = [name for name in whole.index if name.startswith("I_original_firstorder")]
    assert len(shape) > 5
    assert cut[shape].tolist() == whole[shape].tolist()
    assert cut[grey].tolist() != whole[grey].tolist()
