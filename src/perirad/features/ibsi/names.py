"""Words for IBSI's features: the part of a column that says which feature it is."""

from __future__ import annotations

from perirad.features.ibsi.catalogue import IBSI_CATALOGUE, IbsiFeature
from perirad.features.ibsi.choice import SLICE_FAMILIES, IbsiChoice

__all__ = ["DIRECTED", "FAMILY_WORDS", "FEATURE_WORDS", "ibsi_code_of", "slice_features", "slice_names"]

FAMILY_WORDS = dict(
    zip(
        ("morphology", "local intensity", "intensity statistics", "intensity histogram", "intensity-volume histogram",
         "co-occurrence matrix", "run length matrix", "size zone matrix", "distance zone matrix",
         "tone difference matrix", "dependence matrix"),
        ("morphology", *SLICE_FAMILIES),
        strict=True,
    )
)  # fmt: skip
"""Family in the catalogue -> its word in columns."""

DIRECTED = ("glcm", "glrlm")
"""Families with a matrix for each direction, whose columns name the aggregation: ``ibsi-glcm-averaged``."""

_STATISTICS = """mean variance skewness kurtosis median minimum 10th-percentile 90th-percentile maximum
interquartile-range range mean-absolute-deviation robust-mean-absolute-deviation median-absolute-deviation
coefficient-of-variation quartile-coefficient-of-dispersion"""
_SIZE = """small-{0}-emphasis large-{0}-emphasis low-level-emphasis high-level-emphasis small-{0}-low-level-emphasis
small-{0}-high-level-emphasis large-{0}-low-level-emphasis large-{0}-high-level-emphasis level-non-uniformity
level-non-uniformity-normalised {0}-non-uniformity {0}-non-uniformity-normalised percentage level-variance
{0}-variance {0}-entropy"""

_WORDS = {
    "morphology": """volume volume-of-voxels surface surface-to-volume compactness-1 compactness-2
        spherical-disproportion sphericity asphericity centre-shift maximum-diameter major-axis minor-axis least-axis
        elongation flatness volume-density-box area-density-box volume-density-oriented-box area-density-oriented-box
        volume-density-ellipsoid area-density-ellipsoid volume-density-enclosing-ellipsoid
        area-density-enclosing-ellipsoid volume-density-hull area-density-hull integrated-intensity moran-i geary-c""",
    "local": "local-peak global-peak",
    "statistics": f"{_STATISTICS} energy root-mean-square",
    "histogram": "mean variance skewness kurtosis median minimum 10th-percentile 90th-percentile maximum mode "
    + _STATISTICS.split("maximum\n")[1]
    + " entropy uniformity maximum-gradient maximum-gradient-level minimum-gradient minimum-gradient-level",
    "ivh": """volume-fraction-10 volume-fraction-90 intensity-fraction-10 intensity-fraction-90
        volume-fraction-difference intensity-fraction-difference area""",
    "glcm": """joint-maximum joint-average joint-variance joint-entropy difference-average difference-variance
        difference-entropy sum-average sum-variance sum-entropy angular-second-moment contrast dissimilarity
        inverse-difference inverse-difference-normalised inverse-difference-moment inverse-difference-moment-normalised
        inverse-variance correlation autocorrelation cluster-tendency cluster-shade cluster-prominence
        information-correlation-1 information-correlation-2""",
    "glrlm": _SIZE.format("run").replace("small-run", "short-run").replace("large-run", "long-run"),
    "glszm": _SIZE.format("zone"),
    "gldzm": _SIZE.format("distance"),
    "ngtdm": "coarseness contrast busyness complexity strength",
    "ngldm": _SIZE.format("dependence").replace("small-", "low-").replace("large-", "high-") + " dependence-energy",
}


def _words() -> dict[str, tuple[str, str]]:
    found = {}
    for family, word in FAMILY_WORDS.items():
        rows = [feature for feature in IBSI_CATALOGUE if feature.family == family]
        for feature, name in zip(rows, _WORDS[word].split(), strict=True):
            found[feature.code] = (word, name)
    return found


FEATURE_WORDS = _words()
"""IBSI code, as in `IBSI_CATALOGUE` -> (word of the family, word of the feature), each pair once."""

_CODES = {pair: code for code, pair in FEATURE_WORDS.items()}


def slice_features(choice: IbsiChoice) -> tuple[tuple[str, str, IbsiFeature], ...]:
    """Features that are measured of each image, in the order of the columns, each with its family and aggregation.

    Returns
    -------
    tuple of (str, str, IbsiFeature)
        The family as in columns (``ibsi-glcm-averaged``), IBSI's code of the aggregation, the feature.
    """
    found = []
    for family in (family for family in SLICE_FAMILIES if family in choice.families):
        rows = [feature for feature in IBSI_CATALOGUE if FAMILY_WORDS[feature.family] == family]
        if family in DIRECTED:
            ways = [(f"ibsi-{family}-{how}", _AGGREGATION[how]) for how in choice.aggregations]
        else:
            ways = [(f"ibsi-{family}", "8QNN" if "8QNN" in rows[0].aggregations else "DHQ4")]
        found += [(column, code, feature) for column, code in ways for feature in rows]
    return tuple(found)


_AGGREGATION = {"averaged": "BTW3", "merged": "SUJT"}


def slice_names(choice: IbsiChoice) -> tuple[str, ...]:
    """Names of the features of each image: ``ibsi-glcm-averaged_joint-entropy``, 145 by default."""
    return tuple(f"{family}_{FEATURE_WORDS[feature.code][1]}" for family, _, feature in slice_features(choice))


def ibsi_code_of(family: str, feature: str) -> str:
    """IBSI code by the family and feature of a column; empty where they name no IBSI feature."""
    if not family.startswith("ibsi-"):
        return ""
    word = family.removeprefix("ibsi-").split("-")[0]
    return _CODES.get((word, feature), "")
