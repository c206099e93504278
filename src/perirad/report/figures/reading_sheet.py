"""A patient's reading on a sheet: the picture with its regions beside the risk, its points and its warnings."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from perirad.report.contents import CaseView
from perirad.report.figures.cases import draw_view, height_share
from perirad.report.style import DOUBLE_MM, GREY, INK, fit_lines, new_figure, styled, text_size_mm

__all__ = ["reading_sheet"]

_PICTURE_MM, _TEXT_MM, _EDGE_MM = 82.0, 82.0, 4.0
_WARN = "#b3420a"


@styled
def reading_sheet(view: CaseView, head: str, lines: Sequence[str], warnings: Sequence[str], foot: str) -> Figure:
    """Sheet of both columns' width.

    Parameters
    ----------
    view : CaseView
        Picture and regions; its identifier and caption are not shown.
    head : str
        The risk, in words.
    lines, warnings : sequence of str
        Points and interval; what the reader has to be warned of.
    foot : str
        Which model read, and that it is research.
    """
    parts = [(head, 10.0, "bold", INK), *((line, 7.0, "normal", INK) for line in lines)]
    parts += [(line, 7.0, "bold", _WARN) for line in warnings]
    broken = [(fit_lines(text, _TEXT_MM, size, max_lines=6, weight=weight), size, weight, ink)
              for text, size, weight, ink in parts]  # fmt: skip
    heights = [text_size_mm(text, size, weight)[1] * 1.1 + 1.6 for text, size, weight, _ in broken]
    picture = min(110.0, height_share(view) * _PICTURE_MM)
    total = max(picture, sum(heights)) + 2 * _EDGE_MM + 8
    figure = new_figure(DOUBLE_MM, total)
    place = (_EDGE_MM / DOUBLE_MM, 1 - (_EDGE_MM + picture) / total, _PICTURE_MM / DOUBLE_MM, picture / total)
    draw_view(figure.add_axes(place, anchor="NW"), view)
    y = total - _EDGE_MM
    for (text, size, weight, ink), height in zip(broken, heights, strict=True):
        figure.text(
            (_PICTURE_MM + 2 * _EDGE_MM) / DOUBLE_MM, y / total, text, fontsize=size, weight=weight, color=ink, va="top"
        )
        y -= height
    said = fit_lines(foot, DOUBLE_MM - 2 * _EDGE_MM, 6, max_lines=2)
    figure.text(_EDGE_MM / DOUBLE_MM, 2.0 / total, said, fontsize=6, color=GREY, va="bottom")
    return figure
