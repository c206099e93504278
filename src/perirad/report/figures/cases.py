"""Representative cases with the outlines of the lesion and its rings."""

from __future__ import annotations

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from perirad.arrays import BoolArray
from perirad.report.contents import CaseView, ReportContents
from perirad.report.crop import about
from perirad.report.lengths import Lengths, pixels_text
from perirad.report.style import DOUBLE_MM, REGION_COLOURS, SINGLE_MM, fit_lines, look, mark_kind, new_figure, styled

__all__ = ["cases", "draw_view", "height_share", "scale_bar"]

_SHOWN = 6
_MARGIN_MM = 4.0
_TITLE_MM, _CAPTION_MM = 8.0, 11.0


@styled
def cases(contents: ReportContents) -> Figure:
    """Up to six cases, cropped around the outermost ring, with outlines and a scale bar."""
    views = contents.cases[:_SHOWN]
    n_columns = {0: 1, 1: 1, 2: 2, 4: 2}.get(len(views), 3)
    n_rows = max(1, -(-len(views) // n_columns))
    width_mm = SINGLE_MM if n_columns == 1 else DOUBLE_MM
    cell_mm = (width_mm - 4) / n_columns
    share = min(1.2, max((height_share(view) for view in views), default=0.6))
    row_mm = _TITLE_MM + share * (cell_mm - 3) + _CAPTION_MM
    height_mm = 9 + n_rows * row_mm + 3
    figure = new_figure(width_mm, height_mm)
    for at, view in enumerate(views):
        row, column = divmod(at, n_columns)
        left, top = 3.5 + column * cell_mm, height_mm - 9 - row * row_mm - _TITLE_MM
        size = (cell_mm - 3, share * (cell_mm - 3))
        axes = figure.add_axes(
            (left / width_mm, (top - size[1]) / height_mm, size[0] / width_mm, size[1] / height_mm), anchor="NW"
        )
        _picture(axes, view, contents, room_mm=size[0] - 1)
    regions = list(dict.fromkeys(name for view in views for name in view.masks))
    if regions:
        handles = [Line2D([], [], color=_colour(name, at), linewidth=2) for at, name in enumerate(regions)]
        wide = width_mm == DOUBLE_MM
        labels = ["I (lesion)" if name == "I" else _label(name, contents.lengths, wide) for name in regions]
        legend = figure.legend(handles, labels, loc="upper left", ncols=min(len(regions), 5), facecolor="#303030")
        legend.set_frame_on(True)
        for text in legend.get_texts():
            text.set_color("white")
    return mark_kind(figure, contents)


def _label(region: str, lengths: Lengths, wide: bool) -> str:
    """Region with its width in pixels, where there is room and the width is the same in all images."""
    width = lengths.width(region) if wide and not lengths.mixed else ""
    return f"{region} ({width})" if width else region


def _colour(region: str, position: int) -> str:
    return REGION_COLOURS.get(region, look(position).colour)


def _box(view: CaseView) -> tuple[slice, slice]:
    """Rows and columns around all masks with a margin; the whole image where there is no mask."""
    shown = np.zeros(view.pixels.shape, dtype=np.bool_)
    for mask in view.masks.values():
        shown |= np.asarray(mask) != 0
    return about(shown, _MARGIN_MM, view.spacing_mm)


def height_share(view: CaseView) -> float:
    """Height of the cropped picture as a share of its width, in millimetres."""
    rows, columns = view.pixels[_box(view)].shape
    return float(rows * view.spacing_mm[0] / (columns * view.spacing_mm[1]))


def draw_view(axes: Axes, view: CaseView) -> None:
    """A case's picture about its regions, with their outlines and a scale bar."""
    box = _box(view)
    pixels = view.pixels[box]
    down, across = view.spacing_mm
    height_mm, width_mm = pixels.shape[0] * down, pixels.shape[1] * across
    axes.imshow(pixels, cmap="gray", extent=(0, width_mm, height_mm, 0), aspect="equal", interpolation="bilinear")
    lesion = np.asarray(view.masks["I"])[box] != 0 if "I" in view.masks else np.zeros(pixels.shape, dtype=np.bool_)
    for at, (name, mask) in enumerate(view.masks.items()):
        outline = (np.asarray(mask)[box] != 0) | lesion
        _outline(axes, outline, view.spacing_mm, _colour(name, at))
    axes.set(xlim=(0, width_mm), ylim=(height_mm, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    scale_bar(axes, width_mm, height_mm, view.assumed_mm)


def _picture(axes: Axes, view: CaseView, contents: ReportContents, room_mm: float) -> None:
    draw_view(axes, view)
    label = contents.event_label if view.outcome == 1 else contents.nonevent_label
    axes.set_title(fit_lines(f"{view.case_id}: {label}", room_mm, 7, weight="bold"), fontsize=7)
    if view.caption:
        axes.text(
            0, -0.02, fit_lines(view.caption, room_mm, 6, max_lines=3), transform=axes.transAxes, va="top", fontsize=6
        )


def _outline(axes: Axes, mask: BoolArray, spacing_mm: tuple[float, float], colour: str) -> None:
    """Outline at the pixels' edges halfway; open where the region leaves the picture, for there it was lost."""
    if min(mask.shape) < 2 or not mask.any() or mask.all():
        return
    x = (np.arange(mask.shape[1]) + 0.5) * spacing_mm[1]
    y = (np.arange(mask.shape[0]) + 0.5) * spacing_mm[0]
    drawn = axes.contour(x, y, mask.astype(np.float64), levels=[0.5], colors=[colour], linewidths=1.0)
    drawn.set_path_effects([effects.withStroke(linewidth=1.7, foreground="black", alpha=0.55)])


def scale_bar(axes: Axes, width_mm: float, height_mm: float, assumed_mm: float | None) -> None:
    """Bar of a round length, about a quarter of the picture; in pixels where millimetres are only assumed."""
    quarter = width_mm / 4
    one = assumed_mm or 1.0
    length = max((nice for nice in (1, 2, 5, 10, 20, 50, 100, 200, 500) if nice * one <= quarter), default=1)
    x0, y0 = 0.04 * width_mm, 0.95 * height_mm
    halo = [effects.withStroke(linewidth=2.2, foreground="black")]
    bar = axes.plot([x0, x0 + length * one], [y0, y0], color="white", linewidth=2, solid_capstyle="butt")[0]
    bar.set_path_effects([effects.withStroke(linewidth=3.2, foreground="black")])
    text = f"{length} mm" if assumed_mm is None else pixels_text(length * assumed_mm, assumed_mm)
    axes.text(x0, y0 - 0.02 * height_mm, text, color="white", fontsize=6, va="bottom", path_effects=halo)
