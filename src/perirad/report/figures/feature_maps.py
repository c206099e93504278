"""Maps of selected features over the images of two patients."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perirad.report.contents import ReportContents
from perirad.report.crop import about
from perirad.report.figures.cases import scale_bar
from perirad.report.insight import FeatureMap
from perirad.report.style import DOUBLE_MM, fit_lines, mark_kind, new_figure, styled

__all__ = ["feature_maps"]

_MARGIN_MM = 4.0
_HEAD_MM, _FOOT_MM, _ROW_HEAD_MM = 3.0, 4.0, 4.5
_TITLE_MM, _BAR_MM = 10.0, 9.0


@styled
def feature_maps(contents: ReportContents) -> Figure:
    """A row for each patient, a column for each feature; colours are the feature's own values in small discs."""
    maps = contents.insight.maps
    by_case: dict[str, list[FeatureMap]] = {}
    for item in maps:
        by_case.setdefault(item.case_id, []).append(item)
    n_columns = max(len(row) for row in by_case.values())
    cell = min(57.0, (DOUBLE_MM - 4) / n_columns)
    boxes = {case: _box(row) for case, row in by_case.items()}
    share = {case: _height_share(row[0], boxes[case]) for case, row in by_case.items()}
    picture = cell - 3
    heights = {case: _ROW_HEAD_MM + _TITLE_MM + min(1.1, share[case]) * picture + _BAR_MM for case in by_case}
    total = _HEAD_MM + sum(heights.values()) + _FOOT_MM
    figure = new_figure(DOUBLE_MM, total)
    limits = _limits(maps)
    y = total - _HEAD_MM
    for case, row in by_case.items():
        label = contents.event_label if row[0].outcome == 1 else contents.nonevent_label
        figure.text(
            2.5 / DOUBLE_MM,
            (y - 3.2) / total,
            fit_lines(f"{case}: {label}", 160, 7.5, weight="bold", max_lines=1),
            weight="bold",
            fontsize=7.5,
        )
        tall = min(1.1, share[case]) * picture
        for k, item in enumerate(row):
            left, top = 2.5 + k * cell, y - _ROW_HEAD_MM - _TITLE_MM
            axes = figure.add_axes(
                (left / DOUBLE_MM, (top - tall) / total, picture / DOUBLE_MM, tall / total), anchor="NW"
            )
            _map(axes, item, boxes[case], limits[item.column], room_mm=picture)
            bar = figure.add_axes(
                ((left + 4) / DOUBLE_MM, (top - tall - 2.6) / total, 0.75 * picture / DOUBLE_MM, 1.4 / total)
            )
            _bar(bar, limits[item.column])
        y -= heights[case]
    return mark_kind(figure, contents)


def _limits(maps: Sequence[FeatureMap]) -> dict[str, tuple[float, float]]:
    """Second and 98th percentile of each feature over all patients shown: one scale for a column."""
    found = {}
    for column in dict.fromkeys(item.column for item in maps):
        values = np.concatenate([item.values[np.isfinite(item.values)] for item in maps if item.column == column])
        low, high = (float(v) for v in np.quantile(values, [0.02, 0.98])) if values.size else (0.0, 1.0)
        found[column] = (low, high if high > low else low + 1.0)
    return found


def _box(row: Sequence[FeatureMap]) -> tuple[slice, slice]:
    """Rows and columns about the lesion and all regions of a patient's maps."""
    used = row[0].lesion | np.any([np.isfinite(item.values) for item in row], axis=0)
    return about(used, _MARGIN_MM, row[0].spacing_mm)


def _height_share(item: FeatureMap, box: tuple[slice, slice]) -> float:
    down, across = item.spacing_mm
    return float((box[0].stop - box[0].start) * down / ((box[1].stop - box[1].start) * across))


def _map(
    axes: Axes, item: FeatureMap, box: tuple[slice, slice], limits: tuple[float, float], *, room_mm: float
) -> None:
    pixels, values = item.pixels[box], item.values[box]
    down, across = item.spacing_mm
    width, height = pixels.shape[1] * across, pixels.shape[0] * down
    extent = (0, width, height, 0)
    axes.imshow(
        pixels, cmap="gray", vmin=float(item.pixels.min()), vmax=float(item.pixels.max()), extent=extent, aspect="equal"
    )
    axes.imshow(
        np.ma.masked_invalid(values),
        cmap="cividis",
        vmin=limits[0],
        vmax=limits[1],
        extent=extent,
        alpha=0.72,
        aspect="equal",
    )
    x, y = (np.arange(pixels.shape[1]) + 0.5) * across, (np.arange(pixels.shape[0]) + 0.5) * down
    lesion = item.lesion[box]
    if lesion.any() and not lesion.all():
        drawn = axes.contour(x, y, lesion.astype(float), levels=[0.5], colors=["white"], linewidths=0.9)
        drawn.set_path_effects([effects.withStroke(linewidth=1.7, foreground="black", alpha=0.6)])
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    scale_bar(axes, width, height, item.assumed_mm)
    sign = "raises" if item.coefficient > 0 else "lowers"
    axes.set_title(
        fit_lines(f"{item.column}: more of it {sign} the Rad-score", 0.88 * room_mm, 6, max_lines=3),
        fontsize=6,
        weight="normal",
        pad=2,
    )


def _bar(axes: Axes, limits: tuple[float, float]) -> None:
    axes.imshow(np.linspace(0, 1, 256)[None, :], cmap="cividis", aspect="auto", extent=(0, 1, 0, 1))
    axes.set_yticks([])
    axes.set_xticks([0, 1], [f"{limits[0]:.3g}".replace("-", "−"), f"{limits[1]:.3g}".replace("-", "−")], fontsize=5.8)
    axes.tick_params(length=1.5, pad=1)
