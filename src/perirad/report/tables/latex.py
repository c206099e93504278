"""A table as LaTeX (booktabs, longtable where it is long), to be put into a manuscript as it is."""

from __future__ import annotations

import re

from perirad.report.tables.table import ReportTable

__all__ = ["latex_escaped", "latex_table"]

_LONG = 45
_SIGNS = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "−": r"\ensuremath{-}", "–": "--", "—": "---", "×": r"\ensuremath{\times}", "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}", "χ": r"\ensuremath{\chi}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}",
    "λ": r"\ensuremath{\lambda}", "ρ": r"\ensuremath{\rho}", "†": r"\dag{}", "‡": r"\ddag{}",
    "∞": r"\ensuremath{\infty}",
    "Δ": r"\ensuremath{\Delta}", "→": r"\ensuremath{\rightarrow}", "…": r"\dots{}", "±": r"\ensuremath{\pm}",
    "′": r"\ensuremath{'}",
}  # fmt: skip


def latex_escaped(text: str) -> str:
    """Text that LaTeX prints as it stands, whatever its signs."""
    plain = re.sub(r"\s+", " ", text.replace("\n", " "))
    return "".join(_SIGNS.get(sign, sign) for sign in plain)


def latex_table(table: ReportTable) -> str:
    r"""Return a ``table`` with a ``tabular``, or a ``longtable`` where it would not fit a page.

    The document needs ``\usepackage{booktabs,longtable,graphicx}``; wide tables are shrunk to the line.
    """
    columns = [latex_escaped(str(name)) for name in table.frame.columns]
    # Numbers stay whole; the first column and formulas may break over lines.
    wide = max((len(str(cell)) for row in table.frame.to_numpy() for cell in row), default=0) > 80
    shape = "l" + ("p{0.72\\linewidth}" if wide and len(columns) == 2 else "l" * (len(columns) - 1))
    body = [_row([str(cell) for cell in row]) for row in table.frame.to_numpy()]
    head = " & ".join(rf"\textbf{{{name}}}" for name in columns) + r" \\"
    caption = rf"\caption{{{latex_escaped(table.caption)}}}\label{{tab:{table.stem}}}"
    notes = " ".join(latex_escaped(note) for note in table.notes)
    foot = rf"\par\smallskip\footnotesize {notes}" if notes else ""
    if len(body) > _LONG or wide:
        lines = [rf"\begin{{longtable}}{{{shape}}}", caption + r" \\", r"\toprule", head, r"\midrule", r"\endhead",
                 *body, r"\bottomrule", r"\end{longtable}", foot]  # fmt: skip
    else:
        inner = [
            rf"\begin{{tabular}}{{{shape}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
        ]
        if len(columns) > 5:
            inner = [r"\resizebox{\linewidth}{!}{%", *inner, "}"]
        lines = [r"\begin{table}[htbp]", r"\centering", caption, *inner, foot, r"\end{table}"]
    return "\n".join(line for line in lines if line) + "\n"


def _row(cells: list[str]) -> str:
    first = cells[0]
    indent = r"\quad " if first.startswith("  ") else ""
    return " & ".join([indent + latex_escaped(first.strip()), *map(latex_escaped, cells[1:])]) + r" \\"
