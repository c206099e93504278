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
    from perirad.image.image import Image
    from perirad.image.read import read_image
    from perirad.regions.read import read_region
    from perirad.regions.region import Region
    from perirad.regions.ring import rings, union
    from perirad.study.model import Model, load_model
    from perirad.study.settings import open_study
    from perirad.table import FeatureTable

_HOME = {
    "FeatureSettings": "perirad.features.settings",
    "FeatureTable": "perirad.table",
    "Image": "perirad.image.image",
    "InputError": "perirad.errors",
    "Model": "perirad.study.model",
    "PeriradError": "perirad.errors",
    "Problem": "perirad.errors",
    "Region": "perirad.regions.region",
    "StudyError": "perirad.errors",
    "catalogue": "perirad.features.entries",
    "extract": "perirad.features.extract",
    "feature_map": "perirad.features.maps",
    "load_model": "perirad.study.model",
    "open_study": "perirad.study.settings",
    "read_image": "perirad.image.read",
    "read_region": "perirad.regions.read",
    "rings": "perirad.regions.ring",
    "union": "perirad.regions.ring",
}

__all__ = [
    "FeatureSettings",
    "FeatureTable",
    "Image",
    "InputError",
    "Model",
    "PeriradError",
    "Problem",
    "Region",
    "StudyError",
    "catalogue",
    "extract",
    "feature_map",
    "load_model",
    "open_study",
    "read_image",
    "read_region",
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
