"""A patient's reading as a file to keep: picture with its regions, risk, points, warnings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from perirad.image.image import Image
from perirad.regions.region import Region
from perirad.report.contents import CaseView
from perirad.report.figures.reading_sheet import reading_sheet
from perirad.report.style import render
from perirad.study.model import Model, Reading

__all__ = ["sheet_of"]


def sheet_of(
    model: Model, image: Image, regions: Sequence[Region], reading: Reading, form: Literal["png", "pdf"]
) -> bytes:
    """Bytes of the sheet; nothing in it names the patient. `image` and `regions` are as they were read."""
    masks = {region.name: region.mask.astype(np.int64) for region in regions}
    event = model.file.outcome.event_label
    labels = model.labels
    side = "at or above" if reading.positive else "below"
    lines = [
        f"95% interval {100 * reading.lower:.1f} to {100 * reading.upper:.1f}%",
        f"{side} the cut-off of {100 * reading.cutoff:.1f}%, which was frozen in training",
        f"Rad-score ({model.file.radscore.scenario}) {reading.radscore:.3f}",
        *(f"{labels.get(name, name)}: {points:.1f} points" for name, points in reading.points.items()),
        f"Total points {reading.total_points:.1f}",
    ]
    simulated = ["The model was learnt from a SIMULATED cohort."] if model.file.kind == "simulated" else []
    analysis = model.file.provenance.get("analysis_sha256", "not known")[:12]
    foot = (
        f"{model.file.title}; perirad {model.file.perirad_version}, analysis {analysis}. Research software, not a "
        "medical device. The interval says how sure the model's coefficients are."
    )
    view = CaseView("", 0, image.pixels, image.spacing_mm, masks, "")
    head = f"Risk of {event}: {100 * reading.probability:.1f}%"
    shown = [re.sub(r"(?<![\w-])-(?=\d)", "−", line) for line in lines]
    figure = reading_sheet(view, head, shown, [*simulated, *reading.warnings], foot)
    return render(figure, form)
