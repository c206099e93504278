"""The instability figure shows each patient's range, and its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from tests.report.conftest import make_contents

from perirad.report.figures.all import report_figures
from perirad.report.figures.instability import instability
from perirad.validation.instability import instability as spread_of


def test_ranges_are_drawn_at_their_risks_analytic() -> None:
    random = np.random.default_rng(1)
    risk = random.uniform(0.05, 0.95, 40)
    models = np.clip(risk + random.normal(0, 0.1, (30, 40)), 0.01, 0.99)
    spread = spread_of(risk, models, cutoff=0.5)
    contents = replace(make_contents(), instability=spread)
    left, right = instability(contents).axes[:2]
    lines = next(item for item in left.collections if isinstance(item, LineCollection)).get_segments()
    order = np.argsort(risk)
    np.testing.assert_allclose([line[0] for line in lines], np.column_stack([risk, spread.lower])[order])
    np.testing.assert_allclose([line[1] for line in lines], np.column_stack([risk, spread.upper])[order])
    dots = next(item for item in right.collections if isinstance(item, PathCollection)).get_offsets()
    np.testing.assert_allclose(np.asarray(dots), np.column_stack([risk, spread.flipped]))
    assert "instability" in [item.stem for item in report_figures(contents)]
    assert "instability" not in [item.stem for item in report_figures(make_contents())]
