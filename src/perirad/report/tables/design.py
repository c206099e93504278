"""Tables of how the study was made: acquisition, features through the selection, settings, versions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from perirad.report.contents import Acquisition, ReportContents
from perirad.report.tables.table import frame_of
from perirad.report.text import DASH

__all__ = ["acquisition_table", "feature_counts_table", "settings_table", "versions_table"]

_WORDS = {"region": "Region", "image": "Image", "family": "Family"}


def acquisition_table(contents: ReportContents) -> pd.DataFrame:
    """Images of each centre: how many, of which kind, how large, and what a pixel measures."""
    rows = [
        [
            item.centre, str(item.n_images), _counted(item.formats), _sizes(item), _spacings(item),
            _counted(item.sources),
        ]
        for item in contents.acquisition
    ]  # fmt: skip
    unit = "mm per pixel" if not contents.lengths.assumed else "mm per pixel, where known"
    columns = [
        "Centre",
        "Images",
        "Files",
        "Rows x columns",
        f"Spacing, {unit}: median (range)",
        "Source of the spacing",
    ]
    return frame_of(columns, rows)


def _counted(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.items())


def _sizes(item: Acquisition) -> str:
    low, high = (f"{rows} x {columns}" for rows, columns in item.size)
    return low if low == high else f"{low} to {high}"


def _spacings(item: Acquisition) -> str:
    low, middle, high = (f"{value:.4g}" for value in item.spacing_mm)
    if low == "nan":
        return DASH
    return middle if low == high else f"{middle} ({low} to {high})"


def feature_counts_table(contents: ReportContents) -> pd.DataFrame:
    """Features of the chosen scenario after each step, by region, by filtered image and by family."""
    counts = contents.insight.counts
    if counts is None:
        return frame_of([], [])
    n_steps = len(counts.steps)
    rows = [["All", *(str(sum(row.left[k] for row in counts.rows)) for k in range(n_steps))]]
    for kind, word in _WORDS.items():
        rows.append([word, *[""] * n_steps])
        names = dict.fromkeys(getattr(row, kind) for row in counts.rows)
        for name in names:
            own = [row for row in counts.rows if getattr(row, kind) == name]
            rows.append([f"  {name}", *(str(sum(row.left[k] for row in own)) for k in range(n_steps))])
    return frame_of(["Features", *counts.steps], rows)


def settings_table(contents: ReportContents) -> pd.DataFrame:
    """Every setting in force, a row each; with a preset, also which of its choices are assumed."""
    assumed = dict(contents.assumed_choices)
    rows = [[name, value] for name, value in _flat(tomllib.loads(contents.settings_toml), "")]
    if not assumed:
        return frame_of(["Setting", "Value"], rows)
    marked = [[name, value, f"assumed: {assumed[name]}" if name in assumed else ""] for name, value in rows]
    return frame_of(["Setting", "Value", "Of the preset"], marked)


def _flat(values: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{place}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                label = str(item.get("name", item.get("kind", "")))
                rest = ", ".join(f"{key} = {_shown(part)}" for key, part in item.items() if key != "name")
                yield f"{place}{name}: {label}", rest or "as it is"
        else:
            yield f"{place}{name}", _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "none"
    return str(value) if str(value) else "(empty)"


def versions_table(contents: ReportContents) -> pd.DataFrame:
    """Programs that the figures rest on."""
    return frame_of(["Program", "Version"], [[name, version] for name, version in contents.versions.items()])
