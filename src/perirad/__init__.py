"""perirad: peritumoral ultrasound radiomics.

The public names are loaded when they are first used, so that `import perirad` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from perirad.errors import InputError, PeriradError, Problem, StudyError
    from perirad.features.entries import catalogue
    from perirad.features.extract import extract
    from perirad.features.maps import feature_map
    from perirad.features.settings import FeatureSettings
    from perirad.image.calibrate import calibrate_points
    from perirad.image.image import Image
    from perirad.image.marks import find_marks
    from perirad.image.outlines.read import read_lesions
    from perirad.image.read import read_image
    from perirad.image.ruler import calibrate_ruler, read_ruler
    from perirad.regions.exclusion import Cause, Exclusions
    from perirad.regions.measure import Measure
    from perirad.regions.named import named_regions, profile
    from perirad.regions.read import read_region
    from perirad.regions.region import Region
    from perirad.regions.ring import rings, union
    from perirad.study.model import Model, load_model
    from perirad.study.settings import open_study
    from perirad.table import FeatureTable

_HOME = {
    "Cause": "perirad.regions.exclusion",
    "Exclusions": "perirad.regions.exclusion",
    "FeatureSettings": "perirad.features.settings",
    "FeatureTable": "perirad.table",
    "Image": "perirad.image.image",
    "InputError": "perirad.errors",
    "Measure": "perirad.regions.measure",
    "Model": "perirad.study.model",
    "PeriradError": "perirad.errors",
    "Problem": "perirad.errors",
    "Region": "perirad.regions.region",
    "StudyError": "perirad.errors",
    "calibrate_points": "perirad.image.calibrate",
    "calibrate_ruler": "perirad.image.ruler",
    "catalogue": "perirad.features.entries",
    "extract": "perirad.features.extract",
    "feature_map": "perirad.features.maps",
    "find_marks": "perirad.image.marks",
    "load_model": "perirad.study.model",
    "named_regions": "perirad.regions.named",
    "open_study": "perirad.study.settings",
    "profile": "perirad.regions.named",
    "read_image": "perirad.image.read",
    "read_lesions": "perirad.image.outlines.read",
    "read_region": "perirad.regions.read",
    "read_ruler": "perirad.image.ruler",
    "rings": "perirad.regions.ring",
    "union": "perirad.regions.ring",
}

__all__ = [
    "Cause",
    "Exclusions",
    "FeatureSettings",
    "FeatureTable",
    "Image",
    "InputError",
    "Measure",
    "Model",
    "PeriradError",
    "Problem",
    "Region",
    "StudyError",
    "calibrate_points",
    "calibrate_ruler",
    "catalogue",
    "extract",
    "feature_map",
    "find_marks",
    "load_model",
    "named_regions",
    "open_study",
    "profile",
    "read_image",
    "read_lesions",
    "read_region",
    "read_ruler",
    "rings",
    "union",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'perirad' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
