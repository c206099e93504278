"""METRICS (Kocak and others, Insights Imaging 2024;15:8): its 30 items and weights, in our own words, and its score."""

from __future__ import annotations

from collections.abc import Sequence

from perirad.report.checklists.records import Answered, Item

__all__ = ["METRICS", "metrics_score"]

_ROWS = (
    ("Study design", "Follows checklists for radiomics or machine learning", "guidelines", 0.0368),
    ("Study design", "Eligibility criteria that describe a representative population", "eligibility", 0.0735),
    ("Study design", "High-quality reference standard, clearly defined", "outcome_standard", 0.0919),
    ("Imaging data", "More than one centre", "centres", 0.0438),
    ("Imaging data", "Imaging as in clinical routine", "routine", 0.0292),
    ("Imaging data", "Imaging protocol with acquisition parameters", "protocol", 0.0438),
    ("Imaging data", "Interval between imaging and reference standard", "interval", 0.0292),
    ("Segmentation", "Segmentation described", "segmentation", 0.0337),
    ("Segmentation", "Formal evaluation of automatic segmentation", "automatic", 0.0225),
    ("Segmentation", "Masks of the test set by one reader or tool", "test_masks", 0.0112),
    ("Image processing and feature extraction", "Preprocessing fitting and described", "preprocessing", 0.0622),
    ("Image processing and feature extraction", "Standardised software for features", "ibsi", 0.0311),
    ("Image processing and feature extraction", "Parameters of the extraction reported", "defaults", 0.0415),
    ("Feature processing", "Non-robust features removed", "nonrobust", 0.0200),
    ("Feature processing", "Redundant features removed", "redundant", 0.0200),
    ("Feature processing", "Dimension fits the size of the data", "dimension", 0.0300),
    ("Feature processing", "Robustness of end-to-end deep learning", "deep", 0.0200),
    ("Preparation for modelling", "Data properly partitioned", "leak", 0.0599),
    ("Preparation for modelling", "Confounders handled", "confounders", 0.0300),
    ("Metrics and comparison", "Measures that fit the task", "metrics", 0.0352),
    ("Metrics and comparison", "Uncertainty considered", "uncertainty", 0.0234),
    ("Metrics and comparison", "Calibration assessed", "calibration", 0.0176),
    ("Metrics and comparison", "One imaging parameter, or proof that it is inferior", "uniparametric", 0.0117),
    ("Metrics and comparison", "Comparison with a non-radiomic approach", "nonradiomic", 0.0293),
    ("Metrics and comparison", "Comparison with simple or classical models", "simple", 0.0176),
    ("Testing", "Internal testing", "internal_test", 0.0375),
    ("Testing", "External testing", "external", 0.0749),
    ("Open science", "Data available", "share_images", 0.0075),
    ("Open science", "Code available", "share_code", 0.0075),
    ("Open science", "Model available", "share_model", 0.0075),
)

METRICS = tuple(
    Item(str(number), section, text, key, weight) for number, (section, text, key, weight) in enumerate(_ROWS, start=1)
)
"""Items 1 to 30; the weights add up to one."""


def metrics_score(rows: Sequence[Answered]) -> tuple[float, float]:
    """Score in percent: of what the run can claim alone, and of what it could be with all that the authors may add.

    The score is the weight of the items answered with yes over the weight of those that apply. METRICS knows no partly:
    such items, and blank ones, count as no in the first number and as yes in the second.
    """
    applying = [row for row in rows if row.answer.status != "n/a"]
    whole = sum(row.item.weight for row in applying)
    if whole == 0.0:
        return 0.0, 0.0
    sure = sum(row.item.weight for row in applying if row.answer.status == "yes")
    most = sum(row.item.weight for row in applying if row.answer.status in {"yes", "partly", "authors"})
    return 100.0 * sure / whole, 100.0 * most / whole
