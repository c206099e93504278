"""Tables as LaTeX: signs are escaped, braces and rules balance, long tables break over pages."""

from __future__ import annotations

import re

import pytest

from perirad.report.tables.latex import latex_escaped, latex_table
from perirad.report.tables.table import ReportTable, frame_of


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% & more_than #1", r"50\% \& more\_than \#1"),
        ("a\\b{c}", r"a\textbackslash{}b\{c\}"),
        ("−0.3 (−0.5 to 0.1)", r"\ensuremath{-}0.3 (\ensuremath{-}0.5 to 0.1)"),
        ("P <0.001, 0.2–0.4", r"P \textless{}0.001, 0.2--0.4"),
        ("two\nlines", "two lines"),
    ],
)
def test_signs_are_escaped_analytic(text: str, latex: str) -> None:
    assert latex_escaped(text) == latex


def table_of(n_rows: int, n_columns: int) -> ReportTable:
    rows = [[f"row {k}", *[f"{k}%" for _ in range(n_columns - 1)]] for k in range(n_rows)]
    rows.append(["  level_of it", *["{"] * (n_columns - 1)])
    names = ["Name", *[f"Column {k}" for k in range(1, n_columns)]]
    return ReportTable("odd", "Odd", "Odd & more.", frame_of(names, rows), ("A note with 5%.",))


@pytest.mark.parametrize(("n_rows", "n_columns"), [(3, 3), (3, 9), (60, 3)])
def test_a_table_is_whole_analytic(n_rows: int, n_columns: int) -> None:
    text = latex_table(table_of(n_rows, n_columns))
    for name in ("table", "tabular", "longtable"):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") <= 1
    bare = re.sub(r"\\[{}\\]", "", text)
    assert bare.count("{") == bare.count("}")
    body = text[text.index(r"\midrule") : text.index(r"\bottomrule")]
    lines = [line for line in body.splitlines() if line.endswith(r"\\")]
    assert len(lines) == n_rows + 1
    assert all(len(re.findall(r"(?<!\\)&", line)) == n_columns - 1 for line in lines)
    assert lines[-1].startswith(r"\quad level\_of it")
    assert (r"\begin{longtable}" in text) == (n_rows > 45)
    assert r"\resizebox" in text if n_columns > 5 else r"\resizebox" not in text
