"""Tables of logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perirad.nomogram.records import OddsRatio, VariableTest
from perirad.report.tables.scores import term_label
from perirad.report.tables.table import frame_of
from perirad.report.text import DASH, interval, p_text, span

__all__ = ["regression_table"]


def regression_table(tests: Sequence[VariableTest]) -> pd.DataFrame:
    """Odds ratios with Wald intervals, and each variable's likelihood-ratio test over all its levels.

    A variable fitted by Firth's penalised likelihood is marked ‡.
    """
    rows: list[list[str]] = []
    profiled = any(row.profile_lower is not None for test in tests for row in test.rows)
    for test in tests:
        variable = test.variable
        unit = f" ({variable.unit})" if variable.unit else ""
        name = variable.label + unit + (" ‡" if test.method == "firth" else "")
        whole = p_text(test.p)
        if variable.knots:
            # A spline has no odds ratio per unit: it is that of two values, which stand in the term.
            rows += [
                [f"{name}: {row.term.partition(': ')[2]}", *_odds(row, profiled), p_text(row.p), whole]
                for row in test.rows
            ]
            continue
        if variable.kind == "continuous":
            rows += [[name, *_odds(row, profiled), p_text(row.p), whole] for row in test.rows]
            continue
        reference = f"  {variable.levels[0]} (reference)" if variable.levels else "  reference"
        blank = [""] * profiled
        rows += [[name, "", *blank, "", whole], [reference, "1", *blank, "", ""]]
        for row in test.rows:
            label = row.term.removeprefix(f"{variable.name}=")
            label = label if label != row.term else term_label(row.term, [variable])
            rows.append([f"  {label}", *_odds(row, profiled), p_text(row.p), ""])
    profile = ["Profile 95% CI"] if profiled else []
    return frame_of(["Variable", "Odds ratio (95% CI)", *profile, "P (Wald)", "P (likelihood ratio)"], rows)


def _odds(row: OddsRatio, profiled: bool) -> list[str]:
    """Odds ratio with its interval; three decimals near 1, where two would hide a small effect per unit."""
    digits = 3 if 0.9 < row.odds_ratio < 1.1 else 2
    text = [interval(row.odds_ratio, row.lower, row.upper, digits)]
    if profiled and (row.profile_lower is None or row.profile_upper is None):
        text.append(DASH)
    elif profiled and row.profile_lower is not None and row.profile_upper is not None:
        text.append(span(row.profile_lower, row.profile_upper, digits))
    return text
