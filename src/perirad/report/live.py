"""What the script of the web page is given: the nomogram to read patients by, and the cases to leaf through."""

from __future__ import annotations

import base64
import json
from typing import Any

from perirad.report.contents import BrowsedCase, ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.montage_html import outline_path
from perirad.report.montage_look import colour, dash, words
from perirad.report.text import cohort_label
from perirad.validation.proportion import Z95

__all__ = ["live_cases", "live_nomogram", "script_json"]


def live_nomogram(contents: ReportContents) -> dict[str, Any] | None:
    """The model with all its digits; None where there is none.

    `range` of a variable is what training had seen of it, `axis` the ticks of the nomogram with their points.
    """
    record, fit, model = contents.nomogram, contents.combined_fit, main_model(contents)
    if record is None or fit is None:
        return None
    variables = []
    for axis in record.axes:
        variable = axis.variable
        seen = contents.ranges.get(variable.name)
        variables.append({
            "name": variable.name, "label": variable.label, "unit": variable.unit, "levels": list(variable.levels),
            "knots": list(variable.knots), "range": None if seen is None else list(seen),
            "axis": {"values": axis.values.tolist(), "labels": list(axis.labels), "points": axis.points.tolist()},
        })  # fmt: skip
    return {
        "variables": variables,
        "coefficients": fit.coefficients.tolist(),
        "covariance": fit.covariance.tolist(),
        "pointsPerLp": record.points_per_lp,
        "totalTicks": record.total_ticks.tolist(),
        "riskTicks": record.risk_ticks.tolist(),
        "riskPoints": record.risk_points.tolist(),
        "event": contents.event_label,
        "cutoff": None if model is None else model.cutoff,
        "z": Z95,
    }


def live_cases(contents: ReportContents) -> dict[str, Any] | None:
    """All cases in small; None where the report has no images."""
    if not contents.browsed:
        return None
    regions = tuple(dict.fromkeys(name for item in contents.browsed for name in item.tile.outlines))
    model = main_model(contents)
    return {
        "regions": [
            {
                "name": name, "text": words(name, regions), "colour": colour(name, regions),
                "dash": " ".join(f"{part:g}" for part in dash(name, regions)) or "none",
            }
            for name in regions
        ],
        "classes": [contents.nonevent_label, contents.event_label],
        "cutoff": None if model is None else model.cutoff,
        "cases": [_case(item) for item in contents.browsed],
    }  # fmt: skip


def _case(item: BrowsedCase) -> dict[str, Any]:
    tile = item.tile
    return {
        "id": tile.case_id, "cohort": cohort_label(item.cohort), "outcome": item.outcome, "risk": round(item.risk, 4),
        "jpeg": base64.b64encode(tile.jpeg).decode("ascii"), "w": tile.size[0], "h": tile.size[1],
        "outlines": {name: outline_path(found) for name, found in tile.outlines.items()},
        "bar": [round(tile.bar.length, 1), tile.bar.text], "calibration": tile.calibration,
        "lost": {name: round(share, 4) for name, share in tile.lost.items()}, "flags": list(tile.flags),
    }  # fmt: skip


def script_json(data: Any) -> str:
    """JSON that can stand inside a script element: no sign of it can end the element or begin a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, code in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, code)
    return text
