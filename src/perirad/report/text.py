"""How numbers and names are written: one spelling for figures, tables, web page and document."""

from __future__ import annotations

import math
import re

from perirad.validation.records import Auc, Estimate, Proportion

__all__ = [
    "DASH", "auc_text", "cohort_label", "count_share", "decimal", "estimate_text", "interval", "listed", "p_text",
    "percent", "plural", "printable", "proportion_text", "slug", "span",
]  # fmt: skip

DASH = "–"
"""Stands where a number is not defined; the table's notes say why."""

_MINUS = "−"
_ROUNDING = 1e-8  # what a converged fit leaves of an exact zero
_COHORTS = {"train": "Training", "test": "Test", "external": "External test"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Text without characters that XML, and so Word and SVG, cannot hold (they become U+FFFD)."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def cohort_label(name: str) -> str:
    """Cohort as a person reads it: ``train`` -> ``Training``; unknown names stay as they are."""
    return _COHORTS.get(name, name)


def decimal(value: float, digits: int = 2) -> str:
    """Fixed number of decimals with a true minus sign; a dash where undefined, never ``-0.00``."""
    if not math.isfinite(value):
        return DASH if math.isnan(value) else ("∞" if value > 0 else f"{_MINUS}∞")
    if abs(value) > _ROUNDING and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.{digits}e}".replace("-", _MINUS)
    text = f"{abs(value):.{digits}f}"
    return f"{_MINUS}{text}" if value < 0 and text.strip("0.") else text


def interval(estimate: float, lower: float, upper: float, digits: int = 2) -> str:
    """``0.78 (0.71–0.85)``; the word `to` parts the limits where one is negative."""
    if math.isnan(estimate):
        return DASH
    if math.isnan(lower) or math.isnan(upper):
        return f"{decimal(estimate, digits)} ({DASH})"
    low, high = decimal(lower, digits), decimal(upper, digits)
    joint = " to " if _MINUS in low + high else "–"
    return f"{decimal(estimate, digits)} ({low}{joint}{high})"


def span(lower: float, upper: float, digits: int = 2) -> str:
    """Limits alone: ``0.71–0.85``; the word `to` parts them where one is negative."""
    if math.isnan(lower) or math.isnan(upper):
        return DASH
    low, high = decimal(lower, digits), decimal(upper, digits)
    return f"{low}{' to ' if _MINUS in low + high else '–'}{high}"


def auc_text(auc: Auc, digits: int = 2) -> str:
    """AUC with DeLong's 95 % interval."""
    return interval(auc.estimate, auc.lower, auc.upper, digits)


def estimate_text(value: Estimate, digits: int = 2) -> str:
    """Estimate with its 95 % interval."""
    return interval(value.estimate, value.lower, value.upper, digits)


def proportion_text(share: Proportion, digits: int = 2) -> str:
    """``0.78 (0.71–0.85); 45/60``: the counts stay visible, also where the share is undefined."""
    return f"{interval(share.estimate, share.lower, share.upper, digits)}; {share.numerator}/{share.denominator}"


def p_text(p: float) -> str:
    """P value: three decimals, ``<0.001`` below, ``>0.999`` above."""
    if math.isnan(p):
        return DASH
    if p < 0.001:
        return "<0.001"
    return ">0.999" if p > 0.999 else f"{p:.3f}"


def percent(share: float, digits: int = 1) -> str:
    """Fraction as a percentage: 0.125 -> ``12.5%``."""
    return DASH if math.isnan(share) else f"{100 * share:.{digits}f}%"


def count_share(count: int, total: int) -> str:
    """``45 (37.5%)``; only the count where there is nobody to share."""
    return f"{count} ({100 * count / total:.1f}%)" if total else f"{count} ({DASH})"


def plural(count: int, noun: str) -> str:
    """``1 patient``, ``2 patients``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: list[str]) -> str:
    """``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def slug(text: str) -> str:
    """Letters, digits and hyphens only, for file names and anchors."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"
