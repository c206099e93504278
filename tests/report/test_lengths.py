"""Lengths in mm, or in pixels where the spacing is assumed; the note on every figure and table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from perirad.report.contents import CaseView, ReportContents
from perirad.report.figures import report_figures
from perirad.report.figures.cases import cases
from perirad.report.lengths import Lengths, pixels_text
from perirad.report.style import mark_kind, mm_canvas
from perirad.report.tables import report_tables

Maker = Callable[..., ReportContents]
REGIONS = ("I", "P3", "P5", "R3-5", "T8-13", "U2.5", "P20px-square")
ALL = Lengths(0.1, 60, 60, REGIONS)
SOME = Lengths(0.1, 3, 60, ("I", "P3"))


def test_known_spacings_leave_everything_as_it_is_analytic() -> None:
    for known in (Lengths(), Lengths(0.1, 0, 60, REGIONS), Lengths(None, 0, 60, REGIONS)):
        assert (known.assumed, known.unit, known.note) == (False, "mm", "")
        assert [known.ring(name) for name in REGIONS] == list(REGIONS)


def test_assumed_spacings_are_pixels_analytic() -> None:
    assert ALL.unit == "px (assumed 0.1 mm)"
    assert ALL.ring("P5") == "P5 (50 px, assumed 0.1 mm)"
    assert ALL.note == (
        "In all 60 images the spacing is assumed: lengths taken from them are in px (assumed 0.1 mm), not mm. "
        "P3 is 30 px, P5 is 50 px, R3-5 is 30-50 px, T8-13 is 80-130 px, U2.5 is 25 px."
    )


def test_widths_alone_analytic() -> None:
    assert [ALL.width(name) for name in REGIONS] == ["", "30 px", "50 px", "30-50 px", "80-130 px", "25 px", ""]
    assert Lengths(None, 0, 60, REGIONS).width("P5") == ""


def test_lesion_and_rings_counted_in_pixels_need_no_assumption_analytic() -> None:
    assert ALL.ring("I") == "I"
    assert ALL.ring("P20px-square") == "P20px-square"


def test_mixed_studies_say_how_many_analytic() -> None:
    assert SOME.unit == "mm, and px (assumed 0.1 mm) in 3 of 60 images"
    assert SOME.ring("P3") == "P3 (30 px, assumed 0.1 mm, in 3 of 60 images)"
    assert SOME.note.startswith("In 3 of 60 images the spacing is assumed")


@pytest.mark.parametrize(
    ("length_mm", "assumed_mm", "text"),
    [
        (5, 0.07, "71.4 px (assumed 0.07 mm)"),
        (0.3, 0.1, "3 px (assumed 0.1 mm)"),
        (8, 0.005, "1600 px (assumed 0.005 mm)"),
    ],
)
def test_numbers_of_pixels_analytic(length_mm: float, assumed_mm: float, text: str) -> None:
    assert pixels_text(length_mm, assumed_mm) == text


def _said(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


@pytest.mark.parametrize("kind", ["real", "simulated"])
@pytest.mark.parametrize("lengths", [Lengths(0.1, 60, 60, ("I", "P3", "P5", "P8")), SOME, Lengths()])
def test_every_figure_and_table_carries_the_note_or_none_does_analytic(
    contents_of: Maker, kind: str, lengths: Lengths
) -> None:
    contents = replace(contents_of(kind, n=120), lengths=lengths)
    assert len(report_figures(contents)) == 23
    for figure in report_figures(contents):
        said = _said(figure.draw(contents))
        assert (lengths.note in said) if lengths.assumed else ("assumed" not in said), figure.stem
    for table in report_tables(contents):
        assert (lengths.note in table.notes) if lengths.assumed else ("assumed" not in " ".join(table.notes))


def test_a_note_moves_nothing_of_the_figure_analytic() -> None:
    """The strip is added at the foot: everything keeps its distance from the head, and its size."""
    contents = type("Contents", (), {"kind": "simulated", "lengths": SOME})()
    figure, axes = mm_canvas(80.0, 40.0)
    axes.text(10, 5, "lowest")
    figure.add_axes((0.25, 0.25, 0.5, 0.5))
    mark_kind(figure, contents)
    height_mm = figure.get_figheight() * 25.4
    assert height_mm > 42
    canvas, small = (item.get_position().bounds for item in figure.axes)
    assert [height_mm * value for value in (1 - canvas[1] - canvas[3], canvas[3])] == pytest.approx([0, 40])
    assert [height_mm * value for value in (1 - small[1] - small[3], small[3])] == pytest.approx([10, 20])
    simulated, note = (text.get_position()[1] * height_mm for text in figure.texts)
    assert simulated == pytest.approx(height_mm - 40 + 0.8)
    assert note < height_mm - 40


@pytest.mark.parametrize("n_cases", [1, 4])
@pytest.mark.parametrize("dpi", [100, 160, 300])
def test_note_and_legend_stay_on_the_picture_naive(contents_of: Maker, n_cases: int, dpi: int) -> None:
    contents = contents_of(n=120)
    figure = cases(
        replace(contents, cases=contents.cases[:n_cases], lengths=Lengths(0.15, 9, 9, ("I", "P3", "P5", "P8")))
    )
    figure.set_dpi(dpi)
    figure.draw_without_rendering()
    width = figure.get_figwidth() * dpi
    note = next(text for text in figure.texts if "assumed" in text.get_text())
    for item in (note, figure.legends[0]):
        box = item.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= width


def _bar(contents: ReportContents, view: CaseView) -> tuple[str, float]:
    """Text of the scale bar, and its length on the picture's axis, which counts millimetres."""
    axes = cases(replace(contents, cases=(view,))).axes[0]
    return axes.texts[0].get_text(), round(float(np.ptp(axes.lines[-1].get_xdata())), 9)


def test_each_case_has_the_bar_of_its_own_image_analytic(contents_of: Maker) -> None:
    contents = replace(contents_of(n=120), lengths=SOME)
    known = contents.cases[0]
    assert known.spacing_mm == (0.15, 0.15)
    assert _bar(contents, known) == ("5 mm", 5.0)
    assert _bar(contents, replace(known, assumed_mm=0.15)) == ("50 px (assumed 0.15 mm)", 7.5)
    # Resampled: the bar still counts pixels of the file.
    assert _bar(contents, replace(known, assumed_mm=0.3)) == ("20 px (assumed 0.3 mm)", 6.0)
