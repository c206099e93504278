"""Names of the columns, and what they stand for."""

from __future__ import annotations

from functools import lru_cache

from perirad.features.catalogue import CATALOGUE, SHAPE_CATALOGUE
from perirad.features.ibsi.names import ibsi_code_of, slice_names
from perirad.features.settings import FeatureSettings

__all__ = ["feature_names", "ibsi_code"]

_CODES = {(feature.family, feature.name): feature.ibsi_code for feature in (*CATALOGUE, *SHAPE_CATALOGUE)}


def feature_names(settings: FeatureSettings) -> tuple[str, ...]:
    """Names of the features of one region, in the order of the columns.

    ``IMAGE_FAMILY_FEATURE``: ``original_glcm_JointEntropy`` by PyRadiomics' definitions, 474 by default, and
    ``original_ibsi-glcm-averaged_joint-entropy`` by IBSI's. PyRadiomics' shape is measured once, with the original
    image; settings without it have no shape.
    """
    if settings.definitions == "ibsi":
        return tuple(f"{image}_{name}" for image in settings.images for name in slice_names(settings.ibsi))
    return _names_of(settings.images, settings.slice_mm is None)


@lru_cache(maxsize=8)
def _names_of(images: tuple[str, ...], in_plane: bool) -> tuple[str, ...]:
    """By PyRadiomics' definitions: the same for every case of a study."""
    shape = [f for f in CATALOGUE if f.family == "shape2D"] if in_plane else SHAPE_CATALOGUE
    others = [feature for feature in CATALOGUE if feature.family != "shape2D"]
    return tuple(
        f"{image}_{feature.family}_{feature.name}"
        for image in images
        for feature in (*(shape if image == "original" else ()), *others)
    )


def ibsi_code(column: str) -> str:
    """IBSI code of a column such as ``P5_wavelet-LH_glcm_Contrast`` (region optional); empty where IBSI has none.

    Codes that IBSI gives to a family of fractions have the fraction: ``BC2M:10``.
    """
    parts = column.rsplit("_", 2)
    if len(parts) < 2:
        return ""
    return _CODES.get((parts[-2], parts[-1])) or ibsi_code_of(parts[-2], parts[-1])
