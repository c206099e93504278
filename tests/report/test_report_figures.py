"""Figures: nothing overlaps on the nomogram, nothing is cut off, the same bytes each time, the kind on every one."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from perirad.arrays import FloatArray
from perirad.report.contents import ReportContents
from perirad.report.drawn import write_figures
from perirad.report.figures import report_figures
from perirad.report.figures.labels import keep_apart, spread
from perirad.report.figures.nomogram import nomogram
from perirad.report.style import SIMULATED, fit_lines, render, text_size_mm
from perirad.validation.records import Auc, CalibrationGroups, Estimate, RocCurve, SmoothCalibration

Maker = Callable[..., ReportContents]
CASES = {
    "plain": {},
    "nasty": {"kind": "real", "seed": 2, "nasty": True, "n_variables": 12, "n_levels": 6, "selected": 9},
    "training only, nothing selected": {"seed": 3, "n": 90, "cohorts": ("train",), "selected": 0},
    "three cohorts": {"seed": 4, "n": 200, "cohorts": ("train", "test", "external")},
}


@dataclass(frozen=True)
class Drawn:
    """A figure's size in pixels, and every text on it."""

    stem: str
    size: tuple[int, int]
    width_mm: float
    texts: list[tuple[str, Bbox]]


_DRAWN: dict[tuple[str, str], list[Drawn]] = {}


def drawn(contents_of: Maker, which: str, column: Literal["double", "single"]) -> list[Drawn]:
    """All figures of a case, drawn once for all tests."""
    if (which, column) not in _DRAWN:
        contents = replace(contents_of(**CASES[which]), column=column)
        found = [(item.stem, item.draw(contents)) for item in report_figures(contents)]
        _DRAWN[which, column] = [
            Drawn(stem, figure.canvas.get_width_height(), figure.get_figwidth() * 25.4, texts_of(figure))
            for stem, figure in found
        ]
    return _DRAWN[which, column]


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with its box in pixels; ticks outside the view are kept by matplotlib, not drawn."""
    figure.draw_without_rendering()
    found: list[Text] = [*figure.texts]
    for legend in figure.legends:
        found += legend.get_texts()
    for axes in figure.axes:
        found += axes.texts
        found += [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        legend_of_axes = axes.get_legend()
        if legend_of_axes is not None:
            found += [*legend_of_axes.get_texts(), legend_of_axes.get_title()]
        if axes.axison:
            found += [axes.xaxis.label, axes.yaxis.label]
            for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
                low, high = sorted(limits)
                ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
                found += [label for place, label in ticks if low <= place <= high]
    return [(text.get_text(), text.get_window_extent()) for text in found if text.get_text().strip()]


@pytest.mark.parametrize("column", ["double", "single"])
@pytest.mark.parametrize("which", list(CASES))
def test_texts_stay_on_the_canvas_and_apart_naive(
    contents_of: Maker, which: str, column: Literal["double", "single"]
) -> None:
    """None is cut off, none touches another: but for the cells of the heat map, and marks over the nomogram's ticks."""
    for item in drawn(contents_of, which, column):
        width, height = item.size
        for text, box in item.texts:
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
            assert inside, f"{item.stem}: {text!r} at {box} leaves {width} x {height}"
        if item.stem in {"nomogram_reading", "correlations"}:
            continue
        for (one, a), (two, b) in itertools.combinations(item.texts, 2):
            apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1
            assert apart, f"{item.stem}: {one!r} touches {two!r}"


def test_figures_for_one_column_are_as_wide_as_one_analytic(contents_of: Maker) -> None:
    """Those of panels; what is laid out over both columns keeps them."""
    for item in drawn(contents_of, "plain", "single"):
        assert round(item.width_mm) in {85, 175}, item.stem
        if item.stem in {"roc", "calibration", "decision_curve", "radscore", "waterfall", "confusion", "instability"}:
            assert round(item.width_mm) == 85, item.stem


@pytest.mark.parametrize("which", list(CASES))
def test_no_two_texts_of_the_nomogram_touch_naive(contents_of: Maker, which: str) -> None:
    contents = contents_of(**CASES[which])
    extents = texts_of(nomogram(contents))
    assert len(extents) > 20
    for (one, a), (two, b) in itertools.combinations(extents, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} touches {two!r}"


@pytest.mark.parametrize("which", list(CASES))
def test_every_level_of_a_category_stands_on_the_nomogram_naive(contents_of: Maker, which: str) -> None:
    contents = contents_of(**CASES[which])
    assert contents.nomogram is not None
    drawn = [text.get_text() for text in nomogram(contents).axes[0].texts]
    wanted = [level for axis in contents.nomogram.axes for level in axis.variable.levels]
    for level in set(wanted):
        assert drawn.count(level) >= wanted.count(level)


def test_no_model_no_nomogram_analytic(contents_of: Maker) -> None:
    contents = replace(contents_of(), nomogram=None, combined_fit=None)
    assert "no nomogram" in nomogram(contents).axes[0].texts[0].get_text()


def test_simulated_stands_on_every_figure_and_on_none_of_real_images_analytic(contents_of: Maker) -> None:
    for kind in ("simulated", "real"):
        contents = contents_of(kind)
        for item in report_figures(contents):
            said = [text.get_text() for text in item.draw(contents).texts]
            assert (SIMULATED in said) == (kind == "simulated"), item.stem


def test_figures_are_the_same_bytes_twice_analytic(contents_of: Maker, tmp_path: Path) -> None:
    few = replace(contents_of(n=120), cases=contents_of().cases[:1], scenarios=(), ring_losses=())
    few = replace(few, models=few.models[-1:])
    first, second = write_figures(few, tmp_path / "a"), write_figures(few, tmp_path / "b")
    assert {path.suffix for path in first} == {".svg", ".pdf", ".png", ".tiff"}
    for one, two in zip(first, second, strict=True):
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes(), one.name
        assert b"CreationDate" not in one.read_bytes()
        assert b"<dc:date>" not in one.read_bytes()


def test_dollars_and_foreign_markup_are_drawn_as_they_are_analytic(contents_of: Maker) -> None:
    contents = contents_of()
    odd = replace(contents, event_label="$\\frac{$ & <b>", title="\x00")
    for item in report_figures(odd):
        assert render(item.draw(odd), "svg").startswith(b"<?xml"), item.stem


def spread_slow(want: FloatArray, wide: FloatArray, gap: float) -> FloatArray:
    """Push touching neighbours apart little by little until none touches."""
    at = want.copy()
    for _ in range(200_000):
        need = (wide[1:] + wide[:-1]) / 2 + gap - np.diff(at)
        if need.max() < 1e-9:
            break
        for i in np.flatnonzero(need > 0):
            at[i] -= need[i] / 2
            at[i + 1] += need[i] / 2
    return at


def test_spread_moves_no_more_than_needed_naive() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        want = np.sort(rng.uniform(0, 60, 6))
        wide = rng.uniform(2, 9, 6)
        got = spread(want, list(wide), 1.0, -200, 200)
        assert (np.diff(got) >= (wide[1:] + wide[:-1]) / 2 + 1.0 - 1e-9).all()
        slow = spread_slow(want, wide, 1.0)
        assert ((got - want) ** 2).sum() <= ((slow - want) ** 2).sum() + 1e-6


def test_spread_of_two_equal_places_analytic() -> None:
    assert spread([10.0, 10.0], [4.0, 4.0], 1.0, 0, 100) == pytest.approx([7.5, 12.5])
    assert spread([1.0, 1.0], [4.0, 4.0], 1.0, 0, 100) == pytest.approx([2.0, 7.0])
    assert spread([], [], 1.0, 0, 100).size == 0


def test_keep_apart_keeps_both_ends_analytic() -> None:
    assert keep_apart([0.0, 1.0, 5.0, 9.0, 10.0], [2.0] * 5, 0.5) == [0, 2, 4]
    assert keep_apart([0.0, 0.1], [2.0, 2.0], 0.5) == [0, 1]


def test_long_names_fit_their_width_analytic() -> None:
    name = "P5_wavelet-LHL_glszm_SmallAreaLowGrayLevelEmphasis" * 3
    for line in fit_lines(name, 40.0, 7, max_lines=3).split("\n"):
        assert text_size_mm(line, 7)[0] <= 40.0
    assert fit_lines("short", 40.0) == "short"


def test_one_class_and_undefined_numbers_are_drawn_without_a_number_analytic(contents_of: Maker) -> None:
    contents = contents_of(n=120)
    model = contents.models[-1]
    item, none, nan = model.cohorts[1], np.array([]), float("nan")
    undefined = Estimate(nan, nan, nan)
    agreement = replace(
        item.calibration, slope=undefined, intercept=undefined, ici=nan,
        curve=SmoothCalibration(np.array([nan]), np.array([nan])),
        groups=CalibrationGroups(none, none, none, none, none),
    )  # fmt: skip
    odd = replace(
        item, outcome=np.ones_like(item.outcome), auc=Auc(nan, nan, nan, nan, 36, 0), calibration=agreement,
        roc=RocCurve(np.array([np.inf, -np.inf]), np.array([0.0, 1.0]), np.array([nan, nan])),
        decision=replace(item.decision, net_benefit=item.decision.net_benefit * nan),
    )  # fmt: skip
    one = replace(contents, models=(replace(model, cohorts=(model.cohorts[0], odd)),))
    for figure in report_figures(one):
        said = [text for text, _ in texts_of(figure.draw(one))]
        assert not any("nan" in text.lower().split() for text in said), figure.stem
